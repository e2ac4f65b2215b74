#!/usr/bin/perl
# A resumed TLS session shows no certificate: the client's binding is of the one that it saw
# before. A server with one certificate knows it; one with two is told both by
# NTLMServerCertificate.
use strict;
use warnings;
use FindBin qw($Bin);
use lib "$Bin/../lib";
use Certificates;
use Guarded;
use Test::More;

if (my $why = Certificates::missing()) { plan skip_all => $why }
require NTLM::TLS;

my ($OK, $MISMATCH) = ('200 ok binding=ok', '401 binding-mismatch binding=wrong');
my %ONLY = (
    rsa   => {TLSv1_2 => [tls => {SSL_cipher_list => 'ECDHE-RSA-AES128-GCM-SHA256'}],   TLSv1_3 => [sigalgs => 'RSA-PSS+SHA256']},
    ecdsa => {TLSv1_2 => [tls => {SSL_cipher_list => 'ECDHE-ECDSA-AES128-GCM-SHA256'}], TLSv1_3 => [sigalgs => 'ECDSA+SHA256']},
);

# Two connections of one client, the second of which resumes the session of the first.
# Gives the second, and the binding that the client has seen.
sub resumed {
    my ($httpd, $version, $kind) = @_;
    my %asked = $kind ? @{$ONLY{$kind}{$version}} : ();
    my %tls   = (%{$asked{tls} // {}}, SSL_version => $version);
    my @same  = $asked{sigalgs} ? (SSL_create_ctx_callback => sub { NTLM::TLS::set_sigalgs($_[0], $asked{sigalgs}) }) : ();
    my $context = IO::Socket::SSL::SSL_Context->new(%tls, @same, SSL_verify_mode => 0, SSL_session_cache_size => 5);
    my $first = NTLM::TLS->new(port => $httpd->{port}, tls => {SSL_reuse_ctx => $context});
    my $seen  = $first->binding;
    $first->get('/');    # TLS 1.3 sends its tickets with the first answer
    $first->close;
    my $second = NTLM::TLS->new(port => $httpd->{port}, tls => {SSL_reuse_ctx => $context});
    ok $second->is_resumed, "$version" . ($kind ? ", $kind" : '') . ': the session is resumed';
    return ($second, $seen);
}

# ---- one certificate ----
my $one = Guarded->new(modules => ['ssl'], places => {'/' => 'NTLMExtendedProtection require'},
    text => sub { "SSLEngine on\n" . Certificates::make($_[0], 'own', 'ec') });
Certificates::make($one->dir, 'foreign', 'ec');
for my $version (qw(TLSv1_2 TLSv1_3)) {
    my ($connection, $binding) = resumed($one, $version);
    is $one->attempt($connection, '/', binding => $binding), $OK, '... and the only certificate is the right one';
    ($connection) = resumed($one, $version);
    is $one->attempt($connection, '/', binding => Certificates::binding($one->dir . '/foreign.pem')), $MISMATCH,
        '... a foreign one is not';
    ($connection) = resumed($one, $version);
    like $one->attempt($connection, '/'), qr/^401 binding-required/, '... and one must be there';
}
$one->stop;

# ---- two certificates ----
for my $order ([qw(rsa ecdsa)], [qw(ecdsa rsa)]) {
    my %key = (rsa => 'rsa:2048', ecdsa => 'ec');
    my $httpd = Guarded->new(modules => ['ssl'],
        places => {'/' => "NTLMExtendedProtection require\nNTLMServerCertificate \@DIR\@/rsa.pem \@DIR\@/ecdsa.pem"},
        text => sub { my ($dir) = @_; join '', "SSLEngine on\n", map { Certificates::make($dir, $_, $key{$_}) } @$order });
    Certificates::make($httpd->dir, 'foreign', 'ec');
    for my $version (qw(TLSv1_2 TLSv1_3)) {
        for my $kind (@$order) {
            my ($connection, $binding) = resumed($httpd, $version, $kind);
            is unpack('H*', $binding), unpack('H*', Certificates::binding($httpd->dir . "/$kind.pem")),
                "... the client had seen the $kind certificate";
            is $httpd->attempt($connection, '/', binding => $binding), $OK,
                "... @$order, both listed: it is the right one";
            ($connection) = resumed($httpd, $version, $kind);
            is $httpd->attempt($connection, '/', binding => Certificates::binding($httpd->dir . '/foreign.pem')),
                $MISMATCH, '... a foreign one is not';
        }
    }
    $httpd->stop;
}

done_testing;
