package Launched;

# The test bench as its one command starts it, at any free ports, until the object goes.
#
#   my $bench = Launched->start('--account', 'bob:pw');    # more options
#   $bench->port('https');    $bench->{said}               # the JSON object that it has written
#   $bench->json('/last.json')                             # a page, read
#   $bench->connection                                     # an NTLM::Connection; options go there
#   $bench->children, $bench->kilobytes                    # its processes; the memory of the one that serves
#   $bench->stop                                           # gives the exit status
#   Launched->launch(@options)->answers    # in two steps, without any options but these
#   Launched::run(@options)    # until it stops, with nothing on standard input: {code, out, err}

use strict;
use warnings;
use Cwd qw(abs_path);
use File::Basename qw(dirname);
use IPC::Open2 qw(open2);
use JSON::PP ();
use NTLM::Connection;
use Passwd;

my $TOP     = dirname(dirname(dirname(abs_path(__FILE__))));
my $COMMAND = "$TOP/support/ntlm-testbench";
my @ANY     = qw(--port 0 --tls-port 0 --proxy-port 0 --stdin-eof);

sub command { return $COMMAND }
sub missing { return -x $COMMAND ? () : 'support/ntlm-testbench was not built' }

sub start {
    my ($class, @options) = @_;
    my $self = $class->launch(@ANY, @options);
    die "ntlm-testbench does not start\n" if !$self->answers;
    return $self;
}

# These options alone, and nobody waits.
sub launch {
    my ($class, @options) = @_;
    my $pid = open2(my $out, my $in, $COMMAND, @options);
    return bless {pid => $pid, in => $in, out => $out}, $class;
}

# Waits for the object. False: it does not start.
sub answers {
    my ($self) = @_;
    my $line = readline($self->{out}) // return 0;
    $self->{said} = JSON::PP::decode_json($line);
    return 1;
}

sub run { my @options = @_; return Passwd::run_command('', sub { }, $COMMAND, @ANY, @options) }

sub port { my ($self, $kind) = @_; return $self->{said}{$kind} =~ /:(\d+)$/ ? $1 : die "$kind has no port\n" }
sub ca   { return $_[0]{said}{ca} }
sub dir  { return dirname($_[0]{said}{log}) }

sub connection { my ($self, %opt) = @_; return NTLM::Connection->new(port => $self->port('http'), vhost => '127.0.0.1', %opt) }
sub json { my ($self, $path) = @_; return JSON::PP::decode_json($self->connection->get($path)->body) }

# Those that descend from its first process, and how much memory each has.
sub processes {
    my ($self) = @_;
    my (%children, %kilobytes);
    for (`ps -eo pid=,ppid=,rss=`) {
        my ($pid, $parent, $rss) = split;
        push @{$children{$parent}}, $pid;
        $kilobytes{$pid} = $rss;
    }
    my @all = @{$children{$self->{pid}} // []};
    push @all, @{$children{$_} // []} for @all;
    return map { $_ => $kilobytes{$_} } @all;
}

sub children { my %all = processes($_[0]); return sort keys %all }

# Of the child that serves, which has the most.
sub kilobytes { my %all = processes($_[0]); return (sort { $b <=> $a } values %all)[0] }

sub stop {
    my ($self) = @_;
    close $self->{in};
    waitpid $self->{pid}, 0;
    return $? >> 8;
}

sub DESTROY {
    my ($self) = @_;
    local ($?, $@);
    $self->stop;
    return;
}

1;
