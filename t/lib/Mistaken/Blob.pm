package Mistaken::Blob;

# The AV pairs, the time, the frame of NTLMv2_CLIENT_CHALLENGE (MS-NLMP 2.2.2.1, 2.2.2.7).

use strict;
use warnings;
use Mistaken qw(the right);
use NTLM::Message qw(utf16);

sub without { my (@ids) = @_; return [grep { my $id = $_->[0]; !grep { $_ == $id } @ids } @{+right()}] }

sub changed {
    my ($id, $value) = @_;
    return [map { $_->[0] == $id ? [$id, $value] : $_ } @{+right()}];
}

our @ROWS = (
    ['time from the own clock, MsvAvTimestamp echoed', 'ok', 'timestamp-own-clock', time => sub { the 'own_time' }],
    ['time two hours off, MsvAvTimestamp echoed', 'ok', 'timestamp-far-off', time => sub { pack 'Q<', unpack('Q<', right) + 72_000_000_000 }],
    ['time is zero', 'ok', 'timestamp-far-off', time => "\0" x 8],
    ['time in seconds since 1970', 'ok', 'timestamp-since-1970', time => sub { pack 'Q<', time }],
    ['time big endian', 'ok', 'timestamp-big-endian', time => sub { scalar reverse right }],
    ['names of pairs in lower case', 'echo-mismatch', 'pairs-changed', server_pairs => sub { [map { $_->[0] == 2 ? [2, utf16('wonderland')] : $_ } @{+right()}] }],
    ['MsvAvFlags twice', 'malformed', 'av-pair-twice', pairs => sub { [@{+right()}, [6, pack 'V', 0]] }],
    ['MsvAvFlags of two bytes', 'malformed', 'av-pair-length', av_flags => pack('v', 2)],
    ['eight zeros behind the pairs', 'ok', 'tail-long?', trailer => "\0" x 8],
    ['HiRespType 0', 'malformed', 'resp-type', resp_type => "\1\0"],
    ['pairs big endian', 'malformed/wrong-password', 'pairs-big-endian', pairs_bytes => sub { join '', map { pack 'n n/a*', @$_ } @{the 'pairs'}, [0, ''] }],
    ['pair 7 with the own time', 'stale-challenge', 'timestamp-pair-changed', server_pairs => sub { changed(7, the 'own_time') }, time => sub { the 'own_time' }],
    ['pair 7 dropped', 'echo-mismatch', 'timestamp-dropped', server_pairs => sub { without(7) }],
    ['all pairs dropped', 'echo-mismatch', 'pairs-dropped', server_pairs => sub { [] }],
    ['some pairs dropped', 'echo-mismatch', 'pairs-missing', server_pairs => sub { without(1, 3) }],
    ['names of pairs invented', 'echo-mismatch', 'pairs-invented', server_pairs => sub { changed(1, utf16('LOCALHOST')) }],
    ['no MsvAvEOL', 'ok', 'response-tail-missing', pairs_bytes => sub { substr right, 0, -4 }],
    ['no Z(4) behind the pairs', 'ok', 'response-tail-missing', trailer => ''],
    ['RespType 0', 'malformed', 'resp-type', resp_type => "\0\0"],
);

1;
