#!/usr/bin/perl
# NTLMThrottle with a store that is slow and in demand: it answers, so everybody waits for his
# turn, and nobody guesses uncounted by being many.
use strict;
use warnings;
use FindBin qw($Bin);
use lib "$Bin/../lib";
use Redis;
use Test::More;
use Throttled qw(is_in is_refused is_throttled);

use constant MANY => 50;

# One child with threads for all: event closes idle connections of a child that has none left.
my $WORKERS = <<'TEXT';
<IfModule !mpm_prefork_module>
    StartServers 1
    ServerLimit 1
    ThreadsPerChild 64
    MaxRequestWorkers 64
</IfModule>
TEXT

my $redis = Redis->new or plan skip_all => 'redis-server is not installed (package redis-server)';
plan skip_all => 'httpd has no mod_socache_redis' if !-e PrivateHttpd::module_folder() . '/mod_socache_redis.so';

# together they wait for much longer than a store that is silent is waited for
my $port  = $redis->slow_port(0.1);
my $httpd = Throttled->new(limits => '3/86400', modules => ['socache_redis'],
    server => "NTLMThrottleStore redis:127.0.0.1:$port\n$WORKERS");

# The statuses of answers that are sent at once, and how often each came.
sub at_once {
    my (%who) = @_;
    my @open = map { $httpd->challenged } 1 .. MANY;
    $_->send_type3('/', Throttled::type3(%who)) for @open;
    my %times;
    $times{$_->read_response->status}++ for @open;
    $_->close for @open;
    return \%times;
}

$httpd->guesses(3, 'three wrong passwords of alice');
is_deeply at_once(hash => '0' x 32), {429 => MANY}, 'many more at once are sent away';
is_deeply at_once(), {429 => MANY}, '... so are many right ones';
unlike $httpd->error_log, qr/does not answer/, 'the store has answered';

done_testing;
