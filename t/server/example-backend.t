#!/usr/bin/perl
# The backend that docs/contributing.md has as an example: built in another folder, with our headers
# and nothing else of ours, it lets somebody in.
use strict;
use warnings;
use Cwd qw(abs_path);
use File::Temp qw(tempdir);
use FindBin qw($Bin);
use lib "$Bin/../lib";
use NTLM::Connection;
use PrivateHttpd;
use Test::More;

my $TOP  = abs_path("$Bin/../..");
my $HASH = '8846f7eaee8fb117ad06bdd830b7586c';
my ($code) = PrivateHttpd::example('../docs/contributing.md') =~ m{^(    /\* mod_ntlmv2_one\.c: .*?^    AP_DECLARE_MODULE[^\n]*\n)}ms or die "there is no example\n";
$code =~ s/^    //mg;
my $lines = () = $code =~ /\n/g;
cmp_ok $lines, '<=', 66, "it has $lines lines";

my $httpd = PrivateHttpd->new(mpm => 'event', text => <<"TEXT");
LoadModule ntlmv2_one_module \@DIR\@/mod_ntlmv2_one.so
LogLevel warn auth_ntlmv2:info
<Location "/page">
AuthType NTLM
NTLMCredentials one alice:$HASH lockout=2/60
Require valid-user
</Location>
TEXT
$httpd->write('htdocs/page', "a page\n");
$httpd->write('mod_ntlmv2_one.c', $code);
my $apxs  = $ENV{APXS} || 'apxs';
my $dir   = $httpd->dir;
my $flags = join ' ', map { "-isystem $_" } grep { length } map { `$_` =~ s/\s+$//r } "$apxs -q INCLUDEDIR", 'apr-1-config --includedir';
my $said  = `cd $dir && cc -std=gnu11 -D_GNU_SOURCE \$(apr-1-config --cppflags) $flags -I $TOP -Wall -Werror -fPIC -shared -o mod_ntlmv2_one.so mod_ntlmv2_one.c -lcrypto 2>&1`;
is $?, 0, 'it builds without a warning' or diag $said;
$httpd->start;

sub becomes {
    my $c = NTLM::Connection->new(port => $httpd->{port}, vhost => '127.0.0.1');
    return $c->login('/page', user => 'alice', domain => 'CORP', nt_hash => $HASH, @_)->status;
}
is becomes(), 200, 'who has the password gets in';
like $httpd->error_log, qr/ntlm: ok: user=alice .* mic=ok .* source=one/, '... and its session key fits the MIC';
is becomes(nt_hash => 'a' x 32), 401, 'who has another one does not' for 1 .. 2;
is becomes(), 429, '... and what is the same for all such sources is seen to';
my $other = PrivateHttpd->new(mpm => 'event', text => "LoadModule ntlmv2_one_module $dir/mod_ntlmv2_one.so\n<Location />\nAuthType NTLM\nNTLMCredentials one alice\n</Location>\n");
my ($ok, $why) = $other->configtest;
ok !$ok, 'what it says of a line that is wrong';
like $why, qr/NTLMCredentials one: write USER:NTHASH/, '... configtest says';
$httpd->stop;
done_testing;
