#!/usr/bin/perl
# NTLMThrottle and a directory: no spelling that the directory takes for the same name, and no
# outage, leaves more guesses.
use strict;
use warnings;
use FindBin qw($Bin);
use lib "$Bin/../lib";
use LdapHttpd;
use Test::More;

plan skip_all => LdapHttpd::missing() if LdapHttpd::missing();

my %HASH  = %LdapHttpd::HASH;
my $slapd = Slapd->new(entries => [Slapd::people(), Slapd::person('bobby', sambaNTPassword => $HASH{alice})])->start;

sub httpd {
    return LdapHttpd->new(modules => ['socache_shmcb'], within => 'NTLMThrottle 3/300',
        credentials => [LdapHttpd::ldap($slapd->search_url('ldap'))])->start;
}

# ---- what OpenLDAP takes for alice ----
my $httpd = httpd();
like $httpd->verdict(alice => $HASH{wrong}), qr/^401 wrong-password/, 'a wrong password of alice' for 1 .. 3;
like $httpd->verdict(alice => $HASH{alice}), qr/^429/, '... and she is sent away';
like $httpd->verdict($_, $HASH{alice}), qr/^429/, "... as '$_', too" for 'alice ', ' alice', 'alice  ';
for my $name ("\x{ff41}lice", "alic\x{24d4}") {
    my $shown = $name =~ s/([^ -~])/sprintf '\\x{%x}', ord $1/ger;
    is $httpd->verdict($name, $HASH{alice}), '401 no-such-user', "'$shown' is not another way in";
}
$httpd->stop;

$httpd = httpd();
is $httpd->verdict($_, $HASH{alice}), '401 no-such-user', "'$_' is nobody" for 'alice ', ' alice', '  Alice  ';
like $httpd->verdict(alice => $HASH{alice}), qr/^429/, '... and counts as what the directory takes it for';
$httpd->stop;

# ---- names with nobody behind their domain ----
$httpd = httpd();
for my $name ('CORP\\', '\\', 'A\B\\', '.\\', '@\\', '@') {
    like eval { $httpd->verdict($name, $HASH{alice}) } // 'none', qr/^(?:401 no-such-user|429 .*)$/, "'$name' is nobody";
}
is $httpd->verdict(alice => $HASH{alice}), '200 ok', 'who is somebody logs in';
unlike $httpd->error_log, qr/exit signal/, 'no child has died';
$httpd->stop;

# ---- an outage ----
# Whom somebody knows is guessed at no oftener than else; but no count shows who that is.
sub outage {
    my ($what, $known, @credentials) = @_;
    my $server = LdapHttpd->new(modules => ['socache_shmcb'], within => 'NTLMThrottle 3/300', credentials => \@credentials,
        passwords => "alice:$HASH{alice}\nzoe:$HASH{alice}\n")->start;
    is $server->verdict($_ => $HASH{alice}), '200 ok', "$what: $_ logs in" for @$known;
    $slapd->stop;
    is $server->verdict($_ => $HASH{alice}), '200 ok', "$what, down: $_ does still" for @$known;
    my ($nobody) = $server->login(carol => $HASH{wrong});
    for my $name ($known->[0], 'carol') {
        my %seen;
        $seen{($server->login($name => $HASH{wrong}))[0]->seen_by_client}++ for 1 .. 8;
        is_deeply \%seen, {$nobody->seen_by_client => 8}, "... $name with wrong passwords is 503, eight times";
    }
    is $server->verdict($known->[0] => $HASH{alice}), '503 backend-down', '... and the right one cannot be found by trying';
    is $server->verdict($known->[1] => $HASH{alice}), '200 ok', '... which is nothing to others';
    $slapd->start;
    ok LdapHttpd::within(10, sub { $server->verdict($known->[0] => $HASH{alice}) eq '200 ok' }), "$what is back: so is $known->[0]";
    for my $name ($known->[0], 'carol') {
        like $server->verdict($name => $HASH{wrong}), qr/^401 /, "... $name with a wrong password ($_)" for 1 .. 3;
        like $server->verdict($name => $HASH{wrong}), qr/^429/, '... is sent away after three, as ever';
    }
    $server->stop;
    return;
}
my $ldap = LdapHttpd::ldap($slapd->search_url('ldap'), 'cache=600');
outage('what is remembered',  ['alice', 'bobby'], $ldap);
outage('a file before it',    ['alice', 'zoe'], 'file passwords', LdapHttpd::ldap($slapd->search_url('ldap'), 'cache=0'));

done_testing;
