#!/usr/bin/perl
# conf/guest.conf: guests are served, /login/ logs in and leads back, and then the pages know
# the user. No cache gives one the page of the other.
use strict;
use warnings;
use FindBin qw($Bin);
use lib "$Bin/../lib";
use Behind;
use Front;
use NTLM::Connection;
use Recipe;
use Test::More;
use Time::HiRes qw(sleep time);

my %HASH = (alice => 'd9fe524deb5705ac74ea341ff18afe93', bob => '27bf1123aae89dc1f94ad95bd7108d01');
my %alice = (user => 'alice', domain => '', nt_hash => $HASH{alice});
my $PAGE  = <<'CGI';
#!/bin/sh
printf 'Content-Type: text/plain\r\n'
[ "$QUERY_STRING" = public ] && printf 'Cache-Control: public, max-age=600\r\n'
printf 'Last-Modified: Sat, 01 Jan 2000 00:00:00 GMT\r\n\r\n'
echo "hello ${REMOTE_USER:-guest}"
CGI

sub cache_control { return join '|', $_[0]->header('Cache-Control') }

subtest 'The recipe' => sub {
    my $httpd = Recipe::httpd('guest.conf', {'/var/www/html' => '@DIR@/site'}, modules => ['alias', 'cgi'], text => <<'TEXT');
DocumentRoot "@DIR@/site"
ScriptAlias "/page" "@DIR@/site/page"
DirectoryIndex /page
TEXT
    Recipe::cgi($httpd, 'site/page', $PAGE);
    mkdir $httpd->dir . '/site/login';
    $httpd->write('site/.htpasswd', "not for guests\n");
    $httpd->start;
    my $connection = sub { NTLM::Connection->new(port => $httpd->{port}, vhost => "127.0.0.1:$httpd->{port}") };

    my $c = $connection->();
    for my $path ('/', '/page') {
        my $response = $c->get($path);
        is $response->body, "hello guest\n", "$path serves a guest";
        is $response->header('WWW-Authenticate'), undef, '... who is not asked';
    }
    for my $path ('/login', '/login/', '/login/x') {
        my $response = $c->get($path);
        is $response->status, 401, "$path asks for a login";
        is $response->header('Location'), undef, '... and leads nowhere before';
    }
    my $response = $c->login('/login/', %alice);
    is $response->status, 303, 'a login';
    is $response->header('Location'), $httpd->url('/'), '... leads back';
    is $c->get($_)->body, "hello alice\n", "... and $_ greets alice" for '/', '/page';
    is $connection->()->get('/')->body, "hello guest\n", '... but no other connection';
    is $c->login('/page', %alice, nt_hash => '0' x 32)->status, 401, 'a wrong password is refused';
    is $c->get('/page')->body, "hello guest\n", '... and leaves a guest';

    # Whoever had a login is asked once when it is over.
    is $c->login('/login/', %alice)->status, 303, 'alice again';
    $httpd->accounts('ntlm.passwd', "bob:$HASH{bob}");
    my $deadline = time + 20;
    $response = $c->get('/page');
    sleep(0.1), $response = $c->get('/page') while $response->status == 200 && time < $deadline;
    is $response->status, 401, '... is asked once when her account is gone';
    is $c->get('/page')->body, "hello guest\n", '... and is a guest then';
    $httpd->stop;
};

# ---- caches ----

my $GREETS = <<'TEXT';
ScriptAlias "/greets" "@DIR@/page"
<Location "/greets">
    Require ntlm-or-guest
</Location>
TEXT

sub httpd {
    my (%opt) = @_;
    my $httpd = Behind->new(modules => [qw(cache cache_disk cgid alias)], %opt, server => $opt{server} // '', last => $GREETS);
    $httpd->write('page', $PAGE, 0755);
    return $httpd;
}

# However often they come, and in whatever order. What guests may keep (?public) is for users, too,
# where no token passes by the cache: it has no Authorization to tell them apart by.
sub greets_each {
    my ($httpd, $port, $where, %opt) = @_;
    for my $path ('/greets', '/greets?public') {
        my $told  = $path !~ /public/;
        my $guest = sub { return $httpd->client($port)->get($path) };
        is $guest->()->body, "hello guest\n", "$where: $path serves a guest" for 1 .. 2;
        my $alice = $httpd->client($port);
        my $login = $alice->login($path, %alice);
        is $login->body, "hello alice\n", '... alice, who logs in there' if $told || $opt{sees_tokens};
        my @next = $opt{stays} ? map { $alice->get($path) } 1 .. 2 : ();
        is $_->body, "hello alice\n", '... who is logged in' for $told ? @next : ();
        like cache_control($_), qr/\bprivate\b/, '... by an answer for her' for $login, @next;
        is $guest->()->body, "hello guest\n", '... and a guest' for 1 .. 2;
    }
    return;
}

SKIP: {
    skip 'there is no mod_cache_disk', 2 if !-e PrivateHttpd::module_folder() . '/mod_cache_disk.so';
    for my $quick (qw(On Off)) {
        subtest "mod_cache, CacheQuickHandler $quick" => sub {
            my $httpd = httpd(server => <<"TEXT");
CacheQuickHandler $quick
CacheRoot \@DIR\@/cache
CacheEnable disk /
CacheHeader On
TEXT
            mkdir $httpd->dir . '/cache';
            chmod 0777, $httpd->dir . '/cache';
            greets_each($httpd, undef, "CacheQuickHandler $quick", stays => 1, sees_tokens => $quick eq 'On');
            like $httpd->client->get('/greets?public')->header('X-Cache'), qr/^HIT/, 'a page that guests may keep is kept';
            $httpd->stop;
        };
    }
}

SKIP: {
    skip 'nginx is not installed', 1 if !Front::program('nginx');
    subtest 'nginx with proxy_cache' => sub {
        my $httpd = httpd(section => 'NTLMPersistence request');
        my $front = Front->nginx_cache($httpd->{port});
        greets_each($httpd, $front->{port}, 'nginx', sees_tokens => 1);
        is $httpd->client($front->{port})->get('/greets?public')->header('X-Cache'), 'HIT', 'a page that guests may keep is kept';
        $httpd->stop;
    };
}

done_testing;
