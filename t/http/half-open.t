#!/usr/bin/perl
# Handshakes that are begun and left: while event holds hundreds of them a login goes on; worker
# and prefork, whose workers they keep, recover after KeepAliveTimeout. NTLM_LONG=1: thousands.
use strict;
use warnings;
use FindBin qw($Bin);
use lib "$Bin/../lib";
use Behind qw(is_not_served is_served);
use POSIX ();
use Test::More;
use Time::HiRes qw(sleep time);

use constant PATIENCE => 60;

my $mpm  = $ENV{MPM} || 'event';
my $MANY = $ENV{NTLM_LONG} ? 5_000 : 500;

# One child may hold as many connections as it has threads, times AsyncRequestWorkerFactor
# and one: 64 * (1 + 99) here. It needs a file descriptor for each.
my %server = (
    event => <<'TEXT',
ServerLimit 1
StartServers 1
ThreadsPerChild 64
MaxRequestWorkers 64
MinSpareThreads 1
MaxSpareThreads 64
AsyncRequestWorkerFactor 99
ListenBacklog 1024
KeepAliveTimeout 300
TEXT
    worker => <<'TEXT',
ServerLimit 2
StartServers 2
ThreadsPerChild 8
MaxRequestWorkers 16
MinSpareThreads 1
MaxSpareThreads 16
KeepAliveTimeout 2
TEXT
    prefork => <<'TEXT',
ServerLimit 8
StartServers 8
MinSpareServers 1
MaxSpareServers 8
MaxRequestWorkers 8
KeepAliveTimeout 2
TEXT
);

my $workers = $mpm eq 'event' ? $MANY : $mpm eq 'worker' ? 16 : 8;

# This process has a descriptor for each connection, and so has httpd's child, which inherits
# the limit.
my $enough = $workers + 200;
if (POSIX::sysconf(POSIX::_SC_OPEN_MAX()) < $enough) {
    plan skip_all => "ulimit -n $enough is not allowed here"
        if system('sh', '-c', "ulimit -n $enough 2>/dev/null") != 0;
    exec 'sh', '-c', "ulimit -n $enough && exec \"\$@\"", 'sh', $^X, $0;
}

my $httpd = Behind->new(server => $server{$mpm});
my %alice = %{$httpd->account('alice')};

# A Type 1 was sent and a Type 2 was read, and nothing more comes.
sub half_open {
    my $c = $httpd->client;
    $c->type1('/');
    return defined $c->{type2} ? $c : ();
}

my @waiting = map { half_open() } 1 .. $workers;
is scalar @waiting, $workers, "$workers handshakes are begun and left";
my $begun = time;

if ($mpm eq 'event') {
    my $login = $httpd->client;
    my $start = time;
    my $response = $login->login('/', %alice);
    my $took = time - $start;
    is_served($response, 'alice', 'alice logs in');
    note sprintf 'it took %.3f s', $took;
    is_not_served($httpd->client->login('/', %alice, nt_hash => '0' x 32), '... a wrong password gets nothing');
    is scalar(grep { !$_->is_closed } @waiting), $workers, '... and the others are held still';
    is_served($waiting[0]->type3('/', %alice), 'alice', '... the first of them can go on');
    is_served($waiting[-1]->type3('/', %alice), 'alice', '... the last of them, too');
}
else {
    my $response = NTLM::Connection->new(port => $httpd->{port}, vhost => '127.0.0.1', timeout => PATIENCE)
        ->login('/', %alice);
    is_served($response, 'alice', 'alice, who has come after them, logs in');
    my $deadline = $begun + PATIENCE;
    sleep 0.05 until !(grep { !$_->is_closed } @waiting) || time > $deadline;
    is scalar(grep { $_->is_closed } @waiting), $workers, 'KeepAliveTimeout has ended the others';
    is_not_served($httpd->client->login('/', %alice, nt_hash => '0' x 32), 'a wrong password gets nothing');
    is_served($httpd->client->login('/', %alice), 'alice', '... and the server is as before');
}

done_testing;
