#!/usr/bin/perl
# Many logins of one account at once, from everywhere, in whatever spelling: they come one after the
# other to the controller, so that right ones are neither lost nor refused, and wrong ones lock nobody.
use strict;
use warnings;
use utf8;
use FindBin;
use lib "$FindBin::Bin/../lib";
use AdLab;
use NTLM::Connection;
use POSIX ();
use Test::More;

plan skip_all => AdLab::missing() if AdLab::missing();
plan skip_all => AdLab::no_module() if AdLab::no_module();
AdLab::enter();
binmode Test::More->builder->$_, ':utf8' for qw(output failure_output todo_output);

use constant MANY => 200;

my $lab = AdLab->new;
my $httpd;

# Each child has a thread for everybody: event closes connections that wait when its threads are
# all busy (docs/operations.md), as these are while the controller decides.
sub start {
    my ($mpm) = @_;
    my $limits = $mpm eq 'prefork' ? "StartServers 8\nServerLimit 250\nMaxRequestWorkers 250\n"
        : "StartServers 2\nServerLimit 2\nThreadLimit 250\nThreadsPerChild 250\nMinSpareThreads 1\nMaxSpareThreads 500\nMaxRequestWorkers 500\n";
    $httpd = $lab->httpd(mpm => $mpm, modules => ['remoteip'], text => <<"TEXT");
LogLevel warn auth_ntlmv2:debug
NTLMThrottle off
RemoteIPHeader X-Client
RemoteIPInternalProxy 127.0.0.1
NTLMProxied trust
KeepAliveTimeout 60
$limits
<Location "/">
AuthType NTLM
NTLMCredentials winbind
Require valid-user
</Location>
TEXT
    $httpd->start;
    return;
}

# Each in a process of its own, from an address of its own; how many got which status.
sub all_at_once {
    my (@logins) = @_;
    pipe(my $out, my $in) or die "pipe: $!\n";
    pipe(my $start, my $go) or die "pipe: $!\n";
    my @pids;
    for my $n (0 .. $#logins) {
        my $pid = fork // die "fork: $!\n";
        if ($pid) { push @pids, $pid; next }
        close $go;
        sysread $start, my $byte, 1;
        my $status = eval { login($n, %{$logins[$n]}) } // 'lost';
        syswrite $in, "$status\n";
        POSIX::_exit(0);
    }
    close $_ for $in, $go;    # they begin
    my %count;
    while (my $status = <$out>) { chomp $status; $count{$status}++ }
    waitpid $_, 0 for @pids;
    return join ', ', map { "$count{$_} x $_" } sort keys %count;
}

sub login {
    my ($n, %who) = @_;
    my $c = NTLM::Connection->new(port => $httpd->{port}, vhost => '127.0.0.1', timeout => 60);
    return $c->login('/', domain => 'NTLMTEST', %who,
        headers => ['X-Client' => '10.0.' . int($n / 250) . '.' . (1 + $n % 250)])->status;
}

my %RIGHT = (alice => AdLab::nt_hash(AdLab::password('alice')), bob => AdLab::nt_hash(AdLab::password('bob')));
my $WRONG = AdLab::nt_hash('a guess');
my @FORMS = (['bob', 'NTLMTEST'], ['BOB', 'ntlm.test'], ['bob ', 'NTLMTEST'], ['bob@NTLMTEST', ''], ['bob@ntlm.test', ''], ['bob', '']);
my @guesses = map { {user => $_->[0], domain => $_->[1], nt_hash => $WRONG} } map { $FORMS[$_ % @FORMS] } 1 .. 40;

for my $mpm (qw(event worker prefork)) {
    start($mpm);
    is all_at_once(map { {user => 'alice', nt_hash => $RIGHT{alice}} } 1 .. MANY), MANY . ' x 200', "$mpm: right passwords of one account";
    is all_at_once(@guesses), '3 x 401, 37 x 429', '... wrong ones';
    is $lab->wrong('bob'), 3, '... of which the controller has counted three, and locks nobody';
    is all_at_once({user => 'bob', nt_hash => $RIGHT{bob}}), '1 x 429', '... nor is he asked about the right one';
    $lab->forget('bob');
    $httpd->finish;

    start($mpm);
    my %mixed = map { reverse split / x / } split /, /, all_at_once(map { ($_, {user => 'bob', nt_hash => $RIGHT{bob}}) } @guesses);
    is join(' ', grep { !/^(?:200|401|429)$/ } sort keys %mixed), '', "$mpm: right and wrong ones among each other";
    cmp_ok $lab->wrong('bob'), '<=', 3, '... of which he has counted three at the most since a right one';
    ok !$lab->attribute('bob', 'lockoutTime'), '... and has never locked the account';
    $lab->forget('bob');
    $httpd->finish;
    unlike $httpd->error_log, qr/exit signal|backend-down|AddressSanitizer/, '... and no child died';
}
done_testing;
