#!/usr/bin/perl
# Somebody in the middle who passes a client's login on to this server as his own. Over TLS
# Extended Protection stops him: the client has signed his certificate, not ours. Without TLS
# nothing does, and with clients that sign nothing only `require`.
use strict;
use warnings;
use FindBin qw($Bin);
use lib "$Bin/../lib";
use Certificates;
use Guarded;
use NTLM::Message;
use Relay;
use Test::More;

if (my $why = Certificates::missing()) { plan skip_all => $why }
require NTLM::TLS;

my %ALICE  = (user => 'alice', domain => 'CORP', nt_hash => 'd9fe524deb5705ac74ea341ff18afe93');
my %PLACES = (
    '/off'     => 'NTLMExtendedProtection off',
    '/allow'   => 'NTLMExtendedProtection allow',
    '/require' => 'NTLMExtendedProtection require',
    '/names'   => 'NTLMServiceNames require',
    '/signed'  => "NTLMExtendedProtection require\nNTLMRequireMIC on",
);

# What the log says since it had that length.
sub last_verdict {
    my ($httpd, $seen) = @_;
    my @said = substr($httpd->error_log, $seen) =~ / ntlm: ([a-z0-9-]+): .* binding=([a-z]+) /g;
    return @said ? join ' binding=', @said[-2, -1] : 'nothing was logged';
}

my $https = Guarded->new(modules => ['ssl'], places => \%PLACES, scheme => 'https',
    text => sub { "SSLEngine on\n" . Certificates::make($_[0], 'own', 'ec') });
my $http = Guarded->new(places => \%PLACES);
Certificates::make($https->dir, 'his', 'ec');
my $HIS = $https->dir . '/his';

# What a client's login at somebody in the middle comes to: what the server's log says, and
# whether he has got the page.
sub relayed {
    my ($client, $to, $place, %opt) = @_;
    my $over_tls = delete $opt{client_tls};
    my $seen     = length $to->error_log;
    my $relay = Relay->new(to => $to, place => "$place/", tls => $to == $https, $over_tls ? (certificate => $HIS) : (),
        exists $opt{rewrite} ? (rewrite => delete $opt{rewrite}) : ());
    $client->($relay, %opt);
    my $loot = $relay->loot;
    $relay->stop;
    return last_verdict($to, $seen) . ($loot eq '' ? ', nothing' : $loot =~ /\A(?:the protected page\n)+\z/ ? ', the page' : ", $loot");
}

# A client that signs the certificate which it sees, as Windows and Chromium do.
sub careful {
    my ($relay, %type3) = @_;
    my $connection = NTLM::TLS->new(port => $relay->{port});
    $connection->login('/', %ALICE, binding => $connection->binding, %type3);
    return;
}

# One that speaks no TLS with him; Windows then signs 16 zero bytes.
sub in_clear_text {
    my ($relay, %type3) = @_;
    NTLM::Connection->new(port => $relay->{port}, vhost => 'web.test')->login('/', %ALICE, binding => "\0" x 16, %type3);
    return;
}

sub curl {
    my ($relay, %more) = @_;
    system 'curl', qw(-sk -o /dev/null --max-time 20 --noproxy * --ntlm -u), 'CORP\\alice:' . ($more{password} // 'Secr3t!pw'), $relay->url;
    return;
}

# ---- he speaks TLS with both ----
is relayed(\&careful, $https, $_, client_tls => 1), 'binding-mismatch binding=wrong, nothing',
    "$_: a client that signs his certificate is not relayed" for qw(/allow /require /signed);
is relayed(\&careful, $https, '/off', client_tls => 1), 'ok binding=wrong, the page', '/off: he is let in, and the log tells';
is relayed(\&careful, $https, $_, client_tls => 1, nt_hash => '0' x 32), 'wrong-password binding=unchecked, nothing',
    "$_: a wrong password is one" for qw(/off /require);
is relayed(\&curl, $https, '/require', client_tls => 1), 'binding-required binding=absent, nothing',
    '/require: curl, which signs none, is not relayed';
is relayed(\&curl, $https, '/allow', client_tls => 1), 'ok binding=absent, the page',
    '/allow: curl is, which is why there is require';
is relayed(\&curl, $https, '/allow', client_tls => 1, password => 'wrong'), 'wrong-password binding=absent, nothing',
    '... not with a wrong password';

# ---- he changes what was signed ----
my $his = Certificates::binding("$HIS.pem");
my $our = Certificates::binding($https->dir . '/own.pem');
my %TAMPERED = (
    'puts our binding in'  => [sub { my ($m) = @_; $m =~ s/\Q$his\E/$our/; $m }, 'wrong-password binding=unchecked'],
    'puts zeros in'        => [sub { my ($m) = @_; $m =~ s/\Q$his\E/"\0" x 16/e; $m }, 'wrong-password binding=zero'],
    'gives it another id'  => [sub { my ($m) = @_; $m =~ s/\x0a\x00\x10\x00\Q$his\E/\x0b\0\x10\0$his/; $m }, 'wrong-password binding=absent'],
    'cuts the MIC out'     => [\&without_mic, 'mic-missing binding=unchecked'],
    'asks for no signing'  => [sub { my ($m) = @_; no_signing($m) }, 'bad-mic binding=unchecked'],
    'calls the computer another name' => [sub { my ($m) = @_; $m =~ s/W\0S\x001\0/X\0S\x001\0/; $m }, 'bad-mic binding=unchecked'],
);

sub no_signing {
    my ($message) = @_;
    my $type = unpack 'x8 V', $message;
    my $at   = $type == 1 ? 12 : 60;
    substr($message, $at, 4) = pack 'V', unpack('V', substr $message, $at, 4) & ~NTLM::Message::ALWAYS_SIGN;
    return $message;
}

# As the attack of CVE-2019-1040: no signing, no version, no MIC.
sub without_mic {
    my ($message) = @_;
    $message = no_signing($message);
    return $message if unpack('x8 V', $message) != 3;
    substr($message, 60, 4) = pack 'V', unpack('V', substr $message, 60, 4) & ~NTLM::Message::VERSION;
    substr($message, 64, 24) = '';
    for my $field (map { 12 + 8 * $_ } 0 .. 5) {
        substr($message, $field + 4, 4) = pack 'V', unpack('V', substr $message, $field + 4, 4) - 24;
    }
    return $message;
}

for my $what (sort keys %TAMPERED) {
    my ($rewrite, $verdict) = @{$TAMPERED{$what}};
    is relayed(\&careful, $https, $_, client_tls => 1, rewrite => $rewrite), "$verdict, nothing", "$_: he $what" for qw(/allow /require);
}

# ---- he speaks TLS with the server only ----
is relayed(\&in_clear_text, $https, '/require'), 'binding-required binding=zero, nothing',
    '/require: a client without TLS is not relayed to a server with it';
is relayed(\&in_clear_text, $https, '/allow'), 'ok binding=zero, the page', '/allow: it is';
is relayed(\&in_clear_text, $https, '/allow', nt_hash => '0' x 32), 'wrong-password binding=zero, nothing', '... not with a wrong password';

# ---- no TLS at all: NTLM cannot tell ----
is relayed(\&in_clear_text, $http, $_), 'ok binding=zero, the page', "without TLS $_ does not stop him" for qw(/off /allow);
is relayed(\&curl, $http, '/allow'), 'ok binding=absent, the page', '... nor with curl as the client';
is relayed(\&curl, $http, '/allow', password => 'wrong'), 'wrong-password binding=absent, nothing', '... not with a wrong password';
is relayed(\&in_clear_text, $http, '/require'), 'binding-unknown binding=zero, nothing',
    'where Extended Protection is required, nobody logs in without TLS';
is relayed(\&in_clear_text, $http, '/names', spn => 'HTTP/evil.test'), 'service-mismatch binding=zero, nothing',
    'NTLMServiceNames stops him when the client has named him';
is relayed(\&in_clear_text, $http, '/names', spn => 'HTTP/127.0.0.1'), 'ok binding=zero, the page',
    '... not when it has named this server';

done_testing;
