package Mistaken::Binding;

# Channel bindings that do not fit their channel (RFC 5929, MS-NLMP 3.1.5.1.2).

use strict;
use warnings;
use Digest::MD5 qw(md5);
use Digest::SHA qw(sha1 sha256 sha512);
use MIME::Base64 qw(encode_base64);
use Mistaken qw(the right);

my @OVER_TLS = (place => '/epa/allow');

our @ROWS = map { my ($title, $status, $ids, @steps) = @$_; [$title, $status, $ids, @OVER_TLS, @steps] } (
    ['no gss_channel_bindings_struct around it', 'binding-mismatch', 'binding-without-struct', binding_struct => sub { the 'binding_data' }],
    ['no colon in the prefix', 'binding-mismatch', 'binding-without-colon', binding_data => sub { 'tls-server-end-point' . the 'certificate_hash' }],
    ['SHA-1 of the certificate', 'binding-mismatch', 'binding-sha1', certificate_hash => sub { sha1(the 'certificate') }],
    ['the digest in hex', 'binding-mismatch', 'binding-hex', certificate_hash => sub { unpack 'H*', right }],
    ['PEM hashed', 'binding-mismatch', 'binding-pem', certificate_hash => sub { sha256(the('connection')->pem) }],
    ['SHA-256 cut to 16 bytes', 'binding-mismatch', 'binding-is-hash', binding => sub { substr the('certificate_hash'), 0, 16 }],
    ['SHA-512 of the certificate', 'binding-mismatch', 'binding-sha512', certificate_hash => sub { sha512(the 'certificate') }],
    ['MD5 of the certificate', 'binding-mismatch', 'binding-md5', certificate_hash => sub { md5(the 'certificate') }],
    ['the digest in upper-case hex', 'binding-mismatch', 'binding-hex-upper', certificate_hash => sub { uc unpack 'H*', right }],
    ['the digest in base64', 'binding-mismatch', 'binding-base64', certificate_hash => sub { encode_base64(right, '') }],
    ['no prefix at all', 'binding-mismatch', 'binding-without-prefix', binding_data => sub { the 'certificate_hash' }],
    ['the prefix in upper case', 'binding-mismatch', 'binding-prefix-upper-cased', binding_data => sub { 'TLS-SERVER-END-POINT:' . the 'certificate_hash' }],
    ['the certificate itself, not its hash', 'binding-mismatch', 'binding-not-hashed', certificate_hash => sub { the 'certificate' }],
    ['big-endian lengths in the struct', 'binding-mismatch', 'binding-struct-big-endian', binding_struct => sub { pack 'N4 N/a*', 0, 0, 0, 0, the 'binding_data' }],
    ['the struct without its addresses', 'binding-mismatch', 'binding-struct-without-addresses', binding_struct => sub { pack 'V/a*', the 'binding_data' }],
    ['GSS_C_AF_NULLADDR for the addresses', 'binding-mismatch', 'binding-struct-null-address', binding_struct => sub { pack 'V4 V/a*', 255, 0, 255, 0, the 'binding_data' }],
    ['the struct as it lies in memory', 'binding-mismatch', 'binding-struct-64-bit', binding_struct => sub { pack 'Q<4 Q</a*', 0, 0, 0, 0, the 'binding_data' }],
    ['the struct of SSPI', 'binding-mismatch', 'binding-struct-of-windows', binding_struct => sub { pack 'V6 V2 a*', (0) x 6, length the('binding_data'), 32, the 'binding_data' }],
    ['the prefix of tls-unique', 'binding-mismatch', 'binding-prefix-tls-unique', binding_data => sub { 'tls-unique:' . the 'certificate_hash' }],
    ['SHA-256 over the struct, cut', 'binding-mismatch', 'binding-struct-sha256', binding => sub { substr sha256(the 'binding_struct'), 0, 16 }],
    ['SHA-1 of the certificate, no struct', 'binding-mismatch', 'binding-sha1+binding-without-struct',
        certificate_hash => sub { sha1(the 'certificate') }, binding_struct => sub { the 'binding_data' }],
    ['no colon, and the digest in hex', 'binding-mismatch', 'binding-without-colon+binding-hex',
        binding_data => sub { 'tls-server-end-point' . unpack 'H*', the 'certificate_hash' }],
    ['sixteen random bytes', 'binding-mismatch', '', binding => 'sixteen letters!'],
    ['tls-unique', 'binding-mismatch', 'binding-tls-unique', tls_version => 'TLSv1_2',
        binding_data => sub { 'tls-unique:' . the('connection')->first_finished }],
    ['another certificate', 'binding-mismatch', 'binding-other-certificate', certificate => sub { the('ca') }],
    ['another certificate, and no colon', 'binding-mismatch', 'binding-other-certificate+binding-without-colon', certificate => sub { the('ca') },
        binding_data => sub { 'tls-server-end-point' . the 'certificate_hash' }],
    ['16 zero bytes over TLS', 'ok', 'binding-zero-over-tls', binding => "\0" x 16],
    ['32 bytes', 'malformed', 'binding-length', binding => sub { the 'certificate_hash' }],
    ['none where required', 'binding-required', 'binding-left-out', place => '/epa/require', binding => undef],
);

1;
