#!/usr/bin/perl
# Another httpd in front, whose mod_proxy keeps one connection to this one for all of its
# clients: it says so in X-Forwarded-For, and nobody is served as another one.
use strict;
use warnings;
use FindBin qw($Bin);
use lib "$Bin/../lib";
use Behind qw(is_not_served is_served);
use Front;
use Test::More;

plan skip_all => 'there is no mod_proxy_http' if !Front::program('httpd');

my $httpd = Behind->new;
my %alice = %{$httpd->account('alice')};

# max=1: no second connection, however many requests wait.
my $front = Front->httpd('event', <<'TEXT', BACKEND => $httpd->{port});
ProxyPass "/" "http://127.0.0.1:@BACKEND@/" max=1 keepalive=On enablereuse=On
TEXT
$httpd->nobody_borrows($front->{port});
$httpd->nobody_becomes_another($front->{port});
$httpd->nobody_mixes_at_once($front->{port});

# What is named in Connection is for one hop, and must not take the mark away.
my @hop   = (Connection => 'keep-alive, X-Forwarded-For, X-Forwarded-Host, X-Forwarded-Server');
my $alice = $httpd->client($front->{port});
$alice->type1('/', headers => [@hop, tag => 'hop-1']);
is_served($alice->type3('/', %alice, headers => [@hop, tag => 'hop-2']), 'alice', 'alice logs in, and names the mark in Connection');
is_not_served($httpd->client($front->{port})->request(GET => '/', [@hop, tag => 'hop-3']), '... which does not take it away');
is $httpd->connections_of(qw(hop-1 hop-2 hop-3)), 1, '... on one connection to the backend';

# ---- a connection for each request ----
my $closing = Front->httpd('event', <<'TEXT', BACKEND => $httpd->{port});
ProxyPass "/" "http://127.0.0.1:@BACKEND@/" disablereuse=On
TEXT
$httpd->nobody_can_log_in($closing->{port}, 'with disablereuse=On nobody can log in');

done_testing;
