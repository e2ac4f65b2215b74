package NTLM::Server;

# Where the test server is and what it writes.

use strict;
use warnings;
use Apache::Test ();
use Time::HiRes qw(sleep time);

sub vars { return Apache::Test::vars() }

sub port       { return vars()->{port} }
sub error_log  { return vars()->{t_logs} . '/error_log' }
sub access_log { return vars()->{t_logs} . '/access_log' }
sub passwords  { return vars()->{serverroot} . '/conf/passwords' }

# The line of the access log about the request whose X-Test header is $mark, as
# {pid => ..., status => ..., NTLM_STATUS => ...}. httpd writes it after the
# client has its response, so this waits for it.
sub access_line {
    my ($mark) = @_;
    my $deadline = time + 10;
    while (time < $deadline) {
        open my $log, '<', access_log() or die access_log() . ": $!\n";
        for my $line (<$log>) {
            return {$line =~ /(\S+?)=(\S+)/g} if $line =~ /^test=\Q$mark\E .*\n/;
        }
        sleep 0.02;
    }
    die "no request with X-Test: $mark in the access log\n";
}

1;
