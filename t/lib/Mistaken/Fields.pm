package Mistaken::Fields;

# Lengths, offsets and strings of the AUTHENTICATE_MESSAGE (MS-NLMP 2.2.1.3); names.

use strict;
use warnings;
use utf8;
use Encode qw(encode);
use Mistaken qw(the right);
use Mistaken::Proof;
use NTLM::Message qw(utf16);
use Unicode::Normalize qw(NFD);

my $LATIN1 = sub { my ($text) = @_; return encode('iso-8859-1', $text) };

sub each_field { my ($change) = @_; my $fields = right(); $change->($_) for values %$fields; return $fields }

our @FIELDS = (
    ['OEM bytes under the Unicode flag, odd', 'malformed', 'oem-under-unicode', encode => sub { $LATIN1 }],
    ['OEM bytes under the Unicode flag, even', 'no-such-user', 'oem-under-unicode', encode => sub { $LATIN1 }, user => 'bobo', domain => 'SHIRES', workstation => 'WS'],
    ['OEM bytes, OEM flag too', 'malformed', 'charset-flags-differ/oem-under-unicode', encode => sub { $LATIN1 }, flags => sub { right() & ~1 | 2 }],
    ['UTF-16BE strings', 'no-such-user', 'strings-utf16be', encode => sub { sub { encode('UTF-16BE', $_[0]) } }],
    ['NUL-terminated strings', 'malformed', 'strings-nul', encode => sub { sub { utf16("$_[0]\0") } }],
    ['UTF-8 strings', 'malformed', 'oem-under-unicode/strings-utf8', encode => sub { sub { encode('UTF-8', $_[0]) } }],
    ['LM and NT responses swapped', 'malformed/no-nt-response/ntlmv1', 'responses-swapped', parts => sub { my $p = right(); @$p{qw(lm nt)} = @$p{qw(nt lm)}; $p }],
    ['the Unicode flag taken away, Unicode strings', 'ok', 'charset-flags-differ', flags => sub { right() & ~1 }],
    ['the OEM flag instead of Unicode, Unicode strings', 'ok', 'charset-flags-differ', flags => sub { right() & ~1 | 2 }],
    ['signature without its NUL', 'malformed', 'signature', signature => 'NTLMSSP '],
    ['Type 3 says that it is a Type 1', 'malformed/challenge-sent', 'type-wrong', type => pack 'V', 1],
    ['offsets zero', 'malformed', 'offsets-zero', fields => sub { each_field(sub { $_[0][2] = 0 }) }],
    ['MaxLen twice the length', 'ok', 'maxlen-differs', fields => sub { each_field(sub { $_[0][1] *= 2 }) }],
    ['flags big endian in the Type 3', 'ok/bad-mic/malformed/bad-session-key', 'type3-flags-big-endian mic-key-unasked?', head => sub { my $h = right(); substr($h, 60, 4) = reverse substr $h, 60, 4; $h }],
    ['flags big endian in the Type 1', 'malformed', 'type1-flags-big-endian', type1 => sub { my $m = right(); substr($m, 12, 4) = pack 'N', 0x00088207; $m }],
    ['a Type 1 with a domain that its flags do not announce', 'ok', 'type1-name-without-flag',
        type1 => sub { substr(right, 0, 16) . pack('v v V', 10, 10, 40) . pack('v v V', 0, 0, 0) . NTLM::Message::WINDOWS_10 . 'WONDERLAND' }],
    ['a Type 1 whose domain lies outside of it', 'ok', 'type1-field-outside', type1_flags => 0xe2088217 | 0x1000, type1_fields => pack('v v V x8', 10, 10, 4000)],
    ['domain and user swapped', 'no-such-user', 'user-domain-swapped', parts => sub { my $p = right(); @$p{qw(user domain)} = @$p{qw(domain user)}; $p }],
    ['offsets two too high', 'malformed/no-such-user/wrong-password', 'offsets-shifted', fields => sub { each_field(sub { $_[0][2] += 2 }) }],
    ['offsets relative to the payload', 'malformed', 'offsets-relative', fields => sub { each_field(sub { $_[0][2] -= the 'header_len' }) }],
    ['offsets beyond the end', 'malformed', 'offsets-beyond', fields => sub { each_field(sub { $_[0][2] += 0x1000 }) }],
    ['lengths in characters', 'malformed/no-such-user', 'lengths-in-characters', fields => sub { my $f = right(); $f->{$_}[0] /= 2, $f->{$_}[1] /= 2 for qw(user domain workstation); $f }],
    ['lengths and offsets big endian', 'malformed', 'fields-big-endian', field_format => 'n n N'],
    ['type big endian', 'malformed', 'type-big-endian', type => pack 'N', 3],
    ['message truncated', 'malformed', 'message-truncated', type3 => sub { substr right, 0, -20 }],
    ['MaxLen 0', 'ok', 'maxlen-differs', fields => sub { each_field(sub { $_[0][1] = 0 }) }],
);

my @STRICT = (place => '/spn/require');

our @NAMES = (
    ['service of another host', 'service-mismatch', 'service-other-host', @STRICT, spn => 'HTTP/elsewhere.example'],
    ['service ldap', 'service-mismatch', 'service-other-class', @STRICT, spn => 'ldap/127.0.0.1'],
    ['service in UTF-8', 'service-mismatch', 'service-utf8', @STRICT, spn => 'HTTP/127.0.0.1', spn_bytes => sub { encode('UTF-8', the 'spn') }],
    ['user with a form feed', 'malformed', 'user-control-character', user => "alice\f"],
    ['user with a trailing blank', 'no-such-user', 'user-blank', user => 'alice '],
    ['CORP/bob', 'no-such-user', 'user-slash', user => 'RABBITHOLE/alice', domain => ''],
    ['CORP\\\\bob, two of them', 'no-such-user', 'user-two-backslashes', user => 'RABBITHOLE\\\\alice', domain => ''],
    ['.\bob', 'no-such-user', 'user-dot', user => '.\\alice', domain => ''],
    ['DNS name of the domain as the domain', 'ok', 'domain-dns?', Mistaken::Proof::carol(), domain => 'mad-hatters.example'],
    ['NFD user name', 'no-such-user', 'user-nfd', Mistaken::Proof::who('jürgen', 'Pässwörd-Ñ1'), user => NFD('jürgen')],
    ['GSS-API\'s form of the service', 'service-mismatch', 'service-gss-form', @STRICT, spn => 'HTTP@127.0.0.1'],
    ['a URL for the service', 'service-mismatch', 'service-url', @STRICT, spn => 'http://127.0.0.1/'],
    ['the host alone for the service', 'service-mismatch', 'service-without-class', @STRICT, spn => '127.0.0.1'],
    ['service in UTF-16BE', 'service-mismatch', 'service-utf16be', @STRICT, spn => 'HTTP/127.0.0.1', spn_bytes => sub { encode('UTF-16BE', the 'spn') }],
    ['no service where one is required', 'service-required', 'service-absent', @STRICT],
    ['user in quotes', 'no-such-user/malformed', 'user-quoted', user => '"alice"'],
    ['user URL-encoded', 'no-such-user', 'user-url-encoded', Mistaken::Proof::carol(), user => 'carol%40mad-hatters.example', domain => ''],
    ['user with a byte order mark', 'no-such-user/malformed', 'user-bom', user => "\x{feff}alice"],
    ['user:password as the user', 'no-such-user', 'user-with-password', user => 'alice:Looking-Glass1'],
    ['domain with a backslash', 'malformed/no-such-user/wrong-password/ok', 'domain-backslash', domain => 'RABBITHOLE\\'],
    ['anonymous', 'anonymous', 'anonymous', user => '', domain => '', nt => '', lm => "\0", has_mic => 0, key => ''],
);

1;
