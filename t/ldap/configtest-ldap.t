#!/usr/bin/perl
# What `httpd -t` says about an NTLMCredentials ldap that cannot work, and what to write
# instead; the password of the bind is in nothing that httpd says, lists or logs.
use strict;
use warnings;
use FindBin qw($Bin);
use lib "$Bin/../lib";
use LdapHttpd;
use Test::More;

plan skip_all => LdapHttpd::missing() if LdapHttpd::missing();

my $URL  = 'ldap://127.0.0.1:1/ou=people,dc=test?uid';
my $BIND = LdapHttpd::bind();
my $DN   = "binddn=$Slapd::SERVICE";

# A configtest of one line. Nothing listens behind the URLs: a configtest connects to nobody.
sub said_of {
    my ($line, %more) = @_;
    my $httpd = LdapHttpd->new(credentials => [$line]);
    $httpd->write('open.secret', "$Slapd::PASSWORD\n", 0644);
    $httpd->write('empty.secret', "\n", 0600);
    my ($ok, $said) = $httpd->configtest;
    unlike $said, qr/\Q$Slapd::PASSWORD\E|literal|'me|\blit\b|\beral\b/, "... and says no password";
    return ($ok, $said);
}

sub refuses {
    my ($name, $line, $wanted) = @_;
    my ($ok, $said) = said_of($line);
    ok !$ok, "$name is an error";
    like $said, $wanted, '... which says what is wrong and what to write';
}

sub accepts {
    my ($name, $line) = @_;
    my ($ok, $said) = said_of($line);
    ok $ok, "$name is fine" or diag $said;
}

# ---- the URL ----
accepts 'several servers', 'ldap "ldap://a:389 b:1389 [::1]:389/ou=people,dc=x?uid?sub?(objectClass=person)"';
accepts "the short form: $_", "ldap $_" for 'ldaps://ldap.example.com/dc=x', 'ldap://a/dc=x??one', 'ldap://a/dc=x?cn??x=y',
    'ldapi://%2Frun%2Fslapd%2Fldapi/dc=x', 'ldap://[::1]/dc=x', '"ldap://a/ou=J%C3%BCrgen,dc=x"';
my %BAD_URL = (
    'http://a/dc=x'                   => qr{begins with ldap://, ldaps:// or ldapi://; write for example ldap://},
    'ldap.example.com'                => qr{begins with ldap://},
    'ldap://a'                        => qr{does not say where to search; write the base DN},
    'ldap://a/?uid'                   => qr{does not say where to search; write the base DN},
    'ldap:///dc=x'                    => qr{names no server; write for example},
    'ldap://a:0/dc=x'                 => qr{'a:0' is no server; write HOST or HOST:PORT},
    'ldap://a:99999/dc=x'             => qr{'a:99999' is no server},
    'ldap://[::1/dc=x'                => qr{is no server},
    '"ldap://a ldap://b/dc=x"'        => qr{is no server.*the scheme once},
    'ldapi://run/dc=x'                => qr{behind ldapi:// stands the socket's path.*%2F},
    'ldap://a/dc=x?uid,cn'            => qr{stands one attribute, the one with the login name},
    'ldap://a/dc=x?uid?base'          => qr{the scope.*is sub .*or one},
    '"ldap://a/dc=x?uid?sub?(a=b"'    => qr{filter},
    '"ldap://a/dc=x?uid?sub?(a=b))"'  => qr{filter},
    'ldap://a/dc=%zz?uid'             => qr{'%' without two hex digits; write %25},
    'ldap://a/dc=%00?uid'             => qr{write %25},
    'ldap://a/dc=x?uid?sub?(a)'       => qr{the filter is none; write one filter},
    '"ldap://a/dc=x?uid?sub?(&(a=b)c)"' => qr{the filter is none},
    'ldap://a/dc=x,y'                 => qr{the base in the URL is no DN},
    'ldap://me:literal@a/dc=x'        => qr{an account does not stand in the URL},
    'ldap://me:lit/eral@a/dc=x'       => qr{an account does not stand in the URL},
    '"ldap://me:lit eral@a/dc=x"'     => qr{an account does not stand in the URL},
    'ldap://me:lit eral@a/dc=x'       => qr{an account does not stand in the URL},
    'ldap://me:12/a=lit x=eral@a/dc=x'  => qr{an account does not stand in the URL},
    'ldap://a/dc=x?uid?sub?(a=b)?x'   => qr{behind the filter nothing may follow},
    '"ldap://' . join(' ', 'a' .. 'q') . '/dc=x"' => qr{more than 16 servers},
);
refuses $_, "ldap $_", $BAD_URL{$_} for sort keys %BAD_URL;

# ---- the options ----
accepts 'every option', "ldap \"$URL\" starttls=on $BIND cacert=@{[TestCA->instance->certificate('ca')]} tlsverify=on timeout=5 "
    . 'cache=30 hash=ipaNTHash state=none domain=CORP groups=memberOf groupbase=ou=groups,dc=x';
my %BAD_OPTION = (
    'color=red'                       => qr{ldap knows no option 'color'; known: .*starttls.*domain},
    'red'                             => qr{option 1 is not written as key=value},
    "$DN bindpw literal"              => qr{option 2 is not written as key=value},
    'timeout=3 timeout=4'             => qr{'timeout' is given twice},
    'starttls=yes'                    => qr{starttls= takes on or off},
    'tlsverify=never'                 => qr{tlsverify= takes on or off},
    'timeout=0'                       => qr{timeout= takes at least 1},
    'timeout=1m'                      => qr{timeout= takes whole seconds, up to},
    'cache=-1'                        => qr{cache= takes whole seconds, up to .*0: nothing is remembered},
    'cache=99999'                     => qr{cache= takes whole seconds},
    'hash=a,b'                        => qr{hash= takes the attribute},
    'state=off'                       => qr{state= takes none},
    'domain='                         => qr{domain= takes the name},
    'domain=A\\\\B'                   => qr{domain= takes the name},
    'groups='                         => qr{groups= takes the attribute .*groups=memberOf},
    'groups=a,b'                      => qr{groups= takes the attribute},
    'groups=SambaNTPassword'          => qr{groups= takes an attribute that names groups, none that a login is decided by},
    'groups=secretHash hash=secretHash' => qr{none that a login is decided by},
    'groupbase=groups'                => qr{groupbase= takes the DN below which the groups \(posixGroup\) are},
    'groupbase=ou=groups,x'           => qr{groupbase= is no DN; write for example "groupbase=},
    'sasl=gssapi'                     => qr{sasl= takes external},
    'sasl=external'                   => qr{write cert= and key=, or ldapi://},
    "sasl=external $BIND"             => qr{needs neither binddn= nor bindpw=},
    $DN                               => qr{binddn= and bindpw= belong together},
    'bindpw=file:@DIR@/bind.secret'   => qr{binddn= and bindpw= belong together},
    'binddn=httpd bindpw=file:@DIR@/bind.secret' => qr{binddn= takes the DN},
    'binddn=cn=httpd,test bindpw=file:@DIR@/bind.secret' => qr{binddn= is no DN},
    "$DN bindpw=literal"              => qr{never holds the password itself; write bindpw=file:},
    "$DN bindpw=file:bind.secret"     => qr{takes a whole path},
    "$DN bindpw=file:\@DIR\@/missing" => qr{bindpw=file: .*missing.*No such file},
    "$DN bindpw=file:\@DIR\@/open.secret" => qr{open\.secret.*chmod 600},
    "$DN bindpw=file:\@DIR\@/empty.secret" => qr{the password is empty},
    "$DN bindpw=file:\@DIR\@/htdocs"  => qr{is not a regular file},
    "$DN bindpw=exec:cat"             => qr{takes a program's whole path},
    "$DN bindpw=exec:/bin/false"      => qr{/bin/false fails},
    "$DN bindpw=exec:/not/there"      => qr{/not/there (?:cannot be run|fails)},
    "$DN bindpw=exec:/bin/true"       => qr{the password is empty},
    "$DN bindpw=env:NTLM_NOT_SET"     => qr{has no NTLM_NOT_SET},
    'cacert=/not/there starttls=on'   => qr{cacert=.*/not/there},
    'cacert=ca.pem starttls=on'       => qr{cacert= takes a whole path},
    'cacert=/etc/passwd'      => qr{are about TLS; write ldaps:// or starttls=on},
    'tlsverify=off'                   => qr{are about TLS},
    'cert=/etc/passwd starttls=on' => qr{cert= and key= belong together},
);
refuses "ldap URL $_", qq{ldap "$URL" $_}, $BAD_OPTION{$_} for sort keys %BAD_OPTION;
refuses 'StartTLS on ldaps', 'ldap ldaps://a/dc=x starttls=on', qr{leave starttls= out, or write ldap://};
refuses 'StartTLS on ldapi', 'ldap ldapi://%2Fx/dc=x starttls=on', qr{leave starttls= out};
refuses 'the same source twice', qq{ldap "$URL"\n    NTLMCredentials ldap "$URL"}, qr{named twice};
refuses 'users of two domains under one name', qq{ldap "$URL" domain=CORP\n    NTLMCredentials ldap "$URL" domain=HOME},
    qr{domains 'CORP' and 'HOME' may have one name; write NTLMUserFormat domain\\+user};
accepts 'users of two domains, each with his domain',
    qq{ldap "$URL" domain=CORP\n    NTLMCredentials ldap "$URL" domain=HOME\n    NTLMUserFormat domain\\user};
refuses 'no URL', 'ldap', qr{takes a backend and its source};
refuses 'an unknown backend', 'ldpa x', qr{unknown backend 'ldpa'; known: .*file.*ldap|known: .*ldap.*file};

# ---- the password ----
my $slapd = Slapd->new->start;
my $httpd = LdapHttpd->new(level => 'trace8', modules => ['info', 'status'],
    before => qq{<Location "/server-info">\nSetHandler server-info\n</Location>\n},
    credentials => [LdapHttpd::ldap($slapd->search_url('ldap'), 'cache=0 timeout=3')]);
my (undef, $dump) = $httpd->run_httpd('-t -DDUMP_CONFIG');
like $dump, qr/NTLMCredentials ldap/, 'DUMP_CONFIG lists the line';
unlike $dump, qr/\Q$Slapd::PASSWORD\E/, '... without the password';
$httpd->start;
is $httpd->verdict('alice', $LdapHttpd::HASH{alice}), '200 ok', 'the password is right';
my ($status, $page) = $httpd->curl('alice', 'Secr3t!pw', '/server-info');
SKIP: {
    skip 'there is no mod_info', 2 if $status != 200;
    like $page, qr/NTLMCredentials/, 'server-info lists the line';
    unlike $page, qr/\Q$Slapd::PASSWORD\E/, '... without the password';
}
$slapd->change("dn: $Slapd::SERVICE\nchangetype: modify\nreplace: userPassword\nuserPassword: another\n");
$httpd->stop;
$httpd->start;
is $httpd->verdict('alice', $LdapHttpd::HASH{alice}), '503 backend-down', 'and now it is not';
$httpd->stop;
unlike $httpd->error_log, qr/\Q$Slapd::PASSWORD\E/, 'at trace8 the log has no password';
unlike $httpd->error_log, qr/$LdapHttpd::HASH{alice}/i, '... and no hash';

done_testing;
