# The whole server is fuzzed: hostile clients talk to an httpd with the module under ASan and
# UBSan, and with every directive in use. Wrong is whatever kills a child, is reported by a
# sanitizer, lets somebody in without the password, answers 500 or does not answer at all; and a
# connection that is counted when it is gone.
#
#   FUZZ_SECONDS=60   how long    MPM=event    SEED=...   repeats a run
#   CASE=...          plays that one connection of it

use strict;
use warnings;
use FindBin;
use Cwd qw(abs_path);
use Test::More;

my $TOP;
BEGIN {
    $TOP = abs_path("$FindBin::Bin/../..");
    $ENV{HTTPD}  ||= "$TOP/t/asan-httpd";
    $ENV{MODULE} ||= "$TOP/build/asan/mod_auth_ntlmv2.so";
}
use lib "$FindBin::Bin/../lib", "$FindBin::Bin/server";
use Clients;
use Metrics;
use Site;
use Time::HiRes qw(sleep);

plan skip_all => Certificates::missing() if Certificates::missing();

use constant PATIENCE => 60;

my $site = Site->new;
$site->{httpd}{text} .= PrivateHttpd::example('status.conf');
# Its lines are made, and read by nobody: t/http/json-log.t and w3c-log.t do.
$site->{httpd}{text} .= PrivateHttpd::example('json-log.conf', '${APACHE_LOG_DIR}/access-json.log' => '/dev/null')
    . 'CustomLog /dev/null ntlm-w3c' . "\n" . PrivateHttpd::example('w3c-log.conf') =~ s/^GlobalLog.*//mr;
$site->start;
diag $site->{without} . ': no accounts of a directory' if $site->{without};

sub directives {
    open my $in, '<', "$TOP/lib/config/directives.c" or die "directives.c: $!\n";
    return do { local $/; <$in> } =~ /DIRECTIVE\w*\("(\w+)"/g;
}
my $said = $site->{httpd}->configuration;
is_deeply [grep { $said !~ /^\s*$_ /m } directives()], [], 'every directive is in use';
is_deeply [Clients::shut_out($site)], [], 'right passwords get in, everywhere';

my ($seed, $seconds) = ($ENV{SEED} // time % 1_000_000, $ENV{FUZZ_SECONDS} || 60);
my $mpm = $site->{httpd}{mpm};
diag "SEED=$seed MPM=$mpm";
my $result = Clients::run($site, seed => $seed, seconds => $seconds, case => $ENV{CASE});
ok !$result->{finding}, 'nothing was found' or diag $result->{finding};
diag sprintf '%s: %d requests on %d connections, %d of them served to somebody; %.1f minutes of CPU time',
    $mpm, @$result{qw(requests connections logins)}, Clients::cpu_minutes($site);
is_deeply [Clients::shut_out($site)], [], 'right passwords get in afterwards' if !$result->{finding};

# Of connections: those that are logged in, and those that have a challenge.
sub gauges {
    my $figures = Metrics::prometheus(($site->{httpd}->curl(undef, undef, '/ntlm-metrics'))[1]);
    return join ' ', @$figures{qw(ntlm_connections_logged_in ntlm_challenges_outstanding)};
}
my $deadline = time + PATIENCE;
sleep 0.2 until gauges() eq '0 0' || time > $deadline;
is gauges(), '0 0', 'connections that are closed are not counted any more';
done_testing;
