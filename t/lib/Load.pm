package Load;

# Clients of a PrivateHttpd (t/bench/load.c), and the CPU that httpd spends on them.
#
#   my $why = Load::missing();
#   my $load = Load->new(httpd => $httpd, accounts => [[alice => 'secret', $nt_hash, 200], ...]);
#   my $seen = $load->run(NTLM => 'ntlm', 16, 2000);    # the port by its name, the kind, at once, in all
#   $seen->{done}, $seen->{wrong}, $seen->{closed}, $seen->{status}{200}, $seen->{seconds}, $seen->{cpu}

use strict;
use warnings;
use Cwd qw(abs_path);
use File::Basename qw(dirname);
use JSON::PP qw(decode_json);
use Memory;

my $files   = 0;
my $PROGRAM = dirname(dirname(dirname(abs_path(__FILE__)))) . '/build/bench/load';

sub missing { return -x $PROGRAM ? () : 'make -f Makefile.apxs build/bench/load makes what it needs' }

sub new {
    my ($class, %opt) = @_;
    my $self = bless {%opt}, $class;
    $self->accounts(@{$opt{accounts}});
    return $self;
}

# Who logs in from now on, in turns.
sub accounts {
    my ($self, @accounts) = @_;
    unlink $self->{path} if $self->{path};
    my $path = $self->{httpd}->dir . '/load.' . ++$files;
    open my $out, '>', $path or die "$path: $!\n";
    print {$out} map { "@$_\n" } @accounts;
    close $out or die "$path: $!\n";
    $self->{path} = $path;
    return;
}

sub run {
    my ($self, @what) = @_;
    return $self->finish($self->start(@what));
}

# The same in two steps, for what runs beside it.
sub start {
    my ($self, $port, $kind, $connections, $times) = @_;
    my $before = cpu($self->{httpd}->pid);
    open my $out, '-|', $PROGRAM, $self->{httpd}{ports}{$port}, $kind, $connections, $times, $self->{path}
        or die "$PROGRAM: $!\n";
    return {kind => $kind, out => $out, before => $before};
}

sub finish {
    my ($self, $running) = @_;
    my $said = do { local $/; readline $running->{out} };
    close $running->{out};
    die "$PROGRAM $running->{kind} said nothing\n" if !$said;
    return {%{decode_json($said)}, cpu => cpu($self->{httpd}->pid) - $running->{before}};
}

# Seconds of CPU, of the user's and the system's, that httpd and its children have taken; they must
# live as long as that matters. Ticks of a clock would be too coarse for hundreds of processes.
sub cpu {
    my ($pid) = @_;
    my $ns = 0;
    for my $process ($pid, Memory::children($pid)) {
        $ns += (split ' ', Memory::read_file($_))[0] // 0 for glob "/proc/$process/task/*/schedstat";
    }
    return $ns / 1e9;
}

1;
