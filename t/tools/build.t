#!/usr/bin/perl
# What the Makefile promises: a compiler that knows more warnings than ours stops developers and
# nobody else, and tests do not load plugins of the machine.
use strict;
use warnings;
use Cwd qw(abs_path);
use File::Basename qw(dirname);
use File::Temp qw(tempdir);
use Test::More;

my $top = dirname(dirname(dirname(abs_path(__FILE__))));
my $dir = tempdir('ntlm-build-XXXXXX', TMPDIR => 1, CLEANUP => 1);
delete @ENV{qw(MAKEFLAGS MFLAGS MAKELEVEL)};    # of the make that runs this test

system("cd $top && tar -c --exclude=./build --exclude=./.git --exclude=./.libs --exclude=./t/clients/node . | tar -x -C $dir") == 0
    or die "cannot copy $top\n";
unlink map { "$dir/support/$_" } qw(ntlmpasswd ntlmdump ntlmaudit);

sub make {
    my (@words) = @_;
    open my $out, '-|', 'sh', '-c', 'cd "$0" && exec make -f Makefile.apxs "$@" 2>&1', $dir, @words or die "make: $!\n";
    my $said = do { local $/; <$out> };
    return (close $out, $said);
}

# ---- warnings ----
open my $header, '>', "$dir/warn.h" or die "warn.h: $!\n";
print {$header} "#warning a compiler of tomorrow\n";
close $header;
my $cc = 'CC=' . ($ENV{CC} // 'gcc') . " -include $dir/warn.h";

my ($ok, $said) = make('-j2', 'all', $cc);
ok $ok, 'a warning stops no user' or diag $said;
like $said, qr/warning: #warning a compiler of tomorrow/, '... who sees it';
ok -x "$dir/$_", "... and $_ is built" for qw(.libs/mod_auth_ntlmv2.so support/ntlmpasswd support/ntlmdump support/ntlmaudit);
for my $target (qw(style unit valgrind e2e-asan)) {
    ($ok, $said) = make($target, $cc);
    ok !$ok, "it stops developers: $target";
    like $said, qr/error: #warning a compiler of tomorrow/, '... who see it';
}
for my $target (qw(all demo install deb bench)) {
    ($ok, $said) = make('-n', '-W', 'lib/ntlm/wire.c', $target);
    unlike $said, qr/-Werror/, "$target makes no error of any";
}
ok !`grep -rl Werror $top/debian`, 'nor does the Debian package';

# ---- what `deb` leaves: a copy with the examples' folders ----
system 'mkdir', '-p', "$dir/build/deb/source/conf/fail2ban/filter.d";
($ok, $said) = make('-n', 'help');
ok $ok, 'a package that was built stops nobody' or diag $said;

# ---- the test bench's output is its own: programs read an object there ----
unlink "$dir/support/ntlmpasswd";    # something to build
$said = `cd $dir && make -f Makefile.apxs testbench OPTIONS='--port 0 --tls-port 0 --proxy-port 0 --stdin-eof' </dev/null 2>/dev/null`;
like $said, qr/\A\{ .*"http": "http:.*\}\n\z/, 'testbench: the object, and nothing else, whatever is built before' or diag $said;

# ---- plugins of SASL, which libldap loads ----
$ENV{SASL_PATH} = '/of/this/machine';
for my $target (qw(unit valgrind timing tools samba ad server http ldap testbench-test fuzz-server clients-test)) {
    (undef, $said) = make('-o', 'all', $target, 'UNITS=', 'FUZZ=', 'MPMS=event', 'PROVE=printenv SASL_PATH; :', '-o', 'build/timing/secrets',
        '-o', 'build/asan/mod_auth_ntlmv2.so');
    my @paths = $said =~ m{^(/\S+)$}mg;
    ok @paths && !grep({ -e || $_ eq $ENV{SASL_PATH} } @paths), "$target: there are none" or diag $said;
}

done_testing;
