#!/usr/bin/perl
# A login lasts as long as its connection: what ends an idle one. Nobody inherits the
# login, and the client logs in anew on its next connection.
use strict;
use warnings;
use FindBin qw($Bin);
use lib "$Bin/../lib";
use Behind qw(is_not_served is_served);
use Test::More;
use Time::HiRes qw(sleep time);

use constant PATIENCE => 30;

my ($httpd, %alice);

# An httpd of its own for each part.
sub httpd {
    my ($server) = @_;
    $httpd = Behind->new(server => $server);
    %alice = %{$httpd->account('alice')};
    return;
}

sub alice {
    my ($sentence) = @_;
    my $alice = $httpd->client;
    is_served($alice->login('/', %alice), 'alice', $sentence);
    is_served($alice->get('/'), 'alice', '... and is logged in');
    return $alice;
}

# Does something again and again until the server has closed the connection.
sub gets_closed {
    my ($client, $sentence, $meanwhile) = @_;
    my $deadline = time + PATIENCE;
    my $closed;
    $meanwhile->() until ($closed ||= $client->is_closed) || time > $deadline;
    ok $closed, $sentence;
    return;
}

sub nobody_inherits {
    is_not_served($httpd->client->get('/'), '... a new one must log in');
    return alice('... and can: alice logs in');
}

sub wait_a_little { return sleep 0.05 }

# ---- KeepAliveTimeout ----
httpd('KeepAliveTimeout 1');
gets_closed(alice('KeepAliveTimeout 1: alice logs in'), '... when it has passed her connection is closed', \&wait_a_little);
nobody_inherits();

# ---- a graceful restart: event closes it at once, worker and prefork behind one request more ----
httpd('');
my $alice = alice('alice logs in, and httpd is restarted gracefully');
sub restarts { return scalar(() = $httpd->error_log =~ /resuming normal operations/g) }
$httpd->graceful;
my $deadline = time + PATIENCE;
wait_a_little() until restarts() == 2 || time > $deadline;
if ($httpd->{mpm} eq 'event') {
    gets_closed($alice, '... her connection is closed', \&wait_a_little);
}
else {
    my $response;
    do { $response = $alice->get('/') } until $response->closed || time > $deadline;
    is_served($response, 'alice', '... her next request is served');
    ok $response->closed, '... and ends her connection';
}
nobody_inherits();

# ---- all workers busy ----
SKIP: {
    skip 'only the event MPM closes idle connections when all its workers are busy', 1 if $httpd->{mpm} ne 'event';
    httpd("ServerLimit 1\nStartServers 1\nThreadsPerChild 2\nMaxRequestWorkers 2");
    gets_closed(alice('two workers: alice logs in'), '... while both are busy and others wait, her connection is closed', sub {
        my @slow = map { $httpd->client } 1 .. 3;
        $_->{asked} = 'GET' for @slow;
        $_->send_bytes("GET /open/ HTTP/1.1\r\n")       for @slow;
        $_->send_bytes("Host: 127.0.0.1\r\n\r\n") for @slow;
        $_->read_response for @slow;
    });
    nobody_inherits();
}

done_testing;
