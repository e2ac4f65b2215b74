package NTLM::Response;

# A response as it came: nothing is merged, nothing is decoded but the chunks.

use strict;
use warnings;
use MIME::Base64 qw(decode_base64 encode_base64);

sub from_head {
    my ($class, $head) = @_;
    my ($status_line, @lines) = split /\r\n/, $head;
    my ($status) = $status_line =~ m{^HTTP/1\.[01] (\d{3})\b} or die "not HTTP: $status_line\n";
    return bless {status => $status, headers => [map { [split /:\s*/, $_, 2] } @lines], body => ''}, $class;
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

# The bytes of the Type 2, if the response is one challenge and offers nothing else.
sub type2       { return $_[0]->challenge(401, 'WWW-Authenticate',   'Proxy-Authenticate') }
sub proxy_type2 { return $_[0]->challenge(407, 'Proxy-Authenticate', 'WWW-Authenticate') }

sub challenge {
    my ($self, $status, $name, $other) = @_;
    my @offers = $self->header($name);
    return if $self->status != $status || @offers != 1 || $self->header($other);
    return if $offers[0] !~ m{^NTLM ([A-Za-z0-9+/]+=*)\z};
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
