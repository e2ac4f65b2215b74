#!/usr/bin/perl
# A wall clock that is set: what is remembered of a directory, and logins that it let in, end when
# their time has passed and not before.
use strict;
use warnings;
use FindBin qw($Bin);
use lib "$Bin/../lib";
use Clocks;
use LdapHttpd;
use Test::More;

plan skip_all => LdapHttpd::missing() if LdapHttpd::missing();

use constant HOUR => 3600;

my %HASH   = %LdapHttpd::HASH;
my $slapd  = Slapd->new(entries => [map { Slapd::person($_, sambaNTPassword => $HASH{alice}) } qw(alice bob)])->start;
my $clocks = Clocks->new;
my $httpd  = $clocks->of(sub {
    LdapHttpd->new(
        keep_alive  => 1_000_000_000,
        credentials => [LdapHttpd::ldap($slapd->search_url('ldap'), 'cache=600')],
        within      => "NTLMIdentityLifetime 604800\n",
    )->start;
});

# How often the directory is asked about somebody meanwhile.
sub searches_for {
    my ($user, $meanwhile) = @_;
    my $asked = sub { scalar grep { /uid=\Q$user\E\)/ } $slapd->searches };
    my $before = $asked->();
    $meanwhile->();
    return $asked->() - $before;
}

my %steps = ('a second back' => -1, 'an hour on' => HOUR, 'a day back' => -24 * HOUR, 'a year on' => 365 * 24 * HOUR);

my $alice = $httpd->log_in('alice', $HASH{alice});
for my $how (sort keys %steps) {
    is searches_for('alice', sub {
        $clocks->set($steps{$how});
        is $httpd->verdict('alice', $HASH{alice}), '200 ok', "the clock is set $how: alice logs in";
        is $alice->get('/')->status, 200, '... and her older login is good';
    }), 0, '... as is what is remembered of her';
}
for my $how (undef, sort keys %steps) {
    my $but = $how ? "though the clock is set $how" : 'the clock says so';
    is searches_for('alice', sub {
        $clocks->pass(601);
        $clocks->set($steps{$how}) if $how;
        is $alice->get('/')->status, 200, "ten minutes pass, $but: alice is logged in";
    }), 1, '... and the directory was asked anew';
}
my $bob = $httpd->log_in('bob', $HASH{alice});
$slapd->set('bob', sambaAcctFlags => '[DU         ]');
$clocks->set(-HOUR);
is $bob->get('/')->status, 200, 'bob was disabled a moment ago, and the clock set back an hour';
$clocks->pass(601);
is $bob->get('/')->status, 401, '... his login ends ten minutes later, not in an hour';
is $httpd->logged($bob), 'login-ended', '... as the log says';

# ---- dates of the directory are the wall clock's ----
$slapd->set('bob', sambaAcctFlags => '[U          ]');
$slapd->set('bob', sambaKickoffTime => $clocks->wall + 24 * HOUR);
$clocks->pass(601);
is $httpd->verdict('bob', $HASH{alice}), '200 ok', "bob's account expires tomorrow";
$clocks->set(24 * HOUR);
$clocks->pass(601);
is $httpd->verdict('bob', $HASH{alice}), '401 account-expired', '... which is when the wall clock says so';

done_testing;
