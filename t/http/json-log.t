#!/usr/bin/perl
# conf/json-log.conf: one object a request, which every parser reads, whatever clients send; what
# became of a login stands in it, whichever way the request takes through httpd.
use strict;
use warnings;
use utf8;
use FindBin qw($Bin);
use lib "$Bin/../lib";
use Basic ();
use Encode qw(decode);
use JSON::PP ();
use LogLines;
use NTLM::Connection;
use PrivateHttpd;
use Test::More;

my %ALICE = (user => 'alice', domain => 'CORP', workstation => 'WS1', nt_hash => 'd9fe524deb5705ac74ea341ff18afe93');
my $http2 = -e PrivateHttpd::module_folder() . '/mod_http2.so' && `curl --version 2>/dev/null` =~ /\bHTTP2\b/;

my %LOGS  = ('${APACHE_LOG_DIR}' => '@DIR@');
my $httpd = PrivateHttpd->new(modules => [qw(alias rewrite auth_basic env setenvif), $http2 ? 'http2' : ()],
    text => ($http2 ? "Protocols h2c http/1.1\n" : '') . PrivateHttpd::example('json-log.conf', %LOGS) . <<'TEXT');
LogFormat '{"header":%{header:X-Test}^JS,"none":%{header:X-None}^JS,"login":[%{header:Authorization}^JS,%{header:proxy-authorization}^JS],"env":%{env:TOLD}^JS,"status":%{env:NTLM_STATUS}^JS,"unset":%{env:NONE}^JS,"time":[%{date}^JS,%{clock}^JS],"server":[%{server-ip}^JS,%{server-port}^JS],"account":%{account}^JS,"stem":%{stem}^JS,"query":%{query}^JS,"protocol":%{protocol}^JS,"referer":%{referer}^JS,"iis":[%{substatus}^JS,%{win32}^JS],"ntlm":%<^NT}' more
CustomLog "@DIR@/more.json" more
SetEnvIf X-Test (.*) TOLD=$1
NTLMDomain CORP
RewriteEngine on
RewriteRule ^/led$ /secret/ [PT]
RewriteRule ^/open/index.html$ - [L]
<Directory "@DIR@/htdocs/open">
    RewriteEngine on
    RewriteRule ^in$ /secret/index.html
</Directory>
DirectoryIndex index.html
<Location "/secret">
    AuthType NTLM
    NTLMCredentials file passwords
    NTLMOffer NTLM Basic
    NTLMBasicWithoutTLS on
    Require valid-user
</Location>
<Location "/secret/bob">
    Require user bob
</Location>
<Location "/told">
    AuthType NTLM
    NTLMCredentials file passwords
    ErrorDocument 401 /open/index.html
    Require valid-user
</Location>
<Location "/told-inside">
    AuthType NTLM
    NTLMCredentials file passwords
    ErrorDocument 401 /told-inside/401.html
    ErrorDocument 403 /told-inside/401.html
    Require valid-user
</Location>
<Location "/told-inside/bob">
    Require user bob
</Location>
<Directory "@DIR@/htdocs/other">
    RewriteEngine on
    RewriteRule ^in$ /stricter/index.html
</Directory>
<LocationMatch "^/(?:other|stricter)">
    AuthType NTLM
    NTLMCredentials file passwords
    Require valid-user
</LocationMatch>
<Location "/stricter">
    NTLMRequireMIC on
</Location>
<Location "/own">
    AuthType Basic
    AuthName own
    AuthBasicProvider ntlm
    NTLMCredentials file passwords
    NTLMBasicWithoutTLS on
    Require valid-user
</Location>
<Files "bobs.html">
    AuthType NTLM
    NTLMCredentials file passwords
    Require user bob
</Files>
TEXT
for my $folder (qw(secret secret/bob open told told-inside told-inside/bob other stricter own index)) {
    mkdir $httpd->dir . "/htdocs/$folder";
    $httpd->write("htdocs/$folder/index.html", "a page\n") if $folder ne 'index';
}
$httpd->write('htdocs/told-inside/401.html', "no\n");
$httpd->write('htdocs/index/bobs.html', "bob's\n");
$httpd->{text} .= qq{<Location "/index/">\n    DirectoryIndex bobs.html\n</Location>\n};
$httpd->accounts('passwords', "alice:$ALICE{nt_hash}", 'bob:27bf1123aae89dc1f94ad95bd7108d01');
$httpd->start;

my ($log, $more) = map { LogLines->new($httpd, $_) } 'access-json.log', 'more.json';
my $strict = JSON::PP->new->utf8->allow_nonref(0);
my @all;    # each line that was written

sub connection { return NTLM::Connection->new(port => $httpd->{port}, vhost => '127.0.0.1', @_) }

# What the lines of so many requests say; those of the other format are kept beside it, as "more".
sub said {
    my ($count) = @_;
    my ($lines, $others) = map { [$_->next($count)] } $log, $more;
    is @$lines, $count, "$count " . ($count == 1 ? 'line' : 'lines') or diag join "\n", @$lines;
    push @all, @$lines, @$others;
    my @said = map { eval { $strict->decode($_) } || (diag("no JSON: $@: $_"), {})[1] } @$lines;
    $said[$_]{more} = eval { $strict->decode($others->[$_]) } // {} for 0 .. $#said;
    ok !(grep { !defined $_->{http} || !exists $_->{more}{ntlm} } @said), '... all of them JSON';
    return @said;
}

# Of each line: [http, the status of the login, whether it was made by this request, r->user].
sub outcomes { return map { [$_->{http}, $_->{ntlm} ? ($_->{ntlm}{status}, $_->{ntlm}{login} ? 1 : 0) : (undef, undef), $_->{user}] } @_ }

# ---- a login ----
my $c = connection();
$c->get('/secret/?a=1&b="x"');
$c->login('/secret/', %ALICE, headers => [Referer => 'http://web.test/']);
$c->get('/secret/none');
my @said = said(4);
is_deeply [outcomes(@said)], [
    [401, 'no-credentials', 0, undef], [401, 'challenge-sent', 0, undef], [200, 'ok', 1, 'alice'], [404, 'ok', 0, 'alice'],
], 'a login is three lines; it is made by the third, and the next request has it';
is_deeply $said[2]{ntlm}, {
    status => 'ok', user => 'alice', domain => 'CORP', workstation => 'WS1', scheme => 'NTLM', mechs => undef, why => undef,
    tls => 'off', mic => 'ok', binding => 'absent', service => 'absent', source => 'file', detail => undef,
    login => JSON::PP::true,
}, 'the fields are those of the error log';
my %first = %{$said[0]};
like delete $first{time}, qr/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z\z/, 'the time is that of RFC 3339';
is $first{client}, '127.0.0.1', 'the client ...';
is_deeply [@first{qw(method uri host)}], ['GET', '/secret/?a=1&b="x"', '127.0.0.1'], '... and what it asked for';
ok $first{bytes} =~ /^\d+\z/ && $first{ms} =~ /^\d+\z/, 'numbers are numbers';
is_deeply [@{$first{more}}{qw(stem query protocol)}], ['/secret/', 'a=1&b="x"', 'HTTP/1.1'], 'a URI in parts';
is_deeply [map { $_->{more}{account} } @said], [undef, undef, 'CORP\\alice', 'CORP\\alice'], 'the account has its domain';
is_deeply [map { $_->{more}{iis} } @said], [[2, 2148074254], [1, 0], [0, 0], [0, 0]], 'what IIS calls it';
is_deeply $first{more}{server}, ['127.0.0.1', $httpd->{port}], 'where it came to';
is_deeply [map { $_->{more}{status} } @said], [qw(no-credentials challenge-sent ok ok)], 'a variable';
is $said[2]{more}{referer}, 'http://web.test/', 'the Referer';
is join('T', @{$first{more}{time}}), $said[0]{time} =~ s/\..*//r, 'date and time apart';

# ---- who is refused ----
connection()->login('/secret/', %ALICE, nt_hash => '0' x 32);
@said = said(2);
is_deeply [outcomes($said[1])], [[401, 'wrong-password', 0, undef]], 'a wrong password';
is $said[1]{ntlm}{user}, 'alice', '... of whom it claims to be of';
$c->get('/secret/bob/');
@said = said(1);
connection()->login('/secret/bob/', %ALICE);
push @said, said(2);
is_deeply [outcomes(@said)], [[403, 'not-authorized', 0, 'alice'], [401, 'challenge-sent', 0, undef], [403, 'not-authorized', 1, 'alice']],
    'who is not let in by Require; one has just logged in';
is $said[0]{ntlm}{user}, 'alice', '... with the fields of the login';
connection()->request(GET => '/secret/', [Authorization => 'NTLM TlRM']);
@said = said(1);
is_deeply [outcomes(@said)], [[401, 'malformed', 0, undef]], 'what is no message';
like $said[0]{ntlm}{detail}, qr/\S/, '... and why';

# ---- the ways through httpd ----
connection()->get('/open/');
is_deeply [outcomes(said(1))], [[200, undef, undef, undef]], 'a page of nobody has no login';
connection()->get('/told/');
@said = said(1);    # lines of several connections may change places
connection()->login('/told/', %ALICE, nt_hash => '0' x 32);
push @said, said(2);
is_deeply [outcomes(@said)], [[401, 'no-credentials', 0, undef], [401, 'challenge-sent', 0, undef], [401, 'wrong-password', 0, undef]],
    'an ErrorDocument that is open to all';
is_deeply [map { $_->{uri} } @said], [('/told/') x 3], '... is not what was asked for';
is_deeply [map { $_->{more}{status} } @said], [qw(no-credentials challenge-sent wrong-password)], '... and has not the variables';
is_deeply [map { $_->{more}{iis} } @said], [[2, 2148074254], [1, 0], [1, 2148074252]], '... as IIS calls it';
$c = connection();
$c->get('/told-inside/');
$c->login('/told-inside/', %ALICE);
$c->get('/told-inside/bob/');
@said = said(4);
is_deeply [outcomes(@said)], [[401, 'no-credentials', 0, undef], [401, 'challenge-sent', 0, undef], [200, 'ok', 1, 'alice'], [403, 'not-authorized', 0, 'alice']],
    'an ErrorDocument in the protected place itself';
$c = connection();
$c->get($_) for qw(/led /open/in);
$c->login('/led', %ALICE);
$c->get('/open/in');
is_deeply [outcomes(said(5))], [([401, 'no-credentials', 0, undef]) x 2, [401, 'challenge-sent', 0, undef], [200, 'ok', 1, 'alice'], [200, 'ok', 0, 'alice']],
    'what mod_rewrite leads to a protected place, before and in a directory';
$c = connection();
$c->login('/other/in', %ALICE, mic => 0);
@said = said(2);
is_deeply [outcomes($said[1])], [[401, 'other-scope', 1, undef]], 'a redirect into another scope: its refusal is the answer';
$c = connection();
$c->login('/index/bobs.html', %ALICE);
$c->get('/index/');
@said = said(3);
is_deeply [outcomes($said[2])], [[403, 'not-authorized', 0, undef]], 'an index that is not for this user';

# ---- Basic ----
@said = map {
    my ($path, $who) = @$_;
    connection()->request(GET => $path, Basic::basic_of($who));
    said(1);
} ['/secret/', 'alice:Secr3t!pw'], ['/secret/', 'alice:Secr3t!pw'], ['/own/', 'alice:Secr3t!pw'], ['/own/', 'alice:wrong'], ['/own/', 'mallory:x'];
is_deeply [outcomes(@said)], [
    ([200, 'ok', 1, 'alice']) x 3, [401, 'wrong-password', 0, undef], [401, 'no-such-user', 0, undef],
], 'logins by Basic, and of AuthBasicProvider ntlm';
is_deeply [map { [@{$_->{ntlm}}{qw(user scheme)}] } @said], [([qw(alice Basic)]) x 4, [qw(mallory Basic)]], '... whose they are';
is_deeply [grep { /Secr3t|wrong:|YWxpY2U6/ } @all], [], 'no password is in a line';
is_deeply [map { @{$_->{more}{login}} } @said], [(undef) x 10], 'nor is a header that holds one';

# ---- two requests at once: the second one ends the first one's login ----
$c = connection();
$c->login('/secret/', %ALICE);
$c->send_bytes("GET /secret/ HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\nGET /secret/ HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: NTLM TlRM\r\n\r\n");
$c->{deadline} = time + 10;
$c->read_response('GET') for 1 .. 2;
@said = said(4);
is_deeply [outcomes(@said[2, 3])], [[200, 'ok', 0, 'alice'], [401, 'malformed', 0, undef]], 'requests that come together are told apart';
is $said[2]{ntlm}{workstation}, 'WS1', '... each with its own login';

SKIP: {
    skip 'mod_http2 or a curl with HTTP/2 is missing', 2 if !$http2;
    system "curl -s -o /dev/null --max-time 20 --noproxy '*' --http2-prior-knowledge " . $httpd->url('/open/');
    system "curl -s -o /dev/null --max-time 20 --noproxy '*' --http2-prior-knowledge " . $httpd->url('/secret/');
    @said = said(3);    # curl comes back over HTTP/1.1
    is_deeply [map { [$_->{more}{protocol}, $_->{http}, $_->{ntlm} && $_->{ntlm}{status}] } @said],
        [['HTTP/2.0', 200, undef], ['HTTP/2.0', 403, 'http11-required'], ['HTTP/1.1', 401, 'no-credentials']], 'HTTP/2';
}

# ---- hostile ----
my %HOSTILE = (
    'a quote'              => 'x","ntlm":null,"user":"root',
    'a backslash'          => "x\\\",\\",
    'a line'               => qq(x\n{"time":"2026-01-01T00:00:00Z","ntlm":{"status":"ok"}}),
    'control characters'   => join('', map { chr } 1 .. 31, 127 .. 159),
    'a NUL'                => "alice\0\"}",
    'separators of lines'  => "x\x{2028}y\x{2029}z",
    'half a surrogate'     => "x\x{d800}y",
    'the other half'       => "\x{dc00}",
    'astral characters'    => "\x{1f600}\x{10fffd}",
    'no characters'        => "\x{fffe}\x{ffff}",
    'a name like an escape' => '\u0022\x22\n',
    'a very long name'     => 'ä' x 300,
);
for my $what (sort keys %HOSTILE) {
    local $SIG{__WARN__} = sub { warn @_ if $_[0] !~ /surrogate|non-?character/i };
    for my $field (qw(user domain workstation)) {
        connection()->login('/secret/', %ALICE, nt_hash => '0' x 32, $field => $HOSTILE{$what});
        my (undef, $said) = said(2);
        ok $said->{http} == 401 && $said->{ntlm}{status} =~ /^(?:malformed|no-such-user|wrong-password)\z/, "$what as the $field";
        my $shown = $HOSTILE{$what} =~ s/[\x00-\x1f\x7f-\x9f\x{2028}\x{2029}\x{d800}-\x{dfff}]/\x{fffd}/gr;
        is $said->{ntlm}{$field}, $shown, '... is what the line says' if length $shown < 100;
    }
}
my %BYTES = (
    'bytes'      => join('', map { chr } grep { $_ != 10 && $_ != 13 } 9, 32 .. 126, 128 .. 255),
    'a quote'    => 'x","ntlm":null,"y":"',
    'a long one' => "\xc3\xa4" x 2000,
    'the end of a character' => "x\xe2\x82",
);
my $CHARACTER = qr/[\x00-\x7f]|[\xc2-\xdf][\x80-\xbf]|\xe0[\xa0-\xbf][\x80-\xbf]|[\xe1-\xec\xee\xef][\x80-\xbf]{2}
    |\xed[\x80-\x9f][\x80-\xbf]|\xf0[\x90-\xbf][\x80-\xbf]{2}|[\xf1-\xf3][\x80-\xbf]{3}|\xf4[\x80-\x8f][\x80-\xbf]{2}/x;

# Each byte that is no part of a character (RFC 3629) is U+FFFD.
sub text_of { return $_[0] =~ s/($CHARACTER)|./defined $1 ? decode('UTF-8', $1) : "\x{fffd}"/gers }

for my $what (sort keys %BYTES) {
    my $bytes = $BYTES{$what};
    connection()->request(GET => '/secret/?"\\' . "\xff\xc3\xa4", ['User-Agent' => $bytes, Referer => $bytes, 'X-Test' => $bytes]);
    my ($said) = said(1);
    my $text = $bytes =~ s/^[ \t]+|[ \t]+$//gr;
    $text = substr($text, 0, 1024) . '...' if length $text > 1024;
    is $said->{agent}, text_of($text), "$what in a header";
    is $said->{more}{$_}, $said->{agent}, "... and in $_" for qw(header env referer);
}
connection()->send_bytes("\xff\"\\ \x01\r\n\r\n");
connection()->send_bytes("GET /\"\xff HTTP/1.1\r\nHost: \"\xff\r\n\r\n");
is_deeply [map { $_->{http} } said(2)], [400, 400], 'what is no request of HTTP';

# ---- all lines, once more ----
is scalar(grep { /[^\x20-\x7e\x80-\xff]/ } @all), 0, 'no line holds a control character';
is_deeply [sort { $a <=> $b } map { length } @all]->[-1] < 32_768, 1, '... or is very long';
SKIP: {
    skip 'python3 is not installed', 1 if system 'python3 -c "import json" 2>/dev/null';
    $httpd->write('all.json', join '', map { "$_\n" } @all);
    my $read = `python3 -c '
import json, sys
lines = open(sys.argv[1], "rb").read().decode("utf-8").splitlines()
print(len([json.loads(line) for line in lines]))' @{[$httpd->dir]}/all.json 2>&1`;
    is $read, scalar(@all) . "\n", q(Python's parser reads all of them);
}

# ---- ntlmaudit ----
my $audit = `$Bin/../../support/ntlmaudit --json --all @{[$httpd->dir]}/access-json.log 2>&1`;
my $sums  = eval { $strict->decode($audit) } // {};
my $made  = grep { ($_->{ntlm} // {})->{login} && $_->{ntlm}{status} eq 'ok' } map { $strict->decode($_) } grep { /^\{"time":"/ } @all;
is $sums->{logins}, $made, 'ntlmaudit finds the logins' or diag $audit;

# ---- a virtual host with a log of its own ----
my $site = PrivateHttpd->new(text => PrivateHttpd::example('json-log.conf', %LOGS) . <<'TEXT');
@PROTECTED@
<VirtualHost *:@PORT@>
    CustomLog "@DIR@/own.log" %r
</VirtualHost>
TEXT
$site->accounts('passwords', "alice:$ALICE{nt_hash}");
$site->start;
NTLM::Connection->new(port => $site->{port}, vhost => '127.0.0.1')->get('/');
is scalar(my @own = LogLines->new($site, 'own.log')->next(1)), 1, 'a virtual host has a log of its own';
is scalar(my @also = LogLines->new($site, 'access-json.log')->next(1)), 1, '... and its requests stand in this one, too';

# ---- configtest ----
for my $wrong ('%{uris}^JS', '%{}^JS', '%^W3', '%{header:}^JS', '%{uri:x}^W3', '%>{Uri}^JS') {
    my $text = PrivateHttpd::example('json-log.conf', %LOGS, '%{agent}^JS' => $wrong);
    my ($ok, $output) = PrivateHttpd->new(text => $text)->configtest;
    ok !$ok, "$wrong is refused";
    like $output, qr/LogFormat \(\S+:\d+\): .* names no item; write one of time, .*env:/, '... and what there is';
}

# ---- docs ----
my (undef, $output) = PrivateHttpd->new(text => PrivateHttpd::example('json-log.conf', %LOGS, '%{agent}^JS' => '%{x}^JS'))->configtest;
my @items = split /, /, ($output =~ /write one of (.*)$/m)[0];
open my $in, '<', "$Bin/../../docs/directives.md" or die "docs/directives.md: $!\n";
my ($table) = do { local $/; <$in> } =~ /^\| ITEM \|(.*?)\n\n/ms;
my @documented = map { /`([a-z0-9-]+:?)(?:NAME)?`/g } map { (split / \| /)[0] } grep { /^\| `/ } split /\n/, $table;
is_deeply [sort @documented], [sort @items], 'docs/directives.md names all items, and no others';

done_testing;
