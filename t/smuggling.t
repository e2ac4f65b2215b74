# A request that is hidden in the body of another one is never served, on a connection that is
# logged in or is about to be: whoever hides it would be served as somebody else.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib";
use Test::More;

use NTLM::Accounts qw(account);
use NTLM::Connection;
use NTLM::Message;
use NTLM::Server;

my %alice = account('alice');
my $place = '/secret/echo';
my $serial = 0;

# ---- what is hidden, and how ----

sub hidden { my ($mark) = @_; return "GET $place?hidden HTTP/1.1\r\nHost: web.test\r\nX-Test: $mark\r\n\r\n" }

sub chunk { my ($text, $extension) = @_; return sprintf("%x%s\r\n%s\r\n", length $text, $extension // '', $text) }

my $END = "0\r\n\r\n";

# Each gets the hidden request, and gives the lines of the header and what follows them.
my %WAYS = (
    'a body'                  => sub { ('Content-Length: ' . length $_[0], $_[0]) },
    'a chunk'                 => sub { ('Transfer-Encoding: chunked', chunk($_[0]) . $END) },
    'a chunk with extensions' => sub { ('Transfer-Encoding: chunked', chunk($_[0], ';a=b;c="d"') . $END) },
    'a chunk behind a bare LF' => sub { ('Transfer-Encoding: chunked', sprintf("%x;a\n%s\r\n", length $_[0], $_[0]) . $END) },
    'an extension'            => sub { ('Transfer-Encoding: chunked', "1;\n$_[0]x\r\n$END") },
    'trailers'                => sub { ('Transfer-Encoding: chunked', "0\r\n$_[0]\r\n") },
    'behind a chunk of a length that overflows' => sub { ('Transfer-Encoding: chunked', "10000000000000000\r\n\r\n$END$_[0]") },
    'behind a chunk of a negative length' => sub { ('Transfer-Encoding: chunked', "-1\r\n\r\n$END$_[0]") },
    'behind a chunk of 0x0'   => sub { ('Transfer-Encoding: chunked', "0x0\r\n\r\n$_[0]") },
    'behind the chunks, within the length' => sub { (both($END . $_[0]), $END . $_[0]) },
    'behind the length, within the chunks' => sub { ("Content-Length: 4\r\nTransfer-Encoding: chunked", chunk($_[0]) . $END) },
    'the first of two lengths' => sub { ('Content-Length: ' . length($_[0]) . "\r\nContent-Length: 0", $_[0]) },
    'the second of two lengths' => sub { ("Content-Length: 0\r\nContent-Length: " . length $_[0], $_[0]) },
    'a list of lengths'       => sub { ('Content-Length: 0, ' . length $_[0], $_[0]) },
    'a length of +0'          => sub { ('Content-Length: +0', $_[0]) },
    'a length of -1'          => sub { ('Content-Length: -1', $_[0]) },
    'a length of 0x0'         => sub { ('Content-Length: 0x0', $_[0]) },
    'a length of 0 0'         => sub { ('Content-Length: 0 0', $_[0]) },
    'a length that overflows' => sub { ('Content-Length: 18446744073709551616', $_[0]) },
    'an empty length'         => sub { ('Content-Length: ', $_[0]) },
    'a length with a blank before the colon' => sub { ('Content-Length : 0', $_[0]) },
    'a length that Connection names' => sub { ("Connection: content-length, keep-alive\r\nContent-Length: " . length $_[0], $_[0]) },
    'a body that is expected' => sub { ("Expect: 100-continue\r\nContent-Length: " . length $_[0], $_[0]) },
    'chunks that are expected' => sub { ("Expect: 100-continue\r\nTransfer-Encoding: chunked", chunk($_[0]) . $END) },
    'behind expected chunks, within the length' => sub { ("Expect: 100-continue\r\n" . both($END . $_[0]), $END . $_[0]) },
    map({ my $te = $_; ("Transfer-Encoding '" . ($te =~ s/[^ -~]/?/gr) . "'" =>
        sub { ("Content-Length: " . length($END . $_[0]) . "\r\nTransfer-Encoding$te", $END . $_[0]) }) }
        ': xchunked', ' : chunked', ":\x0bchunked", ': chunked, identity', ': identity, chunked', ': chunked, chunked',
        ':chunked', ":\r\n chunked", ': "chunked"', ": chunked\r\nTransfer-Encoding: identity", ': chunked;q=1', ": x\nTransfer-Encoding: chunked"),
);

# Ways that are none: the body is one, and what follows it is answered.
my $REGULAR = qr/^a (?:body|chunk|chunk with extensions)$/;

sub both { return 'Content-Length: ' . length($_[0]) . "\r\nTransfer-Encoding: chunked" }

# ---- who hides it ----

# Each gives a connection and the header of the request that the body belongs to.
my %LEGS = (
    'a request of a login' => sub { (logged_in(), $place, '') },
    'the Type 3'           => sub { my $c = challenged(); ($c, $place, token($c, $c->answer(%alice))) },
    'a wrong Type 3'       => sub { my $c = challenged(); ($c, $place, token($c, $c->answer(%alice, nt_hash => '0' x 32))) },
    'the Type 1'           => sub { my $c = NTLM::Connection->new; ($c, $place, token($c, NTLM::Message::type1())) },
    'the Type 1 of a login' => sub { my $c = logged_in(); ($c, $place, token($c, NTLM::Message::type1())) },
    'a request that is not authorized' => sub { (logged_in('/bobs/echo'), '/bobs/echo', '') },
    'a request of nobody'  => sub { (NTLM::Connection->new, $place, '') },
);

sub logged_in { my ($where) = @_; my $c = NTLM::Connection->new; $c->login($where // $place, %alice); return $c }
sub challenged { my $c = NTLM::Connection->new; $c->type1($place); return $c }
sub token { my ($c, $message) = @_; return 'Authorization: ' . $c->credentials($message) . "\r\n" }

# The lines of the access log about requests of that mark. httpd has written them before it
# closes the connection.
sub served {
    my ($mark) = @_;
    return grep { /^test=\Q$mark\E / } NTLM::Server::access_lines();
}

# All that the server answers to these bytes until it closes, and the requests that it saw.
sub sent {
    my ($connection, $bytes, $mark) = @_;
    $connection->send_bytes("$bytes" . "GET /open/index.html HTTP/1.1\r\nHost: web.test\r\nConnection: close\r\n\r\n");
    $connection->{deadline} = time + $connection->{timeout};
    return ($connection->read_to_end, served($mark));
}

subtest 'A request that follows another one is seen by this test' => sub {
    my $mark = 'hidden-' . $serial++;
    my ($answers, @served) = sent(logged_in(), "GET $place HTTP/1.1\r\nHost: web.test\r\n\r\n" . hidden($mark), $mark);
    like($answers, qr/REQUEST_URI=\S+hidden\n/, 'it is answered');
    is(scalar @served, 1, 'it is in the log');
    like($served[0], qr/ status=200 user=alice /, 'for alice, as her own');
};

for my $leg (sort keys %LEGS) {
    subtest "Hidden in the body of $leg" => sub {
        for my $way (sort keys %WAYS) {
            my $mark = 'hidden-' . $serial++;
            my ($connection, $where, $credentials) = $LEGS{$leg}->();
            my ($header, $body) = $WAYS{$way}->(hidden($mark));
            my ($answers, @served) =
                sent($connection, "POST $where HTTP/1.1\r\nHost: web.test\r\n$credentials$header\r\n\r\n$body", $mark);
            like($answers, qr{\AHTTP/1\.1 [1-5]\d\d }, "$way: there is an answer");
            unlike($answers, qr/REQUEST_URI=\S*hidden/, '... none to what is hidden');
            is_deeply([grep { / user=(?!-)| status=2/ } @served], [], '... nor served as anybody');
            like($answers, qr/the page of open<.p>\s*\z/, '... what follows is') if $way =~ $REGULAR;
        }
    };
}

done_testing;
