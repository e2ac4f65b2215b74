#!/usr/bin/perl
# A backend of another module that gives no hash but lets somebody else decide
# (t/lib/controller.c): whom it lets in, and how often it is asked, since he may count each
# question as a failed login.
use strict;
use warnings;
use Cwd qw(abs_path);
use File::Copy qw(copy);
use FindBin qw($Bin);
use lib "$Bin/../lib";
use Basic qw(basic);
use NTLM::Connection;
use PrivateHttpd;
use Test::More;
use Time::HiRes qw(sleep time);

my $TOP  = abs_path("$Bin/../..");
my %HASH = (old => 'd9fe524deb5705ac74ea341ff18afe93', new => 'a4f49c406510bdcab6824ee7c30fd852');
my %ALICE = (user => 'alice', domain => 'CORP', nt_hash => $HASH{old});

my $CONTROLLER = "NTLMCredentials controller user=Alice domain=CORP hash=$HASH{old} log=\@DIR\@/questions lockout=off basic-cache=off";
my %PLACES = (
    first     => "$CONTROLLER\nNTLMCredentials file second",
    last      => "NTLMCredentials file passwords\n$CONTROLLER",
    down      => "$CONTROLLER down=on\nNTLMCredentials file second",
    throttled => "$CONTROLLER\nNTLMThrottle 2/300",
    basic     => "$CONTROLLER\nNTLMCredentials file second\nNTLMOffer NTLM Basic\nNTLMBasicWithoutTLS on\nNTLMThrottle 4/300",
);
my $ONE_CHILD = "ServerLimit 1\nStartServers 1\nThreadsPerChild 25\nMinSpareThreads 1\n"
    . "MaxSpareThreads 25\nMaxRequestWorkers 25\n";
my $httpd;

sub start {
    my (%opt) = @_;
    my $text = join '', map { "<Location \"/$_\">\nAuthType NTLM\nRequire valid-user\n$PLACES{$_}\n</Location>\n" } sort keys %PLACES;
    $httpd = PrivateHttpd->new(mpm => $opt{mpm} // 'event', modules => ['socache_shmcb'], text => <<"TEXT");
LoadModule controller_module \@DIR\@/controller.so
LogLevel warn auth_ntlmv2:debug
LogFormat "%U %>s user=%u mic=%{NTLM_MIC}e source=%{NTLM_SOURCE}e" verdict
CustomLog \@DIR\@/access.log verdict
KeepAliveTimeout 60
MaxKeepAliveRequests 0
NTLMThrottle off
$opt{text}
$text
TEXT
    copy("$TOP/build/controller.so", $httpd->dir . '/controller.so') or die "build/controller.so: $!\n";
    $httpd->write("htdocs/$_", "a page\n") for keys %PLACES;
    $httpd->write('questions', '', 0666);
    $httpd->accounts('passwords', "zoe:$HASH{old}", "dora:$HASH{old}");
    $httpd->accounts('second',    "alice:$HASH{new}", "bob:$HASH{old}");
    $httpd->start;
    return;
}

# What the controller was asked since this was called the last time.
my $seen = 0;
sub questions {
    open my $in, '<', $httpd->dir . '/questions' or die "questions: $!\n";
    my @all = map { chomp; $_ } <$in>;
    my @new = @all[$seen .. $#all];
    $seen = @all;
    return \@new;
}

sub connection { return NTLM::Connection->new(port => $httpd->{port}, vhost => '127.0.0.1') }

# What the log says of a connection's last login.
sub line_of {
    my ($c) = @_;
    my $port = $c->local_port;
    my ($line) = grep { /\[client [^\]]*:$port\].* ntlm: / } reverse split /\n/, $httpd->error_log;
    return $line // '';
}

sub login {
    my ($place, %who) = @_;
    my $c = connection();
    return ($c, $c->login("/$place", %ALICE, %who)->status);
}

sub becomes { my (undef, $status) = login(@_); return $status }

sub soon {
    my ($what, $sentence) = @_;
    my $deadline = time + 20;
    sleep 0.1 while !$what->() && time < $deadline;
    ok $what->(), $sentence;
    return;
}

my $said = `make -C $TOP -f Makefile.apxs --no-print-directory build/controller.so 2>&1`;
die "build/controller.so: $said" if $?;

start(text => $ONE_CHILD);
my $OK    = 'alice CORP: ok';
my $WRONG = 'alice CORP: wrong-password';

# ---- who gets in ----
{
    my ($c, $status) = login('first');
    is $status, 200, 'who has the right password gets in';
    is_deeply questions(), [$OK], '... and the controller was asked once';
    like line_of($c), qr/ntlm: ok: user=Alice domain=CORP .* mic=ok .* source=controller/, '... its session key fits the MIC';
    like $httpd->access_log(qr/200/), qr{^/first 200 user=Alice mic=ok source=controller$}m,
        '... REMOTE_USER is as it spells the name';
    is $c->get('/first')->status, 200, 'the connection stays logged in' for 1 .. 5;
    is_deeply questions(), [], '... of which nobody is asked';

    ($c, $status) = login('first', flip_mic => 1);
    is $status, 401, 'a wrong MIC is refused behind a right response, too';
    like line_of($c), qr/ntlm: bad-mic: .* source=controller/, '... and the log says so';
    is_deeply questions(), [$OK], '... after one question';
    is becomes('first', user => 'ALICE', domain => ''), 200, 'case and domain are for the controller to say';
    is_deeply questions(), ['ALICE : ok'], '... which sees the names as they were sent';
}

# ---- who does not ----
{
    my ($c, $status) = login('first', nt_hash => $HASH{new});
    is $status, 401, 'a wrong password is refused, also if it is right in a later source';
    is_deeply questions(), [$WRONG], '... after one question';
    like line_of($c), qr/ntlm: wrong-password: .* source=controller/, '... and the log says whose verdict it is';
    is $c->get('/first')->status, 401, '... and the connection is nobody\'s';
    is becomes('first', kind => 'ntlmv1'), 401, 'an NTLMv1 response is refused';
    is_deeply questions(), [], '... before anybody is asked';
}

# ---- several sources ----
{
    my ($c, $status) = login('first', user => 'bob');
    is $status, 200, 'whom the controller does not know the next source may';
    like line_of($c), qr/ source=file/, '... which the log names';
    is_deeply questions(), ['bob CORP: no-such-user'], '... after one question';
    is becomes('first', user => 'nobody'), 401, 'whom nobody knows is refused';
    is_deeply questions(), ['nobody CORP: no-such-user'], '... after one question';

    ($c, $status) = login('last', user => 'zoe');
    is $status, 200, 'whom an earlier source knows gets in there';
    is becomes('last', user => 'zoe', nt_hash => $HASH{new}), 401, '... with the password of that source alone';
    is_deeply questions(), [], '... and the controller is never asked about him';
    is becomes('last'), 200, 'whom it does not know the controller decides about';
    is_deeply questions(), [$OK], '... when it is asked once';

    ($c, $status) = login('down');
    is $status, 503, 'a controller that is down lets nobody in';
    like line_of($c), qr/ntlm: backend-down: user=alice /, '... which the log says';
    like $httpd->error_log, qr/auth_ntlmv2:error.*: the controller does not answer$/m, '... and why';
    is becomes('down', user => 'bob'), 503, '... not even whom a later source knows';
    is_deeply questions(), ['alice CORP: backend-down', 'bob CORP: backend-down'], '... after one question each';
}

# ---- an earlier source changes ----
{
    my ($c, $status) = login('last');
    is $status, 200, 'alice logs in';
    questions();
    $httpd->accounts('passwords', "zoe:$HASH{new}", "dora:$HASH{old}");
    soon(sub { becomes('last', user => 'zoe', nt_hash => $HASH{new}) == 200 }, 'the earlier file is another one');
    is $c->get('/last')->status, 200, '... and her login stands' for 1 .. 2;
    is_deeply questions(), [], '... without a question';
    $httpd->accounts('passwords', "zoe:$HASH{old}", "alice:$HASH{new}");
    soon(sub { becomes('last', user => 'zoe') == 200 }, 'the file comes to know an alice');
    is $c->get('/last')->status, 401, '... which ends her login';
    like $httpd->error_log, qr/ntlm: login-ended: user=Alice .*: its account, password or groups were changed/, '... and the log says why';
    is becomes('last'), 401, 'the file decides about alice now';
    is becomes('last', nt_hash => $HASH{new}), 200, '... with its own password';
    is_deeply questions(), [], '... and the controller is not asked any more';
}

# ---- Basic: the controller is asked as over NTLM ----
{
    my $says = sub {
        my $c = NTLM::Connection->new(port => $httpd->{port}, vhost => '127.0.0.1');
        return ($c->request(GET => '/basic', basic(@_))->status, line_of($c));
    };
    my ($status, $line) = $says->('alice');
    is $status, 200, 'a password logs in';
    like $line, qr/ntlm: ok: user=Alice domain=CORP .* scheme=Basic .* source=controller/, '... as the controller spells the name';
    is_deeply questions(), ['alice : ok'], '... which decided about a response like any other';
    is +($says->('CORP\alice', Basic::password('alice')))[0], 200, 'a domain before the user';
    is_deeply questions(), [$OK], '... is sent apart, as an NTLM client does';
    is +($says->('alice', 'Password'))[0], 401, 'the password of the next source is refused';
    is_deeply questions(), ['alice : wrong-password'], '... after one question';
    is +($says->('bob', 'Secr3t!pw'))[0], 200, 'whom the controller does not know the next source may';
    is_deeply questions(), ['bob : no-such-user'], '... after one question';
    is +($says->('alice', "x\1"))[0], 401, 'what is malformed';
    is_deeply questions(), [], '... is no question';
    is +($says->('alice', "guess $_"))[0], 401, 'more wrong passwords' for 1 .. 3;
    questions();
    is +($says->('alice'))[0], 429, '... and the right one is sent away';
    is_deeply questions(), [], '... without a question';
}

# ---- the throttle ----
{
    is becomes('throttled', nt_hash => $HASH{new}), 401, 'a wrong password is counted' for 1 .. 2;
    is_deeply questions(), [$WRONG, $WRONG], '... of which each was a question';
    is becomes('throttled'), 429, '... and at the limit nobody gets in';
    is_deeply questions(), [], '... nor is the controller asked, who might lock the account';
}
$httpd->finish;
unlike $httpd->error_log, qr/exit signal|runtime error|AddressSanitizer/, 'no child died';

# ---- two children: prefork has one for each open connection ----
$seen = 0;
start(mpm => 'prefork', text => "StartServers 2\nMinSpareServers 1\nServerLimit 4\n");
{
    my @logins = map { [login('last')] } 1 .. 2;
    is_deeply [map { $_->[1] } @logins], [200, 200], 'two children let alice in';
    my %pids = map { (line_of($_->[0]) =~ /\[pid (\d+)/) => 1 } @logins;
    is scalar keys %pids, 2, '... each by itself';
    is_deeply questions(), [$OK, $OK], '... after one question each';
    is $_->[0]->get('/last')->status, 200, '... and she stays logged in' for @logins;
    $httpd->accounts('passwords', "alice:$HASH{new}");
    soon(sub { $_->[0]->get('/last')->status == 401 }, '... until the earlier file knows an alice') for @logins;
    is_deeply questions(), [], '... of which the controller is not asked';
    $httpd->graceful;
    soon(sub { (eval { becomes('first') } // 0) == 200 }, 'after a graceful restart it decides as before');
}
$httpd->finish;
unlike $httpd->error_log, qr/exit signal|runtime error|AddressSanitizer/, 'no child died';
done_testing;
