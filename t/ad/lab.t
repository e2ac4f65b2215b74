#!/usr/bin/perl
# The lab itself: what the other tests here take for granted of its accounts, and what can be done
# to its servers.
use strict;
use warnings;
use utf8;
use FindBin;
use lib "$FindBin::Bin/../lib";
use AdLab;
use Encode qw(encode);
use Passwd qw(run_command);
use Port;
use Test::More;

plan skip_all => AdLab::missing() if AdLab::missing();
AdLab::enter('--forest');
binmode Test::More->builder->$_, ':utf8' for qw(output failure_output todo_output);

my $lab = AdLab->new;

# What winbindd says of a password: 0, or the status.
sub says {
    my ($user, $password, $domain) = @_;
    my @login = ('--domain=' . ($domain // 'NTLMTEST'), "--username=$user", '--password=' . ($password // AdLab::password($user)));
    my $got = run_command('', sub { }, 'timeout', 10, 'ntlm_auth', map { encode('UTF-8', $_) } @login);
    return $got->{out} =~ /\(0x([0-9a-f]+)\)/ ? $1 : "$got->{out}$got->{err}";
}

# ---- accounts ----
is says($_), '0', "$_ may log in" for qw(alice bob jürgen inner);
is says('carol', undef, 'OTHERDOM'), '0', 'so may carol of the forest that is trusted';
is says('carol'), 'c0000064', '... who is nobody here';
my %refused = (expired => 'c0000193', must => 'c0000224', hours => 'c000006f', workstation => 'c0000070', protected => 'c000006e');
is says($_), $refused{$_}, "the controller refuses $_" for sort keys %refused;
is says('disabled'), 'c0000072', '... and disabled';
like $lab->run('samba-tool', 'user', 'getgroups', 'inner'), qr/^team$/m, 'inner is in team';
like $lab->tool('group', 'listmembers', 'staff'), qr/^team$/m, '... which is in staff';

# ---- what it counts ----
is $lab->wrong('bob'), 0, 'the controller has counted nothing';
is says('bob', 'a guess'), 'c000006a', 'a wrong password';
is $lab->wrong('bob'), 1, '... is counted once';
says('bob', 'a guess') for 1 .. 3;
is says('bob'), '0', 'four of them lock nobody';
is $lab->wrong('bob'), 0, '... and a right one ends the count';
says('bob', 'a guess') for 1 .. 5;
is says('bob'), 'c0000234', 'five of them lock the account';
$lab->forget('bob');
is says('bob'), '0', '... until it is unlocked';

# ---- what is made in a test ----
$lab->add('nöel', 'Nöels own', "description: made by a test\n");
is says('nöel', 'Nöels own'), '0', 'an account that a test makes';
$lab->tool(qw(user disable), encode('UTF-8', 'nöel'));
is says('nöel', 'Nöels own'), 'c0000072', '... and disables';
is AdLab::nt_hash('password'), '8846f7eaee8fb117ad06bdd830b7586c', 'an NT hash';

# ---- servers ----
for my $what (qw(winbindd dc2)) {
    my @pids = $lab->pids($what);
    ok @pids > 2, "$what has several processes";
    $lab->stop($what);
    is_deeply [grep { -e "/proc/$_/exe" } @pids], [], '... which end when it is stopped';
    $lab->start($what);
    is says('alice'), '0', '... and when it has started, alice may log in';
}
$lab->halt('dc1');
is_deeply [grep { !/^[Tt]$/ } map { Port::thread_states($_) } $lab->pids('dc1')], [], 'a controller that stands still';
$lab->go_on('dc1');
is says('alice'), '0', '... goes on';
$lab->halt_child('NTLMTEST');
is scalar(grep { /^[Tt]$/ } map { Port::thread_states($_) } $lab->pids('winbindd')), 1, "winbindd's process of the domain stands still";
$lab->go_on('winbindd');
is says('alice'), '0', '... and goes on';
done_testing;
