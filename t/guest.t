# Require ntlm-or-guest: everybody is served, and whoever is logged in is greeted.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib";
use Test::More;

use NTLM::Accounts qw(account);
use NTLM::Connection;
use NTLM::Expect;
use NTLM::Log ();
use NTLM::Scheme;

my %alice = account('alice');
my %bob   = account('bob');
my @PROXY = ('X-Forwarded-For' => '192.0.2.7');

sub logged_in {
    my $connection = NTLM::Connection->new;
    welcomed($connection->login('/secret/echo', %alice), 'alice', 'alice logs in elsewhere');
    return $connection;
}

# 200 for nobody in particular, and nothing that makes a browser ask for a password.
sub is_guest {
    my ($response, $sentence) = @_;
    local $Test::Builder::Level = $Test::Builder::Level + 1;
    my @known = grep { /^(?:REMOTE_USER|AUTH_TYPE|NTLM_)/ } keys %{$response->echo};
    ok($response->status == 200 && !@known && !$response->header('WWW-Authenticate'), $sentence)
        or diag $response->seen_by_client;
    return;
}

sub cache_control { return join '|', $_[0]->header('Cache-Control') }
sub vary          { return join '|', $_[0]->header('Vary') }

subtest 'A guest is served without a word about logins' => sub {
    my $connection = NTLM::Connection->new;
    my $before     = NTLM::Log::last_status() // '';
    is_guest($connection->get('/guest/echo'), 'a guest') for 1 .. 2;
    is_guest($connection->request(POST => '/guest/echo', [], 'x' x 100), '... whatever the method');
    is(NTLM::Log::last_status() // '', $before, 'the log has nothing to say of it');
};

subtest 'Who has logged in elsewhere on this connection is greeted' => sub {
    my $connection = logged_in();
    my $response   = $connection->get('/guest/echo');
    welcomed($response, 'alice', 'the page knows alice');
    is($response->echo->{AUTH_TYPE}, NTLM::Scheme::word_of_test(), '... by NTLM');
    is($response->echo->{NTLM_USER}, 'alice', '... with her variables');
    is_guest(NTLM::Connection->new->get('/guest/echo'), 'another connection is a guest');
    welcomed($connection->get('/secret/echo'), 'alice', 'her login is as it was');
};

subtest 'A token is processed, and its login stays' => sub {
    my $connection = NTLM::Connection->new;
    challenged($connection->type1('/guest/echo'), 'a Type 1 is answered');
    welcomed($connection->type3('/guest/echo', %alice), 'alice', 'a Type 3 logs in');
    welcomed($connection->get('/guest/echo'), 'alice', '... for the next request as well');
    welcomed($connection->get('/secret/echo'), 'alice', '... and elsewhere');
    welcomed($connection->login('/guest/echo', %bob), 'bob', "bob's login replaces it");
    welcomed($connection->get('/guest/echo'), 'bob', '... and the page knows bob');
};

subtest 'A token that is wrong is refused' => sub {
    my $connection = logged_in();
    refused($connection->login('/guest/echo', %alice, nt_hash => '0' x 32), 'a wrong password');
    status_is('wrong-password');
    is_guest($connection->get('/guest/echo'), '... has ended her login: a guest again');
    refused($connection->request(GET => '/guest/echo', [Authorization => NTLM::Scheme::word_of_test() . ' x']), 'what is no token');
    status_is('malformed');
    refused($connection->type3('/guest/echo', %alice), 'an answer without a challenge');
};

subtest 'What is said of a 401 is said to a guest' => sub {
    my $connection = NTLM::Connection->new;
    my $response   = $connection->login('/guest/err/echo', %alice, nt_hash => '0' x 32);
    refused($response, 'a wrong password');
    is($response->echo->{REMOTE_USER}, undef, '... has the page for it, which lies at such a place, too');
    is($response->echo->{REQUEST_METHOD}, 'GET', '... and was made');
};

subtest 'Credentials of others are not ours: their sender is a guest' => sub {
    my $connection = logged_in();
    for my $other (NTLM::Scheme::not_taken('Basic YWxpY2U6U2VjcjN0IXB3', 'Bearer xyz', 'Negotiate TlRMTVNTUAABAAAA')) {
        is_guest($connection->request(GET => '/guest/echo', [Authorization => $other]), $other);
    }
};

subtest 'A login is good for its scope' => sub {
    my $connection = logged_in();
    is_guest($connection->get('/guest/other/echo'), 'for other accounts alice is a guest');
    welcomed($connection->get('/guest/echo'), 'alice', '... and keeps her login');
};

subtest 'Where each request logs in, the next one is a guest' => sub {
    my $connection = logged_in();
    is_guest($connection->get('/guest/single/echo'), 'a login that stays is none there');
    welcomed($connection->login('/guest/single/echo', %bob), 'bob', 'a login');
    is_guest($connection->get('/guest/single/echo'), '... is good for one request');
};

subtest "A proxy's request borrows no login" => sub {
    my $connection = logged_in();
    is_guest($connection->request(GET => '/guest/echo', \@PROXY), 'one that came through a proxy');
    welcomed($connection->get('/guest/echo'), 'alice', 'one that did not');
    welcomed($connection->login('/guest/echo', %bob, headers => \@PROXY), 'bob', 'its own token is good');
    is_guest($connection->request(GET => '/guest/echo', \@PROXY), '... for itself');
    $connection = logged_in();
    is_guest($connection->request(GET => '/guest/direct/echo', \@PROXY), 'NTLMProxied refuse: a guest is served');
    refused($connection->type1('/guest/direct/echo', headers => \@PROXY), '... a token is not');
};

subtest 'Without TLS, where it is required, all are guests' => sub {
    my $connection = logged_in();
    is_guest($connection->get('/guest/tls/echo'), 'a login without TLS is none there');
    is($connection->type1('/guest/tls/echo')->status, 403, 'a token is refused');
    status_is('tls-required');
};

subtest 'What else Require says holds' => sub {
    is(NTLM::Connection->new->get('/guest/elsewhere/echo')->status, 403, 'a guest from a wrong address');
    is(logged_in()->get('/guest/elsewhere/echo')->status, 403, '... and alice');
    my $connection = NTLM::Connection->new;
    refused($connection->get('/guest/alices/echo'), 'a guest where alice is wanted, too');
    is($connection->login('/guest/alices/echo', %bob)->status, 403, '... bob');
    welcomed($connection->login('/guest/alices/echo', %alice), 'alice', '... alice');
};

subtest 'Where nobody can log in, a token is no trouble' => sub {
    is_guest(NTLM::Connection->new->get('/guest/nobodys/echo'), 'AuthType None');
    is_guest(logged_in()->get('/guest/nobodys/echo'), '... knows nobody');
    is_guest(NTLM::Connection->new->type1('/guest/nobodys/echo'), '... and looks at no token');
};

subtest 'A part of another page greets as well' => sub {
    my $known      = qr/^REMOTE_USER=alice$/m;
    my $connection = NTLM::Connection->new;
    my $body       = $connection->get('/open/guest.shtml')->body;
    like($body, qr/REQUEST_METHOD=GET/, 'a guest gets the part of an open page');
    unlike($body, $known, '... for nobody');
    $connection = logged_in();
    like($connection->get('/open/guest.shtml')->body, $known, 'alice is greeted there');
    challenged($connection->type1('/secret/echo'), 'she begins anew');
    like($connection->type3('/open/guest.shtml', %alice, unasked => 1)->body, $known, '... and is greeted by her Type 3');
    for my $response ($connection->get('/secret/guest.shtml'), logged_in()->login('/secret/guest.shtml', %alice)) {
        my ($same, $other) = split /, /, $response->body =~ s/^.*?, //sr;
        like($same, $known, 'a part of a page of hers greets her');
        unlike($other, qr/REQUEST_METHOD/, '... one with other accounts does not: httpd would tell it her name');
    }
};

subtest 'A login with other accounts leads to no page that would take the name for one of theirs' => sub {
    for my $response (logged_in()->get('/guest/indexed/'), NTLM::Connection->new->login('/guest/indexed/', %alice)) {
        is($response->status, 401, 'alice is refused');
        unlike($response->body, qr/REMOTE_USER/, '... and nobody is greeted');
    }
    is_guest(NTLM::Connection->new->get('/guest/indexed/'), 'a guest is served');
};

subtest 'Caches are told what is for whom' => sub {
    my $connection = NTLM::Connection->new;
    my $guest      = $connection->get('/guest/echo');
    is(cache_control($guest), 'no-cache', "a guest's page is asked for again each time");
    is(vary($guest), 'Authorization', '... and is none for a token');
    $guest = $connection->get('/guest/says/echo');
    is(cache_control($guest), 'max-age=60', 'what the application says of caches is kept');
    is(vary($guest), 'Accept,Authorization', '... and what it says of headers');
    is(cache_control($connection->get('/guest/nothing')), 'no-cache', 'an error is told the same');
    is(cache_control($connection->type1('/guest/echo')), 'private', 'a challenge is private');
    my $login = $connection->type3('/guest/echo', %alice);
    for my $response ($login, $connection->get('/guest/echo')) {
        is(cache_control($response), 'private', "alice's page is for her alone");
    }
    is(cache_control($connection->get('/guest/other/echo')), 'private', '... also where she is a guest');
    is(cache_control($connection->get('/guest/says/echo')), 'max-age=60, private', '... whatever the application says');
    is(cache_control(NTLM::Connection->new->get('/open/echo')), '', 'nothing is said of a page that greets nobody');
};

done_testing;
