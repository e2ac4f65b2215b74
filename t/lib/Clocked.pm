package Clocked;

# A login at an LdapHttpd, and what it cost.

use strict;
use warnings;
use Exporter qw(import);
use Memory;
use POSIX ();
use Time::HiRes qw(time);

our @EXPORT_OK = qw(timed);
my $TICKS = POSIX::sysconf(POSIX::_SC_CLK_TCK());

# Seconds of CPU that the children of httpd have had.
sub cpu {
    my ($httpd) = @_;
    my $ticks = 0;
    for my $child (Memory::children($httpd->pid)) {
        my ($rest) = Memory::read_file("/proc/$child/stat") =~ /^\d+ \(.*\) (.*)/s or next;
        my @fields = split ' ', $rest;
        $ticks += $fields[11] + $fields[12];    # utime and stime
    }
    return $ticks / $TICKS;
}

# A login, and what it cost: verdict, seconds, seconds of CPU.
sub timed {
    my ($httpd, @login) = @_;
    my ($start, $before) = (time, cpu($httpd));
    my $verdict = $httpd->verdict(@login);
    return ($verdict, time - $start, cpu($httpd) - $before);
}

1;
