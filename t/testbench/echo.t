#!/usr/bin/perl
# The answer to who is let in says what came: of any method, with any body.
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

for (['/ntlm', 'WONDERLAND\alice'], ['/ntlm/WONDERLAND/alice/Looking-Glass1', 'alice']) {
    my ($path, $user) = @$_;
    my $conn = $bench->connection;
    my $body = join '', map { chr $_ % 256 } 1 .. 10_000;
    my $response = $conn->login($path, $bench->alice);
    my $echo     = decode_json($response->body);
    is_deeply [@$echo{qw(method path user request logins)}], ['GET', $path, $user, 2, 1], "$path: a login is the second request";
    is_deeply $echo->{body}, {length => 0, sha256 => sha256_hex('')}, '... which had no body';
    is $echo->{connection}, Testbench::verdict($response)->{conn}, '... on the connection that the header names';
    like $echo->{headers}{Host}, qr/^localhost/, '... with its headers';

    $echo = decode_json($conn->request(PROPFIND => $path, ['X-Mine' => '"<b>'], $body)->body);
    is_deeply [@$echo{qw(method user request logins)}], ['PROPFIND', $user, 3, 1], '... another method has the same login';
    is_deeply $echo->{body}, {length => 10_000, sha256 => sha256_hex($body)}, '... and a body';
    is $echo->{headers}{'X-Mine'}, '"<b>', '... whatever the headers hold';

    my $chunked = join('', map { sprintf "%x\r\n%s\r\n", length, $_ } 'one', $body, 'two') . "0\r\n\r\n";
    $conn->send_bytes("PUT $path HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n$chunked");
    $echo = decode_json($conn->read_response->body);
    is_deeply $echo->{body}, {length => 10_006, sha256 => sha256_hex("one${body}two")}, '... or one in chunks';

    $response = $conn->login($path, $bench->alice, method => 'POST', body => 'mine');
    $echo     = decode_json($response->body);
    is_deeply [@$echo{qw(method request logins)}], ['POST', 6, 2], '... and a second login is counted';
    is $echo->{body}{length}, 4, '... whose body arrived';
    is Testbench::verdict($response)->{login}, 2, '... as the header says, too';
}

# ---- what is kept of bodies ----
{
    my $conn = $bench->connection;
    my $long = 'x' x 10_000;
    $conn->type1('/mic', method => 'POST', body => 'first');
    $conn->type3('/mic', $bench->alice, method => 'POST', body => $long);
    my @bodies = map { $_->{request}{body} } @{$bench->json('/last.json')->{legs}};
    is_deeply $bodies[0], {length => 5, kept => 5, text => 'first'}, 'the body of the Type 1 is kept';
    is_deeply [@{$bodies[1]}{qw(length kept)}], [10_000, 4096], '... and the beginning of that of the Type 3';
    is $bodies[1]{text}, 'x' x 4096, '... as it came';
    $conn->login('/bytes/1000000', $bench->alice);
    my @answers = map { $_->{answer}{body} } @{$bench->json('/last.json')->{legs}};
    is_deeply [@{$answers[1]}{qw(length kept)}], [1_000_000, 4096], '... and so is an answer';
}

# ---- a body that is no HTTP ----
{
    my $conn = $bench->connection;
    $conn->login('/ntlm', $bench->alice);
    $conn->send_request(POST => '/ntlm', ['Transfer-Encoding' => 'chunked'])->send_bytes("nonsense\r\n\r\n");
    my $response = $conn->read_response;
    is $response->status, 400, 'a body that is no HTTP is refused';
    is Testbench::verdict($response)->{status}, 'ok', '... from somebody who is logged in';
}

done_testing;
