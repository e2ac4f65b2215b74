#!/usr/bin/perl
# What was found is remembered for a while, by all children; a change of the directory still
# counts at the next login.
use strict;
use warnings;
use FindBin qw($Bin);
use lib "$Bin/../lib";
use LdapHttpd;
use Test::More;
use Time::HiRes qw(time);

plan skip_all => LdapHttpd::missing() if LdapHttpd::missing();

my %HASH  = %LdapHttpd::HASH;
my $slapd = Slapd->new(entries => [Slapd::people(),
    map { Slapd::person($_, sambaNTPassword => $HASH{alice}) } qw(carl dave guess live1 live2 live3 live4 state)])->start;

sub httpd { return LdapHttpd->new(credentials => [LdapHttpd::ldap($slapd->search_url('ldap'), @_)])->start }
sub asked { my ($user) = @_; return scalar grep { /uid=\Q$user\E\)/ } $slapd->searches }

my $httpd = httpd();

# ---- a storm of logins is no storm of searches ----
my %told;
$told{$httpd->verdict('bob', $HASH{bob})}++ for 1 .. 200;
is_deeply \%told, {'200 ok' => 200}, 'two hundred logins';
cmp_ok asked('bob'), '<=', 2, '... are one search or two';
cmp_ok asked('bob'), '>=', 1, '... at least one';

# ---- a new password ----
$httpd->log_in('alice', $HASH{alice}) for 1 .. 5;
$slapd->set('alice', sambaNTPassword => $HASH{new});
is $httpd->verdict('alice', $HASH{new}), '200 ok', 'a new password works at the next login';
is $httpd->verdict('alice', $HASH{alice}), '401 wrong-password', '... the old one does not';
is $httpd->verdict('alice', $HASH{new}), '200 ok', '... which changes nothing';
is $httpd->verdict('carl', $HASH{wrong}), '401 wrong-password', 'somebody forgot his password';
$slapd->set('carl', sambaNTPassword => $HASH{new});
is $httpd->verdict('carl', $HASH{new}), '200 ok', '... and gets a new one, which works at once';

# ---- a new user ----
is $httpd->verdict('newcomer', $HASH{new}), '401 no-such-user', 'somebody who is not there yet';
is $httpd->verdict('newcomer', $HASH{new}), '401 no-such-user', '... is not there still';
$slapd->add(Slapd::person('newcomer', sambaNTPassword => $HASH{new}));
is $httpd->verdict('newcomer', $HASH{new}), '200 ok', '... and is, at once, when he was added';

# ---- guessing does not reach the directory each time ----
for my $name ('guess', 'nobody-at-all') {
    my $start = time;
    my %refused;
    $refused{$httpd->verdict($name, $HASH{wrong})}++ for 1 .. 60;
    is scalar(keys %refused), 1, "sixty guesses at $name are refused alike";
    cmp_ok asked($name), '<=', 2 + 5 * (1 + int((time - $start) / 5) + 1), '... with a few searches';
}
is $httpd->verdict('guess', $HASH{alice}), '200 ok', 'the right one still logs in after them';

# ---- cache=0 ----
my $none   = httpd('cache=0');
my $before = asked('dave');
is $none->verdict('dave', $HASH{alice}), '200 ok', "cache=0: dave logs in ($_)" for 1 .. 5;
cmp_ok asked('dave') - $before, '>=', 5, '... each login is a search';
$slapd->set('dave', sambaNTPassword => $HASH{new});
is $none->verdict('dave', $HASH{alice}), '401 wrong-password', '... a changed password';
is $none->verdict('dave', $HASH{new}), '200 ok', '... is the one that counts';

# ---- logins that live, and entries that expire ----
my $brief = httpd('cache=1');
my %live  = map { $_ => $brief->log_in($_, $HASH{alice}) } qw(live1 live2 live3 live4);
is $live{$_}->get('/')->status, 200, "$_ is logged in" for sort keys %live;
$brief->log_in('state', $HASH{alice});
$slapd->set('live1', sambaAcctFlags => '[DU         ]');
$slapd->delete('live2');
$slapd->set('live3', sambaNTPassword => $HASH{new});
$slapd->set('state', sambaAcctFlags => '[DU         ]');
my %WHY = (live1 => qr/disabled/, live2 => qr/removed/, live3 => qr/changed/);
for my $user (sort keys %WHY) {
    ok LdapHttpd::within(6, sub { $live{$user}->get('/')->status == 401 }), "the login of $user ends";
    my ($line) = grep { $_->{status} eq 'login-ended' } $brief->lines($live{$user});
    like $line->{text}, $WHY{$user}, '... and the log says why';
}
is $live{live4}->get('/')->status, 200, 'the login of an account that nobody touched goes on';
ok LdapHttpd::within(6, sub { $brief->verdict('state', $HASH{alice}) eq '401 account-disabled' }),
    'a changed state counts when the entry has expired';
$slapd->set('state', sambaAcctFlags => '[U          ]');
ok LdapHttpd::within(6, sub { $brief->verdict('state', $HASH{alice}) eq '200 ok' }), '... and back';
is scalar(grep { /exit signal/ } split /\n/, $_->error_log), 0, 'no child died' for $httpd, $none, $brief;

done_testing;
