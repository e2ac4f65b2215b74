package Proof;

# Whether a Type 3, as it was sent, proves the password of an account: computed from
# the bytes alone, and from what the place demands.
#
#   my $why_not = Proof::missing($type3, {type1, type2, binding, list, demanded, mech_mic}, $account, $place);
#   my $why_not = Proof::password_missing('user:password', $account);
#
# list: the client's mechanisms, if it speaks SPNEGO; demanded: their mechListMIC must be there.

use strict;
use warnings;
use feature qw(unicode_strings);
use Encode qw(decode_utf8);
use NTLM::Message qw(hmac_md5 rc4 parse_type2 parse_type3 parse_av_pairs upper utf16);
use NTLM::SPNEGO qw(message_mac);

use constant {MIC_LEN => 16, PROOF_LEN => 16, TEMP_HEADER => 28};

# A UTF-16LE name in capitals, unit by unit; surrogates stay as they are.
sub upper_units {
    my ($bytes) = @_;
    return pack 'v*', map { $_ >= 0xd800 && $_ < 0xe000 ? $_ : ord upper(chr) } unpack 'v*', $bytes;
}

sub ascii_upper { return $_[0] =~ s/([a-z])\0/uc($1) . "\0"/ger }

# The keys that a client may have made of the hash and these names.
sub keys_of {
    my ($t3, $nt_hash) = @_;
    my $hash = pack 'H*', $nt_hash;
    my @keys;
    for my $user (upper_units($t3->{user}), ascii_upper($t3->{user})) {
        my @domains = ($t3->{domain}, upper_units($t3->{domain}), ascii_upper($t3->{domain}), '');
        push @keys, map { hmac_md5($hash, $user . $_) } @domains;
    }
    return @keys;
}

sub missing {
    my ($bytes, $handshake, $account, $place) = @_;
    my $t3 = eval { local $SIG{__WARN__} = sub { die @_ }; parse_type3($bytes) } or return 'it is no Type 3';
    return 'it has no NTLMv2 response' if length $t3->{nt} < PROOF_LEN + TEMP_HEADER;
    my $t2   = parse_type2($handshake->{type2});
    my $temp = substr $t3->{nt}, PROOF_LEN;
    my ($key) = grep { hmac_md5($_, $t2->{challenge} . $temp) eq substr $t3->{nt}, 0, PROOF_LEN }
        keys_of($t3, $account->{nt_hash});
    return 'the proof is not of this password and challenge' if !defined $key;
    my $pairs = eval { parse_av_pairs(substr $temp, TEMP_HEADER) } or return 'its AV pairs have no end';
    my %av    = map { @$_ } reverse @$pairs;    # the first of two counts
    my $mic_is_there = unpack('V', ($av{+NTLM::Message::AV_FLAGS} // '') . "\0" x 4) & NTLM::Message::MIC_IS_THERE;
    return 'a MIC is demanded' if $place->{mic} && !$mic_is_there;
    my $base_key = hmac_md5($key, substr $t3->{nt}, 0, PROOF_LEN);
    return 'the MIC is wrong' if $mic_is_there && !mic_fits($bytes, $t3, $handshake, $base_key);
    my $fault = mech_mic_fault($t3, $t2->{flags}, $handshake, $base_key);
    return $fault if $fault;
    for my $pair (@{parse_av_pairs($t2->{target_info})}) {
        return "AV pair $pair->[0] did not come back" if ($av{$pair->[0]} // '') ne $pair->[1];
    }
    return demand_missing(\%av, $t3, $handshake, $place);
}

# Those that may be the exported one.
sub session_keys {
    my ($t3, $key) = @_;
    my $key_exchange = $t3->{flags} & NTLM::Message::KEY_EXCHANGE && length $t3->{key} == 16;
    return ($key, $key_exchange ? rc4($key, $t3->{key}) : ());
}

sub mech_mic_fault {
    my ($t3, $flags, $handshake, $key) = @_;
    return if !defined $handshake->{list};
    my $mic = $handshake->{mech_mic} // '';
    return $handshake->{demanded} ? 'a mechListMIC is demanded' : () if $mic eq '';
    return if grep { message_mac($_, $flags & $t3->{flags}, 'client', $handshake->{list}) eq $mic } session_keys($t3, $key);
    return 'the mechListMIC is wrong';
}

sub mic_fits {
    my ($bytes, $t3, $handshake, $key) = @_;
    for my $at (grep { $t3->{payload} >= $_ + MIC_LEN } 72, 64) {
        my $zeroed = $bytes;
        my $mic    = substr $zeroed, $at, MIC_LEN, "\0" x MIC_LEN;
        for my $used (session_keys($t3, $key)) {
            return 1 if hmac_md5($used, $handshake->{type1} . $handshake->{type2} . $zeroed) eq $mic;
        }
    }
    return 0;
}

# Basic.
sub password_missing {
    my ($text, $account) = @_;
    my ($user, $password) = map { decode_utf8($_) } split /:/, $text, 2;
    return 'it has no password' if !defined $password || !defined $account->{password};
    return 'it is another password' if $password ne $account->{password};
    return lc $user =~ /\Q\L$account->{user}\E/ ? () : 'it is another user';
}

sub demand_missing {
    my ($av, $t3, $handshake, $place) = @_;
    my @ours    = ($handshake->{binding} // (), $place->{front} // ());
    my $binding = $av->{+NTLM::Message::AV_BINDING} // '';
    my $is_said = @ours && $binding =~ /[^\0]/;
    return 'the binding is not ours' if ($place->{binding} || $is_said) && !grep { $_ eq $binding } @ours;
    my $service = lc(($av->{+NTLM::Message::AV_TARGET_NAME} // '') =~ s/\0//gr);
    my $hosts   = $place->{service} || length $service && $place->{service_if_named};
    return "the service $service is not ours"
        if $hosts && !grep { $service =~ m{^(?:http|host)/\Q$_\E\.?(?:[:/@].*)?$}s } @$hosts;
    return if !$place->{domains};
    my ($user, $domain) = map { lc s/\0//gr } @$t3{qw(user domain)};
    my @named = grep { length } $domain, $user =~ /^([^\\]*)\\/ ? $1 : $user =~ /\@([^@]*)$/ ? $1 : ();
    for my $name (@named) {
        return "the domain $name is not accepted" if !grep { lc eq $name } @{$place->{domains}};
    }
    return;
}

1;
