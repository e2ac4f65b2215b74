#!/usr/bin/perl
# NTLMThrottle: who guesses passwords is sent away, and nobody else is.
use strict;
use warnings;
use FindBin qw($Bin);
use lib "$Bin/../lib";
use Port;
use Test::More;
use Throttled qw(is_in is_refused is_throttled);

my %elsewhere = (from => '127.0.0.2');

# ---- twenty wrong passwords ----
my $httpd = Throttled->new(limits => '20/300');
$httpd->guesses(20, 'twenty wrong passwords of alice are refused as always');
is_throttled($httpd->guess, 'the next one is sent away with 429');
is_throttled($httpd->succeed, '... and so is her right password');
is_throttled($httpd->succeed(user => 'ALICE', as => 'alice'), '... in capitals');
is_throttled($httpd->succeed(user => "$_", as => 'alice'), "... as $_") for 'CORP\alice', 'alice@corp.example.com';
is_throttled($httpd->succeed(domain => 'CORP'), '... with a domain beside her name');
is_in($httpd->succeed(user => 'bob'), 'bob logs in from that address');
is_in($httpd->succeed(%elsewhere), 'alice logs in from another address');
is_refused($httpd->guess(%elsewhere), '... where a wrong password is refused as always');
is_deeply [$httpd->levels('throttled')], ['warn', ('debug') x 5],
    'the log warns once, and says the rest to those who debug';
like $httpd->error_log, qr/ntlm: throttled: user=alice .*: for \d+ s more \(NTLMThrottle\)$/m, '... of alice, and for how long';

# ---- what counts as one user ----
$httpd = Throttled->new(limits => '4/300');
is_refused($httpd->guess(user => $_), "a wrong password for $_") for 'alice', 'CORP\Alice', 'aLICE@corp.example.com', 'ALICE';
is_throttled($httpd->guess, 'four spellings were one user');
my %pairs = ("\x{251}nn" => "\x{2c6d}NN", "\x{3c2}nn" => "\x{3c3}nn");    # Windows 7's, NT 4's
for my $name (sort keys %pairs) {
    $httpd->guesses(4, 'a letter that only one of the tables has', user => $name);
    is_throttled($httpd->guess(user => $pairs{$name}), '... is that which it makes of it');
}
$httpd->guesses(4, 'somebody whom nobody knows', user => 'mallory');
is_throttled($httpd->guess(user => 'mallory'), '... is sent away after as many: it tells nobody who exists');

# ---- what does not count ----
$httpd = Throttled->new(limits => '2/300');
is_refused($httpd->guess, 'one wrong password');
for (1 .. 5) {
    $httpd->challenged->close;
    NTLM::Connection->new(port => $httpd->{port}, vhost => '127.0.0.1')->get('/');
    my $c = $httpd->challenged;
    $c->token('/', "NTLMSSP\0\3\0\0\0garbage");
    is_in($httpd->succeed, 'challenges, requests without credentials, garbage and logins count nothing');
}
is_refused($httpd->guess, 'the second wrong password is refused as always');
is_throttled($httpd->succeed, '... and then she is sent away: a login between them took nothing back');

# ---- accounts that cannot be asked ----
my $nobody = Port::take();
$httpd = Throttled->new(limits => '2/300', section => <<"TEXT");
<Location "/down">
    NTLMCredentials ldap ldap://127.0.0.1:$nobody/dc=example,dc=com?uid timeout=1
</Location>
TEXT
is scalar(grep { $httpd->guess(path => '/down/')->status == 503 } 1 .. 4), 4, 'four answers that an outage leaves open';
is_in($httpd->succeed, '... count nothing');

# ---- a live login ----
$httpd = Throttled->new(limits => '2/300');
my $alice = $httpd->challenged;
is_in($httpd->answer($alice), 'alice logs in');
$httpd->guesses(2, 'somebody at her address guesses');
is_throttled($httpd->succeed, '... and is sent away');
is_in($alice->get('/'), 'her connection is logged in still');

# ---- the connection that was sent away ----
my $c = $httpd->challenged;
is_throttled($httpd->answer($c), 'a challenge that is answered too late');
is_refused($c->send_token('/', $c->{type3})->read_response, '... is spent: the same answer again is no login');
is_refused($c->get('/'), '... and the connection is nobody\'s');

# ---- places of their own ----
$httpd = Throttled->new(limits => '5/300', section => <<'TEXT');
<Location "/few">
    NTLMThrottle 2/300
</Location>
<Location "/short">
    NTLMThrottle 5/200
</Location>
<Location "/any">
    NTLMThrottle off
</Location>
TEXT
mkdir $httpd->dir . "/htdocs/$_" for qw(few short any);
$httpd->write("htdocs/$_/index.html", "the protected page\n") for qw(few short any);
$httpd->guesses(9, 'off: nine wrong passwords', path => '/any/');
is_in($httpd->succeed(path => '/any/'), '... and the right one logs in');
$httpd->guesses(2, 'a place with a lower limit: two wrong passwords', path => '/few/');
is_throttled($httpd->succeed(path => '/few/'), '... are enough there');
$httpd->guesses(5, '... five where the time is shorter', path => '/short/');
is_throttled($httpd->succeed(path => '/short/'), '... there', 200);
$httpd->guesses(5, '... elsewhere five are', path => '/');
is_throttled($httpd->succeed, '... there too');
is_deeply [grep { $_ eq 'warn' } $httpd->levels('throttled')], [('warn') x 3], '... and the log warns of each place';

done_testing;
