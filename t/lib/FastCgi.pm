package FastCgi;

# A program behind FastCGI, as PHP-FPM is one, in a process of its own: it answers every request
# with its variables.
#
#   my $program = FastCgi->start;    # $program->port; it ends when the test does, however

use strict;
use warnings;
use IO::Select;
use IO::Socket::INET;
use POSIX ();

use constant { ENDING => 3, NAMES => 4, INPUT => 5, OUTPUT => 6 };    # FCGI_END_REQUEST, PARAMS, STDIN, STDOUT

sub start {
    my ($class) = @_;
    my $listener = IO::Socket::INET->new(LocalAddr => '127.0.0.1', LocalPort => 0, Listen => 20) or die "listen: $!\n";
    my $self = bless {port => $listener->sockport}, $class;
    pipe my $end, $self->{open} or die "pipe: $!\n";
    my $pid = fork // die "fork: $!\n";
    if (!$pid) {
        close $self->{open};
        eval { serve($listener, $end) };
        POSIX::_exit(0);
    }
    return $self;
}

sub port { return $_[0]{port} }

# ---- in the other process: one request a connection ----

sub serve {
    my ($listener, $end) = @_;
    my $waiting = IO::Select->new($listener, $end);
    while (!grep { $_ == $end } $waiting->can_read) {
        my $client = $listener->accept;
        eval { answer($client) };
        close $client;
    }
    return;
}

sub bytes { my ($client, $len) = @_; read($client, my $bytes = '', $len) == $len or die "the end\n"; return $bytes }

sub record { my ($type, $id, $content) = @_; return pack 'C C n n C x a*', 1, $type, $id, length $content, 0, $content }

sub answer {
    my ($client) = @_;
    my ($type, $id, $params, $len, $padding) = (0, 0, '', 1);
    while ($type != INPUT || $len > 0) {
        ($type, $id, $len, $padding) = unpack 'x C n n C', bytes($client, 8);
        my $content = bytes($client, $len);
        bytes($client, $padding);
        $params .= $content if $type == NAMES;
    }
    my %variable = variables($params);
    my $page = join '', "Content-Type: text/plain\r\n\r\nTHE PROGRAM\n", map { "$_=$variable{$_}\n" } sort keys %variable;
    print {$client} record(OUTPUT, $id, $page), record(OUTPUT, $id, ''), record(ENDING, $id, "\0" x 8);
    return;
}

sub variables {
    my ($params) = @_;
    my @found;
    while (length $params) {
        my @len = map { $params =~ s/^([\x80-\xff]...)//s ? unpack('N', $1) & 0x7fffffff : unpack 'C', substr $params, 0, 1, '' } 1, 2;
        push @found, map { substr $params, 0, $_, '' } @len;
    }
    return @found;
}

1;
