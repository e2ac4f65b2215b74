package Mistaken::Courses;

# Logins that lose their connection (RFC 4559 6: the login is the connection's).

use strict;
use warnings;
use Mistaken qw(the right);
use Mistaken::Course qw(begin finish fresh request);

# All values of a login are made anew, but where it is.
sub anew { $Mistaken::login->begin_anew('connection'); return }

# The Type 3 of a login that is over, on a connection of its own.
sub recorded {
    begin();
    finish();
    my $type3 = the 'type3';
    fresh();
    anew();
    begin();
    $Mistaken::login->learn(type3 => $type3);
    return finish();
}

sub older_challenge {
    begin();
    my $type2 = the 'type2';
    begin();
    $Mistaken::login->learn(type2 => $type2);
    return finish();
}

sub after_a_failure {
    $Mistaken::login->learn(password => 'Through-Wonderland2');
    begin();
    finish();
    my @stay = map { $_ => the $_ } qw(connection type1 type2);
    $Mistaken::login->begin_anew(qw(connection type1 type2));
    return finish();
}

sub crossed {
    begin();
    my @first = map { $_ => the $_ } qw(type1 type2);
    fresh();
    begin();
    $Mistaken::login->learn(@first[0, 1]);
    $Mistaken::login->learn(@first[2, 3]);
    return finish();
}

our @ROWS = (
    ['Type 3 on a new socket', 'not-expected', 'other-connection', course => sub { begin(); fresh(); finish() }],
    ['two connections, each with the other\'s answer', 'stale-challenge', 'other-connection', course => \&crossed],
    ['Type 3 twice', 'replayed', 'type3-twice', course => sub { begin(); finish(); finish() }],
    ['Type 3 after a failure, without a new Type 1', 'replayed', 'no-new-type1', course => \&after_a_failure],
    ['a recorded Type 3', 'stale-challenge', 'type3-recorded', course => \&recorded],
    ['an older challenge answered', 'stale-challenge', 'older-challenge', course => \&older_challenge],
    ['a request without a token between the two', 'not-expected', 'request-between', course => sub { begin(); request(GET => the 'path'); finish() }],
    ['Type 3 to a section with other directives', 'not-expected', 'other-place', type3_path => sub { the('path') =~ s{/ntlm$}{/mic}r }],
    ['HTTP/1.0', 'connection-will-close', 'http10', http_version => '1.0'],
    ['Connection: close on the Type 1', 'connection-will-close', 'connection-close', course => sub { begin(headers => [Connection => 'close']) }],
    ['Connection: close on both', 'not-expected', 'connection-close other-connection?',
        course => sub { begin(headers => [Connection => 'close']); fresh(); finish(headers => [Connection => 'close']) }],
    ['the client resets after the challenge', 'challenge-sent/challenge-abandoned', 'client-reset', course => sub { begin(); the('connection')->reset; undef }],
    ['Type 3 after the server has closed an idle connection', 'challenge-sent/challenge-abandoned', 'idle-closed', place => '/idle/200',
        course => sub { begin(); the('connection')->wait_for_the_end; finish() }],
    ['the library reconnects silently', 'not-expected', 'other-connection', course => sub { begin(); the('connection')->close; fresh(); finish() }],
);

1;
