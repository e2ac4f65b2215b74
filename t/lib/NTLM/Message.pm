package NTLM::Message;

# The messages of an NTLM client, as bytes: what MS-NLMP 3.1.5 says, and every
# way of doing it wrong that a test may want. Passwords are given as NT hashes.

use strict;
use warnings;
use feature qw(unicode_strings);
use Carp qw(croak);
use Digest::MD5 qw(md5);
use Encode qw(encode);
use Exporter qw(import);

our @EXPORT_OK = qw(type1 type3 parse_type2 parse_type3 parse_av_pairs av_pairs hmac_md5 rc4 ntowfv2 nt_proof lmv2 utf16
    upper);

# NegotiateFlags, named as in MS-NLMP 2.2.2.5
use constant {
    UNICODE      => 0x00000001,
    OEM          => 0x00000002,
    TARGET       => 0x00000004,
    SIGN         => 0x00000010,
    SEAL         => 0x00000020,
    NTLM         => 0x00000200,
    ANONYMOUS    => 0x00000800,
    ALWAYS_SIGN  => 0x00008000,
    TYPE_DOMAIN  => 0x00010000,
    TYPE_SERVER  => 0x00020000,
    ESS          => 0x00080000,
    TARGET_INFO  => 0x00800000,
    VERSION      => 0x02000000,
    KEY_128      => 0x20000000,
    KEY_EXCHANGE => 0x40000000,
    KEY_56       => 0x80000000,
};

# AvIds, MS-NLMP 2.2.2.1
use constant {
    AV_EOL          => 0,
    AV_NB_COMPUTER  => 1,
    AV_NB_DOMAIN    => 2,
    AV_DNS_COMPUTER => 3,
    AV_DNS_DOMAIN   => 4,
    AV_FLAGS        => 6,
    AV_TIMESTAMP    => 7,
    AV_TARGET_NAME  => 9,
    AV_BINDING      => 10,
};

use constant SIGNATURE     => "NTLMSSP\0";
use constant WINDOWS_10    => pack 'C C v x3 C', 10, 0, 19041, 15;
use constant MIC_IS_THERE  => 2;                    # MsvAvFlags
use constant WINDOWS_FLAGS => 0xa2088207;
use constant FROM_1601     => 116444736000000000;   # to 1970, in units of 100 ns

# ---- crypto, MS-NLMP 3.3.2 ----

sub hmac_md5 {
    my ($key, $data) = @_;
    $key = md5($key) if length $key > 64;
    $key .= "\0" x (64 - length $key);
    return md5(($key ^ "\x5c" x 64) . md5(($key ^ "\x36" x 64) . $data));
}

sub rc4 {
    my ($key, $data) = @_;
    my @box = 0 .. 255;
    my @key = unpack 'C*', $key;
    my ($i, $j) = (0, 0);
    for my $n (0 .. 255) {
        $j = ($j + $box[$n] + $key[$n % @key]) % 256;
        @box[$n, $j] = @box[$j, $n];
    }
    $j = 0;
    my $stream = '';
    for (1 .. length $data) {
        $i = ($i + 1) % 256;
        $j = ($j + $box[$i]) % 256;
        @box[$i, $j] = @box[$j, $i];
        $stream .= chr $box[($box[$i] + $box[$j]) % 256];
    }
    return $data ^ $stream;
}

# A lone surrogate stays what it is.
sub utf16 { return join "", map { ord > 0xffff ? encode("UTF-16LE", $_) : pack "v", ord } split //, $_[0] }

# One character becomes one character, as in Windows: no "SS" for a sharp s.
sub upper {
    my ($text) = @_;
    return join '', map { /[\x{b5}\x{131}\x{17f}]/ || length uc != 1 ? $_ : uc } split //, $text;
}

sub ntowfv2 {
    my ($nt_hash, $user, $domain) = @_;
    return hmac_md5(pack('H*', $nt_hash), utf16(upper($user) . $domain));
}

sub nt_proof {
    my ($ntowfv2, $challenge, $temp) = @_;
    return hmac_md5($ntowfv2, $challenge . $temp);
}

sub lmv2 {
    my ($ntowfv2, $challenge, $client_challenge) = @_;
    return hmac_md5($ntowfv2, $challenge . $client_challenge) . $client_challenge;
}

sub random_bytes { return pack 'C*', map { int rand 256 } 1 .. $_[0] }

# ---- AV pairs, MS-NLMP 2.2.2.1 ----

# [[id, value], ...] without the end of the list; croaks when there is none.
sub parse_av_pairs {
    my ($bytes) = @_;
    my @pairs;
    while (1) {
        croak 'the AV pairs have no end' if length $bytes < 4;
        my ($id, $len) = unpack 'v v', $bytes;
        croak 'an AV pair is cut short' if length $bytes < 4 + $len;
        return \@pairs if $id == AV_EOL;
        push @pairs, [$id, substr $bytes, 4, $len];
        substr($bytes, 0, 4 + $len) = '';
    }
}

sub av_pairs {
    my ($pairs) = @_;
    return join '', map { pack 'v v/a*', @$_ } @$pairs, [AV_EOL, ''];
}

# ---- NEGOTIATE, MS-NLMP 2.2.1.1 ----

# flags; len: 16, 32 or 40 bytes; raw: these bytes and nothing else
sub type1 {
    my %opt = (flags => WINDOWS_FLAGS, len => 40, @_);
    return $opt{raw} if defined $opt{raw};
    my $message = SIGNATURE . pack('V V', 1, $opt{flags}) . "\0" x 16 . WINDOWS_10;
    return substr $message, 0, $opt{len};
}

# ---- CHALLENGE, MS-NLMP 2.2.1.2 ----

sub parse_type2 {
    my ($bytes) = @_;
    croak 'not a Type 2' unless length $bytes >= 56 && substr($bytes, 0, 12) eq SIGNATURE . pack 'V', 2;
    my %t2;
    (   my ($name_len, $name_max, $name_at, $flags, $challenge),
        $t2{reserved}, my ($info_len, $info_max, $info_at), $t2{version}
    ) = unpack 'x12 v v V V a8 a8 v v V a8', $bytes;
    @t2{qw(flags challenge)} = ($flags, $challenge);
    @t2{qw(target_name_offset target_info_offset)} = ($name_at, $info_at);
    croak 'a field lies outside of the Type 2' if grep { $_ > length $bytes } $name_at + $name_len, $info_at + $info_len;
    $t2{target_name} = substr $bytes, $name_at, $name_len;
    $t2{target_info} = substr $bytes, $info_at, $info_len;
    my $pairs = $info_len ? parse_av_pairs($t2{target_info}) : [];
    $t2{av_ids} = [map { $_->[0] } @$pairs];
    $t2{av}     = {map { @$_ } @$pairs};
    return \%t2;
}

# ---- AUTHENTICATE, MS-NLMP 2.2.1.3 ----

# user, domain, workstation, nt_hash (hex)
# type1, type2       what went before, as bytes
# mic                0 or 1 (default: 1 if the server sent a time, as Windows does)
# header             64, 72, 80 or 88 bytes before the payload (default 88 with a MIC, else 72)
# binding            the 16 bytes of MsvAvChannelBindings
# spn                MsvAvTargetName
# key_exchange       encrypt a session key (default: if negotiated)
# unicode            0 or 1 (default: what the Type 2 says)
# order              how the payload is laid out (default: as Windows does)
# version            the 8 bytes behind the flags
# hash_domain        what the client hashes when it is not the domain it sends
# client_challenge, time (8 bytes each), session_key (16 bytes): else random, the server's, random
# tell               sub that gets the session key and the flags
#
# Ways to go wrong:
# kind               ntlmv1, ntlm2-session, lmv2-only, anonymous, forged-nt: a right LMv2 beside an NT
#                    response that is none (default: ntlmv2)
# edit               sub that changes the list of AV pairs, before the proof
# trailer            what follows the AV pairs (default: four zero bytes)
# resp_type          (default: 0x0101)
# flip_mic           one bit of the MIC is wrong
# drop_mic           the MIC was announced in the proof, then cut out
# rewrite            sub that gets the whole message and gives another one
sub type3 {
    my %opt = (
        user        => '',
        domain      => '',
        workstation => 'WS1',
        kind        => 'ntlmv2',
        resp_type   => 0x0101,
        trailer     => "\0" x 4,
        @_,
    );
    my $t2 = parse_type2($opt{type2});
    $opt{flags}            //= $t2->{flags} & ~(TYPE_DOMAIN | TYPE_SERVER);
    $opt{unicode}          //= $t2->{flags} & UNICODE ? 1 : 0;
    $opt{mic}              //= $opt{kind} eq 'ntlmv2' && exists $t2->{av}{+AV_TIMESTAMP} ? 1 : 0;
    $opt{header}           //= $opt{drop_mic} ? 64 : $opt{mic} ? 88 : 72;
    $opt{client_challenge} //= random_bytes(8);
    $opt{hash_domain}      //= $opt{domain};
    $opt{order}            //= [qw(domain user workstation lm nt key)];
    $opt{version}          //= WINDOWS_10;
    $opt{key_exchange}     //= $opt{flags} & KEY_EXCHANGE && $opt{flags} & (SIGN | SEAL) ? 1 : 0;

    my %response = responses($t2, \%opt);
    my $message  = assemble(\%response, \%opt);
    $opt{tell}->($response{session_key}, $opt{flags}) if $opt{tell};
    $message = with_mic($message, $response{session_key}, \%opt) if $opt{mic} && !$opt{drop_mic};
    return $opt{rewrite} ? $opt{rewrite}->($message) : $message;
}

# What the client answers to the challenge: lm, nt, encrypted_key, session_key.
sub responses {
    my ($t2, $opt) = @_;
    my %empty = (lm => '', nt => '', encrypted_key => '', session_key => "\0" x 16);
    return (%empty, lm => "\0") if $opt->{kind} eq 'anonymous';
    return (%empty, lm => random_bytes(24), nt => random_bytes(24)) if $opt->{kind} eq 'ntlmv1';
    return (%empty, lm => random_bytes(8) . "\0" x 16, nt => random_bytes(24))
        if $opt->{kind} eq 'ntlm2-session';

    my $ntowfv2 = ntowfv2(@$opt{qw(nt_hash user hash_domain)});
    return (%empty, lm => lmv2($ntowfv2, $t2->{challenge}, $opt->{client_challenge}))
        if $opt->{kind} eq 'lmv2-only';
    return (%empty, lm => lmv2($ntowfv2, $t2->{challenge}, $opt->{client_challenge}), nt => random_bytes(16) . temp($t2, $opt))
        if $opt->{kind} eq 'forged-nt';
    croak "no such kind of Type 3: $opt->{kind}" if $opt->{kind} ne 'ntlmv2';

    my $temp  = temp($t2, $opt);
    my $proof = nt_proof($ntowfv2, $t2->{challenge}, $temp);
    return (%empty, lm => "\0" x 24, nt => $proof . $temp, keys_of(hmac_md5($ntowfv2, $proof), $opt));
}

sub keys_of {
    my ($base_key, $opt) = @_;
    return (session_key => $base_key) unless $opt->{key_exchange};
    my $session_key = $opt->{session_key} // random_bytes(16);
    return (session_key => $session_key, encrypted_key => rc4($base_key, $session_key));
}

# NTLMv2_CLIENT_CHALLENGE, MS-NLMP 2.2.2.7
sub temp {
    my ($t2, $opt) = @_;
    my $pairs = parse_av_pairs($t2->{target_info} || av_pairs([]));
    push @$pairs, [AV_FLAGS, pack 'V', MIC_IS_THERE] if $opt->{mic} || $opt->{drop_mic};
    push @$pairs, [AV_BINDING, $opt->{binding}] if defined $opt->{binding};
    push @$pairs, [AV_TARGET_NAME, utf16($opt->{spn})] if defined $opt->{spn};
    $opt->{edit}->($pairs) if $opt->{edit};
    my $time = $opt->{time} // $t2->{av}{+AV_TIMESTAMP} // pack 'Q<', time * 10_000_000 + FROM_1601;
    return pack('v x6 a8 a8 x4', $opt->{resp_type}, $time, $opt->{client_challenge})
        . av_pairs($pairs) . $opt->{trailer};
}

# The header and, behind it, the payload.
sub assemble {
    my ($response, $opt) = @_;
    my $text = sub { $opt->{unicode} ? utf16($_[0]) : encode('iso-8859-1', $_[0]) };
    my %value = (
        domain      => $text->($opt->{domain}),
        user        => $text->($opt->{user}),
        workstation => $text->($opt->{workstation}),
        lm          => $response->{lm},
        nt          => $response->{nt},
        key         => $response->{encrypted_key},
    );
    my ($payload, %field) = ('');
    for my $name (@{$opt->{order}}) {
        my $len = length $value{$name};
        $field{$name} = pack 'v v V', $len, $len, $opt->{header} + length $payload;
        $payload .= $value{$name};
    }
    my $header = SIGNATURE . pack('V', 3) . join('', @field{qw(lm nt domain user workstation key)})
        . pack('V', $opt->{header} == 80 ? $opt->{flags} & ~VERSION : $opt->{flags});
    $header .= $opt->{version} if $opt->{header} == 72 || $opt->{header} == 88;
    return $header . "\0" x ($opt->{header} - length $header) . $payload;
}

sub with_mic {
    my ($message, $key, $opt) = @_;
    my $mic = hmac_md5($key, $opt->{type1} . $opt->{type2} . $message);
    $mic ^= "\x01" if $opt->{flip_mic};
    substr($message, $opt->{header} - 16, length $mic) = $mic;
    return $message;
}

# The fields of a Type 3: lm, nt, domain, user, workstation, key as bytes, and
# payload, the offset of the first of them.
sub parse_type3 {
    my ($bytes) = @_;
    croak 'not a Type 3' unless length $bytes >= 64 && substr($bytes, 0, 12) eq SIGNATURE . pack 'V', 3;
    my %t3 = (flags => unpack('x60 V', $bytes), payload => length $bytes);
    my $at = 12;
    for my $name (qw(lm nt domain user workstation key)) {
        my ($len, $offset) = unpack "x$at v x2 V", $bytes;
        $t3{$name} = $len ? substr $bytes, $offset, $len : '';
        $t3{payload} = $offset if $len && $offset < $t3{payload};
        $at += 8;
    }
    return \%t3;
}

1;
