#!/usr/bin/perl
# A server of a test comes up although its port is taken between choosing and starting, and what
# answers at its port is that server. Ports that are kept are given to nobody else.
use strict;
use warnings;
use FindBin qw($Bin);
use lib "$Bin/../lib";
use Front;
use IO::Socket::INET;
use NTLM::Connection;
use Port;
use PrivateHttpd;
use Redis;
use Slapd;
use Test::More;

$ENV{NTLM_ROB_PORTS} = 1;

sub listen_at { my ($port, %more) = @_; return IO::Socket::INET->new(LocalAddr => '127.0.0.1', LocalPort => $port, Listen => 1, %more) }

# ---- keeping ----
my $port = Port::take();
ok !listen_at($port), 'a port that is kept is given to nobody who asks for it';
ok !Port::answers($port), '... and nobody answers there';
ok listen_at($port, ReuseAddr => 1), '... but a server gets it';

# Another run, that keeps its ports: what it prints, and its pid.
sub another_run {
    my $pid = open my $said, '-|', $^X, "-I$Bin/../lib", '-MPort', '-e',
        '$| = 1; print join(" ", map { Port::take() } 1 .. 500), "\n"; sleep 600'
        or die "$^X: $!\n";
    return [$said, $pid];
}
my @runs  = map { another_run() } 1, 2;
my %given = map { $_ => 1 } map { split } map { scalar readline $_->[0] } @runs;
kill KILL => map { $_->[1] } @runs;
is scalar(keys %given), 1000, 'two runs at once are given different ports';

# ---- who answers ----
my $other = listen_at(0);
ok Port::is_served_by($$, $other->sockport), 'a socket of ours is ours';
ok !Port::is_served_by(getppid, $other->sockport), '... and nobody else is taken for its owner';

# ---- each kind of server ----
my $before = 0;

# It was robbed once, and is up elsewhere.
sub is_up {
    my ($what, $server, @ports) = @_;
    my @robbed = Port::robbed();
    is @robbed - $before, 1, "$what: its first port was taken from it";
    $before = @robbed;
    my %robbed = map { $_ => 1 } @robbed;
    is scalar(grep { !$robbed{$_} && Port::is_served_by($server->{pid} // $server->pid, $_) } @ports), scalar @ports,
        '... and it answers elsewhere';
    return;
}

my $httpd = PrivateHttpd->new(ports => ['MORE'], text => "Listen 127.0.0.1:\@MORE\@\n");
$httpd->start;
is_up('httpd', $httpd, $httpd->{port}, $httpd->{ports}{MORE});
is(NTLM::Connection->new(port => $_, vhost => '127.0.0.1')->get('/')->body, "the protected page\n", '... with its page')
    for $httpd->{port}, $httpd->{ports}{MORE};
$port = $httpd->{port};
$httpd->stop;
$httpd->start;
is $httpd->{port}, $port, '... and stays at its port when it is started again';

SKIP: {
    skip $_, 3 for Slapd::missing();
    my $slapd = Slapd->new->start;
    is_up('slapd', $slapd, @{$slapd->{port}}{qw(ldap ldaps)});
    my @at = %{$slapd->{port}};
    $slapd->stop;
    $slapd->start;
    is_deeply [%{$slapd->{port}}], \@at, '... and stays there';
}

SKIP: {
    skip 'redis-server is not installed', 2 if !Redis::program();
    my $redis = Redis->new;
    is_up('redis', $redis, $redis->{port});
}

my $CONNECT = "listen front\n    mode tcp\n    bind 127.0.0.1:\@PORT\@\n    server web 127.0.0.1:\@BACKEND\@\n";
my %START = (
    nginx   => sub { Front->nginx_sharing($_[0]) },
    haproxy => sub { Front->haproxy($CONNECT, BACKEND => $_[0]) },
    httpd   => sub { Front->httpd('event', "ProxyPass / http://127.0.0.1:\@BACKEND\@/\n", BACKEND => $_[0]) },
);
for my $name (sort keys %START) {
    SKIP: {
        skip "$name is not installed", 3 if !Front::program($name);
        my $front = $START{$name}->($httpd->{port});
        is_up("$name in front", $front, $front->{port});
        is(NTLM::Connection->new(port => $front->{port}, vhost => '127.0.0.1')->get('/')->body, "the protected page\n",
            '... and hands requests on');
    }
}

# ---- those that other programs start ----
for my $command ("$Bin/../run-e2e event t/00-client.t", "$Bin/../clients/run curl-get", "prove $Bin/../http/cntlm.t",
    "prove $Bin/../http/ntlmrelayx.t") {
    my $said = `$command 2>&1`;
    is $?, 0, "$command works, too" or diag $said;
}

# ---- the demo ----
my $taken = listen_at(8080, ReuseAddr => 1);    # or somebody else listens there, and may go
my $where = $taken ? qr/80(?:8[1-9]|9\d)/ : qr/80[89]\d/;
my $said  = `cd $Bin/../.. && sh support/demo </dev/null 2>&1`;
is $?, 0, 'the demo works beside a server at its port' or diag $said;
like $said, qr{httpd is up on http://127\.0\.0\.1:$where/}, '... at another one';
my $robbed = listen_at(0);
my ($told, $next) = map { $robbed->sockport + $_ } 0, 1;
$said = `cd $Bin/../.. && PORT=$told sh support/demo </dev/null 2>&1`;
isnt $?, 0, '... but not where it is told to be';
like $said, qr/port $told is in use\. Choose another one: .* PORT=$next/, '... and says what to write';

done_testing;
