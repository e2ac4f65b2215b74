#!/usr/bin/perl
# What `httpd -t` says about a configuration that leaves a page open although it looks as if a
# login were asked for: warnings, with what to write instead. And what it says nothing about.
use strict;
use warnings;
use FindBin qw($Bin);
use lib "$Bin/../lib";
use NTLM::Connection;
use PrivateHttpd;
use Test::More;

my $HASH  = 'd9fe524deb5705ac74ea341ff18afe93';
my $NTLM  = "AuthType NTLM\nNTLMCredentials file passwords";
my $ASK   = 'Require valid-user';
my $BASIC = "AuthType Basic\nAuthName x\nAuthUserFile \@DIR\@/passwords";

sub section { my ($name, $what, @lines) = @_; return join "\n", "<$name $what>", @lines, "</$name>", '' }
sub location  { return section(Location  => @_) }
sub directory { return section(Directory => '@DIR@/htdocs' . shift, @_) }
sub limit     { return section(Limit     => @_) }
sub except    { return section(LimitExcept => @_) }
sub host { my ($name, @lines) = @_; return section(VirtualHost => '127.0.0.1:@PORT@', "ServerName $name.test", @lines) }

sub httpd_with {
    my ($text) = @_;
    my $httpd = PrivateHttpd->new(modules => [qw(authn_file auth_basic access_compat)], text => $text);
    $httpd->write('passwords', "alice:$HASH\n", $> == 0 ? 0600 : 0640);
    return $httpd;
}

# The warnings about a configuration, which must be no error.
sub warnings_of {
    my ($text) = @_;
    my ($ok, $said) = httpd_with($text)->configtest;
    ok $ok, 'it is no error' or diag $said;
    return join "\n", grep { /auth_ntlmv2:warn/ } split /\n/, $said;
}

sub warned {
    my ($name, $text, $warning) = @_;
    subtest $name => sub {
        my $said = warnings_of($text);
        like $said, $warning, 'a warning';
        is scalar(() = $said =~ /auth_ntlmv2:warn/g), 1, '... and one only' or diag $said;
        like $said, qr/; write /, '... which says what to write';
    };
    return;
}

sub silent {
    my ($name, $text) = @_;
    subtest $name => sub { is warnings_of($text), '', 'not a word' };
    return;
}

# What an unknown client gets without a login.
sub open_to_all {
    my ($text, %wanted) = @_;
    my $httpd = httpd_with($text);
    mkdir $httpd->dir . '/htdocs/x';
    $httpd->write('htdocs/x/index.html', "the page\n");
    $httpd->start;
    my %got = map { $_ => NTLM::Connection->new(port => $httpd->{port}, vhost => 'x.test')->request($_ => '/x/index.html')->status } keys %wanted;
    is_deeply \%got, \%wanted, '... since that is what httpd does';
    $httpd->stop;
    return;
}

# ---- AuthType without Require ----
my $OPEN = qr/AuthType NTLM \(\S+:\d+\): no Require asks for a login here, so nobody needs one; write Require valid-user/;
warned 'no Require at all', location('/x', $NTLM), $OPEN;
warned 'in a folder', directory('/x', $NTLM), $OPEN;
warned 'where only other things are said', location('/x', $NTLM, 'NTLMDomain CORP', 'Options None'), $OPEN;
warned 'Require all granted', location('/x', $NTLM, 'Require all granted'), $OPEN;
warned "a Require of the folder's that asks nobody", directory('', 'Require all granted') . location('/x', $NTLM), $OPEN;
open_to_all directory('', 'Require all granted') . location('/x', $NTLM), GET => 200;
warned 'a Require next door', location('/x', $NTLM) . location('/xy', $ASK), $OPEN;
warned 'a Require in a folder next door', directory('/x', $NTLM) . directory('/xy', $ASK), $OPEN;
warned 'a Require outside that is replaced', location('/', $ASK) . location('/x', $NTLM, 'Require all granted'), $OPEN;
warned 'a Require that belongs to Basic elsewhere', location('/x', $NTLM) . directory('/y', $BASIC, $ASK), $OPEN;
warned 'a Require on another host', host(a => location('/x', $NTLM)) . host(b => location('/x', $ASK)), $OPEN;
warned 'a Require for a file next door', directory('/x', section(Files => 'a', $NTLM)) . directory('/y', $ASK), $OPEN;
warned '.htaccess files that may not', directory('', 'AllowOverride All') . directory('/x', $NTLM, 'AllowOverride None'), $OPEN;
warned '.htaccess files that may other things', directory('/x', $NTLM, 'AllowOverride Options FileInfo'), $OPEN;
warned '.htaccess files next door', directory('/y', 'AllowOverride All') . directory('/x', $NTLM), $OPEN;

silent 'a Require', location('/x', $NTLM, $ASK);
silent 'a Require user', location('/x', $NTLM, 'Require user alice');
silent 'a Require inside of another section', location('/x', $NTLM, section(RequireAny => '', 'Require ip 10.0.0.1', $ASK) =~ s/ >/>/r);
silent 'a Require for some files', directory('/x', $NTLM, section(Files => 'a.html', $ASK));
silent 'a Require under a condition', location('/x', $NTLM, section(If => '"true"', $ASK));
silent 'a Require around', directory('/x', $ASK, section(Files => 'a.html', $NTLM));
silent 'a Require in <IfModule>', location('/x', $NTLM, section(IfModule => 'mod_authz_core.c', $ASK));
silent 'a Require in a second section', location('/x', $NTLM) . location('/x', $ASK);
silent 'a Require above', location('/', $ASK) . location('/x', $NTLM);
silent 'a Require below', location('/x', $NTLM) . location('/x/y', $ASK);
silent 'a Require of the folder above', directory('', $ASK) . directory('/x/', $NTLM);
silent 'a Require of the folder that may be behind it', directory('/x', $ASK) . location('/x', $NTLM);
silent 'a Require for a pattern', location('/x', $NTLM) . section(LocationMatch => '^/x/', $ASK);
silent 'AuthType for a pattern', section(LocationMatch => '^/x', $NTLM) . location('/x/y', $ASK);
silent 'AuthType for another pattern', location('~ "^/x"', $NTLM) . location('/x/y', $ASK);
silent 'AuthType in the main server', location('/x', $NTLM) . host(a => location('/x', $ASK));
silent 'a Require in the main server', host(a => location('/x', $NTLM)) . location('/', $ASK);
silent '.htaccess files that may', directory('/x', $NTLM, 'AllowOverride AuthConfig');
silent '.htaccess files that may everything', directory('', 'AllowOverride All') . directory('/x', $NTLM);
silent '.htaccess files below', directory('/x', $NTLM, 'AllowOverride None') . directory('/x/y', 'AllowOverride Options AuthConfig');
silent '.htaccess files that may be behind it', directory('/x', 'AllowOverride All') . location('/x', $NTLM);
silent '.htaccess files with a list', directory('/x', $NTLM, 'AllowOverrideList Require');
silent 'another AuthType', location('/x', $BASIC);

# ---- methods ----
my $METHODS = qr/(?:<Limit GET POST>|<LimitExcept GET>) \(\S+:\d+\): every Require of its section stands inside, so other methods need no login; write Require valid-user outside of it/;
warned 'Require inside of <Limit>', location('/x', $NTLM, limit('GET POST', $ASK)), $METHODS;
open_to_all location('/x', $NTLM, limit('GET POST', $ASK)), GET => 401, POST => 401, OPTIONS => 200;
warned 'Require inside of <LimitExcept>', location('/x', $NTLM, except('GET', $ASK)), $METHODS;
open_to_all location('/x', $NTLM, except('GET', $ASK)), GET => 200, OPTIONS => 401;
warned '... with more around it', location('/x', $NTLM, limit('GET POST', section(RequireAll => '', $ASK) =~ s/ >/>/r)), $METHODS;
warned 'a section that says more for some methods', location('/x', $NTLM, $ASK) . location('/x/y', limit('GET POST', 'Require user alice')), $METHODS;
warned 'a section that forbids the other methods', location('/x', $NTLM, $ASK) . location('/x/y', except('GET', 'Require all denied')), $METHODS;
warned 'Require for some methods, above', location('/', limit('GET POST', $ASK)) . location('/x', $NTLM), $METHODS;

silent 'a Require beside <Limit>', location('/x', $NTLM, $ASK, limit('GET POST', 'Require user alice'));
open_to_all location('/x', $NTLM, $ASK, limit('GET POST', 'Require user alice')), GET => 401, POST => 401, OPTIONS => 401;
silent 'a Require beside <LimitExcept>', location('/x', $NTLM, except('GET', 'Require all denied'), $ASK);
open_to_all location('/x', $NTLM, except('GET', 'Require all denied'), $ASK), GET => 401, OPTIONS => 401;
silent 'all methods in two sections', location('/x', $NTLM, limit('GET', $ASK), except('GET', 'Require user alice'));
silent 'methods that are forbidden otherwise', location('/x', $NTLM, $ASK, except('GET', 'Deny from all'));
silent 'methods by Require', location('/x', $NTLM, 'Require method OPTIONS', $ASK);
silent '<Limit> above', location('/', except('GET', 'Require all denied')) . location('/x', $NTLM, $ASK);
silent '<Limit> elsewhere', location('/y', limit('GET', $ASK)) . location('/x', $NTLM, $ASK);
silent '<Limit> of Basic below', location('/x', $NTLM, $ASK) . location('/x/y', $BASIC, limit('GET', $ASK));
silent 'rules that are joined', location('/x', $NTLM, $ASK) . location('/x/y', 'AuthMerging And', limit('GET', 'Require user alice'));

silent 'a Require above that is joined', location('/', $ASK) . location('/x', $NTLM, 'AuthMerging And', 'Require all granted');

# ---- what counts later ----
my $LATER = qr/AuthType NTLM \(\S+:\d+\): <Location \S+> \(\S+:\d+\) counts after it, so nobody needs the login that its Require asks for; write that section in front of it/;
warned 'a <Location> behind that lets everybody in', location('/x', $NTLM, $ASK) . location('/', 'Require all granted'), $LATER;
open_to_all location('/x', $NTLM, $ASK) . location('/', 'Require all granted'), GET => 200;
warned 'a <Location> for all folders that does', location('"/"', 'Require all granted') . directory('/x', $NTLM, $ASK), $LATER;
open_to_all location('/', 'Require all granted') . directory('/x', $NTLM, $ASK), GET => 200;
warned 'one that forbids some methods', location('/', except('GET', 'Require all denied')) . directory('/x', $NTLM, $ASK), $LATER;
open_to_all location('/', except('GET', 'Require all denied')) . directory('/x', $NTLM, $ASK), GET => 200, OPTIONS => 403;
silent 'a <Location> in front', location('/', 'Require all granted') . location('/x', $NTLM, $ASK);
open_to_all location('/', 'Require all granted') . location('/x', $NTLM, $ASK), GET => 401;
silent 'a <Location> behind that lets nobody in', location('/x', $NTLM, $ASK) . location('/', 'Require all denied');
silent 'a <Location> behind that asks, too', location('/x', $NTLM, $ASK) . location('/', $ASK);
silent 'a <Location> behind for other pages', location('/x', $NTLM, $ASK) . location('/x/free', 'Require all granted');
silent 'a folder above', directory('/x', $NTLM, $ASK) . directory('', 'Require all granted');
silent 'a <Location> that may lie elsewhere', directory('/x', $NTLM, $ASK) . location('/free', 'Require all granted');
silent 'a <Location> of another host', host(a => location('/x', $NTLM, $ASK)) . host(b => location('/', 'Require all granted'));

# ---- clear text ----
my $CLEAR = qr/NTLMRequireTLS off \(\S+:\d+\): it takes back NTLMRequireTLS on \(\S+:\d+\), so logins are taken in clear text here; write NTLMRequireTLS on/;
my ($ON, $OFF) = ('NTLMRequireTLS on', 'NTLMRequireTLS off');
# what needs no word of its own: that nobody speaks TLS is another warning
# ---- Require beside Require ----
{
    my $granted = qr/Require all granted \(\S+:\d+\): one Require of several is enough/;
    my $open    = location('/', $NTLM, $ASK, 'Require all granted');
    warned('Require all granted beside another', $open, $granted);
    open_to_all($open, GET => 200);
    warned('... in <RequireAny>', location('/', $NTLM, "<RequireAny>\n$ASK\nRequire all granted\n</RequireAny>"), $granted);
    warned('... in a section inside', location('/', $NTLM, $ASK) . location('/x', $ASK, 'Require all granted'), $granted);
    silent('... in <RequireAll>', location('/', $NTLM, "<RequireAll>\n$ASK\nRequire all granted\n</RequireAll>"));
    silent('... with <RequireAll> in <RequireAny>', location('/', $NTLM, "<RequireAny>\n<RequireAll>\nRequire all granted\nRequire ip 192.0.2.1\n</RequireAll>\n$ASK\n</RequireAny>"));
    silent('... of Basic', location('/', $BASIC, $ASK, 'Require all granted') . location('/x', $NTLM, $ASK));
}

# ---- Require ntlm-or-guest ----
{
    my $GREET  = 'Require ntlm-or-guest';
    my $beside = location('/', $NTLM, $ASK, $GREET);
    silent('Require ntlm-or-guest', location('/x', $NTLM, $GREET));
    silent('... with a part for users', location('/', $NTLM, $GREET) . location('/x', $ASK));
    silent('... in <RequireAll>', location('/', $NTLM, "<RequireAll>\n$ASK\n$GREET\n</RequireAll>"));
    silent('... above', location('/', $GREET) . location('/x', $NTLM));
    warned('... beside another', $beside, qr/Require ntlm-or-guest \(\S+:\d+\): one Require of several is enough/);
    open_to_all($beside, GET => 200);
    my $behind = location('/x', $NTLM, $ASK) . location('/', $NTLM, $GREET);
    warned('... that counts behind a part for users', $behind, $LATER);
    open_to_all($behind, GET => 200);
}

# ---- Require ntlm-group ----
{
    my $NOBODY = qr/Require (?:not )?ntlm-group "?cn=a"? \(\S+:\d+\): no source of accounts names groups, so nobody is in one/;
    my $GROUP  = 'Require ntlm-group "cn=a"';
    my $LDAP   = 'NTLMCredentials ldap ldap://127.0.0.1:1/dc=x?uid';
    warned('Require ntlm-group, and a file alone', location('/x', $NTLM, $GROUP), $NOBODY);
    warned('... or a directory that is not asked for groups', location('/x', $NTLM, $GROUP, $LDAP), $NOBODY);
    warned('... behind not', location('/x', $NTLM, "<RequireAll>\n$ASK\nRequire not ntlm-group cn=a\n</RequireAll>"), $NOBODY);
    warned('... in several places', location('/x', $NTLM, $GROUP) . location('/y', $NTLM, $GROUP), $NOBODY);
    silent("... with $_", location('/x', $NTLM, "$LDAP $_", $GROUP)) for 'groups=memberOf', 'groupbase=dc=x';
    silent('a user of that name', location('/x', $NTLM, 'Require user ntlm-group'));
}

# ---- Satisfy ----
{
    my $open = location('/', $NTLM, $ASK, 'Satisfy Any');
    warned('Satisfy Any where no address is kept out', $open, qr/Satisfy Any .*no Deny keeps anybody out/);
    open_to_all($open, GET => 200);
    warned('Satisfy Any in a section inside', location('/', $NTLM, $ASK) . location('/x', 'Satisfy any'), qr/Satisfy Any/);
    silent('Satisfy Any for some addresses', location('/', $NTLM, $ASK, 'Order deny,allow', 'Deny from all', 'Allow from 192.0.2.1', 'Satisfy Any'));
    silent('Satisfy Any, and by itself nobody gets in', location('/', $NTLM, $ASK, 'Order allow,deny', 'Allow from 192.0.2.1', 'Satisfy Any'));
    warned('Satisfy Any, and all are let in', location('/', $NTLM, $ASK, 'Order allow,deny', 'Allow from all', 'Satisfy Any'), qr/Satisfy Any/);
    silent('Satisfy All', location('/', $NTLM, $ASK, 'Satisfy All'));
    silent('Satisfy Any elsewhere', location('/y', $NTLM, $ASK) . location('/x', 'Satisfy Any'));
}

# ---- accounts of a domain ----
{
    my %files = (
        corp  => "bob:$HASH\nCORP\\alice:$HASH\nHOME\\alice:$HASH\n",
        plain => "alice:$HASH\nalice\@corp.test:$HASH\n",
        web   => "WEB\\alice:$HASH\nweb.test\\bob:$HASH\n.\\carol:$HASH\n",
    );
    my $of = sub {
        my ($file, @lines) = @_;
        my $path = PrivateHttpd->new->write($file, $files{$file}, 0600);
        return ("AuthType NTLM", "NTLMCredentials file $path", $ASK, @lines);
    };
    my @corp = $of->('corp');
    my @web  = $of->('web');
    my $domain = qr/'CORP\\+alice' is of a domain, and no NTLMDomain says that it is ours, .* is refused; write NTLMDomain CORP\n?$/m;
    warned 'accounts of a domain without NTLMDomain', location('/', @corp), $domain;
    warned '... in two places', location('/x', @corp) . location('/y', @corp), $domain;
    warned '... on a host without', host(a => location('/', @corp), 'NTLMDomain CORP') . host(b => location('/', @corp)), $domain;
    silent '... with one',    location('/', @corp, 'NTLMDomain CORP');
    silent '... outside',     "NTLMDomain CORP\n" . location('/', @corp);
    silent '... elsewhere',   location('/', @corp) . location('/x', 'NTLMDomain CORP');
    silent 'accounts of none', location('/', $of->('plain'));
    silent 'accounts of this computer', "NTLMComputer WEB web.test\n" . location('/', @web);
    silent '... in its section',        location('/', @web, 'NTLMComputer WEB web.test');
    warned '... which is called otherwise', "NTLMComputer OTHER\n" . location('/', @web), qr/'WEB\\+alice' is of a domain.*write NTLMDomain WEB/;
}

sub with_tls {
    my ($text) = @_;
    return sub { my $httpd = PrivateHttpd->new; return "LoadModule ssl_module " . PrivateHttpd::module_folder() . "/mod_ssl.so\n$text" }->();
}
warned 'a section under a server', with_tls("$ON\n" . location('/x', $NTLM, $ASK, $OFF)), $CLEAR;
warned 'a section under another', with_tls(location('/', $NTLM, $ASK, $ON) . location('/x', $OFF)), $CLEAR;
warned 'a folder under another', with_tls(directory('/x', $OFF) . directory('', $NTLM, $ASK, $ON)), $CLEAR;
warned 'files of a section', with_tls(directory('', $NTLM, $ASK, $ON, section(Files => 'a', $OFF))), $CLEAR;
warned 'a host under the main server', with_tls("$ON\n" . host(a => $OFF, location('/x', $NTLM, $ASK))), $CLEAR;
warned 'a section of a host', with_tls(host(a => $ON, location('/x', $NTLM, $ASK, $OFF))), $CLEAR;
silent 'off alone', with_tls(location('/x', $NTLM, $ASK, $OFF));
silent 'off outside, on inside', with_tls("$OFF\n" . location('/x', $NTLM, $ASK, $ON));
silent 'on and off next door', with_tls(location('/x', $NTLM, $ASK, $ON) . location('/y', $NTLM, $ASK, $OFF));
silent 'on and off on two hosts', with_tls(host(a => $ON, location('/x', $NTLM, $ASK)) . host(b => $OFF, location('/x', $NTLM, $ASK)));
silent 'on behind the off that it replaces', with_tls(location('/x', $OFF) . location('/', $NTLM, $ASK, $ON));

done_testing;
