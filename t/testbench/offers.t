#!/usr/bin/perl
# What an answer offers is what its address says, and production takes what is offered there; servers
# that were configured wrongly.
use strict;
use warnings;
use FindBin qw($Bin);
use lib "$Bin/../lib";
use MIME::Base64 qw(encode_base64);
use Test::More;

use Launched;
use NTLM::Connection;
use Testbench;

if (my ($why) = Launched->missing) { plan skip_all => $why }

my $bench = Launched->start;
my @alice = (user => 'alice', domain => 'RABBITHOLE', nt_hash => '535866c1fd80742b7f4abd91ca6ff5bf');
my $BASIC = 'Basic realm="NTLM", charset="UTF-8"';

sub said { my ($response) = @_; return join ' ', $response->status, Testbench::verdict($response)->{status} }

sub offered {
    my ($path) = @_;
    my $response = $bench->connection->get($path);
    is said($response), '401 no-credentials', "$path: who shows nothing is refused";
    return [$response->header('WWW-Authenticate')];
}

sub logs_in {
    my ($path, $over) = @_;
    my $conn = $bench->connection(over => $over);
    is said($conn->login($path, @alice)), '200 ok', "$path: a login by $over";
    is said($conn->get($path)), '200 ok', '... that stays';
    return $conn;
}

sub refused { my ($path, $over) = @_; is said($bench->connection(over => $over)->type1($path)), '401 scheme-refused', "$path: $over is refused"; return }

sub basic { my ($path, $user) = @_; return $bench->connection->request(GET => $path, [Authorization => 'Basic ' . encode_base64($user, '')]) }

is_deeply offered('/offer/negotiate'), ['Negotiate'], 'Negotiate alone';
logs_in('/offer/negotiate', $_) for qw(SPNEGO Negotiate Kerberos-first);
refused('/offer/negotiate', 'NTLM');

is_deeply offered('/offer/two-lines'), [qw(Negotiate NTLM)], 'a header each';
is_deeply offered('/offer/one-line'), ['Negotiate, NTLM'], 'one header';
for my $path ('/offer/two-lines', '/offer/one-line') { logs_in($path, $_) for qw(NTLM SPNEGO) }

is_deeply offered('/offer/basic'), ['NTLM', $BASIC], 'Basic behind NTLM';
is_deeply offered('/offer/basic-first'), [$BASIC, 'NTLM'], 'Basic in front of it';
for my $path ('/offer/basic', '/offer/basic-first') {
    logs_in($path, 'NTLM');
    is said(basic($path, 'RABBITHOLE\alice:Looking-Glass1')), '200 ok', '... and Basic is taken';
}
is said(basic('/r/basic/offer/basic', 'RABBITHOLE\alice:wrong')), '401 wrong-password', '... with the right password';
is_deeply $bench->json('/r/basic/last.json')->{cause}, [], '... and Basic is no mistake there';
is said(basic('/offer/two-lines', 'RABBITHOLE\alice:Looking-Glass1')), '401 scheme-refused', '... nowhere else';

is_deeply offered('/offer/lower-case'), ['ntlm'], 'lower case';
{
    my $conn = $bench->connection;
    my ($challenge) = $conn->send_type1('/offer/lower-case')->read_response->header('WWW-Authenticate');
    like $challenge, qr/^ntlm TlRMTVNTUAAC/, '... of a challenge, too';
}

is_deeply offered('/offer/none'), [], 'nothing is offered';
logs_in('/offer/none', 'NTLM');
is_deeply offered('/r/late/offer/none?nth=1'), [], 'nothing at first';
is_deeply offered('/r/late/offer/none?nth=1'), ['NTLM'], '... and NTLM from then on';

is said($bench->connection->type1('/server/not-configured')), '500 not-configured', 'a server without accounts';
{
    my $response = $bench->connection->login('/server/backend-down', @alice);
    is said($response), '503 backend-down', 'a server whose accounts are elsewhere, and do not answer';
    ok $response->header('Retry-After'), '... and that says when to come again';
}

done_testing;
