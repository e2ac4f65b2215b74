#!/usr/bin/perl
# Runs that go on side by side on one bench never see each other's verdicts.
use strict;
use warnings;
use FindBin qw($Bin);
use lib "$Bin/../lib";
use POSIX ();
use Test::More;

use Testbench;

if (my ($why) = Testbench->missing) { plan skip_all => $why }

use constant LOGINS => 40;

my $bench = Testbench->start;
my %runs  = (
    right => ['ok',             $bench->alice],
    wrong => ['wrong-password', $bench->alice, nt_hash => '0' x 32],
    other => ['no-such-user',   $bench->alice, user => 'mallory'],
    ''    => ['ok',             $bench->alice],
);

# How often a run was told what is not its own.
sub mistaken {
    my ($run) = @_;
    my ($status, @account) = @{$runs{$run}};
    my $path = length $run ? "/r/$run" : '';
    my $wrong = 0;
    for my $logins (1 .. LOGINS) {
        my $answer = $bench->connection->login("$path/ntlm", @account);
        my $last   = $bench->json("$path/last.json");
        my $counts = $status eq 'ok' ? "logins=$logins" : 'logins=0';
        $wrong++ if $last->{id} != Testbench::verdict($answer)->{id} || $last->{status} ne $status || ($last->{run} // '') ne $run;
        $wrong++ if $bench->get("$path/expect?status=$status&$counts&connections=$logins")->status != 200;
    }
    return $wrong;
}

my %name_of;
for my $run (sort keys %runs) {
    my $pid = fork // die "fork: $!\n";
    if ($pid == 0) {
        my $wrong = eval { mistaken($run) };
        warn $@ if $@;
        POSIX::_exit(defined $wrong && $wrong == 0 ? 0 : 1);
    }
    $name_of{$pid} = $run;
}
while ((my $pid = wait) > 0) {
    is $?, 0, length $name_of{$pid} ? "the run $name_of{$pid} sees its own" : 'and so does who has none';
}

done_testing;
