# A connection stays open from the challenge to its answer, whatever MaxKeepAliveRequests says;
# where it cannot, the log says why.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib";
use Test::More;

use NTLM::Accounts qw(account);
use NTLM::Connection;
use NTLM::Expect;
use NTLM::Log;

use constant REQUESTS => 1000;

my $place = '/secret/echo';
my $page  = '/secret/index.html';
my %alice = account('alice');

sub connection { return NTLM::Connection->new(vhost => $_[0]) }

# Open requests first, so that the limit falls on each message of the login in turn.
for my $host ('one.test', 'two.test', 'seven.test') {
    for my $before (0 .. 7) {
        subtest "$host: a login after $before other requests" => sub {
            my $connection = connection($host);
            for (1 .. $before) {
                $connection = connection($host) if $connection->get('/open/index.html')->closed;
            }
            my $response = $connection->type1($page);
            ok(defined $response->type2 && !$response->closed, 'a challenge, and the connection stays');
            $response = $connection->type3($page, %alice);
            is($response->status, 200, 'the login is finished');
            ok(!$response->closed, 'and serves at least one request more');
            is($connection->get($page)->status, 200, 'that needs no token');
        };
    }
}

subtest REQUESTS . ' requests where connections end after seven' => sub {
    my ($connection, %seen);
    for (1 .. REQUESTS) {
        $connection = undef if $connection && $connection->{last}->closed;
        if (!$connection) {
            $connection = connection('seven.test');
            $seen{logins}++;
            $connection->{last} = $connection->login($page, %alice);
        }
        else {
            $connection->{last} = $connection->get($page);
        }
        $seen{$connection->{last}->status}++;
    }
    is($seen{200}, REQUESTS, 'every one of them is answered with the page');
    cmp_ok($seen{logins}, '>=', REQUESTS / 7, 'the connections did end');
};

subtest 'A second login on a connection that is near its end' => sub {
    my $connection = connection('seven.test');
    for (1 .. 20) {
        my $response = $connection->login($page, %alice);
        is($response->status, 200, 'is finished') or last;
        $connection = connection('seven.test') if $response->closed;
    }
};

subtest 'Challenges without end do end a connection' => sub {
    my $connection = connection('seven.test');
    my $requests   = 0;
    1 while ++$requests < 200 && !$connection->type1($page)->closed;
    cmp_ok($requests, '>', 7,   'not before several logins have had their chance');
    cmp_ok($requests, '<', 200, 'but then');
    status_is('connection-will-close');
};

subtest 'KeepAlive Off closes every connection' => sub {
    my $connection = connection('closing.test');
    my $response   = $connection->type1($page);
    ok(defined $response->type2 && $response->closed, 'the challenge is sent all the same');
    status_is('connection-will-close');
    is(NTLM::Log::last_line()->{remark}, 'KeepAlive is Off', 'the log says why');
    is(NTLM::Log::last_line()->{level},  'warn',             'where administrators look');
    my $other = connection('closing.test');
    my $type3 = NTLM::Message::type3(%alice, type1 => $connection->{type1}, type2 => $connection->{type2});
    is($other->token($page, $type3)->status, 401, 'its answer on another connection is refused');
    status_is('connection-will-close');
};

subtest 'A client that closes gets its challenge, and is told in the log' => sub {
    my $connection = connection('web.test');
    my $response   = $connection->type1($page, headers => [Connection => 'close']);
    ok(defined $response->type2 && $response->closed, 'a challenge on a connection that closes');
    status_is('connection-will-close');
    like(NTLM::Log::last_line()->{remark}, qr/the client says Connection: close/, 'as the client wants');
};

subtest 'HTTP/1.0' => sub {
    my $connection = NTLM::Connection->new(version => '1.0');
    my @alive      = (Connection => 'keep-alive');
    my $response = $connection->type1($page, headers => \@alive);
    ok(defined $response->type2 && !$response->closed, 'with keep-alive: a challenge');
    is($connection->type3($page, %alice, headers => \@alive)->status, 200, 'a login');
    is($connection->request(GET => $page, \@alive)->status, 200, 'that lasts');
    $connection = NTLM::Connection->new(version => '1.0');
    ok($connection->type1($page)->closed, 'without keep-alive the connection closes');
    status_is('connection-will-close');
};

done_testing;
