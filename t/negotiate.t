# The scheme Negotiate: NTLM bare or in SPNEGO's tokens, behind Kerberos, with the mechListMIC and
# without, and what happens when messages of different kinds meet on one connection.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib";
use Test::More;

use MIME::Base64 qw(encode_base64);
use NTLM::Accounts qw(account);
use NTLM::Connection;
use NTLM::Expect qw(refused status_is welcomed);
use NTLM::Log;
use NTLM::Message;
use NTLM::Scheme;
use NTLM::Server;
use NTLM::SPNEGO qw(init resp mech_types);

BEGIN { $ENV{+NTLM::Scheme::OVER} = 'Negotiate' }    # refusals offer it, too

my %alice = account('alice');
my $place = '/negotiate/echo';
my $TYPE1 = NTLM::Message::type1();
my @WINDOWS = qw(ms-kerberos kerberos negoex ntlm);
use constant {INCOMPLETE => NTLM::SPNEGO::INCOMPLETE, REJECT => NTLM::SPNEGO::REJECT};

sub connection { my ($over) = @_; return NTLM::Connection->new(over => $over) }

# The bytes of a token that answers, beside nothing, or what else there is.
sub said {
    my ($response) = @_;
    my $token = $response->answer(401, 'WWW-Authenticate');
    return defined $token ? unpack 'H*', $token : $response->seen_by_client;
}

sub offers_of { my ($response) = @_; return join '|', $response->header('WWW-Authenticate') }

# A challenge in the way of that kind.
sub challenged {
    my ($over, @type1) = @_;
    my $connection = connection($over);
    ok(defined $connection->type1($place, @type1)->type2, "$over: a challenge");
    return $connection;
}

sub logs_in {
    my ($sentence, $over, @type3) = @_;
    local $Test::Builder::Level = $Test::Builder::Level + 1;
    my $connection = challenged($over);
    my $response   = $connection->type3($place, %alice, @type3);
    welcomed($response, 'alice', $sentence);
    status_is('ok');
    welcomed($connection->get($place), 'alice', '... and stays logged in');
    return $connection;
}

# ---- the ways in ----

my %KNOWN = (    # mechs, why
    Negotiate        => ['raw', 'raw'],
    SPNEGO           => ['ntlm', 'no-spn'],
    'Kerberos-first' => ['ms-kerberos,kerberos,negoex,ntlm', 'kerberos-first'],
);
for my $over (sort keys %KNOWN) {
    subtest "$over: alice logs in" => sub {
        my $connection = logs_in('alice', $over);
        is($connection->get($place)->echo->{AUTH_TYPE}, 'Negotiate', 'by Negotiate');
        my $line = NTLM::Log::last_line();
        is_deeply([@$line{qw(scheme mechs why)}], ['Negotiate', @{$KNOWN{$over}}], 'as the log says');
    };
}

subtest 'A bare message is answered by a bare one, and no token comes with the page' => sub {
    my $connection = connection('Negotiate');
    like(said($connection->type1($place)), qr/^4e544c4d5353500002000000/, 'the Type 2');
    my $response = $connection->type3($place, %alice);
    welcomed($response, 'alice', 'alice logs in');
};

subtest 'A Type 3 with or without a MIC, with or without the mechListMIC' => sub {
    for my $mic (0, 1) {
        logs_in("a MIC: $mic, a mechListMIC: 1", 'SPNEGO', mic => $mic);
        logs_in("a MIC: $mic, a mechListMIC: 0", 'SPNEGO', mic => $mic, mech_mic => sub { return });
    }
    my $connection = connection('Negotiate');
    $connection->{type2} = NTLM::SPNEGO::read_resp($connection->token($place, init(mechs => ['ntlm'], token => $TYPE1))
            ->answer(401, 'WWW-Authenticate'))->{token};
    $connection->{type1} = $TYPE1;
    my $response = $connection->token($place, resp(token => $connection->answer(%alice)));
    is($response->status, 200, 'a Type 3 without a state beside it is let in');
    is(offers_of($response), 'Negotiate oQcwBaADCgEA', '... and the last token says that it is completed');
};

subtest 'The session key is exchanged, and the mechListMIC follows the flags' => sub {
    for my $flags (0xe2088297, 0xe20882b7, 0x62088297, 0xa2088217, 0x22088297, 0x82088217, 0x02088217, 0x62880205) {
        my $connection = challenged('SPNEGO', flags => $flags);
        welcomed($connection->type3($place, %alice), 'alice', sprintf 'flags %08x', $flags);
    }
};

subtest 'NTLM first, without a token' => sub {
    my $connection = connection('Negotiate');
    is(said($connection->token($place, init(mechs => ['ntlm']))), 'a1153013a0030a0101a10c060a2b06010401823702020a',
        'accept-incomplete, NTLM');
    status_is('spnego-continues');
    my $response = $connection->token($place, resp(state => INCOMPLETE, token => $TYPE1));
    my $read     = NTLM::SPNEGO::read_resp($response->answer(401, 'WWW-Authenticate'));
    is_deeply([@$read{qw(state mech mic)}], [INCOMPLETE, undef, undef], 'the challenge, which does not say NTLM again');
    @$connection{qw(type1 type2)} = ($TYPE1, $read->{token});
    $response = $connection->token($place, resp(token => $connection->answer(%alice)));
    is(offers_of($response), 'Negotiate oQcwBaADCgEA', 'no mechListMIC is demanded');
};

subtest 'Behind others: one more round trip' => sub {
    my $choice = 'a1153013a0030a0103a10c060a2b06010401823702020a';
    my @before = ([kerberos => 'ntlm'], ['negoex', 'ntlm'], [qw(iakerb kerberos ms-kerberos ntlm)], ["\x2a\x03", 'ntlm'],
        [(map { "\x2a\x03" . chr } 1 .. 31), 'ntlm']);
    for my $mechs (@before) {
        for my $token (undef, 'ticket', $TYPE1) {
            my $connection = connection('Negotiate');
            is(said($connection->token($place, init(mechs => $mechs, token => $token))), $choice,
                'request-mic, NTLM, and nothing of what was not asked for');
            status_is('spnego-continues');
        }
    }
    my $connection = connection('Kerberos-first');
    ok(defined $connection->type1($place)->type2, 'a challenge');
    is_deeply([NTLM::Log::statuses($connection)], ['spnego-continues', 'challenge-sent'], 'in two steps');
};

# ---- the mechListMIC ----

subtest 'Behind others the mechListMIC is demanded' => sub {
    my $connection = challenged('Kerberos-first');
    refused($connection->type3($place, %alice, mech_mic => sub { return }), 'none');
    status_is('spnego-mic-required');
    refused($connection->get($place), 'alice is not logged in');
    refused($connection->type3($place, %alice), 'the challenge is spent');
    logs_in('another try', 'Kerberos-first');
};

my %WRONG_MIC = (
    'a bit of it is another' => sub { my ($mic) = @_; substr($mic, 5, 1) ^= "\1"; return $mic },
    'zeros'                  => sub { "\0" x 16 },
    'another version'        => sub { "\2" . substr $_[0], 1 },
    'another sequence number' => sub { substr($_[0], 0, 12) . "\1\0\0\0" },
    'cut'                    => sub { substr $_[0], 0, 15 },
    'longer'                 => sub { "$_[0]\0" },
    'of another key'         => sub { NTLM::SPNEGO::message_mac("\x42" x 16, NTLM::Message::WINDOWS_FLAGS, 'client', mech_types('ntlm')) },
    "the server's"           => sub { $_[1] },
);
for my $over ('SPNEGO', 'Kerberos-first') {
    subtest "$over: a mechListMIC must be right where it is there" => sub {
        for my $how (sort keys %WRONG_MIC) {
            my $connection = challenged($over);
            refused($connection->type3($place, %alice, mech_mic => $WRONG_MIC{$how}), $how);
            status_is('spnego-bad-mic');
            refused($connection->get($place), 'alice is not logged in');
        }
        my $connection = challenged($over);
        refused($connection->type3($place, %alice, nt_hash => '0' x 32, mech_mic => $WRONG_MIC{zeros}), 'a wrong password is one');
        status_is('wrong-password');
    };
}

subtest 'Who takes Kerberos from the list of a client is found out' => sub {
    for my $left ([qw(negoex ntlm)], ['ntlm'], [reverse @WINDOWS], [@WINDOWS, 'iakerb']) {
        my $connection = connection('Kerberos-first');
        my $first      = $left->[0] eq 'ntlm';
        my $response   = $connection->send_credentials($place,
            $connection->{over}->header(init(mechs => $left, $first ? (token => $TYPE1) : ())))->read_response;
        my $token = $response->answer(401, 'WWW-Authenticate');
        $response = $connection->send_credentials($place,
            $connection->{over}->header(resp(state => INCOMPLETE, token => $TYPE1)))->read_response if !$first;
        $token = $response->answer(401, 'WWW-Authenticate');
        @$connection{qw(type1 type2)} = ($TYPE1, NTLM::SPNEGO::read_resp($token)->{token});
        $connection->{over}{list} = mech_types(@WINDOWS);    # which is what the client has sent
        refused($connection->type3($place, %alice), "@{[map { /^\w/ ? $_ : '?' } @$left]} is what came here");
        status_is('spnego-bad-mic');
    }
};

# ---- kinds that meet ----

# Each way to send a Type 3, for a challenge that came in another way.
my %SEND = (
    NTLM      => sub { my ($type3) = @_; return ('NTLM', $type3) },
    Negotiate => sub { my ($type3) = @_; return ('Negotiate', $type3) },
    SPNEGO    => sub { my ($type3, $mic) = @_; return ('Negotiate', resp(state => INCOMPLETE, token => $type3, mic => $mic)) },
    'the first token of SPNEGO' => sub { my ($type3, $mic) = @_; return ('Negotiate', init(mechs => ['ntlm'], token => $type3)) },
);
for my $over ('NTLM', sort keys %KNOWN) {
    my $own = $over eq 'Kerberos-first' ? 'SPNEGO' : $over;
    subtest "$over: a challenge is answered as it came, or not at all" => sub {
        for my $way (sort grep { $_ ne $own } keys %SEND) {
            my $connection = challenged($over);
            my $type3      = $connection->answer(%alice);
            my ($word, $token) = $SEND{$way}->($type3, $connection->{over}{mac}{$type3}{client});
            refused($connection->send_credentials($place, "$word " . encode_base64($token, ''))->read_response,
                "answered by way of $way");
            status_is('not-expected');
            refused($connection->token($place, $type3), 'the right answer comes too late');
            refused($connection->get($place), 'nobody is logged in');
        }
    };
}

subtest 'A negotiation that begins anew forgets what was demanded, and the challenge with it' => sub {
    for my $anew (init(mechs => ['ntlm']), init(mechs => ['ntlm'], token => $TYPE1), $TYPE1) {
        my $connection = challenged('Kerberos-first');
        my $type3      = $connection->answer(%alice, mech_mic => sub { return });
        $connection->send_credentials($place, $connection->{over}->header($anew))->read_response;
        refused($connection->token($place, $type3), 'the answer to the older challenge');
        isnt(NTLM::Log::last_status(), 'ok', 'is none');
        refused($connection->get($place), 'nobody is logged in');
    }
};

subtest 'What begins a negotiation ends a login' => sub {
    my %what = (
        'a ticket'       => init(mechs => \@WINDOWS, token => 'ticket'),
        'no NTLM'        => init(mechs => ['kerberos'], token => 'ticket'),
        'NTLM, no token' => init(mechs => ['ntlm']),
        'a stray answer' => resp(state => REJECT),
        'nonsense'       => 'nonsense',
    );
    for my $over ('NTLM', sort keys %KNOWN) {
        for my $what (sort keys %what) {
            my $connection = connection($over);
            welcomed($connection->login($place, %alice), 'alice', "$over: alice logs in");
            is($connection->send_credentials($place, 'Negotiate ' . encode_base64($what{$what}, ''))
                ->read_response->status, 401, $what);
            refused($connection->get($place), 'she is logged in no more');
        }
    }
};

subtest 'A login may follow another one of any kind' => sub {
    my $connection = connection('NTLM');
    for my $over (map { ($_, 'NTLM', $_, reverse sort keys %KNOWN) } sort keys %KNOWN) {
        my $user = $over =~ /R/ ? 'bob' : 'alice';
        my $next = NTLM::Connection->new(over => $over, socket => $connection->{socket});
        welcomed($next->login($place, account($user)), $user, "$user by $over");
        welcomed($connection->get($place), $user, '... who stays');
    }
};

# ---- what clients see ----

subtest 'The last token comes with what is not there, and with what is for others' => sub {
    my %status = ('/negotiate/nothing' => 404, '/negotiate/bobs/echo' => 403);
    for my $path (sort keys %status) {
        for my $over ('SPNEGO', 'Kerberos-first') {
            my $connection = connection($over);
            my $response   = $connection->type1($path);
            my $type3      = $connection->answer(%alice);
            my ($own)      = delete $connection->{over}{mac}{$type3};
            my $value = $connection->{over}->header(resp(state => INCOMPLETE, token => $type3, mic => $own->{client}));
            $response = $connection->send_credentials($path, $value)->read_response;
            is($response->status, $status{$path}, "$over: $path");
            is(offers_of($response), $connection->{over}->header(resp(state => 0, mic => $own->{server})), '... has the last token');
        }
    }
};

subtest 'A refusal is the same for everybody' => sub {
    for my $over ('NTLM', sort keys %KNOWN) {
        my %seen;
        for my $type3 ([], [user => 'mallory'], [nt_hash => '0' x 32], [account('dora')], [account('erin')], [flip_mic => 1], [kind => 'ntlmv1']) {
            my $connection = challenged($over);
            my @wrong = @$type3 ? () : $over =~ /^(?:SPNEGO|Kerberos-first)$/ ? (mech_mic => $WRONG_MIC{zeros}) : (nt_hash => '1' x 32);
            my $response = $connection->type3($place, %alice, @wrong, @$type3);
            refused($response, "$over: @{[map { $_ // '' } @$type3]}");
            $seen{$response->seen_by_client}++;
        }
        is(keys %seen, 1, "$over: to the byte");
    }
};

done_testing;
