#!/usr/bin/perl
# A password that was changed just before an outage: what is remembered knows the old one, and
# may not say that the new one is wrong, however often it is tried.
use strict;
use warnings;
use FindBin qw($Bin);
use lib "$Bin/../lib";
use LdapHttpd;
use Test::More;

plan skip_all => LdapHttpd::missing() if LdapHttpd::missing();

my %HASH  = %LdapHttpd::HASH;
my $slapd = Slapd->new->start;
my $httpd = LdapHttpd->new(credentials => [LdapHttpd::ldap($slapd->search_url('ldap'), 'timeout=3 cache=600')])->start;

is $httpd->verdict('bob', $HASH{bob}), '200 ok', 'bob logs in, and is remembered';
$slapd->set('bob', sambaNTPassword => $HASH{new});
$slapd->kill_;
is $httpd->verdict('bob', $HASH{new}), '503 backend-down', "the new password in an outage: 503 ($_)" for 1 .. 12;
is $httpd->verdict('bob', $HASH{wrong}), '503 backend-down', 'a wrong one too';

$slapd->start;
ok LdapHttpd::within(10, sub { $httpd->verdict('bob', $HASH{new}) eq '200 ok' }), 'the directory is back: the new password is right';
is $httpd->verdict('bob', $HASH{bob}), '401 wrong-password', '... and the old one wrong';

done_testing;
