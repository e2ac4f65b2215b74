#!/usr/bin/perl
# conf/require.conf: who may come in, by each of httpd's ways and ours. Whoever is nobody yet is
# asked for a login, and who may not come in is not asked again.
use strict;
use warnings;
use FindBin qw($Bin);
use lib "$Bin/../lib";
use IO::Socket::INET;
use NTLM::Connection;
use Recipe;
use Test::More;

my ($httxt2dbm) = grep { -x } '/usr/sbin/httxt2dbm', '/usr/bin/httxt2dbm';
my %HASH = (alice => 'd9fe524deb5705ac74ea341ff18afe93', bob => '27bf1123aae89dc1f94ad95bd7108d01',
    carol => '15b7d402f4e782f11f1daa80236137e3', mallory => '9ef289e72c464d1b05aef60491149cef');
my %PATHS = ('192.0.2.10' => '127.0.0.2', '10.0.0.0/8' => '127.0.0.3', '/etc/apache2/ntlm.dbm' => '@DIR@/ntlm.dbm');
my @FOLDERS = ('', map { "/$_" } qw(board staff archive corp no-passwords app app/health payroll));

my $httpd = Recipe::httpd('require.conf', \%PATHS);
$httpd->{text} =~ s/(?<=Require )local$/ip 127.0.0.4/m or die 'no Require local';    # the tests are local
$httpd->accounts('ntlm.passwd', "alice:$HASH{alice}", "bob:$HASH{bob}", "CORP\\carol:$HASH{carol}", "CORP\\mallory:$HASH{mallory}");
$httpd->write('ntlm.groups', "staff: alice CORP\\carol CORP\\mallory\nothers: bob\n");
$httpd->write('users.txt', "alice staff\nCORP\\carol staff,editors\nCORP\\mallory editorsx\n");
if ($httxt2dbm) {
    my $dir  = $httpd->dir;
    my $said = `$httxt2dbm -f SDBM -i $dir/users.txt -o $dir/ntlm.dbm 2>&1`;
    die "httxt2dbm: $said" if $?;
    chmod 0644, glob "$dir/ntlm.dbm*";
}
mkdir $httpd->dir . '/htdocs/intranet';
for my $folder (grep { length } @FOLDERS) { mkdir $httpd->dir . "/htdocs/intranet$folder" }
$httpd->write("htdocs/intranet$_/index.html", "in$_\n") for @FOLDERS;
my (undef, $said) = $httpd->configtest;
is $said, "Syntax OK\n", 'configtest has nothing to say';
$httpd->{text} .= <<'TEXT';
<Location "/intranet/no-passwords">
    NTLMOffer NTLM Basic
    NTLMBasicWithoutTLS on
</Location>
TEXT
$httpd->start;

sub connection {
    my ($from) = @_;
    my $socket = IO::Socket::INET->new(LocalAddr => $from // '127.0.0.1', PeerAddr => '127.0.0.1', PeerPort => $httpd->{port})
        or die "no connection: $@\n";
    return NTLM::Connection->new(port => $httpd->{port}, vhost => '127.0.0.1', socket => $socket);
}

# What becomes of a login, also in the request behind it.
sub status {
    my ($folder, $user, %more) = @_;
    my $c      = connection($more{from});
    my @login  = (user => $user, domain => 'CORP', nt_hash => $HASH{lc $user}, %more);
    my $status = $c->login("/intranet$folder/", @login)->status;
    my $later  = $status == 401 ? 401 : $c->get("/intranet$folder/")->status;
    return $later == $status ? $status : "$status, then $later";
}

sub lets_in {
    my ($folder, @welcome) = @_;
    my %welcome = map { $_ => 1 } @welcome;
    is(connection()->get("/intranet$folder/")->status, 401, "$folder/ asks for a login");
    is status($folder, $_), $welcome{$_} ? 200 : 403, "... $_ " . ($welcome{$_} ? 'comes in' : 'does not') for sort keys %HASH;
    is status($folder, 'carol', nt_hash => '0' x 32), 401, '... and nobody with a wrong password';
    return;
}

lets_in('',              qw(alice bob carol mallory));
lets_in('/board',        qw(alice carol));
lets_in('/staff',        qw(alice carol mallory));
lets_in('/corp',         qw(carol mallory));
lets_in('/no-passwords', qw(alice bob carol mallory));
lets_in('/app',          qw(alice bob carol mallory));
SKIP: {
    skip 'there is no httxt2dbm (package apache2-utils)', 6 if !$httxt2dbm;
    lets_in('/archive', 'carol');
}
is status('/board', 'CAROL', domain => 'corp'), 200, 'a client may spell the name as it likes';
is(($httpd->curl(undef, undef, '/intranet/no-passwords/', '--basic', '-u', 'alice:Secr3t!pw'))[0], 403, 'no-passwords: not by Basic');

# ---- exceptions ----
sub anonymous { my ($folder, $from) = @_; return connection($from)->get("/intranet$folder/")->status }
is anonymous('/app', $_), 200, "app: $_ needs no login" for '127.0.0.2', '127.0.0.4';
is anonymous('/app', '127.0.0.5'), 401, '... another address does';
is anonymous('/app/health', '127.0.0.5'), 200, '... but for its health';

# ---- all of it ----
is anonymous('/payroll', '127.0.0.3'), 401, 'payroll asks for a login in the office';
is status('/payroll', 'carol', from => '127.0.0.3'), 200, '... carol comes in there';
is status('/payroll', 'carol'), 403, '... and from nowhere else';
is status('/payroll', $_, from => '127.0.0.3'), 403, "... $_ does not" for qw(alice bob mallory);

done_testing;
