#!/usr/bin/perl
# Passwords by Basic where somebody else decides (t/lib/controller.c): they come with each request,
# and he may count each as a failed login. What he says is remembered for basic-cache= seconds.
use strict;
use warnings;
use Cwd qw(abs_path);
use File::Copy qw(copy);
use FindBin qw($Bin);
use lib "$Bin/../lib";
use Basic qw(basic);
use IO::Socket::INET;
use NTLM::Connection;
use PrivateHttpd;
use Test::More;
use Time::HiRes qw(sleep time);

my $TOP  = abs_path("$Bin/../..");
my %HASH = (old => 'd9fe524deb5705ac74ea341ff18afe93', new => 'a4f49c406510bdcab6824ee7c30fd852');
my ($OLD, $NEW) = ('Secr3t!pw', 'Password');
my $AT_ONCE = 40;    # a page and what is in it

# Each place is a source of its own, with a list of what it was asked.
sub place {
    my ($name, $options, $text) = @_;
    my $groups = 'groups=S-1-5-21-1-2-3-513:CORP\\\\users|S-1-5-21-1-2-3-1107:CORP\\\\webusers';
    return <<"TEXT";
<Location "/$name">
    AuthType NTLM
    NTLMOffer NTLM Basic
    NTLMBasicWithoutTLS on
    NTLMCredentials controller user=Alice domain=CORP hash=$HASH{old} new=$HASH{new} changed=\@DIR\@/changed silent=\@DIR\@/silent-$name "$groups" log=\@DIR\@/asked-$name $options
    Require valid-user
    $text
</Location>
TEXT
}

my @PLACES = qw(kept slow wrong passed short off limited foreign provided);
my $FOREIGN = 'names=WEB:HOME:home.test basic-cache=3600';
my $TEXT = join '',
    place(kept     => 'basic-cache=3600', ''),
    place(slow     => 'basic-cache=3600 wait=200', ''),
    place(wrong    => 'basic-cache=3600 wait=200', ''),
    place(passed   => 'basic-cache=3600 wait=200', ''),
    place(short    => 'basic-cache=1', ''),
    place(off      => 'basic-cache=off lockout=off', ''),
    place(limited  => 'basic-cache=3600 lockout=2/3600', ''),
    place(foreign  => $FOREIGN, 'NTLMAcceptDomains CORP'),
    place(provided => 'basic-cache=3600', "AuthType Basic\nAuthName x\nAuthBasicProvider ntlm");
# Of the same source, where other domains are accepted.
my $ELSEWHERE = place(foreign => $FOREIGN, '');
$ELSEWHERE =~ s/"\/foreign"/"\/elsewhere"/;

my $httpd;

sub start {
    my ($mpm, $text) = @_;
    $httpd = PrivateHttpd->new(mpm => $mpm, modules => ['auth_basic'], text => <<"TEXT");
LoadModule controller_module \@DIR\@/controller.so
LogLevel warn auth_ntlmv2:debug
LogFormat "%U %>s user=%u groups=%{NTLM_GROUPS}e source=%{NTLM_SOURCE}e" verdict
CustomLog \@DIR\@/access.log verdict
KeepAliveTimeout 60
NTLMThrottle off
$text
$TEXT
$ELSEWHERE
TEXT
    copy("$TOP/build/controller.so", $httpd->dir . '/controller.so') or die "build/controller.so: $!\n";
    $httpd->write("htdocs/$_", "a page\n") for @PLACES, 'elsewhere';
    $httpd->write("asked-$_", '', 0666) for @PLACES;
    $httpd->start;
    return;
}

# What the controller of a place was asked since this was called the last time.
my %seen;
sub asked {
    my ($place) = @_;
    open my $in, '<', $httpd->dir . "/asked-$place" or die "asked-$place: $!\n";
    my @all = map { chomp; $_ } <$in>;
    my @new = @all[($seen{$place} // 0) .. $#all];
    $seen{$place} = @all;
    return \@new;
}

sub connection {
    my ($from) = @_;
    my $socket = IO::Socket::INET->new(PeerAddr => '127.0.0.1', PeerPort => $httpd->{port}, LocalAddr => $from // '127.0.0.1')
        or die "cannot connect: $@\n";
    return NTLM::Connection->new(port => $httpd->{port}, vhost => '127.0.0.1', socket => $socket);
}

sub says { my ($place, @who) = @_; return connection()->request(GET => "/$place", basic(@who))->status }

# Statuses of so many requests at once, and how often each came.
sub at_once {
    my ($place, $from, @who) = @_;
    my @all = map { connection($from->($_))->send_request(GET => "/$place", basic(@who)) } 1 .. $AT_ONCE;
    my %count;
    $count{$_->read_response->status}++ for @all;
    return \%count;
}

sub one_address { return '127.0.0.1' }
sub many_addresses { my ($i) = @_; return "127.0.1.$i" }

sub until_it_is {
    my ($what, $expected, $sentence) = @_;
    my $deadline = time + 30;
    my $found = $what->();
    while ($found != $expected && time < $deadline) { sleep 0.1; $found = $what->() }
    is $found, $expected, $sentence;
    return;
}

my $said = `make -C $TOP -f Makefile.apxs --no-print-directory build/controller.so 2>&1`;
die "build/controller.so: $said" if $?;

my %MPM = (
    event   => "ServerLimit 1\nStartServers 1\nThreadsPerChild 64\nMaxRequestWorkers 64\nMaxSpareThreads 64\n",
    prefork => "ServerLimit 64\nStartServers 45\nMinSpareServers 45\nMaxSpareServers 64\nMaxRequestWorkers 64\n",
);
my ($OK, $WRONG) = ('alice : ok', 'alice : wrong-password');

for my $mpm (sort keys %MPM) {
    %seen = ();
    start($mpm, $MPM{$mpm});

    # ---- one after the other ----
    is says(kept => 'alice'), 200, "$mpm: the right password gets in" for 1 .. 3;
    is_deeply asked('kept'), [$OK], '... after one question';
    my @lines = $httpd->access_log(qr/(?:^\/kept 200.*\n){3}/m) =~ /^(.+)$/mg;
    is_deeply \@lines, [('/kept 200 user=Alice groups=CORP\\\\users,CORP\\\\webusers source=controller') x 3],
        '... as the same user, of the same groups';
    is says(kept => 'alice', 'wrong'), 401, 'a wrong one does not' for 1 .. 3;
    is_deeply asked('kept'), [$WRONG], '... after one question';
    is says(kept => 'alice', 'wrong too'), 401, 'another wrong one';
    is_deeply asked('kept'), [$WRONG], '... is another question';
    is says(kept => 'nobody', 'x'), 401, 'nor does somebody who is not known' for 1 .. 3;
    is_deeply asked('kept'), ['nobody : no-such-user'], '... after one question';
    is says(kept => 'CORP\alice', $OLD), 200, 'names that are spelled otherwise';
    is_deeply asked('kept'), ['alice CORP: ok'], '... are other names for him';
    is says(kept => 'alice'), 200, 'the right password gets in after all of them';
    is_deeply asked('kept'), [], '... without a question';

    # ---- at once ----
    is_deeply at_once(slow => \&one_address, 'alice'), {200 => $AT_ONCE}, "$mpm: $AT_ONCE requests at once with the right password";
    is_deeply asked('slow'), [$OK], '... are one question';
    is_deeply at_once(wrong => \&one_address, 'alice', 'wrong'), {401 => $AT_ONCE}, '... with a wrong one';
    is_deeply asked('wrong'), [$WRONG], '... are one, too';
    is_deeply at_once(passed => \&many_addresses, 'alice', 'wrong'), {401 => $AT_ONCE}, '... from as many addresses';
    is_deeply asked('passed'), [$WRONG], '... as well';

    # ---- for how long ----
    is says(short => 'alice'), 200, "$mpm: for a second";
    until_it_is(sub { says(short => 'alice'); scalar @{asked('short')} == 0 ? 0 : 1 }, 1, '... and then he is asked again');

    # ---- another password ----
    is says(kept => 'alice', $NEW), 401, "$mpm: a password that is not the right one yet";
    is says(short => 'alice', $NEW), 401, '... nor there';
    asked($_) for qw(kept short);
    $httpd->write('changed', '');
    until_it_is(sub { says(short => 'alice', $NEW) }, 200, '... is, when its verdict has gone');
    until_it_is(sub { says(short => 'alice') }, 401, '... and the old one is none');
    is says(kept => 'alice', $NEW), 401, 'where verdicts stay longer it is not yet';
    is says(kept => 'alice'), 200, '... and the old one still is';
    is_deeply asked('kept'), [], '... without a question';
    is says(provided => 'alice', $NEW), 200, 'where nobody has tried it, it is at once';
    unlink $httpd->dir . '/changed' or die "changed: $!\n";
    is says(provided => 'alice', $NEW), 200, 'AuthBasicProvider remembers, too';
    is_deeply asked('provided'), [$OK], '... after one question';

    # ---- off ----
    is says(off => 'alice'), 200, "$mpm: where nothing is remembered" for 1 .. 3;
    is says(off => 'alice', 'wrong'), 401, '... neither way' for 1 .. 2;
    is_deeply asked('off'), [($OK) x 3, ($WRONG) x 2], '... each is a question';

    # ---- an outage ----
    $httpd->write('silent-limited', '');
    is says(limited => 'alice'), 503, "$mpm: an outage" for 1 .. 2;
    is_deeply asked('limited'), [('alice : backend-down') x 2], '... is no verdict';
    unlink $httpd->dir . '/silent-limited' or die "silent-limited: $!\n";
    is says(limited => 'alice'), 200, '... and ends at once';
    $httpd->write('silent-limited', '');
    is says(limited => 'alice'), 200, 'who was let in before the next one still is';
    is says(limited => 'alice', 'wrong'), 503, '... and nobody else';
    unlink $httpd->dir . '/silent-limited' or die "silent-limited: $!\n";

    # ---- the limit ----
    asked('limited');
    is says(limited => 'alice', "wrong $_"), 401, "$mpm: wrong password $_" for 1 .. 2;
    is says(limited => 'alice', 'wrong 3'), 429, '... and one that is not asked about any more';
    is says(limited => 'alice', 'wrong 1'), 401, 'what was said before stands';
    is says(limited => 'alice'), 200, '... for the right one, too';
    is_deeply asked('limited'), [($WRONG) x 2], '... after two questions';

    # ---- the same source elsewhere ----
    is says(foreign => 'alice'), 200, "$mpm: an account of an accepted domain";
    is says(elsewhere => 'alice'), 401, '... is none where the domain is not accepted';
    is $httpd->last_status, 'domain-refused', '... which the log says';
    is_deeply asked('foreign'), [$OK], '... after one question for both';

    # ---- a restart ----
    my $before = says(slow => 'alice');
    is_deeply [$before, asked('slow')], [200, []], "$mpm: before a graceful restart";
    $httpd->graceful;
    until_it_is(sub { (eval { says(slow => 'alice') } // 0) == 200 && @{asked('slow')} == 1 ? 1 : 0 }, 1, '... and after it he is asked anew');

    $httpd->finish;
    my $log = $httpd->error_log;
    ok $log !~ /exit signal|runtime error|AddressSanitizer/, "$mpm: no child died";
    ok $log !~ /\Q$OLD\E|wrong too/, '... nor stands a password in the log';
}
done_testing;
