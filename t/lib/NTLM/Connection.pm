package NTLM::Connection;

# One TCP connection of an HTTP/1.1 client, and the NTLM login on it. It opens
# no second connection, repeats nothing and hides nothing: NTLM is about
# connections, so a test must know which one it is on. Nothing waits longer
# than the timeout; then it dies.

use strict;
use warnings;
use IO::Select;
use IO::Socket::INET;
use Time::HiRes qw(time);

use NTLM::Message ();
use NTLM::Response;
use NTLM::Scheme;

use constant TIMEOUT => 10;

# port (default: the test server's), host, vhost (the Host header), timeout
# version   of HTTP, as it is sent: 1.0 for old clients
# proxy     logs in to a forward proxy: Proxy-Authorization, 407. Ask for absolute URIs then.
# over      how its messages travel: NTLM::Scheme
# socket    of another object: one that logs in to the origin on the proxy's connection, or there again
sub new {
    my ($class, %opt) = @_;
    require NTLM::Server if !$opt{port};
    my $self = bless {
        host    => '127.0.0.1',
        vhost   => 'web.test',
        timeout => TIMEOUT,
        version => '1.1',
        buffer  => '',
        sent    => [],
        %opt,
        over    => NTLM::Scheme->new($opt{over}),
    }, $class;
    $self->{port}   //= NTLM::Server::port();
    $self->{socket} //= IO::Socket::INET->new(
        PeerAddr => $self->{host},
        PeerPort => $self->{port},
        Timeout  => $self->{timeout},
    ) or die "cannot connect to $self->{host}:$self->{port}: $@\n";
    binmode $self->{socket};
    return $self;
}

# Our end's port: it is in every line of the server's error log.
sub local_port { return $_[0]{socket}->sockport }

sub close { CORE::close($_[0]{socket}); return }

# ---- HTTP ----

# Headers: [name => value, ...]; what is given replaces Host and Content-Length; undef: no
# such header.
sub send_request {
    my ($self, $method, $path, $headers, $body) = @_;
    my @headers = @{$headers || []};
    my %given   = map { lc $headers[$_] => 1 } grep { $_ % 2 == 0 } 0 .. $#headers;
    unshift @headers, Host => $self->{vhost} if !$given{host};
    push @headers, 'Content-Length' => length $body if defined $body && !$given{'content-length'};
    my $text = "$method $path HTTP/$self->{version}\r\n";
    while (my ($name, $value) = splice @headers, 0, 2) {
        $text .= "$name: $value\r\n" if defined $value;
    }
    $self->send_bytes("$text\r\n" . ($body // ''));
    $self->{asked} = $method;
    push @{$self->{sent}}, delete $self->{token};
    return $self;
}

sub send_bytes {
    my ($self, $bytes) = @_;
    local $SIG{PIPE} = 'IGNORE';    # the server may have closed: reading tells
    my $deadline = time + $self->{timeout};
    while (length $bytes) {
        $self->wait_until(can_write => $deadline);
        my $sent = syswrite $self->{socket}, $bytes;
        return if !defined $sent;
        substr($bytes, 0, $sent) = '';
    }
    return;
}

sub wait_until {
    my ($self, $what, $deadline) = @_;
    my $left = $deadline - time;
    return if $left > 0 && IO::Select->new($self->{socket})->$what($left);
    die "no answer within $self->{timeout} seconds\n";
}

# More bytes into the buffer; false at the end of the connection.
sub fill {
    my ($self) = @_;
    $self->wait_until(can_read => $self->{deadline});
    return sysread $self->{socket}, $self->{buffer}, 65536, length $self->{buffer};
}

sub read_until {
    my ($self, $end) = @_;
    my $at;
    while (($at = index $self->{buffer}, $end) < 0) {
        $self->fill or die "the connection ended inside a response\n";
    }
    my $found = substr $self->{buffer}, 0, $at;
    substr($self->{buffer}, 0, $at + length $end) = '';
    return $found;
}

sub read_bytes {
    my ($self, $len) = @_;
    while (length $self->{buffer} < $len) {
        $self->fill or die "the connection ended inside a response\n";
    }
    return substr $self->{buffer}, 0, $len, '';
}

sub read_to_end {
    my ($self) = @_;
    1 while $self->fill;
    return substr $self->{buffer}, 0, length $self->{buffer}, '';
}

sub read_chunks {
    my ($self) = @_;
    my $body = '';
    while (my $len = hex $self->read_until("\r\n")) {
        $body .= $self->read_bytes($len);
        $self->read_bytes(2);
    }
    1 while length $self->read_until("\r\n");    # trailers
    return $body;
}

sub read_body {
    my ($self, $response) = @_;
    my $status = $response->status;
    return '' if $self->{asked} eq 'HEAD' || $status =~ /^(?:1..|204|304)$/;
    return '' if $self->{asked} eq 'CONNECT' && $status == 200;    # what follows is the tunnel
    return $self->read_chunks if ($response->header('Transfer-Encoding') // '') =~ /chunked\s*$/i;
    my $len = $response->header('Content-Length');
    return defined $len ? $self->read_bytes($len) : $self->read_to_end;
}

sub read_response {
    my ($self) = @_;
    return delete $self->{early} if $self->{early};
    $self->{deadline} = time + $self->{timeout};
    my $response;
    do { $response = NTLM::Response->from_head($self->read_until("\r\n\r\n"), $self->{over}) }
        while $response->status =~ /^1..$/;
    $response->{body}   = $self->read_body($response);
    $response->{closed} = 1 if ($response->header('Connection') // '') =~ /\bclose\b/i;
    $response->{is_tunnel} = $self->{asked} eq 'CONNECT';
    my $token = shift @{$self->{sent}};
    $self->{over}->finish($response, $token, $self->asks) if defined $token;
    return $response;
}

sub request {
    my ($self, @request) = @_;
    return $self->send_request(@request)->read_response;
}

sub get { return $_[0]->request(GET => $_[1]) }

# Whether the server has closed it, seen without waiting for anything else.
sub is_closed {
    my ($self) = @_;
    return IO::Select->new($self->{socket})->can_read(0) && !sysread $self->{socket}, my $byte, 1;
}

# ---- NTLM ----

sub shows { return $_[0]{proxy} ? 'Proxy-Authorization' : 'Authorization' }
sub asks  { return $_[0]{proxy} ? 'Proxy-Authenticate'  : 'WWW-Authenticate' }

# The value of the header that shows a message of NTLM.
sub credentials {
    my ($self, $message) = @_;
    return $self->{over}->header($self->{over}->wrap($message));
}

# Options of all that follow: method, headers, body.
sub send_credentials {
    my ($self, $path, $value, %opt) = @_;
    return $self->send_request($opt{method} // 'GET', $path, [@{$opt{headers} || []}, $self->shows => $value], $opt{body});
}

# A message of NTLM, or what is none.
sub send_token {
    my ($self, $path, $token, %opt) = @_;
    $self->{token} = $token;
    return $self->send_credentials($path, $self->credentials($token), %opt);
}

sub token {
    my ($self, @token) = @_;
    return $self->send_token(@token)->read_response;
}

# Sends a Type 1, and waits for the answer to what must come before it. Its options:
# NTLM::Message::type1.
sub send_type1 {
    my ($self, $path, %opt) = @_;
    $self->{type1} = NTLM::Message::type1(%opt);
    my $opening = $self->{over}->opening;
    return $self if defined $opening && !$self->open_with($path, $opening, %opt);
    return $self->send_token($path, $self->{type1}, %opt);
}

# Whether the server chose NTLM; else what it said is the answer to the Type 1, too.
sub open_with {
    my ($self, $path, $opening, %opt) = @_;
    my $response = $self->send_credentials($path, $self->{over}->header($opening), %opt)->read_response;
    my $token    = $response->answer($self->{proxy} ? 407 : 401, $self->asks);
    return 1 if defined $token && $self->{over}->is_choice($token) && !$response->closed;
    $self->{early} = $response;
    return 0;
}

sub read_type2 {
    my ($self) = @_;
    my $response = $self->read_response;
    $self->{type2} = $self->{proxy} ? $response->proxy_type2 : $response->type2;
    return $response;
}

sub type1 {
    my ($self, @type1) = @_;
    return $self->send_type1(@type1)->read_type2;
}

# A Type 3 for the last Type 1 and Type 2 of this connection. Its options: those of
# NTLM::Message::type3 and NTLM::Scheme::sign.
sub answer {
    my ($self, %opt) = @_;
    die "there is no Type 2 to answer\n" if !defined($opt{type2} // $self->{type2});
    my @agreed;
    my $type3 = NTLM::Message::type3(type1 => $self->{type1}, type2 => $self->{type2}, tell => sub { @agreed = @_ }, %opt);
    $self->{over}->sign($type3, @agreed, %opt);
    return $type3;
}

sub send_type3 {
    my ($self, $path, %opt) = @_;
    $self->{type3} = $self->answer(%opt);
    return $self->send_token($path, $self->{type3}, %opt);
}

sub type3 {
    my ($self, @type3) = @_;
    return $self->send_type3(@type3)->read_response;
}

# The whole login. Gives the last response: the one to the Type 3, or the one to
# the Type 1 if that was no challenge.
sub login {
    my ($self, $path, %opt) = @_;
    my $response = $self->type1($path, map { $_ => $opt{$_} } grep { exists $opt{$_} } qw(flags len raw));
    return $response if !defined $self->{type2};
    return $self->type3($path, map { $_ => $opt{$_} } grep { !/^(?:flags|len|raw)$/ } keys %opt);
}

1;
