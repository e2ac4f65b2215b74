#!/usr/bin/perl
# What stands around a login: redirects, big answers and bodies.
use strict;
use warnings;
use Digest::SHA qw(sha256_hex);
use FindBin qw($Bin);
use JSON::PP qw(decode_json);
use lib "$Bin/../lib";
use Test::More;
use Testbench;

plan skip_all => $_ for Testbench::missing();
my $bench = Testbench->start;
my $port  = $bench->{port};

# ---- redirects ----
for my $status (qw(301 302 303 307 308)) {
    my $response = $bench->get("/redirect/$status/same/mic/x?y=1");
    is $response->status, $status, "a redirect with $status";
    is $response->header('Location'), "http://localhost:$port/mic/x?y=1", '... leads to the further path of the same host';
}
is $bench->get('/redirect/302/other/ntlm')->header('Location'), "http://127.0.0.1:$port/ntlm", 'another host is an address';
is $bench->get('/redirect/302/other/ntlm', Host => "127.0.0.1:$port")->header('Location'), "http://localhost:$port/ntlm",
    '... or the name';
is $bench->get('/redirect/302/other/ntlm', Host => "a.localhost:1")->header('Location'), "http://localhost:$port/ntlm",
    '... and the port is its own, whatever the client says';
is $bench->get("/redirect/302/same$_")->header('Location'), "http://localhost:$port/ntlm", 'without a further path it is /ntlm' for '', '/';
is $bench->get('/r/a%20run/redirect/302/same/ntlm')->header('Location'), "http://localhost:$port/r/a%20run/ntlm", 'a run stays';
is $bench->get('/redirect/302/same//evil.example/')->header('Location'), "http://localhost:$port//evil.example/",
    'nobody is led elsewhere';
is $bench->get("/redirect/$_")->status, 404, "/redirect/$_ is none" for '200/same', '302/nowhere', '302', '0302/same';

my $conn = $bench->connection;
is $conn->request(POST => '/redirect/307/same/ntlm', [], 'body')->status, 307, 'a redirect reads a body';
my $response = $conn->login('/login-redirect/302/other/ntlm', $bench->alice);
is $response->status, 302, 'a redirect behind a login comes after it';
is $response->header('Location'), "http://127.0.0.1:$port/ntlm", '... to another host';
is Testbench::verdict($response)->{status}, 'ok', '... with the verdict';
is $bench->get('/login-redirect/302/other/ntlm')->status, 401, '... and not before';

# ---- big answers ----
for my $count (0, 1, 8191, 1_000_000) {
    $conn = $bench->connection;
    $response = $conn->login("/bytes/$count", $bench->alice);
    is $response->header('Content-Length'), $count, "$count bytes are announced";
    is length $response->body, $count, '... and come';
    $response = $conn->login("/chunked/$count", $bench->alice);
    is $response->header('Content-Length'), undef, '... or have no length';
    is $response->header('Transfer-Encoding'), 'chunked', '... but chunks';
    is length $response->body, $count, '... and come';
    is $conn->request(GET => "/chunked/$count")->status, 200, '... and the connection stays';
}
is $conn->request(HEAD => '/bytes/1000000')->status, 401, 'another address is another login';
$response = $conn->login('/bytes/1000000', $bench->alice, method => 'HEAD');
is $response->header('Content-Length'), 1_000_000, 'HEAD has the length';
is $response->body, '', '... alone';
is $bench->get("/bytes/$_")->status, 404, "/bytes/$_ is none" for '67108865', '-1', '1x', '+1', '18446744073709551617';

# ---- uploads ----
my $big = join '', map { chr $_ % 251 } 1 .. 1_000_000;
$conn = $bench->connection;
$conn->login('/mic', $bench->alice);
my $echo = decode_json($conn->request(PUT => '/mic', [], $big)->body);
is_deeply $echo->{body}, {length => length $big, sha256 => sha256_hex($big)}, 'a big body comes whole';

$conn = $bench->connection;
$conn->type1('/mic', method => 'PUT', body => $big);
$response = $conn->type3('/mic', $bench->alice, method => 'PUT', body => $big);
is decode_json($response->body)->{body}{sha256}, sha256_hex($big), '... with the Type 1, where it is dropped, and with the Type 3';

# A client that waits to be asked for its body learns of the login first.
$conn = $bench->connection;
$conn->send_request(PUT => '/mic', [Expect => '100-continue', 'Content-Length' => length $big]);
is $conn->read_response->status, 401, 'who waits for 100 is asked for a login first';

done_testing;
