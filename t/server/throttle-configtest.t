#!/usr/bin/perl
# What `httpd -t` says about NTLMThrottle and NTLMThrottleStore that cannot work, and who may
# run them.
use strict;
use warnings;
use FindBin qw($Bin);
use lib "$Bin/../lib";
use Port;
use PrivateHttpd;
use Test::More;

my $HASH = 'd9fe524deb5705ac74ea341ff18afe93';

sub configtest {
    my ($section, %opt) = @_;
    my $httpd = PrivateHttpd->new(modules => $opt{modules} // ['socache_shmcb'], text => <<"TEXT");
@{[$opt{server} // '']}
<Location "/">
    AuthType NTLM
    NTLMCredentials file passwords
    Require valid-user
    $section
</Location>
TEXT
    $httpd->write('passwords', "alice:$HASH\n", 0640);
    return $httpd->configtest;
}

sub refuses {
    my ($name, $wanted, @configuration) = @_;
    my ($ok, $said) = configtest(@configuration);
    ok !$ok, "$name is an error";
    like $said, $wanted, '... which says what to write';
    return;
}

sub accepts {
    my ($name, @configuration) = @_;
    my ($ok, $said) = configtest(@configuration);
    ok $ok, "$name is fine" or diag $said;
    return;
}

# ---- limits ----
my $WRITE = qr{NTLMThrottle: write failures and seconds \(up to 1000000 and 86400\), for example 10/300, address=100/300, net56=200/300 and net48=400/300 behind it, or off};
refuses "NTLMThrottle $_", $WRITE, "NTLMThrottle $_"
    for 'on', '10', '10/', '/300', '0/300', '10/0', '-1/300', '10/-5', '10/5m', 'x/300', '10 /300', '10/300/5',
    '1000001/300', '10/86401', '99999999999999999999/300', '10/99999999999999999999', '10/300 100/300',
    '10/300 address=100', '10/300 address=0/300', '10/300 address=', '10/300 address=off', '10/300 user=10/300',
    'address=100/300', '10/300 address=100/300 address=1/1', 'off 10/300', 'off off', '""',
    '10/300 net56=1', '10/300 net56=0/300', '10/300 net64=1/300', '10/300 net56=1/300 net56=1/300', '10/300 net48=1/86401',
    '10/300 net48=off', 'net56=1/300', '10/300 net56 1/300', '10/300 net48=1/300 11/300', 'off net56=1/300',
    '10/300 address=1/1 net56=1/1 net48=1/1 address=1/1';
refuses 'NTLMThrottle alone', $WRITE, 'NTLMThrottle';
accepts "NTLMThrottle $_", "NTLMThrottle $_"
    for '1/1', '10/300', '1000000/86400', '10/300 address=1/86400', '10/300 ADDRESS=100/300', 'off', 'Off',
    '10/300 address=100/300 net56=200/300 net48=400/300', '10/300 net48=1/1 address=1000000/86400', '10/300 Net56=1/1',
    '1000000/86400 net48=1000000/1';

# ---- addresses that clients choose ----
my $CHOSEN = qr{RemoteIPHeader X-Forwarded-For \(\S+:\d+\): server \S+ believes this header whoever sends it.*write RemoteIPInternalProxy};
my @REMOTEIP = (modules => ['socache_shmcb', 'remoteip']);

# What is said besides, if it is fine.
sub remarks {
    my ($section, $server) = @_;
    my ($ok, $said) = configtest($section, server => $server, @REMOTEIP);
    ok $ok, "'$section' and '@{[$server =~ s/\n/; /gr]}' are fine" or diag $said;
    return $said;
}

my $warned = remarks('NTLMThrottle 10/300', 'RemoteIPHeader X-Forwarded-For');
like $warned, $CHOSEN, '... with a warning';
for my $told (qw(RemoteIPInternalProxy RemoteIPTrustedProxy)) {
    unlike remarks('NTLMThrottle 10/300', "RemoteIPHeader X-Forwarded-For\n$told 10.0.0.1"), $CHOSEN, '... without one';
}
my $list = PrivateHttpd->new(text => '')->write('proxies', "10.0.0.1\n");
# An httpd before 2.4.71 keeps no trace of these: then the warning says so.
my $UNSEEN = qr/unless a RemoteIPInternalProxyList forbids it, which this httpd does not show/;
for my $told (qw(RemoteIPInternalProxyList RemoteIPTrustedProxyList)) {
    my $said = remarks('NTLMThrottle 10/300', "RemoteIPHeader X-Forwarded-For\n$told $list");
    if ($warned =~ $UNSEEN) { like $said, $UNSEEN, '... with a warning that does not know' }
    else                    { unlike $said, $CHOSEN, '... without one' }
}
unlike remarks($_, 'RemoteIPHeader X-Forwarded-For'), $CHOSEN, '... without one' for 'NTLMThrottle off', '';
unlike remarks('NTLMThrottle 10/300', ''), $CHOSEN, '... without one';
my $vhosts = "<VirtualHost *>\nServerName a.test\nRemoteIPHeader X-Forwarded-For\n%s</VirtualHost>\n"
    . "<VirtualHost *>\nServerName b.test\nRemoteIPInternalProxy 10.0.0.1\n</VirtualHost>";
like remarks('NTLMThrottle 10/300', sprintf $vhosts, ''), qr{server a\.test believes}, '... with a warning: another host says it';
unlike remarks('NTLMThrottle 10/300', sprintf $vhosts, "RemoteIPTrustedProxy 10.0.0.1\n"), $CHOSEN, '... without one';
unlike remarks('NTLMThrottle 10/300', "RemoteIPInternalProxy 10.0.0.2\n" . sprintf $vhosts, ''), $CHOSEN, '... without one: it is for all';

# ---- the store ----
refuses 'a provider that is not loaded', qr{NTLMThrottle needs the store 'shmcb'.*load mod_socache_shmcb \(Debian: a2enmod socache_shmcb\)},
    'NTLMThrottle 10/300', modules => [];
refuses 'a provider that does not exist', qr{NTLMThrottle needs the store 'sqlite'.*write another NTLMThrottleStore},
    'NTLMThrottle 10/300', server => 'NTLMThrottleStore sqlite:x';
refuses 'redis without a host', qr{NTLMThrottleStore redis: .*server names}, 'NTLMThrottle 10/300',
    server => 'NTLMThrottleStore redis', modules => ['socache_redis'];
refuses 'a store whose size is no number', qr{NTLMThrottleStore shmcb:x\(many\): .*size}, 'NTLMThrottle 10/300',
    server => 'NTLMThrottleStore shmcb:x(many)';
refuses 'NTLMThrottleStore in a section', qr{NTLMThrottleStore.*not allowed (?:here|in)}, 'NTLMThrottleStore shmcb';
refuses 'NTLMThrottleStore in a virtual host', qr{NTLMThrottleStore cannot occur within <VirtualHost>},
    'NTLMThrottle 10/300', server => "<VirtualHost *>\nNTLMThrottleStore shmcb\n</VirtualHost>";
accepts 'off without any store', 'NTLMThrottle off', modules => [];
accepts 'no NTLMThrottle and a store that is not loaded', '', modules => [], server => 'NTLMThrottleStore redis:x';
accepts 'a store with a size', 'NTLMThrottle 10/300', server => 'NTLMThrottleStore shmcb:counts(4000000)';
accepts 'redis that is not there yet', 'NTLMThrottle 10/300', modules => ['socache_redis'],
    server => 'NTLMThrottleStore redis:127.0.0.1:' . Port::take();

done_testing;
