#!/usr/bin/perl
# conf/rsyslog/httpd-json.conf: rsyslog takes it, and the JSON lines of real requests arrive at the
# other host as httpd has written them.
use strict;
use warnings;
use FindBin qw($Bin);
use lib "$Bin/../lib";
use IO::Select;
use IO::Socket::INET;
use JSON::PP ();
use LogLines;
use NTLM::Connection;
use POSIX ();
use PrivateHttpd;
use Test::More;
use Time::HiRes qw(time);

my ($rsyslogd) = grep { -x } qw(/usr/sbin/rsyslogd /usr/bin/rsyslogd);
plan skip_all => 'rsyslogd is not installed (package rsyslog)' if !$rsyslogd;

my $httpd = PrivateHttpd->new(modules => ['env'], text => PrivateHttpd::example('json-log.conf', '${APACHE_LOG_DIR}' => '@DIR@') . "\@PROTECTED\@\n");
$httpd->accounts('passwords', 'alice:d9fe524deb5705ac74ea341ff18afe93');
my $dir = $httpd->dir;

my $there = IO::Socket::INET->new(LocalAddr => '127.0.0.1', LocalPort => 0, Listen => 5) or die "listen: $@\n";
my $port  = $there->sockport;
my $conf  = PrivateHttpd::example('rsyslog/httpd-json.conf', '/var/log/apache2' => $dir, 'logs.example.com' => '127.0.0.1', 'port="514"' => qq(port="$port"));
$httpd->write('rsyslog.conf', qq{global(workDirectory="$dir" maxMessageSize="64k")\n$conf});
my $said = `$rsyslogd -N1 -f $dir/rsyslog.conf 2>&1`;
is $?, 0, 'rsyslog takes the example' or diag $said;
unlike $said, qr/error|warning/i, '... and has nothing to say against it';

$httpd->start;
my $pid = fork // die "fork: $!\n";
if (!$pid) {
    open STDOUT, '>', "$dir/rsyslog.said";
    open STDERR, '>&', \*STDOUT;
    { no warnings 'exec'; exec $rsyslogd, '-n', '-f', "$dir/rsyslog.conf", '-i', "$dir/rsyslog.pid"; }
    POSIX::_exit(127);
}
my $test = $$;
END { local $?; if ($pid && $$ == $test) { kill TERM => $pid; waitpid $pid, 0 } }

my $log = LogLines->new($httpd, 'access-json.log');
my %who = (user => 'alice', domain => 'CORP', nt_hash => '0' x 32);
for my $text ('alice', '"]}', "x\ny", '\\', "<13>x: %msg%", join('', map { chr } 128 .. 255), "\xff" x 2000) {
    my $c = NTLM::Connection->new(port => $httpd->{port}, vhost => '127.0.0.1');
    $c->login('/', %who, user => substr($text, 0, 100), headers => ['User-Agent' => $text =~ tr/\n//dr]);
}
my @written = $log->next(14);
is @written, 14, 'httpd has written its lines';

my ($from, $received, $deadline) = (undef, '', time + 20);
while (time < $deadline && ($received =~ tr/\n//) < @written) {
    my ($ready) = IO::Select->new($from // $there)->can_read(0.2) or next;
    if (!$from) { $from = $there->accept; next }
    last if !sysread $ready, $received, 65_536, length $received;
}
is_deeply [split /\n/, $received], \@written, 'they arrive as they are';
is scalar(grep { eval { JSON::PP->new->utf8->decode($_) } } split /\n/, $received), 14, '... each of them JSON';
done_testing;
