# A proxy may send many clients' requests over one connection: a request that came
# through one borrows no login from the connection, and leaves none behind.

use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib";
use Test::More;

use NTLM::Accounts qw(account);
use NTLM::Connection;
use NTLM::Expect;

my $place = '/secret/echo';
my %alice = account('alice');

# The requests of these headers come through a proxy.
sub never_borrows {
    my ($sentence, $vhost, @through) = @_;
    subtest $sentence => sub {
        my $connection = NTLM::Connection->new(vhost => $vhost);
        welcomed($connection->login($place, %alice), 'alice', 'a login without a proxy');
        refused($connection->request(GET => $place, [@through]), 'is not for a request through one');

        $connection = NTLM::Connection->new(vhost => $vhost);
        challenged($connection->type1($place, headers => [@through]), 'a challenge through a proxy');
        welcomed($connection->type3($place, %alice, headers => [@through]), 'alice', 'a login through it');
        refused($connection->request(GET => $place, [@through]), 'is for that request only');
        refused($connection->get($place), 'and leaves nothing for one that came directly');
    };
}

never_borrows('Via',             'web.test', 'Via' => '1.1 front');
never_borrows('X-Forwarded-For', 'web.test', 'X-Forwarded-For' => '192.0.2.1');
never_borrows('Forwarded',       'web.test', 'Forwarded' => 'for=192.0.2.1');
never_borrows('X-Real-IP',       'web.test', 'X-Real-IP' => '192.0.2.1');
never_borrows('Proxy-Support',   'web.test', 'Proxy-Support' => 'Session-Based-Authentication');
never_borrows($_, 'web.test', $_ => '192.0.2.1')
    for qw(X-Forwarded-Host X-Forwarded-Server X-Forwarded-Proto X-Client-IP True-Client-IP CF-Connecting-IP X-Forwarded-Port
    X-Envoy-External-Address X-Varnish Client-IP Proxy-Client-IP WL-Proxy-Client-IP X-Original-URL X-ARR-LOG-ID X-Azure-ClientIP
    X-BlueCoat-Via Akamai-Origin-Hop Surrogate-Capability);
never_borrows("$_, which the server takes away early", 'stripped.test', $_ => '192.0.2.1') for qw(X-Forwarded-For Via);
never_borrows('mod_remoteip, whose header holds a private address that it does not take',
    'trusted.test', 'X-Client' => '10.1.2.3');
never_borrows('the header of mod_remoteip at a host that does not use it', 'web.test', 'X-Client' => '10.1.2.3');
never_borrows('mod_remoteip with a trusted proxy',   'trusted.test',  'X-Client' => '192.0.2.1');
never_borrows('mod_remoteip with an internal proxy', 'internal.test', 'X-Client' => '192.0.2.1');
never_borrows('mod_remoteip with a client on the proxy itself', 'internal.test', 'X-Client' => '127.0.0.1');

subtest 'NTLMProxied refuse: there is no login through a proxy' => sub {
    my $connection = NTLM::Connection->new;
    my @through    = (Via => '1.1 front');
    refused($connection->type1('/direct/echo', headers => \@through), 'a Type 1 through a proxy');
    status_is('proxied-refused');
    challenged($connection->type1('/direct/echo'), 'a direct one');
    refused($connection->type3('/direct/echo', %alice, headers => \@through), 'its answer through a proxy');
    status_is('proxied-refused');
    refused($connection->type3('/direct/echo', %alice), 'has spent the challenge');
    welcomed($connection->login('/direct/echo', %alice), 'alice', 'a direct login');
    refused($connection->request(GET => '/direct/echo', \@through), 'is not for a request through a proxy');
    refused($connection->get('/direct/echo'), 'and ends with that');
};

subtest 'NTLMProxied trust: a request through a proxy is as good as a direct one' => sub {
    my $connection = NTLM::Connection->new;
    my @through    = ('X-Forwarded-For' => '192.0.2.1');
    challenged($connection->type1('/trusted/echo', headers => \@through), 'a challenge through a proxy');
    my $response = $connection->type3('/trusted/echo', %alice, headers => \@through);
    welcomed($response, 'alice', 'a login through it');
    is($response->header('Persistent-Auth'), 'true', 'stays');
    welcomed($connection->request(GET => '/trusted/echo', \@through), 'alice', 'for the next request');
    refused(NTLM::Connection->new->request(GET => '/trusted/echo', \@through), 'on that connection only');
};

done_testing;
