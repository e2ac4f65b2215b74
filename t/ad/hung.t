#!/usr/bin/perl
# NTLMCredentials winbind when winbindd, its process for the domain or the whole controller stand
# still, or winbindd is away: who asks is told so in time, nobody else waits, and all goes on by
# itself. And many who log in at once.
use strict;
use warnings;
use utf8;
use FindBin;
use lib "$FindBin::Bin/../lib";
use AdLab;
use IO::Handle;
use Memory;
use NTLM::Connection;
use POSIX ();
use PrivateHttpd;
use Test::More;
use Time::HiRes qw(sleep time);

plan skip_all => AdLab::missing() if AdLab::missing();
plan skip_all => AdLab::no_module() if AdLab::no_module();
AdLab::enter();
binmode Test::More->builder->$_, ':utf8' for qw(output failure_output todo_output);

use constant {MANY => 200, THREADS => 4, ROUNDS => $ENV{NTLM_LONG} ? 50 : 4};

my @USERS   = qw(alice bob jürgen inner);
my $lab     = AdLab->new;
my $FILE_OF = AdLab::nt_hash(AdLab::password('zoe'));
my %WORKERS = (
    (map { $_ => PrivateHttpd::workers($_, 250) } qw(event worker)),
    prefork => "StartServers 215\nMinSpareServers 10\nMaxSpareServers 250\nServerLimit 250\nMaxRequestWorkers 250\n",
);
my $httpd;

sub start {
    my ($mpm) = @_;
    $httpd = $lab->httpd(mpm => $mpm, text => <<"TEXT");
LogLevel warn auth_ntlmv2:info
KeepAliveTimeout 60
ListenBacklog 511
NTLMThrottle off
$WORKERS{$mpm}
<Location "/winbind">
AuthType NTLM
NTLMCredentials winbind timeout=1 lockout=off threads=@{[THREADS]}
Require valid-user
</Location>
<Location "/file">
AuthType NTLM
NTLMCredentials file passwords
Require valid-user
</Location>
TEXT
    $httpd->write("htdocs/$_", "a page\n") for qw(open winbind file);
    $httpd->accounts('passwords', "zoe:$FILE_OF");
    $httpd->start;
    return;
}

sub connection { return NTLM::Connection->new(port => $httpd->{port}, vhost => '127.0.0.1') }

sub who {
    my ($user) = @_;
    return (user => $user, domain => $user eq 'zoe' ? '' : 'NTLMTEST', nt_hash => AdLab::nt_hash(AdLab::password($user)));
}
sub page    { return connection()->get('/open')->status }
sub becomes { my ($place, $user) = @_; return connection()->login("/$place", who($user))->status }

# How often those, at once, became what.
sub at_once {
    my (@users) = @_;
    my %times;
    my @all = map { [$_, connection()] } @users;
    $_->[1]->send_type1('/winbind') for @all;
    $_->[1]->read_type2 for @all;
    $_->[1]->send_type3('/winbind', who($_->[0])) for @all;
    $times{$_->[1]->read_response->status}++ for @all;
    return \%times;
}

sub soon {
    my ($what, $sentence) = @_;
    my ($deadline, $is) = (time + 90, 0);
    sleep 0.1 while !($is = $what->()) && time < $deadline;
    return ok $is, $sentence;
}

sub all_is_well {
    my ($how) = @_;
    soon(sub { becomes('winbind', 'bob') == 200 }, "$how, and by itself all is well");
    soon(sub { becomes('winbind', $_) == 200 }, "... for $_, too") for @USERS;
    return;
}

# ---- many at once ----
for my $mpm (qw(event worker prefork)) {
    start($mpm);
    is_deeply at_once(map { $USERS[$_ % @USERS] } 1 .. MANY), {200 => MANY}, "$mpm: of many who log in at once none is lost or refused";
    $httpd->finish if $mpm ne 'prefork';
}

# ---- what stands still: each child of prefork has one thread ----
my %STANDS_STILL = (
    'winbindd'                     => [sub { $lab->halt('winbindd') }, 'winbindd'],
    "winbindd's process of the domain" => [sub { $lab->halt_child('NTLMTEST') }, 'winbindd'],
    'the controller'               => [sub { $lab->halt('dc1') }, 'dc1'],
);

sub try_it {
    my ($mpm) = @_;
    for my $what (sort keys %STANDS_STILL) {
        my ($halt, $whose) = @{$STANDS_STILL{$what}};
        $halt->();
        is_deeply at_once(@USERS), {503 => 4}, "$mpm: $what stands still, and who logs in is told so";
        is page(), 200, '... a page that needs no login is there';
        is becomes('file', 'zoe'), 200, '... so is one whose accounts are in a file';
        is_deeply at_once(@USERS, @USERS), {503 => 8}, '... who comes then is told so, too';
        $lab->go_on($whose);
        all_is_well('... it goes on');
    }
    $lab->stop('winbindd');
    is becomes('winbind', $_), 503, "... without winbindd $_ is told so" for @USERS;
    is page(), 200, '... and a page is there';
    $lab->start('winbindd');
    all_is_well('... it is there again');
    return;
}

try_it('prefork');
$httpd->finish;
unlike $httpd->error_log, qr/exit signal|runtime error|Sanitizer|still did not exit/, '... no child died, or had to be killed';
start('event');
try_it('event');

# ---- winbindd restarts under logins ----
{
    my $over = $httpd->dir . '/over';
    my $pid = open(my $said, '-|') // die "fork: $!\n";
    if (!$pid) {
        STDOUT->autoflush;
        while (!-e $over) { print becomes('winbind', $_), "\n" for @USERS }
        POSIX::_exit(0);
    }
    my %became;
    my $until = sub { while (<$said>) { chomp; $became{$_} = 1; last if $_ eq $_[0] } };
    $until->(200);
    $lab->stop('winbindd');
    $until->(503);
    $lab->start('winbindd');
    soon(sub { becomes('winbind', 'alice') == 200 }, 'winbindd restarts under logins, and all is well');
    $httpd->write('over', '');
    $until->('the end');
    is_deeply \%became, {200 => 1, 503 => 1}, '... of which none was told anything else than that';
}

# ---- nothing is left over ----
sub of_child { return scalar(() = glob "/proc/$_[0]/$_[1]/*") }

my $round = sub {
    $lab->halt('winbindd');
    my $told = at_once(@USERS);
    $lab->go_on('winbindd');
    all_is_well('... it goes on');
    return ($told->{503} // 0) == 4;
};
ok $round->(), 'winbindd stands still';
my ($child) = Memory::children($httpd->pid);
my ($files, $threads) = map { of_child($child, $_) } qw(fd task);
ok $round->(), '... and again' for 1 .. ROUNDS;
soon(sub { of_child($child, 'task') <= $threads + THREADS }, '... no thread is left over') or diag of_child($child, 'task') . " after $threads";
soon(sub { of_child($child, 'fd') <= $files + THREADS }, '... nor is a file, but one a thread') or diag of_child($child, 'fd') . " after $files";

# ---- the end ----
$lab->halt('winbindd');
is_deeply at_once(@USERS), {503 => 4}, 'it stands still while httpd ends';
my $pid = $httpd->pid;
$httpd->finish;
$lab->go_on('winbindd');
ok !-e "/proc/$pid", '... which it does';
unlike $httpd->error_log, qr/exit signal|runtime error|Sanitizer|still did not exit/, '... no child died, or had to be killed';
done_testing;
