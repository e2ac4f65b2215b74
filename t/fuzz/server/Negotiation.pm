package Negotiation;

# Tokens of SPNEGO as hostile clients send them, and what is found in any token: as laxly as a
# server might read it, since whoever is let in must have proven it by what can be found there.
#
#   my ($token, $message) = opening($way)          # what begins a negotiation of that kind
#   my $token  = wrap($way, $message, $pending, $mic);
#   my $inside = inside($token);                   # {kind => raw|init|resp, ntlm, mic, list, first, state}, or nothing

use strict;
use warnings;
use Exporter qw(import);
use Mutate qw(chance one_of spoil);
use NTLM::SPNEGO qw(der init resp message_mac);

our @EXPORT_OK = qw(opening wrap inside odd_token mech_mic WAYS);

# How messages travel: bare; in SPNEGO, with the first one or behind an empty token; behind Kerberos.
use constant WAYS => qw(ntlm bare first empty behind);

my @MECHS = (qw(kerberos ms-kerberos negoex iakerb), "\x2a\x03", "\x2b\x06\x01\x04\x01\x82\x37\x02\x02\x0b");

sub word { my ($way) = @_; return $way eq 'ntlm' ? 'NTLM' : 'Negotiate' }

# What is sent before the Type 1, or nothing.
sub opening {
    my ($way) = @_;
    return init(mechs => ['ntlm'], chance(0.2) ? (mic => 'm' x 16) : ()) if $way eq 'empty';
    return if $way ne 'behind';
    my @mechs = map { one_of(@MECHS) } 1 .. one_of(1, 1, 2, 3, 31);
    return init(mechs => [@mechs, 'ntlm', (one_of(@MECHS)) x chance(0.1)], chance(0.7) ? (token => "\x60\x03no!") : ());
}

# A message, as the negotiation that is pending has it.
sub wrap {
    my ($way, $message, $pending, $mic) = @_;
    return $message if $way eq 'ntlm' || $way eq 'bare';
    return init(mechs => ['ntlm'], token => $message) if !$pending || !$pending->{list};
    return resp(chance(0.9) ? (state => NTLM::SPNEGO::INCOMPLETE) : (), chance(0.1) ? (mech => 'ntlm') : (),
        token => $message, mic => $mic);
}

# A client's mechListMIC, by what NTLM::Message::type3 tells.
sub mech_mic { my ($key, $flags, $list) = @_; return message_mac($key, $flags, 'client', $list) }

# ---- odd ones ----

# A token with something wrong in its structure.
sub odd_token {
    my ($token) = @_;
    my $message = (inside($token) // {})->{ntlm} // $token;
    return one_of(
        sub { spoil($token) },
        sub { spoil_length($token) },
        sub { der(0x60, $token) },
        sub { der(0xa1, $token) },
        sub { der(0xa1, der(0x30, $token)) },
        sub { $token . $token },
        sub { init(mechs => ['ntlm'], token => $token) },
        sub { init(mechs => ['kerberos'], token => $message) },
        sub { init(mechs => [('kerberos') x one_of(31, 32, 50), 'ntlm'], token => $message) },
        sub { init(mech_types => '', token => $message) },
        sub { init(mechs => ['kerberos', 'ntlm'], token => $message) },
        sub { init(mechs => ["\x2a" x one_of(1, 100, 600), 'ntlm'], token => $message) },
        sub { resp(state => one_of(0 .. 5, 255), token => $message) },
        sub { resp(mech => one_of(@MECHS), token => $message) },
        sub { resp(state => 1) },
        sub { resp(token => resp(token => $message)) },
        sub { $message },
        sub { "\x60\x80" . $token },
        sub { substr $token, 0, int rand 1 + length $token },
    )->();
}

# A tag's length, among the first ones.
sub spoil_length {
    my ($token) = @_;
    my $at = 1 + int rand(length $token < 40 ? length $token : 40);
    substr($token, $at, 1) = one_of("\0", "\x7f", "\x80", "\x81\x05", "\x82\0\x05", "\x83\xff\xff\xff", "\x84\0\0\0\1") if $at < length $token;
    return $token;
}

# ---- what is in a token ----

# Lengths may have more octets than they need. Nothing if the bytes are no elements.
sub elements {
    my ($bytes) = @_;
    my @found;
    while (length $bytes >= 2) {
        my ($tag, $len) = unpack 'C C', $bytes;
        my $more = $len < 0x80 ? 0 : $len & 0x7f;
        return if $more > 3 || $len == 0x80 || length $bytes < 2 + $more;
        $len = unpack 'N', substr "\0\0\0\0" . substr($bytes, 2, $more), -4 if $more;
        return if length $bytes < 2 + $more + $len;
        push @found, [$tag, substr $bytes, 2 + $more, $len];
        substr($bytes, 0, 2 + $more + $len) = '';
    }
    return @found;
}

sub value { my ($bytes) = @_; my @found = elements($bytes // ''); return @found ? $found[0][1] : undef }

sub fields { my ($bytes) = @_; return map { @$_ } elements(value($bytes) // '') }

sub inside {
    my ($token) = @_;
    return {kind => 'raw', ntlm => $token} if $token =~ /\ANTLMSSP\0/;
    my $tag = length $token ? ord $token : 0;
    return if $tag != 0x60 && $tag != 0xa1;
    my %field = fields($tag == 0xa1 ? value($token) // '' : ((elements(value($token) // ''))[1] // [0, ''])->[1]);
    my %found = (ntlm => value($field{0xa2}), mic => value($field{0xa3}));
    return {%found, kind => 'resp', state => ord(value($field{0xa0}) // "\xff")} if $tag == 0xa1;
    my @mechs = elements(value($field{0xa0}) // '');
    return {%found, kind => 'init', list => $field{0xa0} // '', first => @mechs && $mechs[0][1] eq $NTLM::SPNEGO::OID{ntlm}};
}

1;
