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

my $place = '/secret/echo';
my %alice = account('alice');

for my $case (['an empty body', ''], ['a small body', 'x' x 5000], ['a body of 1 MiB', 'x' x 1048576]) {
    my ($what, $body) = @$case;
    my $connection = NTLM::Connection->new;
    challenged($connection->type1($place, method => 'PUT', body => $body, headers => [Expect => '100-continue']),
        "$what: a challenge");
    welcomed($connection->type3($place, %alice), 'alice', "$what: the connection is still there for the answer");
}

done_testing;
