# Who is asked for a login: what Require, AuthMerging and Satisfy say.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib";
use Test::More;

use NTLM::Accounts qw(account);
use NTLM::Connection;
use NTLM::Expect;
use NTLM::Server;

my %alice = account('alice');
my %bob   = account('bob');

sub served_without_login {
    my ($place, $sentence) = @_;
    subtest $sentence => sub {
        my $connection = NTLM::Connection->new;
        my $response   = $connection->get($place);
        is($response->status, 200, 'the page');
        is($response->echo->{REMOTE_USER}, undef, 'for nobody in particular');
        ok(!$response->header('WWW-Authenticate'), 'and no offer');
        $response = $connection->login($place, %alice);
        is($response->status, 200, 'a Type 1 is not looked at');
    };
}

sub needs_login {
    my ($place, $sentence) = @_;
    subtest $sentence => sub {
        my $connection = NTLM::Connection->new;
        refused($connection->get($place), 'without a login: an offer');
        refused($connection->login($place, %alice, nt_hash => '0' x 32), 'a wrong password');
        welcomed($connection->login($place, %alice), 'alice', 'a login');
        welcomed($connection->get($place), 'alice', 'then without a token');
    };
}

served_without_login('/authz/granted/echo', 'Require all granted');
served_without_login('/authz/address/echo', 'an address or a login: the address is enough');
needs_login('/authz/elsewhere/echo', 'an address or a login: another address needs the login');
needs_login('/authz/all/echo',       'an address and a login: the address is not enough');
needs_login('/authz/preflight/echo', 'a method or a login: another method needs the login');
needs_login('/authz/domain/echo',    'an expression over REMOTE_USER and NTLM_DOMAIN');

SKIP: {
    skip 'mod_access_compat is not there', 2 if !NTLM::Server::has_module('access_compat');
    served_without_login('/authz/any/echo', 'Satisfy Any: the address is enough');
    needs_login('/authz/neither/echo', 'Satisfy Any: another address needs the login');
}

subtest 'a method or a login: the method is enough' => sub {
    my $response = NTLM::Connection->new->request(OPTIONS => '/authz/preflight/echo');
    is($response->status, 200, 'OPTIONS is served');
    is($response->echo->{REMOTE_USER}, undef, 'for nobody in particular');
};

subtest 'AuthMerging And: both sections must let the user in' => sub {
    my $connection = NTLM::Connection->new;
    is($connection->login('/authz/outer/and/echo', %alice)->status, 403, 'alice is in one of them');
    welcomed($connection->login('/authz/outer/and/echo', %bob), 'bob', 'bob is in both');
};

done_testing;
