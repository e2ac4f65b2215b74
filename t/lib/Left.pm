package Left;

# What is left of a test bench that was started (Launched): nothing may be, in the end.
#
#   Left::watch($bench);         # once it answers
#   Left::processes($bench)      # the numbers of its own and of httpd's
#   Left::of($bench, @files)     # those that run, sockets that listen, its folder, and these files
#   is_gone($bench, $what, @files);
#
# A port that it has given back may be somebody else's at once: so it is the socket that counts.

use strict;
use warnings;
use Exporter qw(import);
use Passwd qw(get);
use Test::More;
use Time::HiRes qw(sleep time);

our @EXPORT_OK = qw(is_gone);

my @PORTS = qw(http https proxy sha384 sha512 ecdsa h2);

sub processes {
    my ($bench) = @_;
    my $folder = $bench->dir;
    return grep { $_ == $bench->{pid} || get("/proc/$_/cmdline") =~ /^[^\0]+\0-f\0\Q$folder\E\// } map { m{(\d+)$} } glob '/proc/[0-9]*';
}

# [port, number of the socket] of all that listens here.
sub listening {
    my (undef, @lines) = split /\n/, get('/proc/net/tcp');
    return map { [hex((split /:/, $_->[1])[1]), $_->[9]] } grep { $_->[3] eq '0A' } map { [split] } @lines;
}

sub watch {
    my ($bench) = @_;
    my %port = map { $bench->port($_) => 1 } grep { defined $bench->{said}{$_} } @PORTS;
    $bench->{sockets} = {map { $_->[1] => 1 } grep { $port{$_->[0]} } listening()};
    return scalar keys %{$bench->{sockets}};
}

sub of {
    my ($bench, @files) = @_;
    my @sockets = grep { $bench->{sockets}{$_} } map { $_->[1] } listening();
    return ((grep { kill 0, $_ } processes($bench)), @sockets, grep { -e } $bench->dir, @files);
}

# Who clears up behind somebody that was killed does not say when: in a minute of a busy machine he
# has. One look at /proc/net/tcp may miss a socket while others close.
sub is_gone {
    my ($bench, $what, @files) = @_;
    local $Test::Builder::Level = $Test::Builder::Level + 1;
    my $deadline = time + 60;
    my @left;
    sleep 0.02 while (@left = map { of($bench, @files) } 1, 2) && time < $deadline;
    return is_deeply \@left, [], $what;
}

1;
