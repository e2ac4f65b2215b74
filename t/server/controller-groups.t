#!/usr/bin/perl
# Groups of accounts that a controller has let in: by their SIDs, whatever they are called; and the
# end that he sets a login.
use strict;
use warnings;
use Cwd qw(abs_path);
use File::Copy qw(copy);
use FindBin qw($Bin);
use lib "$Bin/../lib";
use NTLM::Connection;
use PrivateHttpd;
use Test::More;
use Time::HiRes qw(sleep);

my $TOP  = abs_path("$Bin/../..");
my $HASH = 'd9fe524deb5705ac74ea341ff18afe93';
my $said = `make -C $TOP -f Makefile.apxs --no-print-directory build/controller.so 2>&1`;
die "build/controller.so: $said" if $?;

my $SID    = 'S-1-5-21-1-2-3';
my $KNOWN  = "staff:$SID-1101|CORP\\\\staff:$SID-1101|renamed:$SID-1102|denied:$SID-1103|off:$SID-1104|others:$SID-1105";
my $GROUPS = "$SID-1101:CORP\\\\staff:7|$SID-1102:CORP\\\\was, once:7|$SID-1103:CORP\\\\denied:17|$SID-1104:CORP\\\\off:3|$SID-1106:-:7";
my $SOURCE = qq{NTLMCredentials controller user=alice domain=CORP hash=$HASH "group=$KNOWN" "groups=$GROUPS" lockout=off};
my %WORDS  = (
    name => 'staff', whole => '"CORP\\\\staff"', case => 'STAFF', renamed => 'renamed', 'old-name' => '"was, once"',
    denied => 'denied', off => 'off', others => 'others', unknown => 'nobody-has-it', sid => "$SID-1106", 'other-sid' => "$SID-1105",
    'part-of-a-sid' => "$SID-110", several => 'others staff',
);
my %IN = map { $_ => 1 } qw(name whole case renamed sid several);
my $MANY   = join '|', $GROUPS, map { "$SID-" . (2000 + $_) . ":CORP\\\\group of a large domain, number $_:7" } 1 .. 400;
my $places = join '', map { "<Location \"/$_\">\nAuthType NTLM\n$SOURCE\nRequire ntlm-group $WORDS{$_}\n</Location>\n" } sort keys %WORDS;
my $httpd = PrivateHttpd->new(mpm => 'event', text => <<"TEXT");
LoadModule controller_module \@DIR\@/controller.so
LogLevel warn auth_ntlmv2:debug
LogFormat "%U %>s groups=%{NTLM_GROUPS}e" verdict
CustomLog \@DIR\@/access.log verdict
KeepAliveTimeout 60
NTLMThrottle off
$places
<Location "/not">
AuthType NTLM
$SOURCE
<RequireAll>
Require valid-user
Require not ntlm-group staff
</RequireAll>
</Location>
<Location "/silent">
AuthType NTLM
$SOURCE silent=\@DIR\@/silent
Require ntlm-group staff
</Location>
<Location "/many">
AuthType NTLM
@{[ $SOURCE =~ s/"groups=.*?"/"groups=$MANY"/r ]}
Require ntlm-group staff
</Location>
<Location "/many-others">
AuthType NTLM
@{[ $SOURCE =~ s/"groups=.*?"/"groups=$MANY"/r ]}
Require ntlm-group others
</Location>
<Location "/not-silent">
AuthType NTLM
$SOURCE silent=\@DIR\@/silent
<RequireAll>
Require valid-user
Require not ntlm-group others
</RequireAll>
</Location>
<Location "/ends-later">
AuthType NTLM
$SOURCE kickoff=3600
Require valid-user
</Location>
<Location "/kickoff">
AuthType NTLM
$SOURCE kickoff=1
Require valid-user
</Location>
TEXT
copy("$TOP/build/controller.so", $httpd->dir . '/controller.so') or die "controller.so: $!\n";
$httpd->write("htdocs/$_", "a page\n") for keys %WORDS, qw(not silent not-silent many many-others ends-later kickoff);
$httpd->write('silent', '');
$httpd->start;

sub login {
    my ($place) = @_;
    my $c = NTLM::Connection->new(port => $httpd->{port}, vhost => '127.0.0.1');
    return ($c, $c->login("/$place", domain => 'CORP', user => 'alice', nt_hash => $HASH)->status);
}
sub becomes { return (login(@_))[1] }

for my $place (sort keys %WORDS) {
    is becomes($place), $IN{$place} ? 200 : 403, "Require ntlm-group $WORDS{$place}";
}
like $httpd->access_log(qr{^/name 200}m), qr{^/name 200 groups=CORP\\+staff,CORP\\+was%2C once,$SID-1106$}m,
    'NTLM_GROUPS has those that are enabled, and a SID where nobody knows the name';
is becomes('not'), 403, 'under not, too';
is becomes('many'),        200, 'of more groups than NTLM_GROUPS has room for the SIDs are compared';
is becomes('many-others'), 403, '... all of them';

# ---- while it is not known which group that is ----
{
    unlink $httpd->dir . '/silent';
    my $status = becomes('silent');
    isnt $status, 200, "what is not known yet lets nobody in ($status)";
    for (1 .. 100) { last if ($status = becomes('silent')) == 200; sleep 0.1 }
    is $status, 200, '... until it is';
}

# ---- the end of a login ----
{
    my ($c, $status) = login('ends-later');
    is $status, 200, 'an account that ends some time logs in';
    is $c->get('/ends-later')->status, 200, '... and stays logged in';
    ($c, $status) = login('kickoff');
    is $status, 200, 'one that ends soon, too';
    for (1 .. 100) { last if ($status = $c->get('/kickoff')->status) != 200; sleep 0.1 }
    is $status, 401, '... until then';
    like $httpd->error_log, qr/ntlm: login-ended: user=alice .*: its account's time is up, as the controller said/, 'the log says why';
}
$httpd->stop;
done_testing;
