# NTLMRequireMIC: a login without a message integrity code is refused where one is required.
# Whoever announces one must send it, and it must be right, everywhere.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib";
use Test::More;

use NTLM::Accounts qw(account);
use NTLM::Connection;
use NTLM::Expect;
use NTLM::Message;

my %alice = account('alice');
my ($required, $optional) = ('/mic/echo', '/secret/echo');

sub connection { return NTLM::Connection->new }

sub with {
    my ($message, $at, $bytes) = @_;
    substr($message, $at, length $bytes) = $bytes;
    return $message;
}

# The flag that tells of a MIC is taken out of MsvAvFlags, the MIC out of the message.
sub announced_no_more {
    my ($message) = @_;
    my $flags = pack 'v v V', NTLM::Message::AV_FLAGS, 4, NTLM::Message::MIC_IS_THERE;
    $message =~ s/\Q$flags\E/pack 'v v V', NTLM::Message::AV_FLAGS, 4, 0/e or die 'there is no flag';
    return with($message, 72, "\0" x 16);
}

subtest 'A login with a MIC is let in' => sub {
    welcomed(connection()->login($_, %alice), 'alice', $_) for $required, $optional;
};

subtest 'A login without one is let in only where none is required' => sub {
    welcomed(connection()->login($optional, %alice, mic => 0), 'alice', 'not required');
    my $connection = connection();
    my $response   = $connection->login($required, %alice, mic => 0);
    refused($response, 'required');
    status_is('mic-required');
    unlike($response->body, qr/REMOTE_USER=/, 'nothing of the page');
    refused($connection->get($required), 'not logged in afterwards');
    welcomed($connection->login($required, %alice), 'alice', 'with a MIC the same connection is');
};

subtest 'A login without a MIC is none where one is required' => sub {
    my $connection = connection();
    welcomed($connection->login($optional, %alice, mic => 0), 'alice', 'alice logs in without');
    refused($connection->get($required), 'not here');
    welcomed($connection->get($optional), 'alice', 'she still is there');
};

my @tampered = (
    ['a wrong MIC',               'bad-mic',        flip_mic => 1],
    ['a MIC of zeros',            'bad-mic',        rewrite => sub { with($_[0], 72, "\0" x 16) }],
    ['a MIC that was cut out (CVE-2019-1040)', 'mic-missing', drop_mic => 1],
    ['a MIC and its flag taken out', 'wrong-password', rewrite => \&announced_no_more],
    ['a MIC over another Type 1', 'bad-mic',        type1 => NTLM::Message::type1(flags => 0xa2088205)],
    ['two MsvAvFlags, the second one empty (CVE-2019-1166)', 'malformed',
        edit => sub { push @{$_[0]}, [NTLM::Message::AV_FLAGS, pack 'V', 0] }],
    ['two MsvAvFlags, the first one empty', 'malformed',
        edit => sub { unshift @{$_[0]}, [NTLM::Message::AV_FLAGS, pack 'V', 0] }],
    ['MsvAvFlags that were in the CHALLENGE, and hide the client\'s (CVE-2019-1166)', 'malformed',
        mic => 0, edit => sub { unshift @{$_[0]}, map { [NTLM::Message::AV_FLAGS, pack 'V', $_] } 0, 2 }],
    ['a MIC behind the end of the AV pairs', 'mic-required',
        mic => 0, trailer => NTLM::Message::av_pairs([[NTLM::Message::AV_FLAGS, pack 'V', 2]])],
);
for my $case (@tampered) {
    my ($what, $status, @type3) = @$case;
    subtest "$what: $status" => sub {
        for my $place ($required, $optional) {
            my $connection = connection();
            my $response   = $connection->login($place, %alice, @type3);
            if ($status eq 'mic-required' && $place eq $optional) {
                welcomed($response, 'alice', "$place: it is no flag, and none is required");
                next;
            }
            refused($response, $place);
            status_is($status);
            refused($connection->get($place), 'not logged in afterwards');
        }
    };
}

subtest 'An attacker who puts MsvAvFlags into the challenge gets nothing' => sub {
    for my $case ([0, 'mic-required'], [2, 'mic-missing']) {
        my ($flags, $status) = @$case;
        my $connection = connection();
        $connection->type1($required);
        my $theirs = NTLM::Message::parse_type2($connection->{type2});
        my $added  = pack 'v v V', NTLM::Message::AV_FLAGS, 4, $flags;
        my $type2  = $connection->{type2};
        # target information is the last field: it grows by the pair in front
        my ($len, undef, $at) = unpack 'x40 v v V', $type2;
        $type2 = with($type2, 40, pack 'v v', ($len + 8) x 2);
        substr($type2, $at, 0) = $added;
        is(NTLM::Message::parse_type2($type2)->{av}{+NTLM::Message::AV_FLAGS}, pack('V', $flags), 'it is in it');
        refused($connection->type3($required, %alice, type2 => $type2, mic => 0), "MsvAvFlags $flags");
        status_is($status);
    }
};

subtest 'A wrong password is one, with and without a MIC' => sub {
    for my $mic (0, 1) {
        refused(connection()->login($required, %alice, nt_hash => '0' x 32, mic => $mic), 'refused');
        status_is('wrong-password');
    }
};

subtest 'A client cannot tell a missing MIC from a wrong password' => sub {
    my @seen = map { connection()->login($required, %alice, @$_)->seen_by_client } [mic => 0], [nt_hash => '0' x 32];
    is($seen[0], $seen[1], 'the same answer');
};

done_testing;
