#!/usr/bin/perl
# A login is good for one scope: one server, the same accounts, the same policy.
# What is only written differently is the same scope.
use strict;
use warnings;
use FindBin qw($Bin);
use lib "$Bin/../lib";
use NTLM::Connection;
use PrivateHttpd;
use Test::More;

my $HASH = 'd9fe524deb5705ac74ea341ff18afe93';
my %ALICE = (user => 'alice', domain => 'CORP', nt_hash => $HASH);
my %CAROL = (user => 'carol', domain => 'CORPORATION', nt_hash => $HASH);

my $httpd = PrivateHttpd->new(modules => [qw(rewrite alias env)], text => <<'TEXT');
LogLevel warn auth_ntlmv2:info
LogFormat "%U %>s user=%u NTLM_DOMAIN=%{NTLM_DOMAIN}e" scope
CustomLog @DIR@/access.log scope
RewriteEngine On
RewriteCond %{LA-U:REMOTE_USER} (.*)
RewriteRule ^/ahead/ - [E=FIRST:%1]
RewriteCond %{LA-U:REQUEST_FILENAME} (.*)
RewriteRule ^/ahead/ - [E=SECOND:%1]
<Location "/">
    AuthType NTLM
    NTLMCredentials file @DIR@/passwords
    Require valid-user
</Location>
<Location "/spelled">
    NTLMChallengeLifetime 60
    NTLMAcceptDomains *
</Location>
<Location "/other">
    NTLMCredentials file @DIR@/passwords-other
</Location>
AliasMatch "^/(?:spelled|other|ahead)/" "@DIR@/htdocs/index.html"
<Directory "@DIR@/htdocs">
    RewriteEngine On
    RewriteRule "^to-spelled$" "/spelled/" [L]
    RewriteRule "^to-other$" "/other/" [L]
</Directory>
TEXT
$httpd->write('passwords', "alice:$HASH\nCORPORATION\\carol:$HASH\n", $> == 0 ? 0600 : 0640);
$httpd->write('passwords-other', "alice:$HASH\nbob:$HASH\n", $> == 0 ? 0600 : 0640);
$httpd->start;

sub connection { return NTLM::Connection->new(port => $httpd->{port}, vhost => '127.0.0.1') }

my $c = connection();
is $c->login('/index.html', %ALICE)->status, 200, 'alice logs in';
is $c->get('/spelled/')->status, 200, 'a section that spells the defaults out is the same scope';
is connection()->login('/to-spelled', %ALICE)->status, 200, '... also behind an internal redirect';

$c = connection();
$c->login('/index.html', %ALICE);
is $c->get('/other/')->status, 401, 'a section with other accounts is another one';
is $c->get('/index.html')->status, 200, '... and asking there does not end the login here';
is connection()->login('/to-other', %ALICE)->status, 401, 'a redirect into another scope is refused';
like $httpd->error_log, qr/ntlm: other-scope: user=alice/, '... and the log says so';

$c = connection();
$c->type1('/index.html');
is $c->type3('/other/', %ALICE)->status, 401, 'a challenge is for the scope that asked';
like $httpd->error_log, qr/ntlm: not-expected: user=alice/, '... and nothing is expected elsewhere';

is connection()->login('/ahead/', %CAROL)->status, 200, 'a subrequest may be the first that sees the token';
my ($line) = $httpd->access_log(qr{^/ahead/ 200 .*\n}m) =~ m{^(/ahead/ 200 .*)}m;
is $line, '/ahead/ 200 user=CORPORATION\\\\carol NTLM_DOMAIN=CORPORATION', '... and what it found stays';
$httpd->stop;

# ---- the same words, another source ----
my $two = PrivateHttpd->new(text => <<'TEXT');
<Location "/a">
    AuthType NTLM
    NTLMCredentials file "@DIR@/x worldreadable=on"
    Require valid-user
</Location>
<Location "/b">
    AuthType NTLM
    NTLMCredentials file @DIR@/x worldreadable=on
    Require valid-user
</Location>
TEXT
$two->write('x worldreadable=on', "alice:$HASH\n", 0640);
my ($ok, $said) = $two->configtest;
ok !$ok, 'a path with a blank is not a path and an option';
like $said, qr{cannot open \S+/x: No such file}, '... each is looked for by itself';

done_testing;
