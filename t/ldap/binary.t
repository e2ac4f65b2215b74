#!/usr/bin/perl
# The hash is 32 hex digits or 16 bytes, whatever bytes they are; anything else is no hash.
use strict;
use warnings;
use FindBin qw($Bin);
use lib "$Bin/../lib";
use LdapHttpd;
use Test::More;

plan skip_all => LdapHttpd::missing() if LdapHttpd::missing();

my %RAW = (
    zero     => '00112233004455660077889900aabb00',
    inside   => 'd9fe524d00000000a34400000000fe93',
    high     => 'ffffffffffffffffffffffffffffff80',
    text     => unpack('H*', 'deadbeefdeadbeef'),
    lines    => '0a0d0a0d0a0d0a0d0a0d0a0d0a0d0a0d',
);
my %BAD = (
    short    => [ipaNTHash => pack 'H*', 'd9fe524deb5705ac74ea341ff18afe'],
    long     => [ipaNTHash => pack 'H*', 'd9fe524deb5705ac74ea341ff18afe9300'],
    nodigits => [sambaNTPassword => 'Z9FE524DEB5705AC74EA341FF18AFE93'],
    cut      => [sambaNTPassword => 'D9FE524DEB5705AC74EA341FF18AFE9'],
);
my $alice = $LdapHttpd::HASH{alice};
my $slapd = Slapd->new(entries => [
    (map { Slapd::person($_, ipaNTHash => pack 'H*', $RAW{$_}) } sort keys %RAW),
    (map { Slapd::person($_, @{$BAD{$_}}) } sort keys %BAD),
    Slapd::person('crossed', sambaNTPassword => 'X' x 32),
    Slapd::person('hextext', ipaNTHash => $alice),
    Slapd::person('both', sambaNTPassword => $alice, ipaNTHash => pack 'H*', $LdapHttpd::HASH{bob}),
    Slapd::person('upper', sambaNTPassword => uc $alice),
    Slapd::person('lower', sambaNTPassword => lc $alice),
])->start;

sub httpd { return LdapHttpd->new(credentials => [LdapHttpd::ldap($slapd->search_url('ldap'), @_)])->start }

my %httpd = ('by default' => httpd(), 'hash=ipaNTHash' => httpd('hash=ipaNTHash'));
for my $way (sort keys %httpd) {
    for my $user (sort keys %RAW) {
        is $httpd{$way}->verdict($user, $RAW{$user}), '200 ok', "16 bytes: $user, $way";
        is $httpd{$way}->verdict($user, $alice), '401 wrong-password', '... not with another password';
    }
    my $zeros = $RAW{inside} =~ s/^.{8}\K.*/'0' x 24/er;
    is $httpd{$way}->verdict('inside', $zeros), '401 wrong-password', '... nor with what stands before the first 0';
    is $httpd{$way}->verdict('hextext', $alice), '200 ok', "32 hex digits: $way";
}
is $httpd{'by default'}->verdict($_, $alice), '200 ok', "32 hex digits in $_ case" for qw(upper lower);
is $httpd{'by default'}->verdict('both', $alice), '200 ok', 'sambaNTPassword comes first';
is $httpd{'by default'}->verdict('both', $LdapHttpd::HASH{bob}), '401 wrong-password', '... and is the only one that counts';
is $httpd{'hash=ipaNTHash'}->verdict('both', $LdapHttpd::HASH{bob}), '200 ok', 'hash= names the other one';
is $httpd{'hash=ipaNTHash'}->verdict('both', $alice), '401 wrong-password', '... alone';

for my $user (sort keys %BAD) {
    my ($status, $said) = split ' ', $httpd{'by default'}->verdict($user, $alice);
    is $status, 401, "a hash that is none logs nobody in: $user";
    is $said, 'bad-entry', '... and the log tells it from a wrong password';
}
for my $hash ('31d6cfe0d16ae931b73c59d7e0c089c0', '0' x 32, $alice) {
    my ($r) = $httpd{'by default'}->login('crossed', $hash);
    is $r->status, 401, 'a hash that is crossed out logs nobody in';
}

done_testing;
