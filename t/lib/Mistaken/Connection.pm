package Mistaken::Connection;

# A connection of Mistaken, with TLS or without.

use strict;
use warnings;
use parent 'NTLM::Connection';

use MIME::Base64 ();
use Socket qw(SOL_SOCKET SO_LINGER);

sub over_tls {
    my ($class, %opt) = @_;
    require NTLM::TLS;
    @Mistaken::Connection::OverTLS::ISA = ('NTLM::TLS', $class);
    return Mistaken::Connection::OverTLS->new(%opt);
}

# The server's certificate, as OpenSSL writes it.
sub pem { return Net::SSLeay::PEM_get_string_X509($_[0]{socket}->peer_certificate) }

# The same in DER.
sub certificate { return MIME::Base64::decode_base64($_[0]->pem =~ s/^---.*$//gmr) }

# The Finished message of the client: the first one of a full handshake (RFC 5929 3).
sub first_finished {
    my ($self) = @_;
    Net::SSLeay::get_finished($self->{socket}->_get_ssl_object, my $finished, 64);
    return $finished;
}

# Until the server closes.
sub wait_for_the_end {
    my ($self) = @_;
    $self->{deadline} = time + $self->{timeout};
    $self->read_to_end;
    return;
}

# Nothing more will be sent.
sub give_up { my ($self) = @_; shutdown $self->{socket}, 1; return }

# Closes with RST.
sub reset {
    my ($self) = @_;
    setsockopt $self->{socket}, SOL_SOCKET, SO_LINGER, pack 'ii', 1, 0;
    $self->close;
    return;
}

1;
