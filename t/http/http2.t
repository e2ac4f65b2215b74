#!/usr/bin/perl
# NTLM logs a connection in, and the streams of HTTP/2 share one: clients are told to
# come back over HTTP/1.1, and nobody is served as another stream's user.
use strict;
use warnings;
use FindBin qw($Bin);
use lib "$Bin/../lib";
use NTLM::Connection;
use PrivateHttpd;
use Test::More;

plan skip_all => 'there is no mod_http2' if !-e PrivateHttpd::module_folder() . '/mod_http2.so';
plan skip_all => 'curl knows no HTTP/2' if `curl --version 2>/dev/null` !~ /\bHTTP2\b/;

my $HASH  = 'd9fe524deb5705ac74ea341ff18afe93';
my $httpd = PrivateHttpd->new(modules => ['http2'], text => <<'TEXT');
Protocols h2c http/1.1
@PROTECTED@
<Location "/hello">
    Require ntlm-or-guest
</Location>
TEXT
$httpd->write('passwords', "alice:$HASH\n", $> == 0 ? 0600 : 0640);
mkdir $httpd->dir . '/htdocs/hello';
$httpd->write('htdocs/hello/index.html', "hello\n");
$httpd->start;

my $said = `curl -sv --max-time 20 --noproxy '*' --http2-prior-knowledge @{[$httpd->url('/')]} 2>&1`;
like $said, qr/^\* HTTP\/2 stream \d+ .*HTTP_1_1_REQUIRED/m,
    'a stream is answered with HTTP_1_1_REQUIRED';
unlike $said, qr/the protected page/, '... and not with the page';

sub said { return scalar `curl -sv --max-time 20 --noproxy '*' --http2-prior-knowledge @_ @{[$httpd->url('/hello/')]} 2>&1` }
like said(), qr/^< HTTP\/2 200 .*^hello$/ms, 'a guest is served over HTTP/2 (Require ntlm-or-guest)';
my $token = said('-H', q('Authorization: NTLM TlRMTVNTUAABAAAAB4IIAAAAAAAAAAAAAAAAAAAAAAA='));
like $token, qr/^\* HTTP\/2 stream \d+ .*HTTP_1_1_REQUIRED/m, '... a token is not looked at there';

my ($status, $body) = $httpd->curl('alice', 'Secr3t!pw', '/');
is $status, 200, 'over HTTP/1.1 the same server logs in';
like $body, qr/the protected page/, '... and gets the page';
is(($httpd->curl('alice', 'wrong', '/'))[0], 401, 'not with a wrong password');

# A connection that is logged in becomes one of HTTP/2, and httpd answers the request there,
# as stream 1. A frame of type 3 is RST_STREAM, and holds the error.
SKIP: {
    skip 'mod_http2 upgrades nothing under prefork', 4 if $httpd->{mpm} eq 'prefork';
    my $c = NTLM::Connection->new(port => $httpd->{port}, vhost => '127.0.0.1');
    is $c->login('/', user => 'alice', domain => '', nt_hash => $HASH)->status, 200, 'alice logs in over HTTP/1.1';
    $c->send_request(GET => '/',
        [Connection => 'Upgrade, HTTP2-Settings', Upgrade => 'h2c', 'HTTP2-Settings' => 'AAMAAABkAAQAAP__']);
    $c->{deadline} = time + 10;
    like $c->read_until("\r\n\r\n"), qr/^HTTP\/1\.1 101 /, 'her connection is upgraded to HTTP/2';
    $c->send_bytes("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" . pack 'x3 C x5', 4);
    my ($type, $stream, $frame, $frames) = (0, 0, '', '');
    while ($type != 3 && $frames !~ /the protected page/) {
        (my $length, $type, $stream) = unpack 'N C x N', "\0" . $c->read_bytes(9);
        $frames .= $frame = $c->read_bytes($length);
    }
    unlike $frames, qr/the protected page/, '... which does not get the page';
    is_deeply [$stream, unpack 'N', $frame], [1, 13], '... its stream is reset with HTTP_1_1_REQUIRED';
}

done_testing;
