#!/usr/bin/perl
# What goes wrong at each address of its own is what the address says, seen from a raw socket; and
# with "?nth=2" it goes wrong the second time alone.
use strict;
use warnings;
use FindBin qw($Bin);
use lib "$Bin/../lib";
use Test::More;

use Errno qw(ECONNRESET);
use IO::Select;
use MIME::Base64 qw(decode_base64);

use Certificates;
use NTLM::Message qw(parse_type2);
use PrivateHttpd;
use Testbench;

if (my ($why) = (Certificates::missing(), Testbench->missing)) { plan skip_all => $why }

my $bench = Testbench->start;
my @alice = $bench->alice;

sub said { my ($response) = @_; return join ' ', $response->status, Testbench::verdict($response)->{status} // 'nothing' }

# What comes on a connection until it ends, and how it does: reads that gave bytes, and 'closed', 'reset'.
sub rest {
    my ($conn) = @_;
    my @pieces;
    while (IO::Select->new($conn->{socket})->can_read(10)) {
        my $got = sysread $conn->{socket}, my $bytes, 65536;
        return (join(' ', @pieces, 'reset'), @pieces) if !defined $got && $! == ECONNRESET;
        return (join(' ', @pieces, 'closed'), @pieces) if !$got;
        push @pieces, $bytes;
    }
    return (join(' ', @pieces, 'nothing'), @pieces);
}

# Sends a Type 1 there, and reads all that its connection brings then.
sub type1_and_rest { my ($path) = @_; return rest($bench->connection->send_type1($path)) }

sub type3_and_rest {
    my ($path) = @_;
    my $conn = $bench->connection;
    $conn->type1($path);
    return rest($conn->send_type3($path, @alice));
}

sub logs_in {
    my ($path, $what) = @_;
    my $conn = $bench->connection;
    is said($conn->login($path, @alice)), '200 ok', $what // "$path: the login";
    return $conn;
}

sub last_of { my ($run) = @_; return $bench->json("/r/$run/last.json") }

# ---- no answer ----

for my $how (['close', 'closed'], ['reset', 'reset']) {
    my ($word, $end) = @$how;
    is((type1_and_rest("/r/$word-1/fault/$word-at-type1"))[0], $end, "$word: the Type 1 gets nothing else");
    is last_of("$word-1")->{status}, 'fault', '... and the history knows';
    is((type3_and_rest("/fault/$word-at-type3"))[0], $end, "$word: nor does the Type 3");
    is said($bench->get("/fault/$word-at-type1")), '401 no-credentials', "$word: nothing else goes wrong";
}
is((rest($bench->connection->send_request(POST => '/fault/close-at-type3', [Authorization => 'NTLM TlRMTVNTUAADAAAA'], 'x' x 100_000)))[0],
    'closed', 'close: a body does not make it a reset');

# ---- another answer ----

for my $path ('/fault/error-at-type1', '/fault/error-at-type3') {
    my $conn = $bench->connection;
    my $response = $conn->login($path, @alice);
    is said($response), '500 fault', "$path: the answer";
    is $response->header('WWW-Authenticate'), undef, '... asks for nothing';
    is((rest($conn))[0], 'closed', '... and the connection ends');
}
{
    my $conn = $bench->connection;
    is said($conn->type1('/fault/no-token')), '401 fault', 'no token: the answer';
    my $response = $conn->type1('/fault/no-token');
    is_deeply [$response->header('WWW-Authenticate')], ['NTLM'], '... asks again and again';
}
{
    my $conn = logs_in('/fault/401-after-200');
    my $response = $conn->get('/fault/401-after-200');
    is said($response), '401 fault', '401 after 200';
    is_deeply [$response->header('WWW-Authenticate')], ['NTLM'], '... which asks for a login';
    $conn = logs_in('/r/again/fault/401-after-200?nth=1');
    is said($conn->get('/r/again/fault/401-after-200?nth=1')), '401 fault', '... once';
    is said($conn->get('/r/again/fault/401-after-200?nth=1')), '200 ok', '... and the login is still good';
}

# ---- the challenge ----

sub tokens { my ($response) = @_; return map { /^NTLM (.*)$/ ? $1 : () } $response->header('WWW-Authenticate') }

{
    for my $which (0, 1) {
        my $conn   = $bench->connection;
        my @tokens = tokens($conn->type1('/fault/two-challenges'));
        is @tokens, 2, 'two challenges';
        $conn->{type2} = decode_base64($tokens[$which]);
        is said($conn->type3('/fault/two-challenges', @alice)), '200 ok', "... and number $which may be answered";
    }
    my @challenges = map { parse_type2(decode_base64($_))->{challenge} } tokens($bench->connection->type1('/fault/two-challenges'));
    isnt $challenges[0], $challenges[1], '... which differ';
}
{
    my $conn = $bench->connection;
    my $response = $conn->type1('/fault/connection-close');
    is said($response), '401 challenge-sent', 'the connection ends behind a challenge';
    ok $response->closed, '... it says so';
    is((rest($conn))[0], 'closed', '... and it does');
    my $other = $bench->connection;
    $other->{type1} = $conn->{type1};
    is said($other->type3('/fault/connection-close', @alice, type2 => $conn->{type2})), '401 not-expected', '... on another one it is refused';
}

# A challenge that is none, and who answers it as if it were the sound one.
sub broken {
    my ($path) = @_;
    my ($run)    = $path =~ m{([^/]+)$};
    my $conn     = $bench->connection;
    my $response = $conn->type1("/r/$run$path");
    is said($response), '401 challenge-sent', "$path: it is sent";
    my ($token) = tokens($response);
    my $sound = $bench->connection;
    $sound->type1('/ntlm/WONDERLAND/alice/Looking-Glass1');
    is said($conn->type3("/r/$run$path", @alice, type2 => $sound->{type2})), '401 answered-broken-challenge', '... and must not be answered';
    is_deeply [map { $_->{id} } @{last_of($run)->{cause}}], ['answered-broken-challenge'], '... which is the cause, and the only one';
    return $token;
}

{
    my $conn = $bench->connection;
    $conn->type1('/r/given-up/fault/garbage');
    $conn->close;
    is_deeply last_of('given-up')->{cause}, [], 'who gives up at a challenge that is none makes no mistake';
}

sub info_of { my ($bytes) = @_; my ($len, $at) = unpack 'x40 v x2 V', $bytes; return ($len, $at) }

like broken('/fault/garbage'), qr/[^A-Za-z0-9+\/=]/, 'no base64';
is length decode_base64(broken('/fault/truncated')), 28, 'half a ServerChallenge';
{
    my $bytes = decode_base64(broken('/fault/truncated-target-info'));
    ok !eval { parse_type2($bytes) }, 'it cannot be read';
    my ($len, $at) = info_of($bytes);
    cmp_ok $at + $len, '>', length $bytes, 'target information beyond the end';
    ($len, $at) = info_of(decode_base64(broken('/fault/wrong-offset')));
    cmp_ok $at, '>', 4_000_000_000, 'an offset that no message has';
    unlike decode_base64(broken('/fault/wrong-signature')), qr/^NTLMSSP\0/, 'another signature';
    is unpack('x8 V', decode_base64(broken('/fault/wrong-type'))), 3, 'another type';
    ok !eval { parse_type2(decode_base64(broken('/fault/no-av-eol'))) }, 'pairs without an end';
    like $@, qr/the AV pairs have no end/, '...';
    ok !eval { parse_type2(decode_base64(broken('/fault/wrong-av-length'))) }, 'a pair that is too long';
    like $@, qr/an AV pair is cut short/, '...';
    ok length logs_in('/fault/oversized')->{type2} > 19_000, 'a challenge of 19,000 bytes and more';
}

# ---- how it comes ----

for (['/fault/no-length-at-type1', \&type1_and_rest, 401], ['/fault/no-length-at-type3', \&type3_and_rest, 200]) {
    my ($path, $sub, $status) = @$_;
    my ($all) = $sub->($path);
    my ($head, $body) = $all =~ /^(HTTP.*?)\r\n\r\n(.*) closed$/s;
    like $head, qr{^HTTP/1.1 $status}, "$path: the answer comes";
    unlike $head, qr/^(?:Content-Length|Transfer-Encoding):/mi, '... without a length';
    ok length $body, '... and its body ends with the connection';
}
{
    my $conn = $bench->connection;
    my ($all, @pieces) = rest($conn->send_request(GET => '/fault/slow', [Connection => 'close']));
    cmp_ok @pieces, '>', 1, 'slow: an answer does not come at once';
    like join('', @pieces), qr{^HTTP/1.1 401.*\r\n\r\n.}s, '... but all of it';
    logs_in('/fault/slow');
}

# ---- other servers ----

{
    my $conn = $bench->connection;
    is said($conn->login('/r/apart/balancer/apart', @alice)), '401 not-expected', 'apart: another server gets the answer';
    is_deeply last_of('apart')->{cause}, [], '... which is no mistake of the client';
    my ($one, $other) = map { $bench->connection } 1 .. 2;
    $one->type1('/balancer/shared');
    $other->{type1} = $one->{type1};
    is said($other->type3('/balancer/shared', @alice, type2 => $one->{type2})), '200 ok', 'shared: another one knows the challenge';
    my $third = $bench->connection;
    is said($third->token('/balancer/shared', $other->{type3})), '401 not-expected', '... once';
    is said($bench->connection->token('/r/other/balancer/shared', $other->{type3})), '401 not-expected', '... in its run';
    logs_in('/balancer/shared');
}

# ---- the nth time ----

{
    my $path = '/r/nth/fault/error-at-type1?nth=2';
    logs_in($path, 'nth: not the first time');
    is said($bench->connection->login($path, @alice)), '500 fault', '... the second time';
    logs_in($path, '... not the third time');
    logs_in('/r/nth2/fault/error-at-type1?nth=2', '... and another run counts by itself');
    logs_in('/r/nth/fault/garbage?nth=7', '... as another address does');
    is $bench->get("/fault/no-token?nth=$_")->status, 400, "nth=$_ is no number" for '0', 'x', '', '-1', '1000000';
    is $bench->get('/fault/no-token?nth=0')->body, "nth is a number, from 1 to 999999\n", '... which is said';
    logs_in('/balancer/apart?nth=2', 'nth: of other servers, too');
}

# ---- at the proxy ----

{
    my $url = "http://localhost:$bench->{port}/health";
    for (['close', 'closed'], ['reset', 'reset']) {
        my ($word, $end) = @$_;
        my $conn = $bench->connection(port => $bench->{proxy}, proxy => 1);
        my @place = (headers => ['NTLM-Bench-Place' => "/fault/$word-at-type3"]);
        is $conn->type1($url, @place)->status, 407, 'a proxy sends its challenge';
        is((rest($conn->send_type3($url, @alice, @place)))[0], $end, "... and $word happens");
    }
}

# ---- over TLS ----

SKIP: {
    skip 'IO::Socket::SSL is not installed', 2 if !eval { require IO::Socket::SSL };
    for my $how (['close', 'closed'], ['reset', 'reset']) {
        my ($word, $end) = @$how;
        my $socket = IO::Socket::SSL->new(PeerAddr => '127.0.0.1', PeerPort => $bench->{tls}, SSL_verify_mode => 0) or die "TLS: $!\n";
        my $conn = $bench->connection(socket => $socket);
        $conn->send_type1("/fault/$word-at-type1");
        my $bytes = '';
        ok !sysread($socket, $bytes, 4096), "$word over TLS";
    }
}

done_testing;
