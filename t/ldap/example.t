#!/usr/bin/perl
# conf/ntlm-ldap.conf as it stands, with other servers and folders, and with the access rule
# that its comment shows: its logins work, and nobody else reads the hash.
use strict;
use warnings;
use FindBin qw($Bin);
use lib "$Bin/../lib";
use LdapHttpd;
use Port;
use Test::More;

plan skip_all => LdapHttpd::missing() if LdapHttpd::missing();

my %HASH = %LdapHttpd::HASH;
my $IPA  = "uid=ntlm-httpd,cn=users,cn=accounts,$Slapd::BASE";
my %BASE = ('dc=example,dc=com' => $Slapd::BASE);

# The rule of the comment, and what lets everybody who logs in read the rest.
my ($rule) = PrivateHttpd::example('ntlm-ldap.conf', %BASE) =~ /^(#     access to .*?)^#\n/ms or die 'no rule there';
$rule =~ s/^# {5}//mg;
my $rest = "access to attrs=userPassword by anonymous auth by * none\naccess to * by users read by * none\n";

my $openldap = Slapd->new(access => "$rule$rest")->start;
my $freeipa  = Slapd->new(
    access  => qq{access to attrs=ipaNTHash by dn.exact="$IPA" read by * none\n$rest},
    entries => [
        Slapd::entry("cn=accounts,$Slapd::BASE", objectClass => 'applicationProcess'),
        Slapd::entry("cn=users,cn=accounts,$Slapd::BASE", objectClass => 'applicationProcess'),
        Slapd::entry($IPA, objectClass => [qw(account simpleSecurityObject)], userPassword => $Slapd::PASSWORD),
        Slapd::person('bob', dn => "uid=bob,cn=users,cn=accounts,$Slapd::BASE", ipaNTHash => pack 'H*', $HASH{bob}),
        Slapd::person('dora', dn => "uid=dora,cn=users,cn=accounts,$Slapd::BASE", ipaNTHash => pack('H*', $HASH{bob}),
            nsAccountLock => 'TRUE'),
    ],
)->start;

# The first server of each pair is not there.
my $nobody = '127.0.0.1:' . Port::take();
my $httpd = LdapHttpd->new(text => PrivateHttpd::example('ntlm-ldap.conf', %BASE,
    'ldaps://ldap1.example.com ldap2.example.com' => "ldaps://$nobody " . $openldap->host('ldaps'),
    'ldap://ipa1.example.com ipa2.example.com'    => "ldap://$nobody " . $freeipa->host('ldap'),
    '/etc/apache2/ntlm-ldap.secret'               => '@DIR@/bind.secret',
    '/etc/apache2/ldap-ca.pem'                    => TestCA->instance->certificate('ca'),
) . "\nLogLevel auth_ntlmv2:info\n");
mkdir $httpd->dir . "/htdocs/$_" for qw(intranet ipa);
$httpd->write("htdocs/$_/index.html", "the protected page\n") for qw(intranet ipa);
$httpd->start;

is $httpd->verdict('alice', $HASH{alice}, path => '/intranet/'), '200 ok', 'OpenLDAP: alice logs in';
is $httpd->verdict('alice', $HASH{wrong}, path => '/intranet/'), '401 wrong-password', '... not with a wrong password';
is $httpd->verdict('carl', $HASH{alice}, path => '/intranet/'), '401 no-such-user', '... carl is unknown';
is $httpd->verdict('bob', $HASH{bob}, path => '/ipa/'), '200 ok', 'FreeIPA: bob logs in';
is $httpd->verdict('bob', $HASH{wrong}, path => '/ipa/'), '401 wrong-password', '... not with a wrong password';
is $httpd->verdict('dora', $HASH{bob}, path => '/ipa/'), '401 account-disabled', '... dora is disabled';

for my $who ('', "-D $Slapd::OTHER -w '$Slapd::PASSWORD'") {
    my $said = `ldapsearch -LLL -x $who -H @{[$openldap->url('ldap')]} -b $Slapd::PEOPLE uid=alice 2>&1`;
    unlike $said, qr/sambaNTPassword/i, 'the rule hides the hash from ' . ($who ? 'another account' : 'everybody');
    like $said, qr/uid: alice/, '... which sees the rest' if $who;
}

done_testing;
