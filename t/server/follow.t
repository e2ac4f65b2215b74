#!/usr/bin/perl
# A password file that changes is read once, by a process of its own, for all children: they hold
# what it has read without being able to write it, nobody waits for it, and whatever becomes
# of that process the accounts that were read before go on serving.
use strict;
use warnings;
use FindBin qw($Bin);
use lib "$Bin/../lib";
use Memory;
use NTLM::Connection;
use PrivateHttpd;
use Test::More;
use Time::HiRes qw(sleep time);

use constant {MANY => 400_000, PATIENCE => 30};

my %HASH = (old => 'd9fe524deb5705ac74ea341ff18afe93', new => 'a4f49c406510bdcab6824ee7c30fd852');
my $SEGMENT = qr{/memfd:ntlm-accounts};
my $IS_ROOT = $> == 0;

# Root's alone, where there is root.
sub accounts {
    my ($httpd, @lines) = @_;
    my $path = $httpd->write('passwords.new', join('', map { "$_\n" } @lines), 0600);
    rename $path, $httpd->dir . '/passwords' or die $!;
    return;
}

sub many { return map { "user$_:" . sprintf '%032x', $_ } 1 .. MANY }

sub server {
    my ($mpm, @lines) = @_;
    my $httpd = PrivateHttpd->new(mpm => $mpm, text => <<'TEXT');
LogLevel warn auth_ntlmv2:info
ServerLimit 4
StartServers 3
MaxRequestWorkers 4
<IfModule !mpm_prefork_module>
    ThreadsPerChild 1
    ThreadLimit 1
    MinSpareThreads 1
    MaxSpareThreads 4
</IfModule>
@PROTECTED@
TEXT
    accounts($httpd, @lines);
    $httpd->start;
    return $httpd;
}

sub can_log_in {
    my ($httpd, $user, $hash) = @_;
    my $status = eval {
        NTLM::Connection->new(port => $httpd->{port}, vhost => '127.0.0.1')
            ->login('/', user => $user, domain => '', nt_hash => $hash)->status;
    } // 0;
    return $status == 200;
}

sub soon {
    my ($what, $sentence) = @_;
    my ($deadline, $is) = (time + PATIENCE, undef);
    sleep 0.05 while !($is = $what->()) && time < $deadline;
    return ok $is, $sentence;
}

sub reader { return Memory::reader($_[0]->pid) }
sub workers { return Memory::children($_[0]->pid) }
sub uid_of { return Memory::read_file("/proc/$_[0]/status") =~ /^Uid:\s+(\d+)/m ? $1 : -1 }

# A reader that has begun to take a large file apart.
sub busy_reader {
    my ($httpd) = @_;
    my $deadline = time + PATIENCE;
    while (time < $deadline) {
        my $pid = reader($httpd) or next;
        return $pid if Memory::kilobytes($pid, 'VmRSS') > 30_000 && uid_of($pid) == uid_of((workers($httpd))[0]);
    }
    return;
}

# The inodes of the segments that a process has mapped, and of those that it has open.
sub mapped { return Memory::read_file("/proc/$_[0]/maps") =~ /^\S+ \S+ \S+ \S+ (\d+) +$SEGMENT/mg }
sub opened { return grep { (readlink($_) // '') =~ $SEGMENT } glob "/proc/$_[0]/fd/*" }

# All processes have one, and it is the same one, though nobody asks them anything.
sub all_have_one {
    my ($httpd) = @_;
    my @each = map { [mapped($_)] } $httpd->pid, workers($httpd);
    my %all = map { $_ => 1 } map { @$_ } @each;
    return keys %all == 1 && !grep { @$_ != 1 } @each;
}

for my $mpm (qw(event worker prefork)) {
    my $httpd = server($mpm, "alice:$HASH{old}");
    my $whose = $IS_ROOT ? "that only root can read " : '';
    ok can_log_in($httpd, 'alice', $HASH{old}), "$mpm: alice logs in";
    my ($before) = mapped($httpd->pid);
    accounts($httpd, "alice:$HASH{new}");
    soon(sub { can_log_in($httpd, 'alice', $HASH{new}) }, "$mpm: a new file ${whose}counts without a restart");
    soon(sub { all_have_one($httpd) }, '... and all processes have one table, the same one');
    isnt((mapped($httpd->pid))[0], $before, '... which is not the first one');
    ok !can_log_in($httpd, 'alice', $HASH{old}), '... nor is the password';

    my @workers = workers($httpd);
    my @flags = map { Memory::read_file("/proc/$_/smaps") =~ /$SEGMENT.*?^VmFlags: ([^\n]*)/ms ? $1 : 'none' } @workers;
    is scalar(grep { !/\bsh\b|\bms\b/ || /\bwr\b|\bmw\b/ } @flags), 0, '... which no child can write, or be allowed to';
    is scalar(map { opened($_) } @workers), 0, '... and none has a descriptor of it';

    accounts($httpd, "alice:$HASH{old}");
    sleep 0.3;    # the reader may have begun
    accounts($httpd, "alice:$HASH{new}", "bob:$HASH{new}");
    soon(sub { can_log_in($httpd, 'bob', $HASH{new}) }, "$mpm: of two changes the second one counts in the end");
    ok can_log_in($httpd, 'alice', $HASH{new}), '... all of it';
    soon(sub { all_have_one($httpd) }, '... in all processes');

    my $reader = reader($httpd) // 0;
    $httpd->graceful;
    soon(sub { (reader($httpd) // $reader) != $reader && can_log_in($httpd, 'bob', $HASH{new}) },
        "$mpm: a graceful restart goes on with the same accounts");
    accounts($httpd, "alice:$HASH{new}");
    soon(sub { !can_log_in($httpd, 'bob', $HASH{new}) }, '... and follows the file as before');
    $httpd->graceful;
    accounts($httpd, "alice:$HASH{new}", "carol:$HASH{new}");
    soon(sub { can_log_in($httpd, 'carol', $HASH{new}) }, '... also while it restarts');
    soon(sub { all_have_one($httpd) }, '... and no other table is left');
    $reader = reader($httpd);
    $httpd->finish;
    ok $reader && !-e "/proc/$reader", "$mpm: the reader ends with httpd";
    unlike $httpd->error_log, qr/exit signal|mod_auth_ntlmv2: /, "$mpm: nothing went wrong";
}

# ---- what goes wrong ----
{
    my $httpd = server('event', "alice:$HASH{new}");
    my $pid = reader($httpd);
    kill KILL => $pid;
    soon(sub { my $next = reader($httpd); $next && $next != $pid }, 'a reader that is killed while it waits is replaced');
    accounts($httpd, "alice:$HASH{new}", many());
    $pid = busy_reader($httpd);
    ok $pid, $IS_ROOT ? 'a large file is taken apart as the user of the children' : 'a large file is read';
    kill KILL => $pid if $pid;
    my $said = qr/mod_auth_ntlmv2: the process that was reading \S+passwords has ended \(signal 9\); the accounts that were read before go on serving/;
    soon(sub { $httpd->error_log =~ $said }, 'one that is killed while it reads is told of');
    soon(sub { can_log_in($httpd, 'alice', $HASH{new}) }, '... and the old accounts serve');
    ok !can_log_in($httpd, 'user7', sprintf '%032x', 7), '... they alone';
    accounts($httpd, "alice:$HASH{new}", many(), "bob:$HASH{new}");
    soon(sub { can_log_in($httpd, 'bob', $HASH{new}) }, 'the next change is taken');
    is scalar(() = $httpd->error_log =~ /mod_auth_ntlmv2: /g), 1, '... and there was one error line';
    soon(sub { all_have_one($httpd) }, '... and one table');

    my @pss = map { Memory::read_file("/proc/$_/smaps") =~ /$SEGMENT.*?^Pss: +(\d+) kB/ms ? $1 : () } $httpd->pid, workers($httpd);
    my ($size) = Memory::read_file('/proc/' . $httpd->pid . '/smaps') =~ /$SEGMENT.*?^Size: +(\d+) kB/ms;
    my $sum = 0;
    $sum += $_ for @pss;
    cmp_ok $sum, '<=', 1.1 * $size, 'all processes together have it in memory once';

    # The parent of a graceful restart has to be back soon: nobody takes connections meanwhile.
    # (What it has waited for is counted in its /proc/PID/io, too.)
    my ($parent, $half) = ($httpd->pid, (-s $httpd->dir . '/passwords') / 2);
    my $read = sub { Memory::read_file("/proc/$parent/task/$parent/io") =~ /^rchar: (\d+)/ ? $1 : die "no io\n" };
    my ($chars, $reader) = ($read->(), reader($httpd) // 0);
    $httpd->graceful;
    soon(sub { (reader($httpd) // $reader) != $reader && can_log_in($httpd, 'bob', $HASH{new}) }, 'a graceful restart');
    cmp_ok $read->() - $chars, '<', $half, '... does not read the file that has not changed';
    $chars = $read->();
    accounts($httpd, "alice:$HASH{new}", many(), 'bob');
    $httpd->graceful;
    soon(sub { $httpd->error_log =~ /passwords:\d+: there is no colon/ }, 'nor one that has, and is broken: its reader does');
    cmp_ok $read->() - $chars, '<', $half, '... not the parent';
    soon(sub { can_log_in($httpd, 'bob', $HASH{new}) }, '... and the old accounts serve');
}

SKIP: {
    skip 'there is no prlimit (package util-linux)', 4 if !-x '/usr/bin/prlimit';
    my $httpd = server('event', "alice:$HASH{new}");
    my ($pid, $reader) = ($httpd->pid, reader($httpd));
    system('prlimit', "--pid=$pid", '--fsize=1000000') == 0 or die 'prlimit';
    kill KILL => $reader;
    soon(sub { my $next = reader($httpd); $next && $next != $reader }, 'a reader with little room');
    accounts($httpd, "alice:$HASH{new}", many());
    soon(sub { $httpd->error_log =~ /mod_auth_ntlmv2: cannot hold \S+passwords: .*; the accounts that were read before/ },
        '... says that a large file does not fit');
    soon(sub { can_log_in($httpd, 'alice', $HASH{new}) }, '... and the old accounts serve');
    accounts($httpd, "alice:$HASH{new}", "bob:$HASH{new}");
    soon(sub { can_log_in($httpd, 'bob', $HASH{new}) }, '... until there is a smaller one');
}

# ---- httpd that stops while somebody still waits for his answer ----
{
    my $httpd = server('event', "alice:$HASH{new}");
    my $slow = NTLM::Connection->new(port => $httpd->{port}, vhost => '127.0.0.1');
    $slow->send_bytes("GET / HTTP/1.1\r\n");
    sleep 0.5;    # httpd has taken it
    my $parent = $httpd->pid;
    kill WINCH => $parent;
    my $answers = sub { IO::Socket::INET->new(PeerAddr => '127.0.0.1', PeerPort => $httpd->{port}) };
    soon(sub { !$answers->() }, 'the reader of a httpd that stops gracefully does not keep its port');
    ok scalar(Memory::children($parent)), '... though it has not stopped yet';
    $slow->close;
}

# ---- children whose parent has been killed ----
{
    my $httpd = PrivateHttpd->new(text => "\@PROTECTED\@\n");
    $httpd->accounts(passwords => "alice:$HASH{old}");
    $httpd->start;
    my ($parent, @workers) = ($httpd->pid, workers($httpd));
    kill KILL => $parent;
    $httpd->accounts(passwords => "alice:$HASH{new}");
    soon(sub { can_log_in($httpd, 'alice', $HASH{new}) }, 'a child whose parent has been killed looks for itself');
    kill KILL => @workers;
    unlink $httpd->dir . '/pid';
}

# ---- httpd in one process ----
{
    my $httpd = PrivateHttpd->new(text => "\@PROTECTED\@\n");
    $httpd->accounts(passwords => "alice:$HASH{old}");
    my $conf = $httpd->write('httpd.conf', $httpd->configuration);
    my $pid = fork // die $!;
    if (!$pid) {
        open STDERR, '>', '/dev/null';
        exec PrivateHttpd::httpd(), '-X', '-f', $conf or die $!;
    }
    soon(sub { can_log_in($httpd, 'alice', $HASH{old}) }, 'httpd -X serves');
    $httpd->accounts(passwords => "alice:$HASH{new}");
    soon(sub { can_log_in($httpd, 'alice', $HASH{new}) }, '... and looks for itself whether the file has changed');
    is reader($httpd), undef, '... without a reader';
    kill TERM => $pid;
    waitpid $pid, 0;
    unlink $httpd->dir . '/pid';
}

done_testing;
