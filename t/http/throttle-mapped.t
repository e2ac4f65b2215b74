#!/usr/bin/perl
# NTLMThrottle on a socket for IPv4 and IPv6, as Listen PORT makes it: IPv4 clients have a mapped
# address there, and are told apart as anywhere.
use strict;
use warnings;
use FindBin qw($Bin);
use lib "$Bin/../lib";
use IO::Socket::IP;
use Test::More;
use Throttled qw(is_in is_refused is_throttled);

# of the loopback interface, too; the address of PrivateHttpd's own Listen is another one
plan skip_all => 'there is no IPv6 here' if !IO::Socket::IP->new(LocalHost => '::ffff:127.0.0.1', Listen => 1);
my $httpd = Throttled->new(limits => '2/300', ports => ['MAPPED'], server => 'Listen [::ffff:127.0.0.1]:@MAPPED@');
$httpd->{port} = $httpd->{ports}{MAPPED};

$httpd->guesses(2, 'two wrong passwords');
is_throttled($httpd->succeed, 'then she is sent away');
is_in($httpd->succeed(from => '127.0.0.2'), '... but not from another address');
is_in($httpd->succeed(user => 'bob'), '... nor is bob');

done_testing;
