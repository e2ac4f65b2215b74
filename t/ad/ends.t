#!/usr/bin/perl
# However the lab ends, all that was started in it ends, too, and its folder is gone.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use AdLab;
use Test::More;
use Time::HiRes qw(sleep time);

plan skip_all => AdLab::missing() if AdLab::missing();

# All processes of a lab are in one namespace.
sub left_in {
    my ($namespace) = @_;
    return grep { (readlink("$_/ns/pid") // '') eq $namespace } glob '/proc/[0-9]*';
}

sub soon {
    my ($what) = @_;
    my $deadline = time + 20;
    sleep 0.05 while !$what->() && time < $deadline;
    return $what->();
}

for my $how (['', 'its command ends'], ['TERM', 'it is told to end'], ['INT', 'it is interrupted'], ['KILL', 'it is killed']) {
    my ($signal, $sentence) = @$how;
    my $run = 'readlink /proc/self/ns/pid; echo $AD_LAB; ' . ($signal ? 'sleep 1000' : 'exit 3');
    my $pid = open my $out, '-|', "$FindBin::Bin/lab", 'run', 'sh', '-c', $run or die "lab: $!\n";
    chomp(my $namespace = <$out>);
    chomp(my $folder = <$out>);
    if ($signal) {
        cmp_ok scalar(left_in($namespace)), '>', 10, 'a lab is there';
        kill $signal => $pid;
    }
    ok soon(sub { !left_in($namespace) }), "$sentence: nobody is left";
    close $out;
    is $? >> 8, 3, '... and its exit status is that of its command' if !$signal;
    if ($signal eq 'KILL') { rmdir $folder or diag "$folder: $!" }
    ok !-e $folder, '... and its folder is gone' if $signal ne 'KILL';
}
done_testing;
