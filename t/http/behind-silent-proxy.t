#!/usr/bin/perl
# A front end that shares its connections and marks nothing cannot be recognised. With
# NTLMPersistence request each request must log in, and nobody is served as another one.
use strict;
use warnings;
use FindBin qw($Bin);
use lib "$Bin/../lib";
use Behind;
use Front;
use Test::More;

my %FRONTS = (
    nginx => sub { Front->nginx_sharing($_[0]) },
    httpd => sub { Front->httpd('event', <<'TEXT', BACKEND => $_[0]) },
ProxyAddHeaders Off
ProxyPass "/" "http://127.0.0.1:@BACKEND@/" max=1 keepalive=On enablereuse=On
TEXT
);
my @names = grep { Front::program($_) } sort keys %FRONTS;
plan skip_all => 'neither nginx nor mod_proxy_http is installed' if !@names;

my $careful = Behind->new(section => 'NTLMPersistence request');
my $default = Behind->new;

for my $name (@names) {
    note $name;
    my $front = $FRONTS{$name}->($careful->{port});
    $careful->nobody_borrows($front->{port});
    $careful->nobody_becomes_another($front->{port});
    $careful->nobody_mixes_at_once($front->{port});

    # What the directive is for, and what shows that the experiment would see it.
    $front = $FRONTS{$name}->($default->{port});
    my @served = map { $_->header('X-Served-As') // 'nobody' } $default->alice_and_others($front->{port});
    is "@served", 'alice alice alice alice', 'without the directive the others would be served as her';
}

done_testing;
