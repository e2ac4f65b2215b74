#!/usr/bin/perl
# A wall clock that is set while somebody logs in, or is logged in: only time that has passed
# ends a challenge or a login.
use strict;
use warnings;
use FindBin qw($Bin);
use lib "$Bin/../lib";
use Behind qw(is_not_served is_served);
use Clocks;
use Digest::MD5 qw(md5_hex);
use NTLM::Log;
use Test::More;
use Time::HiRes qw(sleep time);

use constant {HOUR => 3600, PATIENCE => 30};

my $clocks = Clocks->new;
my $httpd  = $clocks->of(sub { Behind->new(server => 'KeepAliveTimeout 1000000000') });
my %alice  = %{$httpd->account('alice')};

# What the log says about the last request of a connection.
sub logged {
    my ($client) = @_;
    my @lines = map { NTLM::Log::parse($_) } split /\n/, $httpd->error_log;
    my ($line) = grep { $_->{port} == $client->local_port } reverse @lines;
    return $line->{status};
}

my %steps = ('a second back' => -1, 'an hour on' => HOUR, 'a day back' => -24 * HOUR, 'a year on' => 365 * 24 * HOUR);

# ---- between Type 1 and Type 3 ----
for my $how (sort keys %steps) {
    my $client = $httpd->client;
    $client->type1('/');
    $clocks->set($steps{$how});
    is_served($client->type3('/', %alice), 'alice', "a clock that is set $how between challenge and answer");
    is_served($client->get('/'), 'alice', '... and she is logged in');
}

# ---- during a login ----
my $client = $httpd->client;
is_served($client->login('/', %alice), 'alice', 'alice logs in');
for my $how (sort keys %steps) {
    $clocks->set($steps{$how});
    is_served($client->get('/'), 'alice', "... and still is when the clock is set $how");
}

# ---- what has passed, wherever the wall clock stands ----
for my $how (undef, sort keys %steps) {
    my ($slow, $idle) = map { $httpd->client } 1 .. 2;
    is_served($idle->login('/', %alice), 'alice', 'alice logs in');
    $clocks->pass(HOUR - 100);
    is_served($idle->get('/'), 'alice', '... and is logged in for almost an hour');
    $slow->type1('/');
    $clocks->pass(101);
    $clocks->set($steps{$how}) if $how;
    my $but = $how ? ", though the clock was set $how" : '';
    is_not_served($slow->type3('/', %alice), "an answer that comes too late is refused$but");
    is logged($slow), 'challenge-expired', '... and the log says why';
    is_not_served($idle->get('/'), '... and a login that is too old has ended');
    is logged($idle), 'login-ended', '... and the log says so';
}

# ---- a changed file ----
for my $how (sort keys %steps) {
    my $hash = md5_hex($how);
    my $path = $httpd->write('passwords.new', "alice:$hash\n", 0640);
    chown 0, scalar getgrnam('www-data'), $path if $> == 0;
    rename $path, $httpd->dir . '/passwords' or die "rename: $!\n";
    $clocks->set($steps{$how});
    my ($deadline, $response) = time + PATIENCE;
    do {
        sleep 0.1;
        $response = $httpd->client->login('/', %alice, nt_hash => $hash);
    } until $response->status == 200 || time > $deadline;
    is_served($response, 'alice', "a new file counts though the clock was set $how");
}

done_testing;
