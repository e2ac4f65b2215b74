# A client that sends Type 1 for ever, without ever logging in, costs nothing more.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib";
use Test::More;

use NTLM::Accounts qw(account);
use NTLM::Connection;
use NTLM::Message qw(type1);
use NTLM::Server;

use constant {
    SETTLED => 1_000,
    ROUNDS  => 10_000,
    MAY_GROW => 512,    # KB
};

my $place      = '/quiet/index.html';
my $connection = NTLM::Connection->new;

# The child that has the connection; all requests of one are in the same child.
sub pid_of_the_child {
    my $mark = "memory-$$";
    $connection->request(GET => '/open/index.html', ['X-Test' => $mark]);
    return NTLM::Server::access_line($mark)->{pid};
}

sub resident_kb {
    my ($pid) = @_;
    open my $in, '<', "/proc/$pid/status" or die "/proc/$pid/status: $!\n";
    my ($kb) = map { /^VmRSS:\s+(\d+) kB/ ? $1 : () } <$in>;
    return $kb;
}

# As many times a Type 1; gives how many were answered by a challenge.
sub challenges {
    my ($times, @type1) = @_;
    return scalar grep { $connection->type1($place, @type1); defined $connection->{type2} } 1 .. $times;
}

my $pid = pid_of_the_child();
plan skip_all => 'there is no /proc to ask' if !-r "/proc/$pid/status";

is(challenges(SETTLED), SETTLED, SETTLED . ' times a Type 1 on one connection');
my $before = resident_kb($pid);
is(challenges(ROUNDS - SETTLED), ROUNDS - SETTLED, 'and on, up to ' . ROUNDS);
my $grown = resident_kb($pid) - $before;
cmp_ok($grown, '<', MAY_GROW, 'the child has grown by less than ' . MAY_GROW . " KB ($grown KB)");

is(challenges(SETTLED, raw => type1() . "\0" x 2000), SETTLED, 'the same with the longest Type 1');
$grown = resident_kb($pid) - $before;
cmp_ok($grown, '<', MAY_GROW, "no more for that ($grown KB)");

is(pid_of_the_child(), $pid, 'it was the same child all the time');
is($connection->login($place, account('alice'))->status, 200, 'the connection can still be used for a login');

done_testing;
