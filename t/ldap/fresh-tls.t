#!/usr/bin/perl
# Every new connection with TLS logs in, at once or when the handshake comes in pieces: libldap
# comes back in the middle of it, which is no failure. What comes too slowly ends in time.
use strict;
use warnings;
use FindBin qw($Bin);
use lib "$Bin/../lib";
use Clocked qw(timed);
use HangingServer;
use LdapHttpd;
use Test::More;

plan skip_all => LdapHttpd::missing() if LdapHttpd::missing();

use constant {TIMES => 50, IN_PIECES => 5};

my $slapd = Slapd->new->start;
my $tls   = 'cache=0 cacert=' . TestCA->instance->certificate('ca');
my %HASH  = %LdapHttpd::HASH;
my %WAY   = (ldaps => ['ldaps', ''], StartTLS => ['ldap', ' starttls=on']);

# An httpd with so many sources, each of which has connections of its own: in the folders 1, 2, ...
sub httpd {
    my ($way, $host, $times, $options) = @_;
    my ($scheme, $more) = @{$WAY{$way}};
    my $httpd = LdapHttpd->new(credentials => ['file passwords'], passwords => "none:$HASH{wrong}\n");
    for my $n (1 .. $times) {
        my $source = LdapHttpd::ldap("$scheme://$host/$Slapd::PEOPLE?uid?sub?(!(uid=none$n))", "$tls$more $options");
        $httpd->{text} .= qq{<Location "/$n">\nNTLMCredentials $source\n</Location>\n};
        mkdir $httpd->dir . "/htdocs/$n";
        $httpd->write("htdocs/$n/index.html", "the protected page\n");
    }
    return $httpd->start;
}

sub all_log_in {
    my ($what, $httpd, $times) = @_;
    my @right = map { $httpd->verdict('alice', $HASH{alice}, path => "/$_/") } 1 .. $times;
    is scalar(grep { $_ eq '200 ok' } @right), $times, "$what: all of $times new connections log in"
        or diag join("\n", @right, ($httpd->notices)[0] // ());
    my @wrong = map { $httpd->verdict('alice', $HASH{wrong}, path => "/$_/") } 1 .. $times;
    is scalar(grep { $_ eq '401 wrong-password' } @wrong), $times, '... not with a wrong password';
    $httpd->stop;
    return;
}

for my $way (sort keys %WAY) {
    my ($scheme) = @{$WAY{$way}};
    my $port = $slapd->{port}{$scheme};
    all_log_in($way, httpd($way, $slapd->host($scheme), TIMES, 'timeout=20'), TIMES);
    all_log_in("$way, in pieces", httpd($way, HangingServer->slow($port, 0.01, 100)->host, IN_PIECES, 'timeout=20'), IN_PIECES);

    my $httpd = httpd($way, HangingServer->slow($port, 0.05, 10)->host, 1, 'timeout=1');
    my ($verdict, $seconds, $cpu) = timed($httpd, 'alice', $HASH{alice}, path => '/1/');
    is $verdict, '503 backend-down', "$way, a few bytes at a time: it is down";
    cmp_ok $seconds, '<', 4, '... when its time is over';
    cmp_ok $seconds, '>', 0.5, '... and not before';
    cmp_ok $cpu, '<', 0.3 * $seconds, '... and no child burns CPU';
    like +($httpd->notices)[0], qr/TLS: it does not answer in time/, '... the log says so';
    $httpd->stop;
}

done_testing;
