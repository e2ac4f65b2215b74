#!/usr/bin/perl
# A login to the proxy (407) and one to a server (401) are two, also on one connection to
# one httpd that is both. A client that needs both gets them through a tunnel.
use strict;
use warnings;
use FindBin qw($Bin);
use lib "$Bin/../lib";
use ForwardProxy;
use NTLM::Connection;
use NTLM::Scheme;
use Test::More;

plan skip_all => $_ for ForwardProxy::missing();

my %ALICE = (user => 'alice', domain => 'CORP', nt_hash => 'd9fe524deb5705ac74ea341ff18afe93');
my %BOB   = (user => 'bob',   domain => 'CORP', nt_hash => '27bf1123aae89dc1f94ad95bd7108d01');

# The server's page; the proxy's own is the same to it.
my $SECRET = "Alias /secret \@DIR\@/htdocs/index.html\n$ForwardProxy::SECRET";

my $origin = ForwardProxy::origin(text => $SECRET);
my $proxy  = ForwardProxy::proxy($origin, text => $SECRET);
my $page   = $origin->url('/');
my $secret = $origin->url('/secret');

# Two clients on one connection: one logs in to the proxy, the other to the server that
# the same httpd is. A path is the server's, an absolute URI the proxy's.
sub both {
    my $as_proxy = NTLM::Connection->new(port => $proxy->{port}, proxy => 1);
    return ($as_proxy, NTLM::Connection->new(port => $proxy->{port}, socket => $as_proxy->{socket}));
}

my ($to_proxy, $to_server) = both();
is $to_proxy->login($page, %ALICE)->status, 200, 'alice logs in to the proxy';
is $to_server->get('/secret')->status, 401, '... which is no login to the server';
is $to_proxy->get($page)->status, 200, '... and stays one to the proxy';
is $to_server->login('/secret', %BOB)->status, 200, 'bob logs in to the server on the same connection';
is $to_proxy->get($page)->status,     200, '... and both logins hold: the proxy';
is $to_server->get('/secret')->status, 200, '... and the server';
is $to_server->login('/secret', %BOB, nt_hash => '0' x 32)->status, 401, 'a refused login to the server';
is $to_server->get('/secret')->status, 401, '... ends that';
is $to_proxy->get($page)->status, 200, '... and leaves the one to the proxy alone';

($to_proxy, $to_server) = both();
is $to_server->login('/secret', %ALICE)->status, 200, 'alice logs in to the server';
is $to_proxy->get($page)->status, 407, '... which is no login to the proxy';
is $to_server->get('/secret')->status, 200, '... and stays one to the server';

# Crosswise: the messages of one handshake where the other one's belong.
($to_proxy, $to_server) = both();
$to_proxy->type1($page);
$to_server->type1('/secret');
my %swapped = (type1 => $to_server->{type1}, type2 => $to_server->{type2});
is $to_proxy->type3($page, %ALICE, %swapped)->status, 407, "an answer to the server's challenge is none to the proxy's";
is $to_server->type3('/secret', %BOB)->status, 200, '... and spends only the one it was sent to';
like $proxy->error_log, qr/ ntlm: stale-challenge: user=alice /, '... as the log says';

my $served = qr{^HTTP/1\.1 GET (\S+) 200 (\w+) ok$}m;
my $log    = $proxy->access_log(qr/(?:$served.*?){9}/s);
my @served = map { /$served/ ? ($1 eq $page ? 'page' : $1) . " $2" : () } split /^/, $log;
is_deeply [sort @served], [sort
    'page alice', 'page alice', '/secret bob', 'page alice', '/secret bob', 'page alice',
    '/secret alice', '/secret alice', '/secret bob',
    ], 'everybody was served under the right name';

# ---- a server that asks for NTLM, behind the proxy ----
$proxy = ForwardProxy::proxy($origin);
my @bob = ('--ntlm', '-u', "bob:B0b's own");
my ($status, $body) = ForwardProxy::curl($proxy, 'alice:Secr3t!pw', $secret, @bob, '-p');
is "$status $body", "200 the protected page\n", 'through a tunnel curl logs in to both';
($status, $body) = ForwardProxy::curl($proxy, 'alice:Secr3t!pw', $secret, '--ntlm', '-u', 'bob:wrong', '-p');
is $status, 401, '... the server refuses a wrong password';
unlike $body, qr/the protected page/, '... with no page';
($status, $body) = ForwardProxy::curl($proxy, 'alice:wrong', $secret, @bob, '-p');
is $status, 407, '... and so does the proxy';

# mod_proxy opens a connection for each request: the server's handshake is cut in two.
my $c = NTLM::Connection->new(port => $proxy->{port}, proxy => 1);
$c->login($page, %ALICE);
my $through = NTLM::Connection->new(port => $proxy->{port}, socket => $c->{socket});
my $response = $through->type1($secret);
ok defined $response->type2, "without a tunnel the server's challenge answers the client's Type 1";
like $response->header('X-Arrived'), qr/^\[\]/, "... which came without the proxy's login";
is $through->type3($secret, %BOB)->status, 401, '... but the answer comes over another connection';
like $origin->error_log, qr/ ntlm: not-expected: user=bob /, '... as the log of the server says';

# With a worker of its own the server's connection is kept, for whoever asks next. Via, which
# the example adds, is what keeps a login from being lent.
$proxy = ForwardProxy::proxy($origin, text => <<"TEXT");
<Proxy "@{[$origin->url('/')]}">
    ProxySet keepalive=On
</Proxy>
TEXT
$c = NTLM::Connection->new(port => $proxy->{port}, proxy => 1);
$c->login($page, %ALICE);
$through = NTLM::Connection->new(port => $proxy->{port}, socket => $c->{socket});
is $through->login($secret, %BOB)->status, 200, 'where mod_proxy keeps its connections bob logs in';
is $c->get($secret)->status, 401, '... and the next request over the same one is not served as bob';

# ---- an error page of the proxy that is a protected page of the same httpd ----
my ($both) = ForwardProxy::start(text => <<'TEXT');
ErrorDocument 401 /error.html
<Location "/error.html">
    AuthType NTLM
    NTLMCredentials file @DIR@/passwords
    Require valid-user
</Location>
TEXT
my $on_error = NTLM::Connection->new(port => $both->{port}, vhost => 'x.test', proxy => 1);
for my $case ([NTLM::Scheme::offers(), $on_error->get('http://x.test/')],
    [NTLM::Scheme::word_of_test(), $on_error->type1('http://x.test/')])
{
    my ($asked, $response) = @$case;
    is $response->status, 407, 'a request that ends at a protected error page is still one to the proxy';
    is join('|', map { /^(\w+)/ } $response->header('Proxy-Authenticate')), $asked, '... who asks, once by each scheme';
    is scalar(() = $response->header('WWW-Authenticate')), 0, '... and the page does not';
}

done_testing;
