#!/usr/bin/perl
# A client that asks a forward proxy (mod_proxy) for the page: a CONNECT tunnel is its own
# connection; plain requests come over a connection each, so nobody can log in by them.
use strict;
use warnings;
use FindBin qw($Bin);
use lib "$Bin/../lib";
use Behind qw(is_not_served is_served);
use Front;
use Test::More;

plan skip_all => 'there is no mod_proxy_http' if !Front::program('httpd');
plan skip_all => 'there is no mod_proxy_connect' if !-e PrivateHttpd::module_folder() . '/mod_proxy_connect.so';

my $httpd = Behind->new;
my %alice = %{$httpd->account('alice')};
my $proxy = Front->httpd('event', <<'TEXT', BACKEND => $httpd->{port});
ProxyRequests On
AllowCONNECT @BACKEND@
<Proxy "*">
    Require all granted
</Proxy>
TEXT

sub tunnel {
    my $client = $httpd->client($proxy->{port});
    $client->send_bytes("CONNECT 127.0.0.1:$httpd->{port} HTTP/1.1\r\nHost: 127.0.0.1:$httpd->{port}\r\n\r\n");
    $client->{deadline} = time + 10;
    like $client->read_until("\r\n\r\n"), qr{^HTTP/1\.[01] 200}, 'a tunnel is open';
    return $client;
}

my ($alice, $other) = (tunnel(), tunnel());
is_served($alice->login('/', %alice), 'alice', 'alice logs in through her tunnel');
is_served($alice->get('/'), 'alice', '... and stays so');
is_not_served($other->get('/'), '... and nobody else has her login');
is_not_served($other->login('/', %alice, nt_hash => '0' x 32), 'a wrong password gets nothing');

$httpd->nobody_can_log_in($proxy->{port}, 'nobody can log in by plain requests to the proxy', $httpd->url('/'));

done_testing;
