#!/usr/bin/perl
# A script asks whether all went as it expects: 200, or 417 and what differs.
use strict;
use warnings;
use FindBin qw($Bin);
use lib "$Bin/../lib";
use Test::More;

use Testbench;

if (my ($why) = Testbench->missing) { plan skip_all => $why }

my $bench = Testbench->start;
my @ALICE = $bench->alice;

sub said { my ($path) = @_; my $response = $bench->get($path); return $response->status . ' ' . $response->body =~ s/\n\z//r }

is said('/r/a/expect?logins=0&requests=0&status=-'), '200 as expected', 'nothing has happened';
is said('/r/a/expect?status=ok'), '417 status: expected ok, found -', '... nor a login';

my $c = $bench->connection;
$c->login('/r/a/ntlm', @ALICE);
my $in = $bench->json('/r/a/last.json')->{id};
is said('/r/a/expect?status=ok&logins=1&mic=ok&user=alice&http=200&login=1&requests=2&connections=1&binding=absent&path=/ntlm&scheme=http'),
    '200 as expected', 'a login';
is said('/r/a/expect?status=ok&logins=2&user=b%6fb'), "417 logins: expected 2, found 1\nuser: expected bob, found alice", '... differs in all that is said';
is said('/r/a/expect?cause=&warnings=-&failed_check=-'), '200 as expected', '... and has made no mistake';

$c->request(GET => '/r/a/ntlm');
is said('/r/a/expect?logins=1&requests=3'), '200 as expected', 'a request on its connection is no login';
$c->send_token('/r/a/ntlm', $c->{type3})->read_response;
is said('/r/a/expect?status=replayed&cause=type3-twice&http=401'), '200 as expected', 'a mistake is named';
is said("/r/a/expect?id=$in&status=ok"), '200 as expected', 'an older request by its id';
$bench->connection->login('/r/a/ntlm', @ALICE);
is said('/r/a/expect?logins=2&connections=2&login=1'), '200 as expected', 'logins are counted over connections';
is said('/r/a/expect?status=o%6b'), '200 as expected', 'values are decoded';

is said('/r/b/expect?logins=0&status=-'), '200 as expected', 'another run knows nothing of it';
is said("/r/b/expect?id=$in&status=-"), '200 as expected', '... whatever it asks for';
$c->request(POST => '/r/a/reset');
is said('/r/a/expect?logins=0&status='), '200 as expected', 'and nor does this one when it was told to forget';

like said('/r/a/expect?statsu=ok'), qr/^400 nothing is called statsu; these are: id, status, /, 'a name that there is not';
like said("/r/a/expect$_"), qr/^400 say what is expected, /, "nothing is asked: $_" for '', '?', '?&', '?id=1', '?=ok';
is said('/r/a/expect?status=%'), '400 the query cannot be decoded', 'nor is what cannot be read';

done_testing;
