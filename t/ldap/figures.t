#!/usr/bin/perl
# What status.conf shows of sources beside a file: how often a directory was asked, what was
# remembered, and that it does not answer.
use strict;
use warnings;
use FindBin qw($Bin);
use lib "$Bin/../lib";
use LdapHttpd;
use Metrics;
use Test::More;

plan skip_all => LdapHttpd::missing() if LdapHttpd::missing();

my %HASH  = %LdapHttpd::HASH;
my $slapd = Slapd->new->start;
my $httpd = LdapHttpd->new(
    credentials => ['file passwords', LdapHttpd::ldap($slapd->search_url('ldap'), 'timeout=3 cache=60')],
    passwords   => "root:$HASH{new}\n",
    modules     => ['status'],
);
$httpd->{text} .= PrivateHttpd::example('status.conf');
$httpd->start;

# Of the file and of the directory: look-ups, cache hits, outages.
sub figures {
    my $figures = Metrics::prometheus(($httpd->curl(undef, undef, '/ntlm-metrics'))[1]);
    return map { my $labels = $_;
        join ' ', map { $figures->{"ntlm_source_$_\{$labels}"} } qw(lookup_duration_seconds_count cache_hits_total outages_total) }
        'source="0",backend="file"', 'source="1",backend="ldap"';
}

sub lines { return Metrics::auto(($httpd->curl(undef, undef, '/server-status?auto'))[1]) }

is_deeply [figures()], ['0 0 0', '0 0 0'], 'nobody was asked so far';
is $httpd->verdict('alice', $HASH{alice}), '200 ok', 'alice logs in';
is_deeply [figures()], ['1 0 0', '1 0 0'], '... after a look into both';
is $httpd->verdict('alice', $HASH{alice}), '200 ok', 'alice logs in again';
is_deeply [figures()], ['2 0 0', '2 1 0'], '... and is remembered';
is $httpd->verdict('alice', $HASH{wrong}), '401 wrong-password', 'with a wrong password';
is_deeply [figures()], ['4 0 0', '4 2 0'], '... what is remembered, then the directory itself';
is $httpd->verdict('root', $HASH{new}), '200 ok', 'somebody of the file';
is_deeply [figures()], ['5 0 0', '5 2 0'], '... for whom both are asked, too';
$slapd->kill_;
is $httpd->verdict('nobody', $HASH{new}), '503 backend-down', 'the directory is away';
is_deeply [figures()], ['6 0 0', '6 2 1'], '... which is an outage of that source alone';
is $httpd->verdict('alice', $HASH{alice}), '200 ok', 'who is remembered logs in';
is_deeply [figures()], ['7 0 0', '7 3 1'], '... without a question';

my $lines = lines();
is join(' ', map { $lines->{"NTLMSource1$_"} // 'none' } qw(Backend Lookups CacheHits Outages Accounts Written)), 'ldap 7 3 1 none none',
    'nobody knows how many accounts a directory has';
is $lines->{NTLMSource0Accounts}, 1, 'a file has those that stand in it';
my $slapd_name = $slapd->search_url('ldap') =~ s{.*?//([^/]+).*}{$1}r;
unlike join("\n", %$lines), qr/\Q$slapd_name\E|dc=/, 'no address is named';

done_testing;
