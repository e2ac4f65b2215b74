#!/usr/bin/perl
# What starts the bench out of a test of somebody else's, and stops it: support/testbench's fixture
# for pytest, and its functions for Node.
use strict;
use warnings;
use File::Copy qw(copy);
use File::Temp qw(tempdir);
use FindBin;
use Test::More;

my $top   = "$FindBin::Bin/../..";
my $bench = "$top/support/ntlm-testbench";
plan skip_all => "no $bench; build it first" unless -x $bench;
$ENV{NTLM_TESTBENCH} = $bench;

# A folder with these files, and those of support/testbench.
sub folder {
    my (%files) = @_;
    my $dir = tempdir(CLEANUP => 1);
    copy($_, $dir) or die "$_: $!" for glob "$top/support/testbench/ntlm*testbench.*";
    for my $name (sort keys %files) {
        open my $out, '>', "$dir/$name" or die "$name: $!";
        print $out $files{$name};
        close $out;
    }
    return $dir;
}

sub text_of { open my $in, '<', $_[0] or return ''; local $/; return <$in> }

# Runs it in the folder; whether it has succeeded, what it printed, and whether the bench is gone.
sub try_it {
    my ($what, $dir, $command) = @_;
    my $out = `cd '$dir' && $command 2>&1 </dev/null`;
    is $?, 0, "$what: the tests pass" or diag $out;
    my $pid = text_of("$dir/pid");
    like $pid, qr/^\d+$/, "$what: they have run with a bench";
    ok !kill(0, $pid), "$what: which is gone";
    return $out;
}

# Wherever Python is installed, it need not be that of PATH that has pytest.
my ($python) = grep { system("$_ -c 'import pytest' 2>/dev/null") == 0 } 'python3', '/usr/bin/python3';

SKIP: {
    skip 'there is no pytest (package python3-pytest)', 5 unless $python;
    my %tests = ('conftest.py' => qq(pytest_plugins = ["ntlm_testbench"]\n), 'test_login.py' => <<'PYTHON');
import subprocess

def login(bench, password):
    alice = bench.accounts[0]
    name = alice["domain"] + "\\" + alice["user"] + ":" + password
    subprocess.run(["curl", "-s", "-o", "out", "--ntlm", "-u", name, bench.url("/ntlm")], check=True)
    return bench.last()["status"]

def test_login(ntlm_testbench):
    open("pid", "w").write(str(ntlm_testbench.pid))
    assert login(ntlm_testbench, ntlm_testbench.accounts[0]["password"]) == "ok"

def test_wrong_password(ntlm_testbench):
    assert login(ntlm_testbench, "wrong") == "wrong-password"

def test_runs_see_their_own_logins(ntlm_testbench):
    assert ntlm_testbench.last() is None
PYTHON
    my $pytest = "$python -m pytest -p no:cacheprovider -q";
    like try_it('pytest', folder(%tests), $pytest), qr/3 passed/, 'pytest: all of them';
    local $ENV{NTLM_TESTBENCH} = '/bin/false';
    my $dir = folder(%tests);
    like `cd '$dir' && $pytest 2>&1`, qr{/bin/false did not start: exit status 1}, 'pytest: it is said why there is none';
}

SKIP: {
    skip 'there is no Node (package nodejs)', 4 if system('node --version >/dev/null 2>&1') != 0;
    my %tests = ('login.mjs' => <<'NODE');
import assert from 'node:assert';
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { startTestbench } from './ntlm-testbench.mjs';

const bench = await startTestbench();
writeFileSync('pid', String(bench.pid));
const { domain, user, password } = bench.accounts[0];
async function login(run, secret) {
  execFileSync('curl', ['-s', '-o', 'out', '--ntlm', '-u', `${domain}\\${user}:${secret}`, run.url('/ntlm')]);
  return (await run.last()).status;
}
const [one, other] = [bench.run(), bench.run()];
assert.equal(await login(one, password), 'ok');
assert.equal(await login(other, 'wrong'), 'wrong-password');
assert.equal((await one.last()).status, 'ok');
assert.equal(await bench.run().last(), null);
await bench.stop();
NODE
    try_it('Node', folder(%tests), 'node login.mjs');
    local $ENV{NTLM_TESTBENCH} = '/bin/false';
    my $dir = folder(%tests);
    like `cd '$dir' && node login.mjs 2>&1`, qr{/bin/false did not start: exit status 1}, 'Node: it is said why there is none';
}

# ---- GitHub Actions: the steps, as a runner would run them ----

# Each step's folder and script.
sub steps {
    my ($yaml) = @_;
    my @steps;
    while ($yaml =~ /^      - name: .*\n(?:        working-directory: (.*)\n)?        run: \|\n((?:          .*\n)+)/mg) {
        my ($folder, $script) = ($1 // '.', $2);
        push @steps, [$folder, $script =~ s/^ {10}//mgr];
    }
    return @steps;
}

SKIP: {
    skip 'there is no jq', 5 if system('jq --version >/dev/null 2>&1') != 0;
    my $dir   = tempdir(CLEANUP => 1);
    my @steps = steps(text_of("$top/support/testbench/github-actions.yml"));
    is scalar @steps, 3, 'GitHub Actions: three steps';
    symlink $top, "$dir/testbench" or die $!;
    like shift(@steps)->[1], qr/^sh support\/bootstrap --packages all\nmake -f Makefile\.apxs\n\z/, 'GitHub Actions: the build is that of the README';
    my @env;
    for my $step (@steps) {
        my ($folder, $script) = @$step;
        open my $out, '>', "$dir/step" or die $!;
        print $out $script;
        close $out;
        is system("cd '$dir/$folder' && env RUNNER_TEMP='$dir' GITHUB_ENV='$dir/env' @env bash -e '$dir/step' >'$dir/out' 2>&1 </dev/null"), 0,
            'GitHub Actions: a step succeeds' or diag text_of("$dir/out");
        @env = map { "'$_'" } split /\n/, text_of("$dir/env");
    }
    my ($pid) = text_of("$dir/bench.json") =~ /"pid": (\d+)/;
    ok $pid && kill(TERM => $pid), 'GitHub Actions: the bench stays until the job ends';
}

done_testing;
