package HangingServer;

# A directory that breaks off in the middle: it takes connections, answers as far as it is
# told, and is silent from then on. A stopped slapd (SIGSTOP) is silent from the start.
#
#   my $server = HangingServer->new('silent');      # accepts, nothing more
#   my $server = HangingServer->new('starttls');    # says yes to StartTLS, then no handshake
#   my $server = HangingServer->new('bind');        # says yes to the bind, then no search
#   my $server = HangingServer->before($port, bytes => 20);               # the server at $port, but
#                                     # of each connection only the server's first 20 bytes
#   my $server = HangingServer->before($port, records => 2, bytes => 20);  # only the first 20 bytes
#                                     # after the client's second record of TLS application data
#   my $server = HangingServer->slow($port, 0.01, 100);    # the server at $port, but what it says
#                                     # comes in pieces of 100 bytes, one every 10 ms

use strict;
use warnings;
use IO::Select;
use IO::Socket::INET;
use POSIX ();
use Time::HiRes qw(sleep);

my %running;
my $ENOUGH = 120;    # seconds after which it ends by itself

sub new {
    my ($class, $until) = @_;
    return $class->run(sub { serve($_[0], $until) });
}

sub before {
    my ($class, $port, %limit) = @_;
    return $class->run(sub { forward($_[0], $port, %limit) });
}

sub slow {
    my ($class, $port, $pause, $bytes) = @_;
    return $class->run(sub { forward($_[0], $port, bytes => 1e9, pause => $pause, piece => $bytes) });
}

sub run {
    my ($class, $serve) = @_;
    my $listener = IO::Socket::INET->new(LocalAddr => '127.0.0.1', LocalPort => 0, Listen => 128)
        or die "no port: $!\n";
    my $self = bless {port => {ldap => $listener->sockport, ldaps => $listener->sockport}}, $class;
    my $pid = fork // die "fork: $!\n";
    if (!$pid) {
        alarm $ENOUGH;
        $serve->($listener);
        POSIX::_exit(0);
    }
    $self->{pid} = $pid;
    $running{$pid} = $$;
    return $self;
}

sub host { return "127.0.0.1:$_[0]{port}{ldap}" }

# LDAPResult success, behind the tag of the response, for that message.
sub success {
    my ($id, $tag) = @_;
    return pack 'C*', 0x30, 0x0c, 0x02, 0x01, $id, $tag, 0x07, 0x0a, 0x01, 0x00, 0x04, 0x00, 0x04, 0x00;
}

my %ANSWER = (silent => {}, starttls => {0x77 => 0x78}, bind => {0x60 => 0x61});

sub serve {
    my ($listener, $until) = @_;
    my $select = IO::Select->new($listener);
    while (my @ready = $select->can_read) {
        for my $socket (@ready) {
            if ($socket == $listener) { $select->add($listener->accept); next }
            if (!sysread $socket, my $request, 65536) { $select->remove($socket); close $socket }
            elsif (my ($id, $tag) = $request =~ /\A\x30(?:[\x00-\x7f]|\x81.|\x82..|\x84....)\x02\x01(.)(.)/s) {
                my $answer = $ANSWER{$until}{ord $tag} or next;
                syswrite $socket, success(ord $id, $answer);
            }
        }
    }
    return;
}

# ---- a server that is cut off ----

# How many records of application data are whole in what a client said; the request for
# StartTLS comes before them. In TLS 1.3 the first one ends the handshake.
sub records {
    my ($said) = @_;
    my ($at, $count) = (0, 0);
    while (length $said > $at + 5) {
        my ($type, $len) = unpack 'Cx2n', substr $said, $at, 5;
        if ($type == 0x30) { $at += 2 + ord substr $said, $at + 1, 1; next }
        $at += 5 + $len;
        $count++ if $type == 0x17 && $at <= length $said;
    }
    return $count;
}

# Of what the server says the client gets all until it has said so many records, then so many bytes.
sub forward {
    my ($listener, $port, %limit) = @_;
    my $select = IO::Select->new($listener);
    my (%peer, %from);    # of a client's socket also what it said and what it may still hear
    while (my @ready = $select->can_read) {
        for my $socket (@ready) {
            if ($socket == $listener) {
                my $client = $listener->accept or next;
                my $server = IO::Socket::INET->new(PeerAddr => '127.0.0.1', PeerPort => $port) or next;
                $from{$client} = {said => '', left => $limit{bytes}};
                @peer{$client, $server} = ($server, $client);
                $select->add($client, $server);
                next;
            }
            my $other = $peer{$socket} or next;
            if (!sysread $socket, my $data, 65536) {
                delete @peer{$socket, $other};
                $select->remove($socket, $other);
                close $_ for $socket, $other;
            }
            elsif (my $client = $from{$socket}) { $client->{said} .= $data; syswrite $other, $data }
            else {
                $client = $from{$other};
                my $cut = records($client->{said}) >= ($limit{records} // 0);
                my $part = $cut ? substr $data, 0, $client->{left} : $data;
                $client->{left} -= length $part if $cut;
                pass_on($other, $part, %limit);
            }
        }
    }
    return;
}

sub pass_on {
    my ($to, $data, %limit) = @_;
    return length $data && syswrite $to, $data if !$limit{piece};
    for my $piece (unpack "(a$limit{piece})*", $data) { syswrite $to, $piece or return; sleep $limit{pause} }
    return;
}

sub end_all { kill KILL => $_ for grep { $running{$_} == $$ } keys %running; return }

END { local $?; end_all() }

1;
