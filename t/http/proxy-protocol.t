#!/usr/bin/perl
# A connection that begins with the PROXY protocol is one client's: it is not "proxied".
use strict;
use warnings;
use FindBin qw($Bin);
use lib "$Bin/../lib";
use Behind qw(is_not_served is_served);
use Front;
use IO::Socket::INET;
use Test::More;

my $httpd = Behind->new(modules => ['remoteip'], server => 'RemoteIPProxyProtocol On');
my $plain = Behind->new;
my %alice = %{$httpd->account('alice')};

# ---- the protocol itself ----
my $c = $httpd->client;
$c->send_bytes("PROXY TCP4 192.0.2.1 127.0.0.1 4444 80\r\n");
is_served($c->login('/', %alice), 'alice', 'alice logs in');
is_served($c->request(GET => '/', [tag => 'raw']), 'alice', 'her connection stays logged in');
is $httpd->seen('raw')->{client}, '192.0.2.1', '... from the address that the PROXY header names';
is_not_served($c->request(GET => '/', ['X-Forwarded-For' => '192.0.2.9']),
    'a request that came through an HTTP proxy before does not borrow the login');

# ---- front ends that pass TCP through ----

# A client with an address of its own on loopback.
sub client {
    my ($port) = @_;
    my $socket = IO::Socket::INET->new(LocalAddr => '127.0.0.2', PeerAddr => '127.0.0.1', PeerPort => $port)
        or die "cannot connect from 127.0.0.2: $@\n";
    return NTLM::Connection->new(socket => $socket, port => $port, vhost => '127.0.0.1');
}

sub passes_connections_through {
    my ($name, $port, $backend, $address) = @_;
    (my $tag = $name) =~ s/\W+/-/g;
    my ($alice, $other) = map { client($port) } 1 .. 2;
    is_served($alice->login('/', %alice), 'alice', "$name: alice logs in");
    is_not_served($other->get('/'), '... another connection does not have her login');
    is_served($alice->request(GET => '/', [tag => "$tag-$_"]), 'alice', '... and she stays logged in') for 1 .. 2;
    is $backend->seen("$tag-$_")->{client}, $address, "... from $address" for 1 .. 2;
    is_not_served($other->login('/', %alice, nt_hash => '0' x 32), '... a wrong password gets nothing');
    return;
}

sub nginx {
    my ($backend, $proxy_protocol) = @_;
    return Front->nginx_tcp(<<'TEXT', BACKEND => $backend->{port}, PROXY => $proxy_protocol);
server {
    listen 127.0.0.1:@PORT@;
    proxy_pass 127.0.0.1:@BACKEND@;
    proxy_protocol @PROXY@;
}
TEXT
}

sub haproxy {
    my ($backend, $send_proxy) = @_;
    return Front->haproxy(<<'TEXT', BACKEND => $backend->{port}, SEND => $send_proxy);
listen intranet
    mode tcp
    bind 127.0.0.1:@PORT@
    server web 127.0.0.1:@BACKEND@ @SEND@
TEXT
}

SKIP: {
    skip 'nginx is not installed, or has no stream', 1 if !defined Front::nginx_stream();
    my $front = nginx($httpd, 'on');
    passes_connections_through('nginx stream, proxy_protocol on', $front->{port}, $httpd, '127.0.0.2');
    $front = nginx($plain, 'off');
    passes_connections_through('nginx stream without it', $front->{port}, $plain, '127.0.0.1');
}

SKIP: {
    skip 'haproxy is not installed', 1 if !Front::program('haproxy');
    for my $send (qw(send-proxy send-proxy-v2)) {
        my $front = haproxy($httpd, $send);
        passes_connections_through("HAProxy mode tcp, $send", $front->{port}, $httpd, '127.0.0.2');
    }
    my $front = haproxy($plain, '');
    passes_connections_through('HAProxy mode tcp without it', $front->{port}, $plain, '127.0.0.1');
}

done_testing;
