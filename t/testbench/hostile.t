#!/usr/bin/perl
# What anybody may send takes no more memory than the history may have, and addresses that wait leave
# threads to the others.
use strict;
use warnings;
use FindBin qw($Bin);
use lib "$Bin/../lib";
use MIME::Base64 qw(encode_base64);
use Test::More;

use Launched;
use NTLM::Message;

if (my ($why) = Launched->missing) { plan skip_all => $why }
my $bench = Launched->start;

# The kilobytes that n of them take, and the last one's answer.
sub growth {
    my ($n, $send) = @_;
    my $response;
    $response = $send->() for 1 .. 3;
    my $before = $bench->kilobytes;
    $response = $send->() for 1 .. $n;
    return ($bench->kilobytes - $before, $response);
}

my $pieces = "1\r\nx\r\n" x 4096;
my ($grown, $response) = growth(20, sub {
    my $conn = $bench->connection;
    $conn->send_bytes("POST /ntlm HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n${pieces}0\r\n\r\n");
    return $conn->read_response;
});
is $response->status, 401, 'a body comes byte by byte';
cmp_ok $grown, '<', 20 * 1024, "... and takes what another one takes ($grown kB)";
my $archive = $bench->json('/last.har');
is $archive->{log}{entries}[-1]{request}{postData}{text}, 'x' x 4096, '... of which all is kept';

# A name as long as a line of a request stands in many places of what is kept.
$bench = Launched->start;
my $name = 'a' x 30_000;
($grown, $response) = growth(900, sub { return $bench->connection->request(GET => "/ntlm/$name/$name") });
is $response->status, 401, 'names in a path are long';
cmp_ok $grown, '<', 128 * 1024, "... and the bytes of the history are bounded ($grown kB)";

# Each waits for a minute, and there are 64 threads.
my $type1 = 'NTLM ' . encode_base64(NTLM::Message::type1(), '');
my @waiting = map {
    my $conn = $bench->connection;
    $conn->send_request(GET => '/idle/60000', [Authorization => $type1]);
    $conn;
} 1 .. 70;
is_deeply [grep { $_->read_response->status != 401 } @waiting], [], 'seventy connections have a challenge of /idle';
is eval { $bench->connection(timeout => 5)->request(GET => '/health')->status }, 200, '... while they wait others are answered';
$_->close for @waiting;

done_testing;
