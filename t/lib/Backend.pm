package Backend;

# An application behind a reverse proxy: a small HTTP server in a process of its own.
#
#   my $backend = Backend->start;      # $backend->port; it ends when the test does, however
#   $backend->seen;                    # the heads of all requests that it got, in order
#
# It answers every request with the head as it came. A WebSocket is opened, and each text
# that comes is sent back as "USER says TEXT", USER from X-Remote-User.

use strict;
use warnings;
use Digest::SHA qw(sha1_base64);
use File::Temp qw(tempdir);
use IO::Select;
use IO::Socket::INET;
use POSIX ();

use constant GUID => '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';    # RFC 6455, 1.3
use constant { TEXT => 0x81, MASKED => 0x80 };                  # a whole frame; its length has this bit

sub start {
    my ($class) = @_;
    my $listener = IO::Socket::INET->new(LocalAddr => '127.0.0.1', LocalPort => 0, Listen => 20) or die "listen: $!\n";
    my $folder = tempdir('ntlm-backend-XXXXXX', TMPDIR => 1, CLEANUP => 1);
    my $self = bless {port => $listener->sockport, log => "$folder/log"}, $class;
    pipe my $end, $self->{open} or die "pipe: $!\n";
    my $pid = fork // die "fork: $!\n";
    if (!$pid) {
        close $self->{open};
        eval { serve($self, $listener, $end) };
        POSIX::_exit(0);
    }
    return $self;
}

sub port { return $_[0]{port} }

# It writes before it answers, so whoever has an answer finds the request here.
sub seen {
    my ($self) = @_;
    open my $in, '<:raw', $self->{log} or return;
    local $/ = "\r\n\r\n";
    my @heads = <$in>;
    return @heads;
}

# ---- in the other process ----

sub serve {
    my ($self, $listener, $end) = @_;
    local $SIG{CHLD} = 'IGNORE';
    my $waiting = IO::Select->new($listener, $end);
    while (!grep { $_ == $end } $waiting->can_read) {
        my $client = $listener->accept;
        if (!(fork // die "fork: $!\n")) {
            alarm 60;
            eval { 1 while answer($self, $client) };
            POSIX::_exit(0);
        }
        close $client;
    }
    return;
}

sub read_head {
    my ($client) = @_;
    my $head = '';
    while (my $line = readline $client) {
        $head .= $line;
        return $head if $line eq "\r\n";
    }
    return;
}

sub answer {
    my ($self, $client) = @_;
    my $head = read_head($client) // return;
    open my $log, '>>:raw', $self->{log} or die;
    print {$log} $head;
    close $log;
    read $client, my $body, $1 if $head =~ /^Content-Length: (\d+)/mi;
    return web_socket($client, $head) if $head =~ /^Upgrade: websocket\r$/mi;
    printf {$client} "HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s", length $head, $head;
    return 1;
}

sub web_socket {
    my ($client, $head) = @_;
    my ($key)  = $head =~ /^Sec-WebSocket-Key: (\S+)\r$/mi or return;
    my ($user) = $head =~ /^X-Remote-User: (.*)\r$/mi ? $1 : 'nobody';
    print {$client} "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n",
        'Sec-WebSocket-Accept: ', accept_of($key), "\r\n\r\n";
    while (defined(my $text = read_frame($client))) { print {$client} frame("$user says $text") }
    return;
}

# ---- WebSocket, for both ends; short frames only ----

sub accept_of { my ($key) = @_; return sha1_base64($key . GUID) . '=' }

sub frame {
    my ($text, $mask) = @_;
    die "too long\n" if length $text > 125;
    return pack 'C C a*', TEXT, length $text, $text if !defined $mask;
    return pack 'C C a4 a*', TEXT, MASKED | length $text, $mask, mask($text, $mask);
}

sub mask { my ($text, $mask) = @_; return $text ^ substr $mask x (1 + length($text) / 4), 0, length $text }

# The next text; undef at the end.
sub read_frame {
    my ($from) = @_;
    read($from, my $head, 2) == 2 or return;
    my ($kind, $length) = unpack 'C C', $head;
    return if $kind != TEXT;
    my $mask = "\0" x 4;
    read $from, $mask, 4 if $length & MASKED;
    read $from, my $text, $length & ~MASKED;
    return mask($text, $mask);
}

1;
