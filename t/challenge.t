# The Type 2: what it says, and that it says it to every client.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib";
use Test::More;

use NTLM::Connection;
use NTLM::Expect;
use NTLM::Message qw(parse_type2 utf16);
use NTLM::Scheme;

my $place = '/secret/index.html';

sub challenge {
    my (%type1) = @_;
    my $connection = NTLM::Connection->new;
    challenged($connection->type1($place, %type1), 'a challenge');
    return ($connection->{type2}, parse_type2($connection->{type2}));
}

subtest 'Its shape is that of MS-NLMP 2.2.1.2, with the payload at 56' => sub {
    my ($bytes, $type2) = challenge();
    my $name_len = length $type2->{target_name};
    is($type2->{target_name_offset}, 56, 'the target name is at 56');
    is($type2->{target_info_offset}, 56 + $name_len, 'the target information follows');
    is(length $bytes, 56 + $name_len + length $type2->{target_info}, 'nothing follows that');
    is($type2->{reserved}, "\0" x 8, 'what is reserved is zero');
    is($type2->{target_name}, utf16('CORP'), 'the target name is the domain');
};

subtest 'The target information names the server' => sub {
    my ($bytes, $type2) = challenge();
    my $av = $type2->{av};
    is_deeply($type2->{av_ids}, [2, 1, 4, 3, 7], 'five pairs, in the order of Windows');
    is($av->{1}, utf16('WEB'),                  'the computer');
    is($av->{2}, utf16('CORP'),                 'the domain');
    is($av->{3}, utf16('web.corp.example.com'), 'the DNS name of the computer');
    is($av->{4}, utf16('corp.example.com'),     'the DNS name of the domain');
    my $seconds = unpack('Q<', $av->{7}) / 10_000_000 - 11_644_473_600;
    cmp_ok(abs($seconds - time), '<', 60, 'the time is now');
    is(substr($type2->{target_info}, -4), "\0" x 4, 'the end of the list');
};

# [client, its flags, the flags of the challenge]
my @flags = (
    ['Windows',            0xe2088297, 0xe2898215],
    ['Chromium',           0x00088207, 0x02898205],
    ['curl (OEM only)',    0x00088206, 0x02898205],
    ['macOS',              0x62880205, 0x62890205],
    ['wget (NTLMv1 only)', 0x00000202, 0x00890205],
    ['the least there is', 0x00000001, 0x00890205],
    ['all flags at once',  0xffffffff, 0xe2898235],
);
subtest 'The flags follow the client, and always ask for NTLMv2 in Unicode' => sub {
    for (@flags) {
        my ($client, $offered, $expected) = @$_;
        my ($bytes, $type2) = challenge(flags => $offered);
        is(sprintf('%08x', $type2->{flags}), sprintf('%08x', $expected), $client);
    }
};

subtest 'A version is there when its flag is set, and zeros when not' => sub {
    my ($bytes, $with) = challenge(flags => 0xe2088297);
    is(substr($with->{version}, -1), "\x0f", 'the NTLM revision');
    ($bytes, my $without) = challenge(flags => 0x00000202);
    is($without->{version}, "\0" x 8, 'zeros');
};

subtest 'A Type 1 may be short' => sub {
    challenge(len => $_) for 16, 32, 40;
    challenge(raw => NTLM::Message::type1() . "\0" x 500);
};

subtest 'A Type 1 may say anything about names' => sub {
    my $fields = pack('v v V', 9, 9, 0xffffffff) x 2;
    challenge(raw => NTLM::Message::SIGNATURE . pack('V V', 1, 0xa2083207) . $fields);
};

subtest 'A Type 1 must be whole, and offer a charset' => sub {
    my $connection = NTLM::Connection->new;
    refused($connection->type1($place, len => 15), '15 bytes');
    status_is('malformed');
    refused($connection->type1($place, flags => 0x00088204), 'neither Unicode nor OEM');
    status_is('malformed');
    refused($connection->type1($place, raw => "NTLMSSq\0" . pack 'V V', 1, 0xa2088207), 'another signature');
    status_is(NTLM::Scheme::no_message('within'));
};

subtest 'No two nonces are the same' => sub {
    my @connections = map { NTLM::Connection->new } 1 .. 4;
    my %seen;
    for my $connection (@connections) {
        for (1 .. 25) {
            $connection->type1($place);
            $seen{parse_type2($connection->{type2})->{challenge}}++;
        }
    }
    is(keys %seen, 100, '100 challenges on 4 connections');
    is((grep { /^(.)\1{7}\z/s } keys %seen), 0, 'none of one byte repeated');
};

subtest 'It comes alone, on a connection that stays open' => sub {
    my $connection = NTLM::Connection->new;
    my $response   = $connection->type1($place);
    is($response->status, 401, 'the status is 401');
    is(scalar(my @offers = $response->header('WWW-Authenticate')), 1, 'one header');
    ok(!$response->closed && !$connection->is_closed, 'the connection stays open');
};

done_testing;
