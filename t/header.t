# The Authorization header is read strictly: a scheme, blanks, one token in base64.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib";
use Test::More;

use MIME::Base64 qw(encode_base64);
use NTLM::Accounts qw(account);
use NTLM::Connection;
use NTLM::Expect;
use NTLM::Log;
use NTLM::Message qw(type1);
use NTLM::Scheme;

my $place = '/secret/echo';
my $WORD  = NTLM::Scheme::word_of_test();

# A Type 1 whose base64 has all of '+', '/' and '=='.
my $type1  = type1(len => 32) . "\xff\xfb\xef\xbe\xfb\xef\xbe\xff";
my $base64 = encode_base64($type1, '');
like($base64, qr{\+.*/.*==\z}, 'the token of these tests has all that is special in base64') or diag $base64;

# One whose tokens are what is shown here.
sub connection { return NTLM::Connection->new(over => $WORD) }

sub ask {
    my ($connection, @values) = @_;
    return $connection->request(GET => $place, [map { (Authorization => $_) } @values]);
}

sub is_taken {
    my ($sentence, @values) = @_;
    challenged(ask(connection(), @values), $sentence);
}

# How the line ends of those whose end is shown here.
my %details = (
    'the scheme alone' => 'nothing stands behind the scheme',
    'two headers' => 'the header came twice: a second one begins behind character ' . (1 + length $base64),
    'a word behind the token' => '" ", character ' . (1 + length $base64) . ' behind the scheme, is no base64',
    'a comma behind the token' => '",", character ' . (1 + length $base64) . ' behind the scheme, is no base64',
    'the URL alphabet of base64' => qr/^"[-_]", character \d+ behind the scheme, is no base64 \(base64url is another alphabet\)$/,
    'no padding' => 'it has ' . (length($base64) - 2) . ' characters, which is no multiple of 4',
    'bits that stand for nothing' => 'its last character holds bits that belong to no byte',
    'a token in quotes' => '"%22", character 1 behind the scheme, is no base64',
    'a tab behind the scheme' => "no blank stands behind $WORD",
    'a scheme that only begins so' => qq{the scheme is "${WORD}v2"},
    'Negotiate, which is not offered' => 'the scheme is "Negotiate"',
    'Bearer' => 'the scheme is "Bearer"',
);

# Refused on a new connection, and on one with a login, which is forgotten.
sub is_refused {
    my ($sentence, $status, @values) = @_;
    my $detail = $details{$sentence};
    subtest $sentence => sub {
        refused(ask(connection(), @values), 'refused');
        status_is($status);
        my ($line) = reverse NTLM::Log::lines();
        ref $detail ? like($line->{remark}, $detail, 'the line says why') : is($line->{remark}, $detail, 'the line says why') if $detail;
        is($line->{scheme}, 'Basic', 'a password came unasked') if $values[0] =~ /^Basic / && $status eq 'scheme-refused';
        my $connection = connection();
        welcomed($connection->login($place, account('alice')), 'alice', 'alice is logged in');
        refused(ask($connection, @values), 'refused');
        status_is($status);
        refused($connection->get($place), 'her login is forgotten');
        welcomed($connection->login($place, account('alice')), 'alice', 'the connection can be used for a new one');
    };
}

is_taken('the scheme and a token',      "$WORD $base64");
is_taken('the scheme in small letters', "\L$WORD\E $base64");
is_taken('the scheme in mixed letters', "\l\U$WORD\E $base64");
is_taken('several blanks between them', "$WORD    $base64");
is_taken('blanks behind them, which HTTP takes away', "$WORD $base64  ");

is_refused('the scheme alone',            'malformed', $WORD);
is_refused('two headers',                 'malformed', "$WORD $base64", "$WORD $base64");
is_refused('a second scheme in the list', 'malformed', "$WORD $base64, Basic YTpi");
is_refused('a word behind the token',     'malformed', "$WORD $base64 x");
is_refused('a comma behind the token',    'malformed', "$WORD $base64,");
is_refused('the URL alphabet of base64',  'malformed', "$WORD " . $base64 =~ tr{+/}{-_}r);
is_refused('no padding',                  'malformed', "$WORD " . $base64 =~ s/=+\z//r);
is_refused('half of the padding',         'malformed', "$WORD " . $base64 =~ s/=\z//r);
is_refused('too much padding',            'malformed', "$WORD $base64=");
is_refused('padding in the middle',       'malformed', "$WORD $base64$base64");
is_refused('bits that stand for nothing', 'malformed', "$WORD " . $base64 =~ s/(.)==\z/chr(1 + ord $1) . '=='/er);
is_refused('a blank in the token',        'malformed', "$WORD " . $base64 =~ s/^(.{8})/$1 /r);
is_refused('a token in quotes',           'malformed', qq{$WORD "$base64"});
is_refused('a parameter',                 'malformed', "$WORD token=$base64");
is_refused('no base64 at all',            'malformed', "$WORD %&\$!");
is_refused('base64 of nothing',           'malformed', "$WORD ====");
is_refused('a Type 1 that is too long',   'malformed', "$WORD " . encode_base64(type1() . "\0" x 4000, ''));

is_refused('a tab behind the scheme',     'scheme-refused', "$WORD\t$base64");
is_refused('a scheme that only begins so', 'scheme-refused', "${WORD}v2 $base64");
is_refused('Basic',                       'scheme-refused', 'Basic ' . encode_base64('alice:Secr3t!pw', ''));
is_refused('Negotiate, which is not offered', 'scheme-refused', "Negotiate $base64") if $WORD eq 'NTLM';
is_refused('Bearer',                      'scheme-refused', 'Bearer abc');
is_refused('another scheme first',        'scheme-refused', 'Basic YTpi', "$WORD $base64");

subtest "A proxy's header is none of an origin server" => sub {
    my $connection = connection();
    my $response   = $connection->request(GET => $place, ['Proxy-Authorization' => "$WORD $base64"]);
    refused($response, 'as if there were no credentials');
    status_is('no-credentials');
    my ($line) = reverse NTLM::Log::lines();
    is($line->{level}, 'info', '... which administrators see beside the logins');
    is($line->{remark}, 'Proxy-Authorization came, which is for a proxy: this server reads Authorization', '... and why');
    refused($connection->request(GET => $place, ['Proxy-Authorization' => 'Bearer x']), 'a scheme that is not offered');
    ($line) = reverse NTLM::Log::lines();
    is("$line->{level} " . ($line->{remark} // '-'), 'debug -', '... is no business of this server');
};

done_testing;
