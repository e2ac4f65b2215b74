#!/usr/bin/perl
# A connection that begins with the PROXY protocol is one client's: it is not "proxied".
use strict;
use warnings;
use FindBin qw($Bin);
use lib "$Bin/../lib";
use NTLM::Connection;
use PrivateHttpd;
use Test::More;

my $HASH  = 'd9fe524deb5705ac74ea341ff18afe93';
my $httpd = PrivateHttpd->new(modules => ['remoteip'], text => <<'TEXT');
RemoteIPProxyProtocol On
<Location "/">
    AuthType NTLM
    NTLMCredentials file passwords
    Require valid-user
</Location>
TEXT
$httpd->write('passwords', "alice:$HASH\n", $> == 0 ? 0600 : 0640);
$httpd->start;

my $c = NTLM::Connection->new(port => $httpd->{port}, vhost => '127.0.0.1');
$c->send_bytes("PROXY TCP4 192.0.2.1 127.0.0.1 4444 80\r\n");
is $c->login('/', user => 'alice', domain => '', nt_hash => $HASH)->status, 200, 'alice logs in';
is $c->get('/')->status, 200, 'her connection stays logged in';
is $c->request(GET => '/', ['X-Forwarded-For' => '192.0.2.9'])->status, 401,
    'a request that came through an HTTP proxy before does not borrow the login';

done_testing;
