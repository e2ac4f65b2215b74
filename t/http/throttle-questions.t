#!/usr/bin/perl
# NTLMThrottle with a store over the network: what a login asks it, since each answer takes its time;
# and that what is not asked for could have refused nobody.
use strict;
use warnings;
use FindBin qw($Bin);
use lib "$Bin/../lib";
use Redis;
use Test::More;
use Throttled qw(is_in is_refused is_throttled);
use Time::HiRes qw(sleep time);

my $redis = Redis->new or plan skip_all => 'redis-server is not installed (package redis-server)';
plan skip_all => 'httpd has no mod_socache_redis' if !-e PrivateHttpd::module_folder() . '/mod_socache_redis.so';

sub httpd {
    my ($limits) = @_;
    return Throttled->new(limits => $limits, modules => ['socache_redis'],
        server => "NTLMThrottleStore redis:127.0.0.1:$redis->{port}");
}

# How many counters redis has been asked for by what is done here.
sub asked {
    my ($work) = @_;
    my $asked = sub { return $redis->command(INFO => 'commandstats') =~ /cmdstat_get:calls=(\d+)/ ? $1 : 0 };
    my $before = $asked->();
    $work->();
    return $asked->() - $before;
}

my ($ours, $others) = ('2001:db8:1:7::1', '2001:db8:1:8::1');
my $httpd = httpd('2/300');
is asked(sub { is_in($httpd->succeed(from => "127.0.0.$_"), "alice from 127.0.0.$_") }), 1, '... asks for one counter' for 2, 3;
is asked(sub { is_in($httpd->succeed(behind => $ours), 'alice by IPv6') }), 1, '... asks for one as well';
$httpd->guesses(2, 'two wrong passwords of bob', user => 'bob', from => '127.0.0.2');
is asked(sub { is_in($httpd->succeed(from => '127.0.0.2'), 'alice at his address') }), 2, '... asks for both of hers';
is asked(sub { is_in($httpd->succeed(from => '127.0.0.3'), 'alice at another one') }), 1, '... for one still';
is_throttled($httpd->succeed(user => 'bob', from => '127.0.0.2'), 'bob is sent away');
is asked(sub { is_throttled($httpd->succeed(user => 'bob', from => '127.0.0.2'), '... again') }), 1, '... after one question';
$httpd->guesses(1, 'a wrong password by IPv6', behind => $ours);
is asked(sub { is_in($httpd->succeed(behind => $others), 'alice of the same /48') }), 4, '... asks for all of hers';

# ---- other httpds do not know what this one has seen ----
my $new = httpd('2/300');
is_throttled($new->succeed(user => 'bob', from => '127.0.0.2'), 'another httpd sends bob away');
is_in($new->succeed(from => '127.0.0.2'), '... and lets alice in');

# ---- an address that counts for a shorter time than its users ----
$httpd = httpd('2/300 address=50/1');
my $there = () = $redis->command(KEYS => '*');
$httpd->guesses(2, 'two wrong passwords of alice');
is scalar(() = $redis->command(KEYS => '*')), $there + 2, '... have two counters';
my $deadline = time + 30;
sleep 0.1 until $redis->command(KEYS => '*') == $there + 1 || time > $deadline;
is scalar(() = $redis->command(KEYS => '*')), $there + 1, '... of which one has gone';
is_throttled($httpd->succeed, '... and she is sent away still');
is_throttled(httpd('2/300 address=50/1')->succeed, '... by another httpd, too');

done_testing;
