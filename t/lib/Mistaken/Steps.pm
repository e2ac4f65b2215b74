package Mistaken::Steps;

# The values of a login of NTLMv2, in the order of MS-NLMP: from the password to the header of the
# AUTHENTICATE_MESSAGE. Each is made of others, so that a mistake in one goes on into what follows.

use strict;
use warnings;
use Digest::MD4 qw(md4);
use Digest::MD5 qw(md5);
use Digest::SHA qw(sha256);
use Encode qw(encode);
use MIME::Base64 qw(encode_base64);
use Mistaken qw(the);
use NTLM::Message qw(av_pairs hmac_md5 lmv2 parse_type2 rc4 upper utf16);

sub random_bytes { return pack 'C*', map { int rand 256 } 1 .. $_[0] }

sub has_flag { my ($flag) = @_; return (the('flags') & $flag) != 0 }

# ---- who logs in ----
Mistaken::steps(
    user        => 'alice',
    domain      => 'RABBITHOLE',
    workstation => 'WINDSOR-7',
    password    => 'Looking-Glass1',
);

# ---- NTOWFv2, 3.3.2 ----
Mistaken::steps(
    password_bytes => sub { utf16(the 'password') },
    nt_hash        => sub { md4(the 'password_bytes') },
    hash_user      => sub { upper(the 'user') },
    hash_domain    => sub { the 'domain' },
    hash_text      => sub { the('hash_user') . the('hash_domain') },
    hash_bytes     => sub { utf16(the 'hash_text') },
    ntowfv2        => sub { hmac_md5(the('nt_hash'), the 'hash_bytes') },
);

# ---- NTLMv2_CLIENT_CHALLENGE, 2.2.2.7 ----
Mistaken::steps(
    own_time         => sub { pack 'Q<', time * 10_000_000 + NTLM::Message::FROM_1601 },
    time             => sub { the('challenge')->{av}{+NTLM::Message::AV_TIMESTAMP} // the 'own_time' },
    client_challenge => sub { random_bytes(8) },
    has_mic          => sub { exists the('challenge')->{av}{+NTLM::Message::AV_TIMESTAMP} },
    av_flags         => sub { the('has_mic') ? pack 'V', NTLM::Message::MIC_IS_THERE : undef },
    spn              => undef,
    spn_bytes        => sub { defined the('spn') ? utf16(the 'spn') : undef },
    server_pairs     => sub { [map { [@$_] } @{NTLM::Message::parse_av_pairs(the('challenge')->{target_info} || av_pairs([]))}] },
    pairs            => sub {
        my @own = ([NTLM::Message::AV_FLAGS, the 'av_flags'], [NTLM::Message::AV_BINDING, the 'binding'],
            [NTLM::Message::AV_TARGET_NAME, the 'spn_bytes']);
        return [@{the 'server_pairs'}, grep { defined $_->[1] } @own];
    },
    pairs_bytes => sub { av_pairs(the 'pairs') },
    resp_type   => "\x01\x01",
    reserved    => "\0" x 6,
    trailer     => "\0" x 4,
    temp        => sub { join '', map { the $_ } qw(resp_type reserved time client_challenge), 'temp_gap', 'pairs_bytes', 'trailer' },
    temp_gap    => "\0" x 4,
);

# ---- the channel binding, RFC 5929 4 ----
Mistaken::steps(
    certificate      => sub { the('connection')->certificate },
    certificate_hash => sub { sha256(the 'certificate') },
    binding_data     => sub { 'tls-server-end-point:' . the 'certificate_hash' },
    binding_struct   => sub { pack 'V4 V/a*', 0, 0, 0, 0, the 'binding_data' },
    binding          => sub { the('tls') ? md5(the 'binding_struct') : undef },
);

# ---- the responses and keys, 3.3.2 and 3.1.5.1.2 ----
Mistaken::steps(
    challenge    => sub { parse_type2(the 'type2') },
    nonce        => sub { the('challenge')->{challenge} },
    proof_input  => sub { the('nonce') . the 'temp' },
    proof        => sub { hmac_md5(the('ntowfv2'), the 'proof_input') },
    nt           => sub { the('proof') . the 'temp' },
    lm           => sub { the('has_mic') ? "\0" x 24 : lmv2(the('ntowfv2'), the('nonce'), the 'client_challenge') },
    flags        => sub { the('challenge')->{flags} & ~(NTLM::Message::TYPE_DOMAIN | NTLM::Message::TYPE_SERVER) },
    base_key     => sub { hmac_md5(the('ntowfv2'), the 'proof') },
    exchanges    => sub { has_flag(NTLM::Message::KEY_EXCHANGE) && has_flag(NTLM::Message::SIGN | NTLM::Message::SEAL) },
    session_key  => sub { the('exchanges') ? random_bytes(16) : the 'base_key' },
    key          => sub { the('exchanges') ? rc4(the('base_key'), the 'session_key') : '' },
);

# ---- AUTHENTICATE_MESSAGE, 2.2.1.3 ----
Mistaken::steps(
    encode => sub { the('challenge')->{flags} & NTLM::Message::UNICODE ? \&utf16 : sub { encode('iso-8859-1', $_[0]) } },
    (map { my $name = $_; ("${name}_bytes" => sub { the('encode')->(the $name) }) } qw(user domain workstation)),
    parts => sub {
        return {lm => the 'lm', nt => the 'nt', key => the 'key', map { $_ => the "${_}_bytes" } qw(domain user workstation)};
    },
    version    => NTLM::Message::WINDOWS_10,
    header_len => sub { 64 + length(the 'version') + (the('has_mic') ? 16 : 0) },
    order      => sub { [qw(domain user workstation lm nt key)] },
    payload    => sub { join '', map { the('parts')->{$_} } @{the 'order'} },
    # name => [Len, MaxLen, BufferOffset]
    fields => sub {
        my ($at, %field) = (the 'header_len');
        for my $name (@{the 'order'}) {
            my $len = length the('parts')->{$name};
            $field{$name} = [$len, $len, $at];
            $at += $len;
        }
        return \%field;
    },
    field_format => 'v v V',
    type         => sub { pack 'V', 3 },
    signature    => NTLM::Message::SIGNATURE,
    head         => sub {
        my @fields = map { pack the('field_format'), @{the('fields')->{$_}} } qw(lm nt domain user workstation key);
        my $head = the('signature') . the('type') . join('', @fields) . pack('V', the 'flags') . the 'version';
        return substr $head . "\0" x 16, 0, the 'header_len';
    },
    unsigned => sub { the('head') . the 'payload' },
    mic_key  => sub { the 'session_key' },
    mic_input => sub { the('type1') . the('type2') . the 'unsigned' },
    mic       => sub { hmac_md5(the('mic_key'), the 'mic_input') },
    type3     => sub {
        my $message = the 'unsigned';
        substr($message, the('header_len') - 16, 16) = the 'mic' if the 'has_mic';
        return $message;
    },
);

# ---- NEGOTIATE_MESSAGE, 2.2.1.1 ----
Mistaken::steps(
    type1_flags  => 0xe2088217,
    type1_fields => "\0" x 16,
    type1        => sub { NTLM::Message::SIGNATURE . pack('V V', 1, the 'type1_flags') . the('type1_fields') . NTLM::Message::WINDOWS_10 },
    type2        => sub { die "there is no Type 2 to answer\n" },
);

# ---- how they travel, RFC 4559 ----
Mistaken::steps(
    header => 'Authorization',
    map {
        my $n = $_;
        (   "type${n}_text"   => sub { encode_base64(the("type$n"), '') },
            "type${n}_scheme" => 'NTLM ',
            "type${n}_value"  => sub { the("type${n}_scheme") . the "type${n}_text" },
            "type${n}_headers" => sub { [the('header') => the "type${n}_value"] },
        )
    } 1, 3
);

1;
