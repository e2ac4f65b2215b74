package NTLM::Response;

# A response as it came: nothing is merged, nothing is decoded but the chunks.

use strict;
use warnings;
use MIME::Base64 qw(decode_base64 encode_base64);

use NTLM::Scheme;

# The scheme is that of its client.
sub from_head {
    my ($class, $head, $scheme) = @_;
    my ($status_line, @lines) = split /\r\n/, $head;
    my ($status) = $status_line =~ m{^HTTP/1\.[01] (\d{3})\b} or die "not HTTP: $status_line\n";
    my @headers = map { [split /:\s*/, $_, 2] } @lines;
    return bless {status => $status, headers => \@headers, body => '', scheme => $scheme // NTLM::Scheme->new}, $class;
}

sub status  { return $_[0]{status} }
sub body    { return $_[0]{body} }
sub closed  { return $_[0]{closed} }
sub headers { return @{$_[0]{headers}} }    # [name, value], ...

# The values of a header; in scalar context the first one.
sub header {
    my ($self, $name) = @_;
    my @values = map { $_->[1] } grep { lc $_->[0] eq lc $name } $self->headers;
    return wantarray ? @values : $values[0];
}

sub remove {
    my ($self, $name) = @_;
    $self->{headers} = [grep { lc $_->[0] ne lc $name } $self->headers];
    return;
}

# The bytes of the Type 2, if the response is one challenge and offers nothing else.
sub type2       { return $_[0]->challenge(401, 'WWW-Authenticate',   'Proxy-Authenticate') }
sub proxy_type2 { return $_[0]->challenge(407, 'Proxy-Authenticate', 'WWW-Authenticate') }

sub challenge {
    my ($self, $status, $name, $other) = @_;
    return if $self->header($other);
    my $token = $self->answer($status, $name);
    return defined $token ? $self->{scheme}->unwrap($token) : ();
}

# The bytes of the token, if there is one header of that name, under the word of the client.
sub answer {
    my ($self, $status, $name) = @_;
    my @offers = $self->header($name);
    my $word   = $self->{scheme}->word;
    return if $self->status != $status || @offers != 1 || $offers[0] !~ m{^$word ([A-Za-z0-9+/]+=*)\z};
    my $bytes = decode_base64($1);
    return encode_base64($bytes, '') eq $1 ? $bytes : ();
}

# What the echo script saw: {REMOTE_USER => ..., ...}.
sub echo {
    my ($self) = @_;
    return {$self->body =~ /^([A-Za-z0-9_-]+)=(.*)$/mg};
}

# All that a client can tell two refusals apart by.
sub seen_by_client {
    my ($self) = @_;
    my @headers = grep { $_->[0] ne 'Date' } $self->headers;
    return join "\n", $self->status, (map { "$_->[0]: $_->[1]" } @headers), '', $self->body;
}

1;
