#!/usr/bin/perl
# conf/kerberos.conf: who has a ticket logs in by it, everybody else by NTLM, and each user has one
# name. A ticket that is refused is followed by our offers, in SPNEGO by NTLM itself.
use strict;
use warnings;
use FindBin qw($Bin);
use lib "$Bin/../lib";
use Clocks;
use Kdc;
use MIME::Base64 qw(decode_base64 encode_base64);
use NTLM::Connection;
use NTLM::Message qw(type1);
use NTLM::SPNEGO qw(init);
use Recipe;
use Test::More;

plan skip_all => $_ for Kdc::missing();
plan skip_all => 'there is no mod_auth_gssapi (package libapache2-mod-auth-gssapi)'
    if !-e PrivateHttpd::module_folder() . '/mod_auth_gssapi.so';
plan skip_all => 'there is no curl that knows Kerberos (package curl)' if `curl --version 2>&1` !~ /\bGSS-API\b/;

my $DAYS   = 2 * 86_400;
my %ALICE  = (user => 'alice', domain => 'CORP', nt_hash => 'd9fe524deb5705ac74ea341ff18afe93');
my $OFFERS = 'Negotiate|NTLM';

delete $ENV{NTLM_USER_FILE};    # curl has no password but where it is given one
my $clocks = Clocks->new;
my $kdc    = $clocks->of(sub { Kdc->new });
my $other  = Kdc->new(realm => 'OTHER.TEST');

my $httpd = Recipe::httpd('kerberos.conf', {'/etc/apache2/http.keytab' => $kdc->keytab},
    modules => [qw(headers http2 alias rewrite ssl)], text => <<'TEXT');
Protocols h2c http/1.1
LogLevel warn auth_ntlmv2:debug
KeepAliveTimeout 60
Alias /intranet/old "@DIR@/htdocs/rewritten"
Alias /intranet "@DIR@/htdocs"
<Location "/intranet/bobs">
    Require user bob
</Location>
<Location "/intranet/bound">
    NTLMExtendedProtection require
</Location>
<Directory "@DIR@/htdocs/rewritten">
    RewriteEngine On
    RewriteRule .* /intranet/index.html
</Directory>
Header always set X-User "expr=%{REMOTE_USER}"
Header always set X-Status "expr=%{reqenv:NTLM_STATUS}"
TEXT
$httpd->write('ntlm.passwd', "CORP\\alice:$ALICE{nt_hash}\nbob:27bf1123aae89dc1f94ad95bd7108d01\n", $> == 0 ? 0600 : 0640);
mkdir $httpd->dir . "/htdocs/$_" for qw(rewritten bobs bound);
$httpd->write("htdocs/$_/index.html", "the protected page\n") for qw(bobs bound);
my ($right, $said) = $kdc->with(sub { $httpd->configtest });
is $said, "Syntax OK\n", 'the example is right' or BAIL_OUT 'httpd does not take it';
$kdc->with(sub { $httpd->start });

# ---- clients ----

# What curl gets: (status, headers and page, what it sent).
sub curl {
    my ($realm, $path, @how) = @_;
    my $sent = $httpd->dir . '/sent';
    my $got  = $realm->with(sub {
        open my $out, '-|', 'sh', '-c', 'exec curl "$@" 2>"$0"', $sent, '-sv', '-i', '--max-time', 20, '--noproxy', '*',
            '--connect-to', "$Kdc::HOST:80:127.0.0.1:$httpd->{port}", @how, "http://$Kdc::HOST$path"
            or die "curl: $!\n";
        local $/;
        <$out>;
    });
    open my $in, '<', $sent or die "$sent: $!\n";
    my $text = do { local $/; <$in> };
    my @statuses = $got =~ m{^HTTP/1\.1 (\d+)}mg;
    return ($statuses[-1], $got, $text);
}

sub by_ticket { my ($realm, $path, @more) = @_; return curl($realm, $path, '--negotiate', '-u', ':', @more) }

sub offers { my ($got) = @_; return join '|', map { /^(\w+)/ } $got =~ /^WWW-Authenticate: (.*?)\r$/mg }

# A token with a new ticket of alice's, or of another user's.
sub token {
    my ($realm, $user) = @_;
    $realm->login($user // 'alice');
    my ($sent) = (by_ticket($realm, '/open'))[2] =~ /^> Authorization: Negotiate (\S+)/m;
    $realm->logout;
    return decode_base64($sent // die "curl has no ticket\n");
}

# The Kerberos in a token, without SPNEGO around it (RFC 4121).
sub bare {
    my ($token) = @_;
    return substr $token, index($token, pack 'H*', '06092a864886f7120102020100') - 4;
}

sub client { return NTLM::Connection->new(port => $httpd->{port}, vhost => $Kdc::HOST, @_) }
sub with_token {
    my ($client, $token, $path, @more) = @_;
    return $client->request(GET => $path // '/intranet/', [Authorization => 'Negotiate ' . encode_base64($token, '')]);
}

# Who it is and by whom he was let in; else what the module made of it.
sub verdict {
    my ($response) = @_;
    my ($user, $status) = map { scalar $response->header($_) } qw(X-User X-Status);
    return join ' ', $response->status, $response->status == 200 ? ($user, 'by', $status ? 'NTLM' : 'Kerberos') : $status;
}

# ---- with a ticket ----
for my $user (qw(alice bob)) {
    $kdc->login($user);
    my ($status, $got) = by_ticket($kdc, '/intranet/');
    is $status, 200, "$user has a ticket: the page";
    like $got, qr/^X-User: $user\r$/m, '... under that name';
    like $got, qr/^WWW-Authenticate: Negotiate \S{20}/m, '... and the server has proven itself';
    unlike $got, qr/^Vary:/m, '... and no cache is told that the page depends on credentials';
}
$kdc->login('alice');
is((by_ticket($kdc, '/intranet/bobs/'))[0], 403, "a page that is bob's alone is forbidden to alice, who is not asked again");
$kdc->login('bob');
is((by_ticket($kdc, '/intranet/bobs/'))[0], 200, '... and not to bob');
for my $path ('/intranet/old/x', '/intranet/') {
    like +(by_ticket($kdc, $path))[1], qr{^HTTP/1\.1 200.*^X-User: bob\r$}ms, "$path, where httpd goes on to another page";
}
my ($status, $got) = by_ticket($kdc, '/intranet/nothing');
is $status, 404, 'a page that is not there';
$kdc->logout;

# ---- without one ----
($status, $got) = by_ticket($kdc, '/intranet/');
is "$status " . offers($got), "401 $OFFERS", 'no ticket, nothing else: 401, with all offers';
for my $user (['alice', 'Secr3t!pw'], ['bob', "B0b's own"]) {
    my ($name, $password) = @$user;
    ($status, $got) = curl($kdc, '/intranet/', '--ntlm', '-u', "CORP\\$name:$password");
    is $status, 200, "$name logs in by NTLM";
    like $got, qr/^X-User: $name\r$/m, '... and has the name that Kerberos gives';
}
is((curl($kdc, '/intranet/', '--ntlm', '-u', 'CORP\alice:wrong'))[0], 401, '... not with a wrong password');
is verdict(client()->login('/intranet/', %ALICE)), '200 alice by NTLM', 'NTLM under its own name';

# ---- two users on one connection ----
my $good = token($kdc);
is verdict(with_token(client(), $good)), '200 alice by Kerberos', 'a ticket';
for my $row (["bob's ticket", token($kdc, 'bob'), '200 bob by Kerberos'], ['a ticket that is refused', $good, '401 ']) {
    my ($what, $token, $verdict) = @$row;
    my $client = client();
    is verdict($client->login('/intranet/', %ALICE)), '200 alice by NTLM', 'alice logs in by NTLM';
    is verdict($client->get('/intranet/')), '200 alice by NTLM', '... and is there';
    is verdict(with_token($client, $token)), $verdict, "$what on the same connection";
    is verdict($client->get('/intranet/')), '401 no-credentials', '... then nobody is there';
    is verdict($client->login('/intranet/', %ALICE)), '200 alice by NTLM', '... until somebody logs in';
}

# ---- HTTP/2 ----
SKIP: {
    skip 'there is no mod_http2', 4 if !-e PrivateHttpd::module_folder() . '/mod_http2.so';
    skip 'curl knows no HTTP/2', 4 if `curl --version` !~ /\bHTTP2\b/;
    $kdc->login('alice');
    my ($http2, $answers, $sent) = by_ticket($kdc, '/intranet/', '--http2-prior-knowledge');
    is $http2, 200, 'a ticket over HTTP/2';
    like $sent, qr/HTTP_1_1_REQUIRED/, '... is sent back to HTTP/1.1';
    $kdc->logout;
    ($http2, $answers, $sent) = by_ticket($kdc, '/intranet/', '--http2-prior-knowledge');
    is "$http2 " . offers($answers), "401 $OFFERS", 'no ticket over HTTP/2: 401, with all offers';
    like $sent, qr/HTTP_1_1_REQUIRED/, '... over HTTP/1.1';
}

# ---- NTLM under the name of Negotiate ----
my @WINDOWS = qw(ms-kerberos kerberos negoex ntlm);
my $LONG    = substr type1() . "\0" x 600, 0, 600;

# The login of a client that lists NTLM behind Kerberos and sends that ticket.
sub behind {
    my ($ticket, %opt) = @_;
    my %request = map { $_ => $opt{$_} } grep { exists $opt{$_} } qw(method body);
    my $client  = client(over => 'Kerberos-first');
    $client->{over}{ticket} = $ticket;
    my $response = $client->type1('/intranet/', %request);
    return ($client, $client->{type2} ? $client->type3('/intranet/', %ALICE, %opt) : $response);
}

for my $over (qw(Negotiate SPNEGO)) {
    is verdict(client(over => $over)->login('/intranet/', %ALICE)), '200 alice by NTLM', "NTLM as $over";
    is verdict(client(over => $over)->login('/intranet/', %ALICE, raw => $LONG)), '200 alice by NTLM', '... whose first token is long';
}
is verdict(with_token(client(), init(mechs => \@WINDOWS, token => bare(token($kdc))))), '200 alice by Kerberos',
    'a ticket from a client that lists NTLM behind Kerberos';
for my $row (['that is refused', bare($good)], ['that is none', 'x' x 600], ['that is none, and short', 'x' x 60]) {
    my ($what, $ticket) = @$row;
    my ($client, $response) = behind($ticket);
    is verdict($response), '200 alice by NTLM', "one $what: NTLM, in the same negotiation";
    is verdict($client->get('/intranet/')), '200 alice by NTLM', '... which stays';
    ($client, $response) = behind($ticket, method => 'POST', body => 'a form' x 1000);
    is verdict($response), '200 alice by NTLM', '... a form, too';
    ($client, $response) = behind($ticket, nt_hash => '0' x 32);
    is $response->status, 401, '... not with a wrong password';
}
is verdict(with_token(client(), token($kdc), '/intranet/bound/')), '200 alice by Kerberos', 'no channel binding is demanded of a ticket';
is verdict(client()->login('/intranet/bound/', %ALICE)), '401 binding-unknown', '... as it is of NTLM';

# ---- with one that is refused ----
my %refused = (
    'a ticket that was sent before' => $good,
    'a ticket of another realm'     => token($other),
    'a ticket with a wrong bit'     => token($kdc) ^ ("\0" x 300 . "\1"),
    'a ticket without SPNEGO, with a wrong bit' => bare(token($kdc)) ^ ("\0" x 300 . "\1"),
    'a ticket that is cut off'      => substr(token($kdc), 0, 500),
    'no ticket, but what begins as one' => substr($good, 0, 40) . "\0" x 400,
);
$clocks->set(-$DAYS);
$refused{'a ticket that has expired'} = token($kdc);
$clocks->set($DAYS);
$kdc->new_key;
$refused{'a ticket for another key'} = token($kdc);
for my $what (sort keys %refused) {
    my $client = client();
    my $response = with_token($client, $refused{$what});
    is $response->status, 401, $what;
    is join('|', map { /^(\w+)/ } $response->header('WWW-Authenticate')), $OFFERS, '... is followed by our offers';
    unlike $response->body, qr/the protected page/, '... and not by the page';
    is verdict($client->get('/intranet/')), '401 no-credentials', '... nobody is logged in';
    is verdict($client->login('/intranet/', %ALICE)), '200 alice by NTLM', '... and NTLM logs in on the same connection';
}
$kdc->login('alice');
is((by_ticket($kdc, '/intranet/'))[0], 401, 'curl with such a ticket is refused');
SKIP: {
    skip 'there is no gss-ntlmssp (package gss-ntlmssp)', 2 if !glob '/etc/gss/mech.d/*ntlmssp*';
    local $ENV{NTLM_USER_FILE} = $httpd->write('users', "CORP:alice:$Kdc::PASSWORD{alice}\n");
    my ($status, $got) = by_ticket($kdc, '/intranet/');
    is $status, 200, '... gets in where its Kerberos knows NTLM, too';
    like $got, qr{^X-User: alice\r\nX-Status: ok\r$}m, '... by that';
}
is((curl($kdc, '/intranet/', '--ntlm', '-u', 'CORP\alice:Secr3t!pw'))[0], 200, '... and logs in by NTLM');
$kdc->logout;

done_testing;
