package Redis;

# A redis server of a test's own, on loopback.
#
#   my $redis = Redis->new or plan skip_all => 'redis-server is not installed';
#   $redis->{port}; $redis->slow_port($seconds); $redis->stop; $redis->start; $redis->pause;

use strict;
use warnings;
use File::Temp qw(tempdir);
use IO::Select;
use IO::Socket::INET;
use POSIX ();
use Port;
use Time::HiRes qw(sleep);

my $test = $$;
my %slow;    # pids of what makes it slow

sub program { return (grep { -x } map { "$_/redis-server" } split(/:/, $ENV{PATH}), '/usr/bin', '/usr/local/bin')[0] }

sub new {
    my ($class) = @_;
    return if !program();
    my $self = bless {dir => tempdir('ntlm-redis-XXXXXX', TMPDIR => 1, CLEANUP => 1)}, $class;
    $self->start;
    return $self;
}

sub start {
    my ($self) = @_;
    @$self{qw(pid port)} = Port::serve(
        run  => sub { $self->run(@_) },
        said => sub { open my $in, '<', "$self->{dir}/said" or return ''; local $/; <$in> // '' },
        $self->{port} ? (at => [$self->{port}]) : (),
    );
    return;
}

sub run {
    my ($self, $port) = @_;
    my $pid = fork // die "fork: $!\n";
    return $pid if $pid;
    open STDOUT, '>>', "$self->{dir}/said";
    open STDERR, '>&', \*STDOUT;
    { no warnings 'exec'; exec program(), '--bind', '127.0.0.1', '--port', $port, '--save', '',
        '--appendonly', 'no', '--daemonize', 'no', '--dir', $self->{dir}; }
    POSIX::_exit(127);
}

# A command's answer: the elements of a list, else one value.
sub command {
    my ($self, @words) = @_;
    my $socket = IO::Socket::INET->new(PeerAddr => '127.0.0.1', PeerPort => $self->{port}) or die "redis: $@\n";
    print {$socket} join '', '*', scalar @words, "\r\n", map { '$' . length($_) . "\r\n$_\r\n" } @words;
    my $read = sub {
        my ($kind, $rest) = (<$socket> // '') =~ /^(.)(.*)\r\n/ or die "redis: no answer\n";
        die "redis: $rest\n" if $kind eq '-';
        return $rest if $kind ne '$';
        read $socket, my $value, $rest + 2;
        return substr $value, 0, $rest;
    };
    my $first = $read->();
    return $words[0] eq 'KEYS' ? map { $read->() } 1 .. $first : $first;
}

# Takes connections and answers nothing, until it is stopped.
sub pause { return Port::halt($_[0]{pid}) }

# A port where it answers too, but each time that long after it was asked.
sub slow_port {
    my ($self, $delay) = @_;
    my $listener = IO::Socket::INET->new(LocalAddr => '127.0.0.1', Listen => 128) or die "listen: $@\n";
    my $pid = fork // die "fork: $!\n";
    if (!$pid) { pass_on($listener, $self->{port}, $delay); POSIX::_exit(0) }
    $slow{$pid} = 1;
    return $listener->sockport;
}

sub pass_on {
    my ($listener, $port, $delay) = @_;
    my $ready = IO::Select->new($listener);
    my %other;
    while (my @all = $ready->can_read) {
        for my $socket (@all) {
            if ($socket == $listener) {
                my $client = $listener->accept or next;
                my $server = IO::Socket::INET->new(PeerAddr => '127.0.0.1', PeerPort => $port) or next;
                $ready->add($client, $server);
                @other{$client, $server} = ([$server, $delay], [$client, 0]);
                next;
            }
            my ($to, $wait) = @{$other{$socket} // next};
            if (sysread $socket, my $bytes, 65_536) { sleep $wait; syswrite $to, $bytes; next }
            delete @other{$socket, $to};
            $ready->remove($socket, $to);
            close $_ for $socket, $to;
        }
    }
    return;
}

# Whether bytes lie at its port that it has not read.
sub is_asked {
    my ($self) = @_;
    my $port = sprintf '%04X', $self->{port};
    open my $in, '<', '/proc/net/tcp' or return 1;    # not Linux: nobody can say
    return grep { /^\s*\d+: \w+:$port \w+:\w+ 01 \w+:(\w+)/ && hex $1 } <$in>;
}

sub stop {
    my ($self) = @_;
    my $pid = delete $self->{pid} or return;
    return Port::stop($pid, 'KILL');
}

END {
    local $?;
    kill KILL => keys %slow if $$ == $test;
}

sub DESTROY { my ($self) = @_; local ($?, $@); $self->stop; return }

1;
