#!/usr/bin/perl
# The shapes of a challenge: each address sends the one that it says, and takes the login that answers
# it as MS-NLMP wants it.
use strict;
use warnings;
use FindBin qw($Bin);
use lib "$Bin/../lib";
use Test::More;

use Certificates;
use NTLM::Message qw(parse_type2 utf16);
use PrivateHttpd;
use Testbench;

if (my ($why) = (Certificates::missing(), Testbench->missing)) { plan skip_all => $why }

use constant {SINGLE_HOST => 8, UNTIL_BINDING => 10};

my $bench = Testbench->start;

# Logs in there, and gives the challenge.
sub challenged {
    my ($path, %opt) = @_;
    my $conn     = $bench->connection;
    my $response = $conn->login($path, $bench->alice, %opt);
    my $said     = Testbench::verdict($response);
    is "$said->{status} " . $response->status, $opt{status} // 'ok 200', "$path: the login";
    return parse_type2($conn->{type2});
}

sub lacks {
    my ($path, $flag) = @_;
    my $type2 = challenged($path);
    is $type2->{flags} & $flag, 0, "$path: the flag is not there";
    return $type2;
}

# The names that production sends, in its order.
my $usual = challenged('/ntlm/WONDERLAND/alice/Looking-Glass1');
is_deeply $usual->{av_ids}, [2, 1, 4, 3, 7], 'the usual pairs';
ok $usual->{flags} & NTLM::Message::TYPE_DOMAIN, 'the usual target is a domain';

is_deeply challenged('/type2/no-time')->{av_ids}, [2, 1, 4, 3], 'no time';
lacks('/type2/no-ess', NTLM::Message::ESS);
lacks('/type2/no-key-exch', NTLM::Message::KEY_EXCHANGE);
is lacks('/type2/no-version', NTLM::Message::VERSION)->{version}, "\0" x 8, 'no Version either';

my $oem = lacks('/type2/oem', NTLM::Message::UNICODE);
ok $oem->{flags} & NTLM::Message::OEM, 'OEM instead';
is $oem->{target_name}, 'WONDERLAND', 'the target in OEM';
is $oem->{av}{+NTLM::Message::AV_NB_DOMAIN}, utf16('WONDERLAND'), 'the pairs are Unicode always';

is lacks('/type2/no-target-info', NTLM::Message::TARGET_INFO)->{target_info}, '', 'no pairs at all';
is challenged('/type2/empty-target-info')->{target_info}, "\0" x 4, 'nothing but the end';
is lacks('/type2/no-target-name', NTLM::Message::TARGET)->{target_name}, '', 'no target';
my $server = lacks('/type2/server', NTLM::Message::TYPE_DOMAIN);
ok $server->{flags} & NTLM::Message::TYPE_SERVER, 'a server is the target';
is $server->{target_name}, utf16('TEAPOT'), 'by its name';

is scalar(grep { $_ > UNTIL_BINDING } @{challenged('/type2/unknown-pairs')->{av_ids}}), 3, 'pairs that nobody knows';
cmp_ok @{challenged('/type2/many-pairs')->{av_ids}}, '>', 100, 'many pairs';
challenged('/type2/unknown-pairs', edit => sub { @{$_[0]} = grep { $_->[0] <= UNTIL_BINDING } @{$_[0]} },
    status => 'echo-mismatch 401');

my $long = challenged('/type2/long-names');
is length $_, 2 * 255, 'a long name' for $long->{target_name}, map { $long->{av}{$_} } 1 .. 4;
my %different = map { $long->{av}{$_} => 1 } 1 .. 4;
is keys %different, 4, 'long names differ from each other';

# The pairs that are the client's own stand in the place of the server's.
sub own { my ($id, $value) = @_; return (edit => sub { @{$_[0]} = ((grep { $_->[0] != $id } @{$_[0]}), [$id, $value]) }) }

my @flags = (own(NTLM::Message::AV_FLAGS, pack 'V', 2), mic => 1);
for (['/type2/av-flags', 0], ['/type2/av-flags/00000001', 1]) {
    my ($path, $value) = @$_;
    is challenged($path, @flags)->{av}{+NTLM::Message::AV_FLAGS}, pack('V', $value), "$path: its value";
}
for my $len (48, 80) {
    my $value = challenged("/type2/single-host/$len")->{av}{+SINGLE_HOST};
    is length $value, $len, 'MsvAvSingleHost has its length';
    is unpack('V', $value), $len, '... and says it';
    challenged("/type2/single-host/$len", own(SINGLE_HOST, pack 'V a*', $len, 'c' x ($len - 4)));
}

is challenged('/type2/flags/e2898235')->{flags}, 0xe2898235, 'any flags';
is $bench->get('/type2/flags/12')->status, 404, 'flags that are none';
is_deeply challenged('/r/run/type2/no-time/any/path')->{av_ids}, [2, 1, 4, 3], 'in a run, with a path of the own';

done_testing;
