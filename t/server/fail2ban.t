#!/usr/bin/perl
# conf/fail2ban: what the filter finds in a real error log are the guesses, each with the address that
# it came from; never a login, never another refusal, and no text of a client names an address.
use strict;
use warnings;
use FindBin qw($Bin);
use lib "$Bin/../lib";
use IO::Socket::IP;
use NTLM::Connection;
use PrivateHttpd;
use Test::More;

my $FILTER = "$Bin/../../conf/fail2ban/filter.d/mod-auth-ntlmv2.conf";
my $JAIL   = "$Bin/../../conf/fail2ban/jail.d/mod-auth-ntlmv2.conf";
plan skip_all => 'fail2ban is not installed (package fail2ban)' if !grep { -x "$_/fail2ban-regex" } split /:/, $ENV{PATH};

my %ALICE = (user => 'alice', domain => 'CORP', workstation => 'WS1', nt_hash => 'd9fe524deb5705ac74ea341ff18afe93');
my %WRONG = (%ALICE, nt_hash => '0' x 32);
my $has_ipv6 = IO::Socket::IP->new(LocalHost => '::1', LocalPort => 0, Listen => 1);

my $httpd = PrivateHttpd->new(modules => [qw(remoteip socache_shmcb)], ports => ['AWAY', $has_ipv6 ? 'IPV6' : ()], text => <<'TEXT');
LogLevel debug
RemoteIPHeader X-Forwarded-For
RemoteIPInternalProxy 127.0.0.1
@PROTECTED@
<Location "/bob">
    Require user bob
</Location>
<Location "/throttled">
    NTLMThrottle 1/300
</Location>
<Location "/down">
    NTLMCredentials file passwords
    NTLMCredentials ldap ldap://127.0.0.1:@AWAY@/dc=example,dc=com?uid timeout=1
</Location>
TEXT
$httpd->{text} .= "Listen [::1]:\@IPV6\@\n" if $has_ipv6;
$httpd->accounts('passwords', "alice:$ALICE{nt_hash}", 'bob:27bf1123aae89dc1f94ad95bd7108d01', "dora:$ALICE{nt_hash}:[D]");
$httpd->start;

sub connection { return NTLM::Connection->new(port => $httpd->{port}, vhost => '127.0.0.1', @_) }

# What is logged while $do runs.
sub logged {
    my ($do) = @_;
    my $mark = length $httpd->error_log;
    $do->();
    return substr $httpd->error_log, $mark;
}

# The addresses that the filter finds in a log.
sub found_in {
    my ($log) = @_;
    my $path = $httpd->write('part.log', $log);
    return [split /\n/, `fail2ban-regex -o '<ip>' $path $FILTER 2>&1`];
}

my ($all, @expected) = ('');

# What $do does is logged, as guesses from these addresses.
sub expect {
    my ($what, $do, @addresses) = @_;
    my $log = logged($do);
    $all .= $log;
    push @expected, map { "$what: $_" } @addresses;
    return $log;
}

# ---- guesses ----
expect 'a wrong password', sub { connection()->login('/', %WRONG) }, '127.0.0.1';
expect 'a user whom nobody knows', sub { connection()->login('/', %WRONG, user => 'mallory') }, '127.0.0.1';
my $throttled = expect 'who is throttled, once', sub { connection()->login('/throttled', %WRONG) for 1 .. 4 }, ('127.0.0.1') x 2;
like $throttled, qr/:debug\] .* ntlm: throttled: /, 'who goes on is in the log at debug';
expect 'a wrong password while another source is down', sub { connection()->login('/down', %WRONG) }, '127.0.0.1';
expect 'a client behind a front end that mod_remoteip knows',
    sub { connection()->login('/', %WRONG, headers => ['X-Forwarded-For' => '198.51.100.7']) }, '198.51.100.7';
expect '... whose address is one of IPv6',
    sub { connection()->login('/', %WRONG, headers => ['X-Forwarded-For' => "2001:db8::7:$_"]) for 1, 'ffff' }, '2001:db8::7:1', '2001:db8::7:ffff';
if ($has_ipv6) {
    my $socket = IO::Socket::IP->new(PeerHost => '::1', PeerPort => $httpd->{ports}{IPV6}) or die "::1: $@\n";
    expect 'a client over IPv6', sub { connection(socket => $socket)->login('/', %WRONG) }, '::1';
}
my $found = found_in($all);
is_deeply $found, [map { s/.*: //r } @expected], 'the filter finds the guesses' or diag explain $found, \@expected, $all;

# ---- no guesses ----
my $c = connection();
my @others = (
    [ok                => sub { $c->get('/'); $c->login('/', %ALICE); $c->get('/') }],
    ['not-authorized'  => sub { $c->get('/bob') }],
    ['account-disabled' => sub { connection()->login('/', %ALICE, user => 'dora') }],
    ['backend-down'    => sub { connection()->login('/down', %ALICE, user => $_) for 'mallory', 'dora' }],
    ['scheme-refused'  => sub { connection()->request(GET => '/', [Authorization => 'Bearer x']) }],
    [malformed         => sub { connection()->request(GET => '/', [Authorization => 'NTLM TlRM']) }],
    [ntlmv1            => sub { connection()->login('/', %ALICE, kind => 'ntlmv1') }],
    ['bad-mic'         => sub { connection()->login('/', %ALICE, flip_mic => 1) }],
    ['not-expected'    => sub { my $old = connection(); $old->type1('/'); $old->get('/'); $old->type3('/', %WRONG) }],
    ['stale-challenge' => sub {
        my $old = connection();
        $old->type1('/');
        my $first = $old->{type2};
        $old->type1('/');
        $old->type3('/', %ALICE, type2 => $first);
    }],
    ['connection-will-close' => sub {
        connection()->request(GET => '/', [Connection => 'close', Authorization => 'NTLM TlRMTVNTUAABAAAAB4IIAAAAAAAAAAAAAAAAAAAAAAA=']);
    }],
);
my $no_guesses = '';
for my $other (@others) {
    my ($status, $do) = @$other;
    my $log = logged($do);
    like $log, qr/ ntlm: $status: /, "$status is in the log";
    $no_guesses .= $log;
}
is_deeply found_in($no_guesses), [], '... and none of them is a guess' or diag $no_guesses;

# ---- hostile ----
my $guess = 'ntlm: wrong-password: user=';
my @dates = ('[Sat Nov 28 17:20:15.105619 2026]', '[]', '');
my @ends  = ("\n", "\r", "\x0b", "\x{85}", "\x{2028}", '\n', ' ');
my @texts = (
    "x] [client 10.0.0.1:1] $guess", "[client 10.0.0.1:1] $guess", "x, referer: [auth_ntlmv2:warn] [pid 1:tid 1] [client 10.0.0.1:1] $guess",
    map({ my $end = $_; map { "x$end$_ [auth_ntlmv2:warn] [pid 1:tid 1] [client 10.0.0.1:1] $guess" } @dates } @ends),
    '10.0.0.1', "10.0.0.1:1] $guess", '%h', '<ADDR>',
);
my $hidden = 'source=- (0xC000005E): wrong-password, which nobody is told';
my $hostile = '';
for my $text (@texts) {
    my $header = $text =~ tr/\r\n//dr;
    utf8::encode($header);
    my $path = '/' . $header =~ s/([^!-~])/sprintf '%%%02x', ord $1/ger;
    $hostile .= logged(sub {
        connection()->login('/', %WRONG, $_ => $text) for qw(user domain workstation);
        connection()->login('/', %WRONG, headers => [Referer => $header, 'User-Agent' => $header]);
        connection()->request(GET => $path, [Referer => $header, 'User-Agent' => $header, Authorization => $_]) for "Basic $header", $header;
    });
}
for my $text ($hidden, qq("$hidden), qq(x" $hidden)) {
    $hostile .= logged(sub { connection()->login('/down', %ALICE, user => 'dora', headers => [Referer => $text], $_ => $text) for qw(domain workstation) });
}
# What is no name is malformed, and no guess.
my $guesses = () = $hostile =~ /^\[[^]]+\] \[auth_ntlmv2:warn\] \[pid [^]]+\] \[client [^]]+\] ntlm: (?:wrong-password|no-such-user): /mg;
cmp_ok $guesses, '>', 3 * @texts / 2, 'texts of clients are in the log';
my %addresses;
$addresses{$_}++ for @{found_in($hostile)};
is_deeply \%addresses, {'127.0.0.1' => $guesses}, '... and make no address a guesser that is none';
unlike $hostile, qr/^(?!\[\w{3} \w{3} )/m, 'no line was begun by a client';

# ---- the jail ----
my $dir = $httpd->dir;
mkdir "$dir/fail2ban";
system "cp -r /etc/fail2ban/. $dir/fail2ban && cp $FILTER $dir/fail2ban/filter.d && cp $JAIL $dir/fail2ban/jail.d";
my $said = `fail2ban-client -c $dir/fail2ban -d 2>&1`;
like $said, qr/'set', 'mod-auth-ntlmv2', 'addfailregex'|\['multi-set', 'mod-auth-ntlmv2', 'addfailregex'/, 'fail2ban takes the jail'
    or diag $said;
like $said, qr/'mod-auth-ntlmv2', 'maxretry', 30/, '... with its limit';

# Who goes on while he is throttled has one line more than failures in that time.
sub content { my ($path) = @_; open my $in, '<', $path or die "$path: $!\n"; local $/; return scalar <$in> }
my ($failures, $seconds) = content("$Bin/../../conf/ntlm.conf") =~ m{^ *NTLMThrottle (\d+)/(\d+)$}m or die 'conf/ntlm.conf: no NTLMThrottle';
my ($limit, $minutes) = content($JAIL) =~ /^maxretry = (\d+)\nfindtime = (\d+)m$/m or die "$JAIL: no limit";
cmp_ok $limit, '<', ($failures + 1) * int($minutes * 60 / $seconds), '... which who guesses at one user reaches behind the NTLMThrottle of conf/ntlm.conf';
done_testing;
