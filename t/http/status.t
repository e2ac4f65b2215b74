#!/usr/bin/perl
# The figures of conf/status.conf, in their three forms: after a load that is known they add up,
# over all children; a restart and a dead child lose nothing but what was in flight.
use strict;
use warnings;
use FindBin qw($Bin);
use lib "$Bin/../lib";
use Basic qw(basic);
use Metrics;
use NTLM::Connection;
use POSIX ();
use PrivateHttpd;
use Test::More;
use Time::HiRes qw(sleep time);

use constant {HELD => 12, PROCESSES => 4, ROUNDS => 5, PATIENCE => 60};

my %HASH   = (alice => 'd9fe524deb5705ac74ea341ff18afe93', bob => '27bf1123aae89dc1f94ad95bd7108d01');
my $mpm    = $ENV{MPM} || 'event';
# Children are never all busy: event would close connections that wait. One of event takes eight,
# so that those which are held are several children's.
my $server = $mpm eq 'prefork'
    ? "StartServers 24\nMinSpareServers 4\nMaxSpareServers 32\nMaxRequestWorkers 32\n"
    : "StartServers 4\nServerLimit 8\nThreadsPerChild 8\nMinSpareThreads 8\nMaxSpareThreads 64\nMaxRequestWorkers 64\n"
    . "<IfModule mpm_event_module>\nAsyncRequestWorkerFactor 0.1\n</IfModule>\n";
my $httpd = PrivateHttpd->new(modules => ['status', 'auth_basic'], text => <<"TEXT" . PrivateHttpd::example('status.conf'));
$server
KeepAliveTimeout 60
MaxKeepAliveRequests 0
LogFormat "%P %{remote}p %{NTLM_STATUS}e" served
CustomLog \@DIR\@/access.log served
<Location "/page">
    ErrorDocument 401 /page/refused.html
    ErrorDocument 403 /page/refused.html
    AuthType NTLM
    NTLMCredentials file \@DIR\@/ntlm.passwd
    NTLMCredentials file \@DIR\@/more.passwd
    NTLMOffer Negotiate NTLM Basic
    NTLMBasicWithoutTLS on
    Require user alice
</Location>
<Location "/alone">
    AuthType NTLM
    NTLMCredentials file \@DIR\@/ntlm.passwd
    NTLMCredentials file \@DIR\@/more.passwd
    Require valid-user
</Location>
<Location "/lent">
    AuthType Basic
    AuthName lent
    AuthBasicProvider ntlm
    NTLMCredentials file \@DIR\@/ntlm.passwd
    NTLMCredentials file \@DIR\@/more.passwd
    NTLMBasicWithoutTLS on
    Require valid-user
</Location>
TEXT
$httpd->accounts('ntlm.passwd', map { "$_:$HASH{$_}" } sort keys %HASH);
$httpd->accounts('more.passwd', "carol:" . '0' x 32, "dave:" . '1' x 32, 'CORP\\erin:' . '2' x 32);
for my $place (qw(page lent)) {
    mkdir $httpd->dir . "/htdocs/$place";
    $httpd->write("htdocs/$place/$_.html", "a page\n") for qw(index refused);
}
$httpd->start;

# ---- what is shown ----

sub fetch {
    my ($path) = @_;
    my ($status, $body) = $httpd->curl(undef, undef, $path);
    die "$path: $status\n" if $status ne '200';
    return $body;
}

sub figures { return Metrics::prometheus(fetch('/ntlm-metrics')) }

# Those that count what has happened, by the names that the load below uses.
my %NAMES = (
    handshakes => 'ntlm_handshakes_total',
    abandoned  => 'ntlm_handshakes_abandoned_total',
    unasked    => 'ntlm_basic_unasked_total',
    (map { ("refused $_" => qq(ntlm_refusals_total{status="$_"})) }
            qw(wrong-password no-such-user not-authorized not-expected scheme-refused malformed)),
    (map { ("asked $_" => qq(ntlm_asked_total{status="$_"})) } qw(no-credentials spnego-continues)),
    map { my $s = $_; ("login $s" => qq(ntlm_logins_total{scheme="$s"}),
            map { ("$_ $s" => qq(ntlm_logins_with_${_}_total{scheme="$s"})) } qw(mic binding service kerberos)) }
        qw(NTLM Negotiate Basic),
);
my %NAME_OF = reverse %NAMES;

# All counters that are not zero, but for what connections count when they close (abandoned.t).
sub counted {
    my ($figures) = @_;
    return {map { $NAME_OF{$_} // $_ => $figures->{$_} } grep { /^ntlm_(?!source)\w+_total(?!.*abandoned)/ && $figures->{$_} } keys %$figures};
}

sub gauges { my $figures = figures(); return join ' ', @$figures{qw(ntlm_connections_logged_in ntlm_challenges_outstanding)} }

# What children and sockets do takes its time.
sub comes_to {
    my ($what, $is, $wanted) = @_;
    local $Test::Builder::Level = $Test::Builder::Level + 1;
    my $deadline = time + PATIENCE;
    sleep 0.05 until $is->() eq $wanted || time > $deadline;
    return is $is->(), $wanted, $what;
}

# httpd may see the end of a connection, and count what was abandoned, when we look already.
sub is_counted {
    my ($wanted, $sentence) = @_;
    local $Test::Builder::Level = $Test::Builder::Level + 1;
    my $deadline = time + PATIENCE;
    my $counted;
    do { $counted = counted(figures()) }
        until ($counted->{abandoned} // 0) == ($wanted->{abandoned} // 0) || time > $deadline || !sleep 0.05;
    return is_deeply $counted, $wanted, $sentence;
}

# ---- a load that is known: what each kind of client does to the figures ----

my %alice = (user => 'alice', domain => 'CORP', nt_hash => $HASH{alice});
my $PAGE  = '/page/';    # a chain: its index is another request, and so is what a refusal shows

sub connection { return NTLM::Connection->new(port => $httpd->{port}, vhost => '127.0.0.1', over => $_[0] // 'NTLM') }

sub login {
    my ($over, %as) = @_;
    my $c = connection($over);
    $c->type1($PAGE);
    my $response = $c->type3($PAGE, %alice, %as);
    return ($c, $response);
}

# name => [what it does, the status of its answer, what is counted]
my @LOAD = (
    ['a login'                  => sub { (login('NTLM'))[1] },                       200, 'handshakes', 'login NTLM', 'mic NTLM'],
    ['one without a MIC'        => sub { (login('NTLM', mic => 0))[1] },             200, 'handshakes', 'login NTLM'],
    ['one in SPNEGO'            => sub { (login('SPNEGO'))[1] },                     200, 'handshakes', 'login Negotiate', 'mic Negotiate'],
    ['one with Kerberos first'  => sub { (login('Kerberos-first'))[1] },             200, 'asked spnego-continues', 'handshakes', 'login Negotiate', 'mic Negotiate', 'kerberos Negotiate'],
    ['one and more requests'    => sub { my ($c) = login('NTLM'); $c->get($PAGE); $c->get($PAGE) }, 200, 'handshakes', 'login NTLM', 'mic NTLM'],
    ['a wrong password'         => sub { (login('NTLM', nt_hash => '0' x 32))[1] },  401, 'handshakes', 'refused wrong-password'],
    ['an unknown user'          => sub { (login('NTLM', user => 'nobody'))[1] },     401, 'handshakes', 'refused no-such-user'],
    ['a user who may not'       => sub { (login('NTLM', user => 'bob', nt_hash => $HASH{bob}))[1] }, 403, 'handshakes', 'login NTLM', 'mic NTLM', 'refused not-authorized'],
    ['nothing'                  => sub { connection()->get($PAGE) },                 401, 'asked no-credentials'],
    ['a message out of turn'    => sub { my $c = connection(); $c->type1($PAGE); connection()->token($PAGE, $c->answer(%alice)) }, 401, 'handshakes', 'refused not-expected', 'abandoned'],
    ['no message'               => sub { connection()->request(GET => $PAGE, [Authorization => 'NTLM !']) }, 401, 'refused malformed'],
    ['Basic'                    => sub { connection()->request(GET => $PAGE, basic('alice')) }, 200, 'login Basic'],
    ['a wrong password by it'   => sub { connection()->request(GET => $PAGE, basic('alice', 'wrong')) }, 401, 'refused wrong-password'],
    ['mod_auth_basic'           => sub { connection()->request(GET => '/lent/', basic('bob')) },              200, 'login Basic'],
    ['the same, unknown'        => sub { connection()->request(GET => '/lent/', basic('dora', 'x')) },        401, 'refused no-such-user'],
    ['Basic that is not offered' => sub { connection()->request(GET => '/alone/', basic('alice')) },          401, 'refused scheme-refused', 'unasked'],
    ['another scheme'           => sub { connection()->request(GET => $PAGE, [Authorization => 'Bearer x']) }, 401, 'refused scheme-refused'],
);

# What was counted after so many rounds of it, beyond what was before.
sub after {
    my ($before, $rounds) = @_;
    my %counted = %$before;
    for my $kind (@LOAD) { $counted{$_} += $rounds for @$kind[3 .. $#$kind] }
    return \%counted;
}

sub rounds {
    my ($rounds) = @_;
    my @wrong;
    for (1 .. $rounds) {
        for my $kind (@LOAD) {
            my $status = eval { $kind->[1]->()->status } // $@;
            push @wrong, "$kind->[0]: $status" if $status ne $kind->[2];
        }
    }
    return @wrong;
}

# Several clients at the same time; true if all went as it should.
sub load {
    my @clients;
    for (1 .. PROCESSES) {
        my $pid = fork // die "fork: $!\n";
        if (!$pid) {
            my @wrong = rounds(ROUNDS);
            print STDERR map { "# $_\n" } @wrong;
            POSIX::_exit(@wrong ? 1 : 0);
        }
        push @clients, $pid;
    }
    return !grep { waitpid($_, 0); $? } @clients;
}

# ---- before ----
my %before = %{figures()};
is_deeply counted(\%before), {}, 'nothing is counted before somebody logs in';
is gauges(), '0 0', 'no connection is logged in';
cmp_ok scalar(grep { /status="/ } keys %before), '>', 40, 'there is a number for each status';

# ---- a load ----
my @held = map { login('NTLM') } 1 .. HELD;
is scalar(grep { ref eq 'NTLM::Response' && $_->status == 200 } @held), HELD, 'clients log in, and stay';
@held = grep { ref eq 'NTLM::Connection' } @held;
my @challenged = map { my $c = connection(); $c->type1($PAGE); $c } 1 .. 2;
comes_to('... which the gauges show, and challenges that are not answered', \&gauges, HELD . ' 2');
ok load(), 'clients of all kinds come at the same time';
my $counted = after({handshakes => HELD + 2, 'login NTLM' => HELD, 'mic NTLM' => HELD}, PROCESSES * ROUNDS);
is_counted($counted, 'each outcome is counted once');
my %children = map { $_ => 1 } $httpd->access_log(qr/ ok$/m) =~ /^(\d+) \d+ ok$/mg;
cmp_ok scalar(keys %children), '>', 1, '... over several children';
comes_to('connections that are closed are not counted any more', \&gauges, HELD . ' 2');

# ---- three forms of one thing ----
my ($metrics, $auto, $html) = (figures(), Metrics::auto(fetch('/server-status?auto')), fetch('/server-status'));
my %KEYS = (    # of ?auto, where it is not spelt like the name
    ntlm_connections_logged_in  => 'NTLMConnectionsLoggedIn',
    ntlm_challenges_outstanding => 'NTLMChallengesOutstanding',
    ntlm_handshakes_total       => 'NTLMHandshakes',
    ntlm_handshakes_abandoned_total => 'NTLMHandshakesAbandoned',
    ntlm_basic_unasked_total    => 'NTLMBasicUnasked',
    ntlm_logins_total           => 'NTLMLogins-',
    ntlm_refusals_total         => 'NTLMRefusals-',
    ntlm_asked_total            => 'NTLMAsked-',
    ntlm_logins_with_mic_total      => 'NTLMLoginsWithMIC-',
    ntlm_logins_with_binding_total  => 'NTLMLoginsWithBinding-',
    ntlm_logins_with_service_total  => 'NTLMLoginsWithService-',
    ntlm_logins_with_kerberos_total => 'NTLMLoginsWithKerberos-',
    ntlm_source_cache_hits_total           => 'CacheHits',
    ntlm_source_outages_total              => 'Outages',
    ntlm_source_accounts                   => 'Accounts',
    ntlm_source_written_timestamp_seconds  => 'Written',
    ntlm_source_lookup_duration_seconds_count => 'Lookups',
);
my %expected = (NTLMSources => 2);
for my $sample (keys %$metrics) {
    my ($name, $labels) = $sample =~ /^(\w+)(?:\{(.*)\})?$/;
    my %label = ($labels // '') =~ /(\w+)="(.*?)"/g;
    if ($name =~ /_sum$/) { $expected{"NTLMSource$label{source}LookupMicroseconds"} = int($metrics->{$sample} * 1e6 + 0.5) }
    next if $name =~ /_(?:bucket|sum)$/;
    my $key = $KEYS{$name} // "no key of $name";
    $key = "NTLMSource$label{source}$key" if defined $label{source};
    $expected{"NTLMSource$label{source}Backend"} = $label{backend} if defined $label{source};
    $expected{$key . ($label{scheme} // $label{status} // '')} = $metrics->{$sample};
}
is_deeply $auto, \%expected, '?auto shows what Prometheus gets, line by line';

my ($now, $logins, $refused, $asked, $sources) = Metrics::tables($html);
is_deeply [map { $_->[1] } @$now], [@$auto{qw(NTLMConnectionsLoggedIn NTLMChallengesOutstanding NTLMHandshakes NTLMHandshakesAbandoned NTLMBasicUnasked)}],
    'the page shows the same: now and so far';
is join(' | ', @{$logins->[0]}), 'Scheme | Logins | With MIC | With channel binding | With service name | Kerberos on offer',
    '... logins';
for my $row (@$logins[1 .. 3]) {
    my ($scheme, @numbers) = map { s/ .*//r } @$row;
    is_deeply \@numbers, [map { $auto->{"NTLM$_-$scheme"} } qw(Logins LoginsWithMIC LoginsWithBinding LoginsWithService LoginsWithKerberos)],
        "... by $scheme";
}
is $logins->[2][5], PROCESSES * ROUNDS . ' (50.0 %)', '... with shares';
for ([Refusals => $refused], [Asked => $asked]) {
    my ($what, $table) = @$_;
    is_deeply {map { ("NTLM$what-$_->[0]" => $_->[1]) } @$table},
        {map { $_ => $auto->{$_} } grep { /^NTLM$what-/ && $auto->{$_} } keys %$auto}, "... $what that are not zero";
}
is_deeply [map { [@$_[0, 1, 2, 5, 6]] } @$sources[1 .. 2]],
    [map { my $n = $_; [$n, 'file', map { $auto->{"NTLMSource$n$_"} } qw(Lookups Outages Accounts)] } 0, 1], '... and sources';
is join(' ', map { $auto->{"NTLMSource${_}Accounts"} } 0, 1), '2 3', 'each file has its accounts';
my $asks = 0;
$asks += $_ for map { $counted->{$_} // 0 } 'login NTLM', 'login Negotiate', 'login Basic', 'refused wrong-password', 'refused no-such-user';
is $auto->{"NTLMSource${_}Lookups"}, $asks, "each login looks its account up once in source $_" for 0, 1;
is $auto->{NTLMSource0Written}, (stat $httpd->dir . '/ntlm.passwd')[9], 'the age of a file is that of the one that is served';
unlike $_, qr/alice|passwd|nobody/, 'no user and no path is named' for fetch('/ntlm-metrics'), fetch('/server-status?auto') =~ s/^(?!NTLM).*//mgr;
like fetch('/server-status?notable'), qr/<pre>NTLM.*NTLMLogins-NTLM: /s, 'where tables are not wanted there are lines';

SKIP: {
    skip 'promtool is not installed (package prometheus)', 2 if `promtool --version 2>&1` !~ /promtool/;
    $httpd->write('metrics', fetch('/ntlm-metrics'));
    is `promtool check metrics <@{[$httpd->dir]}/metrics 2>&1`, '', 'promtool has nothing to say about it';
    my $said = `promtool check rules $Bin/../../conf/ntlm-alerts.yml 2>&1`;
    is $?, 0, 'it understands the rules of conf/ntlm-alerts.yml' or diag $said;
}

my $rules = do { open my $in, '<', "$Bin/../../conf/ntlm-alerts.yml" or die "$!\n"; local $/; <$in> };
my %asked = map { $_ => 1 } $rules =~ /\b(ntlm_\w+)[{\[]/g;
is join(' ', grep { my $name = $_; !grep { /^\Q$name\E\b/ } keys %$metrics } sort keys %asked), '', 'what conf/ntlm-alerts.yml asks for is there';
is join(' ', grep { !exists $metrics->{qq(ntlm_refusals_total{status="$_"})} } map { split /[|]/ } $rules =~ /status=~?"(.*?)"/g), '',
    '... and so are the statuses';

# ---- the handler ----
my $response = connection()->get('/ntlm-metrics');
is $response->header('Content-Type'), 'text/plain; version=0.0.4; charset=utf-8', 'Prometheus is told the version of the format';
$response = connection()->request(HEAD => '/ntlm-metrics');
is $response->status . $response->body, '200', 'HEAD has no body';
$response = connection()->request(POST => '/ntlm-metrics', [], 'x');
is $response->status, 405, 'POST is refused';
like $response->header('Allow'), qr/\bGET\b/, '... and told what is not';
is_deeply counted(figures()), $counted, 'who looks at figures does not change them';

# ---- a changed file ----
$httpd->accounts('more.passwd', "carol:" . '0' x 32);
comes_to('accounts that are gone are not counted', sub { figures()->{'ntlm_source_accounts{source="1",backend="file"}'} }, 1);

is scalar(grep { $_->get($PAGE)->status == 200 } @held), HELD, 'who is logged in stays so';
$asks += HELD;
is figures()->{'ntlm_source_lookup_duration_seconds_count{source="0",backend="file"}'}, $asks, '... after a look at his account';

# ---- restarts ----
sub restarts { return scalar(() = $httpd->error_log =~ /resuming normal operations/g) }

for my $signal (qw(USR1 HUP)) {
    my $so_far = restarts();
    kill $signal => $httpd->pid;
    comes_to("httpd restarts (SIG$signal)", sub { restarts() > $so_far ? 'restarted' : '' }, 'restarted');
    is figures()->{'ntlm_source_lookup_duration_seconds_count{source="0",backend="file"}'}, $asks, '... for sources, too';
    if ($signal eq 'USR1' && $mpm ne 'event') {
        is gauges(), HELD . ' 2', 'children of before have their connections yet';
        eval { $_->get($PAGE) } for @held;
        eval { $_->get('/other') } for @challenged;
    }
    comes_to('... the connections are closed', \&gauges, '0 0');
    $counted->{abandoned} += 2 if $signal eq 'USR1';
    is_counted($counted, '... and all that was counted still is, with the challenges that nobody answered');
}
is_deeply [rounds(1)], [], 'clients come again';
$counted = after($counted, 1);
is_counted($counted, '... and are counted with the others');

# ---- another configuration: a source that is gone takes its figures along ----
my $text = $httpd->{text};
my $lookups = figures()->{'ntlm_source_lookup_duration_seconds_count{source="1",backend="file"}'};
sub restart_with {
    ($httpd->{text}) = @_;
    my $so_far = restarts();
    $httpd->write('httpd.conf', $httpd->configuration);
    $httpd->graceful;
    return comes_to('httpd restarts with another configuration', sub { restarts() > $so_far ? 'restarted' : '' }, 'restarted');
}
restart_with($text =~ s/^ +NTLMCredentials file \@DIR\@\/ntlm.passwd\n//gmr);
my $figures = figures();
is join(' ', grep { /lookup_duration_seconds_count/ } sort keys %$figures),
    'ntlm_source_lookup_duration_seconds_count{source="0",backend="file"}', 'one source is left';
is $figures->{'ntlm_source_lookup_duration_seconds_count{source="0",backend="file"}'}, $lookups, '... which has its figures';
restart_with($text);
$figures = figures();
is join(' ', map { $figures->{qq(ntlm_source_lookup_duration_seconds_count{source="$_",backend="file"})} } 0, 1), "0 $lookups",
    'the other one comes back, and begins anew';
is_deeply counted($figures), $counted, 'logins were counted all the time';

# ---- a child that dies ----
comes_to('all connections are closed', \&gauges, '0 0');
my %by_pid;
@held = ();
until (keys %by_pid > 1) {
    die "all connections are one child's\n" if @held > 2 * HELD;
    my ($c) = login('NTLM');
    push @held, $c;
    $counted->{$_}++ for 'handshakes', 'login NTLM', 'mic NTLM';
    my $port = $c->local_port;
    my ($pid) = $httpd->access_log(qr/^\d+ $port ok$/m) =~ /^(\d+) $port ok$/m;
    push @{$by_pid{$pid}}, $c;
}
is gauges(), @held . ' 0', 'connections of several children are logged in';
my ($dead, $alive) = sort keys %by_pid;
kill KILL => $dead;
comes_to('one child is killed: its connections are gone', \&gauges, @{$by_pid{$alive}} . ' 0');
is_deeply counted(figures()), $counted, '... and nothing else';
is $_->get($PAGE)->status, 200, 'those of others go on' for @{$by_pid{$alive}};
is_deeply [rounds(1)], [], 'clients come again';
is_counted(after($counted, 1), '... and are counted');

done_testing;
