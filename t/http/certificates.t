#!/usr/bin/perl
# Which certificate a channel binding must match: the one that this very connection was
# shown, of those that the server has for several names and several kinds of keys.
use strict;
use warnings;
use FindBin qw($Bin);
use lib "$Bin/../lib";
use Certificates;
use Guarded;
use Test::More;

if (my $why = Certificates::missing()) { plan skip_all => $why }
require NTLM::TLS;

my %PLACES = ('/' => 'NTLMExtendedProtection require');
my ($OK, $MISMATCH) = ('200 ok binding=ok', '401 binding-mismatch binding=wrong');
my ($RSA, $ECDSA) = (
    {'TLSv1_2' => {SSL_cipher_list => 'ECDHE-RSA-AES128-GCM-SHA256'},   'TLSv1_3' => 'RSA-PSS+SHA256'},
    {'TLSv1_2' => {SSL_cipher_list => 'ECDHE-ECDSA-AES128-GCM-SHA256'}, 'TLSv1_3' => 'ECDSA+SHA256'},
);

# A connection that gets the certificate of that kind.
sub tls {
    my ($httpd, $version, $kind, %more) = @_;
    my %tls = (SSL_version => $version, %{delete $more{tls} // {}});
    return NTLM::TLS->new(port => $httpd->{port}, tls => {%tls, %{$kind->{$version}}}, %more)
        if $kind && ref $kind->{$version};
    return NTLM::TLS->new(port => $httpd->{port}, tls => \%tls, $kind ? (sigalgs => $kind->{$version}) : (), %more);
}

# ---- two kinds of keys for one name ----
for my $order ('RSA first', 'ECDSA first') {
    my @kinds = (['rsa', 'rsa:2048'], ['ecdsa', 'ec']);
    @kinds = reverse @kinds if $order ne 'RSA first';
    my $httpd = Guarded->new(modules => ['ssl'], places => \%PLACES,
        text => sub { my ($dir) = @_; join '', "SSLEngine on\n", map { Certificates::make($dir, @$_) } @kinds });
    my %binding = map { $_ => Certificates::binding($httpd->dir . "/$_.pem") } qw(rsa ecdsa);
    for my $version (qw(TLSv1_2 TLSv1_3)) {
        for my $mine (qw(rsa ecdsa)) {
            my $other = $mine eq 'rsa' ? 'ecdsa' : 'rsa';
            my @asked = ($httpd, $version, $mine eq 'rsa' ? $RSA : $ECDSA);
            is tls(@asked)->binding, $binding{$mine}, "$order, $version: a client that asks for $mine sees it";
            is $httpd->attempt(tls(@asked), '/', binding => $binding{$mine}), $OK, '... its binding is the right one';
            is $httpd->attempt(tls(@asked), '/', binding => $binding{$other}), $MISMATCH, '... that of the other is not';
            like $httpd->attempt(tls(@asked), '/', binding => $binding{$mine}, nt_hash => '0' x 32),
                qr/^401 wrong-password/, '... nor is a wrong password';
        }
    }
}

# ---- two names ----
{
    my $names = Guarded->new(modules => ['ssl'], places => \%PLACES, text => sub {
        my ($dir) = @_;
        return join '', map {
            "<VirtualHost 127.0.0.1:\@PORT\@>\nServerName $_.test\nSSLEngine on\n"
                . Certificates::make($dir, $_, 'ec') . "</VirtualHost>\n"
        } qw(first second);
    });
    my %binding = map { $_ => Certificates::binding($names->dir . "/$_.pem") } qw(first second);
    for my $name (qw(first second)) {
        my $other = $name eq 'first' ? 'second' : 'first';
        my $asked = sub { NTLM::TLS->new(port => $names->{port}, name => "$name.test", vhost => "$name.test") };
        is $names->attempt($asked->(), '/', binding => $binding{$name}), $OK, "$name.test has a certificate of its own";
        is $names->attempt($asked->(), '/', binding => $binding{$other}), $MISMATCH, "... not that of $other.test";
    }
    my $mixed = NTLM::TLS->new(port => $names->{port}, name => 'first.test', vhost => 'second.test');
    unlike $names->attempt($mixed, '/', binding => $binding{second}), qr/^200/,
        'whoever asks for the one name and sends the Host of the other is not bound to the other';
}

# ---- kinds of signatures ----
my @SIGNATURES = (
    # key, more options, the digest of its binding, what is another one's
    ['RSA with SHA-1',          'rsa:2048', ['-sha1'],   'sha256'],
    ['RSA with SHA-256',        'rsa:2048', ['-sha256'], 'sha256', 'sha384'],
    ['RSA with SHA-384',        'rsa:2048', ['-sha384'], 'sha384', 'sha256'],
    ['RSA with SHA-512',        'rsa:2048', ['-sha512'], 'sha512', 'sha256'],
    ['ECDSA with SHA-384',      'ec',       ['-sha384'], 'sha384', 'sha256'],
    ['RSASSA-PSS with SHA-384', 'rsa:2048', [qw(-sha384 -sigopt rsa_padding_mode:pss)], 'sha384', 'sha256'],
    ['RSASSA-PSS with SHA-256', 'rsa-pss',  ['-sha256'], 'sha256', 'sha384'],
    ['Ed25519',                 'ed25519',  [],          'sha256', 'sha512'],
);
for my $signature (@SIGNATURES) {
    my ($what, $key, $options, $digest, $wrong) = @$signature;
    my $made = 1;
    # SHA-1 is a certificate of the past, which OpenSSL shows at a lower level of security.
    my $httpd = eval {
        Guarded->new(modules => ['ssl'], places => \%PLACES, text => sub {
            my $lines = Certificates::make($_[0], 'one', $key, @$options);
            $made = defined $lines;
            return "SSLEngine on\nSSLCipherSuite ALL:\@SECLEVEL=0\n" . ($lines // '');
        });
    };
    SKIP: {
        skip "this OpenSSL makes no certificate of $what", 1 + defined $wrong if !$made;
        skip "httpd takes no key of $what", 1 + defined $wrong if !$httpd && $key eq 'ed25519';
        is $httpd->attempt(NTLM::TLS->new(port => $httpd->{port}), '/',
            binding => Certificates::binding($httpd->dir . '/one.pem', $digest)), $OK, "$what: the binding is of $digest";
        is $httpd->attempt(NTLM::TLS->new(port => $httpd->{port}), '/',
            binding => Certificates::binding($httpd->dir . '/one.pem', $_)), $MISMATCH, "... not of $_" for $wrong // ();
    }
}

done_testing;
