# The body that comes with a challenge's request is read and thrown away, so that the
# connection is fit for the answer: up to LimitRequestBody, and not longer than
# mod_reqtimeout waits.
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

sub connection { return NTLM::Connection->new(vhost => $_[0] // 'web.test', timeout => 30) }

for my $expect (0, 1) {
    my @headers = $expect ? (Expect => '100-continue') : ();
    my $with    = $expect ? 'with Expect: 100-continue' : 'without Expect';

    subtest "A body of 20 MiB $with" => sub {
        my $connection = connection();
        challenged($connection->type1($place, method => 'PUT', headers => \@headers, body => 'x' x 20_971_520), 'a challenge');
        welcomed($connection->type3($place, %alice), 'alice', 'and its answer');
    };

    subtest "A body within LimitRequestBody $with" => sub {
        my $connection = connection('small.test');
        challenged($connection->type1($place, method => 'PUT', headers => \@headers, body => 'x' x 100_000), 'a challenge');
        welcomed($connection->type3($place, %alice), 'alice', 'and its answer');
    };

    subtest "A body beyond LimitRequestBody $with" => sub {
        my $connection = connection('small.test');
        my $response   = $connection->type1($place, method => 'PUT', headers => \@headers, body => 'x' x 100_001);
        like($response->status, qr/^4/, 'is refused');
        ok($response->closed, 'and ends the connection');
        my $rest = $response->body . $connection->read_to_end;
        is(scalar(() = $rest =~ /<html/gi), 1, 'with one answer');
        status_is('connection-will-close', undef, $connection) if $expect;
    };

    subtest "A body in broken chunks $with" => sub {
        my $connection = connection();
        my @broken     = (@headers, 'Transfer-Encoding' => 'chunked', 'Content-Length' => undef);
        my $response   = $connection->type1($place, method => 'PUT', headers => \@broken, body => "zz\r\nhello\r\n");
        like($response->status, qr/^4/, 'is refused');
        my $rest = $response->body . ($response->closed ? $connection->read_to_end : '');
        cmp_ok(scalar(() = $rest =~ /<html/gi), '<=', 1, 'with one answer');
    };

    subtest "A body that never comes $with" => sub {
        my $connection = connection('impatient.test');
        my @lying      = (method => 'POST', headers => [@headers, 'Content-Length' => 5000], body => 'x' x 10);
        like($connection->type1($place, @lying)->status, qr/^4/, 'is not waited for');
        ok(!$connection->fill, 'and the connection is closed');
        $connection = connection('impatient.test');
        welcomed($connection->login($place, %alice), 'alice', 'the next connection is served');
    };
}

done_testing;
