#!/usr/bin/perl
# The password file changes while httpd serves: logins follow it, live ones too, and what
# is broken never replaces what is good.
use strict;
use warnings;
use FindBin qw($Bin);
use lib "$Bin/../lib";
use NTLM::Connection;
use PrivateHttpd;
use Test::More;
use Time::HiRes qw(sleep time);

my $TOOL = "$Bin/../../support/ntlmpasswd";
my %HASH = (old => 'd9fe524deb5705ac74ea341ff18afe93', new => 'a4f49c406510bdcab6824ee7c30fd852');

# As root httpd's children are www-data's: they must be able to read the file.
sub password_file {
    my ($httpd, $text) = @_;
    my $path = $httpd->write('passwords', $text, 0640);
    chown 0, scalar getgrnam('www-data'), $path if $> == 0;
    return $path;
}

# One child, unless an MPM is named: each child looks for itself, up to a second later
# than another one.
my $ONE_CHILD = "ServerLimit 1\nStartServers 1\nThreadsPerChild 25\nMinSpareThreads 1\n"
    . "MaxSpareThreads 25\nMaxRequestWorkers 25\n";

sub with_passwords {
    my ($text, %more) = @_;
    $more{text} = $ONE_CHILD if !$more{mpm};
    my $httpd = PrivateHttpd->new(%more, text => <<"TEXT" . ($more{text} // ''));
LogLevel warn auth_ntlmv2:info
MaxKeepAliveRequests 0
KeepAliveTimeout 120
\@PROTECTED\@
TEXT
    password_file($httpd, $text);
    $httpd->start;
    return $httpd;
}

sub connection { return NTLM::Connection->new(port => $_[0]{port}, vhost => '127.0.0.1') }

sub login {
    my ($connection, $user, $hash) = @_;
    return $connection->login('/', user => $user, domain => '', nt_hash => $hash)->status;
}

sub can_log_in { return (eval { login(connection($_[0]), @_[1, 2]) } // 0) == 200 }

# httpd looks once a second; a slow machine may need more.
sub soon {
    my ($what, $sentence) = @_;
    my $deadline = time + 15;
    sleep 0.1 while !$what->() && time < $deadline;
    ok $what->(), $sentence;
}

sub tool {
    my ($stdin, @args) = @_;
    open my $in, '|-', "exec $TOOL @args 2>/dev/null" or die $!;
    print {$in} $stdin;
    return close $in;
}

my $START = "# people\nalice:$HASH{old}\nbob:$HASH{old}\ncarol:$HASH{old}\ndora:$HASH{old}\n";

# ---- ntlmpasswd and live logins ----
{
    my $httpd = with_passwords($START);
    my $file  = $httpd->dir . '/passwords';
    my %live  = map { $_ => connection($httpd) } qw(alice bob carol dora);
    is login($live{$_}, $_, $HASH{old}), 200, "$_ logs in" for sort keys %live;
    ok tool('', '-D', $file, 'alice'), 'alice is deleted';
    soon(sub { $live{alice}->get('/')->status == 401 }, '... which ends her live login');
    ok !can_log_in($httpd, 'alice', $HASH{old}), '... and she cannot log in again';
    like $httpd->error_log, qr/ntlm: login-ended: user=alice .*: its account was removed/, '... and the log says why';
    is $live{bob}->get('/')->status, 200, "bob's login goes on";

    ok tool("Password\n", '-i', $file, 'bob'), 'bob gets another password';
    soon(sub { can_log_in($httpd, 'bob', $HASH{new}) }, '... which works');
    ok !can_log_in($httpd, 'bob', $HASH{old}), '... and the old one no longer does';
    soon(sub { $live{bob}->get('/')->status == 401 }, '... and his live login has ended');

    password_file($httpd, "carol:$HASH{old}:[D]\ndora:$HASH{old}\n");
    soon(sub { $live{carol}->get('/')->status == 401 }, 'an account that is disabled loses its live login');
    is $live{dora}->get('/')->status, 200, 'who has not changed stays logged in all the time';
}

# ---- what is broken ----
{
    my $httpd  = with_passwords($START);
    my %broken = (
        'a bad line'        => ["alice:$HASH{new}\nbob\n",        qr{passwords:2: there is no colon}],
        'no newline at its end' => ["alice:$HASH{new}\nbob:$HASH{new}", qr{does not end in a newline}],
        'nothing in it'     => ['',                               qr{is empty}],
    );
    for my $what (sort keys %broken) {
        my ($text, $complaint) = @{$broken{$what}};
        my $path = password_file($httpd, $text);
        rename $path, "$path.new";    # as a careful editor would
        rename "$path.new", $path;
        soon(sub { can_log_in($httpd, 'alice', $HASH{old}) && $httpd->error_log =~ $complaint },
            "a file with $what is refused, and says so");
        sleep 2.5;
        can_log_in($httpd, 'bob', $HASH{old}) for 1 .. 20;
        is scalar(() = $httpd->error_log =~ /$complaint/g), 1, '... in one line, whoever looks';
        ok can_log_in($httpd, 'bob', $HASH{old}), '... while the old accounts serve';
    }
    password_file($httpd, "alice:$HASH{new}\n");
    soon(sub { can_log_in($httpd, 'alice', $HASH{new}) }, 'a good one is taken again');
}

# ---- a file for root alone ----
SKIP: {
    skip 'this needs root', 4 if $> != 0;
    my $httpd = with_passwords($START);
    chmod 0600, $httpd->dir . '/passwords';
    my $path = password_file($httpd, "alice:$HASH{new}\n");
    chown 0, 0, $path;
    chmod 0600, $path;
    soon(sub { can_log_in($httpd, 'alice', $HASH{new}) }, 'a file that no child can read counts like any other');
    ok !can_log_in($httpd, 'alice', $HASH{old}), '... and the old one no longer';
    unlike $httpd->error_log, qr/mod_auth_ntlmv2: /, '... and nobody complains';
    $httpd->graceful;
    soon(sub { can_log_in($httpd, 'alice', $HASH{new}) }, '... also after a graceful restart');
}

# ---- under load ----
for my $mpm (qw(event prefork)) {
    my $httpd = with_passwords($START, mpm => $mpm);
    my $path  = $httpd->dir . '/passwords';
    my $writer = fork // die $!;
    if (!$writer) {
        for my $turn (1 .. 1000) {
            $httpd->write('passwords.new', "alice:$HASH{old}\nbob:$HASH{$turn % 2 ? 'old' : 'new'}\n", 0640);
            chown 0, scalar getgrnam('www-data'), "$path.new" if $> == 0;
            rename "$path.new", $path;
            sleep 0.005;
        }
        require POSIX;
        POSIX::_exit(0);
    }
    my ($logins, $failed) = (0, 0);
    while (waitpid($writer, 1) == 0) { $logins++; $failed++ if !can_log_in($httpd, 'alice', $HASH{old}) }
    cmp_ok $logins, '>', 100, "$mpm: $logins logins during 1,000 rewrites";
    is $failed, 0, "$mpm: none of an unchanged user failed";
    $httpd->finish;
    unlike $httpd->error_log, qr/exit signal|mod_auth_ntlmv2: /, "$mpm: no child died, and no file looked broken";
}

done_testing;
