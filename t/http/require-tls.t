#!/usr/bin/perl
# NTLMRequireTLS: over clear text nobody can log in, and nobody is asked to.
use strict;
use warnings;
use FindBin qw($Bin);
use lib "$Bin/../lib";
use Certificates;
use Guarded;
use NTLM::Scheme;
use Test::More;

if (my $why = Certificates::missing()) { plan skip_all => $why }
require NTLM::TLS;

my %PLACES = ('/on' => 'NTLMRequireTLS on', '/off' => 'NTLMRequireTLS off', '/default' => '', '/on/inside' => 'NTLMRequireTLS off');
my %ALICE = (user => 'alice', domain => 'CORP', nt_hash => 'd9fe524deb5705ac74ea341ff18afe93');

sub offers { my ($response) = @_; return join '|', $response->header('WWW-Authenticate') }

# ---- clear text ----
my $httpd = Guarded->new(places => \%PLACES);
{
    my $connection = $httpd->client;
    my $response   = $connection->get('/on/');
    is $httpd->verdict($connection, $response), '403 tls-required', 'a request without a token gets 403';
    is offers($response), '', '... and no offer';
    $response = $connection->type1('/on/');
    is $httpd->verdict($connection, $response), '403 tls-required', 'a Type 1 gets 403';
    is offers($response), '', '... and no challenge';
    ok !defined $connection->{type2}, '... at all';

    # a challenge from next door is of no use
    $connection->type1('/off/');
    $response = $connection->type3('/on/', %ALICE);
    is $httpd->verdict($connection, $response), '403 tls-required', 'a right Type 3 gets 403';
    $response = $connection->type3('/off/', %ALICE);
    is $httpd->verdict($connection, $response), '401 not-expected', '... and has spent its challenge';
}
{
    my $connection = $httpd->client;
    is $httpd->attempt($connection, '/off'), '200 ok binding=absent', 'next door alice logs in';
    is $httpd->get($connection, '/on'), '403 tls-required', '... which is no login here';
    is $httpd->attempt($httpd->client, '/default'), '200 ok binding=absent', 'by default clear text is allowed';
    is $httpd->attempt($httpd->client, '/on/inside'), '200 ok binding=absent', 'an inner section may allow it again';
    is $httpd->attempt($httpd->client, '/off', nt_hash => '0' x 32), '401 wrong-password binding=absent',
        'a wrong password gets nothing there';
}
for my $mark ('X-Forwarded-Proto: https', 'Forwarded: proto=https', 'X-Forwarded-Ssl: on', 'Front-End-Https: on') {
    my $connection = $httpd->client;
    is $httpd->verdict($connection, $connection->request(GET => '/on/', [split /: /, $mark, 2])), '403 tls-required',
        "$mark is only a claim";
}
{
    my $connection = $httpd->client;
    my $response   = $connection->request(GET => "https://127.0.0.1/on/");
    is $httpd->verdict($connection, $response), '403 tls-required', 'so is https in the request line';
}
sub tls_words { my ($httpd) = @_; my %words = map { $_ => 1 } $httpd->error_log =~ / ntlm: .* tls=(\S+) /g; return join ' ', sort keys %words }
is tls_words($httpd), 'off', 'the log says so of every request';
$httpd->stop;

# ---- TLS ----
$httpd = Guarded->new(modules => ['ssl'], places => \%PLACES,
    text => sub { "SSLEngine on\n" . Certificates::make($_[0], 'own', 'ec') });
my $tls = sub { NTLM::TLS->new(port => $httpd->{port}) };
is $httpd->attempt($tls->(), '/on'), '200 ok binding=absent', 'over TLS alice logs in';
is $httpd->attempt($tls->(), '/on', nt_hash => '0' x 32), '401 wrong-password binding=absent', '... not with a wrong password';
{
    my $connection = $tls->();
    my $response   = $connection->get('/on/');
    is $httpd->verdict($connection, $response), '401 no-credentials', '... and is asked to';
    is offers($response), NTLM::Scheme::offers(), '... with an offer';
}
is tls_words($httpd), 'on', 'the log says so of every request';

done_testing;
