#!/usr/bin/perl
# Logins while the directory goes up and down leave no descriptor open in the children.
# NTLM_LONG=1: ten thousand of them.
use strict;
use warnings;
use FindBin qw($Bin);
use lib "$Bin/../lib";
use LdapHttpd;
use Memory;
use Test::More;

plan skip_all => LdapHttpd::missing() if LdapHttpd::missing();

my $LOGINS = $ENV{NTLM_LONG} ? 10_000 : 300;
my $ROUND  = $ENV{NTLM_LONG} ? 250 : 30;       # logins between two bounces
my %HASH   = %LdapHttpd::HASH;
my $slapd  = Slapd->new->start;
my $tls    = 'cacert=' . TestCA->instance->certificate('ca');
my %WAY    = (ldap => '', ldaps => $tls, StartTLS => "$tls starttls=on");

sub descriptors {
    my ($httpd) = @_;
    return map { my @open = glob "/proc/$_/fd/*"; $_ => scalar @open } Memory::children($httpd->pid);
}

for my $way (sort keys %WAY) {
    my $url   = $slapd->search_url($way eq 'ldaps' ? 'ldaps' : 'ldap');
    my $httpd = LdapHttpd->new(before => <<'TEXT', credentials => [LdapHttpd::ldap($url, "timeout=3 cache=0 $WAY{$way}")])->start;
StartServers 1
ServerLimit 1
MaxRequestWorkers 25
MaxConnectionsPerChild 0
TEXT
    $httpd->log_in('alice', $HASH{alice})->close for 1 .. 20;
    my %before = descriptors($httpd);
    plan skip_all => 'what httpd has open cannot be seen here' if !grep { $_ } values %before;
    my %told;
    for my $round (1 .. $LOGINS / $ROUND) {
        my $bounce = $round % 3;
        for my $n (1 .. $ROUND) {
            $bounce == 1 ? $slapd->stop : $slapd->kill_ if $bounce && $n == $ROUND - 2;
            my ($r, $c) = $httpd->login('alice', $HASH{$n % 5 ? 'alice' : 'wrong'});
            $told{$n % 5 ? 'right' : 'wrong'}{$r->status}++;
            $c->close;
        }
        $slapd->start if $bounce;
        LdapHttpd::within(5, sub { $httpd->verdict('alice', $HASH{alice}) eq '200 ok' });
    }
    is_deeply [sort keys %{$told{wrong}}], [401, 503], "$way: wrong passwords are refused, or nobody can tell";
    is_deeply [sort keys %{$told{right}}], [200, 503], "$way: right ones log in, or nobody can tell";
    my %after = descriptors($httpd);
    is_deeply [sort keys %after], [sort keys %before], "$way: the children are the same";
    for my $child (sort keys %before) {
        cmp_ok $after{$child}, '<=', $before{$child} + 2, "$way: child $child has open what it had before";
    }
    unlike $httpd->error_log, qr/exit signal/, "$way: no child died";
    $httpd->stop;
}

done_testing;
