#!/usr/bin/perl
# conf/reverse-proxy.conf: a WebSocket is opened over a connection that is logged in, or by
# the login itself, and by nobody else; the application knows whose it is.
use strict;
use warnings;
use FindBin qw($Bin);
use lib "$Bin/../lib";
use Backend;
use MIME::Base64 qw(encode_base64);
use NTLM::Connection;
use Recipe;
use Test::More;

plan skip_all => 'there is no mod_proxy_http' if !-e PrivateHttpd::module_folder() . '/mod_proxy_http.so';
plan skip_all => 'mod_proxy_http knows no upgrade before httpd 2.4.47'
    if `@{[PrivateHttpd::httpd()]} -v` =~ m{Apache/2\.4\.(\d+)} && $1 < 47;

my %alice = (user => 'alice', domain => '', nt_hash => 'd9fe524deb5705ac74ea341ff18afe93');
my %bob   = (user => 'bob',   domain => '', nt_hash => '27bf1123aae89dc1f94ad95bd7108d01');
my $KEY   = encode_base64('sixteen bytes ok', '');
my $UP    = [Connection => 'Upgrade', Upgrade => 'websocket', 'Sec-WebSocket-Version' => 13, 'Sec-WebSocket-Key' => $KEY];

my $backend = Backend->start;
my $httpd   = Recipe::httpd('reverse-proxy.conf', {'127.0.0.1:8080' => '127.0.0.1:' . $backend->port});
$httpd->start;

sub connection { return NTLM::Connection->new(port => $httpd->{port}, vhost => '127.0.0.1') }

# The head of an answer; read_response passes over 101, which is the last word here.
sub read_head {
    my ($c) = @_;
    $c->{deadline} = time + $c->{timeout};
    return NTLM::Response->from_head($c->read_until("\r\n\r\n"));
}

# A text there and back.
sub says {
    my ($c, $text) = @_;
    $c->send_bytes(Backend::frame($text, pack 'N', 0x01020304 + length $text));
    my (undef, $length) = unpack 'C C', $c->read_bytes(2);
    return $c->read_bytes($length);
}

sub is_open {
    my ($c, $user, $sentence) = @_;
    my $head = read_head($c);
    is $head->status, 101, $sentence or diag $head->seen_by_client;
    is $head->header('Sec-WebSocket-Accept'), Backend::accept_of($KEY), '... the application accepts it';
    is says($c, $_), "$user says $_", "... and knows that $_ comes from $user" for 'hello', 'a second text', '';
    $c->close;
    return;
}

# ---- with a login ----
my $c = connection();
is $c->login('/app/page', %alice)->status, 200, 'alice logs in with a page';
$c->send_request(GET => '/app/socket', $UP);
is_open($c, 'alice', 'a WebSocket over her connection, without credentials');

$c = connection();
is $c->type1('/app/socket', headers => $UP)->status, 401, 'an Upgrade as the first half of a login is a challenge';
$c->send_type3('/app/socket', %bob, headers => $UP);
is_open($c, 'bob', '... and its second half opens the WebSocket');

$c = connection();
is $c->type1('/app/socket')->status, 401, 'a challenge without an Upgrade';
$c->send_type3('/app/socket', %alice, headers => [@$UP, 'X-Remote-User' => 'admin', 'X_Remote_User' => 'admin']);
is_open($c, 'alice', 'a name that the client claims itself counts for nothing');

$c = connection();
$c->login('/app/page', %alice);
$c->send_request(GET => '/app/socket', [@$UP, Connection => 'X-Remote-User']);
is_open($c, 'alice', 'nor can it hold the name back');

$c = connection();
my $other = connection();
$c->login('/app/page', %alice);
$other->login('/app/page', %bob);
$_->send_request(GET => '/app/socket', $UP) for $c, $other;
is read_head($_)->status, 101, 'one of two WebSockets at once' for $c, $other;
is says($c,     'one'),   'alice says one',   '... each is its own user: alice';
is says($other, 'two'),   'bob says two',     '... bob';
is says($c,     'three'), 'alice says three', '... alice again';
$_->close for $c, $other;

like +($backend->seen)[-1], qr{^GET /app/socket}, 'the application has seen these requests';
my @with_token = grep { /^Authorization|NTLM/mi } $backend->seen;
is_deeply \@with_token, [], '... and no token in any of them';

# ---- without one ----
my $before = $backend->seen;

sub is_refused {
    my ($c, $sentence) = @_;
    my $response = $c->read_response;
    is $response->status, 401, $sentence;
    is $response->header($_), undef, "... no $_" for qw(Upgrade Sec-WebSocket-Accept);
    return;
}
$c = connection();
is_refused($c->send_request(GET => '/app/socket', $UP), 'an Upgrade without a login');
$c->send_request(GET => '/app/socket', $UP)->send_bytes(Backend::frame('hello', 'mask'));
is_refused($c, 'an Upgrade without a login that does not wait');

$c = connection();
is $c->type1('/app/socket', headers => $UP)->status, 401, 'a challenge';
is_refused($c->send_type3('/app/socket', %alice, nt_hash => '0' x 32, headers => $UP), '... and a wrong password');
is_refused($c->send_request(GET => '/app/socket', $UP), '... and a second try without one');

$c = connection();
is $c->type1('/app/socket')->status, 401, 'a challenge';
is_refused($c->send_request(GET => '/app/socket', $UP), '... and an Upgrade instead of an answer');
$c = connection()->send_request(GET => '/app/socket', [@$UP, 'X-Remote-User' => 'alice']);
is_refused($c, 'an Upgrade that only says to be from alice');
is scalar($backend->seen), $before, 'none of them has reached the application';

done_testing;
