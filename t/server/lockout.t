#!/usr/bin/perl
# lockout= of a source that lets a controller decide: however many guess, from wherever, he is not
# asked so often that he would lock the account.
use strict;
use warnings;
use Cwd qw(abs_path);
use File::Copy qw(copy);
use FindBin qw($Bin);
use lib "$Bin/../lib";
use NTLM::Connection;
use PrivateHttpd;
use Test::More;
use Time::HiRes qw(sleep);

my $TOP  = abs_path("$Bin/../..");
my %HASH = (right => 'd9fe524deb5705ac74ea341ff18afe93', wrong => 'a4f49c406510bdcab6824ee7c30fd852');
my $said = `make -C $TOP -f Makefile.apxs --no-print-directory build/controller.so 2>&1`;
die "build/controller.so: $said" if $?;

my $SOURCE = "NTLMCredentials controller user=alice domain=CORP hash=$HASH{right} log=\@DIR\@/questions";
my %PLACES = (
    three    => "$SOURCE lockout=3/1800",
    same     => "$SOURCE lockout=3/1700 timeout=6 computers=on",
    upn      => "$SOURCE upn=chief\@CORP",
    slow     => "$SOURCE lockout=3/1800 wait=30",
    off      => "$SOURCE lockout=off wait=1",
    status   => "$SOURCE says=C0000072",
    throttle => "$SOURCE lockout=3/1800 wait=2\nNTLMThrottle 100/300",
);
my $places = join '', map { "<Location \"/$_\">\nAuthType NTLM\nRequire valid-user\n$PLACES{$_}\n</Location>\n" } sort keys %PLACES;
my $httpd = PrivateHttpd->new(mpm => 'event', modules => ['remoteip', 'socache_shmcb'], text => <<"TEXT");
LoadModule controller_module \@DIR\@/controller.so
LogLevel warn auth_ntlmv2:debug
ServerLimit 3
StartServers 3
ThreadsPerChild 25
MaxRequestWorkers 75
MaxConnectionsPerChild 0
RemoteIPHeader X-Client
RemoteIPInternalProxy 127.0.0.1
NTLMProxied trust
NTLMThrottle off
$places
TEXT
copy("$TOP/build/controller.so", $httpd->dir . '/controller.so') or die "controller.so: $!\n";
$httpd->write("htdocs/$_", "a page\n") for keys %PLACES;
$httpd->write('questions', '', 0666);
$httpd->start;
like +($httpd->configtest)[1], qr/NTLMCredentials controller: lockout=off puts every wrong password to the controller.*write lockout=3/,
    'lockout=off gets a warning that says what to write';

my $seen = 0;

sub questions {
    open my $in, '<', $httpd->dir . '/questions' or die "questions: $!\n";
    my @all = <$in>;
    my $new = @all - $seen;
    $seen = @all;
    return $new;
}

my $address = 0;

sub connection { return NTLM::Connection->new(port => $httpd->{port}, vhost => '127.0.0.1') }

sub login {
    my ($place, %who) = @_;
    my $from = delete $who{from} // '10.0.0.' . ++$address;
    return connection()->login("/$place", domain => 'CORP', user => 'alice', nt_hash => $HASH{right}, %who,
        headers => ['X-Client' => $from]);
}
sub becomes { return login(@_)->status }

# ---- one after the other ----
{
    is becomes('three', nt_hash => $HASH{wrong}, user => $_), 401, "a wrong password for '$_'" for 'alice', 'ALICE';
    is becomes('three'), 200, 'a right one is asked, and makes the count begin anew';
    is becomes('three', nt_hash => $HASH{wrong}, user => $_->[0], domain => $_->[1]), 401, "a wrong password for '$_->[0]', '$_->[1]'"
        for ['alice ', 'CORP'], ['alice@CORP', ''], ['CORP\alice', ''];
    is questions(), 6, 'each was a question';
    my $answer = login('three');
    is $answer->status, 429, 'after three the right password is not asked either';
    my $seconds = $answer->header('Retry-After') // 0;
    ok $seconds > 1700 && $seconds <= 1801, 'which ends when Retry-After says';
    is becomes('three', user => $_), 429, "nor for '$_'" for ' Alice', 'alice@corp', 'CORP\ALICE';
    is becomes('same'), 429, 'nor at a place that says more of the same controller';
    is questions(), 0, 'the controller was not asked';
    like $httpd->error_log, qr/ntlm: account-spared: user=alice domain=CORP .*\(0xC0000234\)/, 'the log says why';
    is becomes('three', user => 'bob'), 401, 'another account is asked about';
    is questions(), 1, '... once';
}

# ---- both names of an account ----
{
    questions();
    my @names = ('alice', 'chief@CORP', 'CHIEF@corp', 'chief@CORP', 'alice', 'chief');
    is_deeply [map { becomes('upn', nt_hash => $HASH{wrong}, user => $_, domain => '') } @names], [401, 401, 401, 429, 429, 401],
        'wrong passwords for a user principal name are counted for the account';
    is questions(), 4, '... and it is no other account that is called like its beginning';
}

# ---- who there is does not show ----
{
    my @known   = map { becomes('throttle', nt_hash => $HASH{wrong}) } 1 .. 5;
    my @unknown = map { becomes('throttle', user => 'nobody', nt_hash => $HASH{wrong}) } 1 .. 5;
    is "@known", '401 401 401 429 429', 'a known account is spared after three';
    is "@unknown", "@known", 'and so is one that there is not';
    questions();
}

# ---- all at once, in several children ----
{
    my @pids;
    for my $n (1 .. 40) {
        my $pid = fork // die "fork: $!";
        if (!$pid) {
            my $status = eval { becomes('slow', nt_hash => $HASH{wrong}, from => "10.1.0.$n") } // 0;
            require POSIX;
            POSIX::_exit($status == 401 ? 1 : $status == 429 ? 2 : 3);
        }
        push @pids, $pid;
    }
    my %count;
    for my $pid (@pids) { waitpid $pid, 0; $count{ $? >> 8 }++ }
    is questions(), 3, 'forty at once from forty addresses are three questions';
    is_deeply \%count, { 1 => 3, 2 => 37 }, 'the others get 429';
}

# ---- a restart, and what is no guess ----
{
    my $before = () = $httpd->error_log =~ /resuming normal operations/g;
    $httpd->graceful;
    for (1 .. 100) { last if (() = $httpd->error_log =~ /resuming normal operations/g) > $before; sleep 0.1 }
    is becomes('three'), 429, 'a restart forgets nothing';
    my @states = map { becomes('status') } 1 .. 6;
    is "@states", '401 401 401 401 401 401', 'a right password of a disabled account is never counted';
    is questions(), 6, '... and asked each time';
    is becomes('off', nt_hash => $HASH{wrong}), 401, 'without a limit' for 1 .. 6;
    is questions(), 6, '... each wrong password is put to the controller';
}
$httpd->stop;
done_testing;
