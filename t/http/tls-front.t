#!/usr/bin/perl
# TLS that ends in front of httpd: clients are bound to the front end's certificate, which
# NTLMServerCertificate tells httpd. Without it nobody gets in where a binding is required.
use strict;
use warnings;
use FindBin qw($Bin);
use lib "$Bin/../lib";
use Certificates;
use Front;
use Guarded;
use Test::More;

if (my $why = Certificates::missing()) { plan skip_all => $why }
require NTLM::TLS;

my ($OK, $MISMATCH, $UNKNOWN) =
    ('200 ok binding=ok', '401 binding-mismatch binding=wrong', '401 binding-unknown binding=unchecked');
my @NGINX = (defined Front::nginx_stream() && Front::program('nginx')
    ? ['nginx', sub { Front->nginx_tcp(<<'TEXT', @_) }]
server {
    listen 127.0.0.1:@PORT@ ssl;
    ssl_certificate @CERTIFICATE@.pem;
    ssl_certificate_key @CERTIFICATE@.key;
    proxy_pass 127.0.0.1:@BACKEND@;
}
TEXT
    : ());
my @HAPROXY = (Front::program('haproxy')
    ? ['haproxy', sub { Front->haproxy(<<'TEXT', @_) }]
listen intranet
    mode tcp
    bind 127.0.0.1:@PORT@ ssl crt @CERTIFICATE@.both
    server web 127.0.0.1:@BACKEND@
TEXT
    : ());
my @FRONTS = (@NGINX, @HAPROXY);
plan skip_all => 'neither nginx with stream nor haproxy is installed' if !@FRONTS;

my %PLACES = (
    '/require' => 'NTLMExtendedProtection require',
    '/allow'   => 'NTLMExtendedProtection allow',
    '/listed'  => "NTLMExtendedProtection require\nNTLMServerCertificate front.pem",
    '/allow-listed' => 'NTLMServerCertificate front.pem',
    '/others'  => "NTLMExtendedProtection require\nNTLMServerCertificate foreign.pem",
    '/several' => "NTLMExtendedProtection require\nNTLMServerCertificate \@DIR\@/foreign.pem \"\@DIR\@/front.pem\"",
);

sub guarded {
    my (%more) = @_;
    return Guarded->new(%more, places => \%PLACES, text => sub {
        my ($dir) = @_;
        Certificates::make($dir, $_, 'ec') for qw(front foreign own);
        return ($more{text} // '') =~ s/\@OWN\@/$dir\/own/gr;
    });
}

my $httpd   = guarded();
my %binding = map { $_ => Certificates::binding($httpd->dir . "/$_.pem") } qw(front foreign);
my $dir     = $httpd->dir;
system("cat $dir/front.pem $dir/front.key >$dir/front.both") == 0 or die 'front.both';
for (@FRONTS) {
    my ($name, $start) = @$_;
    my $front = $start->(BACKEND => $httpd->{port}, CERTIFICATE => "$dir/front");
    my $login = sub {
        my ($place, @more) = @_;
        my $seen       = length $httpd->error_log;
        my $connection = NTLM::TLS->new(port => $front->{port});
        my $response   = $connection->login("$place/", user => 'alice', domain => 'CORP',
            nt_hash => 'd9fe524deb5705ac74ea341ff18afe93', @more);
        # httpd sees another port than ours: its line is the last one
        my ($text, $bound) = (substr($httpd->error_log, $seen) =~ / ntlm: ([a-z0-9-]+): .* binding=([a-z]+) /g)[-2, -1];
        my $shown = $response->body =~ /the protected page/ ? 'the page' : 'nothing';
        return join ' ', $response->status, $text, "binding=$bound", $shown;
    };
    is $login->('/listed', binding => $binding{front}), "$OK the page", "$name in front: NTLMServerCertificate lets in";
    is $login->('/several', binding => $binding{front}), "$OK the page", '... also as one of several';
    is $login->('/allow-listed', binding => $binding{front}), "$OK the page", '... also where no binding is required';
    is $login->('/listed'), '401 binding-required binding=absent nothing', '... not without a binding';
    is $login->('/listed', binding => $binding{foreign}), "$MISMATCH nothing", '... not with that of another certificate';
    is $login->('/allow-listed', binding => $binding{foreign}), "$MISMATCH nothing", '... nor where none is required';
    is $login->('/listed', binding => $binding{front}, nt_hash => '0' x 32),
        '401 wrong-password binding=unchecked nothing', '... not with a wrong password';
    is $login->('/require', binding => $binding{front}), "$UNKNOWN nothing", '... without NTLMServerCertificate nobody gets in';
    is $login->('/require'), '401 binding-unknown binding=absent nothing', '... whatever is sent';
    is $login->('/others', binding => $binding{front}), "$MISMATCH nothing", '... nor with a certificate that is not the one';
    is $login->('/allow', binding => $binding{front}), '200 ok binding=unchecked the page',
        '... where it is not required, it is not checked, and the log says so';
    $front->stop;
}
$httpd->stop;

# ---- httpd with TLS of its own: its certificate and the listed ones ----
$httpd = guarded(modules => ['ssl'], text => "SSLEngine on\nSSLCertificateFile \@OWN\@.pem\nSSLCertificateKeyFile \@OWN\@.key\n");
my %of = map { $_ => Certificates::binding($httpd->dir . "/$_.pem") } qw(front own foreign);
for my $case (['own', $OK], ['front', $OK], ['foreign', $MISMATCH]) {
    my ($name, $verdict) = @$case;
    is $httpd->attempt(NTLM::TLS->new(port => $httpd->{port}), '/listed', binding => $of{$name}), $verdict,
        "a server with TLS of its own, and another certificate listed: the binding of $name";
}
is $httpd->attempt(NTLM::TLS->new(port => $httpd->{port}), '/require', binding => $of{front}), $MISMATCH,
    '... which is accepted where it is listed only';

done_testing;
