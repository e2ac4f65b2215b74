#!/usr/bin/perl
# support/ntlmaudit, or the program that NTLMAUDIT names, reads the log of a place that demands
# nothing. What it says of each directive is what becomes of the same login where that is demanded.
use strict;
use warnings;
use FindBin qw($Bin);
use lib "$Bin/../lib";
use Basic qw(basic);
use Certificates;
use Guarded;
use JSON::PP;
use Test::More;

my $tool = $ENV{NTLMAUDIT} || "$Bin/../../support/ntlmaudit";
plan skip_all => "no $tool; build it first" if !-x $tool;
if (my $why = Certificates::missing()) { plan skip_all => $why }
require NTLM::TLS;

# Where more is demanded than a password Basic cannot be offered (configtest), and is refused.
my $LAX     = "NTLMExtendedProtection off\nNTLMOffer NTLM Negotiate";
my $BASIC   = "Basic\nNTLMBasicWithoutTLS on\n";
my %DEMANDS = (NTLMRequireMIC => 'on', NTLMExtendedProtection => 'require', NTLMServiceNames => 'require', NTLMRequireTLS => 'on');
my %PLACES  = ('/lax' => "$LAX $BASIC", map { ("/$_" => "$LAX " . (/TLS/ ? $BASIC : "\n") . "$_ $DEMANDS{$_}") } keys %DEMANDS);
my %ALICE   = (user => 'alice', domain => 'CORP', nt_hash => Basic::hash('alice'));

my $JSON  = PrivateHttpd::example('json-log.conf', '${APACHE_LOG_DIR}' => '@DIR@') . "\n";
my $plain = Guarded->new(places => \%PLACES, text => $JSON);
my $tls   = Guarded->new(modules => ['ssl'], places => \%PLACES,
    text => sub { "${JSON}SSLEngine on\n" . Certificates::make($_[0], 'own', 'ec') });
Certificates::make($tls->dir, 'foreign', 'ec');

# ---- every kind of login ----
my %binding = (
    absent => undef,
    zero   => "\0" x 16,
    right  => Certificates::binding($tls->dir . '/own.pem'),
    wrong  => Certificates::binding($tls->dir . '/foreign.pem'),
);
my $untrusted = sub { my ($pairs) = @_; $_->[0] == 6 and $_->[1] = pack 'V', 4 | unpack 'V', $_->[1] for @$pairs; return };
my %service = (
    absent    => [],
    ours      => [spn => 'HTTP/127.0.0.1'],
    other     => [spn => 'HTTP/elsewhere.test'],
    untrusted => [spn => 'HTTP/127.0.0.1', edit => $untrusted],
);
my @cases;
for my $over (qw(NTLM SPNEGO)) {
    for my $binding (sort keys %binding) {
        for my $service (sort keys %service) {
            for my $mic ($over eq 'NTLM' ? (1, 0) : 1) {
                push @cases, map { {
                    server => $_, over => $over, name => "$over, binding $binding, service $service, " . ($mic ? 'MIC' : 'no MIC'),
                    login => [mic => $mic, binding => $binding{$binding}, @{$service{$service}}],
                } } $plain, $tls;
            }
        }
    }
}
push @cases, {server => $tls, over => 'Kerberos-first', name => 'behind a ticket', login => []};
$cases[$_]{workstation} = "W$_" for 0 .. $#cases;

sub client {
    my ($server, @how) = @_;
    return $server == $tls ? NTLM::TLS->new(port => $tls->{port}, @how) : $server->client(@how);
}

sub attempt {
    my ($case, $place) = @_;
    my $client   = client($case->{server}, over => $case->{over});
    my $response = $client->login("$place/", %ALICE, workstation => $case->{workstation}, @{$case->{login}});
    return ($response->status, $client);
}

# ---- where nothing is demanded ----
for my $case (@cases) {
    my ($status, $client) = attempt($case, '/lax');
    is $status, 200, "let in: $case->{name}, " . ($case->{server} == $tls ? 'TLS' : 'no TLS');
    is $client->get('/lax/')->status, 200, '... and the next request is no login';
}
for my $server ($plain, $tls) {
    is client($server)->request(GET => '/lax/', basic('bob'))->status, 200, 'bob by Basic' for 1 .. 2;
    is client($server)->login('/lax/', %ALICE, nt_hash => '0' x 32)->status, 401, 'a wrong password is no login';
}

# ---- the forecast ----
my @logs = map { $_->dir . '/error.log' } $plain, $tls;
sub audit {
    my (@args) = @_;
    open my $out, '-|', $tool, @args or die "$tool: $!\n";
    local $/;
    my $said = <$out>;
    close $out;
    return ($said, $? >> 8);
}
my @json = map { $_->dir . '/access-json.log' } $plain, $tls;
my ($said) = audit('--json', '--all', @logs);
my $audit  = decode_json($said);
my %row    = map { (($_->{workstation} // ($_->{user} . $_->{refused}{NTLMRequireTLS})) => $_) } @{$audit->{who}};
is $audit->{logins}, @cases + 4, 'all logins are counted, and nothing else';
is_deeply [map { $row{$_->{workstation}}{logins} } @cases], [map { 1 } @cases], '... each once';
is $audit->{schemes}{Basic}, 4, '... each request by Basic';
is $audit->{unreadable_lines} + $audit->{undated_lines}, 0, '... and every line is understood';
is $row{$cases[-1]{workstation}}{kerberos_listed}, 1, 'who listed Kerberos is seen';
is $audit->{kerberos_listed}, 1, '... and is the only one';

# The JSON log is written behind the answer. It has the User-Agent, which these clients do not send.
my $deadline = time + 20;
my $other;
do { ($other) = audit('--json', '--all', @json) } until decode_json($other)->{logins} >= $audit->{logins} || time > $deadline;
$other = decode_json($other);
is_deeply $other->{$_}, $audit->{$_}, "the JSON log says the same: $_" for qw(logins unreadable_lines undated_lines schemes refused kerberos_listed why);
delete $_->{last} for my @rows = map { +{%$_} } map { @{$_->{who}} } $audit, $other;
is_deeply [@rows[@{$audit->{who}} .. $#rows]], [@rows[0 .. $#{$audit->{who}}]], '... of everybody';

# ---- and what becomes of it ----
my %refused;
for my $directive (sort keys %DEMANDS) {
    for my $case (@cases) {
        my ($status) = attempt($case, "/$directive");
        is $status == 200 ? 0 : 1, $row{$case->{workstation}}{refused}{$directive},
            "$directive: $case->{name}, " . ($case->{server} == $tls ? 'TLS' : 'no TLS') . ": $status";
        $refused{$directive} += $status != 200;
    }
    for my $server ($plain, $tls) {
        my $status = client($server)->request(GET => "/$directive/", basic('bob'))->status;
        $refused{$directive} += 2 * ($status != 200);
    }
    is $audit->{refused}{$directive}, $refused{$directive}, "... $refused{$directive} are refused in all";
    cmp_ok $refused{$directive}, '>', 0, '... which are some';
    cmp_ok $refused{$directive}, '<', @cases + 4, '... and not all';
}

# ---- passwords that nobody asked for ----
client($_)->request(GET => '/NTLMRequireMIC/', [@{basic('alice')}, 'User-Agent' => 'a "50%" client']) for $plain, $tls;
for my $logs (\@logs, \@json) {
    my @unasked;
    $deadline = time + 20;
    do {
        @unasked = grep { $_->{user} eq 'alice' } @{decode_json((audit('--json', @$logs))[0])->{basic_unasked}};
    } until ($unasked[0]{times} // 0) >= 2 || time > $deadline;
    is_deeply [map { "$_->{user} $_->{agent} $_->{times} $_->{without_tls}" } @unasked], ['alice a "50%" client 2 1'],
        'a password that came by Basic unasked, and the program that sent it';
}

done_testing;
