#!/usr/bin/perl
# A server that takes connections and then is silent, at each step: the next one answers
# within the time limit, and nobody burns CPU meanwhile.
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
my $stopped = Slapd->new->start;
my $well    = Slapd->new->start;
$stopped->hang;

my $tls  = 'cacert=' . TestCA->instance->certificate('ca');
my %HUNG = (
    'ldap, stopped'                        => ['ldap',  '',                  $stopped],
    'ldaps, stopped'                       => ['ldaps', $tls,                $stopped],
    'StartTLS, stopped'                    => ['ldap',  "$tls starttls=on",  $stopped],
    'StartTLS, silent after its answer'    => ['ldap',  "$tls starttls=on",  HangingServer->new('starttls')],
    'ldap, silent after the bind'          => ['ldap',  '',                  HangingServer->new('bind')],
    'ldaps, silent in the handshake'       => ['ldaps', $tls,                HangingServer->new('silent')],
);

sub httpd {
    my ($url, $options) = @_;
    return LdapHttpd->new(credentials => [LdapHttpd::ldap($url, "timeout=$TIMEOUT cache=0 $options")])->start;
}

for my $how (sort keys %HUNG) {
    my ($scheme, $options, $first) = @{$HUNG{$how}};
    my $hosts = join ' ', map { $_->can('dir') ? $_->host($scheme) : $_->host } $first, $well;
    my $httpd = httpd("$scheme://$hosts/$Slapd::PEOPLE?uid?sub", $options);
    my ($verdict, $seconds, $cpu) = timed($httpd, 'alice', $HASH{alice});
    is $verdict, '200 ok', "$how: the second server answers";
    cmp_ok $seconds, '<', 2 * $TIMEOUT + 1.5, '... within the time limit' or diag $httpd->error_log;
    cmp_ok $seconds, '>', 0.5 * $TIMEOUT, '... the first was asked';
    cmp_ok $cpu, '<', 0.2 * $seconds, '... and no child burns CPU';
    ($verdict, $seconds) = timed($httpd, 'alice', $HASH{wrong});
    is $verdict, '401 wrong-password', '... a wrong password is one';
    ($verdict, $seconds) = timed($httpd, 'bob', $HASH{bob});
    is $verdict, '200 ok', '... and so does the next login';
    cmp_ok $seconds, '<', 0.5 * $TIMEOUT, '... which does not wait for the first again' or diag $httpd->error_log;

    my $alone = httpd("$scheme://" . ($first->can('dir') ? $first->host($scheme) : $first->host)
            . "/$Slapd::PEOPLE?uid?sub", $options);
    ($verdict, $seconds, $cpu) = timed($alone, 'alice', $HASH{alice});
    is $verdict, '503 backend-down', "$how: alone it is down";
    cmp_ok $seconds, '<', 2 * $TIMEOUT + 1.5, '... within the time limit';
    cmp_ok $cpu, '<', 0.2 * $seconds, '... and no child burns CPU';
    my ($notice) = $alone->notices;
    like $notice, qr/127\.0\.0\.1:$first->{port}{$scheme}/, '... the log names the server';
    $_->stop for $httpd, $alone;
}

# ---- a server that hangs while it is in use, and comes back ----
for my $scheme (qw(ldap ldaps)) {
    my $slapd = Slapd->new->start;
    my $httpd = httpd($slapd->search_url($scheme), $scheme eq 'ldaps' ? $tls : '');
    $httpd->log_in('alice', $HASH{alice}) for 1 .. 3;
    $slapd->hang;
    my ($verdict, $seconds, $cpu) = timed($httpd, 'alice', $HASH{alice});
    is $verdict, '503 backend-down', "$scheme: a server that stops answering is down";
    cmp_ok $seconds, '<', 2 * $TIMEOUT + 1.5, '... within the time limit';
    cmp_ok $cpu, '<', 0.2 * $seconds, '... and no child burns CPU';
    $slapd->go_on;
    my ($back, $after) = LdapHttpd::within(10, sub { $httpd->verdict('alice', $HASH{alice}) eq '200 ok' });
    ok $back, '... it is used again when it goes on';
    cmp_ok $after, '<', 2.5, '... soon';
    is $httpd->verdict('alice', $HASH{wrong}), '401 wrong-password', '... and tells a wrong password';
}

done_testing;
