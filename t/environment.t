# What scripts and the access log are told about a login.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib";
use Test::More;

use MIME::Base64 qw(encode_base64);
use NTLM::Accounts qw(account);
use NTLM::Connection;
use NTLM::Expect;
use NTLM::Scheme;
use NTLM::Server;

my %alice = account('alice');
my $place = '/secret/echo';
my $SCHEME = NTLM::Scheme::word_of_test();

sub environment_is {
    my ($response, $expected, $sentence) = @_;
    my $echo = $response->echo;
    is_deeply({map { $_ => $echo->{$_} } grep { /^NTLM_/ } keys %$echo}, $expected, $sentence)
        or diag explain $echo;
}

sub login {
    my %login = (
        NTLM_USER         => 'alice',
        NTLM_DOMAIN       => 'CORP',
        NTLM_WORKSTATION  => 'WS1',
        NTLM_STATUS       => 'ok',
        NTLM_SUBSTATUS    => '0',
        NTLM_WIN32_STATUS => '0',
        NTLM_SOURCE       => 'file',
        NTLM_MIC          => 'ok',
        NTLM_BINDING      => 'absent',
        NTLM_SERVICE      => 'absent',
        NTLM_SCHEME       => $SCHEME,
        @_,
    );
    @login{qw(NTLM_MECHS NTLM_WHY)} = NTLM::Scheme::shown($login{NTLM_SERVICE}) if $SCHEME ne 'NTLM';
    return %login;
}
my %login = login();

subtest 'A script is told who logged in, and how' => sub {
    my $connection = NTLM::Connection->new;
    environment_is($connection->login($place, %alice), \%login, 'at the login');
    environment_is($connection->get($place), \%login, 'later, when the request has no token');
};

subtest 'It is told what the client has proven, not what it says' => sub {
    my $login = sub { NTLM::Connection->new->login($place, @_) };
    environment_is($login->(%alice, user => 'ALICE', domain => 'ELSEWHERE'), \%login, "another spelling and domain");
    environment_is($login->(%alice, mic => 0), {login(NTLM_MIC => 'absent')}, 'no MIC');
    environment_is($login->(%alice, binding => "\0" x 16), {login(NTLM_BINDING => 'zero')}, 'an empty channel binding');
    environment_is($login->(%alice, binding => "\1" x 16), {login(NTLM_BINDING => 'unchecked')},
        'a channel binding, where there is no channel');
    environment_is($login->(%alice, spn => 'HTTP/web.test'), {login(NTLM_SERVICE => 'ok')}, 'this service');
    environment_is($login->(%alice, spn => 'HTTP/elsewhere.test'), {login(NTLM_SERVICE => 'wrong')}, 'another service');
    environment_is(NTLM::Connection->new->login('/services/off/echo', %alice, spn => 'HTTP/intranet'),
        {login(NTLM_SERVICE => 'ok')}, 'a service that is listed, where none is demanded');
    environment_is($login->(account('carol')), {login(NTLM_USER => 'carol')}, 'an account with a domain');
    my $response = $login->(%alice, workstation => '');
    environment_is($response, {map { $_ => $login{$_} } grep { $_ ne 'NTLM_WORKSTATION' } keys %login}, 'no workstation');
};

subtest 'A client cannot set these variables' => sub {
    my @forged   = ('NTLM_USER' => 'root', 'NTLM-User' => 'root', 'Remote-User' => 'root');
    my $response = NTLM::Connection->new->login($place, %alice, headers => \@forged);
    environment_is($response, \%login, 'by headers');
    welcomed($response, 'alice', 'nor who it is');
};

subtest 'A configuration cannot set them, either, and its own ones stay' => sub {
    my $connection = NTLM::Connection->new;
    my %expected   = (%login, NTLM_OWN => 'stays');
    my @spoken     = ('X-Say' => 'this');
    for my $response ($connection->login($place, %alice, headers => \@spoken), $connection->request(GET => $place, \@spoken)) {
        environment_is($response, \%expected, 'variables of a request that has some already');
        unlike($response->body, qr/root/, 'none of which is left under any spelling');
    }
};

subtest 'A script never sees the token' => sub {
    my $connection = NTLM::Connection->new;
    my $body       = $connection->login($place, %alice)->body;
    unlike($body, qr/AUTHORIZATION/i, 'no such variable');
    unlike($body, qr/\Q@{[encode_base64($connection->{type3}, '')]}/, 'nor its value anywhere');
};

# ---- the access log ----

my $requests = 0;

# The line about a request that $ask sends, given the headers that mark it.
sub access_line {
    my ($ask) = @_;
    my $mark = join '-', 'environment', $$, ++$requests;
    $ask->(headers => ['X-Test' => $mark]);
    return NTLM::Server::access_line($mark);
}

sub line_is {
    my ($line, $expected, $sentence) = @_;
    my %found = map { $_ => $line->{$_} } keys %$expected;
    is_deeply(\%found, $expected, $sentence) or diag explain $line;
}

my %nobody = map { $_ => '-' } qw(user NTLM_USER NTLM_DOMAIN NTLM_WORKSTATION NTLM_SOURCE NTLM_MIC NTLM_BINDING NTLM_SERVICE NTLM_SCHEME);

subtest 'The access log can carry what IIS logs' => sub {
    my $connection = NTLM::Connection->new;
    my $line = access_line(sub { $connection->request(GET => $place, {@_}->{headers}) });
    line_is($line, {%nobody, status => 401, NTLM_STATUS => 'no-credentials', NTLM_SUBSTATUS => 2,
        NTLM_WIN32_STATUS => 2148074254}, '401 2 2148074254: no credentials');

    $line = access_line(sub { $connection->type1($place, @_) });
    line_is($line, {%nobody, status => 401, NTLM_STATUS => 'challenge-sent', NTLM_SUBSTATUS => 1,
        NTLM_WIN32_STATUS => 0, NTLM_SCHEME => $SCHEME}, '401 1 0: a challenge');

    $line = access_line(sub { $connection->type3($place, %alice, nt_hash => '0' x 32, @_) });
    line_is($line, {status => 401, user => '-', NTLM_STATUS => 'wrong-password', NTLM_SUBSTATUS => 1,
        NTLM_WIN32_STATUS => 2148074252, NTLM_USER => 'alice', NTLM_DOMAIN => 'CORP',
        NTLM_WORKSTATION => 'WS1', NTLM_SCHEME => $SCHEME}, '401 1 2148074252: a wrong password');

    $connection->type1($place);
    $line = access_line(sub { $connection->type3($place, %alice, @_) });
    line_is($line, {%login, status => 200, user => 'alice'}, '200 0 0: a login');

    $line = access_line(sub { $connection->request(GET => $place, {@_}->{headers}) });
    line_is($line, {%login, status => 200, user => 'alice'}, '200 0 0: the same user later');
};

subtest 'An ErrorDocument does not hide why a login was refused' => sub {
    for my $where ('/err/index.html', '/err-elsewhere/index.html') {
        my $connection = NTLM::Connection->new;
        $connection->type1($where);
        my $line = access_line(sub { $connection->type3($where, %alice, kind => 'ntlmv1', @_) });
        line_is($line, {status => 401, NTLM_STATUS => 'ntlmv1', NTLM_USER => 'alice'}, $where);
    }
};

subtest 'A request that was answered before its login is given up keeps its line' => sub {
    my $connection = NTLM::Connection->new;
    $connection->login('/secret/index.html', %alice);
    my @marks = map { join '-', 'pipelined', $$, $_ } 1 .. 2;
    my $type1 = $connection->credentials(NTLM::Message::type1() . 'A' x 2000);
    $connection->send_bytes(join '', map { "GET /secret/index.html HTTP/1.1\r\nHost: web.test\r\n$_\r\n\r\n" }
            "X-Test: $marks[0]", "X-Test: $marks[1]\r\nAuthorization: $type1");
    $connection->{asked} = 'GET';
    is($connection->read_response->status, $_, "status $_") for 200, 401;
    line_is(NTLM::Server::access_line($marks[0]), {%login, status => 200, user => 'alice'},
        'the one before it');
    line_is(NTLM::Server::access_line($marks[1]), {%nobody, NTLM_SCHEME => $SCHEME, NTLM_STATUS => 'challenge-sent', status => 401},
        'the one that ends it');
};

subtest 'A message that cannot be read tells nothing' => sub {
    my $line = access_line(sub { NTLM::Connection->new->token($place, 'nonsense', @_) });
    line_is($line, {%nobody, NTLM_SCHEME => $SCHEME, NTLM_STATUS => NTLM::Scheme::no_message()}, 'but that it was malformed');
};

done_testing;
