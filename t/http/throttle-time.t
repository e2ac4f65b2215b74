#!/usr/bin/perl
# NTLMThrottle: how long somebody is sent away, and that nobody can cut it short.
use strict;
use warnings;
use FindBin qw($Bin);
use lib "$Bin/../lib";
use Test::More;
use Throttled qw(is_in is_refused is_throttled);
use Time::HiRes qw(sleep time);

use constant {WINDOW => 2, PATIENCE => 30};

# ---- it ends ----
my $httpd = Throttled->new(limits => '3/' . WINDOW);
my ($start, $last, $in);
my $deadline = time + PATIENCE;
until ($last || time > $deadline) {    # a machine that is busy may need longer than a window
    $start //= time;    # what is left of a round may be the beginning of the next one's window
    $httpd->guess for 1 .. 3;
    my $response = $httpd->succeed;
    $last = $response if $response->status == 429;
}
ok $last, 'three wrong passwords within a window are too many';
until ($in || time > $deadline) {
    my $response = $httpd->succeed;
    if   ($response->status == 200) { $in   = time }
    else                            { $last = $response }
    sleep 0.05;
}
is_throttled($last, 'then she is sent away', WINDOW);
ok $in, '... until the time is up, though she came back all the while';
cmp_ok $in // 0, '>=', $start + WINDOW, '... which it is not before';
is_refused($httpd->guess, 'a wrong password then is the first one');
is_in($httpd->succeed, '... and the right one logs in');

# ---- it begins with the first failure ----
$httpd->stop;
$httpd = Throttled->new(limits => '3/300');
$httpd->guesses(1, 'a wrong password');
my $first = time;
sleep 0.1 until time > $first + 2;
$httpd->guesses(2, '... and two more, two seconds later');
is_throttled($httpd->succeed, '... count from the first one', 298);

# ---- each window is warned of once ----
$httpd = Throttled->new(limits => '3/' . WINDOW);
$deadline = time + PATIENCE;
until ((grep { $_ eq 'warn' } $httpd->levels('throttled')) == 2 || time > $deadline) { $httpd->guess }
is scalar(grep { $_ eq 'warn' } $httpd->levels('throttled')), 2, 'each time is warned of';

# ---- requests that were begun before the others ended ----
# Their first lines are older than the failures that they are counted after.
$httpd = Throttled->new(limits => '3/300');
my @held = map { $httpd->begin($httpd->challenged, hash => '0' x 32) } 1 .. 4;
my $right = $httpd->begin($httpd->challenged);
sleep 0.05;
$httpd->guesses(3, 'three wrong passwords after others were begun');
is_throttled($_->{rest}->(), 'one that was begun before is sent away') for reverse @held;
is_throttled($right->{rest}->(), '... with the right password, too');
is_throttled($httpd->succeed, '... and none of them began the count anew');

# ---- a restart ----
$httpd = Throttled->new(limits => '2/300');
$httpd->guesses(2, 'two wrong passwords');
is_throttled($httpd->succeed, 'she is sent away');
sub restarts { return scalar(() = $httpd->error_log =~ /resuming normal operations/g) }
$httpd->graceful;
$deadline = time + PATIENCE;
sleep 0.05 until restarts() == 2 || time > $deadline;
my $response;    # none, if an old child took the connection just before its end
do { $response = eval { $httpd->succeed } } until $response && $response->status == 200 || time > $deadline;
is_in($response, 'after a graceful restart the counts of shmcb begin anew');
$httpd->guesses(2, '... two wrong passwords again');
is_throttled($httpd->succeed, '... and she is sent away again');

done_testing;
