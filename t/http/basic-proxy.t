#!/usr/bin/perl
# Basic to a forward proxy: 407, Proxy-Authenticate and Proxy-Authorization, for GET and for tunnels.
use strict;
use warnings;
use FindBin qw($Bin);
use lib "$Bin/../lib";
use Basic qw(basic_of password);
use ForwardProxy;
use NTLM::Connection;
use Test::More;

plan skip_all => $_ for ForwardProxy::missing();

my $PROXY = 'Proxy-Authorization';
my %ALICE = (user => 'alice', domain => 'CORP', nt_hash => 'd9fe524deb5705ac74ea341ff18afe93');
my ($proxy, $origin) = ForwardProxy::start(text => <<'TEXT');
LogLevel auth_ntlmv2:info
<Proxy "*">
    NTLMOffer NTLM Basic
    NTLMBasicWithoutTLS on
    AuthName "the proxy"
</Proxy>
TEXT
my $page = $origin->url('/');

sub connection { return NTLM::Connection->new(port => $proxy->{port}, vhost => "127.0.0.1:$origin->{port}", proxy => 1) }
sub as { my ($user, $password) = @_; return basic_of("$user:" . ($password // password($user)), $PROXY) }

my $c = connection();
my $response = $c->get($page);
is $response->status, 407, 'who says nothing is asked';
is join('|', $response->header('Proxy-Authenticate')), 'NTLM|Basic realm="the proxy", charset="UTF-8"', '... for both';
is $c->request(GET => $page, as('alice'))->status, 200, 'the right password is let through';
is $c->get($page)->status, 407, '... for one request';
is $c->request(GET => $page, as('bob', 'wrong'))->status, 407, 'a wrong one is not';
is $c->request(GET => $page, basic_of('alice:' . password('alice')))->status, 407, '... nor one that is for the server';
like $proxy->error_log, qr/:info\].* ntlm: no-credentials: .*: Authorization came, which is for a server: this proxy reads Proxy-Authorization$/m,
    '... and the log says so';
$response = $c->request(GET => $page, as('alice'));
is $response->header('X-Arrived'), '[][]', 'what is for the proxy does not go on to the server';
is $c->login($page, %ALICE)->status, 200, 'alice logs her connection in by NTLM';
is $c->get($page)->status, 200, '... which stays so';
is $c->request(GET => $page, as('bob'))->status, 200, 'bob sends a password there';
is $c->get($page)->status, 407, '... and it is nobody\'s';

my @tunnel = ('-p', '--proxy-basic', '--proxy-user');
is((ForwardProxy::curl($proxy, undef, $page, @tunnel, 'alice:' . password('alice')))[0], 200, 'a tunnel opens to who knows a password');
is((ForwardProxy::curl($proxy, undef, $page, @tunnel, 'alice:wrong'))[0], 407, '... and to nobody else');
is((ForwardProxy::curl($proxy, undef, $page, @tunnel, 'nobody:x'))[0], 407, '... whoever he is');

# ---- a proxy that does not ask for it ----
$proxy->{text} =~ s/NTLMOffer NTLM Basic/NTLMOffer NTLM/;
$proxy->stop;
$proxy->start;
is connection()->request(GET => $page, as('alice'))->status, 407, 'a proxy for NTLM alone does not take a password';
like $proxy->error_log, qr/ ntlm: scheme-refused: user=alice [^\n]* scheme=Basic [^\n]*: Basic came unasked: the password was sent in clear text, agent "-"$/m,
    '... and its log says whose came';

done_testing;
