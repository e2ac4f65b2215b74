#!/usr/bin/perl
# NTLM logs a connection in, and the streams of HTTP/2 share one: clients are told to
# come back over HTTP/1.1, and nobody is served as another stream's user.
use strict;
use warnings;
use FindBin qw($Bin);
use lib "$Bin/../lib";
use PrivateHttpd;
use Test::More;

plan skip_all => 'there is no mod_http2' if !-e PrivateHttpd::module_folder() . '/mod_http2.so';
plan skip_all => 'curl knows no HTTP/2' if `curl --version 2>/dev/null` !~ /\bHTTP2\b/;

my $httpd = PrivateHttpd->new(modules => ['http2'], text => <<'TEXT');
Protocols h2c http/1.1
<Location "/">
    AuthType NTLM
    NTLMCredentials file passwords
    Require valid-user
</Location>
TEXT
$httpd->write('passwords', "alice:d9fe524deb5705ac74ea341ff18afe93\n", $> == 0 ? 0600 : 0640);
$httpd->start;

my $said = `curl -sv --max-time 20 --noproxy '*' --http2-prior-knowledge @{[$httpd->url('/')]} 2>&1`;
like $said, qr/HTTP_1_1_REQUIRED|Downgrades to HTTP\/1\.1|error 0xd|err(?:or)? 13/i,
    'a stream is answered with HTTP_1_1_REQUIRED';
unlike $said, qr/the protected page/, '... and not with the page';

my ($status, $body) = $httpd->curl('alice', 'Secr3t!pw', '/');
is $status, 200, 'over HTTP/1.1 the same server logs in';
like $body, qr/the protected page/, '... and gets the page';
is(($httpd->curl('alice', 'wrong', '/'))[0], 401, 'not with a wrong password');

done_testing;
