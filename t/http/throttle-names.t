#!/usr/bin/perl
# NTLMThrottle: an account whose name holds a domain is one user, however many domains a client
# writes around it, and however many blanks; a name that holds nothing else is nobody, and counts.
use strict;
use warnings;
use FindBin qw($Bin);
use lib "$Bin/../lib";
use Test::More;
use Throttled qw(is_in is_refused is_throttled);

my @SPELLINGS = ('alice@corp.example.com', 'HOME\alice@corp.example.com', 'alice@corp.example.com@home.test', 'alice');

for my $first (@SPELLINGS) {
    my $httpd = Throttled->new(limits => '2/300', unstarted => 1);
    $httpd->write('passwords', "alice\@corp.example.com:d9fe524deb5705ac74ea341ff18afe93\n", $> == 0 ? 0600 : 0640);
    $httpd->start;
    is_in($httpd->succeed(user => $SPELLINGS[$_], as => 'alice'), "$SPELLINGS[$_] logs in") for 0 .. 2;
    $httpd->guesses(2, "two wrong passwords of $first", user => $first);
    is_throttled($httpd->succeed(user => $_, as => 'alice'), "... and $_ is sent away") for @SPELLINGS;
}

# ---- blanks, which directories do not tell apart ----
my $blanks = Throttled->new(limits => '3/300');
$blanks->guesses(1, "a wrong password of '$_'", user => $_) for 'alice ', '  ALICE', 'CORP\\ alice';
is_throttled($blanks->succeed, '... is one of alice');
is_throttled($blanks->guess(user => 'alice  @home'), '... of any spelling');
is_in($blanks->succeed(user => 'bob'), '... and not of bob');
$blanks->guesses(1, "a wrong password of '$_'", user => $_) for 'al ice', 'al  ice', '  al   ice ';
is_throttled($blanks->guess(user => 'al ice'), 'blanks within a name are one');
is_refused($blanks->guess(user => 'alIce2'), '... and not none');

# ---- names with nobody behind their domain ----
my @NOBODY = ('CORP\\', '\\', 'A\B\\', '.\\', '@\\', '@', '@@', '\@', '@CORP', 'CORP\@HOME', '\\\\', ('\\' x 104));
my $httpd = Throttled->new(limits => '2/300 address=1000/300');
for my $user (@NOBODY) {
    for my $domain ('', 'CORP') {
        my $answer = eval { $httpd->guess(user => $user, domain => $domain, from => '127.0.0.2')->status } // 'none';
        like $answer, qr/^(?:401|429)$/, "$domain, $user: an answer";
    }
}
is_throttled($httpd->guess(user => 'CORP\\', from => '127.0.0.2'), 'nobody is one user, whatever the domain');
is_in($httpd->succeed, 'everybody else logs in');
unlike $httpd->error_log, qr/exit signal/, 'no child has died';

done_testing;
