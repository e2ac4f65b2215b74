#!/usr/bin/perl
# Names as people type them, in a directory and over two sources: each form finds what it means, no
# form lets a user of one domain in as another's, and what is asked does not depend on who is there.
use strict;
use warnings;
use FindBin qw($Bin);
use lib "$Bin/../lib";
use Forms;
use LdapHttpd;
use Test::More;

plan skip_all => LdapHttpd::missing() if LdapHttpd::missing();

my %HASH    = (one => $LdapHttpd::HASH{alice}, two => $LdapHttpd::HASH{bob});
my @FORMS   = Forms::all();
my @ENTRIES = Forms::entries();
my @FEW     = grep { $_->{names} =~ /^(|CORP|corp\.example\.com|\.|OTHER)$/ && ($_->{domain} eq '' || $_->{user} !~ /\\/) } @FORMS;

# An entry of the directory: its domain is an attribute of its own.
sub person {
    my ($i, $user, $whose) = @_;
    my $entry = $ENTRIES[$i];
    my $uid   = $entry->{at} ? "$user\@$entry->{at}" : $user;
    return Slapd::person($uid, sambaNTPassword => $HASH{$whose}, $entry->{domain} ? (sambaDomainName => $entry->{domain}) : ());
}

# What it becomes as domain\user. Who has no domain is of ours.
sub called {
    my ($entry, $user) = @_;
    my $domain = $entry->{domain} || 'CORP';
    return "$domain\\" . ($entry->{at} ? "$user\@$entry->{at}" : $user);
}

my @ORDERED = map { my $i = $_; map { [$i, $_] } grep { $_ != $i } 0 .. $#ENTRIES } 0 .. $#ENTRIES;
my @TOGETHER = grep { $ENTRIES[$_->[1]]{at} && $_->[0] < $_->[1] } @ORDERED;    # two entries of one uid are no choice
sub user_of { my ($pair) = @_; return "p$pair->[0]x$pair->[1]" }

my $single = Slapd->new(entries => [(map { person($_, "s$_", 'one') } 0 .. $#ENTRIES),
    map { (person($_->[0], 't' . user_of($_), 'one'), person($_->[1], 't' . user_of($_), 'two')) } @TOGETHER])->start;
my %store = (one => Slapd->new(entries => [map { person($_->[0], user_of($_), 'one') } @ORDERED])->start,
    two => Slapd->new(entries => [map { person($_->[1], user_of($_), 'two') } @ORDERED])->start);

sub httpd {
    my ($passwords, @credentials) = @_;
    return LdapHttpd->new(
        modules     => ['headers'],
        before      => qq{Header always set X-User "expr=%{REMOTE_USER}"\n} . Forms::directives(),
        passwords   => $passwords,
        credentials => \@credentials,
        within      => 'NTLMUserFormat domain\\user',
    )->start;
}

# Every form of these users, with either password. wanted: (form, user) to the entry that decides,
# and whose password it has. Each form costs the same searches, whoever is asked for.
sub all_are {
    my ($what, $httpd, $forms, $users, $wanted, @asked) = @_;
    my (@wrong, %searches, $count);
    for my $form (@$forms) {
        for my $user (@$users) {
            my ($entry, $own) = $wanted->($form, $user);
            for my $whose ('one', 'two') {
                my $who = $entry && $own eq $whose ? called($entry, $user) : 'nobody';
                my ($name, $domain) = Forms::typed($form, $user);
                $_->new_searches for @asked;
                my ($r) = $httpd->login($name, $HASH{$whose}, domain => $domain);
                my $got = $r->status == 200 ? $r->header('X-User') : $r->status == 401 ? 'nobody' : $r->status;
                push @wrong, Forms::shown($form, $user) . " with the password $whose is $got, not $who" if $got ne $who;
                my $cost = join '+', map { $_->new_searches } @asked;
                push @{$searches{Forms::shown($form, 'USER')}{$cost}}, $user;
                $count++;
            }
        }
    }
    is "@wrong[0 .. ($#wrong > 9 ? 9 : $#wrong)]", '', "$what: $count logins";
    my @unlike = grep { keys %{$searches{$_}} > 1 } sort keys %searches;
    is "@unlike", '', '... each form costs the same searches, whoever is asked for' or diag explain $searches{$unlike[0]};
    return;
}

sub of_pair {
    my ($form, $user, $winner) = @_;
    my @pair = map { $ENTRIES[$_] } $user =~ /(\d+)x(\d+)/;
    my $entry = $winner->($form, @pair);
    return ($entry, $entry && $entry == $pair[0] ? 'one' : 'two');
}

my $httpd = httpd('', LdapHttpd::ldap($single->search_url('ldap'), 'cache=0'));
my @alone = map { "s$_" } 0 .. $#ENTRIES;
all_are('one entry', $httpd, \@FORMS, [@alone, 'nobody'],
    sub { my ($form, $user) = @_; my ($i) = $user =~ /(\d+)/ or return; return (Forms::winner($form, $ENTRIES[$i]), 'one') }, $single);
{
    my (undef, $c) = $httpd->login('s1', $HASH{one}, domain => 'OTHER');
    my $line = ($httpd->lines($c))[-1];
    is "$line->{status}: " . ($line->{remark} // ''), 'no-such-user: ', 'who is called so elsewhere in a directory is not said';
}
all_are('two entries', $httpd, \@FEW, [map { 't' . user_of($_) } @TOGETHER], sub { of_pair(@_, \&Forms::winner) }, $single);
$httpd->stop;

my @users = map { user_of($_) } @ORDERED;
my @first = map { Forms::name_of($ENTRIES[$_->[0]], user_of($_)) . ":$HASH{one}\n" } @ORDERED;
my @ldap  = map { LdapHttpd::ldap($store{$_}->search_url('ldap'), 'cache=0') } 'one', 'two';

# With REMOTE_USER in the form domain\user nobody is another's namesake.
$httpd = httpd(join('', @first), 'file passwords', $ldap[1]);
all_are('a file, then a directory', $httpd, \@FEW, \@users, sub { of_pair(@_, \&Forms::of_two) }, $store{two});
$httpd->stop;
$httpd = httpd('', @ldap);
all_are('two directories', $httpd, \@FEW, \@users, sub { of_pair(@_, \&Forms::of_two) }, @store{'one', 'two'});
$httpd->stop;

# ---- what is remembered ----
$httpd = httpd('', LdapHttpd::ldap($single->search_url('ldap'), 'cache=600'));
for my $form (@FEW) {
    my ($name, $domain) = Forms::typed($form, 's1');
    my $is_in = Forms::winner($form, $ENTRIES[1]) ? 200 : 401;
    is +($httpd->login($name, $HASH{one}, domain => $domain))[0]->status, $is_in, Forms::shown($form, 's1') . ", remembered, $_"
        for 'first', 'again';
}
done_testing;
