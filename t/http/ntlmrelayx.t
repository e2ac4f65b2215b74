#!/usr/bin/perl
# A public relay tool, impacket's ntlmrelayx, against this server: it fails where Extended
# Protection is required, or where the client has signed another certificate. Without TLS it
# succeeds, and so does it with clients that sign nothing where that is allowed.
use strict;
use warnings;
use FindBin qw($Bin);
use lib "$Bin/../lib";
use Certificates;
use Guarded;
use POSIX ();
use Port;
use Test::More;
use Time::HiRes qw(sleep time);

my $PYTHON = '/usr/bin/python3';
my $TOOL   = '/usr/share/doc/python3-impacket/examples/ntlmrelayx.py';
plan skip_all => 'impacket (package python3-impacket) is not installed' if !-e $TOOL || !-x $PYTHON;
if (my $why = Certificates::missing()) { plan skip_all => $why }

my %ALICE  = (user => 'alice', domain => 'CORP', nt_hash => 'd9fe524deb5705ac74ea341ff18afe93');
my %PLACES = map { ("/$_" => "NTLMExtendedProtection $_") } qw(off allow require);

my $https = Guarded->new(modules => ['ssl'], places => \%PLACES, scheme => 'https',
    text => sub { "SSLEngine on\n" . Certificates::make($_[0], 'own', 'ec') });
my $http = Guarded->new(places => \%PLACES);
Certificates::make($https->dir, 'his', 'ec');
my $HIS = Certificates::binding($https->dir . '/his.pem');

# ---- the tool ----
my ($pid, $words, $told, $port);

sub said { open my $in, '<', $told // return '' or return ''; local $/; return <$in> // '' }

sub wait_for {
    my ($what) = @_;
    my $deadline = time + 60;
    while (time < $deadline) {
        return 1 if said() =~ $what;
        sleep 0.05;
    }
    die "ntlmrelayx does not say $what: " . said();
}

sub start {
    my ($to) = @_;
    ($pid, $port) = Port::serve(run => sub { run($to, @_) }, said => \&said, free => 1);
    wait_for(qr/waiting for connections/);
    return;
}

sub run {
    my ($to, $at) = @_;
    $told = $https->dir . "/relay-$at";
    pipe my $stdin, $words or die "pipe: $!\n";    # it runs until its input ends
    my $child = fork // die "fork: $!\n";
    return $child if $child;
    chdir $https->dir;
    open STDIN,  '<&', $stdin;
    open STDOUT, '>',  $told;
    open STDERR, '>&', \*STDOUT;
    exec $PYTHON, '-u', "$Bin/programs/ntlmrelayx", $TOOL, '-t', $to, '-debug', '-ip', '127.0.0.1', '--http-port', $at,
        qw(--no-smb-server --no-wcf-server --no-raw-server)
        or POSIX::_exit(127);
}

sub stop {
    Port::stop($pid, 'KILL');
    close $words;
    return;
}

# What a client's login there comes to: what the tool says, and what the server's log does.
sub relayed {
    my ($httpd, $place, $client) = @_;
    start($httpd->url("$place/"));
    my $seen = length $httpd->error_log;
    $client->();
    wait_for(qr/Authenticating against \S+ as \S+ (?:SUCCEED|FAILED)/);
    my ($became) = said() =~ /Authenticating against \S+ as \S+ (SUCCEED|FAILED)/;
    my @logged = substr($httpd->error_log, $seen) =~ / ntlm: ([a-z0-9-]+): .* scheme=NTLM .* binding=([a-z]+) /g;
    stop();
    return "$became $logged[0] binding=$logged[1]";
}

# A client that got to the tool with the name of its certificate, or without any.
sub client {
    my (@type3) = @_;
    return sub { NTLM::Connection->new(port => $port, vhost => '127.0.0.1')->login('/', %ALICE, @type3) };
}

sub curl {
    system 'curl', qw(-s -o /dev/null --max-time 20 --noproxy * --ntlm -u), 'CORP\\alice:Secr3t!pw', "http://127.0.0.1:$port/";
    return;
}

is relayed($https, '/require', \&curl), 'FAILED binding-required binding=absent', 'over TLS, required: curl is not relayed';
is relayed($https, '/require', client(binding => $HIS)), 'FAILED binding-mismatch binding=wrong',
    '... nor is a client that has signed his certificate';
is relayed($https, '/allow', client(binding => $HIS)), 'FAILED binding-mismatch binding=wrong', 'over TLS, allowed: it is not, either';
is relayed($https, '/allow', \&curl), 'SUCCEED ok binding=absent', '... but curl is, which signs nothing';
is relayed($https, '/allow', client(nt_hash => '0' x 32)), 'FAILED wrong-password binding=absent', '... not with a wrong password';
is relayed($http, '/allow', client(binding => $HIS)), 'SUCCEED ok binding=unchecked', 'without TLS nothing stops it';
is relayed($http, '/require', \&curl), 'FAILED binding-unknown binding=absent', '... and where it is required nobody logs in';

done_testing;
