#!/usr/bin/perl
# Whoever cannot log in is told that and nothing else: whether an account exists, is disabled
# or has a password at all makes no difference to a client, nor does it to NTLMThrottle.
use strict;
use warnings;
use FindBin qw($Bin);
use lib "$Bin/../lib";
use Basic qw(basic);
use NTLM::Scheme;
use Test::More;
use Throttled qw(is_in is_throttled);

my ($RIGHT, $WRONG, $BLANK) = ('d9fe524deb5705ac74ea341ff18afe93', 'ab' x 16, '31d6cfe0d16ae931b73c59d7e0c089c0');
my $NO_LM    = 'X' x 32;
my $OFFERS   = NTLM::Scheme::offers() =~ tr/|/ /r;
my $PASSWORDS = <<"TEXT";
alice:$RIGHT
disabled:$RIGHT:[D]
blank:$BLANK
CORP\\carol:$RIGHT
locked:1001:$NO_LM:$RIGHT:[UL         ]:LCT-00000000:
needless:1002:$NO_LM:$RIGHT:[UN         ]:LCT-00000000:
hashless:1003:$NO_LM:@{['X' x 32]}:[U          ]:LCT-00000000:
TEXT

# [what, the status in the log, the login]
my @logins = (
    ['a wrong password',               'wrong-password',    {user => 'alice',    hash => $WRONG}],
    ['nobody',                         'no-such-user',      {user => 'mallory',  hash => $RIGHT}],
    ['a disabled account',             'account-disabled',  {user => 'disabled', hash => $RIGHT}],
    ['... and not its password',       'wrong-password',    {user => 'disabled', hash => $WRONG}],
    ['a locked account',               'account-locked',    {user => 'locked',   hash => $RIGHT}],
    ['... and not its password',       'wrong-password',    {user => 'locked',   hash => $WRONG}],
    ['a blank password',               'blank-password',    {user => 'blank',    hash => $BLANK}],
    ['... and not that',               'wrong-password',    {user => 'blank',    hash => $WRONG}],
    ['an account that needs none',     'blank-password',    {user => 'needless', hash => $RIGHT}],
    ['an account without a password',  qr/^(?:wrong|blank)-password$|^account-disabled$/, {user => 'hashless', hash => $BLANK}],
    ['a domain that is not accepted',  'domain-refused',    {user => 'alice',    hash => $RIGHT, domain => 'EVIL'}],
    ['... and a wrong password',       'wrong-password',    {user => 'alice',    hash => $WRONG, domain => 'EVIL'}],
    ['an account of another domain',   'no-such-user',      {user => 'carol',    hash => $RIGHT, domain => 'HOME'}],
    ['a name of another script',       'no-such-user',      {user => "\x{416}\x{43e}\x{440}\x{436}", hash => $RIGHT}],
);

sub httpd {
    my ($limits) = @_;
    my $httpd = Throttled->new(limits => $limits, unstarted => 1,
        server => "NTLMAcceptDomains CORP HOME\nNTLMOffer $OFFERS Basic\nNTLMBasicWithoutTLS on");
    $httpd->write('passwords', $PASSWORDS, $> == 0 ? 0600 : 0640);
    $httpd->start;
    return $httpd;
}

# Of the hashes, as text.
my %PASSWORD = ($RIGHT => 'Secr3t!pw', $WRONG => 'another', $BLANK => '');

sub by_ntlm { my ($httpd, $c, %who) = @_; return $httpd->answer($c, %who) }

sub by_basic {
    my ($httpd, $c, %who) = @_;
    my $user = defined $who{domain} ? "$who{domain}\\$who{user}" : $who{user};
    return $c->request(GET => '/', [@{Throttled::headers(%who)}, @{basic($user, $PASSWORD{$who{hash}})}]);
}

# All that a client has of it: both responses, and whether the connection is open still. What
# differs between any two responses is taken out.
sub seen {
    my ($httpd, $by, %who) = @_;
    my $c = $httpd->challenged(%who);
    my $response = $by->($httpd, $c, %who);
    my $text = $response->seen_by_client;
    $text =~ s/^(Retry-After: )\d+$/${1}a window/m;
    $text .= $c->is_closed ? "\n(closed)" : "\n(open)";
    return ($response, $text, length $c->{type2});
}


for my $way (['', \&by_ntlm], ['3/300', \&by_ntlm], ['', \&by_basic], ['3/300', \&by_basic]) {
    my ($limits, $by) = @$way;
    my $httpd = httpd($limits);
    my ($with, $number) = (($limits ? 'with NTLMThrottle: ' : '') . ($by == \&by_basic ? 'by Basic: ' : ''), 0);
    my (@first, $length);
    for my $login (@logins) {
        my ($what, $status, $who) = @$login;
        my @client = (%$who, behind => '192.0.2.' . ++$number);    # each guesses from his own address
        my @seen;
        for my $time (1 .. 5) {
            my ($response, $text, $len) = seen($httpd, $by, @client);
            push @seen, $text;
            $length //= $len;
            is $len, $length, "$with$what: a challenge like any other" if $time == 1;
            like $httpd->last_status, ref $status ? $status : qr/^\Q$status\E$/, '... is known to the log' if $time == 1;
            is_throttled($response, '... is sent away after three') if $limits && $time == 4;
        }
        @first = @seen if !@first;
        is_deeply \@seen, \@first, '... and looks like a wrong password, five times';
    }
    like $first[0], qr/\A401\n/, "${with}a wrong password gets 401";
    is_in($httpd->succeed(user => 'alice', behind => '192.0.2.200'), 'and the right one gets in');
}

done_testing;
