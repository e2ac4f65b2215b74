#!/usr/bin/perl
# ErrorLog syslog: rsyslog has our lines in one piece and with their level, and conf/fail2ban reads them.
use strict;
use warnings;
use FindBin qw($Bin);
use lib "$Bin/../lib";
use IO::Socket::INET;
use PrivateHttpd;
use Syslog;
use Test::More;

use NTLM::Connection;

if (my $why = Syslog::missing()) { plan skip_all => $why }

my $FILTER = "$Bin/../../conf/fail2ban/filter.d/mod-auth-ntlmv2.conf";
my %ALICE  = (user => 'alice', nt_hash => 'd9fe524deb5705ac74ea341ff18afe93');
my $syslog = Syslog->start(<<'TEXT');
template(name="leveled" type="string" string="%syslogfacility-text%.%syslogseverity-text%%msg%\n")
action(type="omfile" file="@DIR@/dated.log" template="RSYSLOG_FileFormat")
action(type="omfile" file="@DIR@/old.log" template="RSYSLOG_TraditionalFileFormat")
action(type="omfile" file="@DIR@/leveled.log" template="leveled")
TEXT
local $ENV{HTTPD} = $syslog->wrapped;
my $httpd = PrivateHttpd->new(text => <<'TEXT');
@PROTECTED@
ErrorLog syslog:local1
LogLevel debug auth_ntlmv2:info
TEXT
$httpd->accounts('passwords', "alice:$ALICE{nt_hash}");
$httpd->start;

sub from {
    my ($address) = @_;
    my $socket = IO::Socket::INET->new(LocalAddr => $address, PeerAddr => '127.0.0.1', PeerPort => $httpd->{port})
        or die "$address: $@\n";
    return NTLM::Connection->new(socket => $socket, port => $httpd->{port}, vhost => '127.0.0.1');
}

my $FORGED = ' [auth_ntlmv2:warn] [pid 1:tid 2] [client 10.0.0.1:1] ntlm: wrong-password: user=';
from('127.0.0.2')->login('/', %ALICE);
from('127.0.0.3')->login('/', %ALICE, nt_hash => '0' x 32, headers => [Referer => $FORGED]);
from('127.0.0.4')->login('/', %ALICE, user => "x\nOct 11 22:14:15 host apache2[1]:$FORGED");
from('127.0.0.5')->login('/', %ALICE, user => "x$FORGED", workstation => $FORGED);
from('127.0.0.6')->request(GET => '/%2e%2e/', ['User-Agent' => $FORGED, Referer => $FORGED]);
from('127.0.0.7')->request(GET => '/', [Authorization => "NTLM $FORGED"]);

my $LAST  = qr/\[client 127\.0\.0\.7:\d+\] ntlm: malformed.*\n/;
my @lines = grep { /^local1\.\w+ \[auth_ntlmv2:/ } split /\n/, $syslog->wait_for('leveled.log', $LAST);
my $LINE  = qr/^local1\.(\w+) \[auth_ntlmv2:\w+\] \[pid [^]]+\] \[client ([^]]+):\d+\] ntlm: ([a-z-]+): user=.* source=\S+ \(0x[0-9A-F]{8}\)/;
is_deeply [map { [/$LINE/ ? ($2, $3, $1) : $_] } @lines], [
    ['127.0.0.2', 'ok', 'info'], ['127.0.0.3', 'wrong-password', 'warning'], ['127.0.0.4', 'malformed', 'warning'],
    ['127.0.0.5', 'no-such-user', 'warning'], ['127.0.0.7', 'malformed', 'warning'],
], 'syslog has our lines, each whole and with its level' or diag explain \@lines;

SKIP: {
    skip 'fail2ban is not installed (package fail2ban)', 2 if !grep { -x "$_/fail2ban-regex" } split /:/, $ENV{PATH};
    for my $name ('dated.log', 'old.log') {
        $syslog->wait_for($name, $LAST);
        is_deeply [split /\n/, `fail2ban-regex -o '<ip>' $syslog->{dir}/$name $FILTER 2>&1`], ['127.0.0.3', '127.0.0.5'],
            "fail2ban finds the guesses in $name";
    }
}

done_testing;
