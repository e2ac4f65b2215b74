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
    Slapd::person('dora@home.test', sambaNTPassword => $HASH{bob}),
])->start;
my $httpd = LdapHttpd->new(
    modules     => ['headers'],
    before      => qq{Header always set X-User "expr=%{REMOTE_USER}"\n},
    credentials => [LdapHttpd::ldap($slapd->search_url('ldap'))],
    within      => 'NTLMUserFormat user@domain',
)->start;

# The status in the log and REMOTE_USER.
sub who {
    my ($r, $c) = $httpd->login(@_);
    return join ' ', $httpd->logged($c), $r->header('X-User') // '';
}

is who('carol', $HASH{alice}), 'ok carol@CORP', 'carol of CORP';
is who('X\\carol@CORP', $HASH{bob}) =~ s/ .*//r, 'ambiguous-user', 'the account carol@CORP is not she';
is who('carol', $HASH{alice}), 'ok carol@CORP', '... and she logs in as before';
is who('dora@home.test', $HASH{bob}), 'ok dora@home.test', 'an account like nobody else keeps its name';
done_testing;
