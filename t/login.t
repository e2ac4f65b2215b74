# A login against the password file.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib";
use Test::More;

use utf8;
use Digest::SHA qw(sha256_hex);
use Encode qw(encode);
use NTLM::Accounts qw(account);
use NTLM::Connection;
use NTLM::Expect;
use NTLM::Scheme;

sub connection { return NTLM::Connection->new }

sub logs_in {
    my ($sentence, $user, %credentials) = @_;
    welcomed(connection()->login('/secret/echo', %credentials), $user, $sentence);
    status_is('ok');
}

sub does_not_log_in {
    my ($sentence, $status, %credentials) = @_;
    refused(connection()->login('/secret/echo', %credentials), $sentence);
    status_is($status);
}

my %wrong = (nt_hash => '00112233445566778899aabbccddeeff');

subtest 'A page is offered NTLM, and nothing else' => sub {
    my $connection = connection();
    refused($connection->get('/secret/index.html'), 'without credentials');
    status_is('no-credentials');
    is($connection->get('/open/index.html')->status, 200, 'the open page beside it is served on that connection');
};

subtest 'The right password logs in' => sub {
    my $connection = connection();
    welcomed($connection->login('/secret/echo', account('alice')), 'alice', 'alice');
    welcomed($connection->get('/secret/echo'), 'alice', 'the next request on that connection needs no login');
    welcomed($connection->get('/again/echo'), 'alice', 'nor does a section with the same accounts and rules');
    is($connection->get('/secret/echo')->echo->{AUTH_TYPE}, NTLM::Scheme::word_of_test(), 'AUTH_TYPE says so');
    refused(connection()->get('/secret/echo'), 'another connection does need one');
    logs_in('bob', 'bob', account('bob'));
};

subtest 'Who is logged in is spelled as the password file spells it' => sub {
    logs_in('ALICE is alice', 'alice', account('alice'), user => 'ALICE');
    logs_in('carol is CORP\carol', 'CORP\carol', account('carol'));
    logs_in('Carol of corp is CORP\carol', 'CORP\carol', account('carol'), user => 'Carol', domain => 'corp');
    logs_in('carol without a domain, too: NTLMDomain is hers', 'CORP\carol', account('carol'), domain => '');
    logs_in('jürgen', encode('UTF-8', 'jürgen'), account('jürgen'));
    logs_in('JÜRGEN', encode('UTF-8', 'jürgen'), account('jürgen'), user => 'JÜRGEN');
};

subtest 'Clients name the domain in many ways' => sub {
    my %alice = account('alice');
    logs_in('none',                        'alice', %alice, domain => '');
    logs_in('another one',                 'alice', %alice, domain => 'ELSEWHERE');
    logs_in('one that it does not hash',   'alice', %alice, hash_domain => '');
    logs_in('one that it hashes in capitals', 'alice', %alice, domain => 'corp', hash_domain => 'CORP');
    logs_in('in the user name, DOMAIN\user', 'alice', %alice, user => 'CORP\alice', domain => '');
    logs_in('in the user name, user@domain', 'alice', %alice, user => 'alice@corp.example.com', domain => '');
};

subtest 'Clients differ in what they send' => sub {
    my %alice = account('alice');
    logs_in('no MIC',                               'alice', %alice, mic => 0, header => 64);
    logs_in('no MIC, with a version',               'alice', %alice, mic => 0, header => 72);
    logs_in('a MIC without a version before it',    'alice', %alice, flags => 0x00088207, header => 80);
    logs_in('a session key',                        'alice', %alice, flags => 0xe2088297);
    logs_in('a channel binding and a target name',  'alice', %alice, binding => "\1" x 16, spn => 'HTTP/web.test');
    logs_in('no zeros behind the AV pairs',         'alice', %alice, trailer => '');
    logs_in('many bytes behind the AV pairs',       'alice', %alice, trailer => "\xa5" x 100);
    logs_in('another order of the AV pairs',        'alice', %alice, edit => sub { @{$_[0]} = reverse @{$_[0]} });
    logs_in('an AV pair that nobody knows',         'alice', %alice, edit => sub { push @{$_[0]}, [99, 'abc'] });
    logs_in('a clock of its own',                   'alice', %alice, time => "\0" x 8);
};

subtest 'Who has no right password stays outside' => sub {
    does_not_log_in('a wrong password', 'wrong-password', account('alice'), %wrong);
    does_not_log_in("another user's password", 'wrong-password', account('alice'), nt_hash => {account('bob')}->{nt_hash});
    does_not_log_in('an unknown user', 'no-such-user', account('alice'), user => 'mallory');
    does_not_log_in('a disabled account', 'account-disabled', account('dora'));
    does_not_log_in('a disabled account, with a wrong password', 'wrong-password', account('dora'), %wrong);
    does_not_log_in('a blank password', 'blank-password', account('erin'));
    does_not_log_in("somebody of a domain that is not carol's", 'no-such-user', account('carol'), domain => 'ELSEWHERE');

    my $connection = connection();
    $connection->login('/secret/echo', account('alice'), %wrong);
    refused($connection->get('/secret/echo'), 'and the connection does not forget that');
    welcomed($connection->login('/secret/echo', account('alice')), 'alice', 'but a second try is allowed');
};

subtest 'The body of a request arrives once, after the login' => sub {
    my $connection = connection();
    my $body       = join '', map { chr $_ % 256 } 1 .. 30_000;
    challenged($connection->type1('/secret/echo', method => 'POST', body => ''), 'an empty body with the Type 1');
    my $response = $connection->type3('/secret/echo', account('alice'), method => 'POST', body => $body);
    welcomed($response, 'alice', 'the body with the Type 3');
    is($response->echo->{body_sha256}, sha256_hex($body), 'the script got all of it');
    $response = $connection->request(POST => '/secret/echo', [], 'abc');
    is($response->echo->{body_sha256}, sha256_hex('abc'), 'and later bodies without a token');

    challenged($connection->type1('/secret/echo', method => 'POST', body => ''),
        'an empty body with a Type 1 is no request, even after a login');
    $response = $connection->type3('/secret/echo', account('alice'), method => 'PUT', body => $body);
    is($response->echo->{REQUEST_METHOD}, 'PUT', 'methods are as free as bodies');
};

subtest 'HEAD is answered as GET, without a body' => sub {
    my $connection = connection();
    challenged($connection->type1('/secret/index.html', method => 'HEAD'), 'the challenge');
    my $response = $connection->type3('/secret/index.html', account('alice'), method => 'HEAD');
    is($response->status, 200, 'the page');
    welcomed($connection->get('/secret/echo'), 'alice', 'the login holds');
};

subtest 'A client that says Connection: close is still told what the matter is' => sub {
    my $connection = connection();
    my $response   = $connection->request(GET => '/secret/echo', [Connection => 'close']);
    is($response->status, 401, 'it gets 401');
    is(join('|', $response->header('WWW-Authenticate')), NTLM::Scheme::offers(), 'and the offer');
};

done_testing;
