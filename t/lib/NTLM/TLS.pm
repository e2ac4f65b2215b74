package NTLM::TLS;

# NTLM::Connection over TLS, as a client that trusts any certificate but looks at what
# it got.
#
#   my $c = NTLM::TLS->new(port => $port, tls => {SSL_version => 'TLSv1_2'});   # IO::Socket::SSL's options
#   $c->login('/', %alice, binding => $c->binding('sha256'));

use strict;
use warnings;
use parent 'NTLM::Connection';

use Certificates ();
use IO::Socket::SSL qw(SSL_VERIFY_NONE SSL_WANT_READ $SSL_ERROR);

use constant SIGALGS_LIST => 98;    # SSL_CTRL_SET_SIGALGS_LIST

# tls      more options of IO::Socket::SSL
# sigalgs  the kinds of certificates to ask for, in OpenSSL's words
# name     to ask for (SNI)
sub new {
    my ($class, %opt) = @_;
    my ($tls, $sigalgs, $name) = delete @opt{qw(tls sigalgs name)};
    my @kinds = defined $sigalgs ? (SSL_create_ctx_callback => sub { set_sigalgs($_[0], $sigalgs) }) : ();
    $opt{socket} = IO::Socket::SSL->new(
        PeerAddr        => '127.0.0.1',
        PeerPort        => $opt{port},
        Timeout         => $opt{timeout} // NTLM::Connection::TIMEOUT,
        SSL_verify_mode => SSL_VERIFY_NONE,
        SSL_ca          => [],    # reading the machine's costs more than the connection
        SSL_hostname    => $name // '',
        @kinds,
        %{$tls // {}},
    ) or die "no TLS with port $opt{port}: $SSL_ERROR\n";
    my $self = $class->SUPER::new(vhost => '127.0.0.1', %opt);
    $self->{socket}->blocking(0);    # so that reading keeps to the timeout
    return $self;
}

sub set_sigalgs {
    my ($context, $kinds) = @_;
    Net::SSLeay::CTX_ctrl($context, SIGALGS_LIST, 0, $kinds) == 1 or die "signature algorithms: $kinds\n";
    return;
}

# What is readable may be no data yet, and data may lie here already.
sub fill {
    my ($self) = @_;
    while (1) {
        my $got = sysread $self->{socket}, $self->{buffer}, 65536, length $self->{buffer};
        return $got if defined $got;
        return if $SSL_ERROR != SSL_WANT_READ;
        $self->wait_until(can_read => $self->{deadline});
    }
}

# The channel binding of the certificate that the server has shown.
sub binding {
    my ($self, $digest) = @_;
    return Certificates::binding_of_hash($self->{socket}->get_fingerprint_bin($digest // 'sha256'));
}

sub is_resumed { return $_[0]{socket}->get_session_reused }

1;
