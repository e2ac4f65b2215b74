# A client that waits for "100 Continue" may log in: the challenge leaves its
# connection open.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib";
use Test::More;

use NTLM::Accounts qw(account);
use NTLM::Connection;
use NTLM::Expect;
use NTLM::Scheme;

my $place = '/secret/echo';
my %alice = account('alice');

for my $case (['an empty body', ''], ['a small body', 'x' x 5000], ['a body of 1 MiB', 'x' x 1048576]) {
    my ($what, $body) = @$case;
    my $connection = NTLM::Connection->new;
    challenged($connection->type1($place, method => 'PUT', body => $body, headers => [Expect => '100-continue']),
        "$what: a challenge");
    welcomed($connection->type3($place, %alice), 'alice', "$what: the connection is still there for the answer");
}

subtest 'a chunked body' => sub {
    my $connection = NTLM::Connection->new;
    my @chunked    = ('Transfer-Encoding' => 'chunked', 'Content-Length' => undef, Expect => '100-continue');
    challenged($connection->type1($place, method => 'PUT', headers => \@chunked, body => "5\r\nhello\r\n0\r\n\r\n"),
        'a challenge');
    my $response = $connection->type3($place, %alice, method => 'PUT', headers => \@chunked,
        body => "5\r\nhello\r\n0\r\n\r\n");
    welcomed($response, 'alice', 'the answer may wait for "100 Continue" as well');
    is($response->echo->{body_length}, 5, 'and its body arrives');
};

subtest 'no body at all' => sub {
    my $connection = NTLM::Connection->new;
    challenged($connection->type1($place, headers => [Expect => '100-continue']), 'a challenge');
    welcomed($connection->type3($place, %alice), 'alice', 'and its answer');
};

subtest 'an answer that is refused' => sub {
    my $connection = NTLM::Connection->new;
    my @put        = (method => 'PUT', headers => [Expect => '100-continue']);
    challenged($connection->type1($place, @put, body => ''), 'a challenge');
    my $response = $connection->type3($place, %alice, nt_hash => '0' x 32, @put, body => '');
    is($response->status, 401, 'a wrong password is refused');
    is(join('|', $response->header('WWW-Authenticate')), NTLM::Scheme::offers(), 'with an offer');
};

done_testing;
