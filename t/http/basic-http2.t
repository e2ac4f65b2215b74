#!/usr/bin/perl
# Basic over HTTP/2: its logins are single requests', so they need no connection of their own, and
# nobody who comes with a password is sent back to HTTP/1.1.
use strict;
use warnings;
use FindBin qw($Bin);
use lib "$Bin/../lib";
use Basic qw(password);
use PrivateHttpd;
use Test::More;

my $modules = PrivateHttpd::module_folder();
plan skip_all => 'there is no mod_http2' if !-e "$modules/mod_http2.so";
plan skip_all => 'there is no mod_ssl' if !-e "$modules/mod_ssl.so";
plan skip_all => 'curl knows no HTTP/2' if `curl --version 2>/dev/null` !~ /\bHTTP2\b/;
plan skip_all => 'openssl is not installed' if `openssl version 2>/dev/null` !~ /OpenSSL/;
plan skip_all => 'mod_http2 does nothing under prefork' if ($ENV{MPM} // '') eq 'prefork';

my $httpd = PrivateHttpd->new(scheme => 'https', modules => [qw(ssl http2 alias)]);
$httpd->{text} = $httpd->certificate . <<'TEXT';
Protocols h2 http/1.1
LogLevel warn auth_ntlmv2:debug
AliasMatch "^/(?:basic|all)" "@DIR@/htdocs/index.html"
<LocationMatch "^/(?:basic|all)">
    AuthType NTLM
    NTLMCredentials file passwords
    Require valid-user
</LocationMatch>
<Location "/basic">
    NTLMOffer Basic
</Location>
<Location "/all">
    NTLMOffer NTLM Basic
</Location>
TEXT
$httpd->write('passwords', Basic::file(), $> == 0 ? 0600 : 0640);
$httpd->start;

# What became of some requests of one curl: "version status", a new connection marked with "+".
sub becomes {
    my (@requests) = @_;
    my @curl = ('curl', '-s');
    for my $request (@requests) {
        my ($path, @options) = @$request;
        push @curl, '--next' if @curl > 2;
        push @curl, '-s', '--max-time', 20, '--noproxy', '*', '--cacert', $httpd->dir . '/ca.pem', '--http2',
            '-o', $httpd->dir . '/body', '-w', '%{http_version} %{http_code} %{num_connects}\n', @options, $httpd->url($path);
    }
    open my $out, '-|', @curl or die "curl: $!\n";
    my @said = map { /^(\S+ \d+) (\d+)$/ ? ($2 ? "+ $1" : $1) : $_ } <$out>;
    return \@said;
}

sub as { my ($user, $password) = @_; return ('--basic', '-u', "$user:" . ($password // password($user))) }

is_deeply becomes(['/basic']), ['+ 2 401'], 'where Basic alone is offered, the offer comes over HTTP/2';
is_deeply becomes(['/basic', as('alice')], ['/basic', as('bob')], ['/basic'], ['/basic', as('alice', 'wrong')], ['/basic', as('colin')]),
    ['+ 2 200', '2 200', '2 401', '2 401', '2 200'], 'requests of one connection are whoever they say they are, each by itself';
my @users = $httpd->error_log =~ /auth_ntlmv2:info\].* ntlm: ok: user=(\w+) .* scheme=Basic .*tls=on/g;
is_deeply \@users, [qw(alice bob colin)], '... as the log says';

is_deeply becomes(['/all', as('alice')], ['/all', as('bob', 'wrong')]), ['+ 2 200', '2 401'], 'beside NTLM Basic is taken over HTTP/2, too';
my $said = becomes(['/all']);
unlike "@$said", qr/200/, '... and who says nothing is not let in';
$said = becomes(['/all', '--anyauth', '-u', 'alice:' . password('alice')]);
like "@$said", qr/1\.1 200/, '... and, asked for a login, one by NTLM gets in over HTTP/1.1';
$httpd->finish;
unlike $httpd->error_log, qr/exit signal/, 'no child died';

done_testing;
