#!/usr/bin/perl
# The demo without a terminal: with STAY=1 its server stays until the demo is told to stop, else it
# ends by itself; nothing is left of it.
use strict;
use warnings;
use File::Basename qw(dirname);
use FindBin qw($Bin);
use lib "$Bin/../lib";
use Passwd qw(get);
use Test::More;

my $top = "$Bin/../..";

# Starts it, and reads what it says until a line like that, or its end.
sub demo {
    my ($until, %env) = @_;
    local @ENV{keys %env} = values %env;
    local @SIG{qw(TERM INT HUP)} = ('DEFAULT') x 3;    # who started us may ignore them: nohup, a shell's &
    my $pid = open my $out, '-|', "exec sh $top/support/demo </dev/null 2>&1" or die "sh: $!\n";
    my $said = '';
    while (defined(my $line = readline $out)) { $said .= $line; last if $line =~ $until }
    return ($pid, $out, $said);
}

sub log_in { my ($url, $password) = @_; return `curl -q -s --noproxy '*' --ntlm -u 'alice:$password' '$url'` }

for my $signal (qw(TERM INT HUP)) {
    my ($pid, $out, $said) = demo(qr/stops the server/, STAY => 1);
    my ($url) = $said =~ m{browser +(http://\S+)} or diag $said;
    my ($log) = $said =~ m{log +tail -f (/\S+)};
    like $said, qr/^A second user .* kill $pid stops the server\.$/m, 'with STAY=1 it says what stops it';
    like log_in($url, 'Looking-Glass1'), qr/Hello, alice/, '... and its server answers';
    ok -s $log, '... and it says where the log is';
    my $server = get(dirname($log) . '/httpd.pid') + 0;
    ok kill(0, $server), '... a process of its own';
    kill $signal => $pid;
    like join('', readline $out), qr/^Stopping\.$/m, "SIG$signal stops it";
    close $out;
    is $?, 0, "... 0";
    ok !kill(0, $server), '... its server is gone';
    ok !-e $log, '... and its folder';
}

my (undef, $out, $said) = demo(qr/The demo is over/);
ok close $out, 'else it is over by itself' or diag $said;
unlike $said, qr/stops the server/, '... and says nothing of staying';

done_testing;
