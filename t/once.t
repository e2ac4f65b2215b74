# A client request may be many requests inside httpd: redirects, error documents, included
# parts. Its token is processed once, and its response has one challenge.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib";
use Test::More;

use NTLM::Accounts qw(account);
use NTLM::Connection;
use NTLM::Expect;
use NTLM::Log;

my %alice = account('alice');

sub connection { return NTLM::Connection->new }

sub log_is {
    my ($sentence, @statuses) = @_;
    is_deeply([NTLM::Log::statuses()], \@statuses, $sentence);
}

# A whole login at a place that httpd reaches on a detour.
sub detour {
    my ($sentence, $place, $page) = @_;
    subtest $sentence => sub {
        my $connection = connection();
        NTLM::Log::mark();
        refused($connection->get($place), 'without credentials: one offer');
        log_is('one line', 'no-credentials');

        NTLM::Log::mark();
        challenged($connection->type1($place), 'with a Type 1: one challenge');
        log_is('one line', 'challenge-sent');

        NTLM::Log::mark();
        my $response = $connection->type3($place, %alice, nt_hash => '0' x 32);
        refused($response, 'with a wrong Type 3: one offer');
        log_is('one line', 'wrong-password');

        challenged($connection->type1($place), 'with a Type 1 again: one challenge');
        NTLM::Log::mark();
        $response = $connection->type3($place, %alice);
        is($response->status, 200, 'with the right Type 3: the page') or diag $response->seen_by_client;
        like($response->body, $page, 'that was meant');
        ok(!$response->header('WWW-Authenticate'), 'and no offer');
        log_is('one line', 'ok');

        $response = $connection->get($place);
        like($response->body, $page, 'then without a token');
    };
}

detour('A page',                              '/secret/index.html',  qr/the page of secret/);
detour('The index of a directory',            '/secret/',            qr/the page of secret/);
detour('An index that lies in another place', '/indexed/',           qr/the page of secret/);
detour('An open directory with its index in a protected place', '/index-elsewhere/', qr/the page of secret/);
detour('A page that is chosen from several', '/secret/choice',       qr/the page that was chosen/);
detour('A rewrite from an open directory',    '/public-alias/echo',  qr/^REMOTE_USER=alice$/m);
detour('A rewrite to an index',               '/public-alias/',      qr/the page of secret/);
detour('An ErrorDocument inside the protected tree', '/err/index.html', qr/the page of err/);
detour('An ErrorDocument in a tree with other accounts', '/err-elsewhere/index.html', qr/the page of err-elsewhere/);
detour('A page that includes others',         '/secret/page.shtml',
    qr/outer page, an included part\s*, <title>again.*the page of again/s);

subtest 'A page with a token, and a missing file behind it' => sub {
    my $connection = connection();
    NTLM::Log::mark();
    challenged($connection->type1('/err/nothing'), 'the login comes first');
    is($connection->type3('/err/nothing', %alice)->status, 404, 'then the page is missing');
    log_is('the token was processed once', 'challenge-sent', 'ok');
    is($connection->get('/err/index.html')->status, 200, 'alice is logged in');
};

subtest 'An open page that includes a protected part is served without it' => sub {
    my $connection = connection();
    my $response   = $connection->get('/open/page.shtml');
    is($response->status, 200, 'the page');
    like($response->body, qr/open page/, 'is there');
    unlike($response->body, qr/an included part/, 'the part is not');
    ok(!$response->header('WWW-Authenticate'), 'and nobody asks for a login');
    welcomed($connection->login('/secret/echo', %alice), 'alice', 'after a login');
    like($connection->get('/open/page.shtml')->body, qr/an included part/, 'the part is there');
};

subtest 'A page that includes a part with other accounts is served without it' => sub {
    my $connection = connection();
    for my $response ($connection->login('/secret/mixed.shtml', %alice), $connection->get('/secret/mixed.shtml')) {
        like($response->body, qr/mixed page/, 'the page is there');
        unlike($response->body, qr/the page of other/, 'the part is not');
    }
};

for my $body ('', 'x' x 5000) {
    subtest 'Who looks ahead for the user leaves the connection open: ' . length($body) . ' bytes with Expect' => sub {
        my $connection = NTLM::Connection->new(vhost => 'ahead.test');
        NTLM::Log::mark();
        challenged($connection->type1('/secret/echo', method => 'PUT', headers => [Expect => '100-continue'], body => $body),
            'a Type 1');
        log_is('one line', 'challenge-sent');
        welcomed($connection->type3('/secret/echo', %alice, method => 'PUT', body => $body), 'alice', 'the Type 3');
    };
}

subtest 'An open directory with its index in a protected place, and Expect' => sub {
    my $connection = connection();
    challenged($connection->type1('/index-elsewhere/', headers => [Expect => '100-continue'], body => ''), 'a Type 1');
    is($connection->type3('/index-elsewhere/', %alice)->status, 200, 'the Type 3');
};

subtest 'Other accounts need another login' => sub {
    my $connection = connection();
    welcomed($connection->login('/secret/echo', %alice), 'alice', 'a login');
    refused($connection->get('/other/echo'), 'is none where other accounts are asked');
    status_is('no-credentials');
    refused($connection->login('/other/echo', %alice), "this alice's password is wrong there");
    status_is('wrong-password');
    welcomed($connection->login('/other/echo', account('oscar', 'other')), 'oscar', 'oscar logs in there');
    refused($connection->get('/secret/echo'), 'and is nobody in the first place');
    refused($connection->login('/secret/echo', account('oscar', 'other')), 'where nobody knows him');
    status_is('no-such-user');
};

subtest 'Other rules need another login' => sub {
    my $connection = connection();
    welcomed($connection->login('/secret/echo', %alice, domain => 'ELSEWHERE'), 'alice', 'a login that names any domain');
    refused($connection->get('/corponly/echo'), 'is none where one domain is accepted');
};

subtest 'Another host on the connection needs another login' => sub {
    my $connection = connection();
    my $at = sub { $connection->request(GET => '/secret/echo', [Host => $_[0]]) };
    welcomed($connection->login('/secret/echo', %alice), 'alice', 'a login at web.test');
    refused($at->('other.test'), 'is none at other.test');
    refused($at->('twin.test'), 'nor at twin.test, which has the same accounts');
    $connection->{vhost} = 'other.test';
    welcomed($connection->login('/secret/echo', account('victor', 'vhost')), 'victor', 'victor logs in at other.test');
    refused($at->('web.test'), 'and is nobody at web.test');
    refused($connection->login('/secret/echo', %alice), 'alice is nobody at other.test');
    status_is('no-such-user');
};

subtest 'A challenge for one host is not answered at another' => sub {
    my $connection = connection();
    challenged($connection->type1('/secret/echo'), 'a challenge from web.test');
    $connection->{vhost} = 'other.test';
    refused($connection->type3('/secret/echo', %alice), 'its answer, sent to other.test');
    refused($connection->get('/secret/echo'), 'logs nobody in there');
    $connection->{vhost} = 'web.test';
    refused($connection->get('/secret/echo'), 'nor here');
};

done_testing;
