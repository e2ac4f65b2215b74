#!/usr/bin/perl
# Twenty test benches that are started at once get ports of their own, and are stopped at once, one
# half of them by force: no process, port, file or semaphore is left.
use strict;
use warnings;
use FindBin qw($Bin $Script);
use lib "$Bin/../lib";
use Test::More;

use Launched;
use Left qw(is_gone);
use Passwd qw(get);

if (my ($why) = Launched->missing) { plan skip_all => $why }

# Where semaphores of others are not seen, if that is allowed.
my @apart = ('unshare', ($> ? qw(--user --map-current-user) : ()), '--ipc');
my $apart = $ENV{NTLM_TEST_APART};
if (!$apart && system("@apart true 2>/dev/null") == 0) {
    local $ENV{NTLM_TEST_APART} = 1;
    exec @apart, $^X, "$Bin/$Script" or die "@apart: $!\n";
}

# One half asks for the usual ports, which one of them can have.
my @any   = qw(--port 0 --tls-port 0 --proxy-port 0);
my @bench = map { Launched->launch('--stdin-eof', $_ % 2 ? @any : ()) } 1 .. 20;
is scalar(grep { $_->answers } @bench), 20, 'twenty start at once';

my %port = map { $_ => 1 } map { my $bench = $_; map { $bench->port($_) } qw(http https proxy sha384 sha512 ecdsa h2) } @bench;
is scalar(keys %port), 20 * 7, '... at ports of their own';
is scalar(grep { $_->connection->get('/health')->status == 200 } @bench), 20, '... and answer';

is scalar(grep { Left::watch($_) == 7 } @bench), 20, '... at each of them';
close $_->{in} for @bench[0 .. 9];
kill KILL => map { $_->{pid} } @bench[10 .. 19];
my @status = map { waitpid $_->{pid}, 0; $? } @bench;
is_deeply \@status, [(0) x 10, (9) x 10], 'they end at once, one half by force';
is_gone($_, '... nothing is left') for @bench;

SKIP: {
    skip 'semaphores of others are seen here', 1 if !$apart;
    my @left = map { my (undef, @lines) = split /\n/, get("/proc/sysvipc/$_"); @lines } qw(sem shm msg);
    is_deeply \@left, [], '... no semaphore, either';
}

done_testing;
