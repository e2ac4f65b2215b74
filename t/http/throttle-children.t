#!/usr/bin/perl
# NTLMThrottle: all children of httpd count together.
use strict;
use warnings;
use FindBin qw($Bin);
use lib "$Bin/../lib";
use Test::More;
use Throttled qw(is_in is_refused is_throttled);

# No child can hold eight connections: on event a thread holds two at the most.
use constant CHILDREN => 8;

my %server = (
    prefork => sprintf("StartServers %1\$d\nMinSpareServers %1\$d\nMaxRequestWorkers 16\n", CHILDREN),
    threads => sprintf("StartServers %1\$d\nServerLimit %1\$d\nThreadsPerChild 2\nMinSpareThreads %2\$d\n"
            . "MaxSpareThreads %2\$d\nMaxRequestWorkers %2\$d\n"
            . "<IfModule mpm_event_module>\nAsyncRequestWorkerFactor 0.1\n</IfModule>\n", CHILDREN, 2 * CHILDREN),
);
my $mpm   = $ENV{MPM} || 'event';
my $httpd = Throttled->new(limits => '8/300', server => $server{$mpm} // $server{threads});

# How many children have served requests with that status, once the log has all of them.
sub children {
    my ($status, $wanted) = @_;
    my $served   = qr/^(\d+) \d+ \Q$status\E\n/m;
    my %children = map { $_ => 1 } $httpd->access_log(qr/(?:$served.*?){$wanted}/s) =~ /$served/g;
    return scalar keys %children;
}

# Open at the same time, so that they are not all one child's.
my @connections = map { $httpd->challenged } 1 .. 12;
my @responses   = map { $httpd->answer($_, hash => '0' x 32) } @connections;
is scalar(grep { $_->status == 401 } @responses[0 .. 7]), 8, 'eight wrong passwords on as many connections are refused';
is_throttled($_, 'one more is sent away') for @responses[8 .. 11];
cmp_ok children('wrong-password', 8), '>', 1, 'more than one child had refused them';
is_throttled($httpd->succeed, 'the right password is sent away, too');
is_in($httpd->succeed(user => 'bob'), 'and bob logs in');

done_testing;
