#!/usr/bin/perl
# HAProxy in front, which shares its connections to httpd among its clients until httpd
# answers 401 with NTLM: from then on the connection is one client's.
use strict;
use warnings;
use FindBin qw($Bin);
use lib "$Bin/../lib";
use Behind qw(is_not_served is_served);
use Front;
use Test::More;

plan skip_all => 'haproxy is not installed' if !Front::program('haproxy');

my $httpd = Behind->new;
my %alice = %{$httpd->account('alice')};
my %bob   = %{$httpd->account('bob')};

my @running;

# Its port.
sub haproxy {
    my (@options) = @_;
    push @running, Front->haproxy(<<'TEXT', BACKEND => $httpd->{port}, OPTIONS => join "\n    ", @options);
listen intranet
    mode http
    bind 127.0.0.1:@PORT@
    @OPTIONS@
    server web 127.0.0.1:@BACKEND@
TEXT
    return $running[-1]{port};
}

# ---- http-reuse always, marked ----
my $front = haproxy('http-reuse always', 'option forwardfor');
{
    my @clients = map { $httpd->client($front) } 1 .. 3;
    $clients[$_ - 1]->request(GET => '/open/', [tag => "open-$_"]) for 1 .. 3;
    is $httpd->connections_of(qw(open-1 open-2 open-3)), 1, 'before a login all clients share one connection';

    my $alice = $httpd->client($front);
    $alice->type1('/', headers => [tag => 'alice-1']);
    is_served($alice->type3('/', %alice, headers => [tag => 'alice-2']), 'alice', 'alice logs in');
    is $httpd->connections_of(qw(open-1 alice-1 alice-2)), 1, '... on that one';
    push @clients, $httpd->client($front);
    is_not_served($clients[$_]->request(GET => '/', [tag => "other-$_"]), 'a client without credentials is not served as her')
        for 0 .. 3;
    isnt $httpd->seen("other-$_")->{port}, $httpd->seen('alice-1')->{port}, '... and has left her connection to her'
        for 0 .. 3;
    is_not_served($alice->request(GET => '/', [tag => 'alice-3']), 'her next request must log in again, since it is marked');
    is $httpd->connections_of(qw(alice-1 alice-3)), 1, '... although it is on her connection';
    is_not_served($httpd->client($front)->login('/', %alice, nt_hash => '0' x 32), 'a wrong password gets nothing');
}
{
    my ($alice, $bob) = map { $httpd->client($front) } 1 .. 2;
    $alice->type1('/');
    $bob->type1('/');
    is_served($alice->type3('/', %alice), 'alice', 'bob begins between the messages of alice, who is alice');
    is_served($bob->type3('/', %bob), 'bob', '... and bob is bob');
}
$httpd->nobody_mixes_at_once($front);

# ---- unmarked: the login stays with its client, however connections are reused ----
for my $reuse (qw(never safe aggressive always)) {
    my $front = haproxy("http-reuse $reuse");
    $httpd->client($front)->request(GET => '/open/', [tag => "$reuse-open"]);
    my $alice = $httpd->client($front);
    is_served($alice->login('/', %alice), 'alice', "http-reuse $reuse: alice logs in");
    is_served($alice->request(GET => '/', [tag => "$reuse-$_"]), 'alice', '... and stays so') for 1 .. 2;
    my @others = map { $httpd->client($front) } 1 .. 3;
    is_not_served($_->get('/'), '... nobody else is served as her') for @others;
    $alice->close;
    is_not_served($httpd->client($front)->request(GET => '/', [tag => "$reuse-new"]), '... nor when she has gone');
    is_not_served($_->get('/'), '... whoever asks') for @others;
    isnt $httpd->seen("$reuse-new")->{port}, $httpd->seen("$reuse-1")->{port}, '... her connection went with her';
}

# ---- a connection for each request ----
$httpd->nobody_can_log_in(haproxy('option http-server-close'), 'with http-server-close nobody can log in');

done_testing;
