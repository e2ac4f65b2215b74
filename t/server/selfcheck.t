#!/usr/bin/perl
# What httpd says at its start, and `httpd -t`, about what stands around logins: one line each.
use strict;
use warnings;
use FindBin qw($Bin);
use lib "$Bin/../lib";
use PrivateHttpd;
use Test::More;

my $PLACE = "AuthType NTLM\nNTLMCredentials file passwords\nRequire valid-user";

sub section { my ($name, $what, @lines) = @_; return join "\n", "<$name $what>", @lines, "</$name>", '' }
sub location { return section(Location => @_) }
sub host { my ($name, @lines) = @_; return section(VirtualHost => '127.0.0.1:@PORT@', "ServerName $name.test", @lines) }

sub says {
    my ($text) = @_;
    my $httpd = PrivateHttpd->new(modules => [qw(ssl socache_shmcb http2 log_forensic dumpio log_debug auth_basic authn_file remoteip)], text => $text);
    $httpd->write('passwords', "alice:d9fe524deb5705ac74ea341ff18afe93\n", $> == 0 ? 0600 : 0640);
    my ($ok, $said) = $httpd->configtest;
    ok $ok, 'it is no error' or diag $said;
    return join "\n", grep { /auth_ntlmv2:warn/ } split /\n/, $said;
}

sub warned {
    my ($name, $text, $warning, $times) = @_;
    subtest $name => sub {
        my $said = says($text);
        is scalar(() = $said =~ /$warning/g), $times // 1, '... is said' or diag $said;
    };
    return;
}

sub silent {
    my ($name, $text) = @_;
    subtest $name => sub { is says($text), '', 'not a word' };
    return;
}

# ---- HTTP/2 ----
my $H2 = qr/AuthType NTLM \(\S+:\d+\): server \S+ offers HTTP\/2, whose requests share a connection, so each client is sent back to HTTP\/1\.1 first; write Protocols http\/1\.1/;
warned 'HTTP/2 where all pages ask', "Protocols h2 http/1.1\n" . location('/', $PLACE), $H2;
warned '... in clear text', "Protocols h2c http/1.1\n" . location('"/"', $PLACE), $H2;
warned '... by the folder', "Protocols h2 http/1.1\n" . section(Directory => '@DIR@/htdocs', $PLACE), $H2;
warned '... by a folder around it', "Protocols h2 http/1.1\n" . section(Directory => '/', $PLACE), $H2;
warned '... of a virtual host', location('/x', $PLACE) . host(a => 'Protocols h2 http/1.1', location('/', $PLACE)), $H2;
warned '... that has it from the main server', "Protocols h2 http/1.1\n" . host(a => location('/', $PLACE)), $H2;
silent 'HTTP/2 where some pages ask', "Protocols h2 http/1.1\n" . location('/x', $PLACE) . section(Directory => '@DIR@/htdocs/x', $PLACE);
silent '... on another virtual host', host(a => 'Protocols h2 http/1.1') . host(b => 'Protocols http/1.1', location('/', $PLACE));
silent '... where HTTP/1.1 alone is offered', "Protocols http/1.1\n" . location('/', $PLACE);
silent '... where guests are welcome', "Protocols h2 http/1.1\n" . location('/', $PLACE =~ s/valid-user/ntlm-or-guest/r);
silent '... where Basic is all that is offered', "Protocols h2 http/1.1\nNTLMThrottle 10/300\n" . location('/', $PLACE, 'NTLMOffer Basic');

# ---- what writes headers ----
my $WRITES = qr/\(\S+:\d+\): it writes what logins send into a log, from which passwords can be had; /;
my %writers = (
    'LogLevel http:trace4'             => 'write http:trace3 at the most',
    'LogLevel trace8'                  => 'write http:trace3 at the most',
    'LogLevel http:info trace5'        => 'write http:trace3 at the most',
    'LogLevel info http_module:trace6' => 'write http:trace3 at the most',
    'ForensicLog @DIR@/forensic'       => 'leave it out',
    'DumpIOInput On'                   => 'write Off',
    'DumpIOOutput on'                  => 'write Off',
    'LogFormat "%{Authorization}i" x'  => 'leave that header out',
    'CustomLog @DIR@/x "%a %{proxy-authorization}i"' => 'leave that header out',
    'CustomLog @DIR@/x "%{WWW-Authenticate}o"'       => 'leave that header out',
    'ErrorLogFormat "[%-m:%l] %{Authorization}i %M"' => 'leave that header out',
);
for my $line (sort keys %writers) {
    my $said = quotemeta($line) =~ s/\\\@DIR\\\@/\\S+/r;
    warned $line, "$line\n" . location('/x', $PLACE), qr/$said $WRITES\Q$writers{$line}\E/;
    silent "... where nobody logs in", $line;
}
warned 'LogLevel of a section', location('/x', $PLACE, 'LogLevel http:trace7'), qr/LogLevel http:trace7 $WRITES/;
warned 'LogMessage', location('/x', $PLACE, 'LogMessage "%{req:Authorization}"'), qr/LogMessage .* $WRITES/;
silent $_, "$_\n" . location('/x', $PLACE)
    for 'LogLevel trace3', 'LogLevel http:trace8 info', 'LogLevel auth_ntlmv2:trace8', 'LogLevel trace8 http:debug', 'DumpIOInput Off', 'LogFormat "%u %{User-Agent}i" x';

# ---- directives that nothing uses ----
sub unused { my ($line) = @_; return qr/\Q$line\E \(\S+:\d+\): nothing asks for its accounts here, so it does nothing; write AuthType NTLM there, or it where that stands/ }
my ($BASIC, $ACCOUNTS) = ("AuthType Basic\nAuthName x", 'NTLMCredentials file passwords');
warned 'a directive where nothing asks', location('/x', 'NTLMRequireMIC on'), unused('NTLMRequireMIC on');
warned '... for the first of its section', location('/x', 'NTLMRequireMIC on', 'NTLMDomain CORP'), unused('NTLMRequireMIC on');
warned '... once', location('/x', 'NTLMRequireMIC on', 'NTLMDomain CORP'), qr/nothing asks/, 1;
warned '... of ten sections at the most', join('', map { location("/x$_", 'NTLMRequireMIC on') } 1 .. 30), qr/nothing asks/, 10;
warned '... of another path', location('/x', 'NTLMRequireMIC on') . location('/y', $PLACE), unused('NTLMRequireMIC on');
warned '... of another host', host(a => 'NTLMRequireTLS on') . host(b => location('/', $PLACE)), unused('NTLMRequireTLS on');
warned '... of the server', "NTLMDomain CORP\n" . location('/x', $BASIC, 'Require valid-user'), unused('NTLMDomain CORP');
silent 'a directive beside AuthType', location('/x', $PLACE, 'NTLMRequireMIC on');
silent '... around it', "NTLMRequireMIC on\n" . location('/', 'NTLMDomain CORP') . location('/x', $PLACE);
silent '... of the server, for a host', "NTLMRequireMIC on\n" . host(a => location('/x', $PLACE));
silent '... below it', location('/x', $PLACE) . location('/x/y', 'NTLMRequireMIC on');
silent '... that may meet it', section(Directory => '@DIR@/htdocs/x', 'NTLMRequireMIC on') . location('/y', $PLACE);
silent '... under a condition', location('/x', $PLACE, section(If => '"true"', 'NTLMRequireMIC on'));
silent '... for AuthBasicProvider', "NTLMThrottle 10/300\n" . location('/x', $BASIC, 'AuthBasicProvider file ntlm', 'AuthUserFile passwords', $ACCOUNTS, 'Require valid-user');
silent '... where a request says the type', location('/x', 'AuthType %{env:TYPE}', $ACCOUNTS, 'Require valid-user');
silent '... where .htaccess may', section(Directory => '@DIR@/htdocs', 'AllowOverride AuthConfig') . section(Directory => '@DIR@/htdocs/x', $ACCOUNTS);
silent 'NTLMThrottleStore', "NTLMThrottleStore shmcb\n";

# ---- passwords in clear text ----
my $CLEAR = qr/NTLMBasicWithoutTLS on \(\S+:\d+\): passwords of Basic are taken in clear text, which everybody on the way can read; write NTLMBasicWithoutTLS off, or behind a front end that ends TLS RemoteIPHeader, too, so that guesses are counted by client/;
my $BOTH  = "NTLMThrottle 10/300\nNTLMOffer NTLM Basic";
warned 'Basic without TLS', location('/x', $PLACE, $BOTH, 'NTLMBasicWithoutTLS on'), $CLEAR;
warned '... for AuthBasicProvider', "NTLMThrottle 10/300\n" . location('/x', $BASIC, 'AuthBasicProvider ntlm', $ACCOUNTS, 'NTLMBasicWithoutTLS on', 'Require valid-user'), $CLEAR;
silent '... behind a front end', "RemoteIPHeader X-Forwarded-For\nRemoteIPInternalProxy 127.0.0.1\n" . location('/x', $PLACE, $BOTH, 'NTLMBasicWithoutTLS on');
silent '... that speaks the PROXY protocol', "RemoteIPProxyProtocol On\n" . location('/x', $PLACE, $BOTH, 'NTLMBasicWithoutTLS on');
silent 'Basic over TLS alone', location('/x', $PLACE, $BOTH);

# ---- NTLM by way of mod_auth_gssapi ----
SKIP: {
    my $gssapi = PrivateHttpd::module_folder() . '/mod_auth_gssapi.so';
    skip 'mod_auth_gssapi is not installed', 2 if !-e $gssapi;
    my $load = "LoadModule auth_gssapi_module $gssapi\n";
    my $took = qr/GssapiAllowedMech ntlmssp \(\S+:\d+\): mod_auth_gssapi would take NTLM there, with accounts of its own; write GssapiAllowedMech krb5, and NTLMOffer Negotiate NTLM in the place with AuthType NTLM/;
    my $other = location('/g', "AuthType GSSAPI\nAuthName x", 'GssapiAllowedMech krb5', 'GssapiAllowedMech ntlmssp', 'Require valid-user');
    warned 'NTLM by mod_auth_gssapi, beside ours', $load . $other . location('/x', $PLACE), $took;
    silent '... by itself', $load . $other;
}

done_testing;
