package HangingServer;

# A directory that breaks off in the middle: it takes connections, answers as far as it is
# told, and is silent from then on. A stopped slapd (SIGSTOP) is silent from the start.
#
#   my $server = HangingServer->new('silent');      # accepts, nothing more
#   my $server = HangingServer->new('starttls');    # says yes to StartTLS, then no handshake
#   my $server = HangingServer->new('bind');        # says yes to the bind, then no search

use strict;
use warnings;
use IO::Select;
use IO::Socket::INET;
use POSIX ();

my %running;
my $ENOUGH = 120;    # seconds after which it ends by itself

sub new {
    my ($class, $until) = @_;
    my $listener = IO::Socket::INET->new(LocalAddr => '127.0.0.1', LocalPort => 0, Listen => 128)
        or die "no port: $!\n";
    my $self = bless {port => {ldap => $listener->sockport, ldaps => $listener->sockport}}, $class;
    my $pid = fork // die "fork: $!\n";
    if (!$pid) {
        alarm $ENOUGH;
        serve($listener, $until);
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

sub end_all { kill KILL => $_ for grep { $running{$_} == $$ } keys %running; return }

END { local $?; end_all() }

1;
