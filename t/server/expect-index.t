#!/usr/bin/perl
# A client that waits for "100 Continue" at a folder whose index asks for the login: the part does
# not read the body of the whole, so httpd closes the connection; the log says so.
use strict;
use warnings;
use FindBin qw($Bin);
use lib "$Bin/../lib";
use NTLM::Connection;
use PrivateHttpd;
use Test::More;

my $HASH  = 'd9fe524deb5705ac74ea341ff18afe93';
my $httpd = PrivateHttpd->new(text => <<'TEXT');
DirectoryIndex index.html
<Files "index.html">
    AuthType NTLM
    NTLMCredentials file @DIR@/passwords
    Require valid-user
</Files>
TEXT
$httpd->write('passwords', "alice:$HASH\n", $> == 0 ? 0600 : 0640);
$httpd->start;

sub connection { return NTLM::Connection->new(port => $httpd->{port}, vhost => '127.0.0.1') }

my %ALICE = (user => 'alice', domain => '', nt_hash => $HASH);
my %POST  = (method => 'POST', body => 'text');
is connection()->login('/', %ALICE)->status, 200, 'alice logs in at the folder';
unlike $httpd->error_log, qr/connection-will-close/, '... on a connection that stays';
is connection()->type1('/', %POST)->closed, undef, 'so it does with a body';
ok connection()->type1('/', %POST, headers => [Expect => '100-continue'])->closed, 'a body that waits closes it';
like $httpd->error_log, qr/ntlm: connection-will-close: [^\n]*waits for 100 Continue/, '... and the log says why';
done_testing;
