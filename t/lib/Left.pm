package Left;

# What is left of a test bench that was started (Launched): nothing may be, in the end.
#
#   Left::processes($bench)      # the numbers of its own and of httpd's
#   Left::of($bench, @files)     # those that run, ports that answer, its folder, and these files
#   is_gone($bench, $what, @files);

use strict;
use warnings;
use Exporter qw(import);
use Passwd qw(get);
use Port;
use Test::More;
use Time::HiRes qw(sleep time);

our @EXPORT_OK = qw(is_gone);

my @PORTS = qw(http https proxy sha384 sha512 ecdsa h2);

sub processes {
    my ($bench) = @_;
    my $folder = $bench->dir;
    return grep { $_ == $bench->{pid} || get("/proc/$_/cmdline") =~ /^[^\0]+\0-f\0\Q$folder\E\// } map { m{(\d+)$} } glob '/proc/[0-9]*';
}

sub of {
    my ($bench, @files) = @_;
    my @ports = map { $bench->port($_) } grep { defined $bench->{said}{$_} } @PORTS;
    return ((grep { kill 0, $_ } processes($bench)), (grep { Port::answers($_) } @ports), grep { -e } $bench->dir, @files);
}

# Who clears up behind somebody that was killed does not say when: in a minute of a busy machine he has.
sub is_gone {
    my ($bench, $what, @files) = @_;
    local $Test::Builder::Level = $Test::Builder::Level + 1;
    my $deadline = time + 60;
    sleep 0.02 while of($bench, @files) && time < $deadline;
    return is_deeply [of($bench, @files)], [], $what;
}

1;
