#!/usr/bin/perl
# NTLMThrottle: failures that come together are counted together, and none is lost or counted twice;
# a store that is slow is asked less for it.
use strict;
use warnings;
use FindBin qw($Bin);
use lib "$Bin/../lib";
use Redis;
use Test::More;
use Throttled qw(is_in is_refused is_throttled);

use constant {MANY => 40, SLOW => 0.01};

# Each child with threads for all: event closes idle connections of a child that has none left.
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

my $port  = $redis->slow_port(SLOW);
my $httpd = Throttled->new(limits => '1000/86400', modules => ['socache_redis'],
    server => "NTLMThrottleStore redis:127.0.0.1:$port\n$WORKERS");

# What the counters say, the highest first.
sub counts {
    return sort { $b <=> $a } map { $redis->command(GET => $_) =~ /^(\d+) \d+$/ ? $1 : () } $redis->command(KEYS => '*');
}

sub writes { return $redis->command(INFO => 'commandstats') =~ /cmdstat_setex:calls=(\d+)/ ? $1 : 0 }

# Guesses that are sent at once.
sub guess_at_once {
    my (@users) = @_;
    my @open = map { $httpd->challenged } @users;
    $open[$_]->send_type3('/', Throttled::type3(user => $users[$_], hash => '0' x 32)) for 0 .. $#users;
    my $refused = grep { $_->read_response->status == 401 } @open;
    $_->close for @open;
    return $refused;
}

is guess_at_once(('alice') x MANY), MANY, MANY . ' wrong passwords of alice at once are refused';
is_deeply [counts()], [MANY, MANY], '... and each is counted for her and for the address, once';
cmp_ok writes(), '<=', 2 * MANY, '... by no more writes than if they had come one after the other';
is guess_at_once(map { "user$_" } 1 .. MANY), MANY, 'wrong passwords of as many users';
is_deeply [counts()], [2 * MANY, MANY, (1) x MANY], '... are one of each, and all of the address';
unlike $httpd->error_log, qr/does not answer/, 'the store has answered';

done_testing;
