#!/usr/bin/perl
# Servers are killed and started again under a load of logins: nobody gets in who should not,
# and nobody is told that a right password is wrong.
use strict;
use warnings;
use FindBin qw($Bin);
use lib "$Bin/../lib";
use LdapHttpd;
use Memory;
use POSIX ();
use Test::More;
use Time::HiRes qw(sleep time);

plan skip_all => LdapHttpd::missing() if LdapHttpd::missing();

my %HASH   = %LdapHttpd::HASH;
my $first  = Slapd->new->start;
my $second = Slapd->new->start;

sub status {
    my ($httpd, $hash) = @_;
    my ($response) = eval { $httpd->login('alice', $hash) };
    return $response ? $response->status : "died: $@" =~ s/\s+/_/gr;
}

# Logs in until the file "end" is there; each line: time, verdict of a right password, of a wrong one.
sub load {
    my ($httpd, $n) = @_;
    my $parent = $$;
    my $pid = fork // die "fork: $!\n";
    return $pid if $pid;
    open my $out, '>', $httpd->dir . "/load$n" or POSIX::_exit(1);
    $out->autoflush(1);
    my $end = $httpd->dir . '/end';
    while (!-e $end && getppid == $parent) {
        my @seen = map { status($httpd, $_) } $HASH{alice}, $HASH{wrong};
        printf {$out} "%.3f %s %s\n", time, @seen;
    }
    POSIX::_exit(0);
}

sub seen {
    my ($httpd) = @_;
    my @seen = map { [split] } map { split /\n/, Memory::read_file($_) } glob $httpd->dir . '/load*';
    return @seen if !wantarray;
    return sort { $a->[0] <=> $b->[0] } grep { @$_ == 3 } @seen;
}

# Waits until the load has seen so many more logins.
sub more_logins {
    my ($httpd, $count) = @_;
    my $wanted = seen($httpd) + $count;
    LdapHttpd::within(20, sub { seen($httpd) >= $wanted }) or diag 'the load does not go on';
    return;
}

sub run {
    my ($httpd, $what) = @_;
    my @pids = map { load($httpd, $_) } 1 .. 3;
    more_logins($httpd, 20);
    $what->();
    more_logins($httpd, 20);
    $httpd->write('end', '');
    waitpid $_, 0 for @pids;
    return seen($httpd);
}

# Whether the last thing that the log says about a server is not that it is down.
sub is_trusted {
    my ($httpd, $server) = @_;
    my ($last) = reverse grep { /\Q@{[$server->url('ldap')]}\E/ } map { split /; / } $httpd->notices;
    return !$last || $last =~ /answers again/;
}

for my $case (['one server', [$first], [200, 503], [401, 503]], ['two servers', [$first, $second], [200], [401]]) {
    my ($name, $servers, $right, $wrong) = @$case;
    my $url   = $servers->[0]->search_url('ldap', @$servers[1 .. $#$servers]);
    my $httpd = LdapHttpd->new(credentials => [LdapHttpd::ldap($url, 'timeout=2 cache=0')])->start;
    my @back;
    my @seen = run($httpd, sub {
        for my $round (1 .. 4) {
            my $server = $servers->[$round % @$servers];
            $server->kill_;
            more_logins($httpd, 15);
            $server->start;
            push @back, time;
            LdapHttpd::within(5, sub { grep { $_->[0] > $back[-1] && $_->[1] eq '200' } seen($httpd) });
            LdapHttpd::within(5, sub { is_trusted($httpd, $server) }) or diag "server $round is not asked again";
            more_logins($httpd, 5);
        }
    });
    my %right = map { $_ => 1 } @$right;
    my %wrong = map { $_ => 1 } @$wrong;
    diag scalar(@seen), " logins each while $name came and went" if $ENV{NTLM_LONG};
    is_deeply [map { "@$_" } grep { !$wrong{$_->[2]} } @seen], [], "$name: a wrong password is never let in";
    is_deeply [map { "@$_" } grep { !$right{$_->[1]} } @seen], [], "$name: a right one is never refused";
    for my $at (@back) {
        my ($first_ok) = grep { $_->[0] > $at && $_->[1] eq '200' } @seen;
        cmp_ok $first_ok ? $first_ok->[0] - $at : 999, '<', 2, "$name: logins are back within two seconds";
    }
    cmp_ok scalar(grep { $_->[1] eq '200' } @seen), '>', 40, "$name: many logins";
    cmp_ok scalar(grep { $_->[1] eq '503' } @seen), '>', 0, "$name: an outage was seen" if @$servers == 1;
    is scalar(grep { $_->{status} eq 'no-such-user' } $httpd->lines), 0, '... and nobody was unknown meanwhile';
    unlike $httpd->error_log, qr/exit signal/, "$name: no child died";
    $httpd->stop;
}

done_testing;
