#!/usr/bin/perl
# On a connection that is logged in, and to a token, every answer says once that it is private,
# of whatever status, from whatever handler, and whatever else is said of caches. No other answer
# says so, but what this module itself answers.
use strict;
use warnings;
use FindBin qw($Bin);
use lib "$Bin/../lib";
use Behind;
use ForwardProxy;
use Test::More;

my $SCRIPT = <<'SCRIPT';
#!/bin/sh
case "$QUERY_STRING" in
    no-store) echo 'Cache-Control: no-store' ;;
    private)  echo 'Cache-Control: private, max-age=60' ;;
    fields)   echo 'Cache-Control: Private="Set-Cookie", max-age=60' ;;
    public)   echo 'Cache-Control: public, max-age=60' ;;
    500)      echo 'Status: 500 Broken' ;;
    nothing)  exit 0 ;;
esac
printf 'Content-Type: text/plain\r\n\r\nan open script\n'
SCRIPT

my $httpd = Behind->new(modules => [qw(alias autoindex cgid expires include mime negotiation rewrite)],
    server => <<'SERVER', last => <<'LAST');
TypesConfig /dev/null
AddType text/html .html .shtml
AddLanguage en .en
DirectoryIndex index.html
ScriptAliasMatch "^/open/(?:\w+/)?script" "@DIR@/script"
<Directory "@DIR@/htdocs/open">
    Options +Indexes +MultiViews +FollowSymLinks
    AllowOverride FileInfo
</Directory>
SERVER
<Location "/open/set">
    Header set Cache-Control "public, max-age=60"
</Location>
<Location "/open/always">
    Header always set Cache-Control "public, max-age=60"
</Location>
<Location "/open/early">
    Header always set Cache-Control "public, max-age=60" early
</Location>
<Location "/open/if">
    <If "true">
        Header always edit Cache-Control private public
        Header always add Cache-Control "public, max-age=60"
    </If>
</Location>
<Location "/open/unset">
    Header always unset Cache-Control
    Header unset Cache-Control
</Location>
<Location "/open/expires">
    ExpiresActive On
    ExpiresDefault "access plus 1 hour"
</Location>
<Location "/open/sorry">
    ErrorDocument 404 /open/always/index.html
    ErrorDocument 500 "sorry"
</Location>
<Location "/open/moved">
    RewriteEngine On
    RewriteRule "again" "/open/always/index.html" [PT]
    RewriteRule "away" "http://127.0.0.1/elsewhere" [R=301]
</Location>
<Location "/always">
    Require valid-user
    Header always set Cache-Control "public, max-age=60"
    ErrorDocument 401 /open/always/index.html
</Location>
LAST
my @folders = qw(set always early if unset expires sorry moved listing htaccess);
mkdir $httpd->dir . "/htdocs/open/$_" for @folders;
mkdir $httpd->dir . '/htdocs/always';
$httpd->write("htdocs/$_/index.html", "a page\n") for map({ "open/$_" } grep { $_ ne 'listing' } @folders), 'always';
$httpd->write('htdocs/open/choice.html.en', "chosen\n");
$httpd->write('htdocs/open/htaccess/.htaccess', qq(Header always set Cache-Control "public, max-age=60"\n));
$httpd->write('script', $SCRIPT, 0755);

sub cache_control { return [$_[0]->header('Cache-Control')] }
sub words { return map { split /\s*,\s*/ } @{cache_control($_[0])} }

# Once, last, in any case alone among what contradicts it; and what else must be there.
sub is_private {
    my ($response, $sentence, @more) = @_;
    local $Test::Builder::Level = $Test::Builder::Level + 1;
    my @words = words($response);
    my $right = 1 == grep({ $_ eq 'private' } @words) && !grep { $_ eq 'public' } @words;
    for my $more (@more) { $right &&= grep { lc $_ eq lc $more } @words }
    ok($right, $sentence) or diag $response->seen_by_client;
    return;
}

sub is_for_all {
    my ($response, $sentence) = @_;
    local $Test::Builder::Level = $Test::Builder::Level + 1;
    ok(!grep({ $_ eq 'private' } words($response)), $sentence) or diag $response->seen_by_client;
    return;
}

sub logged_in {
    my ($http) = @_;
    my $alice = $http->client;
    is $alice->login('/', %{$http->account('alice')})->status, 200, 'alice logs in';
    return $alice;
}

# What is asked, and the status; more words that the application's answer keeps.
my @OPEN = (
    [GET  => '/open/index.html',       200],
    [HEAD => '/open/index.html',       200],
    [GET  => '/open/index.html',       304, 'If-None-Match' => '*'],
    [GET  => '/open/index.html',       206, Range => 'bytes=1-2'],
    [GET  => '/open/index.html',       416, Range => 'bytes=1000-'],
    [GET  => '/open/none',             404],
    [DELETE => '/open/index.html',     405],
    [OPTIONS => '/open/index.html',    200],
    [BREW => '/open/index.html',       501],
    [GET  => '/open/set',              301],
    [GET  => '/open/choice.html',      200],
    [GET  => '/open/listing/',         200],
    (map { [GET => "/open/$_/", 200] } qw(set always early if unset expires htaccess)),
    (map { [GET => "/open/$_/none", 404] } qw(set always early if unset expires htaccess sorry)),
    [HEAD => '/open/always/',          200],
    [GET  => '/open/always/index.html', 304, 'If-None-Match' => '*'],
    [GET  => '/open/moved/again',      200],
    [GET  => '/open/moved/away',       301],
    [GET  => '/open/script',           200],
    [GET  => '/open/script?public',    200],
    [GET  => '/open/always/script?public', 200],
    [GET  => '/open/unset/script',     200],
    [GET  => '/open/script?500',       500],
    [GET  => '/open/script?nothing',   500],
    [GET  => '/open/sorry/script?nothing', 500],
);

sub ask { my ($connection, $method, $path, undef, @headers) = @_; return $connection->request($method => $path, \@headers) }

sub title { my ($method, $path, $status) = @_; return "$method $path, $status" }

subtest "Every answer on a connection that is logged in is private; a stranger's is not" => sub {
    for my $asked (@OPEN) {
        my $title = title(@$asked);
        my $own   = logged_in($httpd);
        my $response = ask($own, @$asked);
        is $response->status, $asked->[2], $title or diag $response->seen_by_client;
        is_private($response, '... is private');
        is_for_all(ask($httpd->client, @$asked), "... a stranger's is not");
    }
};

subtest 'What an application says beside it stays' => sub {
    my $alice = logged_in($httpd);
    is_private($alice->get('/open/script?no-store'), 'no-store', 'no-store');
    is_private($alice->get('/open/script?private'), 'max-age beside its own private', 'max-age=60');
    is_private($alice->get('/open/script?fields'), 'private for some fields', 'private="Set-Cookie"', 'max-age=60');
    is_private($alice->get('/open/expires/'), "mod_expires' max-age", 'max-age=3600');
    is_private($alice->get('/open/always/'), "mod_headers' max-age", 'max-age=60');
    is_deeply cache_control($httpd->client->get('/open/script?no-store')), ['no-store'], 'a stranger gets what it says';
    is_deeply cache_control($httpd->client->get('/open/script?public')), ['public, max-age=60'], '... whatever it says';
};

subtest 'Every answer to a token is private' => sub {
    for my $asked (@OPEN) {
        my ($method, $path, $status, @headers) = @$asked;
        my $alice = $httpd->client;
        $alice->type1('/');
        my $response = $alice->type3($path, %{$httpd->account('alice')}, method => $method, headers => \@headers, unasked => 1);
        is $response->status, $status, title(@$asked);
        is_private($response, '... is private');
    }
    is_private($httpd->client->request(GET => '/open/', [Authorization => $_]), "also to '$_'")
        for 'NTLM x', 'NTLM', 'ntlm  TlRM';
    is_for_all($httpd->client->request(GET => '/open/', [Authorization => $_]), "not to '$_'")
        for 'Basic YTpi', 'NTLMx', 'Bearer NTLM';
};

subtest 'What this module answers is private' => sub {
    for my $path ('/', '/always/') {
        my $client = $httpd->client;
        is_private($client->get($path), "an offer at $path");
        my $response = $client->type1($path);
        ok defined $client->{type2}, 'a challenge' if $path eq '/';
        is_private($response, '... is private');
        is_private($client->type3($path, %{$httpd->account('alice')}, nt_hash => '0' x 32), 'a refusal') if $path eq '/';
        $client = logged_in($httpd);
        is_private($client->get($path), 'the page');
        is_private($client->get("${path}none"), 'another status');
    }
};

subtest 'A login that is over leaves nothing private' => sub {
    my $alice = logged_in($httpd);
    is $alice->login('/', %{$httpd->account('alice')}, nt_hash => '0' x 32)->status, 401, 'a refused login ends it';
    is_for_all($alice->get('/open/'), 'the connection is a stranger again');
};

# One of these alone, since a configuration that never speaks of caches is not watched; what stands
# in .htaccess of the folder beside it.
my $PUBLIC = 'Header always set Cache-Control "public, max-age=60"';
my %alone = (
    'no word of caches'                 => ['', undef, '/open/script?public'],
    'a script that is called by its type' => ['AddType application/x-httpd-cgi .cgi', undef, '/open/by-type.cgi?public'],
    'Header set, public'                => ['Header set Cache-Control "public, max-age=60"'],
    'Header onsuccess set, private'     => ['Header onsuccess set Cache-Control "private, max-age=60"'],
    'Header set with a variable'        => ["SetEnv CC public\nHeader set Cache-Control \"%{CC}e, max-age=60\""],
    'Header set with an expression'     => [q(Header set Cache-Control "expr=publi%{tolower:C}, max-age=60")],
    'Header always set'                 => [$PUBLIC],
    'Header always unset'               => ['header ALWAYS unset cache-control', undef, '/open/expires/'],
    'Header always in <If>'             => ["<Location /open>\n<If true>\n$PUBLIC\n</If>\n</Location>"],
    'Header always early'               => ["$PUBLIC early"],
    'AllowOverride FileInfo'            => ['AllowOverride FileInfo', $PUBLIC],
    'AllowOverride All'                 => ['AllowOverride all', $PUBLIC],
    'AllowOverrideList'                 => ["AllowOverride None\nAllowOverrideList Header", $PUBLIC],
);
for my $name (sort keys %alone) {
    my ($line, $htaccess, $path) = @{$alone{$name}};
    $line = qq(<Directory "\@DIR\@/htdocs/open">\n$line\n</Directory>) if $line =~ /^AllowOverride/;
    subtest "A configuration with $name" => sub {
        my $one = Behind->new(modules => [qw(alias cgid env expires mime)], server => <<"SERVER", last => <<'LAST');
TypesConfig /dev/null
<Directory "\@DIR\@/htdocs/open">
    Options +ExecCGI
</Directory>
ScriptAlias "/open/script" "\@DIR\@/script"
$line
SERVER
<Location "/open/expires">
    ExpiresActive On
    ExpiresDefault "access plus 1 minute"
</Location>
LAST
        mkdir $one->dir . '/htdocs/open/expires';
        $one->write('htdocs/open/expires/index.html', "a page\n");
        $one->write($_, $SCRIPT, 0755) for 'script', 'htdocs/open/by-type.cgi';
        $one->write('htdocs/open/.htaccess', "$htaccess\n") if defined $htaccess;
        is_private(logged_in($one)->get($path // '/open/index.html'), "alice's answer is private", 'max-age=60');
        my $before = cache_control($one->client->get($path // '/open/index.html'));
        unlike "@$before", qr/private/, '... and a stranger gets what is configured' if $name !~ /private/;
    };
}

SKIP: {
    skip $_, 1 for ForwardProxy::missing();
    subtest 'What is fetched for the client of a proxy is for all' => sub {
        my $origin = ForwardProxy::origin();
        my $proxy  = ForwardProxy::proxy($origin, text => $ForwardProxy::SECRET);
        mkdir $proxy->dir . '/htdocs/secret';
        $proxy->write('htdocs/secret/index.html', "secret\n");
        my ($page, %alice) = ($origin->url('/'), user => 'alice', domain => 'CORP', nt_hash => 'd9fe524deb5705ac74ea341ff18afe93');
        my $to_proxy = NTLM::Connection->new(port => $proxy->{port}, proxy => 1);
        is_for_all($to_proxy->get($page), 'the offer of a proxy');
        my $response = $to_proxy->login($page, %alice);
        is $response->status, 200, 'alice logs in to the proxy';
        is_for_all($response, '... the page is for all');
        is_for_all($to_proxy->get($page), '... and the next one');
        my $to_server = NTLM::Connection->new(port => $proxy->{port}, socket => $to_proxy->{socket});
        is_for_all($to_server->get('/none'), "a login to the proxy makes no page of the server's private");
        is_private($to_server->login('/secret/', %alice), 'a login to the server on that connection');
        is_private($to_server->get('/none'), "... makes the server's private");
        is_for_all($to_proxy->get($page), '... and not what the proxy fetches');
    };
}

done_testing;
