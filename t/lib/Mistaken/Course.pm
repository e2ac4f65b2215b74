package Mistaken::Course;

# What happens on which connection: two requests on one, if nobody makes a mistake.

use strict;
use warnings;
use Exporter qw(import);
use MIME::Base64 qw(decode_base64);
use Mistaken qw(the);

our @EXPORT_OK = qw(begin finish request fresh connect_anew);

# ---- for courses ----

# Another connection, which the login goes on with.
sub fresh { my $connection = connect_anew(); $Mistaken::login->learn(connection => $connection); return $connection }

sub connect_anew {
    my %opt = (port => the('port'), vhost => the('host'), version => the('http_version'), over => 'NTLM');
    require Mistaken::Connection;
    return Mistaken::Connection->new(%opt) if !the 'tls';
    return Mistaken::Connection->over_tls(%opt, tls => {SSL_version => the 'tls_version'});
}

# Gives the answer; undef if the server closes without one.
sub request {
    my ($method, $path, $headers, $body, $and_then) = @_;
    my $connection = the 'connection';
    $connection->send_request($method, $path, $headers, $body);
    $connection->$and_then if $and_then;
    return eval { $connection->read_response };
}

# Sends the Type 1, and learns the Type 2 that comes.
sub begin {
    my (%opt) = @_;
    my $answer = request($opt{method} // the('type1_method'), $opt{path} // the('type1_path'),
        [@{$opt{headers} // []}, @{the 'more_headers'}, @{the 'type1_headers'}], the('type1_body'), $opt{and_then}) or return;
    for my $offer ($answer->header('WWW-Authenticate'), $answer->header('Proxy-Authenticate')) {
        $Mistaken::login->learn(type2 => decode_base64($1)) if $offer =~ m{^NTLM ([A-Za-z0-9+/=]+)$};
    }
    return $answer;
}

sub finish {
    my (%opt) = @_;
    return request($opt{method} // the('method'), $opt{path} // the('type3_path'),
        [@{$opt{headers} // []}, @{the 'more_headers'}, @{the 'type3_headers'}], the('body'), $opt{and_then});
}

# ---- the steps ----
Mistaken::steps(
    http         => undef,          # ports
    https        => undef,
    tls          => sub { scalar the('place') =~ m{^/epa/} },
    port         => sub { the('tls') ? the 'https' : the 'http' },
    tls_version  => 'SSLv23',
    http_version => '1.1',
    ca           => undef,          # DER
    host         => '127.0.0.1',
    run          => undef,          # keeps verdicts apart
    place        => '/ntlm',
    path         => sub { (defined the('run') ? '/r/' . the('run') : '') . the 'place' },
    type1_path   => sub { the 'path' },
    type3_path   => sub { the 'path' },
    method       => 'GET',
    type1_method => sub { the 'method' },
    body         => undef,
    type1_body   => sub { the 'body' },
    more_headers => sub { [] },
    connection   => sub { connect_anew() },
    course       => sub { my $answer = begin(); return exists $Mistaken::login->{values}{type2} ? finish() : $answer },
);

1;
