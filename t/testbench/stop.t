#!/usr/bin/perl
# Whatever ends the test bench, no process, port or file of it stays, and it says how it ended.
use strict;
use warnings;
use File::Temp qw(tempdir);
use FindBin qw($Bin);
use lib "$Bin/../lib";
use Test::More;

use Launched;
use Left qw(is_gone);
use Passwd qw(get);

if (my ($why) = Launched->missing) { plan skip_all => $why }
my $dir    = tempdir(CLEANUP => 1);
my $ready  = "$dir/ready.json";
my $beside = Launched->start;    # goes on, whatever becomes of others

sub httpd_of { my ($bench) = @_; chomp(my $pid = get($bench->dir . '/httpd.pid')); return $pid }

# How it ends while clients are there, and its status.
sub ends {
    my ($what, $status, $how, @options) = @_;
    my $bench = Launched->start('--ready-file', $ready, @options);
    ok -e $ready && Left::processes($bench) >= 3 && Left::watch($bench) == 7, "$what: it is there";
    my ($idle, $waiting) = map { $bench->connection } 1, 2;
    $idle->get('/health');
    $waiting->type1('/ntlm');
    $how->($bench);
    waitpid $bench->{pid}, 0;
    is $? & 127 ? 'signal ' . ($? & 127) : $? >> 8, $status, "... and ends: $status";
    is_gone($bench, '... and nothing is left', $ready);
    return;
}

for my $signal (qw(TERM INT HUP)) {
    ends("SIG$signal", 0, sub { kill $signal => $_[0]{pid} });
}
ends('the end of its standard input', 0, sub { close $_[0]{in} }, '--stdin-eof');
ends('--exit-after', 0, sub { }, qw(--exit-after 1));
ends('SIGTERM while httpd stands still', 0, sub { kill STOP => httpd_of($_[0]); kill TERM => $_[0]{pid} });
ends('SIGKILL of itself', 'signal 9', sub { kill KILL => $_[0]{pid} });
ends('SIGKILL of itself while httpd stands still', 'signal 9', sub { kill STOP => httpd_of($_[0]); kill KILL => $_[0]{pid} });
ends('SIGKILL of httpd', 3, sub { kill KILL => httpd_of($_[0]) });
ends('SIGTERM of httpd', 3, sub { kill TERM => httpd_of($_[0]) });

# ---- a log that nobody reads ----
# More lines than the pipe has room for: neither httpd nor what stops it waits for a reader.
pipe(my $from, my $to) or die "pipe: $!\n";
open my $stderr, '>&', \*STDERR or die "STDERR: $!\n";
open STDERR, '>&', $to or die "STDERR: $!\n";
my $unread = Launched->start(qw(--log text));
open STDERR, '>&', $stderr or die "STDERR: $!\n";
Left::watch($unread);
my $client = $unread->connection;
is scalar(grep { $client->get('/health?' . 'x' x 8000)->status != 200 } 1 .. 40), 0, 'a log that nobody reads: it answers';
is $unread->stop, 0, '... and stops';
is_gone($unread, '... and nothing is left');

# ---- before it answers ----
my $early = Launched->launch(qw(--port 0 --tls-port 0 --proxy-port 0 --ready-file), $ready);
kill TERM => $early->{pid};
my $said = $early->answers && Left::watch($early);
$early->stop;
ok $? == 0 || $? == 15, 'SIGTERM at once, before or after it takes signals: it ends';
is_gone($early, '... and nothing is left', $ready) if $said;
ok !-e $ready, '... no file that says that it is ready';

is $beside->connection->get('/health')->status, 200, 'one beside all of them has gone on';

done_testing;
