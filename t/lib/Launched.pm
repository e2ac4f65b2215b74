package Launched;

# The test bench as its one command starts it, at any free ports, until the object goes.
#
#   my $bench = Launched->start('--account', 'bob:pw');    # more options
#   $bench->port('https');    $bench->{said}               # the JSON object that it has written
#   $bench->json('/last.json')                             # a page, read

use strict;
use warnings;
use Cwd qw(abs_path);
use File::Basename qw(dirname);
use IPC::Open2 qw(open2);
use JSON::PP ();
use NTLM::Connection;

my $TOP     = dirname(dirname(dirname(abs_path(__FILE__))));
my $COMMAND = "$TOP/support/ntlm-testbench";

sub missing { return -x $COMMAND ? () : 'support/ntlm-testbench was not built' }

sub start {
    my ($class, @options) = @_;
    my $pid  = open2(my $out, my $in, $COMMAND, qw(--port 0 --tls-port 0 --proxy-port 0 --stdin-eof), @options);
    my $line = <$out> // die "ntlm-testbench does not start\n";
    return bless {pid => $pid, in => $in, out => $out, said => JSON::PP::decode_json($line)}, $class;
}

sub port { my ($self, $kind) = @_; return $self->{said}{$kind} =~ /:(\d+)$/ ? $1 : die "$kind has no port\n" }
sub ca   { return $_[0]{said}{ca} }

sub json {
    my ($self, $path) = @_;
    my $connection = NTLM::Connection->new(port => $self->port('http'), vhost => '127.0.0.1');
    return JSON::PP::decode_json($connection->get($path)->body);
}

sub DESTROY {
    my ($self) = @_;
    local ($?, $@);
    close $self->{in};
    waitpid $self->{pid}, 0;
    return;
}

1;
