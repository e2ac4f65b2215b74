#!/usr/bin/perl
# What became of a login, as text, as JSON and as an HTTP archive, each of the run that it happened in;
# and nothing of whom the bench does not know that a password could be guessed by.
use strict;
use warnings;
use FindBin qw($Bin);
use JSON::PP qw(decode_json);
use lib "$Bin/../lib";
use MIME::Base64 qw(decode_base64 encode_base64);
use Test::More;

use NTLM::Message qw(parse_type3);
use Testbench;

if (my ($why) = Testbench->missing) { plan skip_all => $why }

my $bench = Testbench->start;
my @ALICE = $bench->alice;
my @WRONG = (@ALICE, nt_hash => '0' x 32);

# ---- JSON ----

my $c = $bench->connection;
$c->type1('/r/one/ntlm?first=1', method => 'POST', body => '', headers => ['X-Leg' => 'one']);
my $refused = Testbench::verdict($c->type3('/r/one/ntlm', @WRONG, method => 'POST', body => "a=1\n"));
my $last = $bench->json('/r/one/last.json');
is $last->{status}, 'wrong-password', 'the status';
is $last->{sentence}, 'the password is wrong', '... in words';
is $last->{failed_check}, 'proof', '... and the check that failed';
is $last->{found}, unpack('H*', parse_type3($c->{type3})->{nt} =~ s/^(.{16}).*/$1/sr), '... what it found';
like $last->{expected}, qr/^[0-9a-f]{32}$/, '... and expected';
isnt $last->{expected}, $last->{found}, '... which is something else';
is_deeply $last->{claim}, {user => 'alice', domain => 'WONDERLAND', workstation => 'WS1'}, 'who the client says it is';
is_deeply [@$last{qw(user run path scheme id connection request login)}],
    [undef, 'one', '/ntlm', 'http', $refused->{id}, $refused->{conn}, 2, 0], 'where it was, as the header says';
is_deeply [@{$last->{challenge}}{qw(connection same_connection)}], [$refused->{conn}, JSON::PP::true], 'whose challenge it was';
like $last->{challenge}{age_ms}, qr/^\d+$/, '... and how old';
is_deeply $last->{cause}, [], 'a wrong password has no cause';
is_deeply $last->{cut}, JSON::PP::false, 'of an account that the bench has all is shown';
is decode_base64($last->{messages}{"type$_"}), $c->{"type$_"}, "... the Type $_" for 1 .. 3;
is $last->{decoded}{type1}{Version}{ProductBuild}, 19041, '... decoded';
is $last->{decoded}{type2}{TargetName}{text}, 'WONDERLAND', '... the challenge, too';
is $last->{decoded}{type3}{NTLMv2_RESPONSE}{NTProofStr}, $last->{found}, '... and the answer';

my ($first, $second) = @{$last->{legs}};
is scalar @{$last->{legs}}, 2, 'both requests are there';
is_deeply [@{$first->{request}}{qw(method target version)}], ['POST', '/r/one/ntlm?first=1', 'HTTP/1.1'], '... the first';
is_deeply [grep { $_->{name} eq 'X-Leg' } @{$first->{request}{headers}}], [{name => 'X-Leg', value => 'one'}], '... with its headers';
is $first->{answer}{status}, 401, '... its answer';
is_deeply [map { $_->{value} } grep { $_->{name} eq 'WWW-Authenticate' } @{$first->{answer}{headers}}],
    ['NTLM ' . encode_base64($c->{type2}, '')], '... with the challenge';
like $first->{answer}{body}{text}, qr/<h1>Unauthorized/, '... and the body that clients throw away';
is_deeply $second->{request}{body}, {length => 4, kept => 4, text => "a=1\n"}, 'the second has its body';
is $second->{answer}{status}, 401, '... and its answer';
like $second->{began}, qr/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/, '... and its time';

$c->type1('/r/one/ntlm', method => 'POST', body => '');
my $in = Testbench::verdict($c->type3('/r/one/ntlm', @ALICE, method => 'POST', body => "\0\x01\xff"));
$last = $bench->json('/r/one/last.json');
is_deeply [@$last{qw(status failed_check expected found user mic)}], ['ok', undef, undef, undef, 'alice', 'ok'], 'a login has nothing that failed';
is_deeply $last->{legs}[1]{request}{body}, {length => 3, kept => 3, text => undef, base64 => 'AAH/'}, 'a body that is no text';
is $bench->json("/r/one/last/$refused->{id}.json")->{status}, 'wrong-password', 'an older one by its id';

# ---- text ----

my $text = $bench->get("/r/one/last/$refused->{id}");
is $text->header('Content-Type'), 'text/plain; charset=utf-8', 'text';
like $text->body, qr/^status +wrong-password$/m, '... has the status';
like $text->body, qr/^failed_check +proof$/m, '... the check';
like $text->body, qr/^challenge +this answers the challenge of connection $refused->{conn}, on which it came, too; it was \d+ ms old$/m,
    '... the challenge';
like $text->body, qr/^request +POST \/r\/one\/ntlm HTTP\/1\.1$/m, '... the requests';
like $text->body, qr/^ +NTProofStr +[0-9a-f]{32}$/m, '... the messages';
$c->type3('/r/one/ntlm', @ALICE, method => 'POST', body => "x\r\nstatus                     ok\r\n");
unlike $bench->get('/r/one/last')->body, qr/^status +ok/m, 'what a body says looks like nothing else';

my $other = $bench->connection;
my $there = Testbench::verdict($c->type1('/r/one/ntlm'))->{conn};
@$other{qw(type1 type2)} = @$c{qw(type1 type2)};
my $here = Testbench::verdict($other->type3('/r/one/ntlm', @ALICE))->{conn};
$last = $bench->json('/r/one/last.json');
is $last->{challenge}{words}, "this answers the challenge of connection $there; you sent it on $here", 'whose challenge it was, in words';
is_deeply $last->{challenge}{same_connection}, JSON::PP::false, '... and for programs';

# ---- runs ----

is $bench->get('/r/two/last.json')->status, 404, 'another run has nothing';
is $bench->get("/r/two/last/$in->{id}.json")->status, 404, '... whatever it asks for';
is $bench->get('/last')->status, 404, '... and who has no run';
$bench->connection->login('/r/two/ntlm', @WRONG);
is $bench->json('/r/two/last.json')->{status}, 'wrong-password', 'each run has its own';
is $bench->json('/r/one/last.json')->{status}, 'not-expected', '... and keeps it';
like $bench->get('/r/nobody/last.json')->body, qr{^nothing has come yet .*/ntlm}, 'before a login it is said what to do';
like $bench->get('/r/nobody/last/1')->body, qr/^nothing is remembered of that id/, '... of an id, too';
$bench->connection->login('/r/bare/ntlm', @ALICE, domain => 'ELSEWHERE');
is $bench->json('/r/bare/last.json')->{detail}, 'the file has WONDERLAND\\alice', 'a backslash of the log is one';
is $bench->get('/r/two/reset')->status, 405, 'forgetting is not done with GET';
is $bench->connection->request(POST => '/r/two/reset')->status, 200, '... but with POST';
is $bench->get('/r/two/last.json')->status, 404, '... and then nothing is there';
is $bench->json('/r/one/last.json')->{status}, 'not-expected', '... of that run alone';
is $bench->get("/last/$_")->status, 404, "there is no /last/$_" for 'x', "$in->{id}x", "$in->{id}.xml", '-1', '.json', '99999999999999999999';

# ---- the archive ----

my $har = $bench->json("/r/one/last/$refused->{id}.har")->{log};
is_deeply [$har->{version}, $har->{creator}], ['1.2', {name => 'ntlm-testbench', version => 'test'}], 'an HTTP archive';
is scalar @{$har->{entries}}, 2, '... of both requests';

# What HAR 1.2 wants: names and kinds of values.
my %HAR = (
    entry    => {startedDateTime => 'date', time => 'number', request => 'object', response => 'object', cache => 'object', timings => 'object'},
    request  => {method => 'text', url => 'url', httpVersion => 'text', cookies => 'list', headers => 'pairs', queryString => 'pairs', headersSize => 'number', bodySize => 'number'},
    response => {status => 'number', statusText => 'text', httpVersion => 'text', cookies => 'list', headers => 'pairs', content => 'object', redirectURL => 'text', headersSize => 'number', bodySize => 'number'},
    content  => {size => 'number', mimeType => 'text'},
    timings  => {send => 'number', wait => 'number', receive => 'number'},
    postData => {mimeType => 'text', text => 'text'},
);
my $IS_NUMBER = qr/^-?\d+(?:\.\d+)?$/;
my %is = (
    text   => sub { defined $_[0] && !ref $_[0] },
    number => sub { defined $_[0] && !ref $_[0] && $_[0] =~ $IS_NUMBER && JSON::PP->new->allow_nonref->encode($_[0]) =~ $IS_NUMBER },
    date   => sub { $_[0] =~ /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+Z$/ },
    url    => sub { $_[0] =~ m{^https?://[^/]+/} },
    object => sub { ref $_[0] eq 'HASH' },
    list   => sub { ref $_[0] eq 'ARRAY' },
    pairs  => sub { ref $_[0] eq 'ARRAY' && !grep { join(' ', sort keys %$_) ne 'name value' || grep { !defined || ref } values %$_ } @{$_[0]} },
);
sub faults {
    my ($kind, $object) = @_;
    return map { "$kind.$_" } grep { !exists $object->{$_} || !$is{$HAR{$kind}{$_}}->($object->{$_}) } sort keys %{$HAR{$kind}};
}
for my $entry (@{$har->{entries}}) {
    my $post = $entry->{request}{postData};
    is_deeply [faults(entry => $entry), (map { faults($_ => $entry->{$_}) } qw(request response timings)),
        faults(content => $entry->{response}{content}), $post ? faults(postData => $post) : ()], [], '... that is valid';
}
my ($one, $two) = @{$har->{entries}};
is $one->{request}{url}, 'http://localhost/r/one/ntlm?first=1', '... with URLs';
is_deeply $one->{request}{queryString}, [{name => 'first', value => '1'}], '... and their queries';
is $two->{request}{postData}{text}, "a=1\n", '... bodies';
is $two->{response}{status}, 401, '... answers';
is $two->{response}{bodySize}, length $two->{response}{content}{text}, '... and theirs';
is $two->{_ntlm}{status}, 'wrong-password', '... and the verdict';
is $two->{connection}, $refused->{conn}, '... on that connection';

# ---- users that the bench does not know ----

my $stranger = $bench->connection;
my $id = Testbench::verdict($stranger->login('/ntlm', user => 'mallory', domain => 'CORP', nt_hash => 'a1' x 16))->{id};
my %secret = (map({ $_ => parse_type3($stranger->{type3})->{$_} } qw(nt lm mic)));
$secret{nt} = substr $secret{nt}, 0, 16;
delete $secret{$_} for grep { !length($secret{$_} // '') || $secret{$_} !~ /[^\0]/ } keys %secret;
ok exists $secret{nt}, 'a stranger has sent a response';
for my $page ('', '.json', '.har') {
    my $body  = $bench->get("/last/$id$page")->body;
    my @found = map { decode_base64($_) } $body =~ m{(TlRMTVNTUA[A-Za-z0-9+/=]+)}g;
    is_deeply [grep { my $bytes = $secret{$_}; grep { index($_, $bytes) >= 0 } @found } keys %secret], [], "/last/$id$page: it is not shown in base64";
    is_deeply [grep { index(lc $body, unpack 'H*', $secret{$_}) >= 0 } keys %secret], [], '... nor in hex';
    ok scalar(grep { substr($_, 8, 4) eq pack 'V', 3 } @found), '... but the rest of the message is';
}
is_deeply $bench->json("/last/$id.json")->{cut}, JSON::PP::true, '... and that it is cut is said';

# Whatever else it came as: the beginning is shown.
my $token = encode_base64($stranger->{type3}, '');
my %as = (
    'in hex'              => 'NTLM ' . unpack('H*', $stranger->{type3}),
    'without a scheme'    => $token,
    'url-safe'            => 'NTLM ' . ($token =~ tr{+/}{-_}r) . '_-',
    'twice'               => "NTLM $token, NTLM $token",
    'under another word'  => "Bearer $token",
    'Basic'               => 'Basic ' . encode_base64('mallory:The real password', ''),
);
for my $how (sort keys %as) {
    $bench->connection->request(GET => '/r/how/ntlm', [Authorization => $as{$how}]);
    my $body = $bench->get('/r/how/last.json')->body;
    my ($value) = $as{$how} =~ /(\S+)$/;
    is index($body, substr $value, 48), -1, "credentials $how are cut" if length $value > 48;
    is index($body, $value), -1, "credentials $how are cut" if length $value <= 48;
}
$bench->connection->request(GET => '/r/how/ntlm', ['Proxy-Authorization' => "NTLM $token"]);
is index($bench->get('/r/how/last.json')->body, $token), -1, 'in the header of the other side, too';
for my $header (
    [Authentication => "NTLM $token"],
    ['X-Authorization' => "Negotiate $token"],
    [Cookie => "a=b; auth=$token"],
    ['X-Wrapped' => encode_base64("¡$stranger->{type3}", '')],
    ['X-Wrapped' => encode_base64("¡$stranger->{type3}", '')],
    ['X-Basic' => $as{Basic}],
) {
    my ($value) = $header->[1] =~ /(\S+)$/;
    my $sent = Testbench::verdict($bench->get('/ntlm', @$header))->{id};
    is index($bench->get("/last/$sent$_")->body, substr $value, 8), -1, "... or in $header->[0]" for '', '.json', '.har';
}
my $mine = Testbench::verdict($bench->get('/ntlm', 'X-Mine' => 'm' x 200))->{id};
isnt index($bench->get("/last/$mine.json")->body, 'm' x 200), -1, '... but not what has no credentials';

done_testing;
