#!/usr/bin/perl
# A controller that hangs, asked in threads of their own: who asks him is told so in time, nobody
# else waits, and when he goes on so does all. And many who log in at once.
use strict;
use warnings;
use Cwd qw(abs_path);
use File::Copy qw(copy);
use FindBin qw($Bin);
use lib "$Bin/../lib";
use IO::Select;
use Memory;
use NTLM::Connection;
use PrivateHttpd;
use Test::More;
use Time::HiRes qw(sleep time);

use constant {MANY => 200, THREADS => 4, ROUNDS => $ENV{NTLM_LONG} ? 50 : 8};

my $TOP  = abs_path("$Bin/../..");
my $HASH = 'd9fe524deb5705ac74ea341ff18afe93';
my $said = `make -C $TOP -f Makefile.apxs --no-print-directory build/controller.so 2>&1`;
die "build/controller.so: $said" if $?;

my $SOURCE = "NTLMCredentials controller user=alice any=on domain=CORP hash=$HASH threads=" . THREADS;
my %PLACES = (
    quick   => "$SOURCE timeout=1 hang=\@DIR\@/hang/quick",
    patient => "$SOURCE timeout=60 hang=\@DIR\@/hang/patient",
    file    => 'NTLMCredentials file passwords',
);
# A child whose threads are all busy closes connections that are kept: each has enough for all.
my $THREADED = <<'TEXT';
StartServers 2
ServerLimit 6
ThreadLimit 250
ThreadsPerChild 250
MinSpareThreads 25
MaxSpareThreads 1500
MaxRequestWorkers 1500
TEXT
my %WORKERS = (
    event   => $THREADED,
    worker  => $THREADED,
    prefork => "StartServers 215\nMinSpareServers 10\nMaxSpareServers 250\nServerLimit 250\nMaxRequestWorkers 250\n",
);
my $httpd;

sub start {
    my ($mpm, $workers) = @_;
    my $places = join '',
        map { "<Location \"/$_\">\nAuthType NTLM\nRequire valid-user\n$PLACES{$_}\n</Location>\n" } sort keys %PLACES;
    $httpd = PrivateHttpd->new(mpm => $mpm, text => <<"TEXT");
LoadModule controller_module \@DIR\@/controller.so
LogLevel warn auth_ntlmv2:info
KeepAliveTimeout 60
ListenBacklog 511
NTLMThrottle off
$workers
$places
TEXT
    copy("$TOP/build/controller.so", $httpd->dir . '/controller.so') or die "build/controller.so: $!\n";
    $httpd->write("htdocs/$_", "a page\n") for 'open', keys %PLACES;
    $httpd->accounts('passwords', "zoe:$HASH");
    mkdir $httpd->dir . '/hang';
    $httpd->start;
    return;
}

sub hang { return $httpd->write("hang/$_[0]", '') }
sub go_on { return unlink $httpd->dir . "/hang/$_[0]" }

sub connection { return NTLM::Connection->new(port => $httpd->{port}, vhost => '127.0.0.1') }

my $users = 0;
sub who { return (user => 'user' . ++$users, domain => 'CORP', nt_hash => $HASH) }

# The page, or what a login there comes to.
sub page { return connection()->get("/$_[0]")->status }
sub becomes { my ($place, %who) = @_; return connection()->login("/$place", who(), %who)->status }

# So many at once, challenged, with their Type 3 on its way.
sub send_many {
    my ($place, $n) = @_;
    my @all = map { connection() } 1 .. $n;
    $_->send_type1("/$place") for @all;
    $_->read_type2 for @all;
    $_->send_type3("/$place", who()) for @all;
    return @all;
}

# How often they became what.
sub became {
    my %times;
    $times{$_->read_response->status}++ for @_;
    return \%times;
}

sub answered { return scalar(() = IO::Select->new(map { $_->{socket} } @_)->can_read(0)) }

sub soon {
    my ($what, $sentence) = @_;
    my ($deadline, $is) = (time + 20, 0);
    sleep 0.1 while !($is = $what->()) && time < $deadline;
    return ok $is, $sentence;
}

# Until its old children have gone: what meets one of them is sent to another.
sub restart {
    my ($sentence, $meanwhile) = @_;
    my %old = map { $_ => 1 } Memory::children($httpd->pid);
    $httpd->graceful;
    $meanwhile->() if $meanwhile;
    return soon(sub { !grep { $old{$_} } Memory::children($httpd->pid) }, $sentence);
}

sub try_mpm {
    my ($mpm) = @_;
    start($mpm, $WORKERS{$mpm});
    is_deeply became(send_many('quick', MANY)), {200 => MANY}, "$mpm: of many who log in at once none is lost or refused";

    # ---- nobody else waits ----
    hang('patient');
    my @waiting = send_many('patient', 10);
    is page('open'), 200, '... while he hangs, a page that needs no login is there';
    is becomes('file', user => 'zoe', domain => ''), 200, '... so is one whose accounts are in a file';
    is answered(@waiting), 0, '... although those who ask him wait';
    go_on('patient');
    is_deeply became(@waiting), {200 => 10}, '... and get in when he goes on';
    @waiting = ();

    # ---- who asks is told ----
    hang('quick');
    is_deeply became(send_many('quick', 10)), {503 => 10}, '... when his time is over they are told so';
    is becomes('quick'), 503, '... as is who comes then' for 1 .. 5;
    is_deeply became(send_many('quick', 10)), {503 => 10}, '... also many at once';
    is becomes('file', user => 'zoe', domain => ''), 200, '... and the file is asked as ever';
    is scalar(() = $httpd->error_log =~ /controller: nothing that it is asked is answered$/mg), 1, '... of which the log has one line';
    go_on('quick');
    soon(sub { becomes('quick') == 200 }, '... and by itself all is well when he goes on');
    is_deeply became(send_many('quick', 20)), {200 => 20}, '... for many, too';
    like $httpd->error_log, qr/controller: it answers again$/m, '... which the log says';

    # ---- a restart, and the end, wait for nobody ----
    hang('quick');
    is_deeply became(send_many('quick', 5)), {503 => 5}, '... he hangs again';
    restart('... when httpd restarts its children go at once');
    soon(sub { (eval { page('open') } // 0) == 200 }, '... others come, which show pages');
    is becomes('quick'), 503, '... and say that he hangs';
    restart('... it restarts once more', sub { go_on('quick') });
    soon(sub { (eval { becomes('quick') } // 0) == 200 }, '... and all is well when he goes on meanwhile');
    hang('quick');
    is_deeply became(send_many('quick', 5)), {503 => 5}, '... he hangs while httpd ends';
    my $pid = $httpd->pid;
    $httpd->finish;
    ok !-e "/proc/$pid", '... it ends';
    unlike $httpd->error_log, qr/still did not exit/, '... and no child has to be killed';
    unlike $httpd->error_log, qr/exit signal|runtime error|Sanitizer/, '... nor did one die';
    return;
}

try_mpm($_) for qw(event worker prefork);

# ---- nothing is left over ----
sub of_child { return scalar(() = glob "/proc/$_[0]/$_[1]/*") }

start('event', "StartServers 1\nServerLimit 1\nThreadsPerChild 25\nMinSpareThreads 1\nMaxSpareThreads 25\nMaxRequestWorkers 25\n");
{
    my $round = sub {
        hang('quick');
        my $told = became(send_many('quick', 15));
        go_on('quick');
        return $told->{503} == 15 && soon(sub { becomes('quick') == 200 }, '... and he goes on');
    };
    ok $round->(), 'he hangs';
    my ($child) = Memory::children($httpd->pid);
    my ($files, $threads) = map { of_child($child, $_) } qw(fd task);
    ok $round->(), '... and again' for 1 .. ROUNDS;
    soon(sub { of_child($child, 'task') <= $threads + THREADS }, '... no thread is left over') or diag of_child($child, 'task') . " after $threads";
    soon(sub { of_child($child, 'fd') <= $files }, '... nor is a file') or diag of_child($child, 'fd') . " after $files";
}
$httpd->finish;
unlike $httpd->error_log, qr/exit signal|runtime error|Sanitizer/, 'no child died';
done_testing;
