#!/usr/bin/perl
# Requests at random to all addresses of the bench, with messages of every kind: under ASan and UBSan
# nothing is found, and without them the process does not grow for ever.
#
#   REQUESTS=10000   how many    SEED=...   repeats a run
use strict;
use warnings;
use Cwd qw(abs_path);
use FindBin qw($Bin);
use lib "$Bin/../lib", "$Bin/../fuzz/server";
use IO::Select;
use MIME::Base64 qw(encode_base64);
use Test::More;
use Time::HiRes qw(time);

use Launched;
use Mutate qw(chance one_of spoil);
use NTLM::Connection;
use NTLM::Message;
use POSIX ();

my $TOP = abs_path("$Bin/../..");
if (my ($why) = Launched->missing) { plan skip_all => $why }
if (!-e "$TOP/build/asan/mod_ntlm_testbench.so") { plan skip_all => 'no module under ASan: make -f Makefile.apxs testbench-test' }

use constant CLIENTS => 4;
use constant PATIENCE => 3;    # seconds for an answer: addresses that misbehave give none

my $requests = $ENV{REQUESTS} || 10_000;
my $seed     = $ENV{SEED} // time % 1_000_000;
note "SEED=$seed";

my @PAGES = qw(/ /index.json /last /last.json /last.har /last/1 /last/7.json /health /expect?status=ok /expect?logins=1&mic=ok
    /expect?nothing /reset /nowhere /-own /-page /r/ /r/x /ntlm/ /ntlm/%2F/%00 /fixed/zz /../etc/passwd /%2e%2e/);

sub addresses {
    my ($bench) = @_;
    return map { $_->{example} } @{$bench->json('/index.json')->{places}};
}

# ---- one client ----

# A login of an account, right or spoilt, and what else may stand in the header.
sub header {
    my ($connection) = @_;
    my $what = rand;
    return () if $what < 0.15;
    if ($what < 0.45 || !$connection->{type2}) {
        my $type1 = NTLM::Message::type1(flags => one_of(0xe2088297, 0xa2088207, 0x00088206, 0x0));
        $connection->{type1} = $type1;
        return 'NTLM ' . encode_base64(chance(0.2) ? spoil($type1) : $type1, '');
    }
    my %account = (user => 'alice', domain => 'RABBITHOLE', nt_hash => '535866c1fd80742b7f4abd91ca6ff5bf');
    @account{qw(user domain nt_hash)} = (one_of(qw(alice bob mallory)), one_of('RABBITHOLE', '', 'WONDERLAND'), '0' x 32) if chance(0.4);
    my $type3 = eval { NTLM::Message::type3(type1 => $connection->{type1}, type2 => $connection->{type2}, %account) } // 'NTLMSSP';
    my $token = encode_base64(chance(0.3) ? spoil($type3) : $type3, '');
    $token = spoil($token) =~ s/[\r\n\0]//gr if chance(0.1);
    return one_of('NTLM', 'NTLM', 'NTLM', 'ntlm', 'Negotiate', 'Basic', "NTLM\t") . " $token";
}

sub path {
    my (@addresses) = @_;
    my $path = chance(0.15) ? one_of(@PAGES) : one_of(@addresses);
    $path .= one_of('/-/x', '/more', '?nth=2', '?nth=0', '?nth=x', '/%2e%2e/', '//') if chance(0.2);
    return chance(0.3) ? '/r/' . one_of('one', 'two', 'x' x 64, 'x' x 65, '%41') . $path : $path;
}

# Sends a request and reads what comes, for a while. False: the connection is of no more use.
sub exchange {
    my ($connection, $method, $path, $headers, $body) = @_;
    $connection->send_request($method, $path, $headers, $body);
    return 0 if !IO::Select->new($connection->{socket})->can_read(PATIENCE);
    my $response = eval { local $SIG{ALRM} = sub { die "late\n" }; alarm PATIENCE; my $r = $connection->read_response; alarm 0; $r };
    alarm 0;
    return 0 if !$response || $response->closed;
    my $type2 = eval { $response->type2 };
    $connection->{type2} = $type2 if defined $type2;
    return 1;
}

sub client {
    my ($port, $count, @addresses) = @_;
    my ($connection, $path);
    for (1 .. $count) {
        $path = path(@addresses) if !defined $path || chance(0.3);    # a login is two requests to one
        $connection //= NTLM::Connection->new(port => $port, vhost => 'localhost', timeout => PATIENCE, over => 'NTLM');
        my @credentials = header($connection);
        my $method      = one_of(qw(GET GET GET POST HEAD PUT OPTIONS));
        my $body        = $method =~ /^P/ ? 'b' x one_of(0, 1, 5000, 70_000) : undef;
        my $stays       = eval { exchange($connection, $method, $path, [map { (Authorization => $_) } @credentials], $body) };
        undef $connection if !$stays || chance(0.05);
    }
    return;
}

# All of them at once; each has chances of its own that the seed decides.
sub run_clients {
    my ($bench, $count, $salt) = @_;
    my ($port, @addresses) = ($bench->port('http'), addresses($bench));
    local $SIG{PIPE} = 'IGNORE';
    my @pids = map {
        my $number = $_;
        my $pid = fork // die "fork: $!\n";
        if ($pid == 0) {
            srand $seed + $salt + $number;
            eval { client($port, $count / CLIENTS, @addresses) };
            warn $@ if $@;
            POSIX::_exit($@ ? 1 : 0);
        }
        $pid;
    } 1 .. CLIENTS;
    return grep { waitpid($_, 0), $? } @pids;
}

# ---- what is wrong ----

sub log_of {
    my ($bench) = @_;
    open my $in, '<', $bench->{said}{log} or return '';
    return do { local $/; <$in> };
}

{
    my $bench = Launched->start('--httpd', "$TOP/t/asan-httpd", '--own-modules', "$TOP/build/asan");
    my @before = $bench->children;
    is_deeply [run_clients($bench, $requests, 0)], [], "$requests requests under ASan were sent";
    is_deeply [$bench->children], \@before, 'the process lives';
    my @found = grep { /AddressSanitizer|runtime error|exit signal|LeakSanitizer/ } split /\n/, log_of($bench);
    is "@found[0 .. ($#found > 5 ? 5 : $#found)]", '', 'nothing was found';
    my %met = map { $_ => 1 } log_of($bench) =~ /ntlm: ([a-z0-9-]+):/g;
    is_deeply [grep { !$met{$_} } qw(ok challenge-sent wrong-password malformed no-credentials not-expected)], [], 'logins came to much';
    is eval { $bench->json('/index.json')->{version} }, $bench->{said}{version}, 'it answers afterwards';
}

# The history is full by then: what comes later takes the place of what has gone.
{
    my $bench = Launched->start;
    run_clients($bench, $requests / 2, 100);
    my $before = $bench->kilobytes;
    run_clients($bench, $requests / 2, 200);
    my $after = $bench->kilobytes;
    cmp_ok $after - $before, '<', 16 * 1024, "half of them make it grow by less than 16 MB ($before kB, then $after kB)";
}

done_testing;
