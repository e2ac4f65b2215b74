#!/usr/bin/perl
# support/ntlmdump, or the program that NTLMDUMP names: every exchange of t/vectors gets its
# verdict, messages are found wherever they stand, and no input does harm.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use MIME::Base64 qw(encode_base64);
use Test::More;
use Dump;

# ---- helpers ----

# What each reason of the vectors is called here.
my @statuses = (
    [qr/^ok$/                       => 'ok'],
    [qr/^wrong-password$/           => 'wrong-password|stale-challenge'],
    [qr/^(ntlmv1|ntlm2-session|no-nt-response|anonymous|bad-mic|mic-missing|mic-required)$/ => undef],
    [qr/^cb-mismatch$/              => 'binding-mismatch'],
    [qr/^cb-required$/              => 'binding-required'],
    [qr/^bad-session-key-length$/   => 'bad-session-key'],
    [qr/^av-pair-/                  => 'echo-mismatch|stale-challenge'],
    [qr/^(duplicate-av-pair$|bad-av-length$|bad-resp-type$|malformed)/ => 'malformed'],
);

sub statuses_for {
    my ($reason) = @_;
    for my $row (@statuses) {
        return $row->[1] // $reason if $reason =~ $row->[0];
    }
    return 'no status is known for this reason';
}

# What differs between a report and what the vector expects; empty if nothing does.
sub differences {
    my ($vector, $report) = @_;
    my $expect = $vector->{expect};
    my %binding = ('present-unchecked' => 'unchecked', match => 'ok', mismatch => 'wrong');
    my %mic     = (bad => 'wrong');
    my %wanted  = (verdict => $expect->{verdict});
    my $status  = statuses_for($expect->{reason});
    my @wrong;
    push @wrong, "status $report->{status}" unless $report->{status} =~ /^($status)\z/;
    if ($expect->{verdict} eq 'accept' || $expect->{reason} eq 'wrong-password') {
        $wanted{$_} = $expect->{$_} for grep { defined $expect->{$_} } qw(user domain workstation);
    }
    if ($expect->{verdict} eq 'accept') {
        $wanted{$_} = $expect->{$_} for grep { $expect->{$_} } qw(domain_form mic_offset);
        $wanted{binding} = $binding{$expect->{cb}} // $expect->{cb} if $expect->{cb};
    } else {
        $wanted{domain_form} = undef if $expect->{reason} eq 'wrong-password';
    }
    $wanted{mic} = $mic{$expect->{mic}} // $expect->{mic} if $expect->{mic};
    for my $name (sort keys %wanted) {
        my ($is, $should) = map { $_ // 'null' } $report->{$name}, $wanted{$name};
        push @wrong, "$name is $is, not $should" unless $is eq $should;
    }
    return @wrong;
}

# The lines of a text as a hash, "-" as undef.
sub lines_of {
    my ($text) = @_;
    my %report;
    utf8::decode($text);
    for (split /\n/, $text) {
        $report{$1} = $2 eq '-' ? undef : $2 if /^(\w+) +(.*)$/;
    }
    return \%report;
}

# ---- verify: every vector ----

for my $vector (@$vectors) {
    my $code = $vector->{expect}{verdict} eq 'accept' ? 0 : 1;
    my $json = run('', 'verify', '--json', options($vector));
    my $text = run('', 'verify', options($vector));
    my ($report, $lines) = (json_of($json), lines_of($text->{out}));
    is "$json->{code} $text->{code}", "$code $code", "$vector->{id}: exit $code" or diag $json->{err};
    is join('; ', differences($vector, $report || {status => ''})), '', "$vector->{id}: JSON";
    is join('; ', differences($vector, $lines)), '', "$vector->{id}: text";
    is $json->{err} . $text->{err}, '', "$vector->{id}: nothing on stderr";
    next if $code == 0;
    ok defined $report->{failed_check}, "$vector->{id}: the check that failed is named";
    ok !$report->{checks}[-1]{passed}, "$vector->{id}: and is the last that ran";
}

for my $vector (grep { defined $_->{password} && length $_->{password} } @$vectors) {
    my $password = $vector->{password};
    utf8::encode($password);
    my @options = grep { $_ ne '--nt-hash' && $_ ne $vector->{nt_hash} } options($vector);
    my $code    = $vector->{expect}{verdict} eq 'accept' ? 0 : 1;
    is run('', 'verify', @options, '--password', $password)->{code}, $code, "$vector->{id}: by its password";
    is run("$password\n", 'verify', @options, '--password', '-')->{code}, $code, "$vector->{id}: from stdin";
}

# ---- verify: what is expected and found ----

{
    my $report = json_of(run('', 'verify', '--json', options($vector{'chromium-mic-tampered'})));
    is $report->{failed_check}, 'mic', 'a wrong MIC: the check';
    like $report->{expected}, qr/^[0-9a-f]{32}$/, 'what was expected';
    is index($vector{'chromium-mic-tampered'}{type3}, $report->{found}), 144, 'and what was found, at 72';
    like $report->{detail}, qr/^the client's at 72 is another one; wanted: HMAC-MD5 by the \w.* key over Type 1 \(\d+ bytes\), Type 2 \(\d+\), Type 3 \(\d+\)$/,
        '... in the words of the log, which have no bytes';
    $report = json_of(run('', 'verify', '--json', options($vector{'pyspnego-wrong-password'})));
    is $report->{tried}[0]{user} . '+' . $report->{tried}[0]{domain}, 'ALICE+CORP', 'a wrong proof: the names';
    is $report->{expected}, $report->{tried}[0]{expected}, 'and the proof of the first of them';
    $report = json_of(run('', 'verify', '--json', options($vector{'extra-challenge-avflags-av-changed'})));
    like $report->{found}, qr/^MsvAvNbComputerName \(1\) is changed: ours is "\w+", the client's "\w+"$/, 'a changed pair, and not those that the client sets';
    my $right = $vector{'pyspnego-basic'};
    my @wrong = options($right);
    s/^$right->{nt_hash}$/'0' x 32/e for @wrong;
    is run('', 'verify', @wrong)->{code}, 1, 'another hash is refused';
}

# ---- verify: causes and warnings ----

{
    my $ok = run('', 'verify', options($vector{'pyspnego-basic'}));
    like $ok->{out}, qr/^causes +none\nwarnings +\w+\n/m, 'a login that passes has no cause';
    my @left_out = options($vector{'nil-domain-hash'});
    my $report = json_of(run('', 'verify', '--json', @left_out));
    is_deeply $report->{causes}, [], 'a domain that is not hashed: no cause';
    my ($warning) = grep { $_->{id} eq 'domain-left-out' } @{$report->{warnings}};
    is join(',', sort keys %$warning), 'id,source,text', '... but a warning';
    like run('', 'verify', @left_out)->{out}, qr/^  domain-left-out +\Q$warning->{text} ($warning->{source})\E$/m,
        '... in the text, too';
}

# ---- verify: other forms, and policies ----

{
    my $vector = $vector{'chromium-mic-cb-spn'};
    my %forms  = (
        'base64'       => \&base64,
        'upper case'   => sub { uc $_[0] },
        'spaced hex'   => sub { join ' ', unpack '(A2)*', $_[0] },
        'header lines' => sub { 'Authorization: NTLM ' . base64($_[0]) },
        'curl -v'      => sub { "> GET / HTTP/1.1\r\n> Authorization: NTLM " . base64($_[0]) . "\r\n>\r\n" },
    );
    is run('', 'verify', options($vector, $forms{$_}))->{code}, 0, "messages as $_" for sort keys %forms;
    is run('', '--json', 'verify', options($vector))->{code}, 0, '--json before verify';
    my ($spnego) = grep { $_->{id} eq 'curl-negotiate-gssntlmssp' } @$vectors;
    my @tokens   = @{$spnego->{spnego}};
    my %token;
    @token{@$spnego{qw(type1 type2 type3)}} = @tokens[0 .. 2];
    is run('', 'verify', options($spnego, sub { $token{$_[0]} }))->{code}, 0, 'messages inside SPNEGO';
    my $no_mic = $vector{'curl-ntlm'};
    my $status = sub { (json_of(run('', 'verify', '--json', options($no_mic), @_)) || {})->{status} };
    is $status->('--require-mic'), 'mic-required', '--require-mic';
    is $status->(qw(--binding require)), 'binding-unknown', '--binding require without data';
    is $status->(qw(--binding require --binding-data 00)), 'binding-required', 'and with data';
    is $status->(qw(--binding allow --binding-data 00)), 'ok', '--binding allow';
    my @other = options($vector);
    $other[-1] = '00';
    is json_of(run('', 'verify', '--json', @other))->{status}, 'binding-mismatch', 'another binding';
    is json_of(run('', 'verify', '--json', @other, '--binding', 'off'))->{binding}, 'wrong', '--binding off: let in, and said';
    is run('', 'verify', options($no_mic), '--type1', '')->{code}, 0, 'an empty Type 1';
}

# ---- verify: what an administrator demands beyond the proof ----

{
    my @spn = options($vector{'chromium-mic-cb-spn'});
    my $json = sub { json_of(run('', 'verify', '--json', @spn, @_)) || {} };
    my @names = map { $_->{check} } @{$json->()->{checks}};
    is "@names", 'message anonymous response names timestamp proof account password session-key mic target-info'
        . ' binding service domain', 'a login that passes lists every check';
    is $json->()->{service}, 'unchecked', 'a service, without a host of ours';
    my $refused = $json->('--service-host', 'elsewhere.test', '--service-host', 'other.test');
    is "$refused->{status} $refused->{failed_check}", 'service-mismatch service', 'a service of another host';
    is $refused->{expected}, 'HTTP or HOST at elsewhere.test, other.test', 'the hosts that are ours';
    like $refused->{found}, qr{^the client signed "HTTP/}, 'and the one that was named';
    my ($host) = $refused->{found} =~ m{"HTTP/([^:/"]+)};
    is $refused->{detail}, "$refused->{found}; wanted: $refused->{expected}", 'and both as the log has them';
    is $json->('--service', 'require', '--service-host', 'elsewhere.test', '--service-host', $host)->{service}, 'ok',
        'one host of several';
    is $json->('--service', 'off', '--service-host', 'elsewhere.test')->{service}, 'wrong', '--service off: let in, and said';
    is $json->('--service', 'require')->{status}, 'service-mismatch', '--service require without hosts';
    my $no_spn = json_of(run('', 'verify', '--json', options($vector{'curl-ntlm'}), '--service', 'require'));
    is "$no_spn->{status}: $no_spn->{found}", 'service-required: no MsvAvTargetName', 'no service, where one is required';
    my $domain = $json->('--accept-domain', 'ELSEWHERE');
    is "$domain->{status} $domain->{failed_check}", 'domain-refused domain', 'a domain that is not accepted';
    is $domain->{expected}, 'no domain, or one of NTLMAcceptDomains: ELSEWHERE', 'and those that are';
    is $json->('--accept-domain', 'ELSEWHERE', '--accept-domain', $domain->{domain})->{status}, 'ok', 'one domain of several';
    is $json->('--service', "http/$host")->{service}, 'ok', 'a service of ours by its name';
    is $json->('--service', "HOST/$host:8080", '--service', 'require')->{service}, 'ok', 'with a port, and a word beside it';
    is $json->('--service', 'HTTP/elsewhere.test')->{status}, 'service-mismatch', 'another service';
    is $json->('--service', 'HTTP/[::1]:80')->{expected}, 'HTTP or HOST at ::1', 'an address of IPv6';
    for my $bad (['--service', 'maybe'], ['--service', "ldap/$host"], ['--service', 'HTTP/'], [('--service-host', 'x') x 33]) {
        my $got = run('', 'verify', @spn, @$bad);
        is $got->{code}, 2, "$bad->[0] $bad->[1]: exit 2";
        isnt $got->{err}, '', 'with a reason';
    }
}

# ---- verify: what cannot be used, and what is malformed ----

{
    my $vector = $vector{'curl-ntlm'};
    my %good   = options($vector);
    my $with   = sub { my %o = (%good, @_); delete $o{$_} for grep { !defined $o{$_} } keys %o; %o };
    my %bad    = (
        'no --type1'               => [$with->('--type1' => undef)],
        'no --type2'               => [$with->('--type2' => undef)],
        'no --type3'               => [$with->('--type3' => undef)],
        'no key'                   => [$with->('--nt-hash' => undef)],
        'two keys'                 => [%good, '--password', 'x'],
        'a short hash'             => [$with->('--nt-hash' => 'ab')],
        'a long hash'              => [$with->('--nt-hash' => 'ab' x 17)],
        'a hash that is none'      => [$with->('--nt-hash' => 'xy' x 16)],
        'an odd digit'             => [$with->('--type3' => '4e5')],
        'text'                     => [$with->('--type3' => 'hello')],
        'an empty Type 2'          => [$with->('--type2' => '')],
        'a cut Type 2'             => [$with->('--type2' => substr $vector->{type2}, 0, 60)],
        'a Type 3 as Type 2'       => [$with->('--type2' => $vector->{type3})],
        'a Type 1 that is too long' => [$with->('--type1' => '4e544c4d5353500001000000' . '00' x 2048)],
        'a Type 3 that is too long' => [$with->('--type3' => base64('4e544c4d53535000' . '00' x 65529))],
        'two messages'             => [$with->('--type3' => base64($vector->{type3}) . "\n" . base64($vector->{type3}))],
        'a Kerberos token'         => [$with->('--type3' => 'Negotiate YAsGCSqGSIb3EgECAg==')],
        'a password not in UTF-8'  => [$with->('--nt-hash' => undef), '--password', "\xff"],
        'a long password'          => [$with->('--nt-hash' => undef), '--password', 'x' x 257],
        'a binding that is none'   => [%good, '--binding', 'maybe'],
        'binding data not in hex'  => [%good, '--binding-data', 'xy'],
        'too much binding data'    => [%good, '--binding-data', '00' x 257],
        'an argument'              => [%good, 'more'],
        'an unknown option'        => [%good, '--more'],
    );
    for my $what (sort keys %bad) {
        my $got = run('', 'verify', '--json', @{$bad{$what}});
        is $got->{code}, 2, "$what: exit 2";
        isnt $got->{err}, '', "$what: with a reason";
        is $got->{out}, '', "$what: and no verdict";
    }
    my $blank = run('', 'verify', '--json', $with->('--nt-hash' => undef), '--password', '');
    is $blank->{code}, 1, 'an empty password is one that is refused';

    my $type3 = $vector->{type3};
    my $calm  = 1;
    for my $len (map { 4 * $_ } 0 .. length($type3) / 8 - 1) {
        my $got = run('', 'verify', '--json', $with->('--type3' => substr $type3, 0, 2 * $len));
        $calm = 0, diag "$len bytes: $got->{code}" unless $got->{code} eq '1' && json_of($got);
    }
    ok $calm, 'a Type 3 that is cut anywhere is refused';
    srand 42;
    for (1 .. 60) {
        my $bytes = pack 'H*', $type3;
        substr $bytes, rand length $bytes, 1, chr rand 256 for 1 .. 3;
        my $got = run('', 'verify', '--json', $with->('--type3' => unpack 'H*', $bytes));
        $calm = 0, diag unpack 'H*', $bytes unless $got->{code} =~ /^[01]$/ && json_of($got);
    }
    ok $calm, 'and one that is altered at random does no harm';
}

# ---- decoding ----

sub finds {
    my ($what, $types, $in, @args) = @_;
    my $got = run($in, '--json', @args);
    my $messages = json_of($got) || [];
    is join(' ', map { $_->{type} } @$messages), $types, $what or diag $got->{err};
    is $got->{code}, 0, "$what: exit 0";
    return $messages;
}

{
    my $vector = $vector{'chromium'};
    my @hex    = @$vector{qw(type1 type2 type3)};
    my @base64 = map { base64($_) } @hex;
    my $curl   = "* Trying 127.0.0.1:80...\n> GET / HTTP/1.1\r\n> Authorization: NTLM $base64[0]\r\n>\r\n"
        . "< HTTP/1.1 401 Unauthorized\r\n< WWW-Authenticate: NTLM $base64[1]\r\n<\r\n* NTLM auth restarted\n"
        . "> GET / HTTP/1.1\r\n> Authorization: NTLM $base64[2]\r\n>\r\n< HTTP/1.1 200 OK\r\n<html>\n";
    finds('hex arguments',    '1 2 3', '', @hex);
    finds('base64 arguments', '1 2 3', '', @base64);
    finds('a header line',    '1',     '', "Authorization: NTLM $base64[0]");
    finds('hex lines',        '1 2 3', join "\n", @hex);
    finds('wrapped base64',   '1 2 3', join '', map { encode_base64(pack 'H*', $_) } @hex);
    finds('wrapped hex',      '3', join("\n", unpack '(A60)*', $hex[2]), '-');
    my $messages = finds('curl -v', '1 2 3', $curl);
    is $messages->[1]{TargetName}{text}, 'WEB',   'TargetName';
    is $messages->[2]{UserName}{text},   'alice', 'UserName';
    is $messages->[2]{MIC}{offset},      72,      'the offset of the MIC';
    is $messages->[2]{source}{header}, 'Authorization', 'the header';
    is $messages->[2]{NTLMv2_RESPONSE}{NTProofStr}, $vector->{expect}{nt_proof}, 'NTProofStr'
        if $vector->{expect}{nt_proof};
    my $python = "send: b'GET / HTTP/1.1\\r\\nHost: a\\r\\nAuthorization: NTLM $base64[0]\\r\\n\\r\\n'\n"
        . "reply: 'HTTP/1.1 401 Unauthorized\\r\\n'\nheader: WWW-Authenticate: NTLM $base64[1]\n"
        . "send: b'GET / HTTP/1.1\\r\\nAuthorization: NTLM $base64[2]\\r\\nHost: a\\r\\n\\r\\n'\n";
    finds("Python's http.client", '1 2 3', $python);
    my $text = run($curl)->{out};
    like $text, qr/^AUTHENTICATE_MESSAGE +\d+ bytes\n/m, 'the text names the message';
    like $text, qr/^  UserName +"alice" \(10 bytes at 342\)$/m, 'and its fields';
    my ($spnego) = grep { $_->{id} eq 'doc-gssapi-negotiate-ntlm-with-ntlm' } @$vectors;
    my @tokens = @{$spnego->{spnego}}[0 .. 2];
    is finds('SPNEGO', '1 2 3', '', @tokens)->[0]{source}{wrapping}, 'NegTokenInit', 'the wrapping';
}

for my $vector (@$vectors) {
    my @texts = grep { length } @$vector{qw(type1 type2 type3)};
    my ($text, $json) = (run('', @texts), run('', '--json', @texts));
    my $code = $vector->{expect}{reason} =~ /^malformed: (?!'utf)/ ? 1 : 0;
    like "$text->{code} $json->{code}", qr/^([01]) \1$/, "$vector->{id}: is decoded";
    is $json->{code}, $code, "$vector->{id}: exit $code" if $code;
    is scalar @{json_of($json) || []}, scalar @texts, "$vector->{id}: each message";
}

for my $case (
    ['nothing',              ''],
    ['text',                 "hello\nworld\n"],
    ['an offer only',        "< WWW-Authenticate: NTLM\r\n"],
    ['a Kerberos token',     'Authorization: Negotiate YAsGCSqGSIb3EgECAg=='],
    ['base64 without its padding', 'Authorization: NTLM TlRMTVNTUAABAAAAB4IIAA'],
    ['random bytes',         join '', map { chr((7 * $_ * $_ + 13 * $_) % 256) } 1 .. 5000],
    ['17 MiB',               'x' x (17 << 20)],
    ['a token of 64 KiB and one byte', '4e544c4d5353500001000000' . '00' x 65525],
) {
    my $got = run($case->[1], '--json');
    is $got->{code}, 2, "$case->[0]: exit 2";
    isnt $got->{err}, '', "$case->[0]: with a reason";
    ok json_of($got), "$case->[0]: and JSON all the same";
}
like run('Authorization: Negotiate YAsGCSqGSIb3EgECAg==')->{out}, qr/Kerberos/, 'Kerberos is named';
is run('', $_)->{code}, 2, "$_: exit 2" for qw(--help --unknown -x);
like run('', '--help')->{err}, qr/^usage: ntlmdump /, 'the usage';
if (-w '/dev/full') {
    my $code = system("'$tool' TlRMTVNTUAABAAAAB4IIAA== >/dev/full 2>/dev/null") >> 8;
    is $code, 2, 'an output that cannot be written: exit 2';
}

done_testing;
