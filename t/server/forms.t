#!/usr/bin/perl
# Names as people type them, over password files: each form finds what it means, and no form lets a
# user of one domain in as another's, with whosever password.
use strict;
use warnings;
use FindBin qw($Bin);
use lib "$Bin/../lib";
use Basic qw(basic);
use Forms;
use NTLM::Connection;
use NTLM::Log ();
use PrivateHttpd;
use Test::More;
use Time::HiRes qw(sleep time);

my %HASH     = (one => 'd9fe524deb5705ac74ea341ff18afe93', two => '27bf1123aae89dc1f94ad95bd7108d01');
my %PASSWORD = (one => 'Secr3t!pw', two => "B0b's own");
my @FORMS    = Forms::all();
my @ENTRIES  = Forms::entries();
my @SINGLE   = 0 .. $#ENTRIES;
my @PAIRS    = map { my $i = $_; map { [$i, $_] } $i + 1 .. $#ENTRIES } @SINGLE;
my @ORDERED  = map { my $i = $_; map { [$i, $_] } grep { $_ != $i } @SINGLE } @SINGLE;

my $httpd = PrivateHttpd->new(modules => [qw(headers auth_basic alias authn_file)], text => <<'TEXT' . Forms::directives());
LogLevel warn auth_ntlmv2:info
MaxKeepAliveRequests 0
KeepAliveTimeout 300
AliasMatch "^/" "@DIR@/htdocs/index.html"
Header always set X-User "expr=%{REMOTE_USER}"
NTLMBasicWithoutTLS on
<Location "/one">
    AuthType NTLM
    NTLMOffer NTLM Basic
    NTLMCredentials file all
    Require valid-user
</Location>
<Location "/two">
    AuthType NTLM
    NTLMOffer NTLM Basic
    NTLMCredentials file first
    NTLMCredentials file second
    Require valid-user
</Location>
<Location "/lent">
    AuthType Basic
    AuthName "lent"
    AuthBasicProvider ntlm
    NTLMCredentials file all
    Require valid-user
</Location>
<Location "/corp">
    AuthType NTLM
    NTLMCredentials file all
    NTLMAcceptDomains corp.example.com
    Require valid-user
</Location>
<Location "/web">
    AuthType NTLM
    NTLMCredentials file all
    NTLMAcceptDomains WEB
    Require valid-user
</Location>
TEXT

# Each entry and each pair of them have a user of their own. The first of a pair has the password
# "one", the second "two".
sub line { my ($i, $user, $whose) = @_; return Forms::name_of($ENTRIES[$i], $user) . ":$HASH{$whose}" }
my @all = ((map { line($_, "s$_", 'one') } @SINGLE),
    (map { (line($_->[0], "p$_->[0]x$_->[1]", 'one'), line($_->[1], "p$_->[0]x$_->[1]", 'two')) } @PAIRS));
$httpd->accounts('all', @all);
$httpd->accounts('first',  map { line($_->[0], "p$_->[0]x$_->[1]", 'one') } @ORDERED);
$httpd->accounts('second', map { line($_->[1], "p$_->[0]x$_->[1]", 'two') } @ORDERED);
$httpd->start;

sub connection { return NTLM::Connection->new(port => $httpd->{port}, vhost => '127.0.0.1') }

# Who is let in: what is REMOTE_USER, or nobody.
sub said { my ($r) = @_; return $r->status == 200 ? $r->header('X-User') : $r->status == 401 ? 'nobody' : $r->status }

sub by_ntlm {
    my ($place, $form, $user, $whose) = @_;
    my ($name, $domain) = Forms::typed($form, $user);
    my $c = connection();
    return (said($c->login($place, user => $name, domain => $domain, nt_hash => $HASH{$whose})), $c);
}

my $basic = connection();

sub by_basic {
    my ($place, $form, $user, $whose) = @_;
    my ($name) = Forms::typed($form, $user);
    return said($basic->request(GET => $place, basic($name, $PASSWORD{$whose})));
}

my %LOGIN = ('/one' => \&by_ntlm, '/two' => \&by_ntlm, '/one by Basic' => \&by_basic, '/lent' => \&by_basic);

# By that way: every form of these users, with either password. wanted: (form, user) to the number
# of the entry, and whose password it has.
sub all_are {
    my ($way, $what, $forms, $users, $wanted) = @_;
    my ($place) = $way =~ /^(\S+)/;
    my (@wrong, $count);
    for my $user (@$users) {
        for my $form (@$forms) {
            my ($entry, $own) = $wanted->($form, $user);
            for my $whose ('one', 'two') {
                my $who = $entry && $own eq $whose ? Forms::name_of($entry, $user) : 'nobody';
                my ($got) = $LOGIN{$way}->($place, $form, $user, $whose);
                push @wrong, Forms::shown($form, $user) . " with the password $whose is $got, not $who" if $got ne $who;
                $count++;
            }
        }
    }
    is "@wrong[0 .. ($#wrong > 9 ? 9 : $#wrong)]", '', "$way: $what: $count logins";
    return;
}

sub single { my ($form, $user) = @_; my ($i) = $user =~ /(\d+)/; return (Forms::winner($form, $ENTRIES[$i]), 'one') }

sub of_pair {
    my ($form, $user, $winner) = @_;
    my @pair = map { $ENTRIES[$_] } $user =~ /(\d+)x(\d+)/;
    my $entry = $winner->($form, @pair);
    return ($entry, $entry && $entry == $pair[0] ? 'one' : 'two');
}

my @single   = map { "s$_" } @SINGLE;
my @pairs    = map { "p$_->[0]x$_->[1]" } @PAIRS;
my @ordered  = map { "p$_->[0]x$_->[1]" } @ORDERED;
my @typed    = grep { $_->{domain} eq '' } @FORMS;
my @distinct = grep { $_->{domain} eq '' || $_->{user} !~ /\\/ } @FORMS;

all_are('/one',          'one entry',  \@FORMS,    \@single, \&single);
all_are('/one',          'two entries', \@distinct, \@pairs, sub { of_pair(@_, \&Forms::winner) });
all_are('/two',          'two files',  [grep { $_->{names} =~ /^(|CORP|corp\.example\.com|\.|OTHER)$/ } @distinct],
    \@ordered, sub { of_pair(@_, \&Forms::of_two) });
all_are($_, 'one entry', \@typed, \@single, \&single) for '/one by Basic', '/lent';
all_are('/lent', 'two entries', [grep { $_->{names} =~ /^(|corp\.example\.com|\.)$/ } @typed], \@pairs,
    sub { of_pair(@_, \&Forms::winner) });

# ---- a login that lives ----
{
    my @live;
    for my $i (@SINGLE) {
        for my $form (@FORMS[0 .. 12]) {
            next if !Forms::winner($form, $ENTRIES[$i]);
            my ($who, $c) = by_ntlm('/one', $form, "s$i", 'one');
            push @live, [$who, $c, Forms::shown($form, "s$i")];
        }
    }
    $httpd->accounts('all', @all, "late:$HASH{one}");
    my $deadline = time + 20;
    sleep 0.1 while (by_ntlm('/one', $FORMS[0], 'late', 'one'))[0] ne 'late' && time < $deadline;
    my @ended = grep { said($_->[1]->get('/one')) ne $_->[0] } @live;
    is join(', ', map { $_->[2] } @ended), '', @live . ' logins go on when the file is another one';
}

# ---- who is called so elsewhere ----
{
    my $of = sub {
        my ($place, $user, $domain) = @_;
        my $c = connection();
        my $r = $place eq '/lent'
            ? $c->request(GET => $place, basic("$domain\\$user", $PASSWORD{one}))
            : $c->login($place, user => $user, domain => $domain, nt_hash => $HASH{one});
        my ($line) = grep { $_ && $_->{port} == $c->local_port } map { NTLM::Log::parse($_) } reverse split /\n/, $httpd->error_log;
        return ($r->seen_by_client, "$line->{status}: " . ($line->{remark} // ''));
    };
    my ($nobody, $none) = $of->('/one', 'nobody', 'OTHER');
    is $none, 'no-such-user: ', 'nobody is nowhere';
    for my $it (['s1', 'OTHER', 'CORP\\\\s1'], ['s1', '.', 'CORP\\\\s1'], ['s6', '', 'OTHER\\\\s6'], ['s6@example.org', '', 'OTHER\\\\s6'],
        ['p1x4', 'OTHER', 'WEB\\\\p1x4, CORP\\\\p1x4']) {
        my ($seen, $said) = $of->('/one', @$it[0, 1]);
        is $said, "no-such-user: the file has $it->[2]", "$it->[0] of '$it->[1]': the log says who there is";
        is $seen, $nobody, '... and the client is told nothing';
    }
    is +($of->('/two', 'p1x4', 'OTHER'))[1], 'no-such-user: the file has CORP\\\\p1x4, WEB\\\\p1x4', '... of two files';
    is +($of->('/lent', 's1', 'OTHER'))[1], 'no-such-user: the file has CORP\\\\s1', '... by AuthBasicProvider';
}

# ---- NTLMAcceptDomains ----
# Entry 0 has no domain: whoever is let in by name is refused by policy alone.
for my $place (['/corp', 'corp'], ['/web', 'web']) {
    my ($path, $class) = @$place;
    my @wrong;
    for my $form (@FORMS) {
        # the domain that is sent counts, too, where the name holds one
        my @named = grep { $_ ne '' } $form->{names}, $form->{domain};
        my $is_in = !grep { Forms::class_of($_) ne $class } @named;
        my ($got) = by_ntlm($path, $form, 's0', 'one');
        push @wrong, Forms::shown($form, 's0') . " is $got" if $got ne ($is_in ? 's0' : 'nobody');
    }
    is "@wrong", '', "$path: one name in NTLMAcceptDomains stands for all of the same";
}

like $httpd->error_log, qr/\A(?!.*exit signal)/s, 'no child died';
done_testing;
