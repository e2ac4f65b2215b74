#!/usr/bin/perl
# A handshake that ends with its connection, between challenge and answer: who closed it, and after
# how long, is in the log at debug, and it is counted once.
use strict;
use warnings;
use FindBin qw($Bin);
use lib "$Bin/../lib";
use NTLM::Connection;
use NTLM::TLS;
use PrivateHttpd;
use Test::More;
use Time::HiRes qw(sleep time);

use constant PATIENCE => 30;

my %ALICE = (user => 'alice', domain => 'CORP', nt_hash => 'd9fe524deb5705ac74ea341ff18afe93');
my $httpd = PrivateHttpd->new(modules => [qw(status ssl socache_shmcb)], ports => [qw(TLS SHORT)], text => <<'TEXT');
LogLevel auth_ntlmv2:debug
KeepAliveTimeout 60
Listen 127.0.0.1:@SHORT@
<VirtualHost *:@SHORT@>
    KeepAliveTimeout 2
</VirtualHost>
@PROTECTED@
<Location "/metrics">
    AuthType None
    Require all granted
    SetHandler ntlm-metrics
</Location>
TEXT
my $tls = $httpd->certificate;
$httpd->{text} .= "Listen 127.0.0.1:\@TLS\@\n<VirtualHost *:\@TLS\@>\n$tls</VirtualHost>\n";
$httpd->accounts('passwords', "alice:$ALICE{nt_hash}");
$httpd->start;

sub client { return NTLM::Connection->new(port => $_[0] // $httpd->{port}, vhost => '127.0.0.1') }

# The ends of such lines, by the port of their clients.
sub abandoned {
    my %by = $httpd->error_log =~ /\[auth_ntlmv2:debug\][^\n]*\[client [^\]]*:(\d+)\] ntlm: challenge-abandoned: ([^\n]*)/g;
    return \%by;
}

# The end of the line about that port, which may take a while.
sub line_of {
    my ($port) = @_;
    my $deadline = time + PATIENCE;
    my $line;
    sleep 0.05 until defined($line = abandoned()->{$port}) || time > $deadline;
    return $line // 'no line';
}

my $NOBODY = 'user=- domain=- workstation=- scheme=NTLM mechs=- why=- tls=off mic=- binding=- service=- source=- (0xC000020C): ';

my $c = client();
$c->type1('/');
my $port = $c->local_port;
sleep 0.1;
$c->close;
like line_of($port), qr/^\Q$NOBODY\Ethe client closed the connection, \d{3,} ms after the challenge$/, 'a client that goes away';

$c = client($httpd->{ports}{SHORT});
$c->type1('/');
$port = $c->local_port;
like line_of($port), qr/^\Q$NOBODY\Ethis server closed the connection at KeepAliveTimeout, (?:1[5-9]|[2-9]\d|\d{3})\d\d ms after the challenge$/,
    'one that stays away for too long';

$c = client();
is $c->login('/', %ALICE)->status, 200, 'one that answers';
my $logged_in = $c->local_port;
$c->close;
$c = client();
$c->type1('/');
is $c->get('/')->status, 401, 'one that goes on without an answer';
my $went_on = $c->local_port;
$c->close;

my $over_tls = NTLM::TLS->new(port => $httpd->{ports}{TLS}, vhost => '127.0.0.1', ca => $httpd->dir . '/ca.pem');
$over_tls->type1('/');
$port = $over_tls->local_port;
$over_tls->close;
like line_of($port), qr/ tls=on .*: the (?:client closed the connection|connection closed), \d+ ms after the challenge$/, 'the same over TLS';

is abandoned()->{$_}, undef, 'no line where nothing was abandoned' for $logged_in, $went_on;
my ($count) = client()->get('/metrics')->body =~ /^ntlm_handshakes_abandoned_total (\d+)$/m;
is $count, 3, 'each is counted once';

# Prefork's children, which wait for what comes on a connection, end behind it.
SKIP: {
    skip 'only event closes waiting connections when it stops', 1 if $httpd->{mpm} ne 'event';
    $over_tls = NTLM::TLS->new(port => $httpd->{ports}{TLS}, vhost => '127.0.0.1', ca => $httpd->dir . '/ca.pem');
    $over_tls->type1('/');
    $port = $over_tls->local_port;
    $httpd->graceful;
    like line_of($port), qr/: this server, which is stopping, closed the connection, \d+ ms after the challenge$/, 'a child that ends';
}

$c = client();
$c->type1('/');
$httpd->stop;
unlike $httpd->error_log, qr/exit signal|AddressSanitizer/, 'httpd stops with a challenge outstanding';

done_testing;
