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
my $slapd = Slapd->new->start;

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
$httpd = httpd();
is $httpd->verdict(alice => $HASH{alice}), '200 ok', 'alice logs in, and is remembered';
$slapd->stop;
is $httpd->verdict(alice => $HASH{alice}), '200 ok', 'while the directory is down, too';
is $httpd->verdict(alice => $HASH{wrong}), '503 backend-down', '... where a wrong password is an outage' for 1 .. 3;
like $httpd->verdict(alice => $HASH{wrong}), qr/^429/, '... which counts all the same';
like $httpd->verdict(alice => $HASH{alice}), qr/^429/, '... so that the right one cannot be found by trying';
is $httpd->verdict(carol => $HASH{wrong}), '503 backend-down', 'who is not remembered is not counted' for 1 .. 5;

done_testing;
