# What a server must not accept, each with its own name in the log and none for the client.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib";
use Test::More;

use NTLM::Accounts qw(account);
use NTLM::Connection;
use NTLM::Expect;
use NTLM::Log;
use NTLM::Message;
use NTLM::Scheme;

my %alice = account('alice');

# [what, the status in the log, the options of the Type 3, those of the Type 1, the place]
my @refusals = (
    ['a wrong password',  'wrong-password',   {%alice, nt_hash => 'ff' x 16}],
    ['an unknown user',   'no-such-user',     {%alice, user => 'mallory'}],
    ['a disabled account', 'account-disabled', {account('dora')}],
    ['a blank password',  'blank-password',   {account('erin')}],

    ['NTLMv1',                    'ntlmv1',         {%alice, kind => 'ntlmv1'}],
    ['NTLM2 session',             'ntlm2-session',  {%alice, kind => 'ntlm2-session'}],
    ['a right LMv2 response alone', 'no-nt-response', {%alice, kind => 'lmv2-only'}],
    ['an anonymous login',        'anonymous',      {%alice, user => '', domain => '', kind => 'anonymous'}],

    ['a changed MIC', 'bad-mic', {%alice, flip_mic => 1}],
    ['a zeroed MIC', 'bad-mic', {%alice, rewrite => sub { with($_[0], 72, "\0" x 16) }}],
    ['a changed workstation under a MIC', 'bad-mic', {%alice, rewrite => sub { $_[0] =~ s/W\0S\x001\0/W\0S\x002\0/r }}],
    ['changed flags under a MIC', 'bad-mic', {%alice, rewrite => sub { with($_[0], 60, substr($_[0], 60, 1) ^ "\x20") }}],
    ['a MIC that was cut out', 'mic-missing', {%alice, drop_mic => 1}],
    ['a MIC over another Type 1', 'bad-mic', {%alice, type1 => NTLM::Message::type1(flags => 0xa2088205)}],

    ['a changed computer name', 'echo-mismatch', {%alice, edit => sub { change($_[0], NTLM::Message::AV_NB_COMPUTER) }}],
    ['a changed domain name',   'echo-mismatch', {%alice, edit => sub { change($_[0], NTLM::Message::AV_DNS_DOMAIN) }}],
    ['a name that is left out', 'echo-mismatch', {%alice, edit => sub { leave_out($_[0], NTLM::Message::AV_DNS_COMPUTER) }}],
    ['a time that is left out', 'echo-mismatch', {%alice, edit => sub { leave_out($_[0], NTLM::Message::AV_TIMESTAMP) }}],
    ['no target information at all', 'echo-mismatch', {%alice, mic => 0, edit => sub { @{$_[0]} = () }}],
    ['another time than the challenge had', 'stale-challenge', {%alice, edit => sub { change($_[0], NTLM::Message::AV_TIMESTAMP) }}],

    ['a domain that is not accepted', 'domain-refused', {%alice, domain => 'EVIL'}, {}, '/corponly/echo'],
    ['a session key of a wrong length', 'bad-session-key',
        {%alice, rewrite => sub { with($_[0], 52, pack 'v', 5) }}, {flags => 0xe2088297}],

    ['a Type 3 that is cut', 'malformed', {%alice, rewrite => sub { substr $_[0], 0, 60 }}],
    ['a header and no payload', 'malformed', {%alice, rewrite => sub { substr $_[0], 0, 88 }}],
    ['a response that reaches over the end', 'malformed', {%alice, rewrite => sub { with($_[0], 20, pack 'v', 0xffff) }}],
    ['a response that begins behind the end', 'malformed', {%alice, rewrite => sub { with($_[0], 24, pack 'V', 0xfffffff0) }}],
    ['a field inside the header', 'malformed', {%alice, mic => 0, rewrite => sub { with($_[0], 40, pack 'V', 12) }}],
    ['half a character', 'malformed', {%alice, rewrite => sub { with($_[0], 36, pack 'v', 9) }}],
    ['an unpaired surrogate', 'malformed', {%alice, rewrite => sub { $_[0] =~ s/a\0l\0i\0c\0e\0/a\0\0\xd8i\0c\0e\0/r }}],
    ['no user name', 'malformed', {%alice, user => ''}],
    ['a user name with a line feed', 'malformed', {%alice, user => "alice\nntlm: ok"}],
    ['a domain with a NUL', 'malformed', {%alice, domain => "CORP\0"}],
    ['a user name of 105 characters', 'malformed', {%alice, user => 'a' x 105}],
    ['a domain of 256 characters', 'malformed', {%alice, domain => 'A' x 256}],
    ['another response type', 'malformed', {%alice, resp_type => 0x0102}],
    ['a response of 23 bytes', 'malformed', {%alice, rewrite => sub { with($_[0], 20, pack 'v', 23) }}],
    ['a response of 47 bytes', 'malformed', {%alice, rewrite => sub { with($_[0], 20, pack 'v', 47) }}],
    ['AV pairs without an end', 'malformed', {%alice, mic => 0, edit => sub { push @{$_[0]}, [99, ''] },
        trailer => '', rewrite => sub { cut_the_end($_[0]) }}],
    ['two MsvAvFlags',     'malformed', {%alice, edit => sub { push @{$_[0]}, [NTLM::Message::AV_FLAGS, pack 'V', 0] }}],
    ['two MsvAvTimestamps', 'malformed', {%alice, edit => sub { push @{$_[0]}, [NTLM::Message::AV_TIMESTAMP, "\0" x 8] }}],
    ['two channel bindings', 'malformed', {%alice, binding => "\1" x 16,
        edit => sub { push @{$_[0]}, [NTLM::Message::AV_BINDING, "\0" x 16] }}],
    ['two target names', 'malformed', {%alice, spn => 'HTTP/web', edit => sub { push @{$_[0]}, [NTLM::Message::AV_TARGET_NAME, ''] }}],
    ['a channel binding of 15 bytes', 'malformed', {%alice, binding => "\1" x 15}],
    ['MsvAvFlags of 2 bytes', 'malformed', {%alice, mic => 0, edit => sub { push @{$_[0]}, [NTLM::Message::AV_FLAGS, "\2\0"] }}],
    ['the Type 2 itself', 'malformed', {%alice, rewrite => sub { NTLM::Message::SIGNATURE . pack 'V x48', 2 }}],
    ['a message of Type 4', 'malformed', {%alice, rewrite => sub { with($_[0], 8, pack 'V', 4) }}],
    ['something else', NTLM::Scheme::no_message('within'), {%alice, rewrite => sub { 'Open, sesame!' }}],
);

sub with {
    my ($message, $at, $bytes) = @_;
    substr($message, $at, length $bytes) = $bytes;
    return $message;
}

sub change {
    my ($pairs, $id) = @_;
    $_->[1] ^= "\1" . "\0" x (length($_->[1]) - 1) for grep { $_->[0] == $id } @$pairs;
}

sub leave_out {
    my ($pairs, $id) = @_;
    @$pairs = grep { $_->[0] != $id } @$pairs;
}

# The NT response loses its last four bytes, the end of the list.
sub cut_the_end {
    my ($message) = @_;
    my $len = unpack 'x20 v', $message;
    return with($message, 20, pack 'v v', $len - 4, $len - 4);
}

# How the line ends, for an administrator: what decided it, and never a byte of a proof.
my %details = (
    'NTLMv1' => qr/^NtChallengeResponse of 24 bytes, LmChallengeResponse of 24 bytes; wanted: an NTLMv2 response: /,
    'a right LMv2 response alone' => qr/^NtChallengeResponse of 0 bytes, LmChallengeResponse of 24 bytes; /,
    'a changed MIC' =>
        qr/^the client's at 72 is another one; wanted: HMAC-MD5 by the session base key over Type 1 \(\d+ bytes\), Type 2 \(\d+\), Type 3 \(\d+\)$/,
    'a zeroed MIC' => qr/^the client's at 72 is 16 zero bytes; wanted: HMAC-MD5 by /,
    'a MIC that was cut out' => qr/^a payload that begins at 64; wanted: room for a MIC: /,
    'a changed computer name' => qr/^MsvAvNbComputerName \(1\) is changed: ours is "WEB", the client's "VEB"; wanted: every AV pair /,
    'a changed domain name' => qr/^MsvAvDnsDomainName \(4\) is changed: ours is "corp.example.com", the client's "borp.example.com"; /,
    'a name that is left out' => qr/^MsvAvDnsComputerName \(3\) is missing, ours is "web.corp.example.com"; /,
    'a time that is left out' => qr/^MsvAvTimestamp \(7\) is missing, ours is 8 bytes; /,
    'no target information at all' => qr/^MsvAvNbDomainName \(2\) is missing, ours is "CORP"; MsvAvNbComputerName \(1\) is missing; .*\.\.\.$/,
    'another time than the challenge had' =>
        qr/^it answers a challenge of (\S+)Z; wanted: MsvAvTimestamp \(7\) of this connection's challenge, (?!\1)\S+Z$/,
    'a domain that is not accepted' =>
        qr/^domain "EVIL", user "alice"; wanted: no domain, or one of NTLMAcceptDomains: CORP/,
    'a session key of a wrong length' => qr/^EncryptedRandomSessionKey of 5 bytes; wanted: 16 bytes, as /,
    'a Type 3 that is cut' => qr/^a field lies outside the message: it has 60 bytes$/,
    'a response that reaches over the end' => qr/^a field lies outside the message: NtChallengeResponse of 65535 bytes at \d+, in a message of \d+$/,
    'a field inside the header' => qr/^a field lies inside the header: UserName of 10 bytes at 12, in /,
    'another response type' => qr/ is not 1: they are 2 and 1$/,
    'a response of 23 bytes' => qr/: NtChallengeResponse of 23 bytes$/,
    'a user name of 105 characters' => qr/: UserName of 210 bytes, DomainName of 8, Workstation of \d+$/,
    'half a character' => qr/: UserName of 9 bytes, DomainName of 8, Workstation of \d+$/,
    'two MsvAvFlags' => qr/^MsvAvFlags stands twice$/,
    'a channel binding of 15 bytes' => qr/^MsvAvChannelBindings has not 16 bytes$/,
    'the Type 2 itself' => qr/^it is a Type 2, which no client sends$/,
    'a wrong password' => qr/^$/,
);

my $what_clients_see;
for my $refusal (@refusals) {
    my ($what, $status, $type3, $type1, $place) = @$refusal;
    $place //= '/secret/echo';
    $type1 //= {};
    subtest "$what: $status" => sub {
        my $connection = NTLM::Connection->new;
        challenged($connection->type1($place, %$type1), 'a challenge');
        my $response = $connection->type3($place, %$type3);
        refused($response, 'refused');
        status_is($status);
        like(+(NTLM::Log::lines())[-1]{remark} // '', $details{$what}, 'the line says what decided it') if $details{$what};
        $what_clients_see //= $response->seen_by_client;
        is($response->seen_by_client, $what_clients_see, 'the client sees what it sees of any refusal');
        refused($connection->get($place), 'not logged in afterwards');
        welcomed($connection->login($place, %alice), 'alice', 'the connection can still be used for a login');
    };
}

subtest 'A domain that is accepted, or none, is no obstacle' => sub {
    for my $domain ('CORP', 'corp', '') {
        welcomed(NTLM::Connection->new->login('/corponly/echo', %alice, domain => $domain), 'alice', "'$domain'");
    }
};

done_testing;
