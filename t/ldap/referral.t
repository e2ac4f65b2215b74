#!/usr/bin/perl
# A directory that knows a part of the tree to be elsewhere: who may be there is not unknown, and
# no later source answers for him. And an alias leads nowhere.
use strict;
use warnings;
use FindBin qw($Bin);
use lib "$Bin/../lib";
use LdapHttpd;
use Test::More;

plan skip_all => LdapHttpd::missing() if LdapHttpd::missing();

my %HASH     = %LdapHttpd::HASH;
my $OTHER    = "ou=other,$Slapd::BASE";
my $referral = Slapd::entry("ou=sub,$Slapd::PEOPLE", objectClass => ['referral', 'extensibleObject'], ou => 'sub',
    ref => "ldap://127.0.0.1:1/ou=sub,$Slapd::PEOPLE");
my @alias = (
    Slapd::entry($OTHER, objectClass => 'organizationalUnit', ou => 'other'),
    Slapd::person('outside', dn => "uid=outside,$OTHER", sambaNTPassword => $HASH{alice}),
    Slapd::entry("ou=alias,$Slapd::PEOPLE", objectClass => ['alias', 'extensibleObject'], ou => 'alias',
        aliasedObjectName => "uid=outside,$OTHER"),
);

sub httpd {
    my ($slapd) = @_;
    return LdapHttpd->new(passwords => "carl:$HASH{new}\n",
        credentials => [LdapHttpd::ldap($slapd->search_url('ldap'), 'cache=0'), 'file passwords'])->start;
}

# ---- referrals ----
my $slapd = Slapd->new(entries => [Slapd::people(), $referral])->start;
my $httpd = httpd($slapd);
is $httpd->verdict('alice', $HASH{alice}), '200 ok', 'who is here logs in';
is $httpd->verdict('alice', $HASH{wrong}), '401 wrong-password', '... not with a wrong password';
is $httpd->verdict('carl', $HASH{new}), '503 backend-down', 'who may be elsewhere does not, nor by a later source';
like +($httpd->notices)[-1], qr/cannot look a login up: search: the directory refers us elsewhere/, '... the log says why';
is $httpd->verdict('bob', $HASH{bob}), '200 ok', '... and the server is still in use';
unlike $httpd->error_log, qr/cannot be used/, '... it is not called down';
$httpd->stop;

# ---- aliases ----
$slapd = Slapd->new(entries => [Slapd::people(), @alias])->start;
{
    local $ENV{LDAPDEREF} = 'always';    # what "DEREF always" in ldap.conf says
    $httpd = httpd($slapd);
}
is $httpd->verdict('outside', $HASH{alice}), '401 no-such-user', 'who is under an alias only is not found';
is $httpd->verdict('carl', $HASH{new}), '200 ok', '... and a later source is asked';
is $httpd->verdict('alice', $HASH{alice}), '200 ok', '... and alice is';

done_testing;
