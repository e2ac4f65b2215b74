#!/usr/bin/perl
# What a core of a child holds after logins, right and wrong ones: each NT hash once, in
# the table of accounts, and nothing that was computed from it.
use strict;
use warnings;
use FindBin qw($Bin);
use lib "$Bin/../lib";
use Digest::MD5 qw(md5_hex);
use Memory;
use NTLM::Connection;
use NTLM::Message qw(hmac_md5 ntowfv2 parse_type2 parse_type3 rc4);
use PrivateHttpd;
use Test::More;

plan skip_all => Memory::why() if !Memory->of($$);

my $SIGNING = 0xe2088237;    # what a client offers that exchanges a key

# No hash stands for a password: any 16 bytes are one. The test's own memory is not searched.
my @users = map { "user$_" } 1 .. 8;
my %hash  = map { $_ => md5_hex("$$ $_ " . rand) } @users;

sub start {
    my ($mpm) = @_;
    my $httpd = PrivateHttpd->new(mpm => $mpm, text => <<'TEXT' . one_child($mpm));
@PROTECTED@
TEXT
    my $n = 0;
    my $text = join '', map { "$_:" . ($n++ % 2 ? uc $hash{$_} : $hash{$_}) . "\n" } @users;
    my $path = $httpd->write('passwords', $text, 0640);
    chown 0, scalar getgrnam('www-data'), $path if $> == 0;
    $httpd->start;
    return $httpd;
}

sub one_child {
    my ($mpm) = @_;
    return "StartServers 1\nServerLimit 1\nMinSpareServers 1\nMaxSpareServers 1\nMaxRequestWorkers 1\n"
        if $mpm eq 'prefork';
    return "StartServers 1\nServerLimit 1\nThreadsPerChild 4\nMaxRequestWorkers 4\n"
        . "MinSpareThreads 1\nMaxSpareThreads 4\n";
}

# One login; gives its status, and what must be forgotten after it: name => bytes.
sub log_in {
    my ($httpd, $user, $hash, %flags) = @_;
    my $c = NTLM::Connection->new(port => $httpd->{port}, vhost => '127.0.0.1');
    my $status = $c->login('/', user => $user, domain => 'CORP', nt_hash => $hash, %flags)->status;
    my $t2  = parse_type2($c->{type2});
    my $t3  = parse_type3($c->{type3});
    my $key = ntowfv2($hash, $user, 'CORP');
    my $base = hmac_md5($key, substr $t3->{nt}, 0, 16);
    my %secrets = ('server nonce' => $t2->{challenge}, 'NTOWFv2' => $key, 'session base key' => $base);
    $secrets{'exported session key'} = rc4($base, $t3->{key}) if length $t3->{key};
    $c->close;
    return ($status, \%secrets);
}

sub log_everybody_in {
    my ($httpd) = @_;
    my (@statuses, @secrets);
    for my $user (@users[0 .. 5]) {    # the last two never log in
        for my $try ([md5_hex("not $hash{$user}")], [$hash{$user}], [$hash{$user}, flags => $SIGNING]) {
            my ($status, $secrets) = log_in($httpd, $user, @$try);
            push @statuses, $status;
            push @secrets,  $secrets;
        }
    }
    return (\@statuses, @secrets);
}

# Handshakes that are begun and left; gives their nonces.
sub leave_handshakes {
    my ($httpd) = @_;
    return map {
        my $c = NTLM::Connection->new(port => $httpd->{port}, vhost => '127.0.0.1');
        $c->type1('/');
        $c->close;
        parse_type2($c->{type2})->{challenge};
    } 1 .. 6;
}

sub none_is_found {
    my ($memory, $sentence, @secrets) = @_;
    my @found = map { my ($name, $bytes) = @$_; map { "$name at $_" } $memory->places($bytes) } @secrets;
    is scalar @found, 0, $sentence or diag join "\n", @found;
}

for my $mpm (qw(event prefork)) {
    my $httpd = start($mpm);
    my ($statuses, @secrets) = log_everybody_in($httpd);
    is_deeply $statuses, [(401, 200, 200) x 6], "$mpm: right and wrong logins of six users";
    my @left = leave_handshakes($httpd);

    my @children = grep { Memory::kilobytes($_, 'VmRSS') } Memory::children($httpd->pid);
    my @memories = grep { defined } map { Memory->of($_) } @children;
SKIP: {
        skip Memory::why(), 1 if !@memories;
        is scalar @memories, 1, "$mpm: by one child";
        my $memory = $memories[0];
        cmp_ok scalar($memory->places("$users[0]\0")), '>=', 1, "$mpm: the table is in the memory that is searched";
        my @more = grep { $_->[1] != 1 } map { [$_, scalar(my @p = $memory->places(pack 'H*', $hash{$_}))] } @users;
        is_deeply \@more, [], "$mpm: each NT hash is there once"
            or diag map { "$_: " . join(', ', $memory->places(pack 'H*', $hash{$_})) . "\n" } @users;
        none_is_found($memory, "$mpm: no hash is there as the file had it",
            map { (["$_ as hex", lc $hash{$_}], ["$_ as HEX", uc $hash{$_}]) } @users);
        for my $name ('NTOWFv2', 'session base key', 'exported session key', 'server nonce') {
            none_is_found($memory, "$mpm: the ${name}s of finished logins are gone",
                map { [$name, $_->{$name}] } grep { $_->{$name} } @secrets);
        }
        my ($deadline, @found) = (time + 15);
        do {    # httpd may see a moment later that a client has gone
            $memory = Memory->of($children[0]);
            @found  = grep { $memory->places($_) } @left;
        } while @found && time < $deadline;
        is scalar @found, 0, "$mpm: the nonces of handshakes that were left are gone";
    }
    $httpd->stop;
}

done_testing;
