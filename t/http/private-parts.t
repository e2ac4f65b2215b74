#!/usr/bin/perl
# An open page may hold a part of somebody's: what it includes, what its listing shows. Its header
# leaves before that part is authenticated, so every answer on a connection that is logged in, or
# to a token, is private from the start, whatever the configuration and the application say of
# caches. Strangers' answers are theirs.
use strict;
use warnings;
use FindBin qw($Bin);
use lib "$Bin/../lib";
use Behind;
use Front;
use Test::More;

plan skip_all => 'there is no mod_cache_disk' if !-e PrivateHttpd::module_folder() . '/mod_cache_disk.so';

use constant PART => qr/a part of alice's/;

my $SCRIPT = <<'SCRIPT';
#!/bin/sh
case "$QUERY_STRING" in
    no-store) echo 'Cache-Control: no-store' ;;
    private)  echo 'Cache-Control: private, max-age=60' ;;
    public)   echo 'Cache-Control: public, s-maxage=3600' ;;
esac
printf 'Content-Type: text/plain\r\n\r\nan open script\n'
SCRIPT

my $OPEN = <<'TEXT';
TypesConfig /dev/null
DirectoryIndex index.html
AddType text/html .html .shtml
AddOutputFilter INCLUDES .shtml
ScriptAlias "/open/script" "@DIR@/script"
ExpiresActive On
ExpiresDefault "access plus 1 hour"
<Directory "@DIR@/htdocs/open">
    Options +Includes +Indexes
</Directory>
TEXT

sub httpd {
    my (%opt) = @_;
    my $httpd = Behind->new(modules => [qw(include autoindex mime expires cache cache_disk cgid alias)], %opt,
        server => $OPEN . ($opt{server} // ''), last => <<'TEXT');
<Location "/open/list/hidden">
    Require valid-user
</Location>
TEXT
    mkdir $httpd->dir . "/htdocs/$_" for qw(open/list open/list/hidden cache);
    mkdir $httpd->dir . '/cache';
    chmod 0777, $httpd->dir . '/cache';
    $httpd->write('script', $SCRIPT, 0755);
    $httpd->write('htdocs/part.html', "a part of alice's\n");
    $httpd->write('htdocs/open/page.shtml', qq(an open page, <!--#include virtual="/part.html" -->\n));
    $httpd->write('htdocs/open/list/HEADER.html', "<p>an open listing</p>\n");
    return $httpd;
}

# As those who see her part or a name in a listing see it.
my %PLACES = ('/open/page.shtml' => PART, '/open/list/' => qr{href="hidden/"});

sub cache_control { return join '|', $_[0]->header('Cache-Control') }

# What each place says to alice, to whom `login` gives a connection and how to ask on it, and
# then to a stranger.
sub keeps_parts_apart {
    my ($where, $alice, $stranger) = @_;
    for my $place (sort keys %PLACES) {
        my $response = $alice->($place);
        like $response->body, $PLACES{$place}, "$where: $place shows alice her part" or diag $response->seen_by_client;
        like cache_control($response), qr/\bprivate\b/, '... for herself alone';
        for (1 .. 2) {
            $response = $stranger->()->get($place);
            is $response->status, 200, '... a stranger is served';
            unlike $response->body, $PLACES{$place}, '... without it';
            unlike cache_control($response), qr/\bprivate\b/, '... by an answer that is for all';
        }
    }
    return;
}

sub logged_in {
    my ($httpd, $port) = @_;
    my $alice = $httpd->client($port);
    is $alice->login('/', %{$httpd->account('alice')})->status, 200, 'alice logs in';
    return $alice;
}

# Her Type 3 goes to the place itself.
sub by_token {
    my ($httpd, $port, $place) = @_;
    my $alice = $httpd->client($port);
    $alice->type1('/');
    return $alice->type3($place, %{$httpd->account('alice')}, unasked => 1);
}

# ---- a cache in httpd ----
for my $quick (qw(On Off)) {
    for my $persistence (qw(connection request)) {
        my $httpd = httpd(section => "NTLMPersistence $persistence", server => <<"TEXT");
CacheQuickHandler $quick
CacheRoot \@DIR\@/cache
CacheEnable disk /
CacheHeader On
TEXT
        my $where = "CacheQuickHandler $quick, NTLMPersistence $persistence";
        my $ask = $persistence eq 'request' ? sub { by_token($httpd, undef, @_) } : do {
            my $alice = logged_in($httpd);
            sub { $alice->get(@_) };
        };
        keeps_parts_apart($where, $ask, sub { $httpd->client });
        my $hit = $httpd->client->get('/open/page.shtml');
        like $hit->header('X-Cache'), qr/^HIT/, "$where: what the stranger got is kept";
        my $response = $ask->('/open/page.shtml');
        like cache_control($response), qr/\bprivate\b/, '... and given to alice as hers' if $persistence eq 'connection';
        $httpd->stop;
    }
}

# ---- caches in front ----

SKIP: {
    skip 'nginx is not installed', 1 if !Front::program('nginx');
    my $httpd = httpd(section => 'NTLMPersistence request');
    my $front = Front->nginx_cache($httpd->{port}, '200 404 1h');
    my $port  = $front->{port};
    keeps_parts_apart('nginx', sub { by_token($httpd, $port, @_) }, sub { $httpd->client($port) });
    is $httpd->client($port)->get('/open/page.shtml')->header('X-Cache'), 'HIT', 'nginx: what the stranger got is kept';
    $httpd->stop;
}

SKIP: {
    skip 'HAProxy is not installed', 1 if !Front::program('haproxy');
    my $httpd = httpd();
    my $front = Front->haproxy(<<'TEXT', BACKEND => $httpd->{port});
cache small
    total-max-size 4
    max-age 3600
frontend front
    mode http
    bind 127.0.0.1:@PORT@
    http-request cache-use small
    http-response cache-store small
    default_backend back
backend back
    mode http
    server httpd 127.0.0.1:@BACKEND@
TEXT
    my $port  = $front->{port};
    my $alice = logged_in($httpd, $port);
    keeps_parts_apart('HAProxy', sub { $alice->get(@_) }, sub { $httpd->client($port) });
    for my $script ('/open/script', '/open/script?public', '/open/index.html') {
        like cache_control($alice->get($script)), qr/\bprivate\b/, "HAProxy: $script is alice's";
        unlike cache_control($httpd->client($port)->get($script)), qr/\bprivate\b/, '... and is not kept';
    }
    $httpd->stop;
}

done_testing;
