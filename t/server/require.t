#!/usr/bin/perl
# Require ntlm-domain: the domain that the account has in its store, never the client's word, and
# of nobody whom another module has let in.
use strict;
use warnings;
use FindBin qw($Bin);
use lib "$Bin/../lib";
use Configtest qw(accepts refuses);
use NTLM::Connection;
use PrivateHttpd;
use Test::More;

my %HASH  = (alice => 'd9fe524deb5705ac74ea341ff18afe93', carol => '15b7d402f4e782f11f1daa80236137e3', hanna => '27bf1123aae89dc1f94ad95bd7108d01');
my $LINES = "alice:$HASH{alice}\nCORP\\carol:$HASH{carol}\nHOME\\hanna:$HASH{hanna}\n";
my $FILE  = 'NTLMCredentials file @DIR@/passwords';

# ---- what stands there ----
sub requires { my ($words) = @_; return "$FILE\n</Location>\n<Location \"/x\">\nRequire $words" }
accepts "Require $_", requires($_), $LINES for 'ntlm-domain CORP', 'ntlm-domain CORP "HOME" Nord',
    "valid-user\n<RequireAll>\nRequire valid-user\nRequire not ntlm-domain CORP\n</RequireAll>";
refuses "Require $_->[0]", $_->[1], requires($_->[0]), $LINES for
    ['ntlm-domain',            qr{Require ntlm-domain takes the domains of accounts; write for example Require ntlm-domain CORP}],
    ['ntlm-domain ""',         qr{Require ntlm-domain: '' is not a domain name; write the domain alone, for example CORP}],
    ['ntlm-domain CORP\\x',    qr{'CORP\\+x' is not a domain name}],
    ['ntlm-domain x@CORP',     qr{'x\@CORP' is not a domain name}],
    ["ntlm-domain \"C\xFFRP\"", qr{is not a domain name}];

# ---- who comes in ----
my %PLACES = (
    '/corp'    => 'Require ntlm-domain CORP',
    '/any'     => 'Require ntlm-domain nord corp "home"',
    '/others'  => "<RequireAll>\nRequire valid-user\nRequire not ntlm-domain CORP\n</RequireAll>",
    '/either'  => "<RequireAny>\nRequire user alice\nRequire ntlm-domain CORP\n</RequireAny>",
    '/user'    => "NTLMUserFormat user\nRequire ntlm-domain CORP",
);
my @MODULES = qw(auth_basic authn_file include lua);
my $HAS_LUA = -e PrivateHttpd::module_folder() . '/mod_lua.so';
my $httpd = PrivateHttpd->new(modules => \@MODULES, text => <<"TEXT" . join '', map { <<"PLACE" } sort keys %PLACES);
LogLevel warn auth_ntlmv2:info
<Location "/">
    AuthType NTLM
    $FILE
    NTLMDomain CORP corp.example.com
</Location>
<Location "/shared">
    AuthType Basic
    AuthName shared
    AuthBasicProvider ntlm
    NTLMBasicWithoutTLS on
    Require ntlm-domain CORP
</Location>
<Location "/page">
    Require valid-user
    Options +Includes
    SetOutputFilter INCLUDES
</Location>
<IfModule mod_lua.c>
    <Location "/lua">
        AuthType Lua
        LuaHookCheckUserID "\@DIR\@/carol.lua" carol
        Require ntlm-domain CORP
    </Location>
    <Location "/lua/valid">
        Require valid-user
    </Location>
</IfModule>
TEXT
<Location "$_">
    $PLACES{$_}
</Location>
PLACE
$httpd->write('passwords', $LINES, $> == 0 ? 0600 : 0640);
$httpd->write('carol.lua', "function carol(r)\n  r.user = 'CORP\\\\carol'\n  return apache2.OK\nend\n");
mkdir $httpd->dir . "/htdocs/$_" for 'page', 'lua', 'lua/valid', map { s{/}{}r } '/shared', keys %PLACES;
for (qw(lua lua/valid shared), map { s{/}{}r } keys %PLACES) { $httpd->write("htdocs/$_/index.html", "in $_\n") }
$httpd->write("htdocs/page/$_->[0].html", "<!--#include virtual=\"$_->[1]\" -->\n") for ['corp', '/corp/'], ['lua', '/lua/'], ['valid', '/lua/valid/'];
$httpd->start;

sub login {
    my ($path, $user, %more) = @_;
    return NTLM::Connection->new(port => $httpd->{port}, vhost => '127.0.0.1')
        ->login($path, user => $user, domain => 'CORP', nt_hash => $HASH{lc $user}, %more);
}
sub status { return login(@_)->status }

is(NTLM::Connection->new(port => $httpd->{port})->get('/corp/')->status, 401, 'who is nobody yet is asked for a login');
is status('/corp/', 'carol'), 200, 'CORP\carol is of CORP';
is status('/corp/', 'Carol', domain => 'corp'), 200, '... in any case';
is status('/corp/', 'hanna', domain => 'HOME'), 403, 'HOME\hanna is not';
is status('/corp/', 'alice'), 403, 'nor is alice, who has no domain, whatever she says and NTLMDomain is';
is status('/corp/', 'alice', domain => ''), 403, '... or when she says nothing';
is status('/corp/', 'carol', nt_hash => '0' x 32), 401, 'a wrong password is none at all';
is status('/any/', $_->[0], domain => $_->[1]), 200, "$_->[1] is one of several" for ['carol', 'CORP'], ['hanna', 'HOME'];
is status('/any/', 'alice'), 403, '... no domain is none of them';
is status('/others/', 'carol'), 403, 'not CORP: carol';
is status('/others/', $_->[0], domain => $_->[1]), 200, "... $_->[0] may" for ['hanna', 'HOME'], ['alice', 'CORP'];
is status('/either/', $_), 200, "a user, or a domain: $_" for qw(alice carol);
is status('/either/', 'hanna', domain => 'HOME'), 403, '... hanna is neither';
is status('/user/', 'carol'), 200, 'what r->user shows makes no difference';

my $c = NTLM::Connection->new(port => $httpd->{port}, vhost => '127.0.0.1');
is $c->login('/corp/', user => 'carol', domain => 'CORP', nt_hash => $HASH{carol})->status, 200, 'a login';
is $c->get('/corp/')->status, 200, '... holds for the requests that follow';

sub basic { return ($httpd->curl(undef, undef, '/shared/', '--basic', '-u', $_[0]))[0] }
is basic("carol:C4rol's own"), 200, 'AuthBasicProvider ntlm: carol is of CORP';
is basic('alice:Secr3t!pw'), 401, '... alice is not';

# ---- users of other modules ----
like login('/page/corp.html', 'carol')->body, qr{in corp}, 'a part of a page, for its user';
like login('/page/corp.html', 'alice')->body, qr{error}, '... and not for another one';
SKIP: {
    skip 'there is no mod_lua (package apache2-bin)', 2 if !$HAS_LUA;
    like login('/page/valid.html', 'carol')->body, qr{in lua/valid}, 'a part for whom mod_lua lets in';
    unlike login('/page/lua.html', 'carol')->body, qr{in lua}, '... who is of no domain, though carol is logged in';
}

done_testing;
