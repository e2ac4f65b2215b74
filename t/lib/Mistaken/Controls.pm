package Mistaken::Controls;

# Clients that make no mistake, or none that anybody could name.

use strict;
use warnings;
use utf8;
use Mistaken qw(the right);
use Mistaken::Course qw(begin finish);
use Mistaken::Proof;
use NTLM::Message;

my @CAROL = Mistaken::Proof::carol();
my @TLS   = (place => '/epa/allow');

our @ROWS = (
    ['as Windows does it', 'ok', ''],
    ['as Chromium does it: no signing, no key', 'ok', '', type1_flags => 0xa2088207],
    ['as Chromium does it: VERSION and its flag part ways', 'ok', '', type1_flags => 0x00088207, flags => 0x00088205],
    ['as curl does it: no MIC, LMv2, own time', 'ok', 'mic-left-out? timestamp-own-clock? lmv2-beside-timestamp? type3-version-missing? charset-flags-differ?', type1_flags => 0x00088206,
        has_mic => 0, time => sub { the 'own_time' }, version => '', flags => 0x028a8206],
    ['no MIC', 'ok', 'mic-left-out?', has_mic => 0, lm => "\0" x 24],
    ['a MIC without VERSION, at 64', 'ok', '', version => '', flags => sub { right() & ~NTLM::Message::VERSION }],
    ['no workstation', 'ok', '', workstation => ''],
    ['no domain', 'ok', '', @CAROL, domain => ''],
    ['user@domain', 'ok', '', @CAROL, user => 'carol@mad-hatters.example', domain => ''],
    ['domain\user in the user', 'ok', '', user => 'RABBITHOLE\\alice', domain => ''],
    ['user in upper case', 'ok', '', user => 'ALICE'],
    ['Unicode offered beside OEM', 'ok', '', type1_flags => 0xe2088217 | 2],
    ['a Type 1 of 32 bytes', 'ok', '', type1_flags => 0xe0088217, type1 => sub { substr right, 0, 32 }],
    ['pairs in another order', 'ok', '', server_pairs => sub { [sort { $a->[0] <=> $b->[0] } @{+right()}] }],
    ['the payload in another order', 'ok', '', order => [qw(lm nt domain user workstation key)]],
    ['a Type 1 on a connection that is logged in', 'ok', '', course => sub { begin(); finish(); $Mistaken::login->begin_anew('connection'); begin(); finish() }],
    ['a second Type 1, and its challenge answered', 'ok', '', course => sub { begin(); begin(); finish() }],
    ['a POST with its body at the Type 3 alone', 'ok', '', method => 'POST', body => 'a=1&b=2', type1_body => ''],
    ['a POST with its body at both', 'ok', '', method => 'POST', body => 'a=1&b=2'],
    ['HTTP/1.0 with Connection: keep-alive', 'ok', '', http_version => '1.0', more_headers => [Connection => 'keep-alive']],
    ['a service', 'ok', '', place => '/spn/require', spn => sub { 'HTTP/127.0.0.1:' . the 'http' }],
    ['a MIC where it is required', 'ok', '', place => '/mic'],
    ['a channel binding', 'ok', '', @TLS],
    ['a channel binding where it is required', 'ok', '', place => '/epa/require'],
    ['TLS without channel binding', 'ok', 'binding-absent?', @TLS, binding => undef],
    ['non-ASCII names', 'ok', '', Mistaken::Proof::who('jürgen', 'Pässwörd-Ñ1')],
    ['a password with signs', 'ok', '', Mistaken::Proof::who('dave', 'p@ss:w%rd+"\\1')],
    ['a password with a trailing blank', 'ok', '', Mistaken::Proof::who('carol', 'Trailing Blank1 ')],
    ['a wrong password', 'wrong-password', '', password => 'Through-Wonderland2'],
    ['a wrong password and a channel binding', 'wrong-password', '', @TLS, password => 'Through-Wonderland2'],
    ['an unknown user', 'no-such-user', '', user => 'mallory'],
    ['an unknown user of another domain', 'no-such-user', '', user => 'mallory', domain => 'ELSEWHERE'],
);

1;
