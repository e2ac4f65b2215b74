#!/usr/bin/perl
# Basic beside NTLM: the same accounts, states and rules, over TLS alone, and each login is one
# request's.
use strict;
use warnings;
use utf8;
use FindBin qw($Bin);
use lib "$Bin/../lib";
use Basic qw(basic basic_of password);
use Certificates;
use File::Copy qw(copy);
use Guarded;
use MIME::Base64 qw(encode_base64);
use NTLM::Message qw(type1);
use Test::More;

if (my $why = Certificates::missing()) { plan skip_all => $why }
require NTLM::TLS;
binmode $_, ':utf8' for Test::More->builder->output, Test::More->builder->failure_output;

my $OFFER = "NTLMOffer Negotiate NTLM Basic\nNTLMCredentials file accounts";
my %ALICE = (user => 'alice', domain => 'CORP', nt_hash => 'd9fe524deb5705ac74ea341ff18afe93');
my %PLACES = (
    '/all'     => $OFFER,
    '/ntlm'    => 'NTLMCredentials file accounts',
    '/corp'    => "$OFFER\nNTLMDomain CORP corp.example.com\nNTLMAcceptDomains CORP\nNTLMUserFormat domain\\user",
    '/clear'   => "$OFFER\nNTLMBasicWithoutTLS on",
    '/tls'     => "$OFFER\nNTLMBasicWithoutTLS on\nNTLMRequireTLS on",
    map({ $_ => "$OFFER\nNTLMBasicWithoutTLS on" } qw(/binding /mic /service)),
    '/proxied' => "$OFFER\nNTLMProxied refuse",
    '/env'     => <<'TEXT',
NTLMOffer Basic
NTLMCredentials file accounts
CGIPassAuth On
SetEnvIf Authorization (.*) HTTP_COPY=$1
TEXT
);


# By a pattern: of sections whose meeting configtest sees it would not let httpd start.
my %DEMANDS = (binding => 'NTLMExtendedProtection require', mic => 'NTLMRequireMIC on', service => 'NTLMServiceNames require');
my @TEXT = ((map { qq{<LocationMatch "^/$_/">\n$DEMANDS{$_}\n</LocationMatch>} } sort keys %DEMANDS), 'LogLevel warn auth_ntlmv2:debug', 'Header always set X-User "expr=%{REMOTE_USER} %{AUTH_TYPE}"');

sub httpd {
    my ($tls) = @_;
    my $cgi = ($ENV{MPM} // 'event') eq 'prefork' ? 'cgi' : 'cgid';
    return Guarded->new(
        modules => [($tls ? 'ssl' : ()), qw(setenvif alias headers), $cgi],
        places  => \%PLACES,
        text    => sub {
            my ($dir) = @_;
            PrivateHttpd::write({dir => $dir}, 'accounts', Basic::file(), $> == 0 ? 0600 : 0640);
            copy("$Bin/../cgi-bin/echo", "$dir/echo") or die "$dir/echo: $!\n";    # httpd's User may not see ours
            chmod 0755, "$dir/echo";
            my @cgid = $cgi eq 'cgid' ? "ScriptSock $dir/cgid.sock" : ();
            my $keys = $tls ? "SSLEngine on\n" . Certificates::make($dir, 'own', 'ec') : '';
            return join "\n", @TEXT, @cgid, "ScriptAlias /env/echo $dir/echo", $keys;
        },
    );
}

my $httpd = httpd(1);
sub client { return NTLM::TLS->new(port => $httpd->{port}) }

# What becomes of one request: its status, the log's word, who it was.
sub told {
    my ($client, $path, $headers) = @_;
    my $response = $client->request(GET => $path, $headers);
    my $user     = $response->header('X-User') // '';
    utf8::decode($user);
    return join ' ', $httpd->verdict($client, $response) =~ s{ binding=\S+}{}r, $user =~ /\S/ ? $user : ();
}

sub once { my ($path, $headers) = @_; return told(client(), "$path/", $headers) }

# ---- who gets in ----
is once('/all', basic('alice')), '200 ok alice Basic', 'the right password logs in';
is once('/all', basic($_)), "200 ok $_ Basic", "... of $_" for qw(bob jürgen colin);
is once('/all', basic('ALICE', password('alice'))), '200 ok alice Basic', '... in capitals, as the source spells it';
is once('/all', basic($_, password('alice'))), '200 ok alice Basic', "... as $_" for 'CORP\alice', 'alice@corp.example.com';
like $httpd->error_log, qr/ ntlm: ok: user=alice domain=- workstation=- scheme=Basic .*tls=on mic=absent /, 'the log says by which scheme';

is once('/all', basic('alice', 'wrong')), '401 wrong-password', 'a wrong password is refused';
is once('/all', basic('alice', $_)), '401 wrong-password', "... '$_'"
    for '', 'Secr3t!p', 'Secr3t!pw ', 'secr3t!pw', 'd9fe524deb5705ac74ea341ff18afe93', password('bob');
is once('/all', basic('mallory', 'x')), '401 no-such-user', 'whom nobody knows is refused';
is once('/all', basic('dora')), '401 account-disabled', 'a disabled account is refused';
is once('/all', basic('dora', 'x')), '401 wrong-password', '... and nobody is told so without its password';
is once('/all', basic('erin')), '401 blank-password', 'no password at all is refused';

# ---- what is malformed ----
my %MALFORMED = (
    'alice'                       => 'there is no colon between user and password',
    ':x'                          => 'the user name is empty',
    "alice:a\nb"                  => 'user and password hold a control character',
    "alice:a\0"                   => 'user and password hold a control character',
    "J\xFCrgen:P\xE4ssw\xF6rd"    => 'user and password are not UTF-8',
    'alice:' . 'x' x 257          => 'the password is longer than 256 UTF-16 units',
    'x' x 105 . ':x'              => 'the user or domain name is too long',
);
for my $text (sort keys %MALFORMED) {
    is once('/all', basic_of($text)), '401 malformed', "refused is: $MALFORMED{$text}";
    like $httpd->error_log, qr/ ntlm: malformed: .*: \Q$MALFORMED{$text}\E$/m, '... as the log says';
}
is once('/all', [Authorization => $_]), '401 malformed', "'$_' is malformed"
    for 'Basic', 'Basic ', 'Basic YWxpY2U', 'Basic YWxpY2U6U2VjcjN0IXB3=', 'Basic alice:Secr3t!pw', 'Basic YWxpY2U6U2VjcjN0IXB3, NTLM x';

# ---- domains ----
is once('/corp', basic('alice')), '200 ok CORP\alice Basic', 'NTLMUserFormat makes r->user';
is once('/corp', basic($_, password('alice'))), '200 ok CORP\alice Basic', "... of $_"
    for 'corp\alice', 'alice@CORP';
is once('/corp', basic('EVIL\alice', password('alice'))), '401 domain-refused', 'NTLMAcceptDomains refuses another domain';
is once('/corp', basic('alice@evil', password('alice'))), '401 domain-refused', '... behind the user, too';

# ---- a login of one request ----
{
    my $c = client();
    is told($c, '/all/', basic('alice')), '200 ok alice Basic', 'alice logs in by Basic';
    is told($c, '/all/'), '401 no-credentials', '... for one request';
    is told($c, '/all/', basic('bob')), '200 ok bob Basic', 'bob does on the same connection';
    is told($c, '/all/'), '401 no-credentials', '... for one request, too';

    is $c->login('/all/', %ALICE)->status, 200, 'alice logs in by NTLM';
    is told($c, '/all/'), '200 ok alice NTLM', '... and the connection is hers';
    is told($c, '/all/', basic('bob')), '200 ok bob Basic', 'bob sends Basic there';
    is told($c, '/all/'), '401 no-credentials', '... and then it is nobody\'s';

    is $c->login('/all/', %ALICE)->status, 200, 'alice logs in again';
    is told($c, '/all/', basic('bob', 'wrong')), '401 wrong-password', 'a wrong password of Basic';
    is told($c, '/all/'), '401 no-credentials', '... ends her login as well';

    $c = client();
    $c->type1('/all/');
    is told($c, '/all/', basic('bob')), '200 ok bob Basic', 'Basic after a challenge';
    is $httpd->verdict($c, $c->type3('/all/', %ALICE)), '401 not-expected', '... withdraws it';
    my $response = $c->request(GET => '/all/', basic('alice'));
    is $response->header('Persistent-Auth'), 'false', 'the answer says that the login does not stay';
    like $response->header('Cache-Control'), qr/\bprivate\b/, '... and that it is private';
}

# ---- where it is not taken ----
is once('/ntlm', basic('alice')), '401 scheme-refused', 'a place that does not offer Basic does not take it';
for my $place (qw(/binding /mic /service)) {
    is once($place, basic('alice')), '401 basic-refused', "$place demands more than a password";
    is once($place, basic('alice', 'wrong')), '401 basic-refused', '... whatever the password';
}
like $httpd->error_log, qr/ ntlm: basic-refused: user=alice .*: NTLMExtendedProtection, NTLMRequireMIC or NTLMServiceNames demands/,
    '... and the log says which directives do';
is told(client(), '/proxied/', [@{basic('alice')}, Via => '1.1 proxy']), '401 proxied-refused', 'NTLMProxied refuse holds for it';

# ---- what programs see ----
{
    my $c    = client();
    my $page = $c->request(GET => '/env/echo', basic('alice'))->body;
    like $page, qr/^REMOTE_USER=alice$/m, 'a program is told the user';
    like $page, qr/^AUTH_TYPE=Basic$/m, '... and the scheme';
    like $page, qr/^NTLM_SCHEME=Basic$/m, '... twice';
    unlike $page, qr/YWxpY2U6U2VjcjN0IXB3|Secr3t/, '... and no password, nor the header, nor a copy of it';
}

$httpd->finish;
unlike $httpd->error_log, qr/exit signal|Secr3t|wonder|P.{1,2}ssw/, 'no child died, and no password is in the log';

# ---- clear text ----
$httpd = httpd(0);
for my $place (qw(/all /corp)) {
    my $c = $httpd->client;
    is told($c, "$place/", basic('alice')), '401 basic-refused', "no password is taken in clear text at $place";
    is told($c, "$place/", basic('alice', 'wrong')), '401 basic-refused', '... whatever it is';
    is join('|', $c->get("$place/")->header('WWW-Authenticate')), 'Negotiate|NTLM', '... nor is one asked for';
}
like $httpd->error_log, qr/ ntlm: basic-refused: user=alice .* scheme=Basic .*tls=off .*: it came without TLS$/m, 'the log says whose it was';
is told($httpd->client, '/clear/', basic('alice')), '200 ok alice Basic', 'NTLMBasicWithoutTLS on takes it';
is told($httpd->client, '/clear/', basic('alice', 'wrong')), '401 wrong-password', '... if it is right';
is told($httpd->client, '/tls/', basic('alice')), '403 tls-required', '... and NTLMRequireTLS on has the last word';
is told($httpd->client, "$_/", basic('alice')), '401 basic-refused', "... as $_ has" for qw(/binding /mic /service);
$httpd->finish;

done_testing;
