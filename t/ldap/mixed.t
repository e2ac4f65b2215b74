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
is $file_first->verdict('carl', $HASH{new}), '503 backend-down', '... of the others nobody can tell';
my ($nobody) = $file_first->login('carl', $HASH{new});
for my $refused (['fiona', $HASH{wrong}, 'wrong-password'], ['bob', $HASH{bob}, 'account-disabled']) {
    my ($user, $hash, $why) = @$refused;
    my ($r, $c) = $file_first->login($user, $hash);
    is $r->seen_by_client, $nobody->seen_by_client, "... $why: 503 as well, or 401 would tell who is in the file";
    like +($file_first->lines($c))[-1]{text}, qr/ntlm: backend-down: user=$user .* source=file .*: $why, which nobody is told/,
        '... the log says it';
}
my $live = $file_first->log_in('fiona', $HASH{new});
is $live->get('/')->status, 200, '... a login that lives goes on';
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


# ---- one person, two domains ----
# CORP\carol of the first source is the carol of the second, whatever domain the client names;
# of two domains they are two persons.
my %FILE = (mine => "CORP\\carol:$HASH{new}:[D]\nCORP\\dora:$HASH{new}\nCORP\\erin:$HASH{new}:[D]\n"
    . "CORP\\two:$HASH{new}\nHOME\\two:$HASH{new}\n", plain => "carol:$HASH{alice}\nfred:$HASH{alice}\n");
my @persons = (
    (map { Slapd::person($_, sambaNTPassword => $HASH{bob}) } qw(carol dora two)),
    Slapd::person('erin', sambaNTPassword => $HASH{bob}, sambaDomainName => 'OTHER'),
    Slapd::person('fred', sambaNTPassword => $HASH{bob}, sambaDomainName => 'CORP', sambaAcctFlags => '[D]'),
);
my $third = Slapd->new(entries => [@persons])->start;
for my $cache (0, 60) {
    my $own   = LdapHttpd::ldap($third->search_url('ldap'), "cache=$cache");
    my $first = LdapHttpd->new(credentials => ['file passwords', $own], passwords => $FILE{mine})->start;
    for my $domain (['OTHER', 'of OTHER'], ['', 'of no domain'], ['CORP', 'of CORP']) {
        my @as = (domain => $domain->[0]);
        is $first->verdict('carol', $HASH{bob}, @as), '401 wrong-password', "cache=$cache: carol $domain->[1] is the file's";
        is $first->verdict('carol', $HASH{new}, @as), '401 account-disabled', '... and disabled there';
        is $first->verdict('dora', $HASH{bob}, @as), '401 wrong-password', "dora $domain->[1] is the file's";
        is $first->verdict('dora', $HASH{new}, @as), '200 ok', '... and logs in';
    }
    is $first->verdict($_, $HASH{bob}), '401 wrong-password', "... so is $_" for 'OTHER\\carol', 'carol@other';
    is $first->verdict('erin', $HASH{bob}, domain => 'OTHER'), '200 ok', 'erin of OTHER is another person than the one of CORP';
    is $first->verdict('erin', $HASH{bob}, domain => ''), '200 ok', '... and found without a domain, too';
    is $first->verdict('two', $HASH{bob}, domain => 'OTHER'), '401 ambiguous-user', 'one who might be two is nobody';
    is $first->verdict('two', $HASH{new}, domain => 'HOME'), '200 ok', '... but who says which';
    my $then = LdapHttpd->new(credentials => [$own, 'file passwords'], passwords => $FILE{plain})->start;
    is $then->verdict('fred', $HASH{alice}, domain => 'OTHER'), '401 wrong-password', 'ldap, file: fred is disabled in CORP';
    is $then->verdict('fred', $HASH{bob}, domain => 'OTHER'), '401 account-disabled', '... whatever domain he names';
    $_->stop for $first, $then;
}

done_testing;
