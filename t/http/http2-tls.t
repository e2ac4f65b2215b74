#!/usr/bin/perl
# HTTP/2 as browsers speak it, over TLS: the login moves to an HTTP/1.1 connection, by
# itself. Nobody gets the page over HTTP/2. `Protocols http/1.1` spares the detour.
use strict;
use warnings;
use FindBin qw($Bin);
use lib "$Bin/../lib";
use Chromium;
use PrivateHttpd;
use Test::More;

my $modules = PrivateHttpd::module_folder();
plan skip_all => 'there is no mod_http2' if !-e "$modules/mod_http2.so";
plan skip_all => 'there is no mod_ssl' if !-e "$modules/mod_ssl.so";
plan skip_all => 'curl knows no HTTP/2' if `curl --version 2>/dev/null` !~ /\bHTTP2\b/;
plan skip_all => 'openssl is not installed' if `openssl version 2>/dev/null` !~ /OpenSSL/;
plan skip_all => 'mod_http2 does nothing under prefork' if ($ENV{MPM} // '') eq 'prefork';

my $OVER_2    = 'HTTP/2.0 403 - http11-required';
my $CHALLENGE = 'HTTP/1.1 401 - challenge-sent';
my $WELCOME   = 'HTTP/1.1 200 alice ok';
my $REFUSAL   = 'HTTP/1.1 401 - wrong-password';

sub httpd {
    my (%opt) = @_;
    my $httpd = PrivateHttpd->new(scheme => 'https', modules => [qw(ssl http2)]);
    $httpd->{text} = $httpd->certificate . "Protocols $opt{protocols}\n" . <<'TEXT';
LogFormat "%H %>s %u %{NTLM_STATUS}e" versions
CustomLog @DIR@/access.log versions
LogLevel warn auth_ntlmv2:debug
@PROTECTED@
<Location "/open/">
    Require all granted
    DirectoryIndex /index.html
</Location>
TEXT
    mkdir $httpd->dir . '/htdocs/open';
    $httpd->write('passwords', "alice:d9fe524deb5705ac74ea341ff18afe93\n", $> == 0 ? 0600 : 0640);
    $httpd->start;
    return $httpd;
}

# The lines of the access log since it was asked last, sorted. httpd writes a line after the
# response has gone, so this waits for what must come.
my $seen = 0;

sub requests {
    my ($httpd, @expected) = @_;
    my @lines;
    for (1 .. 500) {
        open my $log, '<', $httpd->dir . '/access.log' or die $!;
        chomp(@lines = <$log>);
        splice @lines, 0, $seen;
        last if !grep { my $line = $_; !grep { $_ eq $line } @lines } @expected;
        select undef, undef, undef, 0.02;
    }
    $seen += @lines;
    return sort @lines;
}

sub verbose {
    my ($httpd, @options) = @_;
    my @curl = ('curl', '-sv', '--max-time', 20, '--noproxy', '*', '--cacert', $httpd->dir . '/ca.pem', @options);
    open my $out, '-|', 'sh', '-c', 'exec "$@" 2>&1', 'sh', @curl, $httpd->url('/') or die "curl: $!\n";
    return do { local $/; <$out> };
}

my $httpd = httpd(protocols => 'h2 http/1.1');

# ---- curl ----
my $said = verbose($httpd, '--http2', '--ntlm', '-u', 'alice:Secr3t!pw');
like $said, qr/server accepted h2\b/, 'curl speaks HTTP/2 at first';
like $said, qr/^\* HTTP\/2 stream \d+ .*HTTP_1_1_REQUIRED/m, '... its stream is reset with HTTP_1_1_REQUIRED';
like $said, qr/HTTP_1_1_REQUIRED.*server accepted http\/1\.1.*^< HTTP\/1\.1 200 /ms, '... it comes back over HTTP/1.1';
like $said, qr/^the protected page$/m, '... and gets the page';
my @steps = ($WELCOME, $CHALLENGE, $OVER_2);
is_deeply [requests($httpd, @steps)], \@steps, 'httpd served these requests';
like $httpd->error_log, qr/ ntlm: http11-required: /, 'the error log says why';

$said = verbose($httpd, '--http2', '--ntlm', '-u', 'alice:wrong');
like $said, qr/^< HTTP\/1\.1 401 /m, 'a wrong password is refused';
unlike $said, qr/the protected page/, '... without the page';
@steps = ($CHALLENGE, $REFUSAL, $OVER_2);
is_deeply [requests($httpd, @steps)], \@steps, '... after the same steps';

$said = verbose($httpd, '--http2', '--ntlm', '-u', 'alice:Secr3t!pw', $httpd->url('/open/'));
is(() = $said =~ /^the protected page$/mg, 2, 'an open directory whose index is protected is reached the same way');
requests($httpd, $WELCOME);

# ---- a client that stays with HTTP/2 ----
# The page twice: on an HTTP/1.1 connection that logs in, then on an HTTP/2 one.
$said = verbose($httpd, '--http1.1', '--ntlm', '-u', 'alice:Secr3t!pw', $httpd->url('/'), '--next', '-sv',
    '--max-time', 20, '--noproxy', '*', '--cacert', $httpd->dir . '/ca.pem', '--http2-prior-knowledge');
is(() = $said =~ /^the protected page$/mg, 1, 'a login over HTTP/1.1 is none for HTTP/2');
@steps = ($WELCOME, $CHALLENGE, 'HTTP/1.1 401 - no-credentials', $OVER_2);
is_deeply [requests($httpd, @steps)], \@steps, '... whose stream is refused';

# ---- a browser ----
SKIP: {
    my $why = Chromium::missing();
    skip $why, 6 if $why;
    $said = Chromium::visit($httpd->url('/'), 'alice', 'Secr3t!pw');
    like $said, qr/^the protected page\n(?:.*\n)*HTTP 200$/, 'Chromium logs in';
    my @lines = requests($httpd, $OVER_2, $WELCOME);
    ok scalar(grep { $_ eq $OVER_2 } @lines), '... after its HTTP/2 request was refused';
    ok scalar(grep { $_ eq $WELCOME } @lines), '... and gets the page over HTTP/1.1';
    is_deeply [grep { /^HTTP\/2/ && $_ ne $OVER_2 } @lines], [], '... and nothing over HTTP/2';
    unlike Chromium::visit($httpd->url('/'), 'alice', 'wrong'), qr/the protected page|HTTP 200/,
        'Chromium does not get in with a wrong password';
    ok scalar(grep { $_ eq $REFUSAL } requests($httpd, $REFUSAL)), '... which it sent over HTTP/1.1';
}
$httpd->stop;

# ---- the alternative ----
$seen  = 0;
$httpd = httpd(protocols => 'http/1.1');
is(($httpd->curl('alice', 'Secr3t!pw', '/', '--http2'))[0], 200, 'Protocols http/1.1: curl logs in');
@steps = ($WELCOME, $CHALLENGE);
is_deeply [requests($httpd, @steps)], \@steps, '... with no detour';
my ($status, $body) = $httpd->curl('alice', 'wrong', '/', '--http2');
is $status, 401, '... and not with a wrong password';
unlike $body, qr/the protected page/, '... nor gets the page';

done_testing;
