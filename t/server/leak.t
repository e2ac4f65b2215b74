#!/usr/bin/perl
# A thousand logins leak nothing: valgrind counts the same lost bytes after many logins as
# after few, and sees no bad access of ours.
use strict;
use warnings;
use FindBin qw($Bin);
use lib "$Bin/../lib";
use NTLM::Connection;
use POSIX ();
use PrivateHttpd;
use Test::More;
use Time::HiRes qw(sleep time);

plan skip_all => 'there is no valgrind (package valgrind)' if !grep { -x "$_/valgrind" } split /:/, $ENV{PATH};

my $HASH = 'd9fe524deb5705ac74ea341ff18afe93';

# httpd in one process under valgrind; gives its pid.
sub start_under_valgrind {
    my ($httpd) = @_;
    my $conf = $httpd->write('httpd.conf', $httpd->configuration);
    my $pid = fork // die "fork: $!\n";
    if (!$pid) {
        open STDERR, '>', $httpd->dir . '/valgrind.err';
        no warnings 'exec';
        exec 'valgrind', '--leak-check=full', '--log-file=' . $httpd->dir . '/valgrind.log',
            PrivateHttpd::httpd(), '-X', '-f', $conf;
        POSIX::_exit(127);
    }
    my $deadline = time + 60;
    until (IO::Socket::INET->new(PeerAddr => '127.0.0.1', PeerPort => $httpd->{port})) {
        die 'httpd does not start: ' . $httpd->error_log if time > $deadline;
        sleep 0.2;
    }
    return $pid;
}

# Half of them on one connection, the rest on new ones; every tenth with a wrong password.
sub log_in {
    my ($httpd, $count) = @_;
    my ($kept, $wrong) = (undef, 0);
    for my $turn (1 .. $count) {
        my $new = $turn % 2;
        my $c = !$new && $kept ? $kept : NTLM::Connection->new(port => $httpd->{port}, vhost => '127.0.0.1', timeout => 60);
        my $hash = $turn % 10 ? $HASH : '0' x 32;
        my $status = $c->login('/', user => 'alice', domain => 'CORP', nt_hash => $hash)->status;
        $wrong++ if $status != ($turn % 10 ? 200 : 401);
        $new ? $c->close : ($kept = $c);
        undef $kept, $c->close if !$new && $turn % 50 == 0;
    }
    $kept->close if $kept;
    return $wrong;
}

# What valgrind complains of. At its end httpd itself may walk the event MPM's list of pools when
# the pools have gone: only what the module has a part in counts there.
sub bad_accesses {
    my ($log) = @_;
    my @bad = grep { /Invalid (?:read|write)|uninitialised/ } split /^==\d+== *\n/m, $log;
    return grep { !/__run_exit_handlers/ || /module\.so|auth_ntlmv2|lib\/(?:ntlm|httpd|creds)\// } @bad;
}

sub lost_after {
    my ($logins) = @_;
    my $httpd = PrivateHttpd->new(mpm => 'event', text => <<'TEXT');
MaxKeepAliveRequests 0
NTLMDomain CORP
@PROTECTED@
TEXT
    $httpd->write('passwords', "alice:$HASH\n", $> == 0 ? 0600 : 0640);
    my $pid = start_under_valgrind($httpd);
    is log_in($httpd, $logins), 0, "$logins logins under valgrind";
    kill TERM => $pid;
    waitpid $pid, 0;
    unlink $httpd->dir . '/pid';
    open my $in, '<', $httpd->dir . '/valgrind.log' or die "valgrind.log: $!\n";
    my $log = do { local $/; <$in> };
    is join('', bad_accesses($log)), '', 'no access to memory that is not there';
    my %lost = $log =~ /(definitely|indirectly) lost: ([\d,]+) bytes/g;
    $lost{$_} =~ tr/,//d for keys %lost;
    return $log =~ /All heap blocks were freed/ ? 0 : ($lost{definitely} // die $log) + $lost{indirectly};
}

my ($few, $many) = map { lost_after($_) } 50, 1050;
cmp_ok $many - $few, '<', 1000, "a thousand more logins lose less than a byte each ($few, then $many bytes)";

done_testing;
