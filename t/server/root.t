#!/usr/bin/perl
# httpd as it is run in earnest: started by root, with children of another user. The
# password file may belong to root alone, since the parent reads it.
use strict;
use warnings;
use FindBin qw($Bin);
use lib "$Bin/../lib";
use PrivateHttpd;
use Test::More;

plan skip_all => 'this needs root' if $> != 0;
plan skip_all => 'there is no curl (package curl)' if !-x '/usr/bin/curl';

my $HASH = 'd9fe524deb5705ac74ea341ff18afe93';    # of Secr3t!pw
my $NEW  = 'a4f49c406510bdcab6824ee7c30fd852';    # of Password

# A child that ends meanwhile takes a challenge with it.
sub at_last {
    my ($httpd) = @_;
    my $status = 0;
    for (1 .. 100) {
        last if ($status = ($httpd->curl('alice', 'Password', '/'))[0]) == 200;
        select undef, undef, undef, 0.1;
    }
    return $status;
}

for my $mpm (qw(event worker prefork)) {
    my $httpd = PrivateHttpd->new(mpm => $mpm, text => <<'TEXT');
NTLMDomain CORP
@PROTECTED@
LogLevel warn auth_ntlmv2:info
TEXT
    $httpd->write('passwords', "alice:$HASH\n", 0600);
    $httpd->start;
    is(($httpd->curl('alice', 'Secr3t!pw', '/'))[0], 200, "$mpm: a file that only root can read serves a login");
    is(($httpd->curl('alice', 'Password', '/'))[0], 401, "$mpm: a wrong password is refused");

    $httpd->write('passwords', "alice:$NEW\n", 0600);
    $httpd->graceful;
    is at_last($httpd), 200, "$mpm: graceful takes the new file over";
    for (1 .. 5) { $httpd->graceful; select undef, undef, undef, 0.2 }
    is at_last($httpd), 200, "$mpm: and again, five times";
    $httpd->finish;
    unlike $httpd->error_log, qr/exit signal|Segmentation|AddressSanitizer/, "$mpm: no child died";
    unlike $httpd->error_log, qr/$HASH|$NEW/i, "$mpm: the log holds no hash";
}

done_testing;
