# A new login on a connection that has one: the old one is over with the first message, and
# what comes after it is the new one's, or nobody's.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib";
use Test::More;
use MIME::Base64 qw(encode_base64);

use NTLM::Accounts qw(account);
use NTLM::Connection;
use NTLM::Expect;
use NTLM::Scheme;

my $place = '/secret/echo';
my %alice = account('alice');
my %bob   = account('bob');

sub logged_in {
    my $connection = NTLM::Connection->new;
    welcomed($connection->login($place, %alice), 'alice', 'alice is logged in');
    return $connection;
}

subtest 'Another user logs in on the same connection' => sub {
    my $connection = logged_in();
    welcomed($connection->login($place, %bob), 'bob', 'bob');
    welcomed($connection->get($place), 'bob', 'is who it is from now on');
    welcomed($connection->login($place, %alice), 'alice', 'and back');
    welcomed($connection->get($place), 'alice', 'again');
};

subtest 'Each Type 1 may be longer or shorter than the last one' => sub {
    my $connection = NTLM::Connection->new;
    for my $len (40, 600, 16, 2048, 1100, 40, 2048) {
        my $type1 = substr NTLM::Message::type1() . "\0" x 2048, 0, $len;
        welcomed($connection->login($place, %alice, raw => $type1), 'alice', "a login that begins with $len bytes");
        welcomed($connection->get($place), 'alice', 'stays');
    }
};

subtest 'A login that fails leaves nobody' => sub {
    my $connection = logged_in();
    refused($connection->login($place, %bob, nt_hash => '0' x 32), 'bob has a wrong password');
    refused($connection->get($place), 'alice is not served');
    welcomed($connection->login($place, %bob), 'bob', 'the right one logs in');
};

subtest 'A login that is given up leaves nobody' => sub {
    my $connection = logged_in();
    challenged($connection->type1($place), 'a Type 1');
    refused($connection->get($place), 'then a request without a token: the challenge is withdrawn');
    refused($connection->type3($place, %bob), 'the Type 3 comes too late');
    refused($connection->get($place), 'nobody is logged in');
};

subtest 'A login that begins twice is finished by the answer to the second challenge' => sub {
    my $connection = logged_in();
    challenged($connection->type1($place), 'a Type 1');
    challenged($connection->type1($place), 'and another');
    welcomed($connection->type3($place, %bob), 'bob', 'the answer to the newer one');
};

my @others = ('Basic ' . encode_base64('alice:Secr3t!pw', ''), 'Bearer abc', 'Negotiate TlRMTVNTUAAB', 'Digest username="alice"');
for my $scheme (NTLM::Scheme::not_taken(@others)) {
    my ($name) = $scheme =~ /^(\w+)/;
    subtest "Credentials of the scheme $name end the login" => sub {
        my $connection = logged_in();
        refused($connection->request(GET => $place, [Authorization => $scheme]), "$name is not offered here");
        status_is('scheme-refused');
        refused($connection->get($place), 'alice is not served');
        welcomed($connection->login($place, %alice), 'alice', 'until she logs in again');
    };
}

subtest 'Garbage ends the login' => sub {
    my $connection = logged_in();
    refused($connection->request(GET => $place, [Authorization => NTLM::Scheme::word_of_test() . ' garbage']), 'no base64');
    status_is('malformed');
    refused($connection->get($place), 'alice is not served');
};

subtest 'A place that is open does not end the login' => sub {
    my $connection = logged_in();
    is($connection->get('/open/index.html')->status, 200, 'an open page');
    welcomed($connection->get($place), 'alice', 'alice is still there');
    is($connection->request(GET => '/open/index.html', [Authorization => 'Basic YTpi'])->status, 200, 'with other credentials');
    refused($connection->get($place), 'she is not: it may be somebody else');
};

done_testing;
