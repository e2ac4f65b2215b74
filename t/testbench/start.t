#!/usr/bin/perl
# One command starts the test bench, and says where it is: the object, its files, the options, and what
# it refuses.
use strict;
use warnings;
use File::Temp qw(tempdir);
use FindBin qw($Bin);
use lib "$Bin/../lib";
use IO::Socket::INET;
use JSON::PP ();
use Test::More;

use Launched;
use Passwd qw(files_in get put);
use Port;

if (my ($why) = Launched->missing) { plan skip_all => $why }
my $dir = tempdir(CLEANUP => 1);

# What a shell prints, which has no terminal.
sub shell { my ($script) = @_; put("$dir/script", $script); return `cd $dir && setsid --wait sh ./script </dev/null 2>&1` }

# ---- from a bare shell ----
my $command = Launched::command();
my @shell   = split /\n/, shell(<<"SH");
$command --port 0 --tls-port 0 --proxy-port 0 --ready-file ready.json >first &
until [ -s ready.json ]; do sleep 0.05; done
url=\$(sed -n 's/.*"http": "\\(.*\\)",/\\1/p' ready.json)
curl -q -s -o page -w '%{http_code}\\n' --noproxy '*' --ntlm -u 'RABBITHOLE\\alice:Looking-Glass1' \$url/ntlm
curl -q -s --noproxy '*' \$url/last.json >last.json
cp ready.json seen.json
kill \$!
wait \$!
echo \$?
SH
is $shell[0], 200, 'one line of a shell starts it, and a client logs in';
is JSON::PP::decode_json(get("$dir/last.json"))->{status}, 'ok', '... and reads the verdict';
is $shell[1], 0, '... and it stops: 0';
is_deeply JSON::PP::decode_json(get("$dir/first")), JSON::PP::decode_json(get("$dir/seen.json")),
    'the first line of its output is the object of the ready file';
is files_in($dir), 'first last.json page script seen.json', 'nothing else is left where it ran, and the ready file is gone';

my %env = map { split /=/, $_, 2 } split /\n/, shell(<<"SH");
eval "\$($command --port 0 --tls-port 0 --proxy-port 0 --env --account 'D\\it'\\''s:a b' &)"
printf '%s\\n' "url=\$NTLM_TEST_URL" "user=\$NTLM_TEST_USER" "password=\$NTLM_TEST_PASSWORD" "domain=\$NTLM_TEST_DOMAIN"
curl -q -s -o page -w 'status=%{http_code}\\n' --noproxy '*' --ntlm -u "\$NTLM_TEST_DOMAIN\\\\\$NTLM_TEST_USER:\$NTLM_TEST_PASSWORD" "\$NTLM_TEST_URL"
kill "\$NTLM_TEST_PID"
SH
like delete $env{url}, qr{^http://127\.0\.0\.1:\d+/ntlm$}, '--env: an address';
is_deeply \%env, {user => q{it's}, password => 'a b', domain => 'D', status => 200}, '... and an account that logs in, for eval of a shell';

# ---- the object ----
my $bench = Launched->start;
my $said  = $bench->{said};
my @ports = qw(http https proxy sha384 sha512 ecdsa h2);
is_deeply [sort keys %$said], [sort @ports, qw(accounts ca log pid version)], 'the members of the object';
is scalar(grep { IO::Socket::INET->new(PeerAddr => '127.0.0.1', PeerPort => $bench->port($_)) } @ports), @ports, 'each of its ports answers';
is $said->{pid}, $bench->{pid}, 'the process is itself';
ok -r $said->{$_}, "its $_ is a file" for qw(ca log);
is $bench->connection->get('/health')->status, 200, 'it says that it is healthy';
is_deeply [map { $_->{what} // '' } grep { !$_->{what} } @{$said->{accounts}}], [], 'each usual account says what it is for';

my $off = Launched->start(qw(--tls-port off --proxy-port off))->{said};
is_deeply [grep { defined $off->{$_} } @ports], ['http'], 'of the ports that are off nothing is said';
ok exists $off->{https} && !defined $off->{ca}, '... but null, of the certificate, too';

# ---- accounts ----
sub hash_of { my ($password) = @_; return Passwd::run("$password\n", '-n', '-i', 'x')->{out} =~ /:([0-9A-Fa-f]{32})/ ? $1 : die "no hash\n" }

sub logs_in {
    my ($server, $account) = @_;
    my ($user, $domain) = map { my $text = $_; utf8::decode($text); $text } @$account{qw(user domain)};
    my $password = $account->{password};
    my $response = $server->connection->login('/ntlm', user => $user, domain => $domain, nt_hash => hash_of($password));
    return $response->status;
}

sub bytes { my ($account) = @_; return {map { my $text = $account->{$_}; utf8::encode($text); $_ => $text } qw(user domain password)} }

for my $account (grep { $_->{password} ne '' } @{$said->{accounts}}) {
    is logs_in($bench, bytes($account)), $account->{disabled} ? 401 : 200, "the account that is: $account->{what}"
        =~ s/[^ -~]/?/gr;
}
my ($zoe) = grep { $_->{user} =~ /^Zo/ } @{$said->{accounts}};
logs_in($bench, bytes($zoe));
is $bench->json('/last.json')->{user}, $zoe->{user}, 'a name that is not ASCII is told as it is';

my $signs = q{:@%+ "\\};
put("$dir/users", "# a comment\n\nCORP\\dora:with:colons\r\n", "erin:  blanks \n", "CORP\\J\xC3\xBCrgen:\xE2\x82\xAC$signs\n");
my $own = Launched->start('--users', "$dir/users", '--account', 'zed:#1', '--domain', 'OWN');
is scalar @{$own->{said}{accounts}}, 4, 'with --users and --account these accounts are there, and no others';
is logs_in($own, $_), 200, "$_->{user} logs in" =~ s/[^ -~]/?/gr
    for {domain => 'CORP', user => 'dora', password => 'with:colons'}, {domain => 'X', user => 'erin', password => '  blanks '},
    {domain => 'CORP', user => "J\xC3\xBCrgen", password => "\xE2\x82\xAC$signs"}, {domain => '', user => 'zed', password => '#1'};
is logs_in($own, {domain => 'RABBITHOLE', user => 'alice', password => 'Looking-Glass1'}), 401, '... not alice';
my $challenged = $own->connection;
$challenged->type1('/ntlm');
my $names = NTLM::Message::parse_type2($challenged->{type2})->{av};
is $names->{+NTLM::Message::AV_NB_DOMAIN()}, NTLM::Message::utf16('OWN'), '--domain is what the challenge says';

# ---- lines for each request ----
for my $format (qw(text json)) {
    open my $stderr, '>&', \*STDERR or die $!;
    open STDERR, '>', "$dir/log.$format" or die $!;
    my $logging = Launched->start('--log', $format);
    open STDERR, '>&', $stderr or die $!;
    $logging->connection->get('/ntlm');
    my $port = $logging->port('http');
    $logging->stop;
    my ($ready, @lines) = split /\n/, get("$dir/log.$format");
    if ($format eq 'text') {
        is $ready, "ready http://127.0.0.1:$port", '--log text: a line when it is ready';
        is scalar(grep { m{^\d\d:\d\d:\d\d GET /ntlm HTTP/1\.1 401 status=} } @lines), 1, '... and one for a request';
    } else {
        is_deeply JSON::PP::decode_json($ready), {ready => JSON::PP::true(), http => "http://127.0.0.1:$port"}, '--log json: the same';
        my @said = grep { $_->{uri} eq '/ntlm' } map { JSON::PP::decode_json($_) } @lines;
        is_deeply [map { $_->{http} } @said], [401], '... for a request, too';
    }
}

# ---- a certificate of somebody else's ----
my $https = sub { my ($ca, $port) = @_; return `curl -q -s -o /dev/null -w '%{http_code}' --noproxy '*' --cacert $ca https://localhost:$port/health 2>&1` };
is $https->($said->{ca}, $bench->port($_)), 200, "a client that trusts its CA trusts $_" for qw(https sha384 sha512 ecdsa);
SKIP: {
    my $made = `cd $dir && openssl req -x509 -days 2 -subj /CN=own -addext subjectAltName=DNS:localhost -newkey rsa:2048 -nodes -keyout own.key -out 'own "1".pem' 2>&1`;
    skip 'no openssl', 2 if $?;
    chdir $dir or die $!;
    my $with = Launched->start('--cert', 'own "1".pem', '--key', 'own.key');
    chdir $Bin or die $!;
    is $with->ca, "$dir/own \"1\".pem", '--cert: that is the certificate to trust';
    is $https->("'" . $with->ca . "'", $with->port('https')), 200, '... and what the port shows, from wherever it was started';
}

# ---- another address ----
my $exposed = Launched->start(qw(--listen 0.0.0.0 --expose --hostname bench.example --tls-port off));
like $exposed->{said}{http}, qr{^http://bench\.example:\d+$}, '--hostname is what its addresses say';
for my $row (['127.0.0.1', 200], ['bench.example', 200], ['elsewhere.example', 421]) {
    my ($host, $status) = @$row;
    is(NTLM::Connection->new(port => $exposed->port('http'), vhost => $host)->get('/health')->status, $status, "a request for $host: $status");
}

# ---- without standard streams, as some supervisors start programs ----
{
    my @command = (Launched::command(), qw(--port 0 --tls-port off --proxy-port off));
    is system("@command --exit-after 1 <&- >&- 2>&-"), 0, 'it serves when all of them are closed';
    is system("@command --stdin-eof <&- >/dev/null"), 0, '... and a standard input that is closed has ended';
}

# ---- what it refuses ----
my $taken = IO::Socket::INET->new(LocalAddr => '127.0.0.1', LocalPort => 0, Listen => 1) or die $!;
my $busy  = $taken->sockport;
put("$dir/wrong", "alice:pw\nbob\n");
put("$dir/nul",   "alice:pw\0x\n");
for my $row (
    [2, qr/--expose/,                 qw(--listen 0.0.0.0)],
    [2, qr/--expose/,                 qw(--listen ::)],
    [2, qr/--listen: it is an addr/,  qw(--listen localhost)],
    [2, qr/--port: it is a number/,   qw(--port 65536)],
    [2, qr/--port: it is a number/,   qw(--port off)],
    [2, qr/--tls-port: .* or off/,    qw(--tls-port none)],
    [2, qr/--account: /,              qw(--account alice)],
    [2, qr/--account: /,              '--account', "a\xFF:b"],
    [2, qr/--users .*: line 2: /,     '--users', "$dir/wrong"],
    [2, qr/--users .*: line 1: a NUL/, '--users', "$dir/nul"],
    [2, qr/--users .*: No such file/, qw(--users /nonexistent)],
    [2, qr/--domain: /,               '--domain', 'CORP"'],
    [2, qr/--domain: /,               qw(--domain LONGER-THAN-15-CHARACTERS)],
    [2, qr/--domain: /,               '--domain', 'CORP,'],
    [2, qr/--hostname: /,             '--hostname', 'a,b'],
    [2, qr/--cert and --key belong/,  '--cert', "$dir/users"],
    [2, qr{--cert /nonexistent: No such file}, qw(--cert /nonexistent --key /nonexistent)],
    [2, qr/--log: it is text or json/, qw(--log xml)],
    [2, qr/--ready-file: it is no regular file/, '--ready-file', $dir],
    [2, qr/--exit-after: /,           qw(--exit-after 0)],
    [2, qr/unrecognized option.*--help lists/s, qw(--frobnicate)],
    [2, qr/it takes options only/,    qw(8080)],
    [3, qr/port $busy of 127\.0\.0\.1 for http: Address already in use/, '--port', $busy],
    [3, qr/--ready-file .*: No such file/, qw(--ready-file /nonexistent/x)],
    [3, qr{/nonexistent/httpd: No such file}, qw(--httpd /nonexistent/httpd)],
    [3, qr/mod_auth_ntlmv2\.so/,      '--own-modules', $dir],
) {
    my ($code, $why, @options) = @$row;
    my $got = Launched::run(@options);
    my $what = join(' ', @options) =~ s/[^ -~]/?/gr;
    is $got->{code}, $code, "$what: $code";
    like $got->{err}, $why, '... and it says why';
    is $got->{out}, '', '... and nothing to who reads where it is';
}
put("$dir/old", '{}');
Launched::run('--ready-file', "$dir/old", '--port', $busy);
ok !-e "$dir/old", 'a ready file that an earlier one has left is removed at once';
is Launched::run('--help')->{code}, 0, '--help is no mistake';

done_testing;
