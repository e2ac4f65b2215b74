#!/usr/bin/perl
# A file and a directory, asked in their order: who is in the first is in the first, and one
# that is down is never skipped, since it might know another account of that name.
use strict;
use warnings;
use FindBin qw($Bin);
use lib "$Bin/../lib";
use LdapHttpd;
use Test::More;

plan skip_all => LdapHttpd::missing() if LdapHttpd::missing();

my %HASH  = %LdapHttpd::HASH;
my $slapd = Slapd->new(entries => [Slapd::people(),
    Slapd::person('locked', sambaNTPassword => $HASH{new}, sambaAcctFlags => '[L]')])->start;
my $ldap  = LdapHttpd::ldap($slapd->search_url('ldap'), 'timeout=3 cache=0');
my $lines = "alice:$HASH{new}\nfiona:$HASH{new}\nlocked:$HASH{alice}\nbob:$HASH{bob}:[D]\n";

sub httpd { return LdapHttpd->new(credentials => [@_], passwords => $lines)->start }

my $file_first = httpd('file passwords', $ldap);
my $ldap_first = httpd($ldap, 'file passwords');

is $file_first->verdict('fiona', $HASH{new}), '200 ok', 'file, ldap: somebody of the file';
is $file_first->verdict('alice', $HASH{new}), '200 ok', '... somebody of both is who the file says';
is $file_first->verdict('alice', $HASH{alice}), '401 wrong-password', "... not with the directory's password";
is $file_first->verdict('bob', $HASH{bob}), '401 account-disabled', '... who is disabled there, is';
is $file_first->verdict('locked', $HASH{alice}), '200 ok', '... and who is locked in the directory is not asked for';
is $file_first->verdict('carl', $HASH{new}), '401 no-such-user', '... somebody of neither';
is(($file_first->lines)[0]{source}, 'file', 'the log names the file');

is $ldap_first->verdict('alice', $HASH{alice}), '200 ok', 'ldap, file: somebody of both is who the directory says';
is(($ldap_first->lines)[-1]{source}, 'ldap', 'the log names the directory');
is $ldap_first->verdict('alice', $HASH{new}), '401 wrong-password', "... not with the file's password";
is $ldap_first->verdict('fiona', $HASH{new}), '200 ok', '... somebody of the file alone';
is $ldap_first->verdict('fiona', $HASH{wrong}), '401 wrong-password', '... not with a wrong password';
is $ldap_first->verdict('bob', $HASH{bob}), '200 ok', '... who is disabled in the file is not asked for';
is $ldap_first->verdict('locked', $HASH{new}), '401 account-locked', '... who is locked in the directory is locked';
is $ldap_first->verdict('locked', $HASH{alice}), '401 wrong-password', "... and the file does not help";

$slapd->kill_;
is $file_first->verdict('fiona', $HASH{new}), '200 ok', 'directory down; file, ldap: somebody of the file logs in';
is $file_first->verdict('fiona', $HASH{wrong}), '401 wrong-password', '... not with a wrong password';
is $file_first->verdict('carl', $HASH{new}), '503 backend-down', '... of the others nobody can tell';
is $ldap_first->verdict('fiona', $HASH{new}), '503 backend-down', '... ldap, file: the directory is not skipped';
is $ldap_first->verdict('alice', $HASH{new}), '503 backend-down', "... nor is its alice the file's";
$slapd->start;
ok LdapHttpd::within(5, sub { $ldap_first->verdict('fiona', $HASH{new}) eq '200 ok' }),
    'and it is asked again when it is back';
is $ldap_first->verdict('alice', $HASH{new}), '401 wrong-password', '... about everybody';

# ---- two directories ----
my $second = Slapd->new(entries => [map { Slapd::person($_, sambaNTPassword => $HASH{new}) } qw(alice gina)])->start;
my $both   = httpd($ldap, LdapHttpd::ldap($second->search_url('ldap'), 'timeout=3 cache=0'));
is $both->verdict('alice', $HASH{alice}), '200 ok', 'two directories: the first that knows her decides';
is $both->verdict('alice', $HASH{new}), '401 wrong-password', '... not the second';
is $both->verdict('gina', $HASH{new}), '200 ok', '... who knows the others';
$slapd->kill_;
is $both->verdict('gina', $HASH{new}), '503 backend-down', '... while the first is up';

done_testing;
