#!/usr/bin/perl
# NTLMThrottle and IPv6: who has many networks has one /56 or /48 of them, and that counts, too.
use strict;
use warnings;
use FindBin qw($Bin);
use lib "$Bin/../lib";
use Test::More;
use Throttled qw(is_in is_refused is_throttled);

my $serial = 0;

# A wrong password of somebody new: no user's own limit is met.
sub guess { my ($httpd, $address) = @_; return $httpd->guess(user => 'user' . $serial++, behind => $address) }

# Of guesses from these addresses, how many are looked at.
sub looked_at {
    my ($httpd, @addresses) = @_;
    return scalar grep { guess($httpd, $_)->status == 401 } @addresses;
}

# ---- if nothing is said: twice and four times what an address has ----
my $httpd = Throttled->new(limits => '2/300 address=4/300');
is looked_at($httpd, map { sprintf '2001:db8:1:1%02x::1', $_ } 0 .. 63), 8,
    'of 64 guesses from the 64 networks of one /56 eight are looked at';
is_throttled($httpd->succeed(behind => '2001:db8:1:1ff::1'), '... and all of the /56 is sent away');
is_in($httpd->succeed(behind => '2001:db8:1:200::1'), '... the next /56 is not');
is_in($httpd->succeed(behind => '2001:db8:2:100::1'), '... nor the next /48');
is looked_at($httpd, map { sprintf '2001:db8:1:%x00::1', $_ } 2 .. 12), 8,
    'eight more from other /56 of that /48 are looked at: sixteen in all';
is_throttled($httpd->succeed(behind => '2001:db8:1:ff00::1'), '... and all of the /48 is sent away');
is_in($httpd->succeed(behind => '2001:db8:0:ff00::1'), '... its neighbours are not');
is_in($httpd->succeed, '... nor is IPv4');
is_deeply [grep { $_ eq 'warn' } $httpd->levels('throttled')], ['warn', 'warn'], 'the log warns once for each';

# ---- as it is said ----
$httpd = Throttled->new(limits => '5/300 net48=5/300 address=50/300 net56=3/300');
is looked_at($httpd, map { "2001:db8:1:10$_\::1" } 1 .. 5), 3, 'net56=3/300';
is looked_at($httpd, map { "2001:db8:1:20$_\::1" } 1 .. 5), 2, '... and net48=5/300 leaves two for the next one';
is looked_at($httpd, map { "2001:db8:1:${_}00::1" } 3 .. 7), 0, '... and none for others';
is looked_at($httpd, map { "2001:db8:2:10$_\::1" } 1 .. 5), 3, '... but in another /48';
$httpd = Throttled->new(limits => '5/300 net56=50/300 net48=3/86400');
is looked_at($httpd, map { "2001:db8:1:${_}00::1" } 1 .. 5), 3, 'net48=3/86400';
is_throttled($httpd->succeed(behind => '2001:db8:1::1'), '... for its own time', 86_400);

# ---- IPv4 has no networks ----
$httpd = Throttled->new(limits => '2/300 address=4/300 net56=1/300 net48=1/300');
is looked_at($httpd, map { "192.0.2.$_" } 1 .. 9), 9, 'neighbours in IPv4 are strangers';
is looked_at($httpd, map { "::ffff:192.0.2.$_" } 11 .. 19), 9, '... as a part of IPv6, too';
is looked_at($httpd, ('192.0.2.20') x 6), 4, '... and one address is one';
is looked_at($httpd, '::192.0.2.1', '::192.0.3.1'), 1, 'what only looks like it is IPv6';

done_testing;
