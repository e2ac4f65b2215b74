#!/usr/bin/perl
# The configuration that docs/security.md recommends is one, and does what is said of it.
use strict;
use warnings;
use FindBin qw($Bin);
use lib "$Bin/../lib";
use Certificates;
use NTLM::Connection;
use PrivateHttpd;
use Test::More;

if (my $why = Certificates::missing()) { plan skip_all => $why }
require NTLM::TLS;

my %ALICE = (user => 'alice', domain => 'CORP', nt_hash => 'd9fe524deb5705ac74ea341ff18afe93');

open my $in, '<', "$Bin/../../docs/security.md" or die "docs/security.md: $!\n";
my $page = do { local $/; <$in> };
my ($text) = $page =~ /^## Recommended configuration\n\n((?:    .*\n|\n)+)/m or die "security.md recommends nothing\n";
$text =~ s/^    //mg;
$text =~ s{/etc/apache2/ntlm\.passwd}{passwords} or die "security.md names no password file\n";

# The same server with TLS, and a host without.
my $httpd = PrivateHttpd->new(ports => ['CLEAR'], modules => [qw(ssl http2 socache_shmcb)], text => $text);
$httpd->{text} .= Certificates::make($httpd->dir, 'own', 'ec') . <<"TEXT";
Listen 127.0.0.1:\@CLEAR\@
<VirtualHost 127.0.0.1:\@PORT\@>
    SSLEngine on
</VirtualHost>
TEXT
mkdir $httpd->dir . '/htdocs/intranet';
$httpd->write('htdocs/intranet/index.html', "the protected page\n");
my $path = $httpd->write('passwords', "alice:$ALICE{nt_hash}\n", 0640);
chown 0, scalar getgrnam('www-data'), $path if $> == 0;
$httpd->start;

sub tls { return NTLM::TLS->new(port => $httpd->{port}) }

my $response = tls()->login('/intranet/', %ALICE, binding => tls()->binding);
is $response->status, 200, 'who signs the certificate logs in';
like $response->body, qr/the protected page/, '... and gets the page';
for my $case (['no binding'], ['another certificate', binding => "\1" x 16], ['a wrong password', binding => tls()->binding, nt_hash => '0' x 32]) {
    my ($what, @type3) = @$case;
    $response = tls()->login('/intranet/', %ALICE, @type3);
    is $response->status, 401, "$what: refused";
    unlike $response->body, qr/the protected page/, '... without the page';
}
is(NTLM::Connection->new(port => $httpd->{ports}{CLEAR}, vhost => '127.0.0.1')->get('/intranet/')->status, 403, 'without TLS nobody is asked to');
$response = tls()->login('/intranet/', %ALICE, nt_hash => '0' x 32) for 1 .. 10;
$response = tls()->login('/intranet/', %ALICE, binding => tls()->binding);
is $response->status, 429, 'ten failures are too many';

done_testing;
