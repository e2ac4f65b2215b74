#!/usr/bin/perl
# nginx in front, which keeps one connection to httpd for all of its clients and says so in
# X-Forwarded-For: nobody is served as another one.
use strict;
use warnings;
use FindBin qw($Bin);
use lib "$Bin/../lib";
use Behind;
use Front;
use Test::More;

plan skip_all => 'nginx is not installed' if !Front::program('nginx');

my $httpd = Behind->new;
my $nginx = Front->nginx_sharing($httpd->{port}, 'proxy_set_header X-Forwarded-For $remote_addr;');

$httpd->nobody_borrows($nginx->{port});
$httpd->nobody_becomes_another($nginx->{port});
$httpd->nobody_mixes_at_once($nginx->{port});

# ---- as nginx comes: a connection for each request ----
for my $version ('1.0', '1.1') {
    my $default = Front->nginx(<<'TEXT', BACKEND => $httpd->{port}, VERSION => $version);
server {
    listen 127.0.0.1:@PORT@;
    location / {
        proxy_pass http://127.0.0.1:@BACKEND@;
        proxy_http_version @VERSION@;
    }
}
TEXT
    $httpd->nobody_can_log_in($default->{port}, "without keepalive nobody can log in (HTTP/$version)");
}

done_testing;
