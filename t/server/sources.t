#!/usr/bin/perl
# Two password files: a live login is one of the account that it was proven for, and ends when an
# earlier source knows somebody of that name, however alike the two look.
use strict;
use warnings;
use FindBin qw($Bin);
use lib "$Bin/../lib";
use NTLM::Connection;
use PrivateHttpd;
use Test::More;
use Time::HiRes qw(sleep time);

my %HASH = (old => 'd9fe524deb5705ac74ea341ff18afe93', new => 'a4f49c406510bdcab6824ee7c30fd852');

# One child, since each looks for itself; as root httpd's children are www-data's.
my $httpd = PrivateHttpd->new(text => <<'TEXT');
LogLevel warn auth_ntlmv2:info
MaxKeepAliveRequests 0
ServerLimit 1
StartServers 1
ThreadsPerChild 25
MinSpareThreads 1
MaxSpareThreads 25
MaxRequestWorkers 25
<Location "/">
    AuthType NTLM
    NTLMCredentials file first
    NTLMCredentials file second
    Require valid-user
</Location>
TEXT

sub login {
    my ($user, $hash, $domain) = @_;
    my $c = NTLM::Connection->new(port => $httpd->{port}, vhost => '127.0.0.1');
    return ($c, $c->login('/', user => $user, domain => $domain // '', nt_hash => $HASH{$hash})->status);
}

sub soon {
    my ($what, $sentence) = @_;
    my $deadline = time + 20;
    sleep 0.1 while !$what->() && time < $deadline;
    ok $what->(), $sentence;
}

$httpd->accounts('first',  "zoe:$HASH{old}");
$httpd->accounts('second', "alice:$HASH{old}", "carol:$HASH{old}", "dora:$HASH{old}");
$httpd->start;

my %live;
for my $user (qw(alice carol dora)) {
    ($live{$user}, my $status) = login($user, 'old');
    is $status, 200, "$user of the second file logs in";
}
$httpd->accounts('first', "zoe:$HASH{new}", "alice:$HASH{new}", "CORP\\carol:$HASH{new}:[D]");
soon(sub { (login('zoe', 'new'))[1] == 200 }, 'the first file is another one');
$httpd->accounts('second', "alice:$HASH{old}", "carol:$HASH{old}", "dora:$HASH{old}", "new:$HASH{old}");
soon(sub { (login('new', 'old'))[1] == 200 }, '... and the second');
is $live{alice}->get('/')->status, 401, 'her login ends when the first file knows an alice';
is $live{carol}->get('/')->status, 401, 'so does that of carol, who is disabled there in some domain';
is $live{dora}->get('/')->status,  200, '... and that of dora, whom the second file alone knows, does not';
is +(login('alice', 'old'))[1], 401, 'the first one is alice now';
is +(login('alice', 'new'))[1], 200, '... with her own password';
is +(login('carol', 'old', $_))[1], 401, "nobody is carol of '$_' any more" for '', 'OTHER', 'CORP';

# The third accounts of either file: who is new in them has the same generation.
$httpd->accounts('second', "dora:$HASH{old}", "new:$HASH{old}", "erin:$HASH{old}");
soon(sub { (login('erin', 'old'))[1] == 200 }, 'erin is new in the second file');
($live{erin}) = login('erin', 'old');
is $live{erin}->get('/')->status, 200, '... and stays logged in';
$httpd->accounts('first', "zoe:$HASH{new}", "erin:$HASH{new}");
soon(sub { (login('erin', 'new'))[1] == 200 }, 'the first file has an erin of the same generation');
is $live{erin}->get('/')->status, 401, '... who ends the login of the other one';

unlike $httpd->error_log, qr/exit signal/, 'no child died';
done_testing;
