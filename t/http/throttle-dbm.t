#!/usr/bin/perl
# NTLMThrottleStore dbm: a file that all children count in.
use strict;
use warnings;
use FindBin qw($Bin);
use lib "$Bin/../lib";
use Test::More;
use Throttled qw(is_in is_refused is_throttled);

plan skip_all => 'httpd has no mod_socache_dbm' if !-e PrivateHttpd::module_folder() . '/mod_socache_dbm.so';

my $httpd = Throttled->new(limits => '3/300', modules => ['socache_dbm'], unstarted => 1,
    server => 'NTLMThrottleStore dbm:@DIR@/counts/store');
mkdir $httpd->dir . '/counts';
chmod 0777, $httpd->dir . '/counts';
$httpd->start;
$httpd->guesses(3, 'three wrong passwords of alice are refused as always');
is_throttled($httpd->succeed, '... and then she is sent away');
is_in($httpd->succeed(user => 'bob'), 'bob logs in');
unlike $httpd->error_log, qr/does not answer/, 'the store has answered each time';

done_testing;
