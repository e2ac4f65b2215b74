#!/usr/bin/perl
# NTLMThrottle counts a wrong password, whichever scheme it comes by: failures of Basic and of NTLM
# add up, and who has had too many is sent away by both.
use strict;
use warnings;
use FindBin qw($Bin);
use lib "$Bin/../lib";
use Basic qw(basic basic_of);
use NTLM::Connection;
use Test::More;
use Throttled qw(is_in is_refused is_throttled);

my $OFFERS = "\nNTLMOffer NTLM Basic\nNTLMBasicWithoutTLS on";

sub says {
    my ($httpd, @who) = @_;
    my $c = NTLM::Connection->new(port => $httpd->{port}, vhost => '127.0.0.1');
    return $c->request(GET => '/', basic(@who));
}

# ---- one count ----
my $httpd = Throttled->new(limits => "4/300 address=100/300$OFFERS");
is_refused(says($httpd, 'alice', 'wrong'), 'a wrong password by Basic');
is_refused($httpd->guess, '... and one by NTLM');
is_refused(says($httpd, 'CORP\Alice', 'wrong'), '... by Basic with a domain');
is_refused($httpd->guess(user => 'alice@corp'), '... and by NTLM with another');
is_throttled(says($httpd, 'alice'), 'were four: the right password is sent away by Basic');
is_throttled($httpd->succeed, '... and by NTLM');
is_in(says($httpd, 'bob'), 'bob gets in by Basic');
is_in($httpd->succeed(user => 'bob'), '... and by NTLM');
is_deeply [$httpd->levels('throttled')], ['warn', 'debug'], 'the log warns once';

# ---- a brute force ----
my @answers = map { says($httpd, 'bob', "guess $_")->status } 1 .. 10;
is_deeply \@answers, [(401) x 4, (429) x 6], 'of ten guesses in a row four are answered';
@answers = map { says($httpd, 'nobody', "guess $_")->status } 1 .. 10;
is_deeply \@answers, [(401) x 4, (429) x 6], '... of a user whom nobody knows as many';

# ---- what does not count ----
$httpd = Throttled->new(limits => "2/300$OFFERS");
is_in(says($httpd, 'alice'), 'a right password') for 1 .. 3;
for my $text ('alice', "alice:\xFF", "alice:a\1") {
    my $c = NTLM::Connection->new(port => $httpd->{port}, vhost => '127.0.0.1');
    is_refused($c->request(GET => '/', basic_of($text)), 'what is malformed') for 1 .. 3;
}
is_in(says($httpd, 'alice'), '... counts nothing');

$httpd = Throttled->new(limits => "1/300\nNTLMOffer NTLM Basic");
is_refused(says($httpd, 'alice', 'wrong'), 'nor does a password in clear text, which nobody looks at') for 1 .. 3;
is_in($httpd->succeed, '... as alice sees by NTLM');

done_testing;
