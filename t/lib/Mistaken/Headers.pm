package Mistaken::Headers;

# How a message is written into its header (RFC 4559, RFC 9110 11.4), and bodies.

use strict;
use warnings;
use MIME::Base64 qw(encode_base64);
use Mistaken qw(the right);
use NTLM::SPNEGO ();
use Mistaken::Course qw(begin finish request);

sub both { my ($what, $change) = @_; return map { ("type${_}_$what" => $change) } 1, 3 }
sub wrapped { my ($with) = @_; return right() =~ s/.{76}\K(?=.)/$with/gr }

our @HEADERS = (
    ['base64 url-safe', 'malformed', 'base64-url-safe', client_challenge => "\xff" x 8, both(text => sub { right() =~ tr{+/}{-_}r })],
    ['base64 wrapped in lines', 'malformed', 'base64-wrapped', both(text => sub { wrapped("\r\n ") })],
    ['base64 with blanks for newlines', 'malformed', 'base64-wrapped', both(text => sub { wrapped(' ') })],
    ['hex', 'malformed', 'token-hex', type1_text => sub { unpack 'H*', the 'type1' }],
    ['base64 twice', 'malformed', 'base64-twice', type1_text => sub { encode_base64(right, '') }],
    ['base64 %-encoded', 'malformed', 'base64-percent-encoded', type1_text => sub { right() =~ s/=/%3D/gr =~ s/\+/%2B/gr =~ s{/}{%2F}gr }],
    ["b'...' around it", 'malformed', 'base64-python-bytes', type1_text => sub { "b'" . right . "'" }],
    ['no padding on a Type 1', 'malformed/ok', 'base64-no-padding', type1_text => sub { right() =~ tr/=//dr }],
    ['scheme with a tab', 'scheme-refused/malformed', 'scheme-tab', both(scheme => "NTLM\t")],
    ['scheme with a colon', 'scheme-refused/malformed', 'scheme-colon', both(scheme => 'NTLM: ')],
    ['no scheme', 'scheme-refused/malformed', 'scheme-missing', both(scheme => '')],
    ['Proxy-Authorization at an origin', 'no-credentials', 'proxy-header-at-origin', header => 'Proxy-Authorization'],
    ['WWW-Authenticate sent by the client', 'no-credentials', 'response-header-sent', header => 'WWW-Authenticate'],
    ['Authentication for the header', 'no-credentials', 'header-misnamed', header => 'Authentication'],
    ['X-Authorization for the header', 'no-credentials', 'header-misnamed', header => 'X-Authorization'],
    ['Negotiate, where NTLM alone is offered', 'scheme-refused', 'scheme-not-offered', both(scheme => 'Negotiate ')],
    ['header twice', 'malformed', 'header-twice', type1_headers => sub { [@{+right()}, @{+right()}] }],
    ['scheme in lower case', 'ok', '', both(scheme => 'ntlm ')],
    ['token=', 'malformed', 'token-parameter', both(text => sub { 'token=' . right })],
    ['a comma behind the token', 'malformed', 'token-comma', both(text => sub { right() . ',' })],
    ['a newline behind the token, %-encoded', 'malformed', 'base64-percent-encoded', both(text => sub { right() . '%0A' })],
    ['the raw message, no base64', 'malformed/none', 'token-raw', type1_text => 'NTLMSSP'],
    ['Type 3 cut at 256 characters', 'malformed', 'message-truncated', type3_text => sub { substr right, 0, 256 }],
    ['SPNEGO under the word NTLM', 'malformed', 'spnego-under-ntlm', type1 => sub { NTLM::SPNEGO::init(mechs => ['ntlm'], token => right) }],
    ['quotes around the token', 'malformed', 'token-quoted', both(text => sub { '"' . right . '"' })],
    ['scheme without a token', 'malformed', 'token-missing', type1_value => 'NTLM'],
    ['Basic', 'scheme-refused', 'scheme-basic', type1_value => sub { 'Basic ' . encode_base64(the('user') . ':' . the('password'), '') }],
    ['Type 2 sent by the client', 'malformed', 'type2-sent', type3 => sub { the 'type2' }],
);

our @BODIES = (
    ['POST without Content-Length at the Type 3', 'ok', 'body-without-length', method => 'POST', body => 'a=1&b=2', type1_body => '',
        more_headers => sub { [] }, course => sub { begin(); finish(headers => ['Content-Length' => undef]); request(GET => the 'type3_path') }],
    ['length announced at the Type 1, and no body', 'challenge-sent/challenge-abandoned', 'body-missing', method => 'POST', type1_body => undef,
        course => sub { begin(headers => ['Content-Length' => 8], and_then => 'give_up') }],
    ['length announced at the Type 3, and no body', 'ok', 'body-missing', method => 'POST', type1_body => '', body => undef,
        course => sub { begin(); finish(headers => ['Content-Length' => 8], and_then => 'give_up') }],
    ['body of the 401 not drained', 'ok', '', course => sub {
        begin();
        the('connection')->{buffer} = 'the body of the 401';
        finish();
    }],
);

1;
