#!/usr/bin/perl
# A cache, in httpd or in front of it, keeps no page of one user for another: a request on a
# connection that is logged in carries no credentials, so the answer says whose it is.
use strict;
use warnings;
use FindBin qw($Bin);
use lib "$Bin/../lib";
use Behind qw(is_not_served is_served);
use Front;
use Test::More;

plan skip_all => 'there is no mod_cache_disk' if !-e PrivateHttpd::module_folder() . '/mod_cache_disk.so';

my $SCRIPT = <<'SCRIPT';
#!/bin/sh
printf 'Content-Type: text/plain\r\nLast-Modified: Sat, 01 Jan 2000 00:00:00 GMT\r\n'
printf 'Expires: Fri, 01 Jan 2038 00:00:00 GMT\r\n\r\nthe protected page of %s\n' "$REMOTE_USER"
SCRIPT

sub httpd {
    my (%opt) = @_;
    my $httpd = Behind->new(modules => [qw(cache cache_disk cgid alias)], %opt,
        server => "ScriptAlias \"/who\" \"\@DIR\@/who\"\nScriptAlias \"/open/who\" \"\@DIR\@/who\"\n" . ($opt{server} // ''));
    $httpd->write('who', $SCRIPT, 0755);
    return $httpd;
}

# Alice's pages, by her Type 3 and after it, are nobody else's.
sub keeps_nothing {
    my ($httpd, $port, $where) = @_;
    my $client = sub { $httpd->client($port) };
    for my $path ('/who', '/who?again') {
        my ($alice, $bob) = ($client->(), $client->());
        is_served($alice->login($path, %{$httpd->account('alice')}), 'alice', "$where: alice logs in");
        $alice->get($path);
        is_not_served($client->()->get($path), "$where: nobody gets her page without a login");
        my $response = $bob->login($path, %{$httpd->account('bob')});
        is_served($response, 'bob', "$where: bob logs in");
        like $response->body, qr/page of bob/, "$where: ... and gets his page";
        like $response->header('Cache-Control'), qr/\bprivate\b/, "$where: ... which is for him alone";
    }
}

for my $quick (qw(On Off)) {
    my $httpd = httpd(server => <<"TEXT");
CacheQuickHandler $quick
CacheRoot \@DIR\@/cache
CacheEnable disk /
TEXT
    mkdir $httpd->dir . '/cache';
    chmod 0777, $httpd->dir . '/cache';
    keeps_nothing($httpd, undef, "CacheQuickHandler $quick");
    $httpd->client->get('/open/who') for 1 .. 2;
    my @kept = glob $httpd->dir . '/cache/*';
    cmp_ok scalar @kept, '>', 0, "CacheQuickHandler $quick: an open page is kept, so the cache works";
    $httpd->stop;
}

SKIP: {
    skip 'nginx is not installed', 1 if !Front::program('nginx');
    my $httpd = httpd(section => 'NTLMPersistence request');
    my $front = Front->nginx_cache($httpd->{port}, '200 1h');
    keeps_nothing($httpd, $front->{port}, 'nginx with proxy_cache');
    $httpd->client($front->{port})->get('/open/who');
    is $httpd->client($front->{port})->get('/open/who')->header('X-Cache'), 'HIT', 'nginx: an open page is kept';
}

done_testing;
