#!/usr/bin/perl
# A graceful restart or stop under load closes idle connections, as it always does, and
# loses nothing else: every request that reached httpd is answered, and every client logs in.
use strict;
use warnings;
use FindBin qw($Bin);
use lib "$Bin/../lib";
use NTLM::Connection;
use PrivateHttpd;
use Test::More;
use Time::HiRes qw(sleep time);

use constant {CLIENTS => 8, RESTARTS => 4, PATIENCE => 60};

my %alice = (user => 'alice', domain => 'CORP', nt_hash => 'd9fe524deb5705ac74ea341ff18afe93');
my $httpd = PrivateHttpd->new(text => <<'TEXT');
KeepAliveTimeout 30
MaxKeepAliveRequests 0
LogLevel error
@PROTECTED@
TEXT
$httpd->write('passwords', "alice:$alice{nt_hash}\n", $> == 0 ? 0600 : 0640);
$httpd->write('htdocs/page.html', 'a page that takes more than one packet ' x 5000);
$httpd->start;

# ---- one client: pages for ever, until httpd is gone; its last line is what it has seen ----

# What became of a message on that connection. "closed" is an idle connection that was closed.
sub try_message {
    my ($connection, $idle, $message) = @_;
    my $response = eval { $message->() };
    return $response if $response;
    return 'closed' if $idle && $@ =~ /ended inside a response/ && $connection->{buffer} eq '';
    return 'lost';
}

sub log_in {
    my ($connection) = @_;
    my $response = try_message($connection, 0, sub { $connection->type1('/page.html') });
    return $response if !ref $response;
    return 'closed'  if $response->closed;
    return try_message($connection, 1, sub { $connection->type3('/page.html', %alice) });
}

# A connection that the kernel had taken, and httpd had not when it stopped, is not lost by
# httpd: it is the client's last one.
sub client {
    my ($report) = @_;
    my ($connection, $what, %seen);
    while (1) {
        my $new = !$connection;
        $connection = eval { NTLM::Connection->new(port => $httpd->{port}, vhost => '127.0.0.1') } if $new;
        if ($what) { $seen{!$connection && $what eq 'lost' ? 'waiting' : $what}++ }
        last if !$connection;
        my $response = $new ? log_in($connection)
            : try_message($connection, 1, sub { $connection->get('/page.html') });
        $what = ref $response ? $response->status : $response;
        $what = 'cut' if $what eq '200' && length $response->body != 195_000;
        undef $connection if !ref $response || $response->closed;
    }
    print {$report} join(' ', map { "$_=$seen{$_}" } sort keys %seen), "\n";
    return;
}

sub start_client {
    my $pid = open my $report, '-|';
    die "fork: $!\n" if !defined $pid;
    return {pid => $pid, report => $report} if $pid;
    $SIG{ALRM} = 'DEFAULT';
    alarm PATIENCE;
    client(\*STDOUT);
    close STDOUT;
    require POSIX;
    POSIX::_exit(0);
}

# ---- restarts, then the end ----

sub wait_for {
    my ($what, $true) = @_;
    my $deadline = time + PATIENCE;
    until ($true->()) {
        return fail($what) if time > $deadline;
        sleep 0.02;
    }
    return pass($what);
}

sub restarts { return scalar(() = $httpd->error_log =~ /resuming normal operations/g) }

my @clients = map { start_client() } 1 .. CLIENTS;
for my $number (1 .. RESTARTS) {
    sleep 0.3;    # load in between; nothing depends on how much
    $httpd->graceful;
    wait_for("graceful restart $number", sub { restarts() > $number });
}
sleep 0.3;
my $pid = $httpd->pid;
kill WINCH => $pid;
wait_for('a graceful stop ends httpd', sub { !-e "/proc/$pid" });

my %seen;
for my $client (@clients) {
    my $report = $client->{report};
    while (my $line = <$report>) {
        $seen{$1} += $2 while $line =~ /(\w+)=(\d+)/g;
    }
    close $report;
}
is join(' ', grep { !/^(?:200|closed|waiting)$/ } sort keys %seen), '', 'no request was lost, refused or cut short';
cmp_ok $seen{200}, '>=', CLIENTS * RESTARTS, 'there was load';
unlike $httpd->error_log, qr/exit signal|AH0005[0-9]/, 'no child crashed';
diag join ' ', map { "$_=$seen{$_}" } sort keys %seen if $ENV{TEST_VERBOSE};

done_testing;
