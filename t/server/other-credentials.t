#!/usr/bin/perl
# Credentials of any scheme, wherever they are for, end the login of the connection on which they
# come: whoever sends them may be somebody else. Places with another AuthType are none of ours.
use strict;
use warnings;
use FindBin qw($Bin);
use lib "$Bin/../lib";
use Digest::MD5 qw(md5_hex);
use MIME::Base64 qw(encode_base64);
use NTLM::Connection;
use PrivateHttpd;
use Recipe;
use Test::More;

my %ALICE = (user => 'alice', domain => 'CORP', nt_hash => 'd9fe524deb5705ac74ea341ff18afe93');
my $SECRET = '/secret/';
my $BASIC  = 'Basic ' . encode_base64('bob:of-bob', '');

my $httpd = PrivateHttpd->new(
    modules => [qw(alias auth_basic auth_digest authn_file headers include proxy proxy_http)],
    text    => <<'TEXT',
LogLevel warn auth_ntlmv2:debug
KeepAliveTimeout 60
AliasMatch "^/(?:secret|basic|digest|open)/$" "@DIR@/htdocs/index.html"
Header always set X-User "expr=%{REMOTE_USER}"
<Location "/secret/">
    AuthType NTLM
    NTLMCredentials file passwords
    Require valid-user
</Location>
<LocationMatch "^/(basic|digest)/">
    AuthName "elsewhere"
    Require valid-user
</LocationMatch>
<Location "/basic/">
    AuthType Basic
    AuthBasicProvider file
    AuthUserFile "@DIR@/basic"
</Location>
<Location "/digest/">
    AuthType Digest
    AuthDigestProvider file
    AuthUserFile "@DIR@/digest"
</Location>
<Directory "@DIR@/htdocs/page">
    Options +Includes
    SetOutputFilter INCLUDES
</Directory>

ProxyRequests On
<Proxy "*">
    AuthType NTLM
    NTLMCredentials file passwords
    Require valid-user
</Proxy>
TEXT
);
$httpd->write('passwords', Recipe::ACCOUNTS, $> == 0 ? 0600 : 0640);
$httpd->write('basic', 'bob:{SHA}' . sha1_of('of-bob') . "\n");
$httpd->write('digest', 'bob:elsewhere:' . md5_hex('bob:elsewhere:of-bob') . "\n");
mkdir $httpd->dir . '/htdocs/page';
$httpd->write('htdocs/page/index.html', qq{an open page <!--#include virtual="$SECRET" -->\n});
$httpd->start;

sub sha1_of { require Digest::SHA; return encode_base64(Digest::SHA::sha1($_[0]), '') }

sub client { return NTLM::Connection->new(port => $httpd->{port}, @_) }
sub user_of { return $_[0]->header('X-User') // '' }

sub logged_in {
    my $client = client();
    is $client->login($SECRET, %ALICE)->status, 200, 'alice logs in';
    is user_of($client->get($SECRET)), 'alice', '... and is there';
    return $client;
}

# What RFC 7616 makes of a nonce.
sub digest {
    my ($challenge, $path) = @_;
    my ($nonce) = $challenge =~ /nonce="([^"]+)"/;
    my $response = md5_hex(join ':', md5_hex('bob:elsewhere:of-bob'), $nonce, '00000001', 'x', 'auth', md5_hex("GET:$path"));
    return qq{Digest username="bob", realm="elsewhere", nonce="$nonce", uri="$path", qop=auth, nc=00000001, }
        . qq{cnonce="x", response="$response", algorithm=MD5};
}

sub is_over {
    my ($client) = @_;
    is $client->get($SECRET)->status, 401, "... and ends alice's login";
    is $client->login($SECRET, %ALICE)->status, 200, '... until she logs in again';
    return;
}

subtest 'Requests without credentials leave a login alone, wherever they go' => sub {
    my $client = logged_in();
    for my $path ('/open/', '/basic/', '/digest/', '/nothing/') {
        $client->get($path);
        is user_of($client->get($SECRET)), 'alice', "$path: alice is still there";
    }
};

subtest 'Basic where AuthType is Basic' => sub {
    my $client = logged_in();
    is user_of($client->request(GET => '/basic/', [Authorization => $BASIC])), 'bob', 'bob is let in there';
    is_over($client);
    is $client->request(GET => '/basic/', [Authorization => 'Basic YTpi'])->status, 401, 'a wrong password';
    is_over($client);
};

subtest 'Digest where AuthType is Digest' => sub {
    my $client = logged_in();
    my $challenge = $client->get('/digest/')->header('WWW-Authenticate');
    is user_of($client->request(GET => '/digest/', [Authorization => digest($challenge, '/digest/')])), 'bob', 'bob is let in there';
    is_over($client);
};

for my $credentials ($BASIC, 'Bearer abc', 'Digest username="bob"', 'Negotiate YIIB', 'NTLM ' . encode_base64(NTLM::Message::type1(), ''), '', 'garbage') {
    my ($scheme) = split ' ', "$credentials none";
    subtest "$scheme where there is no login" => sub {
        my $client = logged_in();
        is $client->request(GET => '/open/', [Authorization => $credentials])->status, 200, 'an open page is there';
        is_over($client);
        is $client->request(GET => '/nothing/', [Authorization => $credentials])->status, 404, 'no page is there';
        is_over($client);
    };
}

subtest 'A part of an open page' => sub {
    my $client = logged_in();
    like $client->get('/page/index.html')->body, qr/the protected page/, 'alice sees the protected part';
    unlike $client->request(GET => '/page/index.html', [Authorization => $BASIC])->body, qr/the protected page/, 'bob does not';
    is_over($client);
};

subtest 'A challenge whose answer goes elsewhere is withdrawn' => sub {
    for my $path ('/open/', '/basic/') {
        my $client = client();
        ok defined $client->type1($SECRET)->type2, 'a challenge';
        $client->type3($path, %ALICE);
        is $client->token($SECRET, $client->{type3})->status, 401, "it was answered at $path: the answer is none any more";
        is $client->login($SECRET, %ALICE)->status, 200, 'a new one works';
    }
    my $client = client();
    $client->type1($SECRET);
    $client->request(GET => '/open/', [Authorization => $BASIC]);
    is $client->type3($SECRET, %ALICE)->status, 401, "bob's credentials between the two withdraw it as well";
    $client->type1($SECRET);
    is $client->get('/open/')->status, 200, 'an open page between the two';
    is $client->type3($SECRET, %ALICE)->status, 200, '... does not';
};

subtest 'A part of an open page takes the answer to a challenge' => sub {
    my $client = client();
    $client->type1($SECRET);
    like $client->type3('/page/index.html', %ALICE)->body, qr/the protected page/, 'alice logs in there';
    is user_of($client->get($SECRET)), 'alice', '... and stays';
};

subtest 'Two sides of one connection' => sub {
    my $as_proxy = client(proxy => 1);
    my $to_server = client(socket => $as_proxy->{socket});
    my $page = $httpd->url('/open/');
    my $both = sub {
        is $as_proxy->login($page, %ALICE)->status, 200, 'alice logs in to the proxy';
        is $to_server->login($SECRET, %ALICE)->status, 200, '... and to the server';
        return;
    };
    $both->();
    is $to_server->request(GET => $page, [Authorization => $BASIC])->status, 200, 'Authorization through the proxy';
    is $as_proxy->get($page)->status, 200, '... is none of its business';
    $both->();
    is $to_server->request(GET => '/open/', ['Proxy-Authorization' => $BASIC])->status, 200, 'Proxy-Authorization to the server';
    is $as_proxy->get($page)->status, 407, '... ends the login to the proxy';
    is $to_server->get($SECRET)->status, 200, '... alone';
};

done_testing;
