#!/usr/bin/perl
# NTLMOffer: which schemes a place offers to whom, and takes.
use strict;
use warnings;
use FindBin qw($Bin);
use lib "$Bin/../lib";
use Certificates;
use Guarded;
use MIME::Base64 qw(encode_base64);
use NTLM::Message qw(type1);
use NTLM::SPNEGO qw(init);
use Test::More;

if (my $why = Certificates::missing()) { plan skip_all => $why }
require NTLM::TLS;

my $BASIC  = 'Basic realm="NTLM", charset="UTF-8"';
my $ALL    = 'NTLMOffer Negotiate NTLM Basic';
my %PLACES = (
    '/default'   => '',
    '/negotiate' => 'NTLMOffer Negotiate',
    '/both'      => 'NTLMOffer NTLM Negotiate',
    '/all'       => $ALL,
    '/clear'     => "$ALL\nNTLMBasicWithoutTLS on\nAuthName \"a \\\"quoted\\\" realm\"",
    '/mic'       => "$ALL\nNTLMBasicWithoutTLS on",
    '/said-elsewhere' => "NTLMOffer Negotiate\nErrorDocument 401 /default/page",
    '/said-to-nobody' => "$ALL\nErrorDocument 401 /default/page\nSetEnvIf Request_URI said-to-nobody ntlm-no-offer",
    '/said-here'      => "NTLMOffer NTLM Negotiate\nErrorDocument 401 /all/page",
    '/narrow'    => <<'TEXT',
NTLMOffer Negotiate NTLM Basic
SetEnvIf X-Narrow ^none$ ntlm-no-offer
SetEnvIf X-Narrow ^(?!none)(.*) ntlm-offer=$1
TEXT
);

sub offers { my ($response) = @_; return join '|', $response->header('WWW-Authenticate') }
sub offers_at { my ($client, $path, @narrow) = @_; return offers($client->request(GET => "$path/", [map { ('X-Narrow' => $_) } @narrow])) }
sub with { my ($client, $path, $header) = @_; return $client->request(GET => "$path/", [Authorization => $header]) }

# Of sections whose meeting configtest sees it would not let httpd start.
my $MIC   = qq{<LocationMatch "^/mic/">\nNTLMRequireMIC on\n</LocationMatch>\n};
my $httpd = Guarded->new(modules => ['setenvif'], places => \%PLACES, text => $MIC);
my $token = encode_base64(type1(), '');

# ---- what is offered ----
is offers_at($httpd->client, '/default'),   'NTLM', 'NTLM alone is the default';
is offers_at($httpd->client, '/negotiate'), 'Negotiate', 'Negotiate alone';
is offers_at($httpd->client, '/both'),      'NTLM|Negotiate', 'one header each, in their order';
is offers_at($httpd->client, '/all'),       'Negotiate|NTLM', 'no Basic in clear text';
is offers_at($httpd->client, '/clear'),     'Negotiate|NTLM|Basic realm="a \"quoted\" realm", charset="UTF-8"',
    '... unless NTLMBasicWithoutTLS is on; the realm is AuthName';
is offers_at($httpd->client, '/mic'), 'Negotiate|NTLM', 'no Basic where more than a password is demanded';

# ---- to whom ----
is offers_at($httpd->client, '/narrow', 'none'), '', 'ntlm-no-offer takes all offers away';
is offers_at($httpd->client, '/narrow', 'NTLM'), 'NTLM', 'ntlm-offer leaves those that it names';
is offers_at($httpd->client, '/narrow', 'ntlm, negotiate'), 'Negotiate|NTLM', '... in the order of NTLMOffer';
is offers_at($httpd->client, '/narrow', 'Basic'), '', '... and never adds one';
is offers_at($httpd->client, '/narrow', 'Digest'), '', '... of any name';
{
    my $client   = $httpd->client;
    my $response = $client->request(GET => '/narrow/', ['X-Narrow' => 'none', Authorization => "NTLM $token"]);
    like offers($response), qr/^NTLM \S+$/, 'a token is taken from whom nothing is offered';
}

# ---- what is said of it ----
for my $row (['/said-elsewhere', 'Negotiate'], ['/said-to-nobody', ''], ['/said-here', 'NTLM|Negotiate']) {
    my ($path, $wanted) = @$row;
    is offers_at($httpd->client, $path), $wanted, "$path: whatever the place of the page for a 401 offers";
}
{
    my $response = with($httpd->client, '/said-here', 'Negotiate ' . encode_base64(init(mechs => ['kerberos']), ''));
    is offers($response), 'Negotiate oQcwBaADCgEC|NTLM', '... which adds none to a reject, either';
}

# ---- what is taken ----
for my $row (['/default', 'Negotiate'], ['/negotiate', 'NTLM'], ['/both', 'Basic'], ['/default', 'Basic']) {
    my ($path, $scheme) = @$row;
    my $client   = $httpd->client;
    my $response = with($client, $path, "$scheme $token");
    is $httpd->verdict($client, $response), '401 scheme-refused', "$path takes no $scheme";
    is offers($response), offers_at($httpd->client, $path), '... and says what it takes';
}
for my $path (qw(/negotiate /both /all)) {
    my $client   = $httpd->client;
    my $response = with($client, $path, "Negotiate $token");
    is $httpd->verdict($client, $response), '401 challenge-sent', "$path takes NTLM under the name of Negotiate";
    like offers($response), qr/^Negotiate TlRMTVNTUAAC\S+$/, '... and answers under that name, alone';
}
$httpd->stop;

# ---- over TLS ----
$httpd = Guarded->new(modules => ['ssl', 'setenvif'], places => \%PLACES,
    text => sub { "${MIC}SSLEngine on\n" . Certificates::make($_[0], 'own', 'ec') });
sub tls { return NTLM::TLS->new(port => $httpd->{port}) }
is offers_at(tls(), '/all'), "Negotiate|NTLM|$BASIC", 'Basic is offered over TLS, with a realm';
is offers_at(tls(), '/mic'), 'Negotiate|NTLM', '... but where more is demanded';
is offers_at(tls(), '/narrow', 'Basic'), $BASIC, 'Basic alone, to whom NTLM would be in the way';
is offers_at(tls(), '/narrow', 'NTLM,Negotiate'), 'Negotiate|NTLM', 'no Basic to a browser';
$httpd->stop;

done_testing;
