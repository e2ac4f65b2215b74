#!/usr/bin/perl
# Real clients where a channel binding is required: who sends one logs in, who does not is
# refused for that, and behind a TLS front end only NTLMServerCertificate lets them in.
use strict;
use warnings;
use FindBin qw($Bin);
use lib "$Bin/../lib";
use Certificates;
use Chromium;
use Front;
use Guarded;
use Test::More;

if (my $why = Certificates::missing()) { plan skip_all => $why }
my $PYTHON = '/usr/bin/python3';
my $CONF   = "OPENSSL_CONF=$Bin/../clients/scripts/legacy.cnf";

sub no_requests_ntlm {
    return 'python3-requests-ntlm is not installed'
        if system("$PYTHON -c 'import requests_ntlm' >/dev/null 2>&1") != 0;
    return;
}

# What each of them prints: the page, and its status in the last line.
sub requests_ntlm {
    my ($url, @account) = @_;
    open my $out, '-|', 'env', $CONF, 'timeout', 60, $PYTHON, "$Bin/programs/requests-ntlm", $url, @account
        or die "$PYTHON: $!\n";
    return do { local $/; <$out> } // '';
}

sub curl {
    my ($url, $user, $password) = @_;
    open my $out, '-|', qw(curl -sk --max-time 20 --noproxy * --ntlm -w), '\nHTTP %{http_code}\n', '-u', "CORP\\$user:$password", $url
        or die "curl: $!\n";
    return do { local $/; <$out> } // '';
}

my @BINDING = (
    ['Chromium',      scalar Chromium::missing(), \&Chromium::visit],
    ['requests-ntlm', scalar no_requests_ntlm(),  \&requests_ntlm],
);

my $httpd = Guarded->new(modules => ['ssl'], scheme => 'https',
    places => {'/require' => 'NTLMExtendedProtection require', '/allow' => '',
        '/listed' => "NTLMExtendedProtection require\nNTLMServerCertificate front.pem"},
    text => sub { Certificates::make($_[0], 'front', 'ec'); return "SSLEngine on\n" . Certificates::make($_[0], 'own', 'rsa:2048') });
my $front = defined Front::nginx_stream() && Front::program('nginx') && Front->nginx_tcp(<<'TEXT', DIRECTORY => $httpd->dir, BACKEND => $httpd->{port});
server {
    listen 127.0.0.1:@PORT@ ssl;
    ssl_certificate @DIRECTORY@/front.pem;
    ssl_certificate_key @DIRECTORY@/front.key;
    proxy_pass 127.0.0.1:@BACKEND@;
    proxy_ssl on;
}
TEXT

my $seen = 0;

# The statuses that the log says of logins since it was asked last, each once.
sub logged {
    my $log  = $httpd->error_log;
    my %what = map { $_ => 1 } substr($log, $seen) =~ / ntlm: ([a-z0-9-]+: .* binding=[a-z]+) /g;
    $seen = length $log;
    return join ' ', sort map { s/: .* / /r } keys %what;
}

my $GOT_IT = qr/^the protected page\n+(?:.*\n)*HTTP 200$/;

for (@BINDING) {
    my ($name, $why, $visit) = @$_;
    SKIP: {
        skip $why, 10 if $why;
        my $said = $visit->($httpd->url('/require/'), 'alice', 'Secr3t!pw');
        like $said, $GOT_IT, "$name logs in where a binding is required";
        like logged(), qr/^ok binding=ok$/, '... with the right one';
        $said = $visit->($httpd->url('/require/'), 'alice', 'wrong');
        unlike $said, qr/the protected page|HTTP 200/, '... not with a wrong password';
        like logged(), qr/^wrong-password binding=unchecked$/, '... which is what the log says';

        skip 'nginx with stream is not installed', 6 if !$front;
        my $base = "https://127.0.0.1:$front->{port}";
        $said = $visit->("$base/require/", 'alice', 'Secr3t!pw');
        unlike $said, qr/the protected page|HTTP 200/, "$name behind a front end with another certificate is not let in";
        is logged(), 'binding-mismatch binding=wrong', '... since its binding is of that';
        $said = $visit->("$base/listed/", 'alice', 'Secr3t!pw');
        like $said, $GOT_IT, '... and logs in where NTLMServerCertificate names it';
        is logged(), 'ok binding=ok', '... with the binding of that';
        unlike $visit->("$base/listed/", 'alice', 'wrong'), qr/the protected page|HTTP 200/, '... not with a wrong password';
        is logged(), 'wrong-password binding=unchecked', '... which is what the log says';
    }
}

unlike curl($httpd->url('/require/'), 'alice', 'Secr3t!pw'), qr/the protected page|HTTP 200/,
    'curl, which sends none, does not get in';
is logged(), 'binding-required binding=absent', '... and the log says why';
like curl($httpd->url('/allow/'), 'alice', 'Secr3t!pw'), $GOT_IT, '... where it is not required it logs in';
is logged(), 'ok binding=absent', '... without a binding';
unlike curl($httpd->url('/allow/'), 'alice', 'wrong'), qr/the protected page|HTTP 200/, '... not with a wrong password';
is logged(), 'wrong-password binding=absent', '... which is what the log says';

done_testing;
