#!/usr/bin/perl
# What a configuration has copied out of an Authorization header before the login, as manuals
# of PHP tell to, reaches no program: neither from a protected place nor from where httpd goes
# on from there. What is not ours stays.
use strict;
use warnings;
use FindBin qw($Bin);
use lib "$Bin/../lib";
use Backend;
use FastCgi;
use MIME::Base64 qw(encode_base64);
use NTLM::Connection;
use PrivateHttpd;
use Recipe;
use Test::More;

my %ALICE = (user => 'alice', domain => 'CORP', nt_hash => 'd9fe524deb5705ac74ea341ff18afe93');

# A client that writes the scheme in its own way.
{
    package Spelled;
    use parent -norequire, 'NTLM::Connection';

    sub send_token {
        my ($self, $path, $token, %opt) = @_;
        my $value = $self->{scheme} . MIME::Base64::encode_base64($token, '');
        return $self->send_request('GET', $path, [@{$opt{headers} || []}, Authorization => $value]);
    }
}

# Each way by itself: a host of that name, where it stands outside of all sections, and a
# place of that name on all hosts.
my %WAYS = (
    setenvif   => 'SetEnvIf Authorization "(.+)" HTTP_AUTHORIZATION=$1',
    token      => 'SetEnvIf Authorization "^[^ ]+ +(.+)$" TOKEN=$1',
    framed     => 'SetEnvIf Authorization "^[^ ]+ +(.+)$" "FRAMED=x NTLM,$1;y"',
    expression => 'SetEnvIfExpr "%{HTTP:Authorization} =~ /(.+)/" HTTP_AUTHORIZATION=$1',
    rewrite    => "RewriteEngine On\nRewriteRule .* - [E=HTTP_AUTHORIZATION:%{HTTP:Authorization}]",
    pass       => 'CGIPassAuth On',
    header     => 'RequestHeader set X-Copy "expr=%{HTTP:Authorization}" early',
    all        => "SetEnvIf Authorization (.+) A=\$1 B=\$1\nSetEnvIf Authorization (.+) \"C=\$1 \$1\"",
);
my %HOST_ONLY  = map { $_ => 1 } qw(header);
my %PLACE_ONLY = map { $_ => 1 } qw(pass);

my $LOGIN = "AuthType NTLM\nNTLMCredentials file passwords\nRequire valid-user\n";
my $text  = <<"TEXT";
LogLevel warn auth_ntlmv2:debug
KeepAliveTimeout 60
ScriptAliasMatch "^/(?:free|secret|in/\\w+|login/\\w+)/env\$" "\@DIR\@/app/env"
ScriptAlias "/login/" "\@DIR\@/app/login/"
ScriptAlias "/moved.cgi" "\@DIR\@/app/env"
<Directory "\@DIR\@/app">
    Require all granted
</Directory>
<LocationMatch "^/(secret|in)/">
    $LOGIN
</LocationMatch>
<Location "/secret/said/">
    ErrorDocument 401 /free/env
</Location>
<Location "/secret/tls/">
    NTLMRequireTLS on
    ErrorDocument 403 /free/env
</Location>
<Directory "\@DIR\@/htdocs/index">
    DirectoryIndex /secret/env
</Directory>
<Directory "\@DIR\@/htdocs/moved">
    RewriteEngine On
    RewriteRule .* /secret/env
</Directory>
<Directory "\@DIR\@/htdocs/page">
    Options +Includes
    SetOutputFilter INCLUDES
</Directory>
TEXT
$text .= "<Location \"/in/$_/\">\n$WAYS{$_}\n</Location>\n" for grep { !$HOST_ONLY{$_} } sort keys %WAYS;
$text .= "<VirtualHost 127.0.0.1:\@PORT\@>\nServerName $_.test\n" . ($WAYS{$_} // '') . "\n</VirtualHost>\n"
    for 'nobody', grep { !$PLACE_ONLY{$_} } sort keys %WAYS;
my $httpd = PrivateHttpd->new(
    modules => [Recipe::modules('# Debian: a2enmod alias cgi env setenvif rewrite headers include', $ENV{MPM} || 'event')],
    text    => $text,
);
$httpd->write('passwords', Recipe::ACCOUNTS, $> == 0 ? 0600 : 0640);
Recipe::cgi($httpd, 'app/env', <<'CGI');
#!/usr/bin/perl
print "Content-Type: text/plain\r\n\r\nTHE PROGRAM\n", map { "$_=$ENV{$_}\n" } sort keys %ENV;
CGI
for my $folder (qw(index moved page)) { mkdir $httpd->dir . "/htdocs/$folder" }
$httpd->write('htdocs/page/index.html', qq{<!--#include virtual="/secret/env" -->\n<!--#include virtual="/free/env" -->\n});
$httpd->start;

sub client { my ($host, $class, %opt) = @_; return ($class // 'NTLM::Connection')->new(port => $httpd->{port}, vhost => "$host.test", %opt) }

# No variable holds the token, which had its way to where it was wanted.
sub is_clean {
    my ($name, $response, $token) = @_;
    my $text = encode_base64($token, '');
    like $response->body, qr/THE PROGRAM/, "$name: a program ran" or diag $response->seen_by_client;
    is join(' ', map { /^(\w+)=/ } grep { index($_, $text) >= 0 } split /\n/, $response->body), '', '... and has no token';
    return;
}

for my $way (sort keys %WAYS) {
    subtest $way => sub {
        my @places = (($PLACE_ONLY{$way} ? () : [$way, '/secret']), ($HOST_ONLY{$way} ? () : ['nobody', "/in/$way"]));
        for my $place (@places) {
            my ($host, $path) = @$place;
            my $client = client($host);
            my $response = $client->login("$path/env", %ALICE);
            is_clean("$host.test$path", $response, $client->{type3});
            like $response->body, qr/^REMOTE_USER=alice$/m, '... but who it is';
        }
    };
}

subtest 'However the client writes it' => sub {
    for my $scheme ('ntlm ', 'nTlM    ', "NTLM  ") {
        for my $way (qw(setenvif token framed rewrite)) {
            my $client = client($way, 'Spelled', scheme => $scheme);
            is_clean("'$scheme', $way", $client->login('/secret/env', %ALICE), $client->{type3});
        }
    }
};

subtest 'Wherever httpd goes on' => sub {
    for my $way (qw(setenvif rewrite all)) {
        for my $path ('/index/', '/moved/x') {
            my $client = client($way);
            is_clean("$way, $path", $client->login($path, %ALICE), $client->{type3});
        }
        my $client = client($way);
        $client->login('/secret/env', %ALICE);    # the login stays; the token goes with the page
        $client->type1('/secret/env');
        is_clean("$way, a part of a page and the next one", $client->type3('/page/index.html', %ALICE), $client->{type3});
        $client = client($way);
        is_clean("$way, a challenge's page", $client->type1('/secret/said/env'), $client->{type1});
        is_clean("$way, a refusal's page", $client->type3('/secret/said/env', %ALICE, nt_hash => '0' x 32), $client->{type3});
        is_clean("$way, where no login is taken", client($way)->token('/secret/tls/env', $client->{type3}), $client->{type3});
    }
};

subtest 'A garbled token is one, too' => sub {
    my $garbled = 'NTLM TlRMTVNTUAADAAAA!';
    my $response = client('setenvif')->request(GET => '/secret/said/env', [Authorization => $garbled]);
    like $response->body, qr/THE PROGRAM/, 'a program ran';
    unlike $response->body, qr/\Q$garbled/, '... and does not see it';
};

subtest 'What is not ours stays' => sub {
    for my $value ('Basic YWxpY2U6c2VjcmV0', 'Bearer NTLM') {
        my $response = client('setenvif')->request(GET => '/secret/said/env', [Authorization => $value]);
        like $response->body, qr/^REDIRECT_HTTP_AUTHORIZATION=\Q$value\E$/m, "$value stays in a protected place";
        $response = client('setenvif')->request(GET => '/free/env', [Authorization => $value]);
        like $response->body, qr/^HTTP_AUTHORIZATION=\Q$value\E$/m, '... and in an open one';
    }
    my $client = client('setenvif');
    my $response = $client->token('/free/env', 'NTLMSSP');
    like $response->body, qr/^HTTP_AUTHORIZATION=NTLM /m, 'so does what a client sends to an open place';
    $client->type1('/secret/env');
    $response = $client->type3('/secret/env', %ALICE, headers => ['X-Note' => 'NTLM is what I speak']);
    like $response->body, qr/^HTTP_X_NOTE=NTLM is what I speak$/m, 'and what speaks of NTLM without the token';
};

subtest 'Whatever runs the program' => sub {
    my ($fpm, $application) = (FastCgi->start, Backend->start);
    my $front = PrivateHttpd->new(
        modules => [Recipe::modules('# Debian: a2enmod proxy proxy_fcgi proxy_http setenvif headers', 'event')],
        text    => <<"TEXT",
KeepAliveTimeout 60
SetEnvIf Authorization "(.+)" HTTP_AUTHORIZATION=\$1
ProxyPass "/fpm/" "fcgi://127.0.0.1:@{[$fpm->port]}/"
ProxyPass "/http/" "http://127.0.0.1:@{[$application->port]}/"
<Location "/">
    $LOGIN
    RequestHeader set X-Copy "%{HTTP_AUTHORIZATION}e"
</Location>
TEXT
    );
    $front->write('passwords', Recipe::ACCOUNTS, $> == 0 ? 0600 : 0640);
    $front->start;
    my $client = NTLM::Connection->new(port => $front->{port});
    is_clean('FastCGI', $client->login('/fpm/x', %ALICE), $client->{type3});
    my $seen = $client->login('/http/x', %ALICE)->body;
    like $seen, qr{^GET /x HTTP.*^X-Copy: \(null\)\r}ms, 'an application behind HTTP gets the request';
    is index($seen, encode_base64($client->{type3}, '')), -1, '... without the token';
};

subtest 'A forward proxy keeps its own, and passes on what is for the server' => sub {
    my $proxy = PrivateHttpd->new(
        modules => [Recipe::modules('# Debian: a2enmod proxy proxy_http setenvif headers', 'event')],
        text    => <<"TEXT",
KeepAliveTimeout 60
ProxyRequests On
SetEnvIf Proxy-Authorization "(.+)" OURS=\$1
SetEnvIf Authorization "(.+)" THEIRS=\$1
RequestHeader set X-Ours "expr=%{HTTP:Proxy-Authorization}" early
Header always set X-Ours "%{OURS}e"
Header always set X-Theirs "%{THEIRS}e"
<Proxy "*">
    $LOGIN
</Proxy>
TEXT
    );
    $proxy->write('passwords', Recipe::ACCOUNTS, $> == 0 ? 0600 : 0640);
    $proxy->start;
    my $client = NTLM::Connection->new(port => $proxy->{port}, proxy => 1);
    my $theirs = 'NTLM ' . encode_base64('NTLMSSP for a server', '');
    $client->type1($httpd->url('/free/env'));
    my $response = $client->type3($httpd->url('/free/env'), %ALICE, headers => [Authorization => $theirs]);
    is_clean('through the proxy', $response, $client->{type3});
    unlike $response->body, qr/^HTTP_X_OURS=NTLM/m, '... nor what was made of it';
    is $response->header('X-Ours'), '(null)', 'the copy of the proxy is gone';
    is $response->header('X-Theirs'), $theirs, '... and that of the server is there';
};

done_testing;
