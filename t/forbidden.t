# A user who has proven who he is, but whom Require does not let in, is told so: 403. Another
# 401 would let his browser ask for another password, and again.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib";
use Test::More;

use NTLM::Accounts qw(account);
use NTLM::Connection;
use NTLM::Expect;
use NTLM::Log;

my %alice = account('alice');

sub forbidden {
    my ($response, $sentence) = @_;
    my $right = $response->status == 403 && !$response->header('WWW-Authenticate') && !$response->closed;
    ok($right, $sentence) or diag $response->seen_by_client;
    unlike($response->body, qr/REMOTE_USER=/, 'the handler did not run');
    return;
}

for my $place ('/bobs/echo', '/authz/forbids/echo') {
    subtest "$place is for bob" => sub {
        my $connection = NTLM::Connection->new;
        refused($connection->get($place), 'who has not logged in is asked to');
        challenged($connection->type1($place), 'a challenge');
        NTLM::Log::mark();
        forbidden($connection->type3($place, %alice), 'alice is who she says, and may not come in');
        is_deeply([NTLM::Log::statuses($connection)], ['ok', 'not-authorized'], 'both are in the log');
        forbidden($connection->get($place), 'also on her connection');
        welcomed($connection->get('/secret/echo'), 'alice', 'where she is still logged in');
        welcomed($connection->login($place, account('bob')), 'bob', 'bob may, on the same connection');
        refused($connection->login($place, %alice, nt_hash => '0' x 32), 'a wrong password is no matter of Require');
    };
}

like(NTLM::Connection->new->login('/bobs/echo', %alice)->body, qr/for bob only/, 'ErrorDocument 403 is used');

done_testing;
