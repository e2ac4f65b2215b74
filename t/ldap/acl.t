#!/usr/bin/perl
# An entry whose hash the directory hides is no wrong password: the log tells the
# administrator, the client sees the same.
use strict;
use warnings;
use FindBin qw($Bin);
use lib "$Bin/../lib";
use LdapHttpd;
use Test::More;

plan skip_all => LdapHttpd::missing() if LdapHttpd::missing();

my $slapd = Slapd->new(entries => [Slapd::people(), Slapd::person('nohash')])->start;
my $other = "binddn=$Slapd::OTHER bindpw=file:\@DIR\@/bind.secret";
my $httpd = LdapHttpd->new(credentials => ['ldap "' . $slapd->search_url('ldap') . qq{" $other}])->start;

sub seen { my ($response) = $httpd->login(@_); return $response->seen_by_client }

is $httpd->verdict('alice', $LdapHttpd::HASH{alice}), '401 hash-unreadable', 'a hidden hash has its own status';
is $httpd->verdict('alice', $LdapHttpd::HASH{bob}), '401 hash-unreadable', '... whatever the password';
is $httpd->verdict('nohash', $LdapHttpd::HASH{alice}), '401 hash-unreadable', 'so has an entry without one';
is $httpd->verdict('carl', $LdapHttpd::HASH{alice}), '401 no-such-user', 'an entry that is not there has another';
is seen('alice', $LdapHttpd::HASH{alice}), seen('carl', $LdapHttpd::HASH{alice}), 'the client sees no difference';
my ($line) = grep { $_->{status} eq 'hash-unreadable' } $httpd->lines;
is "$line->{user} $line->{source}", 'alice ldap', 'the line names the user and the source';

# ---- the service account reads it, and nobody else does ----
my $service = LdapHttpd->new(credentials => [LdapHttpd::ldap($slapd->search_url('ldap'))])->start;
is $service->verdict('alice', $LdapHttpd::HASH{alice}), '200 ok', 'the service account may read it';
is $service->verdict('alice', $LdapHttpd::HASH{wrong}), '401 wrong-password', '... a wrong password is one';
for my $who ("-x", "-x -D $Slapd::OTHER -w '$Slapd::PASSWORD'") {
    my $said = `ldapsearch -LLL $who -H @{[$slapd->url('ldap')]} -b $Slapd::PEOPLE uid=alice 2>&1`;
    unlike $said, qr/sambaNTPassword/i, "ldapsearch $who sees no hash";
}

# ---- an administrator mends it: no restart ----
my $quick = LdapHttpd->new(credentials => ['ldap "' . $slapd->search_url('ldap') . qq{" $other cache=1}])->start;
is $quick->verdict('alice', $LdapHttpd::HASH{alice}), '401 hash-unreadable', 'hidden again';
$slapd->stop;
my $conf = $slapd->configuration =~ s/dn\.exact="$Slapd::SERVICE" read/users read/r;
$slapd->write('slapd.conf', $conf, 0600);
$slapd->start;
ok LdapHttpd::within(10, sub { $quick->verdict('alice', $LdapHttpd::HASH{alice}) eq '200 ok' }),
    'when the directory shows it, she logs in';

done_testing;
