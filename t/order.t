# Messages that come at the wrong time: a challenge belongs to one connection, is good
# for one answer, and for a short while.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib";
use Test::More;

use NTLM::Accounts qw(account);
use NTLM::Connection;
use NTLM::Expect;
use NTLM::Log;
use NTLM::Scheme;

my %alice = account('alice');
my $place = '/secret/echo';

sub connection { return NTLM::Connection->new }

sub logged_in {
    my $connection = connection();
    welcomed($connection->login($place, %alice), 'alice', 'alice is logged in');
    return $connection;
}

sub is_usable {
    my ($connection, $where) = @_;
    refused($connection->get($where // $place), 'nobody is logged in');
    welcomed($connection->login($where // $place, account('bob')), 'bob', 'the connection can be used for a new login');
}

# How the line of the last refusal ends; undef: it has no such end.
sub why { my ($text) = @_; return is((NTLM::Log::lines())[-1]{remark}, $text, $text ? "since $text" : 'the status says it all') }

subtest 'A Type 3 on another connection than its challenge is not expected' => sub {
    my ($one, $other) = (connection(), connection());
    challenged($one->type1($place), 'a challenge on one connection');
    my $type3 = $one->answer(%alice);
    refused($other->token($place, $type3), 'its answer on another');
    status_is('not-expected');
    why('it is the first request of its connection: the challenge went to another one');
    welcomed($one->token($place, $type3), 'alice', 'the challenge was not spent by that');
    is_usable($other);
};

subtest "A Type 3 for another connection's challenge is stale" => sub {
    my ($one, $other) = (connection(), connection());
    challenged($_->type1($place), 'a challenge') for $one, $other;
    refused($other->type3($place, %alice, type2 => $one->{type2}), 'an answer to the other one');
    status_is('stale-challenge');
    is_usable($other);
};

subtest 'A Type 3 that comes a second time is replayed' => sub {
    my $connection = logged_in();
    refused($connection->token($place, $connection->{type3}), 'the same bytes again');
    status_is('replayed');
    why(undef);
    is_usable($connection);
};

subtest 'A challenge is spent by a wrong answer, too' => sub {
    my $connection = connection();
    challenged($connection->type1($place), 'a challenge');
    refused($connection->type3($place, %alice, nt_hash => '0' x 32), 'a wrong answer');
    refused($connection->type3($place, %alice), 'the right one');
    status_is('replayed');
    is_usable($connection);
};

subtest 'A challenge is spent by an answer that is no message at all' => sub {
    my $connection = connection();
    challenged($connection->type1($place), 'a challenge');
    refused($connection->token($place, 'nonsense'), 'nonsense');
    status_is(NTLM::Scheme::no_message('within'));
    refused($connection->type3($place, %alice), 'the right answer');
    status_is('not-expected');
    why('what came behind the challenge was refused');
    is_usable($connection);
};

subtest 'A newer Type 1 makes an older challenge stale' => sub {
    my $connection = connection();
    challenged($connection->type1($place), 'a challenge');
    my $older = $connection->{type2};
    challenged($connection->type1($place), 'a newer one');
    refused($connection->type3($place, %alice, type2 => $older), 'an answer to the older one');
    status_is('stale-challenge');
    refused($connection->type3($place, %alice), 'an answer to the newer one, which is spent');
    status_is('replayed');
    is_usable($connection);
};

subtest 'Only the newest of many challenges counts' => sub {
    my $connection = connection();
    challenged($connection->type1($place), "challenge $_") for 1 .. 5;
    welcomed($connection->type3($place, %alice), 'alice', 'the answer to the last one');
};

subtest 'A request without a token withdraws the challenge' => sub {
    my $connection = connection();
    challenged($connection->type1($place), 'a challenge');
    refused($connection->get($place), 'a request without a token');
    refused($connection->type3($place, %alice), 'the answer');
    status_is('not-expected');
    why('a request without a token came behind the challenge');
    is_usable($connection);
};

subtest '... and the line says so of a second one of a connection, too' => sub {
    my $connection = logged_in();
    challenged($connection->type1($place), 'a challenge');
    refused($connection->get($place), 'a request without a token');
    refused($connection->type3($place, %alice), 'the answer');
    status_is('replayed');
    why('a request without a token came behind the challenge');
};

subtest 'The line says what else withdraws a challenge' => sub {
    my $connection = connection();
    refused($connection->get($place), 'a request without a token');
    my $other = connection();
    challenged($other->type1($place), 'a challenge on another connection');
    refused($connection->token($place, $other->answer(%alice)), 'its answer');
    status_is('not-expected');
    why('no challenge was sent on this connection');

    $connection = connection();
    challenged($connection->type1($place), 'a challenge');
    refused($connection->type3('/other/echo', %alice), 'an answer to another place');
    status_is('not-expected');
    why('the challenge was for a place with other directives');
    $connection = connection();
    challenged($connection->type1($place), 'a challenge');
    refused($connection->request(GET => $place, [Authorization => 'Bearer abc']), 'another scheme');
    refused($connection->type3($place, %alice), 'an answer');
    status_is('not-expected');
    why('what came behind the challenge was refused');
    $connection = connection();
    challenged($connection->type1($place), 'a challenge');
    $connection->request(GET => '/', [Authorization => 'Bearer abc']);
    refused($connection->type3($place, %alice), 'an answer');
    status_is('not-expected');
    why('credentials for a place that asks for none came behind the challenge');
};

subtest 'A challenge expires' => sub {
    my $connection = connection();
    challenged($connection->type1('/short/echo'), 'a challenge that lives for a second');
    sleep 2;
    refused($connection->type3('/short/echo', %alice), 'the answer comes later');
    status_is('challenge-expired');
    like((NTLM::Log::lines())[-1]{remark}, qr/^[2-9]\.\d{3} s after the challenge; wanted: at most 1\.000 s \(NTLMChallengeLifetime\)$/,
        'the line says after how long');
    is_usable($connection, '/short/echo');
};

subtest 'A Type 1 on a connection with a login forgets the login' => sub {
    my $connection = logged_in();
    challenged($connection->type1($place), 'a challenge');
    refused($connection->get($place), 'alice is no longer logged in');
    is_usable($connection);

    $connection = logged_in();
    welcomed($connection->login($place, account('bob')), 'bob', 'another user logs in over her');
    welcomed($connection->get($place), 'bob', 'and stays');
};

subtest 'A refused Type 3 on a connection with a login forgets the login' => sub {
    my $connection = logged_in();
    challenged($connection->type1($place), 'a challenge');
    refused($connection->type3($place, account('bob'), nt_hash => '0' x 32), "bob's password is wrong");
    is_usable($connection);
};

subtest 'A malformed Type 1 on a connection with a login forgets the login' => sub {
    my $connection = logged_in();
    refused($connection->token($place, NTLM::Message::type1(len => 15)), 'refused');
    status_is('malformed');
    is_usable($connection);
};

subtest 'A login dies with its connection' => sub {
    my $connection = logged_in();
    my $type3      = $connection->{type3};
    $connection->close;
    my $next = connection();
    refused($next->get($place), 'the next connection has none');
    refused($next->token($place, $type3), "the old connection's Type 3 is worth nothing");
    status_is('not-expected');
};

subtest 'Requests in one packet are taken in their order' => sub {
    my $connection = connection();
    challenged($connection->type1($place), 'a challenge');
    $connection->send_type3($place, %alice)->send_request(GET => $place);
    welcomed($connection->read_response, 'alice', 'the answer') for 1 .. 2;
};

done_testing;
