#!/usr/bin/perl
# The bench as a proxy: a login with 407, for its own ports and no others; what it demands says the
# user's name or a header.
use strict;
use warnings;
use FindBin qw($Bin);
use IO::Select;
use IO::Socket::INET;
use IO::Socket::SSL ();
use JSON::PP qw(decode_json);
use lib "$Bin/../lib";
use Test::More;
use Testbench;

plan skip_all => $_ for Testbench::missing();
my $bench    = Testbench->start;
my ($port, $tls) = @$bench{qw(port tls)};

sub proxy { my (%opt) = @_; return $bench->connection(port => $bench->{proxy}, proxy => 1, %opt) }
sub named { my ($name) = @_; return ($bench->alice, user => $name) }

# ---- a login ----
my $conn     = proxy();
my $url      = "http://localhost:$port/health";
my $response = $conn->request(GET => $url);
is $response->status, 407, 'a proxy asks for a login';
is $response->header('Proxy-Authenticate'), 'NTLM', '... by NTLM';
ok !$response->header('WWW-Authenticate'), '... and as a proxy alone';
is Testbench::verdict($response)->{status}, 'no-credentials', '... which the header says, too';
$response = $conn->login($url, $bench->alice);
is $response->status, 200, 'who logs in gets the page behind it';
is $response->body, "ok\n", '... as it is';
is Testbench::verdict($response)->{status}, 'ok', '... and the verdict';
is $conn->request(GET => $url)->status, 200, 'the connection is logged in';
is proxy()->request(GET => $url)->status, 407, '... and no other';
is proxy()->login($url, $bench->alice, nt_hash => '0' x 32)->status, 407, 'a wrong password is refused';
my $last = $bench->json('/last.json');
is $last->{status}, 'wrong-password', '... of which there is a verdict';
$response = proxy()->login("http://127.0.0.1:$port/ntlm", $bench->alice);
is $response->status, 401, 'behind the proxy is another login';
is Testbench::verdict($response)->{status}, 'no-credentials', '... with its own verdict';
like +($response->header('NTLM-Bench-Proxy'))[0], qr/^status=ok; .* user=alice; /, '... beside that of the proxy';

# ---- a tunnel ----
$conn = proxy();
is $conn->request(CONNECT => "localhost:$port")->status, 407, 'a tunnel wants a login, too';
$response = $conn->type1("localhost:$port", method => 'CONNECT');
is $response->status, 407, '... with a challenge';
$response = $conn->type3("localhost:$port", $bench->alice, method => 'CONNECT');
is $response->status, 200, '... and is there';
is $bench->json('/last.json')->{status}, 'ok', '... which is known before it ends';
my $inside = $bench->connection(socket => $conn->{socket});
$response = $inside->login('/ntlm', $bench->alice);
is $response->status, 200, '... a login at the origin goes through it';
is decode_json($response->body)->{user}, 'WONDERLAND\alice', '... on one connection';
close $conn->{socket};

$conn = proxy();
is $conn->login("127.0.0.1:$tls", $bench->alice)->status, 400, 'an authority is no URL';
$conn = proxy();
$conn->type1("127.0.0.1:$tls", method => 'CONNECT');
is $conn->type3("127.0.0.1:$tls", $bench->alice, method => 'CONNECT')->status, 200, 'TLS is reached through a tunnel';
my $channel = IO::Socket::SSL->start_SSL($conn->{socket}, SSL_verify_mode => IO::Socket::SSL::SSL_VERIFY_NONE(), SSL_hostname => '');
print {$channel} "GET /health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
like join('', <$channel>), qr{^HTTP/1.1 200 .*\r\nok\n}s, '... and speaks';

# ---- nothing else ----
my $trap = IO::Socket::INET->new(LocalAddr => '127.0.0.1', LocalPort => 0, Listen => 5) or die "no port: $@\n";
my $other = $trap->sockport;
my @others = (
    "127.0.0.1:$other", "localhost:$other", "127.1:$port", "0x7f000001:$port", "2130706433:$port", "0:$port", "0.0.0.0:$port",
    "[::ffff:127.0.0.1]:$port", "localhost.evil.example:$port", "evil.example:$port", "10.0.0.1:$port", "127.0.0.1",
    "localhost:80", "127.0.0.1:$bench->{proxy}", "localhost\@evil.example:$port",
);
for my $target (@others) {
    for (['CONNECT', $target], ['GET', "http://$target/"]) {
        my ($method, $uri) = @$_;
        next if $method eq 'GET' && $target =~ /:$bench->{proxy}$/;    # it is itself: no proxy is needed
        my $refused = proxy()->request($method => $uri);
        like $refused->status, qr/^40[03]$/, "$method $uri is refused";
        ok !$refused->header('Proxy-Authenticate'), '... whoever asks';
    }
}
for my $uri ("https://localhost:$tls/", "http://localhost:$tls/health", "ftp://localhost:$port/", "HTTPS://127.0.0.1:$port/") {
    my $refused = proxy()->request(GET => $uri);
    is $refused->status, 403, "GET $uri is refused";
    like $refused->body, qr/\Athis proxy reaches /, '... and why is said';
}
for (['GET', "http://127.0.0.1:$other/"], ['CONNECT', "127.0.0.1:$other"]) {
    $conn = proxy();
    $conn->login($url, $bench->alice);
    is $conn->request(@$_)->status, 403, "who is logged in gets no further by $_->[0]";
}
ok !IO::Select->new($trap)->can_read(0), 'nobody has connected to the stranger';

# ---- the origin's ports are no proxies ----
is $bench->connection->request(CONNECT => "localhost:$port")->status, 405, 'the other ports have no tunnels';
is $bench->connection->request(GET => "http://127.0.0.1:$other/nowhere")->status, 404, '... and forward nothing';
ok !IO::Select->new($trap)->can_read(0), 'nobody has connected there, either';

# ---- what is demanded ----
my %no_mic = (mic => 0, edit => sub { my ($pairs) = @_; @$pairs = grep { $_->[0] != 6 } @$pairs });
is proxy()->login($url, $bench->alice, %no_mic)->status, 200, 'no MIC is needed';
is proxy()->login($url, named('alice;mic'), %no_mic)->status, 407, '... but for a user whose name has ;mic';
is $bench->json('/last.json')->{status}, 'mic-required', '... which is why';
$conn = proxy();
is $conn->login($url, named('alice;mic'))->status, 200, '... who comes in with one';
is $conn->request(GET => $url)->status, 200, '... and stays logged in';
is proxy()->login($url, named('alice;spn;require'))->status, 407, 'further signs are slashes';
is $bench->json('/last.json')->{status}, 'service-required', '... of a longer path';
is proxy()->login($url, named('alice;nowhere'))->status, 407, 'a name with no such place is nobody';
is $bench->json('/last.json')->{status}, 'no-such-user', '... whom the bench does not know';
is proxy()->login($url, named('bob;mic'))->status, 407, 'nor does a place make an account';

# ---- what goes wrong ----
is proxy()->login($url, named('alice;fault;error-at-type3'))->status, 500, 'a name has a fault of its answer to the Type 3';
ok !eval { proxy()->login($url, named('alice;fault;close-at-type3')) }, '... each of them';
$conn = proxy();
is $conn->login($url, named('alice;fault;401-after-200'))->status, 200, '... or of what follows';
is $conn->request(GET => $url)->status, 407, '... which a proxy answers in its own words';
my @nth = map { proxy()->login($url, named('alice;fault;error-at-type3?nth=2'))->status } 1 .. 2;
is_deeply \@nth, [200, 500], '... for the nth time';

sub at { my ($place) = @_; return (headers => ['NTLM-Bench-Place' => $place]) }

sub login_at {
    my ($place, %opt) = @_;
    my $c = proxy();
    $c->type1($url, at($place));
    return $c->type3($url, $bench->alice, at($place), %opt);
}
my $logins = () = $bench->error_log =~ / ntlm: ok: user=alice /g;
is login_at('/ntlm')->status, 200, 'a header leads to production';
is scalar(() = $bench->error_log =~ / ntlm: ok: user=alice /g), $logins + 1, '... which writes it into the log';
is login_at('/mic', %no_mic)->status, 407, '... and to what it demands';
is $bench->json('/last.json')->{status}, 'mic-required', '... with its verdict';
$conn = proxy();
$conn->type1($url, at('/fixed/0123456789abcdef'));
is unpack('H*', NTLM::Message::parse_type2($conn->{type2})->{challenge}), '0123456789abcdef', 'or to a challenge of the bench';
is $conn->type3($url, $bench->alice, at('/fixed/0123456789abcdef'))->status, 200, '... that is answered';
is proxy()->type1($url, at('/fault/no-token'))->header('Proxy-Authenticate'), 'NTLM', 'a header has a fault of its challenge, too';
ok !eval { proxy()->type1("localhost:$port", method => 'CONNECT', at('/fault/close-at-type1')) }, '... of a tunnel';
like proxy()->request(GET => $url, ['NTLM-Bench-Place' => 'x'])->body, qr{\ANTLM-Bench-Place is .*/mic$}, '... and one that is wrong is told';
is proxy()->request(GET => $url, ['NTLM-Bench-Place' => $_])->status, 400, "a place $_ is refused: nobody logs in there"
    for '/last', '/nowhere', '/fixed/0123456789abcdef/-1', '', 'x';

done_testing;
