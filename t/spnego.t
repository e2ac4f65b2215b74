# Tokens of SPNEGO that are none, or have no NTLM: each is refused on a connection that can be
# used for a login, and tells its sender no more than that.
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
use NTLM::SPNEGO qw(der init resp mech_types);

BEGIN { $ENV{+NTLM::Scheme::OVER} = 'Negotiate' }    # refusals offer it, too

my %alice = account('alice');
my $place = '/negotiate/echo';
my $TYPE1 = NTLM::Message::type1();
my %OID   = %NTLM::SPNEGO::OID;
my $NTLM  = mech_types('ntlm');
use constant {SPNEGO => 0x60, SEQUENCE => 0x30, OBJECT => 6, OCTETS => 4};

sub connection { return NTLM::Connection->new(over => 'Negotiate') }

sub offers_of { my ($response) = @_; return join '|', $response->header('WWW-Authenticate') }

# ---- what is broken ----

# NegTokenInit with these bytes for its fields.
sub init_of { return der(SPNEGO, der(OBJECT, $OID{spnego}) . der(0xa0, der(SEQUENCE, join '', @_))) }
sub resp_of { return der(0xa1, der(SEQUENCE, join '', @_)) }
sub field   { my ($number, $value) = @_; return der(0xa0 + $number, $value) }

my $mechs = field(0, $NTLM);
my $token = field(2, der(OCTETS, $TYPE1));
my $right = init(mechs => ['ntlm'], token => $TYPE1);
my %BROKEN = (
    'nothing that is known'        => 'nonsense',
    'a byte'                       => "\x60",
    'no length'                    => "\x60\x80",
    'a length of nothing'          => "\x60\x00",
    'an endless length'            => "\x60\x80" . substr($right, 2) . "\0\0",
    'an endless length inside'     => init_of("\xa0\x80$NTLM\0\0", $token),
    'a length of four bytes'       => "\x60\x84\0\0\0" . substr($right, 1),
    'a length of 127 bytes'        => "\x60\xff" . "\0" x 127 . $right,
    'a length that overflows'      => "\x60\x83\xff\xff\xff" . substr($right, 2),
    'a length that overflows inside' => init_of("\xa0\x83\xff\xff\xff$NTLM", $token),
    'a child that is longer than its parent' => init_of("\xa0\x7f$NTLM", $token),
    'a mechanism that is longer than the list' => init_of(field(0, "\x30\x02\x06\x7f" . $OID{ntlm}), $token),
    'a byte behind it'             => "$right\0",
    'a byte behind its fields'     => init_of($mechs, $token, "\0"),
    'a byte behind a field'        => init_of($mechs, field(2, der(OCTETS, $TYPE1) . "\0")),
    'another one behind it'        => "$right$right",
    'NTLM as what it is'           => der(SPNEGO, der(OBJECT, $OID{ntlm}) . $TYPE1),
    'no OID'                       => der(SPNEGO, der(0xa0, der(SEQUENCE, "$mechs$token"))),
    'a NegTokenResp in it'         => der(SPNEGO, der(OBJECT, $OID{spnego}) . resp(token => $TYPE1)),
    'itself in it'                 => der(SPNEGO, der(OBJECT, $OID{spnego}) . $right),
    'a set for the sequence'       => der(SPNEGO, der(OBJECT, $OID{spnego}) . der(0xa0, der(0x31, "$mechs$token"))),
    'no fields'                    => init_of(),
    'no mechanisms'                => init_of($token),
    'an empty list of mechanisms'  => init_of(field(0, der(SEQUENCE, '')), $token),
    'a mechanism that is a number' => init_of(field(0, der(SEQUENCE, der(2, "\1"))), $token),
    'the mechanisms twice'         => init_of($mechs, $mechs, $token),
    'the token twice'              => init_of($mechs, $token, $token),
    'the token before the mechanisms' => init_of($token, $mechs),
    'a field of another number'    => init_of($mechs, $token, field(5, der(OCTETS, 'x'))),
    'a token that is no string'    => init_of($mechs, field(2, der(3, $TYPE1))),
    'a list of 33 mechanisms'      => init(mechs => [(map { "\x2a" . chr } 1 .. 32), 'ntlm'], token => 'x'),
    'a list of 600 bytes'          => init(mechs => [(map { "\x2a" . chr() x 100 } 1 .. 6), 'ntlm'], token => 'x'),
    'mechanisms in mechanisms'     => init(mech_types => nested(60), token => $TYPE1),
    'tokens in tokens'             => nested_tokens(40),
    'hints, which servers send'    => init_of($mechs, $token, field(3, der(SEQUENCE, field(0, der(0x1b, 'not_defined'))))),
    'a NegTokenResp that nothing came before' => resp(state => 1, token => $TYPE1),
    'a NegTokenResp of nothing'    => resp_of(),
    'a choice that is ours to make' => resp(state => NTLM::SPNEGO::REQUEST_MIC, mech => 'ntlm'),
    'a reject'                     => resp(state => NTLM::SPNEGO::REJECT),
    'a state of another number'    => resp(state => 4, token => $TYPE1),
    'a state of two bytes'         => resp_of(field(0, der(0x0a, "\0\1")), $token),
);

sub nested { my ($depth) = @_; my $list = $NTLM; $list = der(SEQUENCE, $list) for 1 .. $depth; return $list }

sub nested_tokens {
    my ($depth) = @_;
    my $token = $TYPE1;
    $token = init(mechs => ['ntlm'], token => $token) for 1 .. $depth;
    return init(mechs => ['ntlm'], token => $token);
}

my $as_always = connection()->get($place)->seen_by_client;
for my $what (sort keys %BROKEN) {
    subtest $what => sub {
        my $connection = connection();
        for my $over ('nobody', 'SPNEGO', 'Kerberos-first') {
            my $before = $over eq 'nobody' ? undef : NTLM::Connection->new(over => $over, socket => $connection->{socket});
            welcomed($before->login($place, %alice), 'alice', 'alice is logged in') if $before;
            my $response = $connection->token($place, $BROKEN{$what});
            refused($response, 'refused');
            # what is broken in NTLM's own part is so by NTLM's rules
            status_is($what =~ /^tokens in/ ? 'malformed' : 'spnego-malformed', undef, $connection);
            is($response->seen_by_client, $as_always, '... as who has no token');
            refused($connection->get($place), '... and nobody is logged in');
        }
        welcomed($connection->login($place, %alice), 'alice', 'the connection can be used for a login');
    };
}

subtest 'A token that is cut anywhere, or has a byte too many' => sub {
    my $connection = connection();
    my %whole      = (init => $right, resp => resp(state => 1, mech => 'ntlm', token => $TYPE1, mic => 'm' x 16));
    for my $kind (sort keys %whole) {
        my @wrong = grep { $connection->token($place, substr $whole{$kind}, 0, $_)->status != 401 } 1 .. length($whole{$kind}) - 1;
        is("@wrong", '', "$kind: no piece of it is taken");
    }
    my %statuses = map { $_ => 1 } NTLM::Log::statuses($connection);
    is_deeply([keys %statuses], ['spnego-malformed'], 'all for the same reason');
};

subtest 'In the midst of a negotiation' => sub {
    my %wrong = (
        'without a message'       => resp(state => 1),
        'a reject'                => resp(state => NTLM::SPNEGO::REJECT, token => $TYPE1),
        'a request for a MIC'     => resp(state => NTLM::SPNEGO::REQUEST_MIC, token => $TYPE1),
        'another mechanism'       => resp(state => 1, mech => 'kerberos', token => $TYPE1),
        'cut'                     => substr(resp(state => 1, token => $TYPE1), 0, -1),
    );
    for my $over ('SPNEGO', 'Kerberos-first') {
        for my $what (sort keys %wrong) {
            my $connection = NTLM::Connection->new(over => $over);
            ok(defined $connection->type1($place)->type2, 'a challenge');
            my $type3 = $connection->answer(%alice);
            refused($connection->send_credentials($place, $connection->{over}->header($wrong{$what}))->read_response, $what);
            status_is('spnego-malformed', undef, $connection);
            refused($connection->token($place, $type3), 'the challenge is spent');
            status_is('not-expected', undef, $connection);
        }
    }
};

subtest 'Lists that are long, but not too long' => sub {
    for my $count (1, 20, 31) {
        my $connection = connection();
        my @others     = map { "\x2a" . chr } 1 .. $count;
        is($connection->token($place, init(mechs => ['ntlm', @others], token => $TYPE1))->status, 401, 'NTLM first');
        status_is('challenge-sent', "... and $count behind it: a challenge", $connection);
        $connection->token($place, init(mechs => [@others, 'ntlm'], token => 'x'));
        status_is('spnego-continues', "$count in front of it: a choice", $connection);
        is(NTLM::Log::last_line()->{mechs}, 'other,ntlm', 'the log says each kind once');
    }
};

# ---- who has no NTLM ----

for my $mechs ([qw(ms-kerberos kerberos)], ['iakerb'], ['negoex'], ["\x2b\x06\x01\x04\x01\x82\x37\x02\x02\x0b"]) {
    subtest 'No NTLM: rejected, and offered the rest' => sub {
        my $connection = connection();
        my $response   = $connection->token($place, init(mechs => $mechs, token => 'ticket'));
        is(offers_of($response), 'Negotiate oQcwBaADCgEC|NTLM', 'a reject, and the other scheme');
        ok(!$response->closed, 'on a connection that stays');
        status_is('spnego-no-ntlm');
        welcomed(NTLM::Connection->new(over => 'NTLM', socket => $connection->{socket})->login($place, %alice), 'alice',
            'which it may use');
    };
}

subtest 'A ticket without SPNEGO around it is no NTLM either' => sub {
    my $ticket   = der(0x60, der(6, $OID{kerberos}) . "\1\0ticket");
    my $response = connection()->token($place, $ticket);
    is(offers_of($response), 'Negotiate oQcwBaADCgEC|NTLM', 'rejected, and offered the rest');
    status_is('spnego-no-ntlm');
};

subtest 'The word is the one that was offered, however the client spells it' => sub {
    for my $word (qw(negotiate NEGOTIATE nEgOtIaTe)) {
        my $response = connection()->send_credentials($place, "$word " . encode_base64($TYPE1, ''))->read_response;
        like(offers_of($response), qr/^Negotiate TlRMTVNTUAAC\S+$/, $word);
    }
};

done_testing;
