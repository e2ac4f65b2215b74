#!/usr/bin/perl
# What a login asks of directories says nothing about whom they know: whoever is tried, under
# whatever spelling and however often, costs the same searches, of those who are nobody, too.
use strict;
use warnings;
use FindBin qw($Bin);
use lib "$Bin/../lib";
use LdapHttpd;
use Test::More;
use Time::HiRes qw(sleep time);

plan skip_all => LdapHttpd::missing() if LdapHttpd::missing();

my %HASH  = %LdapHttpd::HASH;
my @CLASS = (
    ['known'],
    ['disabled',  sambaAcctFlags  => '[DU         ]'],
    ['expired',   sambaKickoffTime => '1000000000'],
    ['blank',     sambaNTPassword => '31D6CFE0D16AE931B73C59D7E0C089C0'],
    ['hashless',  sambaNTPassword => undef],
    ['damaged',   sambaNTPassword => 'what is this'],
    ['mistaken',  sambaAcctFlags  => 'no flags'],
    ['corporate', sambaDomainName => 'CORP'],
    ['elsewhere', sambaDomainName => 'FAR'],
    ['twofold'],
    ['mail@corp.example'],
);

sub entry_of {
    my ($name, %more) = @_;
    %more = (sambaNTPassword => $HASH{alice}, %more);
    return Slapd::person($name, map { $_ => $more{$_} } grep { defined $more{$_} } sort keys %more);
}

my @twin   = Slapd::person('twofold', dn => "cn=twin,$Slapd::PEOPLE", cn => 'twin', sambaNTPassword => $HASH{alice});
my $slapd  = Slapd->new(entries => [(map { entry_of(@$_) } @CLASS), @twin])->start;
my $second = Slapd->new(entries => [map { entry_of($_) } qw(behind known disabled)])->start;
my $lines  = join '', map { "$_\n" } "filed:$HASH{alice}", "CORP\\listed:$HASH{alice}", "off:$HASH{alice}:[D]", "known:$HASH{bob}";

my @EVERYBODY = qw(nobody known disabled expired blank hashless damaged mistaken corporate elsewhere twofold mail
    behind filed listed off);
my %SPELLING = (
    'as it is'          => sub { (shift) },
    'in capitals'       => sub { (uc shift) },
    'CORP\\NAME'        => sub { ("CORP\\$_[0]") },
    'NAME@corp.example' => sub { ("$_[0]\@corp.example") },
    'NAME@anything'     => sub { ("$_[0]\@anything") },
    'with a blank'      => sub { ("$_[0] ") },
    'of CORP'           => sub { ($_[0], domain => 'CORP') },
    'of HOME'           => sub { ($_[0], domain => 'HOME') },
);

sub searches { return $slapd->new_searches + $second->new_searches }

# What a wrong password costs.
sub cost {
    my ($httpd, $name, %opt) = @_;
    searches();
    my ($r) = $httpd->login($name, $HASH{wrong}, %opt);
    return $r->status == 401 ? searches() : 'status ' . $r->status;
}

# What each of some in a row costs. Five in five seconds may force a search past what is
# remembered: behind the sixth those that a busy machine has made too late do not count.
sub in_a_row {
    my ($attempts, $httpd, @login) = @_;
    my ($start, @costs) = (time);
    while (@costs < $attempts) {
        my $cost = cost($httpd, @login);
        last if @costs >= 6 && time - $start >= 5;
        push @costs, $cost;
    }
    return @costs;
}

# costs: name => list. One that was cut short is the beginning of the others.
sub are_same {
    my ($what, %costs) = @_;
    my %who;
    push @{$who{"@{$costs{$_}}"}}, $_ for sort keys %costs;
    my ($longest) = sort { length $b <=> length $a } sort keys %who;
    for my $short (grep { index("$longest ", "$_ ") == 0 && $_ ne $longest } keys %who) {
        push @{$who{$longest}}, @{delete $who{$short}};
    }
    is scalar(keys %who), 1, "$what costs the same searches, whoever it is" or diag explain \%who;
    like $longest, qr/^[1-9]/, '... one at least';
    return;
}

sub httpd { return LdapHttpd->new(passwords => $lines, credentials => [@_])->start }

sub same_for_everybody {
    my ($what, $attempts, $spellings, @credentials) = @_;
    my $httpd = httpd(@credentials);
    for my $spelling (@$spellings) {
        my %costs = map { $_ => [in_a_row($attempts, $httpd, $SPELLING{$spelling}->($_))] } @EVERYBODY;
        are_same("$what: a name $spelling", %costs);
    }
    $httpd->stop;
    return;
}

sub ldap { my ($server, $options) = @_; return LdapHttpd::ldap($server->search_url('ldap'), $options) }

my @ALL = sort keys %SPELLING;
my @FEW = ('as it is', 'NAME@anything', 'of CORP');
same_for_everybody('cache=0',         2,  \@ALL, ldap($slapd, 'cache=0'));
same_for_everybody('cache=600',       2,  \@ALL, ldap($slapd, 'cache=600'));
same_for_everybody('ten attempts',    10, \@FEW, ldap($slapd, 'cache=600'));
same_for_everybody('file, ldap',      10, \@FEW, 'file passwords', ldap($slapd, 'cache=20'));
same_for_everybody('ldap, file',      10, ['as it is'], ldap($slapd, 'cache=600'), 'file passwords');
same_for_everybody('two directories', 10, \@FEW, ldap($slapd, 'cache=600'), ldap($second, 'cache=49'));
same_for_everybody('one of two remembers', 10, ['of CORP'], ldap($slapd, 'cache=600'), ldap($second, 'cache=0'));

# ---- after each lifetime ----
my $httpd = httpd('file passwords', ldap($slapd, 'cache=1'));
my %costs;
for my $round (1 .. 4) {
    push @{$costs{$_}}, cost($httpd, $_) for @EVERYBODY;
    sleep 1.1;
}
are_same('what is forgotten each time', %costs);

done_testing;
