#!/usr/bin/perl
# The first page lists all that there is, for people and for programs; pages for people have no
# script, and text of anybody in them is text.
use strict;
use warnings;
use FindBin qw($Bin);
use JSON::PP qw(decode_json);
use lib "$Bin/../lib";
use Test::More;
use Testbench;

plan skip_all => $_ for Testbench::missing();
my $bench = Testbench->start(text => qq{TestbenchAccount "%3Cb%3E%26%22" "%3C/code%3E%3Cscript%3E"\n});

# ---- for programs ----
my $index = $bench->json('/index.json');
is_deeply $index->{urls}, {
    http  => "http://127.0.0.1:$bench->{port}",
    https => "https://127.0.0.1:$bench->{tls}",
    h2    => "https://127.0.0.1:$bench->{h2}",
    proxy => "http://127.0.0.1:$bench->{proxy}",
}, 'the index has the ports';
is_deeply $index->{accounts}[0],
    {domain => 'WONDERLAND', user => 'alice', password => 'Looking-Glass1', disabled => JSON::PP::false},
    '... the accounts';
is_deeply $index->{accounts}[1]{user}, '<b>&"', '... each of them';
is $index->{version}, 'test', '... and the version';
my %by = map { $_->{pattern} => $_ } @{$index->{places}};
is $by{'/ntlm'}{by}, 'production', '... and says who answers: production';
is $by{'/fixed/{challenge}/{filetime?}'}{by}, 'bench', '... the bench';
is $by{'/last'}{by}, 'page', '... or a page';
is_deeply [grep { !length $_->{sentence} || $_->{example} !~ m{^/} } values %by], [], 'each address has a sentence and an example';

my @tables = map { open my $in, '<', $_ or die "$_: $!\n"; local $/; <$in> =~ /\.pattern = "([^"]+)"/g } glob "$Bin/../../lib/bench/place/*.c";
ok @tables > 10, 'the tables of addresses are read';
is_deeply [sort keys %by], [sort @tables], 'the index has all of them, and no others';

for my $place (values %by) {
    my $response = $bench->get($place->{example});
    my $status   = $response->status;
    if ($place->{by} eq 'page') { isnt $status, 401, "$place->{example}: a page asks for no login" }
    elsif ($place->{example} eq '/server/not-configured') { is $status, 500, "$place->{example}: nobody comes in at all" }
    else { like $status, qr/^(?:401|403)$/, "$place->{example}: nobody comes in without one" }
    isnt $response->header('Content-Security-Policy'), undef, '... and no script runs in it' if $place->{by} eq 'page';
}
my @same = $bench->get('/', Accept => 'application/json');
is_deeply decode_json($same[0]->body), $index, 'who accepts JSON gets the same at /';
my $of_run = $bench->json('/r/a%20%22run/index.json');
is $of_run->{places}[0]{example}, '/r/a%20%22run' . $index->{places}[0]{example}, 'of a run the examples are, too';

# ---- for people ----
my $page = $bench->get('/', Accept => 'text/html,*/*');
is $page->header('Content-Type'), 'text/html; charset=utf-8', 'a browser gets HTML';
is $page->header('Vary'), 'Accept', '... which caches are told';
like $page->header('Content-Security-Policy'), qr/^default-src 'none'; style-src 'self'; /, '... that loads nothing but a style';
is $page->header('X-Content-Type-Options'), 'nosniff', '... and is what it says that it is';
unlike $page->body, qr/<script|<b>|\son\w+=|javascript:/i, '... without script, and accounts are text';
like $page->body, qr{<td>&lt;b&gt;&amp;&quot;</td>\s*<td><code>&lt;/code&gt;&lt;script&gt;</code>}, '... each of them';
like $page->body, qr{<a href="\Q$_\E">}, "... with a link to $_" for map { $_->{example} } values %by;
like $page->body, qr{\bca that ntlm-testbench .*\bsha384\b.*\bh2 speaks HTTP/2}, '... and what each port is for';
like $bench->get('/')->body, qr/<title>NTLM test bench/, 'curl gets that, too';
like $bench->get('/r/%22%3E%3Cb%3E/', Accept => 'text/html')->body, qr{href="/r/(?!"|[^"]*<)[^"]*/ntlm"}, 'links of a run stay attributes';
is $bench->get('/style.css')->header('Content-Type'), 'text/css; charset=utf-8', 'there is a style';

# ---- a login ----
my @browser = (headers => [Accept => 'text/html']);
my $conn = $bench->connection;
like $conn->request(GET => '/ntlm', [Accept => 'text/html'])->body, qr{<h1>A login is wanted</h1>}, 'a 401 for people says so';
$conn->type1('/ntlm', @browser);
my $in = $conn->type3('/ntlm', $bench->alice, @browser);
is $in->status, 200, 'a browser logs in';
like $in->body, qr{<h1>Logged in as WONDERLAND\\alice</h1>}, '... and sees as whom';
like $in->body, qr{Type $_: .*\n?<pre>\S}, "... and the Type $_, decoded" for 1 .. 3;
like $in->body, qr{MsvAvTimestamp +20\d\d-}, '... to its pairs';
like $conn->request(GET => '/ntlm', [Accept => 'text/html'])->body, qr/logged in before/, '... of the next request that it was not asked';

my %wrong = ($bench->alice, nt_hash => '0' x 32, user => 'alice');
$conn->type1('/ntlm', @browser);
my $out = $conn->type3('/ntlm', %wrong, @browser);
is $out->status, 401, 'with a wrong password it does not';
is $out->header('Content-Type'), 'text/html; charset=utf-8', '... and gets a page';
like $out->header('Content-Security-Policy'), qr/default-src 'none'/, '... without script';
is length $out->body, $out->header('Content-Length'), '... of the length that it says';
like $out->body, qr{<td>wrong-password</td>}, '... which says why';
like $out->body, qr{it was another one}, '... that no mistake explains it';
like $out->body, qr{expected +[0-9a-f]{32}\nfound +[0-9a-f]{32}\n}, '... with the bytes that were expected and found';
my $id = Testbench::verdict($out)->{id};
like $bench->get("/decoded/$id")->body, qr{<td>wrong-password</td>}, 'that stays at its own address';
like $bench->get('/decoded')->body, qr{<td>wrong-password</td>}, '... and is the last login';
is $bench->get('/decoded/999999')->status, 404, 'what was not is not found';

# ---- somebody whom the bench does not know ----
my $proof;
$conn->type1('/ntlm', @browser);
$out = $conn->type3('/ntlm', %wrong, user => '<i>mallory</i>', domain => '<script>', @browser);
is $out->status, 401, 'who is unknown is not let in';
unlike $out->body, qr/<script>|<i>/, '... and his name is text';
like $out->body, qr/&lt;i&gt;mallory/, '... that is shown';
$proof = unpack 'H*', substr NTLM::Message::parse_type3($conn->{type3})->{nt}, 0, 16;
for my $path ('/decoded') {
    my $body = $bench->get($path)->body;
    unlike $body, qr/$proof/, '... but not his proof';
    like $body, qr/NTProofStr +0{32}/, '... of which zeros are left';
}
like $bench->get('/decoded/' . Testbench::verdict($in)->{id})->body, qr/NTProofStr +(?!0{32})[0-9a-f]{32}/, 'of an account of the bench it is shown';

# ---- another client than a browser ----
$out = $bench->connection->login('/ntlm', %wrong);
unlike $out->body, qr/decoded|style\.css/, 'who asks for no HTML gets none of it';
$conn = $bench->connection;
is $conn->request(HEAD => '/ntlm', [Accept => 'text/html'])->status, 401, 'HEAD has no body';
is $conn->request(GET => '/ntlm')->status, 401, '... and the connection stays';

done_testing;
