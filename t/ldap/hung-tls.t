#!/usr/bin/perl
# A server that is cut off in the middle of a TLS record, of the handshake or of an answer: the
# next one answers within the time limit, no thread waits longer, and nobody burns CPU meanwhile.
use strict;
use warnings;
use FindBin qw($Bin);
use lib "$Bin/../lib";
use Clocked qw(timed);
use HangingServer;
use LdapHttpd;
use Test::More;

plan skip_all => LdapHttpd::missing() if LdapHttpd::missing();

my $TIMEOUT = 1;
my %HASH    = %LdapHttpd::HASH;
my $cut     = Slapd->new->start;
my $well    = Slapd->new->start;
my $tls     = 'cacert=' . TestCA->instance->certificate('ca');
my %WAY     = (
    ldaps    => ['ldaps', $cut->{port}{ldaps}, $tls],
    StartTLS => ['ldap',  $cut->{port}{ldap},  "$tls starttls=on"],
    ldap     => ['ldap',  $cut->{port}{ldap},  ''],
);

# Which part of the server is heard. The limits of StartTLS begin behind its 14 bytes of consent.
my @CASES = (
    ['ldap',     'in the answer to the bind', bytes => 10],
    ['ldap',     'in the answer to the search', bytes => 24],
    ['ldaps',    'in the head of the first record', bytes => 3],
    ['ldaps',    'in ServerHello', bytes => 100],
    ['StartTLS', 'in ServerHello', bytes => 14 + 100],
    map {
        my $way = $_;
        map { [$way, @$_] } ['after Finished', records => 1, bytes => 0], ['in the answer to the bind', records => 2, bytes => 20],
            ['in the answer to the search', records => 3, bytes => 20]
    } qw(ldaps StartTLS),
);

# One child, so that a thread that hangs is missed.
sub httpd {
    my ($scheme, $hosts, $options) = @_;
    return LdapHttpd->new(
        before      => "StartServers 1\nServerLimit 1\nThreadsPerChild 25\nMaxRequestWorkers 25\n",
        credentials => [LdapHttpd::ldap("$scheme://$hosts/$Slapd::PEOPLE?uid?sub", "timeout=$TIMEOUT cache=0 $options")]
    )->start;
}

for my $case (@CASES) {
    my ($way, $where, %limit) = @$case;
    my ($scheme, $port, $options) = @{$WAY{$way}};
    my $server = HangingServer->before($port, %limit);
    my $alone  = httpd($scheme, $server->host, $options);
    my ($verdict, $seconds, $cpu) = timed($alone, 'alice', $HASH{alice});
    is $verdict, '503 backend-down', "$way, cut $where: alone it is down";
    cmp_ok $seconds, '<', 2 * $TIMEOUT + 1.5, '... within the time limit' or diag $alone->error_log;
    cmp_ok $seconds, '>', 0.5 * $TIMEOUT,     '... and not before';
    cmp_ok $cpu,     '<', 0.2 * $seconds,     '... and no child burns CPU';
    my ($notice) = $alone->notices;
    like $notice, qr/127\.0\.0\.1:$server->{port}{ldap}.*does not answer in time/, '... the log says so';
    $alone->stop;

    my $httpd = httpd($scheme, $server->host . ' ' . $well->host($scheme), $options);
    ($verdict, $seconds) = timed($httpd, 'alice', $HASH{alice});
    is $verdict, '200 ok', '... the second server answers';
    cmp_ok $seconds, '<', 2 * $TIMEOUT + 1.5, '... within the time limit' or diag $httpd->error_log;
    is $httpd->verdict('alice', $HASH{wrong}), '401 wrong-password', '... a wrong password is one';
    $httpd->stop;
}

# ---- the proxy is not what fails ----
for my $way (sort keys %WAY) {
    my ($scheme, $port, $options) = @{$WAY{$way}};
    my $httpd = httpd($scheme, HangingServer->before($port, bytes => 1e6)->host, $options);
    is $httpd->verdict('alice', $HASH{alice}), '200 ok', "$way, not cut: alice logs in";
    is $httpd->verdict('alice', $HASH{wrong}), '401 wrong-password', '... not with a wrong password';
}

done_testing;
