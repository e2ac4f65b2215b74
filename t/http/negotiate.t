#!/usr/bin/perl
# Negotiate at a forward proxy, whose answers have other names, and with tickets that are longer
# than httpd takes by itself.
use strict;
use warnings;
use FindBin qw($Bin);
use lib "$Bin/../lib";
use ForwardProxy;
use Guarded;
use MIME::Base64 qw(encode_base64);
use NTLM::Connection;
use NTLM::Message;
use NTLM::SPNEGO qw(init resp);
use Test::More;

plan skip_all => $_ for ForwardProxy::missing();

my %ALICE = (user => 'alice', domain => 'CORP', nt_hash => 'd9fe524deb5705ac74ea341ff18afe93');
my $OFFER = "NTLMOffer Negotiate NTLM\n";
my ($proxy, $origin) = ForwardProxy::start(text => $OFFER);
my $page   = $origin->url('/');
my $tunnel = "127.0.0.1:$origin->{port}";

sub connection { my ($over) = @_; return NTLM::Connection->new(port => $proxy->{port}, vhost => $tunnel, proxy => 1, over => $over) }

# What the proxy asks with, and that nothing else does.
sub asks {
    my ($response) = @_;
    return join '|', $response->status, $response->header('Proxy-Authenticate'), map { "the server: $_" } $response->header('WWW-Authenticate');
}

sub shows_no_page { my ($response) = @_; return unlike $response->body, qr/the protected page/, '... without the page' }


my $REFUSED = '407|Negotiate|NTLM';

# The answer to a Type 3, whatever headers it has, and the last token that there must be.
sub answered {
    my ($c, $where, %more) = @_;
    my $type3 = $c->answer(%ALICE, %more);
    my $mac   = delete $c->{over}{mac}{$type3};
    my $value = $c->{over}->header($mac ? resp(state => 1, token => $type3, mic => $mac->{client}) : $type3);
    my $last  = $mac ? $c->{over}->header(resp(state => 0, mic => $mac->{server})) : undef;
    return ($c->send_credentials($where, $value, %more)->read_response, $last);
}

is asks(connection('Negotiate')->get($page)), $REFUSED, 'the proxy offers both';

for my $over (qw(Negotiate SPNEGO Kerberos-first)) {
    # ---- GET ----
    my $c = connection($over);
    my $response = $c->type1($page);
    ok defined $response->proxy_type2, "$over: a challenge, with 407 and alone";
    ($response, my $last) = answered($c, $page);
    is asks($response), join('|', 200, $last // ()), '... the page, with the last token that there must be';
    like $response->body, qr/the protected page/, '... comes from the server';
    is $response->header('X-Arrived'), '[][]', '... which has seen no token';
    is asks($c->get($page)), '200', '... and the login stays, without a word';

    $c = connection($over);
    $c->type1($origin->url('/none'));
    ($response, $last) = answered($c, $origin->url('/none'));
    is asks($response), join('|', 404, $last // ()), '... also with what the server does not have';

    $response = connection($over)->login($page, %ALICE, nt_hash => '0' x 32);
    is asks($response), $REFUSED, '... a wrong password is refused';
    shows_no_page($response);

    # ---- CONNECT ----
    $c = connection($over);
    ok defined $c->type1($tunnel, method => 'CONNECT')->proxy_type2, "$over: CONNECT is challenged";
    is asks($c->type3($tunnel, method => 'CONNECT', %ALICE)), '200', '... and answered by the tunnel alone';
    like $c->get('/')->body, qr/the protected page/, '... which leads to the server';
    $c = connection($over);
    $c->type1($tunnel, method => 'CONNECT');
    is asks($c->type3($tunnel, method => 'CONNECT', %ALICE, nt_hash => '0' x 32)), $REFUSED, '... not with a wrong password';
}

# ---- what is refused ----
for my $case (['Kerberos-first', 'spnego-mic-required', sub { return }], ['Kerberos-first', 'spnego-bad-mic', sub { $_[1] }],
    ['SPNEGO', 'spnego-bad-mic', sub { $_[1] }])
{
    my ($over, $status, $mic) = @$case;
    for my $method (qw(GET CONNECT)) {
        my $where = $method eq 'GET' ? $page : $tunnel;
        my $c = connection($over);
        $c->type1($where, method => $method);
        my $response = $c->type3($where, %ALICE, method => $method, mech_mic => $mic);
        is asks($response), $REFUSED, "$over, $method: refused";
        is $proxy->last_status, $status, "... as $status";
        is asks($c->get($page)), $REFUSED, '... and nobody is logged in';
    }
}
my $c = connection('Negotiate');
my $response = $c->token($page, init(mechs => ['kerberos'], token => 'ticket'));
is asks($response), '407|Negotiate oQcwBaADCgEC|NTLM', 'no NTLM: rejected, and offered the rest';
is asks($c->token($page, 'nonsense')), $REFUSED, 'what is no token is refused';
is asks($c->request(GET => $page, [Authorization => 'Negotiate ' . encode_base64(NTLM::Message::type1(), '')])), $REFUSED,
    'a token for the server is none for the proxy';

# ---- long tickets ----
my $httpd = Guarded->new(places => {'/' => $OFFER}, text => "LimitRequestFieldSize 65536\n");

sub with_ticket {
    my ($length) = @_;
    my $client = $httpd->client(over => 'Kerberos-first');
    $client->{over}{ticket} = NTLM::SPNEGO::der(0x60, 'x' x $length);
    return ($client, $client->login('/', %ALICE));
}
for my $length (100, 4000, 16_384, 48_000) {
    my ($client, $response) = with_ticket($length);
    is $httpd->verdict($client, $response), '200 ok binding=absent', "behind a ticket of $length bytes alice logs in";
}
my ($client, $long) = with_ticket(49_200);
like $httpd->verdict($client, $long), qr/^4\d\d /, '... not behind one that no Windows sends';
$httpd->stop;
$httpd = Guarded->new(places => {'/' => $OFFER});
($client, $response) = with_ticket(4000);
is $httpd->verdict($client, $response), '200 ok binding=absent', 'by itself httpd takes tickets of 4000 bytes';
($client, $response) = with_ticket(16_384);
is $response->status, 400, '... and none of 16 KB, before this module is asked';

done_testing;
