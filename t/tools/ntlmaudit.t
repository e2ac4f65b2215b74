#!/usr/bin/perl
# support/ntlmaudit, or the program that NTLMAUDIT names: logs in, sums out. What it forecasts is
# compared with real logins in t/http/audit.t.
use strict;
use warnings;
use File::Temp qw(tempdir);
use FindBin;
use JSON::PP;
use POSIX ();
use Test::More;

my $tool = $ENV{NTLMAUDIT} || "$FindBin::Bin/../../support/ntlmaudit";
plan skip_all => "no $tool; build it first" unless -x $tool;
my $dir = tempdir('ntlm-audit-XXXXXX', TMPDIR => 1, CLEANUP => 1);
$ENV{TZ} = 'CET-1';

use constant MEMORY => 64 << 10;    # KiB of addresses, which are more than what is used of them

# ---- helpers ----

sub file {
    my ($name, @text) = @_;
    open my $out, '>:raw', "$dir/$name" or die "$name: $!\n";
    print {$out} @text;
    close $out or die "$name: $!\n";
    return "$dir/$name";
}

# Runs the tool; $in is a file, or a sub that writes to its standard input.
sub run {
    my ($in, @args) = @_;
    my $pid = fork // die $!;
    if ($pid == 0) {
        if (ref $in) {
            my $writer = open(STDIN, '-|') // die $!;
            if ($writer == 0) { $in->(); close STDOUT; POSIX::_exit(0) }
        }
        else { open STDIN, '<', $in // '/dev/null' or die $! }
        open STDOUT, '>', "$dir/stdout" or die $!;
        open STDERR, '>', "$dir/stderr" or die $!;
        exec 'sh', '-c', 'ulimit -v "$0" && exec "$@"', MEMORY, $tool, @args or POSIX::_exit(127);
    }
    waitpid $pid, 0;
    my $code = $? & 127 ? 'signal ' . ($? & 127) : $? >> 8;
    my ($out, $err) = map { open my $file, '<:raw', "$dir/$_" or die $!; local $/; scalar(<$file>) // '' } qw(stdout stderr);
    return {code => $code, out => $out, err => $err};
}

sub json { my $got = run(@_); return eval { decode_json($got->{out}) } // {error => $got} }

# A line of the error log; more: fields, time, client, status, level, rest.
my %FINE = (
    user => 'alice', domain => 'CORP', workstation => 'WS1', scheme => 'NTLM', mechs => '-', why => '-',
    tls => 'on', mic => 'ok', binding => 'ok', service => 'ok', source => 'file',
);
my @FIELDS = qw(user domain workstation scheme mechs why tls mic binding service source);

sub line {
    my (%more) = (time => 'Sat Nov 28 12:00:00.123456 2026', client => '10.0.0.1:4711', status => 'ok', level => 'info', rest => '', %FINE, @_);
    my $fields = join ' ', map { "$_=$more{$_}" } @FIELDS;
    return "[$more{time}] [auth_ntlmv2:$more{level}] [pid 7:tid 9] [client $more{client}] ntlm: $more{status}: $fields (0x00000000)$more{rest}\n";
}

sub json_line {
    my (%more) = (time => '2026-11-28T11:00:00.5Z', client => '10.0.0.1', status => 'ok', login => JSON::PP::true, %FINE, @_);
    my %ntlm = map { ($_ => $more{$_} eq '-' ? undef : $more{$_}) } 'status', @FIELDS;
    return JSON::PP->new->utf8->encode({
        time => $more{time}, client => $more{client}, method => 'GET', uri => '/', http => 200, agent => $more{agent},
        ntlm => {%ntlm, login => $more{login}},
    }) . "\n";
}

# ---- who breaks ----
my $log = file('error.log',
    line(),
    line(mic => 'absent', binding => 'absent'),
    line(user => 'bob', tls => 'off', binding => 'zero', service => 'absent', time => 'Sun Nov 29 12:00:00 2026', client => '2001:db8::7:80'),
    line(rest => ": the connection's login", level => 'debug', mic => 'absent'),
    line(status => 'wrong-password', level => 'warn', mic => 'absent'),
    line(user => 'carol', scheme => 'Negotiate', mechs => 'ms-kerberos,kerberos,ntlm', why => 'alias'),
    line(user => 'dave', scheme => 'Basic', mic => '-', binding => '-', service => '-', workstation => '-'),
    line(user => 'erin', status => 'scheme-refused', scheme => 'Basic', tls => 'off', level => 'warn',
        rest => ': Basic came unasked: the password was sent in clear text, agent "curl/8.20.0"'),
    line(user => '-', status => 'scheme-refused', scheme => '-', level => 'warn'),
    "[Sat Nov 28 12:00:00 2026] [core:error] [pid 7:tid 9] [client 10.0.0.1:4711] AH00128: no ntlm: ok: user=alice\n",
);
my $audit = json(undef, '--json', $log);
is $audit->{logins}, 5, 'logins are counted, not their requests, and no refusals';
is $audit->{lines}, 10, '... of all lines';
is_deeply $audit->{refused},
    {NTLMRequireMIC => 2, NTLMExtendedProtection => 3, NTLMServiceNames => 2, NTLMRequireTLS => 1}, '... by directive';
is_deeply $audit->{schemes}, {NTLM => 3, Negotiate => 1, Basic => 1}, '... by scheme';
is $audit->{kerberos_listed}, 1, 'who could Kerberos';
is_deeply [map { "$_->{why}: $_->{logins}: @{$_->{write}}" } @{$audit->{why}}],
    ['alias: 1: setspn -S HTTP/ALIAS http-web ServerAlias ALIAS'], '... why not, and what to write';
is_deeply [map { "$_->{user} $_->{client} $_->{logins}" } @{$audit->{who}}],
    ['alice 10.0.0.1 2', 'bob 2001:db8::7 1', 'carol 10.0.0.1 1', 'dave 10.0.0.1 1'], 'rows';
is_deeply [map { "$_->{user} $_->{times} $_->{without_tls} $_->{agent}" } @{$audit->{basic_unasked}}], ['erin 1 1 curl/8.20.0'],
    'whose password came unasked, and by what';
is $audit->{first} . ' ' . $audit->{last}, '2026-11-28T11:00:00Z 2026-11-29T11:00:00Z', 'from when to when';

my $text = run(undef, $log);
is $text->{code}, 0, 'a table';
like $text->{out}, qr/^  NTLMRequireMIC on +2 +40\.0 %$/m, '... with the sums';
like $text->{out}, qr/^  CORP\\bob +WS1 +2001:db8::7 +1 +- +1 +1 +1 +- +2026-11-29 12:00:00$/m, '... and a row';
like $text->{out}, qr/^Change these passwords.*^  CORP\\erin +WS1 +10\.0\.0\.1 +1 +1 /ms, '... and passwords to change';
is $text->{err}, '', '... and nothing else';

# ---- exit codes ----
my $fine = file('fine.log', line());
is run(undef, $log)->{code}, 0, 'a report is no failure';
is run(undef, '--fail-if-any', $log)->{code}, 1, '--fail-if-any: somebody breaks';
is run(undef, '--fail-if-any', $fine)->{code}, 0, '... nobody breaks';
is run(undef, '--fail-if-any=ntlmrequiremic', file('binding.log', line(binding => 'absent')))->{code}, 0, '... nobody by that directive';
is run(undef, '--fail-if-any=NTLMRequireTLS,NTLMExtendedProtection', "$dir/binding.log")->{code}, 1, '... somebody by one of these';
for my $nothing (['empty', ''], ['refusals', line(status => 'wrong-password')], ['others', "[x] [client 10.0.0.1:1] AH1: y\n"],
    ['kept', line(rest => ": the connection's login")]) {
    my $got = run(undef, '--fail-if-any', file(@$nothing));
    is $got->{code}, 2, "no login in it: $nothing->[0]";
    like $got->{err}, qr/LogLevel auth_ntlmv2:info/, '... and it says what to write';
}
for my $wrong (['--fail-if-any=mic'], ['--since', 'yesterday'], ['--since', '2026-02-30'], ['--since=2026-11-28x'], ['--frobnicate'],
    ["$dir/is not there"], [$dir], [$fine, "$dir/is not there"]) {
    my $got = run(undef, @$wrong);
    is $got->{code}, 2, "wrong: @$wrong";
    isnt $got->{err}, '', '... and it says so';
    is $got->{out}, '', '... and reports no part';
}
like run(undef, '--fail-if-any=mic', $log)->{err}, qr/NTLMRequireMIC\n.*NTLMRequireTLS\n/s, 'names of directives are told';
like run(undef, '--since', 'x', $log)->{err}, qr/2026-11-28/, 'forms of dates are told';
my $packed = run(file('log.gz', "\x1f\x8b\x08\0\0\0\0\0"), '-');
is $packed->{code}, 2, 'what is compressed';
like $packed->{err}, qr/zcat/, '... is for zcat';

# ---- since ----
for my $row (
    ['2026-11-28' => 5], ['2026-11-29' => 1], ['2026-11-28 12:00' => 5], ['2026-11-28T12:00:01' => 1], ['2026-11-28T11:00:00Z' => 5],
    ['2026-11-28T11:00:01Z' => 1], ['2026-11-28T12:00:00+01:00' => 5], ['Sun Nov 29 12:00:00 2026' => 1], ['2026-11-30' => 0],
) {
    my ($since, $count) = @$row;
    is json(undef, '--json', '--since', $since, $log)->{logins}, $count, "since $since";
}
is run(undef, '--fail-if-any', '--since', '2026-11-30', $log)->{code}, 0, 'nobody since is nobody who breaks, where logins are logged';
like run(undef, '--since', '2026-11-29', $log)->{out}, qr/before --since, which do not count: 5/, '... it says what it left out';
my $undated = file('undated.log', map { s/^\[.*?\] //r } line());
is json(undef, '--json', '--since', '2030-01-01', $undated)->{logins}, 1, 'a line without a time counts';
is json(undef, '--json', $undated)->{undated_lines}, 1, '... and is told';

# ---- the JSON log ----
my $json = file('access.json',
    json_line(agent => 'Firefox', binding => 'absent'), json_line(agent => 'Edge'), json_line(agent => 'Edge'),
    json_line(agent => 'Edge', login => JSON::PP::false, mic => 'absent'),
    json_line(status => 'scheme-refused', scheme => 'Basic', user => 'erin', login => JSON::PP::false, agent => 'curl/8.20.0'),
    qq({"time":"2026-11-28T11:00:00Z","client":"10.0.0.1","ntlm":null}\n), qq({"ntlm":{"status":"ok"\n),
);
$audit = json(undef, '--json', '--all', $json);
is_deeply [map { "$_->{user} $_->{agent} $_->{logins}" } @{$audit->{who}}], ['alice Edge 2', 'alice Firefox 1'], 'JSON: programs are told apart';
is_deeply [map { $_->{agent} } @{$audit->{basic_unasked}}], ['curl/8.20.0'], '... those of passwords, too';
is $audit->{unreadable_lines}, 1, '... and a line that is none is told';
is json(undef, '--json', $json)->{last}, '2026-11-28T11:00:00Z', '... its times';
like run(undef, $json, $log)->{out}, qr/count twice/, 'logins of both logs are said to count twice';
is json(undef, '--json', $log, $json)->{logins}, 8, '... and do';
for my $files ([$log, $fine], [$fine, $log]) {
    is_deeply json(undef, '--json', @$files)->{refused}, json(undef, '--json', $log)->{refused}, 'logs in any order';
}
is json($log, '--json')->{logins}, 5, 'stdin';
is json($log, '--json', $fine, '-')->{logins}, 6, '... and a log';

# ---- what others put there ----
my $hostile = run(file('hostile', line(user => "a\x1b[2J\x9b", workstation => "\xff\x00", binding => 'absent', client => "10.0.0.1:1"),
    json_line(user => "\e]0;x\a\x{202e}\x{fc}", binding => 'absent', agent => "\0\n\e"), line() =~ s/ source=.*//sr, "\0" x 10, "\n",
    "[client 10.0.0.1:1] ntlm: ok: user=", 'x' x 200_000, "\n", '{"x":', '[' x 100_000, "\n", line(user => 'last', binding => 'absent') =~ s/\n//r), '-');
is $hostile->{code}, 0, 'hostile lines';
unlike $hostile->{out}, qr/[^\n -~]/, '... command no terminal';
like $hostile->{out}, qr/^  CORP\\last /m, '... and hide nobody, at the end of the log neither';
like $hostile->{out}, qr/cannot be read, and do not count: 3$/m, '... those that cannot be read are told';
like $hostile->{out}, qr/CORP\\\\x1b\]0;x\\x07\\xe2\\x80\\xae\\xc3\\xbc /, '... text is spelled as in the error log';
my $columns = run(file('columns', line(workstation => '"x  10.9.9.9  7"', binding => 'absent')), '-');
like $columns->{out}, qr/^  CORP\\alice  "x  10\.9\.9\.9  7"  10\.0\.0\.1 /m, 'a workstation passes for no column';
my $exact = 131_072 - length(line(rest => ', referer: ')) + 1;
is json(file('longest', line(rest => ', referer: ' . 'x' x $exact), line()), '--json', '-')->{logins}, 2, 'the longest line';
is json(file('longer', line(rest => ', referer: ' . 'x' x ($exact + 1)), line()), '--json', '-')->{logins}, 1, '... and a longer one';

# ---- the list of conf/ntlm-list.conf ----
SKIP: {
    skip 'there is no jq (package jq)', 1 if system('command -v jq >/dev/null 2>&1') != 0;
    open my $in, '<', "$FindBin::Bin/../../conf/ntlm-list.conf" or die $!;
    my ($filter, $more) = join('', <$in>) =~ /jq -r '(.*?)' \|\n *# *(perl .*)$/m or die 'another example';
    run(undef, '--all', '--json', $log, $json);
    is `jq -r '$filter' $dir/stdout | $more`, qq{ntlm: "alice" "bob" "carol" "dave"\n}, 'its names come from here';
}

# ---- a million lines ----
{
    my ($lines, $block) = (1_000_000, 1000);
    my %sum = (NTLMRequireMIC => 0, NTLMExtendedProtection => 0, NTLMServiceNames => 0, NTLMRequireTLS => 0);
    my ($logins, $kerberos) = (0, 0);
    my @block = map {
        my $n = $_;
        my %login = (
            user => 'user' . $n % 10, workstation => 'W@' . $n % 100, mic => $n % 3 ? 'ok' : 'absent', binding => $n % 4 ? 'absent' : 'ok',
            service => $n % 5 ? 'ok' : 'untrusted', tls => $n % 7 ? 'on' : 'off', $n % 2 ? () : (scheme => 'Negotiate', mechs => 'kerberos,ntlm'),
        );
        my $kept = $n % 11 == 0;
        if (!$kept) {
            $logins++;
            $kerberos += $n % 2 == 0;
            $sum{NTLMRequireMIC}         += $n % 3 == 0;
            $sum{NTLMExtendedProtection} += $n % 4 != 0;
            $sum{NTLMServiceNames}       += $n % 5 == 0;
            $sum{NTLMRequireTLS}         += $n % 7 == 0;
        }
        line(%login, rest => $kept ? ": the connection's login" : '');
    } 1 .. $block;
    my $text = join '', @block;

    # Names that are new in each block: there are more rows than there is room for.
    my $write = sub {
        binmode STDOUT;
        for my $n (1 .. $lines / $block) { print $text =~ s/W@/W$n-/gr }
    };
    # Perl's own reader would take longer for the rows than the tool for the log.
    my $got   = run($write, '--json', '-');
    my $times = $lines / $block;
    my ($sums, $rows, $others) = $got->{out} =~ /^(.*)"who": \[\n(.*)^  \],\n  "others": (\{.*?\n  \})/ms or diag $got->{out}, $got->{err};
    my $audit = decode_json($sums . '"others": ' . $others . '}');
    is $audit->{lines}, $lines, 'a million lines in less than 64 MB';
    is $audit->{logins}, $times * $logins, '... the logins in them';
    is $audit->{kerberos_listed}, $times * $kerberos, '... with Kerberos';
    is_deeply $audit->{refused}, {map { ($_ => $times * $sum{$_}) } keys %sum}, '... and whom each directive would refuse';
    my @shown = $rows =~ /"logins": (\d+)/g;
    my $shown = 0;
    $shown += $_ for @shown;
    is @shown, 50_000, '... there are as many rows as there may be';
    cmp_ok $audit->{others}{logins}, '>', 0, '... and others';
    is $shown + $audit->{others}{logins}, $times * $logins, '... who are one sum';
}

# The longest names that there are, in all rows.
{
    my $long  = '\xff' x 31;
    my $write = sub {
        binmode STDOUT;
        print map { line(user => '\xff' x 64 . '...', domain => $long, workstation => sprintf('%s%08d', $long, $_), binding => 'absent') } 1 .. 60_000;
        print map { line(user => sprintf('%s%08d', '\xff' x 60, $_), domain => $long, status => 'scheme-refused', scheme => 'Basic', tls => 'off') } 1 .. 20_000;
    };
    my $got = run($write, '-');
    is $got->{code}, 0, 'the longest names, too' or diag $got->{err};
    like $got->{out}, qr/^  \(others\) +- +- +10000 +- +10000 /m, '... with others behind them';
    like $got->{out}, qr/^  \(others\) +- +- +10000 +10000 /m, '... passwords, too';
}

done_testing;
