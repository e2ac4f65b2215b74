#!/usr/bin/perl
# What goes wrong around the messages is named: whose connection a challenge is, what came between, and
# what became of the connection.
use strict;
use warnings;
use FindBin qw($Bin);
use lib "$Bin/../lib";
use Socket qw(SOL_SOCKET SO_LINGER);
use Test::More;
use Time::HiRes qw(sleep time);

use Certificates;
use JSON::PP ();
use PrivateHttpd;
use Testbench;

use constant PATIENCE => 20;

if (my ($why) = Testbench->missing) { plan skip_all => $why }

my $bench = Testbench->start;
my @ALICE = $bench->alice;
my @WRONG = (@ALICE, nt_hash => '0' x 32);
my $run   = 0;
my $path;

# Each case is a run of its own.
sub of { my ($place) = @_; $run++; $path = "/r/course-$run" . ($place // '/ntlm'); return $bench->connection }

# Before anything of the run is remembered there is none.
sub last_one {
    my $response = $bench->get("/r/course-$run/last.json");
    return $response->status == 404 ? {} : JSON::PP::decode_json($response->body);
}
sub named { my ($last) = @_; return join ' ', $last->{status} // 'none', map { $_->{id} } @{$last->{cause} // []}, @{$last->{warnings} // []} }

# A connection's end is seen a moment later.
sub is_soon {
    my ($expected, $name) = @_;
    my ($deadline, $last) = (time + PATIENCE);
    sleep 0.02 until named($last = last_one()) eq $expected || time > $deadline;
    is named($last), $expected, $name;
    return $last;
}

sub is_named { my ($expected, $name) = @_; my $last = last_one(); is named($last), $expected, $name; return $last }
sub text_of { my ($last) = @_; return $last->{cause}[0]{text} // '' }

# Of the same client on another connection.
sub go_on {
    my ($c) = @_;
    my $next = $bench->connection;
    @$next{qw(type1 type2)} = @$c{qw(type1 type2)};
    return $next;
}

for my $place ('/ntlm', '/ntlm/WONDERLAND/alice/Looking-Glass1') {
    my $c = of($place);
    $c->login($path, @ALICE);
    is_named('ok', "$place: a login");
    $c->send_token($path, $c->{type3})->read_response;
    like text_of(is_named('replayed type3-twice', '... its Type 3 once more')), qr/let in$/, '... and what became of the first one';

    $c = of($place);
    $c->login($path, @WRONG);
    is_named('wrong-password', '... a wrong password');
    $c->type3($path, @ALICE);
    is_named('replayed no-new-type1', '... the right one for the same challenge');

    $c = of($place);
    my $first = Testbench::verdict($c->type1($path))->{conn};
    my $other = go_on($c);
    my $second = Testbench::verdict($other->type3($path, @ALICE))->{conn};
    like text_of(is_named('not-expected other-connection', '... an answer on another connection')),
        qr/challenge of connection $first, and came on $second\b/, '... and both are named';

    $c = of($place);
    $c->type1($path);
    my $type2 = $c->{type2};
    $c->type1($path);
    $c->{type2} = $type2;
    $c->type3($path, @ALICE);
    is_named('stale-challenge older-challenge', '... an older challenge');

    $c = of($place);
    $c->login($path, @ALICE);
    my $recorded = $c->{type3};
    $other = $bench->connection;
    $other->type1($path);
    $other->send_token($path, $recorded)->read_response;
    is_named('stale-challenge type3-recorded', '... a recorded Type 3');

    $c = of($place);
    $c->type1($path);
    $c->request(OPTIONS => $path);
    $c->type3($path, @ALICE);
    like text_of(is_named('not-expected request-between', '... a request between')), qr/OPTIONS/, '... with its method';

    $c = of($place);
    $c->type1($path);
    $c->type1($path);
    is_named('challenge-sent type1-again', '... two questions');
    $c->type3($path, @ALICE);
    is_named('ok', '... and an answer');

    $c = of($place);
    $c->type1($path);
    $c->close;
    like is_soon('challenge-abandoned client-closed', '... no answer')->{detail}, qr/the client closed the connection, \d+ ms after/,
        '... and who closed';

    $c = of($place);
    $c->type1($path);
    setsockopt $c->{socket}, SOL_SOCKET, SO_LINGER, pack 'ii', 1, 0;
    $c->close;
    is_soon('challenge-abandoned client-reset', '... a reset');
}

my $c = of();
$c->type1($path);
$c->type3($path =~ s{/ntlm$}{/mic}r, @ALICE);
is_named('not-expected other-place', 'an answer at another place');

$c = of();
$c->type1($path, headers => [Connection => 'close']);
is_named('connection-will-close connection-close', 'Connection: close');

$c = of();
$c->{version} = '1.0';
$c->type1($path);
is_named('connection-will-close http10', 'HTTP/1.0');

$c = of();
$c->{version} = '1.0';
my @keep = (headers => [Connection => 'keep-alive']);
$c->type1($path, @keep);
$c->type3($path, @ALICE, @keep);
is_named('ok', 'HTTP/1.0 that keeps the connection');

# Without a time stamp the proof alone tells whose challenge it was.
my $NO_TIME = '/type2/no-time';
$c = of($NO_TIME);
$c->type1($path);
my $older = $c->{type2};
$c->type1($path);
my $newer = $c->{type2};
$c->{type2} = $older;
$c->type3($path, @ALICE);
is_named('wrong-password older-challenge', 'an older challenge without a time');
$c->type1($path);
$c->type3($path, @WRONG);
is_named('wrong-password', '... is not what a wrong password answers');
$c->type1($path);
my $beside = go_on($c);
$beside->type3($path, @ALICE);
is_named('not-expected other-connection', '... nor is one of another connection');
$c->type3($path, @ALICE);
is_named('ok', '... which is good on its own');

# A second is long: this one is good for a millisecond.
$c = of('/lifetime/challenge/1');
$c->type1($path);
sleep 0.1;
$c->type3($path, @ALICE);
like text_of(is_named('challenge-expired answer-late', 'an answer that is late')), qr/after \d{3,} ms/, '... and how late';

for my $how ([[Connection => 'close'], '1.1', 'connection-close'], [[], '1.0', 'http10']) {
    my ($headers, $version, $named) = @$how;
    $c = of('/ntlm/alice/Looking-Glass1');
    $c->{version} = $version;
    $c->type1($path, headers => $headers);
    is_soon("challenge-abandoned $named", "$named, where the bench answers");
    go_on($c)->type3($path, @ALICE);
    is_named("not-expected $named", '... and what comes behind it');
}

# What is of another run is not looked at.
$c = of();
$c->type1($path);
my $apart = go_on($c);
$run++;
$apart->type3("/r/course-$run/ntlm", @ALICE);
is_named('not-expected no-challenge', 'an answer to a challenge of another run');

# ---- headers ----

$c = of();
$c->request(GET => $path, ['Proxy-Authorization' => 'NTLM TlRMTVNTUAABAAAAB4IIogAAAAAAAAAAAAAAAAAAAAA=']);
is_named('no-credentials proxy-header-at-origin', 'the header of the other side');
$c->request(GET => $path, ['WWW-Authenticate' => 'NTLM TlRMTVNTUAABAAAAB4IIogAAAAAAAAAAAAAAAAAAAAA=']);
is_named('no-credentials response-header-sent', 'the header of answers');

# ---- bodies ----

$c = of();
$c->type1($path, method => 'POST', body => '');
$c->type3($path, @ALICE, method => 'POST', body => 'a=1');
is_named('ok', 'a body at the Type 3 alone');

$c = of();
$c->type1($path, method => 'POST', body => 'a=1');
$c->type3($path, @ALICE, method => 'POST', body => '');
like is_named('ok body-not-repeated', 'a body at the Type 1 alone')->{warnings}[0]{text}, qr/3 bytes, then 0/, '... in numbers';

$c = of();
$c->type1($path, method => 'POST', body => 'a=1');
$c->type3($path, @ALICE);
is_named('ok method-changed', 'another method');

$c = of();
$c->type1($path, method => 'POST', body => '');
$c->type3($path, @ALICE, method => 'POST', headers => ['Content-Length' => undef]);
is_named('ok body-without-length', 'a POST without a length');

$c = of();
$c->type1($path, method => 'POST', body => '');
$c->send_type3($path, @ALICE, method => 'POST', headers => ['Content-Length' => 8], body => 'abc');
$c->close;
like text_of(is_soon('ok body-missing', 'a body that does not come')), qr/3 bytes came/, '... in bytes';

$c = of();
$c->send_type1($path, method => 'POST', headers => ['Content-Length' => 8]);
$c->close;
like text_of(is_soon('challenge-abandoned body-missing', '... nor at the Type 1')), qr/0 bytes came/, '... in bytes';

# ---- the server closes an idle connection ----

$bench = Testbench->start(text => "KeepAliveTimeout 1\n");
$c = of();
$c->type1($path);
sleep 0.05 until $c->is_closed;
is_soon('challenge-abandoned idle-closed', 'no answer in time');
go_on($c)->type3($path, @ALICE);
is_named('not-expected idle-closed', 'an answer behind that time, on another connection');

done_testing;
