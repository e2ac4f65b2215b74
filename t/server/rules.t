#!/usr/bin/perl
# The rules that make a login by NTLM worth something, a test for each: docs/security.md has
# them in a table, with the tests that go into their corners.
use strict;
use warnings;
use FindBin qw($Bin);
use lib "$Bin/../lib";
use Basic qw(basic);
use Certificates;
use Guarded;
use MIME::Base64 qw(encode_base64);
use NTLM::Message;
use Test::More;
use Time::HiRes qw(sleep time);

if (my $why = Certificates::missing()) { plan skip_all => $why }
require NTLM::TLS;

my %ALICE = (user => 'alice', domain => 'CORP', nt_hash => 'd9fe524deb5705ac74ea341ff18afe93');
my %BOB   = (user => 'bob',   domain => 'CORP', nt_hash => '27bf1123aae89dc1f94ad95bd7108d01');
my $WRONG = '0' x 32;

my $httpd = Guarded->new(
    modules => [qw(ssl socache_shmcb)],
    ports   => ['CLEAR'],
    places  => {
        '/plain'    => '',
        '/short'    => 'NTLMChallengeLifetime 1',
        '/bound'    => 'NTLMExtendedProtection require',
        '/named'    => 'NTLMServiceNames require',
        '/throttle' => 'NTLMThrottle 3/300',
        '/bobs'     => 'NTLMCredentials file bobs',
        '/basic'    => 'NTLMOffer NTLM Basic',
        '/more'     => 'NTLMOffer NTLM Basic',
    },
    text => sub {
        my ($dir) = @_;
        open my $out, '>', "$dir/bobs" or die "bobs: $!\n";
        print {$out} "bob:$BOB{nt_hash}\n";
        close $out;
        chmod 0640, "$dir/bobs";
        return "LogLevel warn auth_ntlmv2:trace8\nSSLEngine on\n" . Certificates::make($dir, 'own', 'ec')
            . "<LocationMatch \"^/more/\">\nNTLMServiceNames require\n</LocationMatch>\n"
            . "Listen 127.0.0.1:\@CLEAR\@\n<VirtualHost 127.0.0.1:\@CLEAR\@>\nSSLEngine off\n</VirtualHost>\n";
    },
);

sub tls { return NTLM::TLS->new(port => $httpd->{port}, @_) }

sub becomes {
    my ($sentence, $wanted, $connection, $response) = @_;
    local $Test::Builder::Level = $Test::Builder::Level + 1;
    return is($httpd->verdict($connection, $response) =~ s/ binding=.*//r, $wanted, $sentence);
}

# A login on a new connection.
sub attempt {
    my ($sentence, $wanted, $place, @type3) = @_;
    local $Test::Builder::Level = $Test::Builder::Level + 1;
    my $connection = tls();
    becomes($sentence, $wanted, $connection, $connection->login("$place/", %ALICE, @type3));
    return $connection;
}

subtest '1. A nonce is random, and any answer spends it' => sub {
    my %nonces = map { NTLM::Message::parse_type2($_)->{challenge} => 1 }
        map { my $c = tls(); $c->type1('/plain/'); $c->{type2} } 1 .. 20;
    is(keys %nonces, 20, 'no nonce comes twice');
    for my $hash ($ALICE{nt_hash}, $WRONG) {
        my $connection = attempt('an answer', $hash eq $WRONG ? '401 wrong-password' : '200 ok', '/plain', nt_hash => $hash);
        becomes('the same again', '401 replayed', $connection, $connection->token('/plain/', $connection->{type3}));
        becomes('a right one to the same challenge', '401 replayed', $connection, $connection->type3('/plain/', %ALICE))
            if $hash eq $WRONG;
    }
};

subtest "2. A challenge is fresh by this server's clock, whatever the client's says" => sub {
    my $connection = tls();
    $connection->type1('/short/');
    my $asked = time;
    sleep 0.1 while time < $asked + 1.5;
    becomes('an answer after its time', '401 challenge-expired', $connection, $connection->type3('/short/', %ALICE));
    my $years_ago = pack 'Q<', NTLM::Message::FROM_1601;
    attempt('a client whose clock is wrong', '200 ok', '/plain', mic => 0, time => $years_ago);
};

subtest '3. A MIC that is announced must be there and be right' => sub {
    attempt('right',   '200 ok',          '/plain');
    attempt('wrong',   '401 bad-mic',     '/plain', flip_mic => 1);
    attempt('dropped', '401 mic-missing', '/plain', drop_mic => 1);
    attempt('announced twice', '401 malformed', '/plain',
        edit => sub { push @{$_[0]}, [NTLM::Message::AV_FLAGS, pack 'V', 0] });
};

subtest '4. A channel binding must be that of our certificate' => sub {
    attempt('ours',    '200 ok',               '/bound', binding => tls()->binding);
    attempt('another', '401 binding-mismatch', $_, binding => "\1" x 16) for '/bound', '/plain';
    attempt('none, where one is required', '401 binding-required', '/bound');
};

subtest '5. A service that the client signs must be ours' => sub {
    attempt('ours',      '200 ok',               '/named', spn => 'http/127.0.0.1:8443');
    attempt('elsewhere', '401 service-mismatch', '/named', spn => 'HTTP/elsewhere.test');
    attempt('another kind', '401 service-mismatch', '/named', spn => 'cifs/127.0.0.1');
    attempt('none, where one is required', '401 service-required', '/named');
};

subtest '6. Answers of LM, NTLMv1 and NTLM2 session are refused, each by its name' => sub {
    my %status = (ntlmv1 => 'ntlmv1', 'ntlm2-session' => 'ntlm2-session', 'lmv2-only' => 'no-nt-response');
    attempt($_, "401 $status{$_}", '/plain', kind => $_) for sort keys %status;
};

subtest '7. A client cannot tell an unknown user from a wrong password' => sub {
    my @seen = map { tls()->login('/plain/', %ALICE, @$_)->seen_by_client } [user => 'mallory'], [nt_hash => $WRONG];
    like($seen[0], qr/\A401\n(?!.*the protected page)/s, 'an unknown user is refused');
    is($seen[1], $seen[0], 'a wrong password gets the same status, headers and body');
    attempt('the log tells them apart', '401 no-such-user',   '/plain', user => 'mallory');
    attempt('... for administrators',   '401 wrong-password', '/plain', nt_hash => $WRONG);
};

subtest '8. Guessing is refused, and shuts nobody out at another address' => sub {
    attempt("guess $_", '401 wrong-password', '/throttle', nt_hash => $WRONG) for 1 .. 3;
    attempt('the next one, although right', '429 throttled', '/throttle');
    attempt('another user', '200 ok', '/throttle', %BOB);
};

subtest '9. Nothing secret is written to the log, at any level' => sub {
    my $connection = attempt('a login', '200 ok', '/plain');
    my $nt   = NTLM::Message::parse_type3($connection->{type3})->{nt};
    my %bytes = (hash => pack('H*', $ALICE{nt_hash}), proof => substr($nt, 0, 16),
        nonce => NTLM::Message::parse_type2($connection->{type2})->{challenge});
    my $log = lc $httpd->error_log;
    is(index($log, unpack 'H*', $bytes{$_}), -1, "no $_ in hex") for sort keys %bytes;
    is(index($log, lc substr encode_base64($connection->{$_}, ''), 0, 24), -1, "no $_") for qw(type2 type3);
};

subtest '10. A login belongs to one connection, its accounts and its last answer' => sub {
    my $connection = attempt('a login', '200 ok', '/plain');
    becomes('on its connection', '200 ok', $connection, $connection->get('/plain/'));
    my $other = tls();
    becomes('on another one', '401 no-credentials', $other, $other->get('/plain/'));
    becomes('where other accounts count', '401 no-credentials', $connection, $connection->get('/bobs/'));
    becomes('through a proxy', '401 no-credentials', $connection, $connection->request(GET => '/plain/', [Via => '1.1 x']));
    becomes('after that', '200 ok', $connection, $connection->get('/plain/'));
    $connection->type1('/plain/');
    becomes('after a new Type 1', '401 no-credentials', $connection, $connection->get('/plain/'));
};

subtest '11. HTTP/1.0 logs in when it keeps the connection, and is told when it does not' => sub {
    my @alive = (headers => [Connection => 'keep-alive']);
    my $connection = tls(version => '1.0');
    $connection->type1('/plain/', @alive);
    becomes('kept', '200 ok', $connection, $connection->type3('/plain/', %ALICE, @alive));
    $connection = tls(version => '1.0');
    becomes('not kept', '401 connection-will-close', $connection, $connection->type1('/plain/'));
};

subtest '12. Requests are taken in their order, and one without a token withdraws the challenge' => sub {
    my $connection = tls();
    $connection->type1('/plain/');
    $connection->send_request(GET => '/plain/')->send_type3('/plain/', %ALICE);
    is($connection->read_response->status, 401, 'a request between challenge and answer');
    becomes('the answer', '401 not-expected', $connection, $connection->read_response);
};

subtest '13. A password is taken over TLS alone, and never where more than one is demanded' => sub {
    my $clear = NTLM::Connection->new(port => $httpd->{ports}{CLEAR}, vhost => '127.0.0.1');
    for my $row ([tls(), '/basic/', '200 ok'], [tls(), '/more/', '401 basic-refused'], [$clear, '/basic/', '401 basic-refused']) {
        my ($connection, $path, $wanted) = @$row;
        becomes("a password at $path", $wanted, $connection, $connection->request(GET => $path, basic('alice')));
        my $offers = join '|', $connection->get($path)->header('WWW-Authenticate');
        is($offers, $wanted =~ /ok/ ? 'NTLM|Basic realm="NTLM", charset="UTF-8"' : 'NTLM', '... and what is offered');
    }
    like($httpd->error_log, qr/ ntlm: basic-refused: user=alice .* tls=off /, 'the log says so');
};

subtest '14. A login ends when its account does' => sub {
    my $connection = attempt('a login', '200 ok', '/plain');
    my $path = $httpd->write('passwords.new', "alice:$ALICE{nt_hash}:[D]\n", 0640);
    chown 0, scalar getgrnam('www-data'), $path if $> == 0;
    rename $path, $httpd->dir . '/passwords' or die $!;
    my $deadline = time + 15;
    sleep 0.1 while $connection->get('/plain/')->status == 200 && time < $deadline;
    becomes('its connection', '401 no-credentials', $connection, $connection->get('/plain/'));
    like($httpd->error_log, qr/ ntlm: login-ended: user=alice /, 'the log says so');
    my ($other, $response);
    do {    # another child may look later
        $other    = tls();
        $response = $other->login('/plain/', %ALICE);
    } while $response->status == 200 && time < $deadline;
    becomes('a new one', '401 account-disabled', $other, $response);
};

done_testing;
