#!/usr/bin/perl
# NTLMThrottleStore: two httpds that count together in redis; and without it.
use strict;
use warnings;
use FindBin qw($Bin);
use lib "$Bin/../lib";
use Redis;
use Test::More;
use Throttled qw(is_in is_refused is_throttled);
use Time::HiRes qw(sleep time);

my $redis = Redis->new or plan skip_all => 'redis-server is not installed (package redis-server)';
my $folder = PrivateHttpd::module_folder();
plan skip_all => 'httpd has no mod_socache_redis' if !-e "$folder/mod_socache_redis.so";

sub httpd {
    my ($limits) = @_;
    return Throttled->new(limits => $limits, modules => ['socache_redis'],
        server => "NTLMThrottleStore redis:127.0.0.1:$redis->{port}\nRedisTimeout 1");
}

# ---- two servers, one count ----
my ($one, $other) = map { httpd('6/300') } 1 .. 2;
$_->guesses(3, 'three wrong passwords at each of two servers') for $one, $other;
for my $httpd ($one, $other) {
    is_throttled($httpd->succeed, 'then alice is sent away, by both');
    is_in($httpd->succeed(user => 'bob'), '... and bob logs in');
    is_in($httpd->succeed(from => '127.0.0.2'), '... and alice from elsewhere');
}
is scalar(grep { $_ eq 'warn' } map { $_->levels('throttled') } $one, $other), 1, 'one of them warns of it';

# ---- counts of a host whose clock goes before ours ----
sub counted {
    my ($seconds) = @_;
    for my $key ($redis->command(KEYS => '*')) {
        my ($count, $since) = $redis->command(GET => $key) =~ /^(\d+) (\d+)$/ or next;
        $redis->command(SET => $key, "$count " . ($since + 1_000_000 * $seconds));
    }
    return;
}
counted(100);
is_throttled($one->succeed, 'counts from the near future count', 400);
counted(1000);
is_in($one->succeed, '... from farther off than a window they do not: a clock was set back');

# ---- windows of a second: redis counts whole seconds only ----
my $short = httpd('1/1');
my $deadline = time + 60;
my $response;
until ($response && $response->status == 429 || time > $deadline) {    # answers that are sent at once
    my @open = map { $short->challenged } 1 .. 3;
    $_->send_type3('/', Throttled::type3(hash => '0' x 32)) for @open;
    $response = (sort { $b->status <=> $a->status } map { $_->read_response } @open)[0];
}
is_throttled($response, 'a window of one second', 1);
$deadline = time + 20;
do { sleep 0.05; $response = $short->succeed } until $response->status == 200 || time > $deadline;
is_in($response, '... ends');
unlike $short->error_log, qr/does not answer/, '... and redis took every count';

# ---- redis does not answer, and is gone ----
sub goes_on {
    my ($what) = @_;
    is_in($one->succeed, "$what: alice logs in");
    is_in($one->succeed(user => 'bob'), '... so does bob');
    $one->guesses(1, '... wrong passwords are refused');
    is_in($one->succeed, '... and not counted');
    return;
}
my $begin = time;
$redis->pause;
my $waiting = $one->challenged;
$waiting->send_type3('/', Throttled::type3());    # httpd has no time limit for an answer of redis
$deadline = time + 30;
sleep 0.02 until $redis->is_asked || time > $deadline;
goes_on('a redis that does not answer');
$redis->stop;
is_in($waiting->read_response, 'one login had waited for it until it was gone');
goes_on('no redis');
my $minutes = 1 + int((time - $begin + 1) / 60);    # begun: time cuts off a part of a second
my @complaints = $one->error_log =~ /\[auth_ntlmv2:error\] \[pid (\d+)[^\n]*store of NTLMThrottle does not answer/g;
my %children = map { $_ => 1 } @complaints;
cmp_ok scalar @complaints, '>=', 1, 'the error log says that nothing is counted';
cmp_ok scalar @complaints, '<=', $minutes * keys %children, '... each child once a minute';

# ---- it is back ----
$redis->start;
$deadline = time + 30;
$one->guess until ($response = $one->guess)->status == 429 || time > $deadline;
is_throttled($response, 'when redis is back, failures are counted again');

done_testing;
