#!/usr/bin/perl
# The overlay smbk5pwd keeps the NT hash in step with the password: after ldappasswd the new
# one logs in here. This is what docs/accounts.md tells about OpenLDAP.
use strict;
use warnings;
use FindBin qw($Bin);
use lib "$Bin/../lib";
use LdapHttpd;
use Test::More;

plan skip_all => LdapHttpd::missing() if LdapHttpd::missing();
plan skip_all => 'there is no smbk5pwd (package slapd-contrib)' if !-e '/usr/lib/ldap/smbk5pwd.so';
plan skip_all => 'there is no curl (package curl)' if !-x '/usr/bin/curl';

my $UMLAUT = '04e9d4087e1303bea8e5239aa5ddd064';    # of Pässwörd€, which curl takes for other letters

# Everybody may change the own password; the overlay writes the hash for them.
my $access = $Slapd::ACCESS =~ s/(attrs=userPassword by)/$1 self write by/r;
my $slapd  = Slapd->new(
    modules => ['smbk5pwd'],
    conf    => "overlay smbk5pwd\nsmbk5pwd-enable samba\n",
    access  => $access,
    entries => [Slapd::person('alice', userPassword => 'first', sambaPwdLastSet => '0')],
)->start;
my $httpd = LdapHttpd->new(credentials => [LdapHttpd::ldap($slapd->search_url('ldap'))])->start;

sub ldappasswd {
    my ($user, $old, $new) = @_;
    return $slapd->tool('ldappasswd', '', '-x', '-D', "uid=$user,$Slapd::PEOPLE", '-w', $old, '-s', $new);
}
sub status { return ($httpd->curl('alice', $_[0], '/'))[0] }

is status('first'), 401, 'an entry without an NT hash logs nobody in';
my ($ok, $said) = ldappasswd('alice', 'first', 'Secr3t!pw');
ok $ok, 'alice changes her password in the directory' or diag $said;
is status('Secr3t!pw'), 200, 'it logs her in';
is status('first'), 401, '... the one before does not';
($ok, $said) = ldappasswd('alice', 'Secr3t!pw', 'Pässwörd€');
ok $ok, 'and again, with letters outside ASCII' or diag $said;
is $httpd->verdict('alice', $UMLAUT), '200 ok', '... which logs her in at once, though the first is remembered here';
is status('Secr3t!pw'), 401, '... the one before does not';
is status('wrong'), 401, '... nor does another one';
($ok) = ldappasswd('alice', 'Secr3t!pw', 'x');
ok !$ok, 'nobody changes it who does not know it';

# A plain modify of userPassword is not what the overlay follows.
$slapd->set('alice', userPassword => 'Password');
is $httpd->verdict('alice', $UMLAUT), '200 ok', 'ldapmodify of userPassword leaves the NT hash as it was';
is status('Password'), 401, '... so that logins here go on with the old one';

done_testing;
