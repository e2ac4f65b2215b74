# The error log: one line for each outcome, which says what happened and nothing secret.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib";
use Test::More;

use utf8;
use Encode qw(encode);
use MIME::Base64 qw(encode_base64);
use NTLM::Accounts qw(account);
use NTLM::Connection;
use NTLM::Expect;
use NTLM::Log;
use NTLM::Message qw(parse_type2 parse_type3);
use NTLM::Scheme;
use NTLM::Server;

my %alice = account('alice');
my $place = '/secret/index.html';

# What the module logs while $do runs; all of its lines must have the known form.
sub logged {
    my ($do) = @_;
    NTLM::Log::mark();
    $do->();
    my @lines = NTLM::Log::lines();
    ok(defined $_->{code}, 'the line has the known form') || diag $_->{text} for @lines;
    return @lines;
}

# One line, which ends as given: what follows "ntlm: ", of a client that says NTLM.
sub one_line {
    my ($sentence, $level, $text, $do, $detail) = @_;
    $detail //= qr//;
    my ($mechs, $why) = NTLM::Scheme::shown($text =~ / service=(\S+)/);
    $text =~ s/ \Kscheme=NTLM mechs=- why=- /scheme=@{[NTLM::Scheme::word_of_test()]} mechs=$mechs why=$why /;
    subtest $sentence => sub {
        my @lines = logged($do);
        is(@lines, 1, 'one line') or diag explain [map { $_->{text} } @lines];
        is($lines[0]{level}, $level, "at $level");
        like($lines[0]{text}, qr/ ntlm: \Q$text\E$detail$/, 'it says what happened');
    };
}

my $connection = NTLM::Connection->new;
one_line('A request without credentials', 'debug',
    'no-credentials: user=- domain=- workstation=- scheme=- mechs=- why=- tls=off mic=- binding=- service=- source=- (0xC0000022)',
    sub { $connection->get($place) });
one_line('A challenge', 'debug',
    'challenge-sent: user=- domain=- workstation=- scheme=NTLM mechs=- why=- tls=off mic=- binding=- service=- source=- (0xC0000016)',
    sub { $connection->type1($place) });
one_line('A login', 'info',
    'ok: user=alice domain=CORP workstation=WS1 scheme=NTLM mechs=- why=- tls=off mic=ok binding=absent service=absent source=file (0x00000000)',
    sub { $connection->type3($place, %alice) });
one_line('The next request of that connection', 'debug',
    'ok: user=alice domain=CORP workstation=WS1 scheme=NTLM mechs=- why=- tls=off mic=ok binding=absent service=absent source=file (0x00000000): '
        . q{the connection's login},
    sub { $connection->get($place) });
one_line('Another scheme', 'warn',
    'scheme-refused: user=- domain=- workstation=- scheme=- mechs=- why=- tls=off mic=- binding=- service=- source=- (0xC0000022): '
        . 'the scheme is "Bearer"',
    sub { $connection->request(GET => $place, [Authorization => 'Bearer YTpi']) });

# libcurl of 8.20 and later does this, if it has no NTLM and is told to use it.
sub unasked {
    my ($text, @agent) = @_;
    return sub { $connection->request(GET => $place, [Authorization => 'Basic ' . encode_base64($text, ''), @agent]) };
}
my $unasked = 'domain=- workstation=- scheme=Basic mechs=- why=- tls=off mic=- binding=- service=- source=- (0xC0000022): '
    . 'Basic came unasked: the password was sent in clear text, agent ';
one_line('A password that nobody has asked for', 'warn', qq{scheme-refused: user=alice $unasked"curl/8.20.0"},
    unasked('alice:Secr3t!pw', 'User-Agent' => 'curl/8.20.0'));
one_line('... of a client that does not say what it is', 'warn', qq{scheme-refused: user=CORP\\\\alice $unasked"-"},
    unasked('CORP\alice:Secr3t!pw'));
one_line('... that says more than it should', 'warn', qq{scheme-refused: user="x%22 y" $unasked"a%22 (0x0): ok%25"},
    unasked('x" y:Secr3t!pw', 'User-Agent' => 'a" (0x0): ok%'));
one_line('... whose user is no name', 'warn', qq{scheme-refused: user=- $unasked"-"}, unasked($_))
    for 'Secr3t!pw', "a\1b:Secr3t!pw", "\xff:Secr3t!pw", 'x' x 5000 . ':Secr3t!pw', '';

# curl -u : does, where it has neither NTLM nor Kerberos.
one_line('Basic without a password', 'warn',
    'scheme-refused: user=- domain=- workstation=- scheme=- mechs=- why=- tls=off mic=- binding=- service=- source=- (0xC0000022): '
        . 'the scheme is "Basic"',
    unasked($_)) for ':', 'alice:';

sub answer {
    my (@type3) = @_;
    $connection->type1($place);
    return sub { $connection->type3($place, %alice, @type3) };
}
one_line('A login without a MIC, with a channel binding', 'info',
    'ok: user=alice domain=CORP workstation=WS1 scheme=NTLM mechs=- why=- tls=off mic=absent binding=zero service=absent source=file (0x00000000)',
    answer(mic => 0, binding => "\0" x 16));
one_line('A wrong password', 'warn',
    'wrong-password: user=alice domain=CORP workstation=WS1 scheme=NTLM mechs=- why=- tls=off mic=absent binding=absent service=absent source=file (0xC000006A)',
    answer(mic => 0, nt_hash => '0' x 32));
one_line('An unknown user', 'warn',
    'no-such-user: user=mallory domain=EVIL workstation=WS1 scheme=NTLM mechs=- why=- tls=off mic=absent binding=absent service=absent source=- (0xC0000064)',
    answer(mic => 0, user => 'mallory', domain => 'EVIL'));
one_line('A wrong MIC', 'warn',
    'bad-mic: user=alice domain=CORP workstation=WS1 scheme=NTLM mechs=- why=- tls=off mic=wrong binding=absent service=absent source=file (0xC000006D)',
    answer(flip_mic => 1), qr/: the client's at 72 is another one; wanted: HMAC-MD5 by .*/);
one_line('NTLMv1', 'warn',
    'ntlmv1: user=alice domain=CORP workstation=WS1 scheme=NTLM mechs=- why=- tls=off mic=- binding=- service=- source=- (0xC000006D)',
    answer(kind => 'ntlmv1'), qr/: NtChallengeResponse of 24 bytes, LmChallengeResponse of 24 bytes; wanted: .*/);

# As wget, davfs2 and siege: ASCII, whatever the challenge has chosen.
sub in_ascii {
    my ($nt, $user) = @_;
    my @fields = (pack('H*', '01' x 24), $nt, 'CORP', $user, 'WS01', '');
    my $at = 64;
    return join '', NTLM::Message::SIGNATURE, pack('V', 3),
        (map { my $field = pack 'v v V', (length) x 2, $at; $at += length; $field } @fields), pack('V', 0x8207), @fields;
}
one_line('NTLMv1 with names in ASCII', 'warn',
    'ntlmv1: user=alice domain=CORP workstation=WS01 scheme=NTLM mechs=- why=- tls=off mic=- binding=- service=- source=- (0xC000006D)',
    answer(rewrite => sub { in_ascii(pack('H*', '02' x 24), 'alice') }), qr/: NtChallengeResponse of 24 bytes.*/);
subtest 'NTLMv2 with names in ASCII says what they look like' => sub {
    my $nt = pack 'H*', '00' x 16 . '0101' . '00' x 30;
    my ($line) = logged(answer(rewrite => sub { in_ascii($nt, 'robert') }));
    is($line->{status}, 'no-such-user', 'three characters that nobody is called');
    is($line->{remark}, 'these look like ASCII bytes, where the CHALLENGE chose Unicode: user "robert"', 'and what they look like');
    unlike($line->{user}, qr/robert/, '... but he was looked for as he was sent');
    ($line) = logged(answer(rewrite => sub { in_ascii($nt, 'alice') }));
    is($line->{status}, 'malformed', 'half a character');
    like($line->{remark}, qr/: these look like ASCII bytes, where the CHALLENGE chose Unicode: user "alice"$/, 'and what they look like');
};

# Words that no directive demands here: there is no TLS, and the service is another one's.
one_line('A login that was meant for another channel and service', 'info',
    'ok: user=alice domain=CORP workstation=WS1 scheme=NTLM mechs=- why=- tls=off mic=ok binding=unchecked service=wrong source=file (0x00000000)',
    answer(binding => "\1" x 16, spn => 'HTTP/elsewhere.test'));
one_line('A login that was meant for us', 'info',
    'ok: user=alice domain=CORP workstation=WS1 scheme=NTLM mechs=- why=- tls=off mic=ok binding=absent service=ok source=file (0x00000000)',
    answer(spn => 'HTTP/web.test'));

subtest 'A malformed message is explained in the same line' => sub {
    my ($line, @more) = logged(answer(resp_type => 0x0202));
    is(@more, 0, 'one line');
    is($line->{status}, 'malformed', 'malformed');
    like($line->{remark}, qr/\w+ \w+ \w+/, "it says why: $line->{remark}");
};

# ---- what clients write into it ----

# Sends it as the user's, the domain's and the workstation's name.
sub named {
    my ($text) = @_;
    my @lines = logged(answer(user => $text, domain => $text, workstation => $text));
    is(@lines, 1, 'one line') or diag explain [map { $_->{text} } @lines];
    return $lines[0];
}

subtest 'Names with blanks and signs cannot be taken for other fields' => sub {
    my $line = named('x" source=file (0x00000000) "\\');
    is($line->{status}, 'no-such-user', 'it is what it is');
    like($line->{$_}, qr/^"x[^"]*source=file[^"]*"$/, "$_ is in quotes, and has none inside")
        for qw(user domain workstation);
    is($line->{source}, '-', 'the source is still a field of its own');
    is($line->{code}, '0xC0000064', 'so is the code');
};

subtest 'Names cannot begin a line of their own' => sub {
    NTLM::Log::mark();
    my $mark = -s NTLM::Server::error_log();
    my $line = named("x\r\n[x] [auth_ntlmv2:info] [pid 1:tid 1] [client 1.2.3.4:5] ntlm: ok: user=root");
    is($line->{status}, 'malformed', 'control characters are malformed');
    my @raw = new_lines($mark);
    is((grep { !/^\[\w{3} \w{3} / } @raw), 0, 'every line begins as httpd begins it');
    is((grep { /[^\x20-\x7e]/ } @raw), 0, 'and has nothing but printable ASCII');
};

subtest 'Control characters do not reach a terminal' => sub {
    my $mark = -s NTLM::Server::error_log();
    named("a\e[2Jb\x7f\x08");
    named("\x{9b}2J \x{202e}");
    is((grep { /[^\x20-\x7e]/ } new_lines($mark)), 0, 'all is escaped');
};

subtest 'A name in another script is one value' => sub {
    my ($line) = logged(answer(user => 'jürgen', nt_hash => {account('jürgen')}->{nt_hash}));
    is($line->{status}, 'ok', 'jürgen logs in');
    unlike($line->{user}, qr/[^\x20-\x7e]/, "he is $line->{user}");
};

# httpd makes four characters of each byte of the second one, three of them in its escapes.
subtest 'Long names are cut, so that a line stays small and has its end' => sub {
    my %longest = (user => 104, domain => 255, workstation => 255);
    my %shown   = (user => 64,  domain => 64,  workstation => 32);
    for my $sign ('"', 'ä', "\x{20ac}", "\x{1f600}", 'x') {
        my $units = length encode('UTF-16LE', $sign);
        my ($line) = logged(answer(map { $_ => $sign x ($longest{$_} * 2 / $units) } keys %longest));
        is($line->{status}, 'no-such-user', encode('UTF-8', "many $sign"));
        is($line->{code}, '0xC0000064', 'the line goes on to its end');
        my ($module) = $line->{text} =~ /(ntlm: .*)/;
        cmp_ok(length $module, '<=', 820, 'it has ' . length $module);
        my $bytes = encode('UTF-8', $sign);
        for my $field (sort keys %longest) {
            my $fits = int $shown{$field} / length $bytes;
            my $text = $sign eq '"' ? '%22' : join '', map { ord > 127 ? sprintf '\\x%02x', ord : $_ } split //, $bytes;
            like($line->{$field}, qr/^"?\Q@{[$text x $fits]}\E\.\.\."?$/, "$field: $fits of them, and that it was cut");
        }
    }
};

subtest 'What decided it is cut, too' => sub {
    for my $sign ('"', 'ä', 'x') {
        $connection->type1('/corponly/index.html');
        my ($line) = logged(sub {
            $connection->type3('/corponly/index.html', %alice, domain => $sign x 255);
        });
        is($line->{status}, 'domain-refused', 'the domain is not accepted, a long ' . encode('UTF-8', $sign));
        like($line->{remark}, qr/^domain "[^"]*(?:\.\.\.)?"?.*\.\.\.$/, "it ends in dots: $line->{remark}");
        cmp_ok(length $line->{remark}, '<=', 163, 'at that length');
        my ($module) = $line->{text} =~ /(ntlm: .*)/;
        cmp_ok(length $module, '<', 1000, 'the line has ' . length $module);
    }
};

subtest 'A name that fits is whole' => sub {
    my ($line) = logged(answer(user => 'u' x 64, domain => 'd' x 64, workstation => 'w' x 32));
    is($line->{user},        'u' x 64, 'the user');
    is($line->{domain},      'd' x 64, 'the domain');
    is($line->{workstation}, 'w' x 32, 'the workstation');
};

# ---- what must not be in it ----

sub new_lines {
    my ($mark) = @_;
    open my $log, '<:raw', NTLM::Server::error_log() or die "error_log: $!\n";
    seek $log, $mark, 0;
    chomp(my @lines = <$log>);
    return @lines;
}

subtest 'Nothing secret is logged, whether a login succeeds or fails' => sub {
    my $mark = -s NTLM::Server::error_log();
    for my $type3 ({}, {nt_hash => '12' x 16}, {flip_mic => 1}, {kind => 'ntlmv1'}, {kind => 'lmv2-only'},
        {resp_type => 0}, {user => 'mallory'}, {flags => 0xe2088297})
    {
        my $one = NTLM::Connection->new;
        $one->type1($place, map { $_ => $type3->{$_} } grep { $_ eq 'flags' } keys %$type3);
        $one->type3($place, %alice, map { $_ => $type3->{$_} } grep { $_ ne 'flags' } keys %$type3);
        $one->token($place, $one->{type3});    # replayed
        my $log = join "\n", new_lines($mark);
        my %secret = secrets($one, $type3);
        ok(index(lc $log, lc $secret{$_}) < 0, "no $_") or diag $secret{$_} for sort keys %secret;
    }
};

sub secrets {
    my ($one, $type3) = @_;
    my $nt  = parse_type3($one->{type3})->{nt};
    my $key = $type3->{nt_hash} // $alice{nt_hash};
    my %bytes = (
        'NT hash' => pack('H*', $key),
        'nonce'   => parse_type2($one->{type2})->{challenge},
        length $nt >= 16 ? ('proof' => substr $nt, 0, 16) : (),
        'NTOWFv2' => NTLM::Message::ntowfv2($key, 'alice', 'CORP'),
    );
    return (
        (map { ("$_ in hex" => unpack('H*', $bytes{$_}), "$_ in base64" => substr encode_base64($bytes{$_}, ''), 0, 10) } keys %bytes),
        'Type 1 in base64' => substr(encode_base64($one->{type1}, ''), 0, 20),
        'Type 2 in base64' => substr(encode_base64($one->{type2}, ''), 0, 20),
        'Type 3 in base64' => substr(encode_base64($one->{type3}, ''), 0, 20),
    );
}

done_testing;
