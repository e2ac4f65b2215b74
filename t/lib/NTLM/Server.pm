package NTLM::Server;

# Where the test server is and what it writes, as t/run-e2e says: Apache::Test knows it, too, but
# takes longer to load than most tests run.

use strict;
use warnings;
use Time::HiRes qw(sleep time);

use constant PORT => 'NTLM_E2E_PORT';
use constant ROOT => 'NTLM_E2E_ROOT';    # the server's; not there where a test has servers of its own

sub said { return $ENV{$_[0]} // die "$_[0] is not said: call t/run-e2e\n" }

sub port       { return said(PORT) }
sub logs       { return said(ROOT) . '/logs' }
sub error_log  { return logs() . '/error_log' }
sub access_log { return logs() . '/access_log' }
sub passwords  { return said(ROOT) . '/conf/passwords' }

sub has_module {
    my ($name) = @_;
    my $list = said(ROOT) . '/../base.conf';
    open my $in, '<', $list or die "$list: $!\n";
    return scalar grep { /^LoadModule \Q$name\E_module / } <$in>;
}

sub size_of { return $ENV{+ROOT} ? -s $_[0]->() : 0 }

my $begin = size_of(\&access_log);

# What the access log says of the requests of this test.
sub access_lines {
    open my $log, '<', access_log() or die access_log() . ": $!\n";
    seek $log, $begin, 0;
    return <$log>;
}

# The line of the access log about the request whose X-Test header is $mark, as
# {pid => ..., status => ..., NTLM_STATUS => ...}. httpd writes it after the
# client has its response, so this waits for it.
sub access_line {
    my ($mark) = @_;
    my $deadline = time + 10;
    while (time < $deadline) {
        for my $line (access_lines()) {
            return {$line =~ /(\S+?)=(\S+)/g} if $line =~ /^test=\Q$mark\E .*\n/;
        }
        sleep 0.02;
    }
    die "no request with X-Test: $mark in the access log\n";
}

1;
