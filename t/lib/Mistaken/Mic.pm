package Mistaken::Mic;

# What the MIC covers, with which key, and where it stands (MS-NLMP 3.1.5.1.2); the session key.

use strict;
use warnings;
use Digest::MD4 qw(md4);
use Digest::MD5 qw(md5);
use Digest::SHA qw(hmac_sha256);
use MIME::Base64 qw(encode_base64);
use Mistaken qw(the right);
use NTLM::Message qw(hmac_md5 rc4);

# A client that neither signs nor seals, so that no key is exchanged.
my @PLAIN = (type1_flags => 0xa2088207);

sub put { my ($message, $at, $bytes) = @_; substr($message, $at, length $bytes) = $bytes; return $message }

# The message without its field of the MIC.
sub cut { my $message = the 'unsigned'; substr($message, the('header_len') - 16, 16) = ''; return $message }

our @ROWS = (
    ['MIC all zeros', 'bad-mic', 'mic-zero', mic => "\0" x 16],
    ['the field cut out instead of zeroed', 'bad-mic', 'mic-field-cut-out', mic_input => sub { the('type1') . the('type2') . cut() }],
    ['Type 1 left out', 'bad-mic', 'mic-without-type1', mic_input => sub { the('type2') . the 'unsigned' }],
    ['only Type 3', 'bad-mic', 'mic-over-type3-only', mic_input => sub { the 'unsigned' }],
    ['MIC over base64', 'bad-mic', 'mic-over-base64', mic_input => sub { join '', map { encode_base64(the($_), '') } qw(type1 type2 unsigned) }],
    ['MIC keyed with NTOWFv2', 'bad-mic', 'mic-key-ntowfv2', mic_key => sub { the 'ntowfv2' }],
    ['MIC keyed with the NT hash', 'bad-mic', 'mic-key-nt-hash', mic_key => sub { the 'nt_hash' }],
    ['the random key sent without RC4', 'bad-mic', 'mic-key-as-sent', key => sub { the 'session_key' }],
    ['MIC keyed with the base key, a random key exchanged', 'bad-mic', 'mic-key-session-base-key', mic_key => sub { the 'base_key' }],
    ['MIC keyed with the encrypted key', 'bad-mic', 'mic-key-as-sent', mic_key => sub { the 'key' }],
    ['the random key encrypted with NTOWFv2', 'bad-mic', 'session-key-under-ntowfv2', key => sub { rc4(the('ntowfv2'), the 'session_key') }],
    ['Type 2 left out', 'bad-mic', 'mic-without-type2', mic_input => sub { the('type1') . the 'unsigned' }],
    ['Types 2 and 1 changed about', 'bad-mic', 'mic-type2-first', mic_input => sub { the('type2') . the('type1') . the 'unsigned' }],
    ['MIC with MD5', 'bad-mic', 'mic-md5', mic => sub { md5(the('mic_key') . the 'mic_input') }],
    ['MIC with HMAC-SHA-256, cut', 'bad-mic', 'mic-hmac-sha256', mic => sub { substr hmac_sha256(the('mic_input'), the 'mic_key'), 0, 16 }],
    ['its field is 0xff while it is made', 'bad-mic', 'mic-field-not-zeroed', mic_input => sub { the('type1') . the('type2') . put(the('unsigned'), 72, "\xff" x 16) }],
    ['MIC over a Type 1 without its Version', 'bad-mic', 'mic-over-type1-without-version', mic_input => sub { substr(the('type1'), 0, 32) . the('type2') . the 'unsigned' }],
    ['the Version filled in after signing', 'bad-mic', 'version-after-mic', mic_input => sub { the('type1') . the('type2') . put(the('unsigned'), 64, "\0" x 8) }],
    ['MIC without a key', 'bad-mic', 'mic-md5-unkeyed', mic => sub { md5(the 'mic_input') }],
    ['the random key encrypted with the NT hash', 'bad-mic', 'session-key-under-nt-hash', key => sub { rc4(the('nt_hash'), the 'session_key') }],
    ['MIC over a Type 1 with other flags', 'bad-mic', 'mic-over-other-type1', mic_input => sub { put(the('type1'), 12, pack 'V', the('type1_flags') ^ 0x40000000) . the('type2') . the 'unsigned' }],
    ['the workstation changed after signing', 'bad-mic', '', type3 => sub { right() =~ s/W\0I\0N\0D\0/T\0U\0D\0O\0/r }],
    ['MIC at 64, where the Version belongs', 'bad-mic', 'mic-before-version', version => "\0" x 8, type3 => sub { put(the('unsigned'), 64, the 'mic') }],
    ['Type 1 left out, keyed with NTOWFv2', 'bad-mic', 'mic-without-type1+mic-key-ntowfv2', mic_input => sub { the('type2') . the 'unsigned' }, mic_key => sub { the 'ntowfv2' }],
    ['the field cut out, keyed with the base key', 'bad-mic', 'mic-field-cut-out+mic-key-session-base-key',
        mic_input => sub { the('type1') . the('type2') . cut() }, mic_key => sub { the 'base_key' }],
    ['a random MIC', 'bad-mic', '', mic => 'sixteen letters!'],
    ['a key exchanged although not negotiated', 'bad-mic', 'session-key-unasked mic-key-unasked', @PLAIN,
        session_key => sub { Mistaken::Steps::random_bytes(16) }, key => sub { rc4(the('base_key'), the 'session_key') }],
    ['bytes appended behind the message after signing', 'bad-mic', 'bytes-after-mic', type3 => sub { right() . "appended" }],
    ['flags changed after signing', 'bad-mic', 'flags-after-mic', type3 => sub { put(right(), 60, pack 'V', the('flags') ^ 0x4) }],
    ['no MIC field although announced', 'mic-missing', 'mic-field-missing', header_len => 72, type3 => sub { the 'unsigned' }],
    ['no VERSION field', 'mic-missing', 'mic-without-version', version => ''],
    ['no key with KEY_EXCH', 'bad-session-key', 'session-key-missing', key => ''],
    ['a key of 8 bytes', 'bad-session-key', 'session-key-length', key => sub { substr right, 0, 8 }],
    ['MsvAvFlags big endian', 'ok', 'av-flags-big-endian', av_flags => pack('N', 2)],
    ['no MIC at all although a time stamp came', 'ok', 'mic-left-out?', has_mic => 0, lm => "\0" x 24],
    ['SessionBaseKey as for NTLMv1', 'bad-mic', 'session-base-key-ntlmv1', base_key => sub { md4(the 'nt_hash') }],
    ['SessionBaseKey of the whole response', 'bad-mic', 'session-base-key-over-response', base_key => sub { hmac_md5(the('ntowfv2'), the 'nt') }],
    ['SessionBaseKey made with the NT hash', 'bad-mic', 'session-base-key-under-nt-hash', base_key => sub { hmac_md5(the('nt_hash'), the 'proof') }],
    ['MIC keyed with the signing key', 'bad-mic', 'mic-key-signing-key',
        mic_key => sub { md5(the('session_key') . "session key to client-to-server signing key magic constant\0") }],
    ['MIC in hex, cut', 'bad-mic', 'mic-hex', mic => sub { substr unpack('H*', right), 0, 16 }],
    ['the random key filled in after signing', 'bad-mic', 'session-key-after-mic',
        mic_input => sub { my ($message, $key) = (the('unsigned'), the 'key'); $message =~ s/\Q$key\E/"\0" x 16/e; the('type1') . the('type2') . $message }],
    ['a trailing NUL behind the message', 'bad-mic', 'bytes-after-mic', type3 => sub { right() . "\0" }],
);

1;
