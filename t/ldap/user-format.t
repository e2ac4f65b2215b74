#!/usr/bin/perl
# REMOTE_USER is one person's, whatever the names in a directory hold: an account that is called
# like a user and a domain is not taken for that user of that domain.
use strict;
use warnings;
use FindBin qw($Bin);
use lib "$Bin/../lib";
use LdapHttpd;
use Test::More;

plan skip_all => LdapHttpd::missing() if LdapHttpd::missing();

my %HASH  = %LdapHttpd::HASH;
my $slapd = Slapd->new(entries => [
    Slapd::person('carol', sambaNTPassword => $HASH{alice}, sambaDomainName => 'CORP'),
    Slapd::person('carol@CORP', sambaNTPassword => $HASH{bob}),
])->start;
my $httpd = LdapHttpd->new(
    modules     => ['headers'],
    before      => qq{Header always set X-User "expr=%{REMOTE_USER}"\n},
    credentials => [LdapHttpd::ldap($slapd->search_url('ldap'))],
    within      => 'NTLMUserFormat user@domain',
)->start;

my ($r) = $httpd->login('carol', $HASH{alice});
is $r->header('X-User'), 'carol@CORP', 'carol of CORP';
($r) = $httpd->login('X\\carol@CORP', $HASH{bob});
isnt $r->status . ' ' . ($r->header('X-User') // ''), '200 carol@CORP', 'the account carol@CORP is not she';
done_testing;
