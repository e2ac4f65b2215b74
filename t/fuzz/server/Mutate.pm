package Mutate;

# Ways of getting a login wrong: odd names, spoilt messages, headers and requests. All
# chance comes from rand, so that a seed repeats it.

use strict;
use warnings;
use utf8;
use Exporter qw(import);
use List::Util qw(shuffle);
use MIME::Base64 qw(encode_base64);
use NTLM::Message ();

our @EXPORT_OK = qw(chance one_of odd_name odd_type1 odd_type3 spoil credentials dress);

sub chance { return rand() < $_[0] }
sub one_of { return $_[rand @_] }

sub random_bytes { return pack 'C*', map { int rand 256 } 1 .. $_[0] }

# ---- names ----

my @PARTS = ('\\', '@', '.', 'A', 'CORP', 'corp.test', '', ' ', '/', '$', ':', "\0", "\x{7f}", "\r\n", "\t", '%00', '"', '<',
    "\x{feff}", "\x{202e}", "\x{2066}", "\x{200b}", "\x{200d}", "\x{2028}", "\x{ad}", "\x{d800}", "\x{dc00}",
    "\x{dfff}\x{d800}", "\x{1f600}", "\x{10ffff}", "\x{ffff}", 'ß', 'ı', 'ſ', 'ς', 'ü', "u\x{308}", '*', '(', ')', "\x{131}");
my @WHOLE = ('CORP\\', '\\', 'A\\B\\', '.\\', '@\\', '@', 'a@', '@a', '', 'WEB$', 'guest', 'root', 'A' x 256, 'A' x 257,
    'A' x 20_000, 'ü' x 256, "\0", "\x{feff}");

# A name that may be somebody's, with something odd about it.
sub odd_name {
    my ($name) = @_;
    return one_of(@WHOLE) if chance(0.3);
    return join '', map { one_of(@PARTS) } 1 .. 1 + rand 4 if chance(0.2);
    for (1 .. 1 + rand 2) {
        my $part = one_of(@PARTS);
        my $at   = one_of(0, length $name, int rand 1 + length $name);
        $name = substr($name, 0, $at) . $part . substr $name, $at;
    }
    return $name;
}

# ---- bytes ----

# A few changes of bytes.
sub spoil {
    my ($bytes) = @_;
    for (1 .. 1 + rand 3) {
        my $len = length $bytes or last;
        my $at  = int rand($len < 100 || chance(0.5) ? $len : 100);
        my $how = int rand 7;
        if    ($how == 0) { substr($bytes, $at, 1) ^= chr(1 << int rand 8) }
        elsif ($how == 1) { substr($bytes, $at, 1) = chr int rand 256 }
        elsif ($how == 2) { substr($bytes, $at, 1) = one_of("\0", "\x7f", "\x80", "\xff") }
        elsif ($how == 3) { $bytes = substr $bytes, 0, $at }
        elsif ($how == 4) { substr($bytes, $at, 0) = random_bytes(1 + rand 8) }
        elsif ($how == 5) { $bytes .= random_bytes(one_of(1, 8, 300)) }
        else              { substr($bytes, $at, 4) = '' }
    }
    return $bytes;
}

# A length or an offset of one of the six fields of a Type 3.
sub spoil_field {
    my ($bytes) = @_;
    return $bytes if length $bytes < 64;
    my $at    = 12 + 8 * int rand 6;
    my $value = one_of(0, 1, 2, 63, 64, 0x7fff, 0xffff, length $bytes, int rand 2 * length $bytes);
    if (chance(0.5)) { substr($bytes, $at, 2) = pack 'v', $value & 0xffff }
    else { substr($bytes, $at + 4, 4) = pack 'V', one_of($value, 0xffffffff, 0x80000000, 0xffffffff - $value) }
    return $bytes;
}

# One bit of the NT response, of which each is proven.
sub spoil_response {
    my ($bytes) = @_;
    my ($len, $at) = unpack 'x20 v x2 V', $bytes;
    return $bytes if !$len;
    substr($bytes, $at + int rand(chance(0.5) ? 16 : $len), 1) ^= chr(1 << int rand 8);
    return $bytes;
}

# ---- messages ----

sub odd_type1 {
    my $raw = NTLM::Message::type1(flags => int rand 2**32, len => one_of(16, 32, 40));
    return chance(0.5) ? $raw : spoil($raw);
}

sub edit_pairs {
    my ($pairs) = @_;
    my $how = int rand 6;
    if    ($how == 0) { splice @$pairs, int rand @$pairs, 1 }
    elsif ($how == 1) { push @$pairs, [one_of(@$pairs)->@*] }
    elsif ($how == 2) { push @$pairs, [int rand 16, random_bytes(int rand 40)] }
    elsif ($how == 3) { my $pair = one_of(@$pairs); $pair->[1] = spoil($pair->[1]) }
    elsif ($how == 4) { @$pairs = reverse @$pairs }
    else              { push @$pairs, [NTLM::Message::AV_FLAGS, pack 'V', int rand 8] }
    return;
}

# Options of NTLM::Message::type3 that change what is right about it, some before the
# proof is made and some behind it.
sub odd_type3 {
    my (%right) = @_;
    my %odd = (
        user        => sub { odd_name($right{user}) },
        domain      => sub { odd_name($right{domain}) },
        workstation => sub { odd_name('WS1') },
        hash_domain => sub { one_of('', 'corp', 'WEB', 'CORP') },
        kind        => sub { one_of(qw(ntlmv1 ntlm2-session lmv2-only anonymous)) },
        mic         => sub { int rand 2 },
        flip_mic    => sub { 1 },
        drop_mic    => sub { 1 },
        header      => sub { one_of(64, 72, 80, 88) },
        binding     => sub { random_bytes(one_of(0, 15, 16, 32)) },
        spn         => sub { one_of('HTTP/', 'ldap/web.test', 'HTTP/web.test', odd_name('HTTP/web.test')) },
        unicode     => sub { 0 },
        flags       => sub { int rand 2**32 },
        resp_type   => sub { int rand 0x10000 },
        trailer     => sub { random_bytes(int rand 12) },
        edit        => sub { \&edit_pairs },
        order       => sub { [shuffle(qw(domain user workstation lm nt key))] },
        rewrite     => sub { one_of(\&spoil, \&spoil_field) },
    );
    my @names = sort keys %odd;
    my %with  = map { $_ => $odd{$_}->() } map { one_of(@names, 'user', 'user', 'user', 'rewrite') } 1 .. 1 + rand 2;
    %with = (mic => 0, rewrite => \&spoil_response) if chance(0.1);    # no MIC that notices
    return (%right, %with);
}

# ---- requests ----

# The headers that carry a token: as a rule one, as it should be.
sub credentials {
    my ($name, $word, $token, $odd) = @_;
    my $text = encode_base64($token, '');
    my @right = ([$name => "$word $text"]);
    return @right if !$odd;
    my $cut = int rand 1 + length $text;
    return one_of(
        [[$name => lc($word) . "   $text"]],
        [[$name => "$word $text "]],
        [[$name => "$word\t$text"]],
        [[$name => "$word$text"]],
        [[$name => "$word $text,"]],
        [[$name => "$word " . substr $text, 0, $cut]],
        [[$name => "$word " . substr($text, 0, $cut) . one_of('=', '-', ' ', "\xff", '====') . substr $text, $cut]],
        [[$name => "$word " . $text =~ tr{+/=}{-_}dr]],
        [[$name => one_of(qw(Negotiate NTLM Basic)) . " $text"]],
        [[$name => $word]],
        [[$name => '']],
        [[$name => 'Basic YWxpY2U6YWxpY2U=']],
        [[$name => "Bearer $text"]],
        [@right, @right],
        [@right, [$name => one_of(qw(Negotiate NTLM Basic))]],
        [[$name => 'Basic YWxpY2U6YWxpY2U='], @right],
        [[$name => "$word $text, $word $text"]],
        [[($name =~ /^P/ ? 'Authorization' : 'Proxy-Authorization') => "$word $text"]],
        [[$name => "$word " . 'A' x one_of(8_000, 7_000, 100)]],
        [[lc $name => "$word $text"]],
        [["$name " => "$word $text"]],
        [[$name => "$word\r\n $text"]],
    )->@*;
}

my @MARKS = qw(Via X-Forwarded-For Forwarded X-Real-IP X-Envoy-External-Address Proxy-Support CDN-Loop);

# Method, body and headers beside the credentials. Gives a proxied request its mark.
sub dress {
    my ($request) = @_;
    $request->{method} = one_of(qw(GET GET GET HEAD POST OPTIONS PROPFIND PUT DELETE TRACE BREW)) if chance(0.3);
    $request->{version} = '1.0' if chance(0.05);
    $request->{host} = one_of('WEB.test:80', '127.0.0.1', '[::1]:80', 'a.b.c.', '') if chance(0.1);
    push @{$request->{headers}}, [Connection => one_of('keep-alive', 'close', 'TE, close', 'upgrade')] if chance(0.08);
    if (chance(0.12)) {
        push @{$request->{headers}}, [one_of(@MARKS) => one_of('1.1 proxy', '192.0.2.1', '')];
        $request->{proxied} = 1;
    }
    if (chance(0.1)) {
        my $address = one_of('192.0.2.' . int rand 256, '2001:db8::' . int rand 9, '::ffff:192.0.2.1', 'nobody');
        push @{$request->{headers}}, ['X-Behind' => $address];
        $request->{proxied} = 1;
    }
    push @{$request->{headers}}, one_of(['Range', 'bytes=0-1'], ['If-Modified-Since', 'Fri, 01 Jan 2100 00:00:00 GMT'],
        ['Accept-Language', 'de'], ['Depth', one_of('0', '1', 'infinity')], ['Cookie', 'a=b']) if chance(0.1);
    push @{$request->{headers}}, [one_of(qw(X-Offer X-No-Offer)) => one_of(qw(NTLM Negotiate Basic Digest), 'Basic, NTLM', '')] if chance(0.1);
    dress_body($request) if chance($request->{method} =~ /^(?:POST|PUT|PROPFIND)$/ ? 0.8 : 0.05);
    return;
}

sub dress_body {
    my ($request) = @_;
    my $body = 'x' x one_of(0, 1, 10, 9_000);
    if (chance(0.3)) {
        my $chunk = length $body ? sprintf("%x\r\n%s\r\n", length $body, $body) : '';
        $request->{body} = "${chunk}0\r\n\r\n";
        push @{$request->{headers}}, ['Transfer-Encoding' => 'chunked'];
    }
    else {
        $request->{body} = $body;
        push @{$request->{headers}}, ['Content-Length' => length $body];
    }
    push @{$request->{headers}}, [Expect => '100-continue'] if chance(0.15);
    return;
}

1;
