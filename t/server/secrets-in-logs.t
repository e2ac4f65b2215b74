#!/usr/bin/perl
# At LogLevel trace8, the highest, nothing secret is in the error log: not a token, nor what is
# in it that a password could be guessed with, nor what the server knows. But httpd's own
# http:trace4 writes all headers, as docs/security.md says.
use strict;
use warnings;
use FindBin qw($Bin);
use lib "$Bin/../lib";
use Basic qw(basic_of);
use MIME::Base64 qw(encode_base64);
use NTLM::Connection;
use NTLM::Message qw(hmac_md5 ntowfv2 parse_type2 parse_type3 rc4);
use PrivateHttpd;
use Test::More;

my $SIGNING = 0xe2088237;    # what a client offers that exchanges a key
my %HASH    = (alice => 'd9fe524deb5705ac74ea341ff18afe93', dora => '27bf1123aae89dc1f94ad95bd7108d01');

my $httpd = PrivateHttpd->new(modules => [qw(socache_shmcb headers auth_basic)], text => <<'TEXT');
LogLevel trace8 http:trace3
LogFormat "%h %l %u %t \"%r\" %>s %b \"%{User-Agent}i\" %{NTLM_STATUS}e %{NTLM_USER}e" usual
CustomLog @DIR@/access.log usual
<Location "/">
    AuthType NTLM
    NTLMCredentials file passwords
    NTLMThrottle 3/300
    Require valid-user
</Location>
<LocationMatch "^/(?:basic|own|clear)">
    NTLMOffer NTLM Basic
    NTLMBasicWithoutTLS on
    NTLMThrottle 10/300
</LocationMatch>
<Location "/clear">
    NTLMBasicWithoutTLS off
</Location>
<Location "/own">
    AuthType Basic
    AuthName own
    AuthBasicProvider ntlm
</Location>
TEXT
my $path = $httpd->write('passwords', "alice:$HASH{alice}\ndora:$HASH{dora}:[D]\n", 0640);
chown 0, scalar getgrnam('www-data'), $path if $> == 0;
$httpd->start;

# [what, the status, the login, the flags]
my @logins = (
    ['a login', 200, {}],
    ['a login that exchanges a key', 200, {}, $SIGNING],
    ['a wrong password', 401, {nt_hash => '12' x 16}],
    ['an unknown user', 401, {user => 'mallory'}],
    ['a disabled account', 401, {user => 'dora', nt_hash => $HASH{dora}}],
    ['a wrong MIC', 401, {flip_mic => 1}],
    ['NTLMv1', 401, {kind => 'ntlmv1'}],
    ['a cut message', 401, {rewrite => sub { substr $_[0], 0, 60 }}],
    ['the last wrong password', 401, {nt_hash => '12' x 16}],
    ['a login that is throttled', 429, {}],
);

# What nobody may read in a log: name => bytes.
sub secrets {
    my ($c, $who) = @_;
    my $hash = $who->{nt_hash} // $HASH{alice};
    my $key  = ntowfv2($hash, $who->{user} // 'alice', 'CORP');
    my %secrets = ('NT hash' => pack('H*', $hash), 'NTOWFv2' => $key, 'nonce' => parse_type2($c->{type2})->{challenge});
    my $type3 = eval { parse_type3($c->{type3}) } or return %secrets;
    my $nt    = $type3->{nt} // '';
    return %secrets if length $nt < 24;
    $secrets{proof} = substr $nt, 0, 16;
    $secrets{'session base key'} = hmac_md5($key, $secrets{proof});
    $secrets{'exported session key'} = rc4($secrets{'session base key'}, $type3->{key}) if length($type3->{key} // '') == 16;
    return %secrets;
}

# A secret as it might be written; base64 of it at each of the three places in a group.
sub forms {
    my ($bytes) = @_;
    my $spaced = join ' ', unpack '(H2)*', $bytes;
    my @base64 = map { substr encode_base64("\0" x $_ . $bytes, ''), 4 * ($_ > 0), 8 } 0 .. 2;
    return ($bytes, unpack('H*', $bytes), $spaced, $spaced =~ tr/ /:/r, @base64);
}

for my $login (@logins) {
    my ($what, $status, $who, $flags) = @$login;
    my $mark = -s $httpd->dir . '/error.log';
    my $c = NTLM::Connection->new(port => $httpd->{port}, vhost => '127.0.0.1');
    $c->type1('/', $flags ? (flags => $flags) : ());
    my $response = $c->type3('/', user => 'alice', domain => 'CORP', nt_hash => $HASH{alice}, %$who);
    is $response->status, $status, "$what gets $status";
    my $log = substr $httpd->error_log, $mark;
    like $log, qr/ ntlm: /, '... and is in the log';
    my %secrets = secrets($c, $who);
    my @found = grep { my $name = $_; grep { index(lc $log, lc $_) >= 0 } forms($secrets{$name}) } sort keys %secrets;
    is_deeply \@found, [], '... without a secret';
    for my $type (qw(type1 type2 type3)) {
        my $token = encode_base64($c->{$type}, '');
        ok index($log, substr $token, 0, 24) < 0 && index($log, substr $token, -24) < 0, "... nor the $type";
    }
}
# ---- Basic ----
for my $path (qw(/basic /own /clear /unasked)) {
    for my $text ('alice:Secr3t!pw', 'alice:another secret', 'mallory:a third one', 'dora:D0ra sleeps', "alice:bad\1one", 'what is this',
        "alice:\xC3\xA4\xFFodd", 'alice:' . 'toolong' x 40) {
        next if $path eq '/own' && $text !~ /:/;    # mod_auth_basic takes it for a user
        my $mark = -s $httpd->dir . '/error.log';
        my $c = NTLM::Connection->new(port => $httpd->{port}, vhost => '127.0.0.1');
        my $headers = basic_of($text);
        $c->request(GET => $path, $headers);
        my $log = substr $httpd->error_log, $mark;
        my ($password) = $text =~ /:(.*)/s;
        my ($token) = $headers->[1] =~ / (.*)/;
        like $log, qr/ ntlm: |auth_basic/, 'a password is in no log' if $password;
        my @found = grep { index($log, $_) >= 0 } forms($password // $text), substr($token, 0, 16), substr($token, -16);
        is_deeply \@found, [], "... at $path";
    }
}
is scalar(() = $httpd->error_log =~ / ntlm: ok: [^\n]* scheme=Basic /g), 2, 'two of them were right ones';

like $httpd->error_log, qr/:trace[5-8]\]/, 'the level was that high';
like $httpd->error_log, qr/\[auth_ntlmv2:/, "... and this module's lines are among it";
my $lines = $httpd->access_log(qr/ ok alice\n/);
like $lines, qr{"GET / HTTP/1.1" 200 .* ok alice$}m, 'the access log tells of a login';
unlike $lines, qr/TlRMTVNT/, '... and has no token either';

# ---- what docs/security.md warns of ----
$httpd->{text} =~ s/http:trace3/http:trace4/;
$httpd->stop;
unlink $httpd->dir . '/error.log';
$httpd->start;
NTLM::Connection->new(port => $httpd->{port}, vhost => '127.0.0.1')->type1('/');
like $httpd->error_log, qr/\[http:trace4\].*Authorization: NTLM TlRMTVNT/, 'at http:trace4 httpd writes the headers';

done_testing;
