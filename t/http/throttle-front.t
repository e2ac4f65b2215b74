#!/usr/bin/perl
# NTLMThrottle behind a front end that nobody has told mod_remoteip about: all clients have one
# address there, and the log says so, once.
use strict;
use warnings;
use FindBin qw($Bin);
use lib "$Bin/../lib";
use Test::More;
use Throttled qw(is_in is_refused is_throttled);

# The lines about it.
sub warnings_of {
    my ($httpd) = @_;
    return grep { /NTLMThrottle: this request came through a proxy/ } split /\n/, $httpd->error_log;
}

# ---- nobody has ----
my $httpd = Throttled->new(limits => '2/300', remoteip => '');
is_in($httpd->succeed(from => '127.0.0.2'), 'a request that came directly');
is scalar(warnings_of($httpd)), 0, '... leaves no line';
for my $mark (['X-Forwarded-For' => '192.0.2.1'], [Via => '1.1 front'], [Forwarded => 'for=192.0.2.1']) {
    is_in($httpd->succeed(from => '127.0.0.3', headers => $mark), "alice with $mark->[0] logs in") for 1 .. 3;
}
my @lines = warnings_of($httpd);
is scalar @lines, 1, '... which leaves one line, whoever answers' or diag join "\n", @lines;
like $lines[0], qr/\[auth_ntlmv2:warn\].* shut each other out; .*load mod_remoteip and write RemoteIPHeader X-Forwarded-For and RemoteIPInternalProxy 127\.0\.0\.3$/,
    '... that says what to write';
$httpd->guesses(2, 'wrong passwords of one of its clients', from => '127.0.0.3', headers => ['X-Forwarded-For' => '192.0.2.1']);
is_throttled($httpd->succeed(from => '127.0.0.3', headers => ['X-Forwarded-For' => '192.0.2.2']), '... shut the others out, as it says');

# ---- somebody has ----
$httpd = Throttled->new(limits => '2/300');
is_in($httpd->succeed(behind => '192.0.2.1', headers => [Via => '1.1 front']), 'a client behind a front end that is known');
is scalar(warnings_of($httpd)), 0, '... has an address of its own, and no line';
is_in($httpd->succeed(from => '127.0.0.4', behind => '192.0.2.1'), 'another front end is believed nothing');
like join('', warnings_of($httpd)), qr/RemoteIPInternalProxy 127\.0\.0\.4$/, '... and is named';

# ---- the connection says it ----
$httpd = Throttled->new(limits => '2/300', remoteip => "RemoteIPProxyProtocol On\n");
my $socket = IO::Socket::INET->new(PeerAddr => '127.0.0.1', PeerPort => $httpd->{port}) or die "$@\n";
my $c = NTLM::Connection->new(socket => $socket, port => $httpd->{port}, vhost => '127.0.0.1');
$c->send_bytes("PROXY TCP4 192.0.2.1 127.0.0.1 4444 80\r\n");
is_in($c->login('/', Throttled::type3(headers => [Via => '1.1 x'])), 'a client whom the PROXY protocol names');
is scalar(warnings_of($httpd)), 0, '... has an address of its own, too';

# ---- nobody counts ----
$httpd = Throttled->new(remoteip => '');
is_in($httpd->succeed(headers => [Via => '1.1 front']), 'without NTLMThrottle');
is scalar(warnings_of($httpd)), 0, '... there is nothing to say';

done_testing;
