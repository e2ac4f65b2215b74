#!/usr/bin/perl
# NTLMThrottle with a store that takes questions and answers none: who had asked it waits, and nobody
# else for long, however many come at once.
use strict;
use warnings;
use FindBin qw($Bin);
use lib "$Bin/../lib";
use IO::Select;
use Redis;
use Test::More;
use Throttled qw(is_in is_refused is_throttled);
use Time::HiRes qw(sleep time);

use constant {MANY => 40, CAUGHT => 16};    # as many as throttle_lanes.h has lanes

my $WORKERS = <<'TEXT';
<IfModule !mpm_prefork_module>
    StartServers 2
    ServerLimit 2
    ThreadsPerChild 64
    MaxRequestWorkers 128
</IfModule>
TEXT

my $redis = Redis->new or plan skip_all => 'redis-server is not installed (package redis-server)';
plan skip_all => 'httpd has no mod_socache_redis' if !-e PrivateHttpd::module_folder() . '/mod_socache_redis.so';

my $httpd = Throttled->new(limits => '3/86400', modules => ['socache_redis'],
    server => "NTLMThrottleStore redis:127.0.0.1:$redis->{port}\n$WORKERS");
is_in($httpd->succeed, 'alice logs in');

# ---- it hangs while many log in ----
my @open = map { $httpd->challenged } 1 .. MANY;
is_in($httpd->answer(shift @open), 'a login that is answered');
$redis->pause;
$_->send_type3('/', Throttled::type3()) for @open;
my %open = map { $_->{socket} => $_ } @open;
my $in   = 0;
my $deadline = time + 30;
while (keys %open > CAUGHT && time < $deadline) {
    for my $socket (IO::Select->new(map { $_->{socket} } values %open)->can_read(1)) {
        my $c = delete $open{$socket} or next;
        $in++ if $c->read_response->status == 200;
    }
}
cmp_ok $in, '>=', @open - CAUGHT, 'all but those who had asked are let in';

# ---- they are not joined by others ----
is_in($httpd->succeed, 'one more logs in, uncounted') for 1 .. 3;
$httpd->guesses(4, '... wrong passwords are refused');
is_in($httpd->succeed, '... and not counted');

# ---- it is gone ----
$redis->stop;
is scalar(grep { $_->read_response->status == 200 } values %open), scalar(keys %open), 'those who waited are let in when it is gone';

# ---- it is back ----
$redis->start;
my $response;
$deadline = time + 30;
do { $response = $httpd->guess; sleep 0.05 } until $response->status == 429 || time > $deadline;
is_throttled($response, 'when it is back failures are counted again', 86_400);

done_testing;
