# How long a login lasts: as long as its connection, or for one request. The response that
# ends the login says which.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib";
use Test::More;

use NTLM::Accounts qw(account);
use NTLM::Connection;
use NTLM::Expect;

my %alice = account('alice');
my %bob   = account('bob');

sub persistent_auth { return scalar $_[0]->header('Persistent-Auth') }

subtest 'NTLMPersistence connection: a login lasts as long as the connection' => sub {
    my $connection = NTLM::Connection->new;
    my $response   = $connection->login('/secret/echo', %alice);
    welcomed($response, 'alice', 'a login');
    is(persistent_auth($response), 'true', 'says that it stays');
    $response = $connection->get('/secret/echo');
    welcomed($response, 'alice', 'the next request uses it');
    is(persistent_auth($response), undef, 'and says nothing');
};

subtest 'NTLMPersistence request: each request logs in' => sub {
    my $connection = NTLM::Connection->new;
    for my $user (\%alice, \%bob, \%alice) {
        my $response = $connection->login('/single/echo', %$user);
        welcomed($response, $user->{user}, 'a login');
        is(persistent_auth($response), 'false', 'says that it does not stay');
        refused($connection->get('/single/echo'), 'the next request must log in again');
        status_is('no-credentials');
    }
};

subtest 'The two do not mix' => sub {
    my $connection = NTLM::Connection->new;
    welcomed($connection->login('/secret/echo', %alice), 'alice', 'a login that stays');
    refused($connection->get('/single/echo'), 'is none where each request logs in');
    welcomed($connection->login('/single/echo', %bob), 'bob', 'a login for one request');
    refused($connection->get('/secret/echo'), 'is none where logins stay, and has ended the first one');
};

subtest 'An error behind the login says it, too; a refusal does not' => sub {
    my $connection = NTLM::Connection->new;
    my $response   = $connection->login('/secret/nothing', %alice);
    is($response->status, 404, 'a page that is not there');
    is(persistent_auth($response), 'true', 'the login stays');
    $response = $connection->login('/secret/echo', %alice, nt_hash => '0' x 32);
    refused($response, 'a wrong password');
    is(persistent_auth($response), undef, 'says nothing of it');
};

subtest 'A login on a connection that closes does not stay' => sub {
    my $connection = NTLM::Connection->new;
    challenged($connection->type1('/secret/echo'), 'a challenge');
    my $response = $connection->type3('/secret/echo', %alice, headers => [Connection => 'close']);
    is($response->status, 200, 'a login, and the client closes');
    is(persistent_auth($response), 'false', 'says that it does not stay');
};

subtest 'A login that is none where a redirect leads says nothing of staying' => sub {
    my $connection = NTLM::Connection->new;
    my $response   = $connection->login('/secret/elsewhere/', %alice);
    is($response->status, 401, "a page of alice's that is another one's index");
    is(persistent_auth($response), undef, 'her login is none there');
};

done_testing;
