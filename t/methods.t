# A login works with every method and every kind of body; the handler runs once, when the
# login is done, and gets the body that came with that request.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib";
use Digest::SHA qw(sha256_hex);
use Test::More;

use NTLM::Accounts qw(account);
use NTLM::Connection;
use NTLM::Expect;
use NTLM::Server;

my $place = '/count/run';
my %alice = account('alice');
my $BODY  = join '', map { chr($_ % 256) } 1 .. 70_000;

sub runs {
    open my $in, '<', NTLM::Server::logs() . '/count' or return 0;
    my @lines = <$in>;
    return scalar @lines;
}

# options for a request with that body, sent as that kind says
sub with_body {
    my ($kind, $body) = @_;
    return () if $kind eq 'none';
    return (body => $body) if $kind eq 'counted';
    my $chunks = join '', map { sprintf "%x\r\n%s\r\n", length, $_ } $body =~ /(.{1,9000})/gs;
    return (headers => ['Transfer-Encoding' => 'chunked', 'Content-Length' => undef], body => "${chunks}0\r\n\r\n");
}

for my $method (qw(GET POST PUT PATCH DELETE OPTIONS PROPFIND)) {
    for my $kind ($method eq 'GET' ? 'none' : qw(none counted chunked)) {
        subtest "$method with a body: $kind" => sub {
            my $connection = NTLM::Connection->new;
            my $before     = runs();
            my @first      = (method => $method, with_body($kind, 'x' x 30_000));
            my @second     = (method => $method, with_body($kind, $BODY));
            refused($connection->request($method => $place, {@first}->{headers}, {@first}->{body}), 'without a token');
            challenged($connection->type1($place, @first), 'with a Type 1');
            refused($connection->type3($place, %alice, nt_hash => '0' x 32, @second), 'with a wrong password');
            challenged($connection->type1($place, @first), 'with a Type 1 again');
            is(runs(), $before, 'the handler has not run');
            my $response = $connection->type3($place, %alice, @second);
            welcomed($response, 'alice', 'with the right password');
            is(runs(), $before + 1, 'the handler has run once');
            is($response->echo->{body_length}, $kind eq 'none' ? 0 : length $BODY, 'and got the whole body');
            $response = $connection->request($method => $place, {@second}->{headers}, {@second}->{body});
            welcomed($response, 'alice', 'then without a token');
            is($response->echo->{body_length}, $kind eq 'none' ? 0 : length $BODY, 'with its body, too');
        };
    }
}

subtest 'A browser sends its POST empty with the Type 1, and whole with the Type 3' => sub {
    my $connection = NTLM::Connection->new;
    challenged($connection->type1($place, method => 'POST', body => ''), 'a Type 1 with Content-Length: 0');
    my $response = $connection->type3('/secret/echo', %alice, method => 'POST', body => $BODY);
    welcomed($response, 'alice', 'the Type 3 with the body');
    is($response->echo->{body_sha256}, sha256_hex($BODY), 'that arrives as it was sent');
};

subtest 'HEAD' => sub {
    my $connection = NTLM::Connection->new;
    challenged($connection->type1('/secret/index.html', method => 'HEAD'), 'a Type 1');
    is($connection->type3('/secret/index.html', %alice, method => 'HEAD')->status, 200, 'a Type 3');
    is($connection->request(HEAD => '/secret/index.html')->status, 200, 'then without a token');
};

done_testing;
