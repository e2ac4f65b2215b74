package Port;

# Loopback ports for the servers of a test, and the servers that listen there.
#
#   my $port = Port::take();           # a number that nobody else is given; nobody listens there
#   my ($pid, @ports) = Port::serve(   # a server that is up, at a port that it got
#       run  => sub { my (@ports) = @_; ... fork, exec ...; return $pid },
#       said => sub { ... what it wrote until now ... },
#       ports => 2,                    # how many it listens on, 1 if it is not said; or
#       at    => [$port],              # where it was before: then no other will do
#       free  => 1,                    # it does not reuse addresses: nothing may keep the port for it
#   );
#   Port::stop($pid); Port::stop($pid, 'KILL');    # by itself at the end, too
#
# A port is kept by a socket that is bound and does not listen: who lets the system choose, or
# asks for it in earnest, is not given it, but a server that reuses addresses, as all do. One
# that another program grabs in spite of that is left to it, and the next one is tried.
#
# NTLM_ROB_PORTS=1 (environment): of each server's first try, somebody else gets the last port.

use strict;
use warnings;
use IO::Socket::INET;
use POSIX ();
use Socket qw(SO_REUSEADDR);
use Time::HiRes qw(sleep time);

use constant {TRIES => 20, PATIENCE => 60};    # ports, seconds

my (%held, %robbed, %running);

# A test that is interrupted ends as one that dies: by way of END. Its children just end.
my $test = $$;
for my $signal (qw(HUP INT PIPE TERM)) {
    $SIG{$signal} ||= sub { $SIG{PIPE} = 'IGNORE'; $$ == $test ? exit 1 : POSIX::_exit(1) };
}

sub take {
    my $socket = IO::Socket::INET->new(LocalAddr => '127.0.0.1', LocalPort => 0, Proto => 'tcp') or die "no port: $@\n";
    $socket->sockopt(SO_REUSEADDR, 1) or die "SO_REUSEADDR: $!\n";
    my $port = $socket->sockport;
    $held{$port} = $socket;
    return $port;
}

# For tests of the tests, between choosing and starting.
sub rob {
    my ($port) = @_;
    return if !$ENV{NTLM_ROB_PORTS};
    $robbed{$port} = IO::Socket::INET->new(LocalAddr => '127.0.0.1', LocalPort => $port, Listen => 20, ReuseAddr => 1)
        or die "cannot rob port $port: $@\n";
    return;
}

sub robbed { return sort { $a <=> $b } keys %robbed }

# ---- whose it is ----

# Whether that process itself listens there; where there is no /proc, whether anybody does.
sub is_served_by {
    my ($pid, $port) = @_;
    return 0 if !answers($port);    # the table below may be a long one
    return 1 if !-d "/proc/$$/fd";
    my $listens = sprintf ':%04X [0-9A-F]+:0000 0A ', $port;
    my %socket;
    open my $in, '<', '/proc/net/tcp' or die "/proc/net/tcp: $!\n";
    for my $line (grep { /$listens/ } <$in>) { $socket{'socket:[' . (split ' ', $line)[9] . ']'} = 1 }
    return scalar grep { $socket{readlink($_) // ''} } glob "/proc/$pid/fd/*";
}

sub answers {
    my ($port) = @_;
    return defined IO::Socket::INET->new(PeerAddr => '127.0.0.1', PeerPort => $port);
}

# Whether somebody else than that process listens there.
sub is_lost {
    my ($pid, $port) = @_;
    return answers($port) && !is_served_by($pid, $port);
}

# ---- servers ----

sub serve {
    my (%how) = @_;
    for my $try (1 .. TRIES) {
        my @ports = $how{at} ? @{$how{at}} : map { take() } 1 .. $how{ports} // 1;
        delete @held{@ports} if $how{free};
        rob($ports[-1]) if $try == 1 && !$how{at};
        my $before = length $how{said}->();
        my $pid = $how{run}->(@ports);
        $running{$pid} = $$;
        my $why = wait_until_up($pid, @ports) or return ($pid, @ports);
        stop($pid, 'KILL');
        my $said = $how{said}->();
        $said = substr $said, $before if length $said > $before;
        die "$why\n$said" if $how{at} || $why ne 'in use' && $said !~ /in use/i;
    }
    die "no port is free\n";
}

# Gives nothing when it is up, else why it is not.
sub wait_until_up {
    my ($pid, @ports) = @_;
    my $deadline = time + PATIENCE;
    while (time < $deadline) {
        return if @ports == grep { is_served_by($pid, $_) } @ports;
        return 'in use' if grep { is_lost($pid, $_) } @ports;
        if (waitpid($pid, POSIX::WNOHANG()) == $pid) {
            delete $running{$pid};    # the number may be another's soon
            return 'it does not start';
        }
        sleep 0.02;
    }
    return 'it does not answer';
}

# Lets it stand still until a SIGCONT. The signal takes its time on a busy machine: until all
# threads have it, the server may answer.
sub halt {
    my ($pid) = @_;
    kill STOP => $pid;
    my $deadline = time + PATIENCE;
    sleep 0.01 while time < $deadline && grep { !/^[Tt]/ } thread_states($pid);
    return;
}

# R, S, T ..., where there is a /proc.
sub thread_states {
    my ($pid) = @_;
    my @states;
    for my $path (glob "/proc/$pid/task/*/stat") {
        open my $in, '<', $path or next;
        push @states, <$in> =~ /.*\) (\S)/;
    }
    return @states;
}

# Also one that is stopped; what does not end gets a SIGKILL.
sub stop {
    my ($pid, $signal) = @_;
    return if ($running{$pid} // 0) != $$;    # a child of the test leaves its servers alone
    delete $running{$pid};
    kill $signal // 'TERM', $pid;
    kill CONT => $pid;
    my $deadline = time + PATIENCE;
    while (waitpid($pid, POSIX::WNOHANG()) == 0) {
        kill KILL => $pid if time > $deadline;
        sleep 0.02;
    }
    return;
}

END {
    local ($?, $@);
    my @mine = grep { $running{$_} == $$ } keys %running;
    kill TERM => @mine;
    stop($_) for @mine;
}

1;
