#!/usr/bin/perl
# conf/require-ldap.conf as it stands, with other servers and folders: who comes in by groups
# that the login brings along, and by what mod_authnz_ldap looks for.
use strict;
use warnings;
use FindBin qw($Bin);
use lib "$Bin/../lib";
use LdapHttpd;
use Test::More;

plan skip_all => LdapHttpd::missing() if LdapHttpd::missing();
plan skip_all => 'there is no memberof.so (package slapd)' if !-e '/usr/lib/ldap/memberof.so';
plan skip_all => 'there is no mod_authnz_ldap (package apache2-bin)' if !-e PrivateHttpd::module_folder() . '/mod_authnz_ldap.so';

my %HASH = %LdapHttpd::HASH;
my $slapd = Slapd->new(
    modules => ['memberof'],
    conf    => "overlay memberof\n",
    entries => [
        Slapd::person('alice', sambaNTPassword => $HASH{alice}, employeeType => 'full-time'),
        Slapd::person('bob',   sambaNTPassword => $HASH{bob}, employeeType => 'guest'),
        Slapd::person('carol', sambaNTPassword => $HASH{new}, sambaDomainName => 'CORP'),
        Slapd::entry("cn=wheel,$Slapd::GROUPS", objectClass => 'posixGroup', cn => 'wheel', gidNumber => 20, memberUid => 'carol'),
    ],
)->start;
my %members = (staff => ['alice', 'carol'], guests => ['bob'], editors => ['alice']);
$slapd->add(Slapd::entry("cn=$_,$Slapd::GROUPS", objectClass => 'groupOfNames', cn => $_,
    member => [map { "uid=$_,$Slapd::PEOPLE" } @{$members{$_}}])) for sort keys %members;

my $text = PrivateHttpd::example('require-ldap.conf',
    'dc=example,dc=com'             => $Slapd::BASE,
    'ldaps://ldap1.example.com'     => 'ldaps://' . $slapd->host('ldaps'),
    '/etc/apache2/ntlm-ldap.secret' => '@DIR@/bind.secret',
    '/etc/apache2/ldap-ca.pem'      => TestCA->instance->certificate('ca'),
) . "\nLogLevel auth_ntlmv2:info\n";
my @FOLDERS = ('', qw(/staff /not-guests /ldap /ldap/editors /ldap/wheel /ldap/full-time));

sub httpd {
    my ($what) = @_;
    my $made   = LdapHttpd->new(modules => ['ldap', 'authnz_ldap'], text => $what);
    my $folder = $made->dir . '/htdocs/intranet';
    for my $path (map { "$folder$_" } @FOLDERS) { mkdir $path or die "$path: $!\n" }
    $made->write("htdocs/intranet$_/index.html", "the protected page\n") for @FOLDERS;
    return $made;
}
my $httpd = httpd($text);
my (undef, $said) = $httpd->configtest;
is $said, "Syntax OK\n", 'configtest has nothing to say';
$httpd->start;

my %KEY = (alice => $HASH{alice}, bob => $HASH{bob}, carol => $HASH{new});

sub lets_in {
    my ($what, $path, @welcome) = @_;
    my %welcome = map { $_ => 1 } @welcome;
    is $httpd->connection->get("/intranet$path/")->status, 401, "$what: asks for a login";
    for my $user (sort keys %KEY) {
        my ($r, $c) = $httpd->login($user, $KEY{$user}, path => "/intranet$path/");
        my $wanted = $welcome{$user} ? 200 : 403;
        is $r->status, $wanted, "... $user " . ($wanted == 200 ? 'comes in' : 'does not');
        is $c->get("/intranet$path/")->status, $wanted, '... and is not asked again';
    }
    is(($httpd->login('alice', $HASH{wrong}, path => "/intranet$path/"))[0]->status, 401, '... nobody with a wrong password');
    return;
}

lets_in('valid-user',                 '',                qw(alice bob carol));
lets_in('ntlm-group',                 '/staff',          qw(alice carol));
lets_in('not ntlm-group',             '/not-guests',     qw(alice carol));
lets_in('ldap-group by DN',           '/ldap/editors',   qw(alice));
lets_in('ldap-group by name',         '/ldap/wheel',     qw(carol));
lets_in('ldap-attribute',             '/ldap/full-time', qw(alice));

is(($httpd->login('carol@corp.example.com', $KEY{carol}, path => '/intranet/ldap/wheel/', domain => ''))[0]->status, 200, 'who types the DNS name of his domain comes in');

my $other = httpd($text =~ s/NTLMUserFormat user$/NTLMUserFormat domain\\user/mr);
$other->start;
is(($other->login($_, $KEY{$_}, path => '/intranet/ldap/wheel/'))[0]->status, 403, "mod_authnz_ldap finds no $_ by another NTLMUserFormat")
    for 'carol';

done_testing;
