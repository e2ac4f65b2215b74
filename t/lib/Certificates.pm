package Certificates;

# Self-signed certificates of several kinds, and the channel bindings of RFC 5929 that
# belong to them.
#
#   my $lines = Certificates::make($httpd->dir, 'rsa', 'rsa:2048', '-sha384');   # rsa.pem, rsa.key
#   my $binding = Certificates::binding("$dir/rsa.pem", 'sha384');               # 16 bytes

use strict;
use warnings;
use Digest::MD5 qw(md5);
use Digest::SHA qw(sha256 sha384 sha512);
use MIME::Base64 qw(decode_base64);

my %HASH = (sha256 => \&sha256, sha384 => \&sha384, sha512 => \&sha512);
my %KEY  = (ec => 'ec -pkeyopt ec_paramgen_curve:prime256v1', 'rsa-pss' => 'rsa-pss -pkeyopt rsa_keygen_bits:2048');

# What a test with TLS needs and does not find; nothing if all is there.
sub missing {
    return 'there is no mod_ssl' if !-e PrivateHttpd::module_folder() . '/mod_ssl.so';
    return 'openssl is not installed' if `openssl version 2>/dev/null` !~ /OpenSSL/;
    return 'IO::Socket::SSL is not installed' if !eval { require IO::Socket::SSL };
    return;
}

# Makes NAME.pem and NAME.key in the folder, for 127.0.0.1 and localhost; key: ec, rsa:2048,
# ed25519, rsa-pss. More options are those of openssl req. Gives the directives that use
# them; undef if this OpenSSL does not know such a key or signature.
sub make {
    my ($dir, $name, $key, @options) = @_;
    my @key = split / /, $KEY{$key} // $key;
    open my $said, '-|', 'sh', '-c', 'exec "$@" 2>&1', 'sh', qw(openssl req -x509 -days 2 -nodes -newkey), @key,
        '-subj', "/CN=$name", '-addext', 'subjectAltName=IP:127.0.0.1,DNS:localhost',
        '-keyout', "$dir/$name.key", '-out', "$dir/$name.pem", @options
        or die "openssl: $!\n";
    my $text = do { local $/; <$said> };
    return if !close $said;
    return "SSLCertificateFile $dir/$name.pem\nSSLCertificateKeyFile $dir/$name.key\n";
}

sub der {
    my ($path) = @_;
    open my $in, '<', $path or die "$path: $!\n";
    my $pem = do { local $/; <$in> };
    my ($base64) = $pem =~ /-----BEGIN CERTIFICATE-----(.*?)-----END/s or die "$path holds no certificate\n";
    return decode_base64($base64);
}

# Of a certificate's hash: MD5 over gss_channel_bindings_struct, which names no addresses.
sub binding_of_hash {
    my ($hash) = @_;
    return md5(pack('V4 V/a*', 0, 0, 0, 0, "tls-server-end-point:$hash"));
}

sub binding {
    my ($path, $digest) = @_;
    return binding_of_hash($HASH{$digest // 'sha256'}->(der($path)));
}

1;
