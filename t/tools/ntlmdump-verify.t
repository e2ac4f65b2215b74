#!/usr/bin/perl
# ntlmdump verify with a recording: the three messages are taken out of whatever has recorded
# them, and what was not taken is said.
use strict;
use warnings;
use File::Temp qw(tempfile);
use FindBin;
use JSON::PP;
use MIME::Base64 qw(decode_base64);
use lib "$FindBin::Bin/../lib";
use Test::More;
use Dump;

my $good   = $vector{'curl-ntlm'};
my @base64 = map { base64($good->{$_}) } qw(type1 type2 type3);
my @key    = ('--nt-hash', $good->{nt_hash});

# ---- recordings ----

sub sent { return "> GET / HTTP/1.1\r\n> Authorization: $_[0]\r\n>\r\n" }
sub got  { return "< HTTP/1.1 401 Unauthorized\r\n< WWW-Authenticate: $_[0]\r\n<\r\n" }

sub trace { return sent("NTLM $_[0]") . got("NTLM $_[1]") . sent("NTLM $_[2]") . "< HTTP/1.1 200 OK\r\n" }

sub python {
    my @sent = map { "send: b'GET / HTTP/1.1\\r\\nHost: a\\r\\nAuthorization: NTLM $_\\r\\n\\r\\n'\n" } @_[0, 2];
    return "$sent[0]reply: 'HTTP/1.1 401 Unauthorized\\r\\n'\nheader: WWW-Authenticate: NTLM $_[1]\n$sent[1]";
}

sub entry {
    my ($sent, $got, %more) = @_;
    my $message = sub { return {headers => [grep { defined $_->{value} } {name => $_[0], value => $_[1]}]} };
    return {request => {%{$message->('Authorization', $sent)}, url => 'http://a/'},
        response => $message->('WWW-Authenticate', $got), %more};
}
sub har { return encode_json({log => {version => '1.2', entries => [@_]}}) }
sub login { return (entry("NTLM $_[0]", "NTLM $_[1]"), entry("NTLM $_[2]")) }

sub bench { return encode_json({status => 'ok', messages => {type1 => $_[0], type2 => $_[1], type3 => $_[2]}}) }

# The report of a recording on stdin; fails the test if it is none.
sub report {
    my ($what, $recording, @options) = @_;
    my $got = run($recording, 'verify', '--json', @key, @options, '-');
    my $report = json_of($got);
    ok $report, "$what: a report" or diag $got->{err};
    return $report || {recording => {}};
}

sub taken {
    my $recording = shift->{recording};
    return join '; ', map { $_ // 'null' } @$recording{qw(type1 type2 type3)};
}
sub skipped { return join '; ', map { "$_->{where}: $_->{why}" } @{shift->{recording}{skipped}} }

# ---- every kind ----

for my $case (
    ['curl -v',              'trace', trace(@base64),  'line 2, Authorization; line 5, WWW-Authenticate; line 8, Authorization'],
    ["Python's http.client", 'trace', python(@base64), 'line 1, Authorization; line 3, WWW-Authenticate; line 4, Authorization'],
    ['a HAR',                'HAR',   har(login(@base64)), 'entry 1, Authorization; entry 1, WWW-Authenticate; entry 2, Authorization'],
    ['the JSON of a bench',  'bench', bench(@base64),  'messages.type1; messages.type2; messages.type3'],
    ['messages by themselves', 'trace', join("\n", @base64), 'line 1; line 2; line 3'],
) {
    my ($what, $format, $text, $taken) = @$case;
    my $report = report($what, $text);
    is $report->{status}, 'ok', "$what: the login is accepted";
    is $report->{recording}{format}, $format, "$what: what it is";
    is taken($report), $taken, "$what: where the messages stand";
    is_deeply $report->{recording}{skipped}, [], "$what: nothing was skipped";
}
{
    my ($file, $name) = tempfile(UNLINK => 1);
    print $file trace(@base64);
    close $file;
    my $got = run('', 'verify', $name, @key);
    is $got->{code}, 0, 'a file, in front of the options';
    like $got->{out}, qr/^recording +trace, login 1 of 1\n  type1 +line 2, Authorization\n/m, 'the text says what was taken';
    is run("Secr3t!pw\n", 'verify', '--password', '-', $name)->{code}, 0, 'the password on stdin beside it';
    is run('', 'verify', "$name.none", @key)->{code}, 2, 'a file that is not there: exit 2';
}

# ---- which login ----

{
    my $wrong = $vector{'pyspnego-wrong-password'};
    my @wrong = map { base64($wrong->{$_}) } qw(type1 type2 type3);
    my $both  = trace(@base64) . trace(@wrong);
    my $last  = report('two logins', $both);
    is "$last->{status} $last->{recording}{login} of $last->{recording}{logins}", 'wrong-password 2 of 2', 'the last login counts';
    is skipped($last), join('; ', map { "$_: it is of another login" } 'line 2, Authorization',
        'line 5, WWW-Authenticate', 'line 8, Authorization'), 'what is of the other one is said';
    is report('the first login', $both, '--login', 1)->{status}, 'ok', '--login 1';
    for my $bad (qw(0 3 x -1), '') {
        my $got = run($both, 'verify', @key, '--login', $bad, '-');
        is $got->{code}, 2, "--login '$bad': exit 2";
        like $got->{err}, qr/--login: it is a number from 1 to 2/, '... with the reason';
    }
    my @mixed = (entry("NTLM $wrong[0]", "NTLM $wrong[1]", connection => 'a'), entry("NTLM $base64[0]", "NTLM $base64[1]", connection => 'b'),
        entry("NTLM $wrong[2]", undef, connection => 'a'), entry("NTLM $base64[2]", undef, connection => 'b'));
    is report('two connections of a HAR', har(@mixed))->{status}, 'ok', 'a challenge is of its connection';
}

# ---- what was skipped ----

{
    my $report = report('other tokens', sent('Negotiate YAsGCSqGSIb3EgECAg==') . sent('Basic YTpi') . trace(@base64) . got('NTLM TlRM!'));
    is skipped($report), 'line 2, Authorization: it is a Kerberos token; line 5, Authorization: it has no token of NTLM; '
        . 'line 18, WWW-Authenticate: it has a character that is not base64', 'what is no message is skipped, and said';
    my $text = run(sent('Basic YTpi') . trace(@base64), 'verify', @key, '-')->{out};
    like $text, qr/^  skipped +line 2, Authorization: it has no token of NTLM$/m, 'in the text, too';
    unlike $text, qr/YTpi/, '... without a password';
    my $many = report('many logins', trace(@base64) x 40);
    is scalar @{$many->{recording}{skipped}}, 50, 'of many 50 are listed';
    is $many->{recording}{skipped_more}, 67, '... and the others are counted';
    ok !exists $report->{recording}{skipped_more}, '... where there are any';
}

# ---- an answer that is none ----

for my $case (
    ['base64 that is broken',   "NTLM $base64[2]!",         'malformed', 'it has a character that is not base64'],
    ['base64url',               'NTLM TlRM-_',              'malformed', 'it has a character that is not base64'],
    ['a tab behind the scheme', "NTLM\t$base64[2]",        'scheme-refused', 'the header is not a scheme, a blank and base64'],
    ['two tokens',              "NTLM $base64[2], NTLM $base64[2]", 'malformed', 'the header is not a scheme, a blank and base64'],
    ['no scheme',               $base64[2],                 'scheme-refused', 'it has no token of NTLM'],
) {
    my ($what, $value, $status, $why) = @$case;
    my $text = sent("NTLM $base64[0]") . got("NTLM $base64[1]") . sent($value);
    my $got  = run($text, 'verify', '--json', @key, '-');
    is $got->{code}, 1, "$what: refused";
    my $report = json_of($got) || {};
    is $report->{verdict}, 'reject', "$what: the verdict";
    is $report->{status}, $status, "$what: the status";
    is $report->{detail}, $why, "$what: why it cannot be read";
    is ref $report->{$_}, 'ARRAY', "$what: $_" for qw(causes warnings);
    like taken($report), qr/line 8, Authorization$/, "$what: where it stands";
}

# What a server takes for a message, though it is none of NTLM, is judged as it is.
for my $case (
    ['another signature', base64(unpack('H*', 'NTLMSSP ') . substr $good->{type3}, 16), 'it does not begin with NTLMSSP', 'signature'],
    ['a Type 1 again',    $base64[0],                                                'it is a Type 1, not a Type 3', ''],
    ['SPNEGO under NTLM', base64($vector{'curl-negotiate-gssntlmssp'}{spnego}[2]),  'it is SPNEGO, under the name of NTLM', 'spnego-under-ntlm'],
) {
    my ($what, $token, $detail, $cause) = @$case;
    my $got = run(sent("NTLM $base64[0]") . got("NTLM $base64[1]") . sent("NTLM $token"), 'verify', '--json', @key, '-');
    my $report = json_of($got) || {};
    is "$got->{code} " . ($report->{status} // ''), '1 malformed', "$what: malformed" or diag $got->{err};
    is $report->{detail}, $detail, "$what: why";
    like join(' ', map { $_->{id} } @{$report->{causes}}), qr/^($cause)$/, "$what: its cause";
}
{
    my $got = run(sent($base64[0]), 'verify', '--json', @key, '-');
    my $report = json_of($got) || {};
    is "$got->{code} $report->{detail}", '1 it has no token of NTLM', 'a Type 1 without its scheme, and nothing else';
    is_deeply [map { $_->{id} } @{$report->{causes}}], ['scheme-missing'], '... has its cause';
}

# ---- the certificate ----

# Of each kind of signature: its name, the hash that openssl makes of the certificate, PEM.
my @certificates = do {
    local $/;
    open my $in, '<', "$FindBin::Bin/../unit/certificates.h" or die $!;
    my $header = <$in>;
    $header =~ s/\\n"\s*"?/\n/g;
    my @rows;
    push @rows, [$1, $2, $3] while $header =~ m/\{"([\w-]+)",\s*"([0-9a-f]+)",\s*"(-----BEGIN [^}]+)\}/g;
    @rows;
};

sub file_of {
    my ($file, $name) = tempfile(UNLINK => 1);
    binmode $file;
    print $file $_[0];
    close $file;
    return $name;
}

my @bound = options($vector{'chromium-mic-cb-spn'});
splice @bound, -4;
my $expected = sub { return (json_of(run('', 'verify', '--json', @bound, @_)) || {})->{expected} };
for my $certificate (@certificates) {
    my ($signature, $hash, $pem) = @$certificate;
    my $der  = decode_base64($pem =~ s/-----[^-]+-----//gr);
    my $data = $expected->('--binding-data', unpack('H*', 'tls-server-end-point:') . $hash);
    like $data, qr/^[0-9a-f]{32}$/, "$signature: another binding than the client's";
    is $expected->('--cert', file_of($pem)), $data, '... from PEM';
    is $expected->('--cert', file_of($der)), $data, '... from DER';
    is $expected->('--cert', file_of("# a key\n-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n$pem$certificates[0][2]")), $data,
        '... with others behind it';
}
cmp_ok scalar @certificates, '>=', 4, 'several kinds of certificates were tried';
is run($certificates[0][2], 'verify', @bound, '--cert', '-')->{code}, 1, 'a certificate from stdin';
is run('', 'verify', @bound, '--cert', file_of($certificates[0][2]), '--binding', 'off')->{code}, 0, '--binding off beside it';
for my $bad ('', 'hello', "0\x82", $certificates[0][2] =~ s/^MII/!II/mr, substr $certificates[0][2], 0, 200) {
    my $got = run('', 'verify', @bound, '--cert', file_of($bad));
    is $got->{code}, 2, 'what is no certificate: exit 2';
    like $got->{err}, qr/--cert: there is no certificate in /, '... with the reason';
}

# ---- what cannot be used ----

for my $case (
    ['nothing',              '',                                        qr/there is no NTLM message in it$/],
    ['other JSON',           '{"a": 1}',                                qr/there is no NTLM message in it$/],
    ['no answer',            sent("NTLM $base64[0]") . got("NTLM $base64[1]"), qr/there is no login in it$/],
    ['Kerberos only',        sent('Negotiate YAsGCSqGSIb3EgECAg=='),    qr/there is no login in it\n.*line 2, Authorization: it is a Kerberos token/],
    ['no Type 2',            sent("NTLM $base64[2]"),                   qr/line 2, Authorization: there is no Type 2 in front/],
    ['a Type 2 that is cut', sent("NTLM $base64[0]") . got('NTLM TlRMTVNTUAACAAA') . sent("NTLM $base64[2]"),
        qr/there is no Type 2 in front.*\n.*line 5, WWW-Authenticate: the base64 is not padded/],
    ['a cut Type 2',         trace($base64[0], 'TlRMTVNTUAACAAAA', $base64[2]), qr/the Type 2: /],
    ['17 MiB',               'x' x (17 << 20),                          qr/stdin has more than/],
) {
    my ($what, $text, $why) = @$case;
    my $got = run($text, 'verify', @key, '-');
    is $got->{code}, 2, "$what: exit 2";
    like $got->{err}, $why, "$what: the reason";
    is $got->{out}, '', "$what: no verdict";
}
for my $case (
    ['a recording and messages', @key, '--type3', $good->{type3}, '-'],
    ['two recordings',           @key, '-', '-'],
    ['neither',                  @key],
    ['stdin twice',              '--password', '-', '-'],
    ['a certificate and data',   @bound, '--cert', '/dev/null', '--binding-data', '00'],
    ['stdin for two',            @bound[0 .. 5], '--password', '-', '--cert', '-'],
    ['a login of messages',      @key, '--type1', '', '--type2', $good->{type2}, '--type3', $good->{type3}, '--login', 1],
) {
    my ($what, @args) = @$case;
    my $got = run(trace(@base64), 'verify', @args);
    is $got->{code}, 2, "$what: exit 2";
    like $got->{err}, qr/^ntlmdump: .*\nusage: /, "$what: the reason, and the usage";
}

done_testing;
