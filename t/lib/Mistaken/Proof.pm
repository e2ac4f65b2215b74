package Mistaken::Proof;

# What is hashed wrongly: names, the password, and what the proof covers. (MS-NLMP 3.3.2)
# A row: what is done, the status, the ids (Mistaken::Row), and the steps.

use strict;
use warnings;
use utf8;
use Digest::MD4 qw(md4);
use Digest::MD5 qw(md5);
use Digest::SHA qw(hmac_sha256);
use Encode qw(encode);
use Mistaken qw(the right);
use NTLM::Message qw(hmac_md5 upper utf16);
use Unicode::Normalize qw(NFC NFD);

# The account stands in the path.
sub place { return '/ntlm/' . join '/', map { s/([^A-Za-z0-9_.~-])/sprintf '%%%02X', ord $1/ger } map { encode('UTF-8', $_) } @_ }
sub who   { my ($user, $password) = @_; return (user => $user, password => $password, place => place($user, $password)) }

# Of the challenge's own domain.
sub carol { return (user => 'carol', domain => 'WONDERLAND', password => 'Snark-Hunt3') }

my @BOB     = (user => 'bob', password => 'Second-Breakfast2');
my @UMLAUTS = who('jürgen', 'Pässwörd-Ñ1');
my @BLANKS  = who('carol', 'Trailing Blank1 ');
my @SIGNS   = who('dave', 'p@ss:w%rd+"\\1');

sub pair { my ($id) = @_; return the('challenge')->{av}{$id} // die "no pair $id\n" }

our @NAMES = (
    ['domain in lower case in NTOWFv2', 'wrong-password', 'domain-lower-cased', hash_domain => sub { lc right() }],
    ['domain upper-cased in the hash, sent in lower case', 'ok', 'domain-upper-cased', domain => 'rabbithole', hash_domain => 'RABBITHOLE'],
    ['MsvAvDnsDomainName hashed as the domain', 'wrong-password', 'domain-is-dns-domain',
        hash_bytes => sub { utf16(the 'hash_user') . pair(NTLM::Message::AV_DNS_DOMAIN) }],
    ['TargetName hashed as the domain', 'wrong-password', 'domain-is-target-name/domain-is-nb-domain',
        hash_bytes => sub { utf16(the 'hash_user') . the('challenge')->{target_name} }],
    ['TargetName hashed, no domain sent', 'wrong-password', 'domain-is-target-name/domain-is-nb-domain', carol(), domain => '',
        hash_bytes => sub { utf16(the 'hash_user') . the('challenge')->{target_name} }],
    ['user not upper-cased', 'wrong-password', 'user-as-sent', user => 'Alice', hash_user => sub { the 'user' }],
    ['user lower-cased', 'wrong-password', 'user-lower-cased', user => 'Alice', hash_user => sub { lc the 'user' }],
    ['DOM\user hashed as the user', 'wrong-password', 'user-with-domain',
        hash_user => sub { upper(the('domain') . '\\' . the('user')) }],
    ['domain before user', 'wrong-password', 'domain-before-user', hash_text => sub { the('hash_domain') . the('hash_user') }],
    ['UTF-8 in NTOWFv2', 'wrong-password', 'names-utf8', hash_bytes => sub { encode('UTF-8', the 'hash_text') }],
    ['domain and user in lower case', 'wrong-password', 'domain-lower-cased+user-lower-cased', user => 'Alice',
        hash_text => sub { lc(the('user') . the 'domain') }],
    ['domain in lower case, and before the user', 'wrong-password', 'domain-lower-cased+domain-before-user',
        hash_text => sub { lc(the 'domain') . the 'hash_user' }],
    ['domain in lower case, user as it is sent', 'wrong-password', 'domain-lower-cased+user-as-sent', user => 'Alice',
        hash_text => sub { the('user') . lc the 'domain' }],
    ['UTF-16BE in NTOWFv2', 'wrong-password', 'names-utf16be', hash_bytes => sub { encode('UTF-16BE', the 'hash_text') }],
    ['a NUL behind the names', 'wrong-password', 'names-nul', hash_bytes => sub { right() . "\0\0" }],
    ['a NUL behind each name', 'wrong-password', 'names-nul-each', hash_bytes => sub { utf16(the 'hash_user') . "\0\0" . utf16(the 'hash_domain') . "\0\0" }],
    ['a byte order mark before the names', 'wrong-password', 'names-bom', hash_bytes => sub { "\xff\xfe" . right }],
    ['a byte order mark before each name', 'wrong-password', 'names-bom-each',
        hash_bytes => sub { "\xff\xfe" . utf16(the 'hash_user') . "\xff\xfe" . utf16(the 'hash_domain') }],
    ['UTF-16BE with a byte order mark in NTOWFv2', 'wrong-password', 'names-utf16be-bom', hash_bytes => sub { encode('UTF-16', the 'hash_text') }],
    ['a sharp s upper-cased to two letters', 'wrong-password', 'user-upper-cased-otherwise', who('weiß', 'Rabbit-Hole1'), hash_user => 'WEISS'],
    ['NetBIOS name of the computer hashed as the domain', 'wrong-password', 'domain-is-nb-computer',
        hash_bytes => sub { utf16(the 'hash_user') . pair(NTLM::Message::AV_NB_COMPUTER) }],
    ['DNS name of the computer hashed as the domain', 'wrong-password', 'domain-is-dns-computer',
        hash_bytes => sub { utf16(the 'hash_user') . pair(NTLM::Message::AV_DNS_COMPUTER) }],
    ['the workstation hashed as the domain', 'wrong-password', 'domain-is-workstation', hash_domain => sub { the 'workstation' }],
    ['user@domain hashed as the user', 'wrong-password', 'user-with-domain', hash_user => sub { upper(the('user') . '@' . the 'domain') }],
    ['user@domain sent, and hashed in two parts', 'wrong-password', 'user-taken-apart', carol(), user => 'carol@mad-hatters.example', domain => '',
        hash_user => 'CAROL', hash_domain => 'mad-hatters.example'],
    ['no domain hashed, though one is sent', 'ok', 'domain-left-out', hash_domain => ''],
    ['a backslash between domain and user', 'wrong-password', 'user-with-domain', hash_text => sub { the('domain') . '\\' . the 'hash_user' }],
    ['a dot hashed as the domain', 'wrong-password', 'domain-is-dot', hash_domain => '.'],
    ['WORKGROUP hashed as the domain', 'wrong-password', 'domain-is-workgroup', hash_domain => 'WORKGROUP'],
    ['the host of the address hashed as the domain', 'wrong-password', 'domain-is-host', hash_domain => sub { the 'host' }],
    ['the first label of the DNS domain hashed', 'wrong-password', 'domain-is-first-label', hash_domain => 'MAD-HATTERS'],
    ['user@domain sent, its user and the NetBIOS domain hashed', 'wrong-password', 'user-taken-apart', carol(),
        user => 'carol@mad-hatters.example', domain => '', hash_user => 'CAROL', hash_domain => 'WONDERLAND'],
    ['no user hashed', 'wrong-password', 'user-left-out', hash_user => ''],
    ['domain hashed with a dot behind it', 'wrong-password', 'domain-with-dot', hash_domain => sub { right() . '.' }],
    ['the NT hash is the key of the proof, too', 'wrong-password', 'proof-key-nt-hash', ntowfv2 => sub { the 'nt_hash' }],
);

our @PASSWORDS = (
    ['password hashed as UTF-8', 'wrong-password', 'password-utf8', password_bytes => sub { encode('UTF-8', the 'password') }],
    ['password hashed as UTF-16BE', 'wrong-password', 'password-utf16be', password_bytes => sub { encode('UTF-16BE', the 'password') }],
    ['password with a byte order mark', 'wrong-password', 'password-bom', password_bytes => sub { "\xff\xfe" . right }],
    ['password upper-cased', 'wrong-password', 'password-upper-cased', password_bytes => sub { utf16(uc the 'password') }],
    ['password with a newline', 'wrong-password', 'password-newline', password_bytes => sub { utf16(the('password') . "\n") }],
    ['password with CR LF', 'wrong-password', 'password-crlf', password_bytes => sub { utf16(the('password') . "\r\n") }],
    ['password lower-cased', 'wrong-password', 'password-lower-cased', password_bytes => sub { utf16(lc the 'password') }],
    ['password with a NUL', 'wrong-password', 'password-nul', password_bytes => sub { right() . "\0\0" }],
    ['password cut to 14 characters, as for LM', 'wrong-password', 'password-cut', @BOB, password_bytes => sub { utf16(substr the('password'), 0, 14) }],
    ['password in quotes', 'wrong-password', 'password-quoted', password_bytes => sub { utf16('"' . the('password') . '"') }],
    ['password cut at its colon', 'wrong-password', 'password-cut-at-colon', @SIGNS, password_bytes => sub { utf16(the('password') =~ s/:.*//r) }],
    ['password URL-decoded: + is a blank', 'wrong-password', 'password-url-decoded', @SIGNS, password_bytes => sub { utf16(the('password') =~ tr/+/ /r) }],
    ['password with its backslash doubled', 'wrong-password', 'password-escaped', @SIGNS, password_bytes => sub { utf16(the('password') =~ s/([\\"])/\\$1/gr) }],
    ['password in UTF-8, each byte a character', 'wrong-password', 'password-utf8-as-latin1', @UMLAUTS, password_bytes => sub { utf16(encode('UTF-8', the 'password')) }],
    ['password in ASCII, with question marks', 'wrong-password', 'password-ascii', @UMLAUTS, password_bytes => sub { utf16(the('password') =~ s/[^\0-\x7f]/?/gr) }],
    ['password hashed with MD5', 'wrong-password', 'nt-hash-md5', nt_hash => sub { md5(the 'password_bytes') }],
    ['password hashed twice', 'wrong-password', 'nt-hash-twice', nt_hash => sub { md4(right) }],
    ['the NT hash in hex', 'wrong-password', 'nt-hash-hex', nt_hash => sub { unpack 'H*', right }],
    ['password in UTF-8, domain in lower case', 'wrong-password', 'password-utf8+domain-lower-cased',
        password_bytes => sub { encode('UTF-8', the 'password') }, hash_domain => sub { lc right }],
    ['password in UTF-8, and names, too', 'wrong-password', 'password-utf8+names-utf8',
        password_bytes => sub { encode('UTF-8', the 'password') }, hash_bytes => sub { encode('UTF-8', the 'hash_text') }],
    ['password in UTF-16BE, and names, too', 'wrong-password', 'password-utf16be+names-utf16be',
        password_bytes => sub { encode('UTF-16BE', the 'password') }, hash_bytes => sub { encode('UTF-16BE', the 'hash_text') }],
    ['password with a newline, user not upper-cased', 'wrong-password', 'password-newline+user-as-sent', user => 'Alice',
        password_bytes => sub { utf16(the('password') . "\n") }, hash_user => sub { the 'user' }],
    ['password with a blank before it', 'wrong-password', 'password-blank-before', password_bytes => sub { utf16(' ' . the 'password') }],
    ['password in single quotes', 'wrong-password', 'password-single-quoted', password_bytes => sub { utf16("'" . the('password') . "'") }],
    ['password in UTF-16BE with a byte order mark', 'wrong-password', 'password-utf16be-bom', password_bytes => sub { encode('UTF-16', the 'password') }],
    ['password in UTF-8 with a NUL', 'wrong-password', 'password-utf8-nul', password_bytes => sub { encode('UTF-8', the('password') . "\0") }],
    ['password in the code page 1252', 'wrong-password', 'password-cp1252', who('gryphon', 'Gelt€12'), password_bytes => sub { encode('cp1252', the 'password') }],
    ['password in UTF-8 hashed with MD5', 'wrong-password', 'nt-hash-md5-utf8', nt_hash => sub { md5(encode('UTF-8', the 'password')) }],
    ['the NT hash in upper-case hex', 'wrong-password', 'nt-hash-hex-upper', nt_hash => sub { uc unpack 'H*', right }],
    ['password trimmed', 'wrong-password', 'password-trimmed', @BLANKS, password_bytes => sub { utf16(the('password') =~ s/\s+\z//r) }],
    ['password empty', 'wrong-password', 'password-empty', password_bytes => ''],
    ['password URL-encoded', 'wrong-password', 'password-url-encoded', @SIGNS,
        password_bytes => sub { utf16(the('password') =~ s/([^A-Za-z0-9_.~-])/sprintf '%%%02X', ord $1/ger) }],
    ['password NFD instead of NFC', 'wrong-password', 'password-nfd', @UMLAUTS, password_bytes => sub { utf16(NFD(the 'password')) }],
    ['password as Latin-1', 'wrong-password', 'password-latin1', @UMLAUTS, password_bytes => sub { encode('iso-8859-1', the 'password') }],
    ['a really wrong password', 'wrong-password', '', password => 'Through-Wonderland2'],
);

our @PROOFS = (
    ['the challenge left out of the proof', 'wrong-password', 'proof-without-challenge', proof_input => sub { the 'temp' }],
    ['the challenge in reversed byte order', 'wrong-password', 'challenge-reversed', proof_input => sub { scalar(reverse the 'nonce') . the 'temp' }],
    ['the challenge read eight bytes too far', 'wrong-password', 'challenge-reserved', nonce => sub { the('challenge')->{reserved} }],
    ['the challenge read four bytes too early', 'wrong-password', 'challenge-elsewhere', nonce => sub { substr the('type2'), 20, 8 }],
    ['the challenge read four bytes too late', 'wrong-password', 'challenge-elsewhere', nonce => sub { substr the('type2'), 28, 8 }],
    ['own pairs added after the proof', 'wrong-password', 'proof-over-other-pairs',
        proof_input => sub { my $temp = the 'temp'; the('nonce') . substr($temp, 0, 28) . the('challenge')->{target_info} . the 'trailer' }],
    ['the proof in hex, cut', 'wrong-password', 'proof-hex', proof => sub { substr unpack('H*', right), 0, 16 }],
    ['the proof all zeros', 'wrong-password', 'proof-zero', proof => "\0" x 16],
    ['the proof covers a place for itself', 'wrong-password', 'proof-covers-itself', proof_input => sub { the('nonce') . "\0" x 16 . the 'temp' }],
    ['key and data of the HMAC changed about', 'wrong-password', 'proof-key-and-data', proof => sub { hmac_md5(the('proof_input'), the 'ntowfv2') }],
    ['the same of NTOWFv2', 'wrong-password', 'ntowfv2-key-and-data', ntowfv2 => sub { hmac_md5(the('hash_bytes'), the 'nt_hash') }],
    ['NTOWFv2 with MD5', 'wrong-password', 'ntowfv2-md5', ntowfv2 => sub { md5(the('nt_hash') . the 'hash_bytes') }],
    ['HMAC-SHA-256, cut', 'wrong-password', 'proof-hmac-sha256', proof => sub { substr hmac_sha256(the('proof_input'), the 'ntowfv2'), 0, 16 }],
    ['the proof covers the pairs only', 'wrong-password', 'proof-without-header', proof_input => sub { the('nonce') . the('pairs_bytes') . the 'trailer' }],
    ['another client challenge in the proof', 'wrong-password', '', proof_input => sub { my $temp = the 'temp'; substr($temp, 16, 8) = 'another!'; the('nonce') . $temp }],
    ['the challenge reversed, domain in lower case', 'wrong-password', 'challenge-reversed+domain-lower-cased', hash_domain => sub { lc right },
        proof_input => sub { scalar(reverse the 'nonce') . the 'temp' }],
    ['the proof at the end of the response', 'malformed', 'proof-at-end', nt => sub { the('temp') . the 'proof' }],
    ['response padded after it was signed', 'wrong-password', 'response-padded', nt => sub { right() . "\0" x 4 }],
    ['four zero bytes signed, not sent', 'wrong-password', 'response-tail-not-sent', nt => sub { substr right, 0, -4 }],
    ['MD5 instead of HMAC-MD5', 'wrong-password', 'proof-md5', proof => sub { md5(the('ntowfv2') . the 'proof_input') }],
    ['NTLMv1', 'ntlmv1', 'ntlmv1', nt => sub { Mistaken::Steps::random_bytes(24) }, lm => sub { Mistaken::Steps::random_bytes(24) }],
    ['NTLM2 session', 'ntlm2-session', 'ntlm2-session', nt => sub { Mistaken::Steps::random_bytes(24) }, lm => sub { the('client_challenge') . "\0" x 16 }],
    ['LM only', 'no-nt-response', 'lm-only', nt => '', lm => sub { Mistaken::Steps::random_bytes(24) }],
    ['LMv2 beside a time stamp', 'ok', 'lmv2-beside-timestamp', lm => sub { NTLM::Message::lmv2(map { the $_ } qw(ntowfv2 nonce client_challenge)) }],
);

1;
