#!/usr/bin/perl
# A browser behind a proxy that asks for NTLM: pages over http and, through tunnels, https.
use strict;
use warnings;
use FindBin qw($Bin);
use lib "$Bin/../lib";
use Chromium;
use ForwardProxy;
use Test::More;

plan skip_all => $_ for ForwardProxy::missing(), Chromium::missing();
plan skip_all => 'openssl is not installed' if `openssl version 2>/dev/null` !~ /OpenSSL/;

my $origin = ForwardProxy::origin();
my $tls    = PrivateHttpd->new(scheme => 'https', modules => ['ssl']);
$tls->{text} = $tls->certificate;
$tls->start;

# A host that the proxy alone knows.
my $remote = qq{ProxyRemote "http://intranet.test" "@{[$origin->url('')]}"\n};

# The lines of the access log about our pages; the browser asks for more.
sub lines {
    my ($proxy) = @_;
    open my $log, '<', $proxy->dir . '/access.log' or die $!;
    return grep { m{GET http://intranet\.test/ |CONNECT 127} } <$log>;
}

my $proxy = ForwardProxy::proxy($origin, connect => [$tls->{port}], text => $remote);
for my $url ('http://intranet.test/', $tls->url('/')) {
    my ($what) = $url =~ /^(\w+)/;
    like Chromium::visit($url, 'alice', 'Secr3t!pw', $proxy->url('')), qr/^the protected page\n(?:.*\n)*HTTP 200$/,
        "Chromium gets a page over $what";
    my $said = Chromium::visit($url, 'alice', 'wrong', $proxy->url(''));
    unlike $said, qr/the protected page|HTTP 200/, '... not with a wrong password';
    like $said, qr/\S/, '... of which it says something';
}
$proxy->access_log(map { (qr{1\.1 $_ \S+ 200 alice ok$}m, qr{1\.1 $_ \S+ 407 - wrong-password$}m) } qw(GET CONNECT));
$proxy->stop;
for my $method (qw(GET CONNECT)) {
    ok scalar(grep { /1\.1 $method \S+ 200 alice ok$/ } lines($proxy)), "$method was served as alice";
    ok scalar(grep { /1\.1 $method \S+ 407 - wrong-password$/ } lines($proxy)), '... and refused';
}
is_deeply [grep { / 200 / && !/ 200 alice ok$/ } lines($proxy)], [], 'nothing was served to anybody else';

# ---- a proxy that is spoken to over TLS, and so with HTTP/2 ----
SKIP: {
    skip 'mod_http2 does nothing under prefork', 7 if $proxy->{mpm} eq 'prefork';
    skip 'there is no mod_http2', 7 if !-e PrivateHttpd::module_folder() . '/mod_http2.so';
    $proxy = ForwardProxy::proxy($origin, connect => [$tls->{port}], protocols => 'h2 http/1.1',
        text => "${remote}H2ProxyRequests on\n");
    for my $url ('http://intranet.test/', $tls->url('/')) {
        like Chromium::visit($url, 'alice', 'Secr3t!pw', $proxy->url('')),
            qr/^the protected page\n(?:.*\n)*HTTP 200$/, "Chromium gets a page of @{[$url =~ /^(\w+)/]} through a proxy with TLS";
    }
    my $said = Chromium::visit('http://intranet.test/', 'alice', 'wrong', $proxy->url(''));
    unlike $said, qr/the protected page|HTTP 200/, '... not with a wrong password';
    $proxy->access_log(qr{^HTTP/2\.0 CONNECT}m, qr{^HTTP/1\.1 .* 200 alice ok$}m, qr{^HTTP/1\.1 .* 407 - wrong-password$}m);
    $proxy->stop;
    my @lines = lines($proxy);
    my @refused = sort map { /^HTTP\/2\.0 (\w+) .* 403 - http11-required$/ } @lines;
    is_deeply [@refused[0, -1]], [qw(CONNECT GET)], '... asks over HTTP/2 at first';
    is_deeply [grep { /^HTTP\/2/ && !/ 403 - http11-required$/ } @lines], [], '... where it gets nothing';
    ok scalar(grep { /^HTTP\/1\.1 .* 200 alice ok$/ } @lines), '... and logs in over HTTP/1.1';
    ok scalar(grep { /^HTTP\/1\.1 .* 407 - wrong-password$/ } @lines), '... or does not';
}

done_testing;
