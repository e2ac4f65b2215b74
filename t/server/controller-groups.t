#!/usr/bin/perl
# Groups of accounts that a controller has let in: by their SIDs, whatever they are called; and the
# end that he sets a login.
use strict;
use warnings;
use Cwd qw(abs_path);
use File::Copy qw(copy);
use File::Path qw(make_path);
use FindBin qw($Bin);
use lib "$Bin/../lib";
use Basic qw(basic);
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
my $MANY   = join '|', $GROUPS, map { "$SID-" . (2000 + $_) . ":CORP\\\\group of a large domain, number $_:7" } 1 .. 400;

# Each place is a source of its own, if its options are.
sub place {
    my ($name, $require, %other) = @_;
    my $groups = $other{groups} // $GROUPS;
    return <<"TEXT";
<Location "/$name">
AuthType NTLM
NTLMCredentials controller user=alice domain=CORP hash=$HASH "group=$KNOWN" "groups=$groups" lockout=off @{[ $other{options} // '' ]}
@{[ $other{text} // '' ]}
$require
</Location>
TEXT
}
sub not_in { return "<RequireAll>\nRequire valid-user\nRequire not ntlm-group $_[0]\n</RequireAll>" }

my %WORDS = (
    name => 'staff', whole => '"CORP\\\\staff"', case => 'STAFF', renamed => 'renamed', 'old-name' => '"was, once"',
    denied => 'denied', off => 'off', others => 'others', unknown => 'nobody-has-it', sid => "$SID-1106", 'other-sid' => "$SID-1105",
    'part-of-a-sid' => "$SID-110", 'two-sids' => qq{"$SID-1101 $SID-1102"}, several => 'others staff',
);
my %IN = map { $_ => 1 } qw(name whole case renamed sid several);
my %UNNAMED = (options => 'unnamed=@DIR@/unnamed');
my $BASIC = "NTLMOffer NTLM Basic\nNTLMBasicWithoutTLS on";
my $PROVIDED = "AuthType Basic\nAuthName x\nAuthBasicProvider ntlm\nNTLMBasicWithoutTLS on";
my %PLACES = (
    (map { $_ => place($_, "Require ntlm-group $WORDS{$_}") } keys %WORDS),
    'not'               => place('not', not_in('staff')),
    'not-sid'           => place('not-sid', not_in("$SID-1106")),
    many                => place('many', 'Require ntlm-group staff', groups => $MANY),
    'many-others'       => place('many-others', 'Require ntlm-group others', groups => $MANY),
    'unnamed'           => place('unnamed', 'Require ntlm-group staff', %UNNAMED),
    'unnamed-sid'       => place('unnamed-sid', "Require ntlm-group $SID-1106 staff", %UNNAMED),
    'unnamed-not'       => place('unnamed-not', not_in('others'), %UNNAMED),
    'unnamed-provided'  => place('unnamed-provided', 'Require ntlm-group staff', %UNNAMED, text => $PROVIDED),
    basic               => place('basic', 'Require ntlm-group staff', text => $BASIC),
    'basic-others'      => place('basic-others', 'Require ntlm-group others', text => $BASIC),
    'ends-later'        => place('ends-later', 'Require valid-user', options => 'kickoff=3600'),
    kickoff             => place('kickoff', 'Require valid-user', options => 'kickoff=1'),
);
my %HTACCESS = ('noted' => 'staff', 'not-noted' => 'Staff2', 'noted-as-sid' => "$SID-1106");

my $httpd;

sub start {
    my ($mpm) = @_;
    my $own = join '', map { place($_, '') } keys %HTACCESS;
    $httpd = PrivateHttpd->new(mpm => $mpm, modules => ['auth_basic'], text => <<"TEXT");
LoadModule controller_module \@DIR\@/controller.so
LogLevel warn auth_ntlmv2:debug
LogFormat "%U %>s groups=%{NTLM_GROUPS}e" verdict
CustomLog \@DIR\@/access.log verdict
KeepAliveTimeout 60
NTLMThrottle off
<Directory "\@DIR\@/htdocs">
AllowOverride AuthConfig
</Directory>
@{[ join '', map { $PLACES{$_} } sort keys %PLACES ]}
$own
TEXT
    copy("$TOP/build/controller.so", $httpd->dir . '/controller.so') or die "controller.so: $!\n";
    $httpd->write("htdocs/$_", "a page\n") for keys %PLACES;
    for my $folder (keys %HTACCESS) {
        make_path($httpd->dir . "/htdocs/$folder");
        $httpd->write("htdocs/$folder/page", "a page\n");
        $httpd->write("htdocs/$folder/.htaccess", "Require ntlm-group $HTACCESS{$folder}\n");
    }
    $httpd->write('unnamed', '');
    $httpd->start;
    return;
}

sub login {
    my ($place) = @_;
    my $c = NTLM::Connection->new(port => $httpd->{port}, vhost => '127.0.0.1');
    return ($c, $c->login("/$place", domain => 'CORP', user => 'alice', nt_hash => $HASH)->status);
}
sub becomes { return (login(@_))[1] }
sub by_basic {
    my ($place) = @_;
    my $c = NTLM::Connection->new(port => $httpd->{port}, vhost => '127.0.0.1');
    return $c->request(GET => "/$place", basic('alice'))->status;
}

sub groups_are_sids {
    for my $place (sort keys %WORDS) {
        is becomes($place), $IN{$place} ? 200 : 403, "Require ntlm-group $WORDS{$place}";
    }
    like $httpd->access_log(qr{^/name 200}m), qr{^/name 200 groups=CORP\\+staff,CORP\\+was%2C once,$SID-1106$}m,
        'NTLM_GROUPS has those that are enabled, and a SID where nobody knows the name';
    is becomes('not'),         403, 'under not, too';
    is becomes('not-sid'),     403, '... by a SID';
    is becomes('many'),        200, 'of more groups than NTLM_GROUPS has room for the SIDs are compared';
    is becomes('many-others'), 403, '... all of them';
    is by_basic('basic'),        200, 'a password by Basic, who is in that group';
    is by_basic('basic'),        200, '... when that is remembered';
    is by_basic('basic-others'), 403, '... who is not';
    is becomes('noted/page'),        200, 'a name in .htaccess that httpd.conf has, too';
    is becomes('not-noted/page'),    403, 'one that it has not';
    is becomes('noted-as-sid/page'), 200, 'a SID';
    ok scalar($httpd->error_log =~ qr/: not-authorized: user=alice .*: it names a group that nothing in httpd\.conf does; write its SID/), 'the log says why';
    return;
}

# Which group it is, nobody can say.
sub what_is_not_known_lets_nobody_in {
    my ($is_good, $said) = $httpd->configtest;
    ok $is_good, 'a controller that does not answer yet is no mistake of the configuration';
    like $said, qr/NTLMCredentials controller: it does not say yet which groups Require ntlm-group names, so nobody is let in by them until it does: the controller does not answer/,
        '... but configtest says so';
    is becomes('unnamed'),            403, 'nobody is let in by a group that is not known yet';
    is becomes('unnamed-not'),        403, '... under not, neither';
    is becomes('unnamed-sid'),        200, '... but by the SID of another one';
    is by_basic('unnamed-provided'),  500, '... with AuthBasicProvider it is an error';
    ok scalar($httpd->error_log =~ qr/: not-authorized: user=alice .*which group it names the controller has not said yet/), 'the log says why';
    unlink $httpd->dir . '/unnamed' or die "unnamed: $!\n";
    my %now;
    for my $place (qw(unnamed unnamed-not)) {
        for (1 .. 200) { last if ($now{$place} = becomes($place)) == 200; sleep 0.1 }
        is $now{$place}, 200, "until it is known: $place";
    }
    is by_basic('unnamed-provided'),  200, '... with AuthBasicProvider, too';
    return;
}

sub a_login_ends_when_the_controller_says {
    my ($c, $status) = login('ends-later');
    is $status, 200, 'an account that ends some time logs in';
    is $c->get('/ends-later')->status, 200, '... and stays logged in';
    ($c, $status) = login('kickoff');
    is $status, 200, 'one that ends soon, too';
    for (1 .. 100) { last if ($status = $c->get('/kickoff')->status) != 200; sleep 0.1 }
    is $status, 401, '... until then';
    ok scalar($httpd->error_log =~ qr/ntlm: login-ended: user=alice .*: its account's time is up, as the controller said/), 'the log says why';
    return;
}

for my $mpm (qw(event prefork)) {
    subtest $mpm => sub {
        start($mpm);
        groups_are_sids();
        what_is_not_known_lets_nobody_in();
        a_login_ends_when_the_controller_says();
        $httpd->stop;
    };
}
# ---- a name that no controller knows ----
{
    my $source = qq{NTLMCredentials controller user=alice domain=CORP hash=$HASH "group=staff:S-1-5-21-1-2-3-1101"};
    for (['saff', 1], ['staff', 0], ['S-1-5-21-1-2-3-9', 0], ['cn=staff,dc=x', 0]) {
        my ($word, $is_warned) = @$_;
        my $other = PrivateHttpd->new(mpm => 'event', text =>
            "LoadModule controller_module $TOP/build/controller.so\n<Location />\nAuthType NTLM\n$source\nRequire ntlm-group $word\n</Location>\n");
        my ($ok, $why) = $other->configtest;
        ok $ok, "Require ntlm-group $word is no error" or diag $why;
        is $why =~ /auth_ntlmv2:warn.*Require ntlm-group \Q$word\E: no controller knows such a group/ ? 1 : 0, $is_warned,
            $is_warned ? '... but a warning' : '... nor a warning';
    }
}
done_testing;
