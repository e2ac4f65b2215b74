#!/usr/bin/perl
# A forward proxy asks with 407, in headers of its own, for GET and for tunnels. A login is
# its connection's; what the client proves to the proxy does not go on to the server.
use strict;
use warnings;
use FindBin qw($Bin);
use lib "$Bin/../lib";
use ForwardProxy;
use NTLM::Connection;
use NTLM::Scheme;
use Test::More;

plan skip_all => $_ for ForwardProxy::missing();
plan skip_all => 'there is no mod_ssl' if !-e PrivateHttpd::module_folder() . '/mod_ssl.so';
plan skip_all => 'openssl is not installed' if `openssl version 2>/dev/null` !~ /OpenSSL/;

my %ALICE = (user => 'alice', domain => 'CORP', nt_hash => 'd9fe524deb5705ac74ea341ff18afe93');
my %BOB   = (user => 'bob',   domain => 'CORP', nt_hash => '27bf1123aae89dc1f94ad95bd7108d01');
my %WRONG = (%ALICE, nt_hash => '0' x 32);

my $tls = PrivateHttpd->new(scheme => 'https', modules => ['ssl']);
$tls->{text} = $tls->certificate;
$tls->start;
my ($proxy, $origin) = ForwardProxy::start(connect => [$tls->{port}]);
my $page   = $origin->url('/');
my $script = $origin->url('/echo');
my $tunnel = "127.0.0.1:$origin->{port}";
my $nobody = '[][]';                         # X-Arrived, when no credentials did

sub connection { return NTLM::Connection->new(port => $proxy->{port}, vhost => $tunnel, proxy => 1, @_) }

# 407 with the bare offers, for the proxy alone.
sub refused {
    my ($response, $sentence) = @_;
    local $Test::Builder::Level = $Test::Builder::Level + 1;
    my $offers = join '|', map { $response->header($_) } qw(Proxy-Authenticate WWW-Authenticate);
    return ok($response->status == 407 && $offers eq NTLM::Scheme::offers() && $response->body !~ /the protected page/, $sentence)
        || diag $response->seen_by_client;
}

# ---- GET ----
my $c = connection();
refused $c->get($page), 'a request without a login is answered with 407';
ok !$c->get($page)->closed, '... and its connection stays open';
ok defined $c->type1($page)->proxy_type2, 'a Type 1 is answered with 407 and a Type 2 alone';
my $response = $c->type3($page, %ALICE);
is $response->status, 200, 'the Type 3 logs in';
like $response->body, qr/the protected page/, '... and the page comes from the server';
is $response->header('X-Arrived'), $nobody, '... which is not shown the login';
like $response->header('X-Arrived-Via'), qr/^1\.1 /, '... but that a proxy is on the way';
is $c->get($page)->status, 200, 'the connection is logged in';
is $c->get($origin->url('/none'))->status, 404, '... for every page';
refused connection()->get($page), '... and no other connection is';

refused connection()->login($page, %WRONG), 'a wrong password is refused';
like $proxy->error_log, qr/ ntlm: wrong-password: user=alice /, '... and logged';
refused connection()->request(GET => $page, [Authorization => 'NTLM ' . 'x' x 40]),
    'credentials for a server are none for the proxy';
refused connection()->request(GET => $page, ['Proxy-Authorization' => 'Basic YWxpY2U6U2VjcjN0IXB3']),
    'Basic is refused';

$c = connection();
$c->login($page, %ALICE);
refused $c->login($page, %BOB, nt_hash => '0' x 32), "bob's wrong password on alice's connection is refused";
refused $c->get($page), '... and ends her login';
is $c->login($page, %BOB)->status, 200, '... and bob may log in there';

# ---- bodies ----
for my $size (5000, 1_048_576) {
    my %post = (method => 'POST', body => 'x' x $size, headers => [Expect => '100-continue']);
    $c = connection();
    ok defined $c->type1($script, %post)->proxy_type2, "$size bytes with Expect: 100-continue are challenged";
    $response = $c->type3($script, %post, %ALICE);
    is $response->status, 200, '... on a connection that stays open for the answer';
    is $response->echo->{body_length}, $size, '... and arrive at the server';
    is $response->header('X-Arrived'), $nobody, '... without the login';
}
my ($status, $body) =
    ForwardProxy::curl($proxy, 'alice:Secr3t!pw', $script, '-H', 'Expect: 100-continue', '-d', 'x' x 2000);
like "$status $body", qr/^200 .*body_length=2000$/ms, 'curl posts, too';

# ---- tunnels ----
$c = connection();
refused $c->request(CONNECT => $tunnel), 'no tunnel without a login';
ok defined $c->type1($tunnel, method => 'CONNECT')->proxy_type2, 'CONNECT with a Type 1 is challenged';
is $c->type3($tunnel, method => 'CONNECT', %ALICE)->status, 200, '... on a connection that stays open for the answer';
like $c->get('/')->body, qr/the protected page/, '... and is the tunnel then';
is $c->get('/')->header('X-Arrived'), $nobody, '... through which the server sees no login';
$c = connection();
$c->type1($tunnel, method => 'CONNECT');
refused $c->type3($tunnel, method => 'CONNECT', %WRONG), 'no tunnel for a wrong password';
refused $c->get($page), '... and no page there either';
$c = connection();
$c->login($page, %ALICE);
is $c->request(CONNECT => $tunnel)->status, 200, "a connection's login is good for its tunnel";
$c = connection();
$c->login($page, %ALICE);
is $c->request(CONNECT => '127.0.0.1:1')->status, 403, 'who is logged in gets no tunnel to another port';

# ---- HTTP/1.0, as old clients speak it ----
my @keep = (headers => ['Proxy-Connection' => 'Keep-Alive']);
for my $request ([GET => $page], [CONNECT => $tunnel]) {
    my ($method, $where) = @$request;
    $c = connection(version => '1.0');
    ok defined $c->type1($where, method => $method, @keep)->proxy_type2, "HTTP/1.0: $method is challenged";
    is $c->type3($where, method => $method, @keep, %ALICE)->status, 200, '... on a connection that stays open';
    $c = connection(version => '1.0');
    $c->type1($where, method => $method, @keep);
    refused $c->type3($where, method => $method, @keep, %WRONG), '... not for a wrong password';
}

# ---- curl ----
my @https = ($tls->url('/'), '--cacert', $tls->dir . '/ca.pem');
for my $way (['http', $page], ['http through a tunnel', $page, '-p'], ['https', @https]) {
    my ($what, @url) = @$way;
    ($status, $body) = ForwardProxy::curl($proxy, 'alice:Secr3t!pw', @url);
    is "$status $body", "200 the protected page\n", "curl gets a page over $what";
    ($status, $body) = ForwardProxy::curl($proxy, 'alice:wrong', @url);
    is $status, 407, '... not with a wrong password';
    unlike $body, qr/the protected page/, '... nor the page';
}

# ---- what else conf/forward-proxy.conf says ----
is connection(proxy => 0)->get('/')->status, 403, 'the proxy is no web server';

done_testing;
