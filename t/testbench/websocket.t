#!/usr/bin/perl
# A WebSocket behind a login gives back what it gets, and closes at what is none.
use strict;
use warnings;
use FindBin qw($Bin);
use lib "$Bin/../lib";
use Test::More;
use Testbench;

plan skip_all => $_ for Testbench::missing();
my $bench = Testbench->start;
my @open  = (Upgrade => 'websocket', Connection => 'keep-alive, Upgrade', 'Sec-WebSocket-Version' => 13,
    'Sec-WebSocket-Key' => 'dGhlIHNhbXBsZSBub25jZQ==');    # RFC 6455 1.3

# Its answer has the status of 101, which NTLM::Connection takes for one that another follows.
sub opened {
    my ($conn) = @_;
    $conn->{deadline} = time + $conn->{timeout};
    return NTLM::Response->from_head($conn->read_until("\r\n\r\n"));
}

sub frame {
    my ($first, $payload) = @_;
    my $mask = 'mask';
    my $len  = length $payload;
    my $head = $len < 126 ? pack('C C', $first, 0x80 | $len)
        : $len < 65536 ? pack('C C n', $first, 0xfe, $len) : pack 'C C Q>', $first, 0xff, $len;
    return $head . $mask . ($payload ^ substr $mask x (1 + $len / 4), 0, $len);
}

sub answer {
    my ($conn) = @_;
    $conn->{deadline} = time + $conn->{timeout};
    my ($first, $len) = unpack 'C C', $conn->read_bytes(2);
    $len = unpack 'n',  $conn->read_bytes(2) if $len == 126;
    $len = unpack 'Q>', $conn->read_bytes(8) if $len == 127;
    return ($first, $conn->read_bytes($len));
}

sub socket_with {
    my (@more) = @_;
    my $conn = $bench->connection;
    $conn->type1('/websocket', headers => [@open]);
    $conn->send_type3('/websocket', $bench->alice, headers => [@open, @more]);
    return ($conn, opened($conn));
}

is $bench->connection->request(GET => '/websocket', [@open])->status, 401, 'nobody opens one without a login';
my ($conn, $response) = socket_with();
is $response->status, 101, 'who logs in does';
is $response->header('Sec-WebSocket-Accept'), 's3pPLMBiTxaQ9kYGzzhZRbK+xOo=', '... with the key that the RFC has for it';
is Testbench::verdict($response)->{status}, 'ok', '... and the verdict';
is $bench->json('/last.json')->{status}, 'ok', '... which is known while it is open';

for (['a text', 0x81, 'Hello'], ['bytes', 0x82, "\0\xff" x 63], ['many bytes', 0x82, 'x' x 65536], ['nothing', 0x81, ''],
    ['the beginning', 0x01, 'one'], ['the end', 0x80, 'two']) {
    my ($what, $first, $payload) = @$_;
    $conn->send_bytes(frame($first, $payload));
    my @got = answer($conn);
    ok $got[0] == $first && $got[1] eq $payload, "$what comes back";
}
$conn->send_bytes(frame(0x89, 'ping'));
is_deeply [answer($conn)], [0x8a, 'ping'], 'a ping is answered';
$conn->send_bytes(frame(0x8a, 'pong') . frame(0x81, 'on'));
is_deeply [answer($conn)], [0x81, 'on'], '... and a pong is not';
$conn->send_bytes(frame(0x88, pack 'n', 1000));
is_deeply [answer($conn)], [0x88, pack 'n', 1000], 'it closes';
is $conn->read_to_end, '', '... and so does the connection';

for (['a frame without a mask', "\x81\x05Hello", 1002], ['one that is too big', frame(0x82, 'x' x 65537), 1009],
    ['reserved bits', frame(0xc1, 'x'), 1002]) {
    my ($what, $bytes, $status) = @$_;
    ($conn) = socket_with();
    $conn->send_bytes(substr $bytes, 0, 20);
    is_deeply [answer($conn)], [0x88, pack 'n', $status], "$what closes it";
}
($conn) = socket_with();
close $conn->{socket};
is $bench->get('/health')->status, 200, 'a client may leave without a word';

# ---- what is none ----
$conn = $bench->connection;
$response = $conn->login('/websocket', $bench->alice);
is $response->status, 426, 'another protocol is told which one it is';
is $response->header('Upgrade'), 'websocket', '... by its name';
($conn, $response) = socket_with('Origin' => 'http://evil.example');
is $response->status, 403, 'a page of somebody else opens none';
($conn, $response) = socket_with('Origin' => 'null');
is $response->status, 403, '... nor one that does not say whose it is';
($conn, $response) = socket_with('Origin' => "http://localhost:$bench->{port}");
is $response->status, 101, 'a page of the bench does';

done_testing;
