package NTLM::SPNEGO;

# The tokens of SPNEGO (RFC 4178, 4.2), and the MAC of NTLM that guards the list of mechanisms
# (MS-NLMP 3.4.4.2), as bytes. What is read must be DER, with nothing left over.

use strict;
use warnings;
use Carp qw(croak);
use Digest::MD5 qw(md5);
use Exporter qw(import);

use NTLM::Message qw(hmac_md5 rc4);

our @EXPORT_OK = qw(der init resp read_init read_resp mech_types message_mac);

# Mechanisms, as the contents of an OBJECT IDENTIFIER.
our %OID = map { $_->[0] => pack 'H*', $_->[1] } (
    [spnego        => '2b0601050502'],
    [ntlm          => '2b06010401823702020a'],
    [negoex        => '2b06010401823702021e'],
    [kerberos      => '2a864886f712010202'],
    ['ms-kerberos' => '2a864882f712010202'],
    [iakerb        => '2b0601050205'],
);
my %NAME = reverse %OID;

use constant {OCTETS => 0x04, OBJECT => 0x06, ENUMERATED => 0x0a, SEQUENCE => 0x30, APPLICATION => 0x60};
use constant {COMPLETED => 0, INCOMPLETE => 1, REJECT => 2, REQUEST_MIC => 3};    # negState

# ---- DER ----

sub der {
    my ($tag, $value) = @_;
    my $len    = length $value;
    my $octets = pack('N', $len) =~ s/\A\0{1,3}//r;
    return pack('C', $tag) . ($len < 0x80 ? $octets : pack('C', 0x80 | length $octets) . $octets) . $value;
}

# [tag, value], ...
sub elements {
    my ($bytes) = @_;
    my @found;
    while (length $bytes) {
        croak 'cut inside a head' if length $bytes < 2;
        my ($tag, $len) = unpack 'C C', $bytes;
        my $more = $len < 0x80 ? 0 : $len & 0x7f;
        croak 'an endless length' if $len == 0x80;
        $len = unpack 'N', substr "\0\0\0\0" . substr($bytes, 2, $more), -4 if $more;
        my $value = length $bytes >= 2 + $more + $len ? substr $bytes, 2 + $more, $len : croak 'longer than what is there';
        my $whole = der($tag, $value);
        croak 'a length that is not DER' if substr($bytes, 0, length $whole) ne $whole;
        push @found, [$tag, $value];
        substr($bytes, 0, length $whole) = '';
    }
    return @found;
}

# The value of the one element that there is.
sub only {
    my ($tag, $bytes) = @_;
    my @found = elements($bytes);
    croak sprintf 'not one element %02x', $tag if @found != 1 || $found[0][0] != $tag;
    return $found[0][1];
}

sub explicit { my ($number, $value) = @_; return defined $value ? der(0xa0 + $number, $value) : '' }
sub octets   { my ($value)          = @_; return defined $value ? der(OCTETS, $value)         : undef }

# The fields of a sequence by their numbers, which ascend.
sub fields {
    my ($bytes) = @_;
    my (%field, $last);
    for my $element (elements(only(SEQUENCE, $bytes))) {
        my $number = $element->[0] - 0xa0;
        croak 'fields in no order' if $number < 0 || $number > 3 || defined $last && $number <= $last;
        $field{$last = $number} = $element->[1];
    }
    return %field;
}

# ---- tokens ----

# MechTypeList; a mechanism is a name of %OID, or other bytes.
sub mech_types { return der(SEQUENCE, join '', map { der(OBJECT, $OID{$_} // $_) } @_) }

# NegTokenInit. mechs: a list of names, or mech_types: bytes; token: of the first of them; mic
sub init {
    my (%opt) = @_;
    my $sequence = der(SEQUENCE, explicit(0, $opt{mech_types} // mech_types(@{$opt{mechs}}))
            . explicit(2, octets($opt{token})) . explicit(3, octets($opt{mic})));
    return der(APPLICATION, der(OBJECT, $OID{spnego}) . der(0xa0, $sequence));
}

# NegTokenResp: state, mech, token, mic, each where it is given
sub resp {
    my (%opt) = @_;
    return der(0xa1, der(SEQUENCE,
        explicit(0, defined $opt{state} ? der(ENUMERATED, pack 'C', $opt{state}) : undef)
            . explicit(1, defined $opt{mech} ? der(OBJECT, $OID{$opt{mech}} // $opt{mech}) : undef)
            . explicit(2, octets($opt{token})) . explicit(3, octets($opt{mic}))));
}

sub name { my ($oid) = @_; return $NAME{$oid} // unpack 'H*', $oid }

# {mechs => [names], mech_types => bytes, token, mic}
sub read_init {
    my ($bytes) = @_;
    my ($spnego, $body, @more) = elements(only(APPLICATION, $bytes));
    croak 'not SPNEGO' if @more || $spnego->[0] != OBJECT || name($spnego->[1]) ne 'spnego' || $body->[0] != 0xa0;
    my %field = fields($body->[1]);
    my @mechs = map { $_->[0] == OBJECT ? name($_->[1]) : croak 'not a mechanism' } elements(only(SEQUENCE, $field{0}));
    return {mechs => \@mechs, mech_types => $field{0}, tokens(%field)};
}

# {state, mech => name, token, mic}; what is not there is undef
sub read_resp {
    my ($bytes) = @_;
    my %field = fields(only(0xa1, $bytes));
    my $state = defined $field{0} ? only(ENUMERATED, $field{0}) : undef;
    croak 'no such state' if defined $state && $state !~ /\A[\0-\3]\z/;
    return {
        state => defined $state ? ord $state : undef,
        mech  => defined $field{1} ? name(only(OBJECT, $field{1})) : undef,
        tokens(%field),
    };
}

sub tokens {
    my (%field) = @_;
    return map { $_->[0] => defined $field{$_->[1]} ? only(OCTETS, $field{$_->[1]}) : undef } [token => 2], [mic => 3];
}

# A token whose message of NTLM, if it holds one, is what a sub makes of it.
sub within {
    my ($token, $change) = @_;
    return $change->($token) if $token =~ /\ANTLMSSP\0/;
    my $is_init = $token =~ /\A\x60/;
    my $read    = $is_init ? read_init($token) : read_resp($token);
    return $token if ($read->{token} // '') !~ /\ANTLMSSP\0/;
    $read->{token} = $change->($read->{token});
    return $is_init ? init(%$read) : resp(%$read);
}

# ---- MS-NLMP 3.4.4.2, 3.4.5.2 and 3.4.5.3, with extended session security ----

# Of the first message (sequence number 0) that the client or the server signs.
sub message_mac {
    my ($session_key, $flags, $sender, $message) = @_;
    my $way     = $sender eq 'client' ? 'client-to-server' : 'server-to-client';
    my $len     = $flags & NTLM::Message::KEY_128 ? 16 : $flags & NTLM::Message::KEY_56 ? 7 : 5;
    my $sign    = md5("${session_key}session key to $way signing key magic constant\0");
    my $seal    = md5(substr($session_key, 0, $len) . "session key to $way sealing key magic constant\0");
    my $sum     = substr hmac_md5($sign, "\0\0\0\0$message"), 0, 8;
    $sum = rc4($seal, $sum) if $flags & NTLM::Message::KEY_EXCHANGE;
    return pack 'V a8 V', 1, $sum, 0;
}

1;
