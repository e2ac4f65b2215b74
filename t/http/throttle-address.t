#!/usr/bin/perl
# NTLMThrottle: the limit of an address for all of its users, and what an address is.
use strict;
use warnings;
use FindBin qw($Bin);
use lib "$Bin/../lib";
use Test::More;
use Throttled qw(is_in is_refused is_throttled);

# ---- all users of one address ----
my $httpd = Throttled->new(limits => '2/300 address=5/300');
is_refused($httpd->guess(user => "user$_"), "a wrong password of user$_") for 1 .. 5;
is_throttled($httpd->guess(user => 'user6'), 'after five the address is sent away');
is_throttled($httpd->succeed, '... alice too');
is_in($httpd->succeed(from => '127.0.0.2'), '... but not from elsewhere');
is_deeply [grep { $_ eq 'warn' } $httpd->levels('throttled')], ['warn'], 'the log warns once';

# ---- ten times as many, if nothing else is said ----
$httpd = Throttled->new(limits => '2/300');
is scalar(grep { $httpd->guess(user => "user$_")->status == 401 } 1 .. 20), 20, 'twenty wrong passwords at 2/300';
is_throttled($httpd->succeed, '... are the limit of an address');

# ---- behind a front end ----
$httpd = Throttled->new(limits => '2/300');
my %one = (behind => '192.0.2.1');
$httpd->guesses(2, 'behind a front end: two wrong passwords', %one);
is_throttled($httpd->succeed(%one), '... and the client is sent away');
is_in($httpd->succeed(behind => '192.0.2.2'), '... another client of the front end is not');
is_in($httpd->succeed, '... nor the front end itself');
is_in($httpd->succeed(from => '127.0.0.2', %one), '... nor somebody who only says that he is that client');

# ---- IPv6: the network of a customer ----
$httpd = Throttled->new(limits => '2/300 address=4/300');
is_refused($httpd->guess(behind => "2001:db8:0:7:$_\::1"), "a wrong password from 2001:db8:0:7:$_\::1") for 1 .. 2;
is_throttled($httpd->succeed(behind => '2001:db8:0:7:ffff::9'), 'all of the /64 is sent away');
is_in($httpd->succeed(behind => '2001:db8:0:8::1'), '... the next /64 is not');
is_in($httpd->succeed(user => 'bob', behind => '2001:db8:0:7::1'), '... nor bob');
is_refused($httpd->guess(user => 'bob', behind => "2001:db8:0:7::$_"), 'he has wrong passwords, too') for 1 .. 2;
is_throttled($httpd->succeed(user => 'carol', hash => '0' x 32, behind => '2001:db8:0:7::3'),
    '... and four are the limit of the /64');

# ---- IPv4 as a part of IPv6 is IPv4 ----
$httpd->guesses(2, 'wrong passwords from ::ffff:198.51.100.1', behind => '::ffff:198.51.100.1');
is_throttled($httpd->succeed(behind => '198.51.100.1'), '... are from 198.51.100.1');
is_in($httpd->succeed(behind => '::ffff:198.51.100.2'), '... and not from its neighbour');

# ---- many others do not make it forget ----
$httpd = Throttled->new(limits => '2/86400');    # however long it takes
$httpd->guesses(2, 'two wrong passwords of alice');
my $refused = grep { $httpd->guess(user => "user$_", behind => join '.', 198, 18, int($_ / 250), 1 + $_ % 250)->status == 401 }
    1 .. 1_000;
is $refused, 1_000, 'a thousand others fail at a thousand other addresses';
is_throttled($httpd->succeed, '... and alice is sent away still', 86_400);

done_testing;
