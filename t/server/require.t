#!/usr/bin/perl
# Require ntlm-domain and ntlm-group: the domain and the groups that the account has in its store,
# never the client's word, and those of nobody whom another module has let in.
use strict;
use warnings;
use FindBin qw($Bin);
use lib "$Bin/../lib";
use Cwd qw(abs_path);
use File::Copy qw(copy);
use Configtest qw(accepts refuses);
use NTLM::Connection;
use PrivateHttpd;
use Test::More;

my %HASH  = (alice => 'd9fe524deb5705ac74ea341ff18afe93', carol => '15b7d402f4e782f11f1daa80236137e3', hanna => '27bf1123aae89dc1f94ad95bd7108d01');
my $LINES = "alice:$HASH{alice}\nCORP\\carol:$HASH{carol}\nHOME\\hanna:$HASH{hanna}\ncorp.example.com\\dennis:$HASH{carol}\n";
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

accepts "Require $_", requires($_), $LINES for 'ntlm-group "cn=staff,dc=example,dc=com"', 'ntlm-group CORP\\staff S-1-5-32-545 "a,b"',
    'ntlm-group "cn=a\\, b,dc=c"';
refuses "Require $_->[0]", $_->[1], requires($_->[0]), $LINES for
    ['ntlm-group',          qr{Require ntlm-group takes the names of groups; write for example Require ntlm-group "cn=staff,}],
    ['ntlm-group ""',       qr{Require ntlm-group: '' is the name of no group; write the whole DN, or DOMAIN.+name, as the source spells it}],
    ['ntlm-group "CORP\\\\"', qr{'CORP\\+' is the name of no group}],
    ['ntlm-group "\\staff"', qr{'\\+staff' is the name of no group}],
    ['ntlm-group ' . 'x' x 8000 . ',' x 100, qr{is the name of no group}];

# ---- who comes in ----
my %PLACES = (
    '/corp'    => 'Require ntlm-domain CORP',
    '/dns'     => 'Require ntlm-domain corp.example.com',
    '/any'     => 'Require ntlm-domain nord corp "home"',
    '/others'  => "<RequireAll>\nRequire valid-user\nRequire not ntlm-domain CORP\n</RequireAll>",
    '/either'  => "<RequireAny>\nRequire user alice\nRequire ntlm-domain CORP\n</RequireAny>",
    '/alias'   => 'Require ntlm-domain oldcorp',
    '/alone'   => "NTLMDomain NORD nord.example.com\nRequire ntlm-domain CORP",
    '/web'     => "NTLMComputer WEB\nRequire ntlm-domain WEB",
    '/user'    => "NTLMUserFormat user\nRequire ntlm-domain CORP",
    '/staff'   => 'Require ntlm-group "cn=STAFF,ou=groups,dc=x"',
    '/some'    => 'Require ntlm-group nobodys corp\\readers',
    '/part'    => 'Require ntlm-group "cn=Staff"',
    '/nobodys' => 'Require ntlm-group CORP\\admins',
    '/not'     => "<RequireAll>\nRequire valid-user\nRequire not ntlm-group CORP\\\\readers\n</RequireAll>",
    '/notmany' => "<RequireAll>\nRequire valid-user\nRequire not ntlm-group CORP\\\\admins\n</RequireAll>",
    '/none'    => "<RequireAll>\nRequire valid-user\n<RequireNone>\nRequire ntlm-group CORP\\\\admins\n</RequireNone>\n</RequireAll>",
);
# Of a source that tells names and no SIDs.
my $GROUPS = 'groups=' . join '|', map { "-:$_:7" } 'cn=Staff,ou=groups,dc=x', 'CORP\Readers', '100%';
my $MANY   = 'groups=' . join '|', map { "-:$_:7" } 'CORP\Readers', map { "group number $_" } 1 .. 600;
my $MOST   = 'groups=' . join '|', map { "-:$_:7" } 'x' x 4096, 'y' x 4095;
my @MODULES = qw(auth_basic authn_file cgid alias include lua);
my $HAS_LUA = -e PrivateHttpd::module_folder() . '/mod_lua.so';
my $httpd = PrivateHttpd->new(modules => \@MODULES, text => <<"TEXT" . join '', map { <<"PLACE" } sort keys %PLACES);
LoadModule controller_module \@DIR\@/controller.so
LogLevel warn auth_ntlmv2:info
ScriptAlias "/echo" "\@DIR\@/echo"
<Location "/">
    AuthType NTLM
    $FILE
    NTLMCredentials namer lockout=off user=gina domain=CORP hash=$HASH{carol} "$GROUPS"
    NTLMCredentials namer lockout=off user=max domain=CORP hash=$HASH{carol} "$MANY"
    NTLMCredentials namer lockout=off user=more domain=CORP hash=$HASH{carol} "$MOST"
    NTLMDomain CORP corp.example.com OLDCORP
</Location>
<Location "/shared">
    AuthType Basic
    AuthName shared
    AuthBasicProvider ntlm
    NTLMBasicWithoutTLS on
    Require ntlm-domain CORP
</Location>
<Location "/sharedgroup">
    AuthType Basic
    AuthName shared
    AuthBasicProvider ntlm
    NTLMBasicWithoutTLS on
    Require ntlm-group CORP\\\\Readers
</Location>
<Location "/echo">
    Require valid-user
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
    <Location "/lua/group">
        Require ntlm-group CORP\\\\Readers
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
mkdir $httpd->dir . "/htdocs/$_" for 'page', 'lua', 'lua/valid', 'lua/group', 'sharedgroup', map { s{/}{}r } '/shared', keys %PLACES;
for (qw(lua lua/valid lua/group shared sharedgroup), map { s{/}{}r } keys %PLACES) { $httpd->write("htdocs/$_/index.html", "in $_\n") }
$httpd->write("htdocs/page/$_->[0].html", "<!--#include virtual=\"$_->[1]\" -->\n") for ['corp', '/corp/'], ['lua', '/lua/'], ['valid', '/lua/valid/'],
    ['group', '/lua/group/'];
$httpd->write('echo', "#!/bin/sh\necho Content-Type: text/plain\necho\nenv | grep ^NTLM_\n", 0755);
my $TOP  = abs_path("$Bin/../..");
my $said = `make -C $TOP -f Makefile.apxs --no-print-directory build/controller.so 2>&1`;
die "build/controller.so: $said" if $?;
copy("$TOP/build/controller.so", $httpd->dir . '/controller.so') or die "build/controller.so: $!\n";
$httpd->start;

sub login {
    my ($path, $user, %more) = @_;
    return NTLM::Connection->new(port => $httpd->{port}, vhost => '127.0.0.1')
        ->login($path, user => $user, domain => 'CORP', nt_hash => $HASH{lc $user} // $HASH{carol}, %more);
}
sub status { return login(@_)->status }

is(NTLM::Connection->new(port => $httpd->{port})->get('/corp/')->status, 401, 'who is nobody yet is asked for a login');
is status('/corp/', 'carol'), 200, 'CORP\carol is of CORP';
is status('/corp/', 'Carol', domain => 'corp'), 200, '... in any case';
is status('/dns/', 'carol'), 200, '... and that is corp.example.com, too';
is status('/dns/', 'hanna', domain => 'HOME'), 403, '... HOME is not';
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
for my $place (qw(/corp /dns /alias)) {
    is status("$place/", $_), 200, "$place: by whatever name its domain is called, $_ is of it" for qw(carol dennis);
    is status("$place/", 'hanna', domain => 'HOME'), 403, '... hanna is not';
    is status("$place/", 'alice'), 403, '... nor alice';
}
is status('/alone/', 'carol'), 200, 'where NTLMDomain is another one, too';
is status('/alone/', 'dennis', domain => 'corp.example.com'), 403, '... there the names are two domains';
is status('/web/', $_), 403, "the computer's own name is no domain of $_" for qw(alice carol);
is status('/user/', 'carol'), 200, 'what r->user shows makes no difference';

# ---- groups ----
sub groups { my ($user) = @_; return login('/echo', $user)->body =~ /^NTLM_GROUPS=(.*)$/m ? $1 : undef }
sub last_line { my ($status) = @_; return (grep { / ntlm: $status: / } split /\n/, $httpd->error_log)[-1] // '' }

is groups('gina'), '100%25,CORP\Readers,cn=Staff%2Cou=groups%2Cdc=x', 'NTLM_GROUPS names the groups of gina';
is groups('carol'), undef, '... and is not there for carol, who is in none';
is status('/staff/', 'gina'), 200, 'a group by its DN, in any case';
is status('/some/',  'gina'), 200, '... one of several';
is status('/part/',  'gina'), 403, '... not by a part of its DN';
is status('/nobodys/', 'gina'), 403, '... nor is she in others';
is status('/staff/', 'carol'), 403, 'who is in none is not in that one';
is status('/not/', 'gina'), 403, 'not of a group: gina';
is status('/not/', 'carol'), 200, '... but carol';
is(NTLM::Connection->new(port => $httpd->{port})->get("$_/")->status, 401, "$_: who is nobody yet is asked for a login") for qw(/staff /not /none);
my $kept = NTLM::Connection->new(port => $httpd->{port}, vhost => '127.0.0.1');
$kept->login('/staff/', user => 'gina', domain => 'CORP', nt_hash => $HASH{carol});
is $kept->get('/staff/')->status, 200, 'the requests that follow know the groups, too' for 1 .. 2;
is $kept->get('/nobodys/')->status, 403, '... and which there are not';
like $kept->get('/echo')->body, qr{^NTLM_GROUPS=100%25,CORP.Readers,cn=Staff%2Cou=groups%2Cdc=x$}m, '... and so do their programs';
is length groups('more'), 8192, 'as much as fits is told';

# What is told in part is not told: nothing is granted for it, and nothing for what may be missing.
is groups('max'), undef, 'more than 8 KiB: there is no NTLM_GROUPS';
like last_line('ok'), qr{ user=max .*: not all of its groups are known: there is no NTLM_GROUPS$}, '... as the line of the login says';
for my $place (qw(/some /nobodys /not /notmany /none)) {
    is status("$place/", 'max'), 403, "... $place refuses him";
    like last_line('not-authorized'), qr{ user=max .*: its groups are not known in whole$}, '... and says why';
}
is status('/notmany/', 'gina'), 200, 'another user comes in there';
is status('/others/', 'max'), 403, 'he is refused elsewhere, too';
like last_line('not-authorized'), qr{ user=max .*[)]$}, '... for nothing that the log need say';

my $c = NTLM::Connection->new(port => $httpd->{port}, vhost => '127.0.0.1');
is $c->login('/corp/', user => 'carol', domain => 'CORP', nt_hash => $HASH{carol})->status, 200, 'a login';
is $c->get('/corp/')->status, 200, '... holds for the requests that follow';

sub basic { return ($httpd->curl(undef, undef, '/shared/', '--basic', '-u', $_[0]))[0] }
is basic("carol:C4rol's own"), 200, 'AuthBasicProvider ntlm: carol is of CORP';
is basic('alice:Secr3t!pw'), 401, '... alice is not';

sub basic_group { return ($httpd->curl(undef, undef, '/sharedgroup/', '--basic', '-u', "$_[0]:C4rol's own"))[0] }
is basic_group('gina'), 200, 'AuthBasicProvider ntlm: gina is of a group';
is basic_group('carol'), 401, '... carol is not';
is basic_group('max'), 500, '... and max is refused';
like $httpd->error_log, qr{mod_auth_ntlmv2: Require ntlm-group refuses the account 'max': its groups are not known in whole},
    '... which the log says';

# ---- users of other modules ----
like login('/page/corp.html', 'carol')->body, qr{in corp}, 'a part of a page, for its user';
like login('/page/corp.html', 'alice')->body, qr{error}, '... and not for another one';
SKIP: {
    skip 'there is no mod_lua (package apache2-bin)', 3 if !$HAS_LUA;
    like login('/page/valid.html', 'carol')->body, qr{in lua/valid}, 'a part for whom mod_lua lets in';
    unlike login('/page/lua.html', 'carol')->body, qr{in lua}, '... who is of no domain, though carol is logged in';
    unlike login('/page/group.html', 'gina')->body, qr{in lua}, '... and in no group, though gina is';
}

done_testing;
