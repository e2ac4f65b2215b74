#!/usr/bin/perl
# Lines of pdbedit, smbpasswd and dumps serve logins; disabled, locked and password-less
# accounts do not.
use strict;
use warnings;
use FindBin qw($Bin);
use lib "$Bin/../lib";
use NTLM::Connection;
use PrivateHttpd;
use Test::More;

open my $in, '<', "$Bin/../vectors/pdbedit-L-w.txt" or die "pdbedit-L-w.txt: $!\n";
my $text = do { local $/; <$in> };
my $HASH = 'd9fe524deb5705ac74ea341ff18afe93';
my $NONE = 'X' x 32;
$text .= "lara:1001:$NONE:\U${HASH}\E:[UL         ]:LCT-6B00DA32:\n"
    . "CORP\\erin:1104:aad3b435b51404eeaad3b435b51404ee:${HASH}:::\n"
    . "nobody:1002:$NONE:$NONE:[U          ]:LCT-6B00DA32:\nalice:$HASH\n";

my $httpd = PrivateHttpd->new(text => <<'TEXT');
LogLevel warn auth_ntlmv2:info
@PROTECTED@
TEXT
$httpd->write('passwords', $text, $> == 0 ? 0600 : 0640);
$httpd->start;

sub login {
    my ($user, $domain, $hash) = @_;
    my $c = NTLM::Connection->new(port => $httpd->{port}, vhost => '127.0.0.1');
    return $c->login('/', user => $user, domain => $domain, nt_hash => lc $hash)->status;
}

my $BLANK = '31d6cfe0d16ae931b73c59d7e0c089c0';
is login('games',  '',     'F8963568A1EC62A3161D9D6449BABA93'), 200, 'a line of pdbedit';
is login('daemon', 'WS1',  '9CA0DFA8DC226C35A1DC0D70B95739B2'), 200, 'another one, whatever the domain';
is login('erin',   'CORP', $HASH), 200, 'a line of a dump';
is login('alice',  '',     $HASH), 200, 'a plain line in the same file';
is login('news',   '',     'F603AFED61678F01C6DE1FF399E0160F'), 401, 'a disabled account is refused';
is login('lara',   '',     $HASH), 401, 'a locked account is refused';
is login('mail',   '',     $BLANK), 401, 'an account that needs no password is refused';
is login('nobody', '',     $_), 401, "an account without a hash is refused ($_)" for $BLANK, '0' x 32;
like $httpd->error_log, qr/ntlm: $_/, "the log says $_"
    for 'account-disabled: user=news', 'account-locked: user=lara', 'blank-password: user=mail';

done_testing;
