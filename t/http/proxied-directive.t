#!/usr/bin/perl
# NTLMProxied: what becomes of requests that a front end has marked.
use strict;
use warnings;
use FindBin qw($Bin);
use lib "$Bin/../lib";
use Behind qw(is_not_served is_served);
use Front;
use Test::More;

my %MARKS = (
    'Via'             => '1.1 front',
    'Forwarded'       => 'for=192.0.2.1',
    'X-Forwarded-For' => '192.0.2.1',
    'X-Real-IP'       => '192.0.2.1',
    'Proxy-Support'   => 'Session-Based-Authentication',
);

# ---- refuse ----
{
    my $httpd  = Behind->new(section => 'NTLMProxied refuse');
    my %alice  = %{$httpd->account('alice')};
    my $direct = $httpd->client;
    is_served($direct->login('/', %alice), 'alice', 'refuse: who comes directly logs in');
    is_served($direct->get('/'), 'alice', '... and stays so');
    for my $mark (sort keys %MARKS) {
        my $client  = $httpd->client;
        my @through = ($mark => $MARKS{$mark});
        my $first   = $client->type1('/', headers => [@through]);
        is_not_served($first, "$mark: a marked request is refused");
        ok !defined $client->{type2}, '... without a challenge';
        $client->type1('/');
        is_not_served($client->type3('/', %alice, headers => [@through]), '... nor can it answer one');
        is_not_served($direct->request(GET => '/', [@through]), '... nor borrow the login of its connection');
    }
    my @refused = $httpd->error_log =~ /ntlm: proxied-refused: /g;
    cmp_ok scalar @refused, '>=', 2 * keys %MARKS, 'the log says proxied-refused';
    my %by = map { lc $_ => 1 } $httpd->error_log =~ /ntlm: proxied-refused: .*: by its header (\S+)$/mg;
    is_deeply [sort keys %by], [sort map { lc } keys %MARKS], '... and by which header';

SKIP: {
        skip 'nginx is not installed', 3 if !Front::program('nginx');
        my $nginx = Front->nginx_sharing($httpd->{port}, 'proxy_set_header Via "1.1 front";');
        is_not_served($httpd->client($nginx->{port})->type1('/', headers => [tag => 'front']),
            'refuse: nobody begins a login through a front end that adds Via');
        is $httpd->seen('front')->{ntlm}, 'proxied-refused', '... with the status proxied-refused';
        is_served($httpd->client->login('/', %alice), 'alice', '... while others log in directly');
    }
}

# ---- trust: a front end with a connection to httpd for each of its clients ----
my $httpd = Behind->new(section => 'NTLMProxied trust');

sub stays_logged_in {
    my ($name, $port) = @_;
    my %alice = %{$httpd->account('alice')};
    my $alice = $httpd->client($port);
    is_served($alice->login('/', %alice), 'alice', "trust, $name: alice logs in");
    is_served($alice->request(GET => '/', [tag => "$name-$_"]), 'alice', '... and stays so') for 1 .. 3;
    for (1 .. 4) {
        my $other = $httpd->client($port);
        is_not_served($other->get('/'), '... nobody else is served as her');
        is_not_served($other->login('/', %alice, nt_hash => '0' x 32), '... nor with a wrong password');
    }
    $alice->close;
    my @next = map { $httpd->client($port) } 1 .. 4;
    is_not_served($_->get('/'), '... nor when she has gone') for @next;
    is_not_served($_->get('/'), '... nor at their second request') for @next;
    return;
}

stays_logged_in('direct', $httpd->{port});

SKIP: {
    skip 'haproxy is not installed', 1 if !Front::program('haproxy');
    my $haproxy = Front->haproxy(<<'TEXT', BACKEND => $httpd->{port});
listen intranet
    mode http
    bind 127.0.0.1:@PORT@
    http-reuse never
    option forwardfor
    server web 127.0.0.1:@BACKEND@
TEXT
    stays_logged_in('HAProxy', $haproxy->{port});
}

# A process of the prefork MPM serves one client connection at a time, and the first
# request of each is sent over a new connection.
SKIP: {
    skip 'there is no mod_proxy_http', 1 if !Front::program('httpd');
    my $front = Front->httpd('prefork', <<'TEXT', BACKEND => $httpd->{port});
SetEnv proxy-initial-not-pooled 1
ProxyPass "/" "http://127.0.0.1:@BACKEND@/"
TEXT
    stays_logged_in('mod_proxy', $front->{port});
}

done_testing;
