# The tests' own client against published values: it has to be right before it can
# judge a server. Needs no httpd.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib";
use Test::More;

use NTLM::Message qw(type1 type3 parse_type2 parse_type3 parse_av_pairs hmac_md5 rc4 ntowfv2 nt_proof lmv2);

sub hex_is {
    my ($bytes, $hex, $sentence) = @_;
    local $Test::Builder::Level = $Test::Builder::Level + 1;
    return is(unpack('H*', $bytes), $hex, $sentence);
}

sub bytes { return pack 'H*', join '', @_ }

# ---- the building blocks ----

hex_is(hmac_md5("\x0b" x 16, 'Hi There'), '9294727a3638bb1c13f48ef8158bfc9d', 'HMAC-MD5: RFC 2202, case 1');
hex_is(hmac_md5("\xaa" x 80, 'Test Using Larger Than Block-Size Key - Hash Key First'),
    '6b1ab7fe4bd7bf8f0b62e6ce61b9d0cd', 'HMAC-MD5: a key longer than a block (RFC 2202, case 6)');
hex_is(rc4('Key', 'Plaintext'), 'bbf316e8d940af0ad3', 'RC4: a published vector');
is(NTLM::Message::upper("stra\x{df}e \x{fc}\x{131}\x{b5}\x{ff}"), "STRA\x{df}E \x{dc}\x{131}\x{b5}\x{178}",
    'upper case turns one character into one, as Windows does');

# ---- MS-NLMP 4.2.4: User, Domain, Password ----

my $published = bytes(
    '4e544c4d53535000020000000c000c003800000033828ae20123456789abcdef000000000000000024002400',
    '44000000060070170000000f53006500720076006500720002000c0044006f006d00610069006e0001000c00',
    '53006500720076006500720000000000');
my $challenge = parse_type2($published);
my $ntowfv2   = ntowfv2('a4f49c406510bdcab6824ee7c30fd852', 'User', 'Domain');

hex_is($challenge->{challenge}, '0123456789abcdef', 'the nonce of a Type 2');
is($challenge->{flags}, 0xe28a8233, 'its flags');
hex_is($challenge->{target_name}, '530065007200760065007200', 'its target name');
is_deeply($challenge->{av_ids}, [2, 1], 'its AV pairs');
hex_is($ntowfv2, '0c868a403bfd7a93a3001ef22ef02e3f', 'NTOWFv2');
hex_is(lmv2($ntowfv2, $challenge->{challenge}, "\xaa" x 8),
    '86c35097ac9cec102554764a57cccc19aaaaaaaaaaaaaaaa', 'LMv2');

my %user = (
    type1            => type1(),
    type2            => $published,
    user             => 'User',
    domain           => 'Domain',
    workstation      => 'COMPUTER',
    nt_hash          => 'a4f49c406510bdcab6824ee7c30fd852',
    client_challenge => "\xaa" x 8,
    time             => "\0" x 8,
    session_key      => "\x55" x 16,
);
my $fields = parse_type3(type3(%user));
my $proof  = substr $fields->{nt}, 0, 16;
hex_is($proof, '68cd0ab851e51c96aabc927bebef6a1c', 'NTProofStr');
hex_is($fields->{nt}, join('',
    '68cd0ab851e51c96aabc927bebef6a1c01010000000000000000000000000000aaaaaaaaaaaaaaaa00000000',
    '02000c0044006f006d00610069006e0001000c005300650072007600650072000000000000000000'),
    'the NTLMv2 response');
hex_is(hmac_md5($ntowfv2, $proof), '8de40ccadbc14a82f15cb0ad0de95ca3', 'SessionBaseKey');
hex_is($fields->{key}, 'c5dad2544fc9799094ce1ce90bc9d03e', 'EncryptedRandomSessionKey');

# ---- whole Type 3 messages of another client, byte for byte ----

# What that client does its own way: the layout, its version, the order of pairs.
my %its_way = (
    type1 => bytes('4e544c4d5353500001000000078208e200000000280000000000000028000000000c00000000000f'),
    order       => [qw(lm nt domain user workstation key)],
    version     => bytes('000c00000000000f'),
    domain      => 'CORP',
    workstation => 'VM',
    spn         => 'HTTP/web.corp.example',
    edit        => sub {    # Flags behind TargetName
        my ($pairs) = @_;
        @$pairs = ((grep { $_->[0] != 6 } @$pairs), grep { $_->[0] == 6 } @$pairs);
    },
);

subtest 'a login of a user whose name is not ASCII' => sub {
    my $type2 = bytes(
        '4e544c4d5353500002000000060006003800000005828ae2a8ae78fcc14e7cce000000000000000066006600',
        '3e0000000a007c4f0000000f5700450042000200080043004f00520050000100060057004500420004001800',
        '63006f00720070002e006500780061006d0070006c006500030020007700650062002e0063006f0072007000',
        '2e006500780061006d0070006c00650007000800c0b826d04779dd0100000000');
    my $theirs = parse_type3(bytes(
        '4e544c4d53535000030000001800180058000000cc00cc0070000000080008003c0100000c000c0044010000',
        '0400040050010000010001005401000005828ae2000c00000000000f082f43e7fcd72300c0ec2f1b4ebfac2a',
        '000000000000000000000000000000000000000000000000e4afbadf6ad4a305a1d1a42ba89343bb01010000',
        '00000000c0b826d04779dd01b35e64dabf978842000000000200080043004f00520050000100060057004500',
        '42000400180063006f00720070002e006500780061006d0070006c006500030020007700650062002e006300',
        '6f00720070002e006500780061006d0070006c00650007000800c0b826d04779dd0109002a00480054005400',
        '50002f007700650062002e0063006f00720070002e006500780061006d0070006c0065000600040002000000',
        '000000000000000043004f00520050006a00fc007200670065006e0056004d0000'));
    my $ours = parse_type3(type3(
        %its_way,
        type2            => $type2,
        user             => "j\x{fc}rgen",
        nt_hash          => '04e9d4087e1303bea8e5239aa5ddd064',
        client_challenge => bytes('b35e64dabf978842'),
    ));
    hex_is($ours->{$_}, unpack('H*', $theirs->{$_}), "$_ is the same") for qw(nt lm user domain workstation);
};

subtest 'a login with a session key and a MIC' => sub {
    my $type2 = bytes(
        '4e544c4d5353500002000000060006003800000035828ae2aaed21d7f91442e2000000000000000066006600',
        '3e0000000a007c4f0000000f5700450042000200080043004f00520050000100060057004500420004001800',
        '63006f00720070002e006500780061006d0070006c006500030020007700650062002e0063006f0072007000',
        '2e006500780061006d0070006c0065000700080022ad24d04779dd0100000000');
    my $theirs = bytes(
        '4e544c4d53535000030000001800180058000000cc00cc0070000000080008003c0100000a000a0044010000',
        '040004004e010000100010005201000035828ae2000c00000000000fd8d37224a987e4f82d0ccda328b91916',
        '0000000000000000000000000000000000000000000000009eeda109baf5ac59b4e2e4b4dad60ec701010000',
        '0000000022ad24d04779dd016dc62e35fe136901000000000200080043004f00520050000100060057004500',
        '42000400180063006f00720070002e006500780061006d0070006c006500030020007700650062002e006300',
        '6f00720070002e006500780061006d0070006c0065000700080022ad24d04779dd0109002a00480054005400',
        '50002f007700650062002e0063006f00720070002e006500780061006d0070006c0065000600040002000000',
        '000000000000000043004f005200500061006c0069006300650056004d0083ccd6b838023efd135252287413',
        'dd0f');
    my $ours   = type3(
        %its_way,
        type1 => bytes('4e544c4d5353500001000000378208e200000000280000000000000028000000000c00000000000f'),
        type2            => $type2,
        user             => 'alice',
        nt_hash          => 'd9fe524deb5705ac74ea341ff18afe93',
        client_challenge => bytes('6dc62e35fe136901'),
        session_key      => bytes('6841bf7d81e5bf2e3ba3ed324d349c36'),
        flags            => 0xe28a8235,
    );
    hex_is($ours, unpack('H*', $theirs), 'the whole message is the same');
};

subtest 'a login with a channel binding' => sub {
    my $type2 = bytes(
        '4e544c4d5353500002000000060006003800000005828ae260e20e270f726d72000000000000000066006600',
        '3e0000000a007c4f0000000f5700450042000200080043004f00520050000100060057004500420004001800',
        '63006f00720070002e006500780061006d0070006c006500030020007700650062002e0063006f0072007000',
        '2e006500780061006d0070006c00650007000800567725d04779dd0100000000');
    my $ours = parse_type3(type3(
        %its_way,
        type2            => $type2,
        user             => 'alice',
        nt_hash          => 'd9fe524deb5705ac74ea341ff18afe93',
        client_challenge => bytes('10212b74996264a3'),
        binding          => bytes('6586e99d81c2fc984e47172fd4dd0310'),
    ));
    hex_is(substr($ours->{nt}, 0, 16), '1fc1f66134814370fb59fe5b926165c4', 'the proof is the same');
};

subtest 'a client that hashes no domain, and sends one' => sub {
    my $type2 = bytes(
        '4e544c4d5353500002000000060006003800000005828aa264941005ec3bd3a4000000000000000066006600',
        '3e0000000a007c4f0000000f5700450042000200080043004f00520050000100060057004500420004001800',
        '63006f00720070002e006500780061006d0070006c006500030020007700650062002e0063006f0072007000',
        '2e006500780061006d0070006c00650007000800342a30d04779dd0100000000');
    my %alice = (type1 => type1(), type2 => $type2, user => 'alice', domain => 'CORP', mic => 0,
        nt_hash => 'd9fe524deb5705ac74ea341ff18afe93', client_challenge => "\x11" x 8);
    my $nil = parse_type3(type3(%alice, hash_domain => ''));
    hex_is(substr($nil->{nt}, 0, 16), 'a2d972c836f379115a365462a8a80958', 'the proof is the same');
    my $lmv2 = parse_type3(type3(%alice, kind => 'lmv2-only'));
    hex_is($lmv2->{lm}, 'e5986aebcb803070dda7103b4a33004e1111111111111111', 'so is an LMv2 response');
    is($lmv2->{nt}, '', 'which comes alone');
};

# ---- the shapes ----

is(length type1(len => $_), $_, "a Type 1 of $_ bytes") for 16, 32, 40;
my %any = (%user, type2 => $published, mic => 1);
for my $header (80, 88) {
    my $message = type3(%any, header => $header, session_key => "\x55" x 16);
    my $mic     = substr $message, $header - 16, 16, "\0" x 16;
    is(parse_type3($message)->{payload}, $header, "a header of $header bytes");
    hex_is($mic, unpack('H*', hmac_md5("\x55" x 16, $any{type1} . $any{type2} . $message)), 'its last 16 are the MIC');
}
is(length parse_type3(type3(%any, kind => $_))->{nt}, 24, "$_ has 24 bytes") for qw(ntlmv1 ntlm2-session);
is(parse_type3(type3(%any, kind => 'anonymous', user => ''))->{lm}, "\0", 'anonymous has one zero byte');
like(parse_type3(type3(%any, drop_mic => 1))->{nt}, qr/\x06\0\x04\0\x02\0\0\0/, 'a dropped MIC stays announced');
is(parse_type3(type3(%any, drop_mic => 1))->{payload}, 64, 'and has no room');

done_testing;
