#!/usr/bin/perl
# What support/samba-export takes for a name, ntlmpasswd takes, and nothing else: one name that it
# refuses would keep everybody's changes, disabled accounts too, out of the password file.
use strict;
use warnings;
use File::Temp qw(tempdir);
use FindBin;
use lib "$FindBin::Bin/../lib";
use Passwd qw(gives put run run_command tool);
use Test::More;

plan skip_all => 'no ' . tool() . '; build it first' unless -x tool();
plan skip_all => 'no python3' if run_command('', sub { }, qw(/usr/bin/python3 -c), '')->{code} ne '0';

# Every character of a name at its begin, within and at its end: those that are taken as lines of
# an export, the others as names alone. Without Samba's modules, too.
my $PROGRAM = <<'PYTHON';
import importlib.machinery, importlib.util, sys
loader = importlib.machinery.SourceFileLoader("export", sys.argv[1])
export = importlib.util.module_from_spec(importlib.util.spec_from_loader("export", loader))
sys.dont_write_bytecode = True
loader.exec_module(export)
points = [*range(1, 0xD800), *range(0xE000, 0x10000), *range(0x1BC9F, 0x1BCA5),
          *range(0x1D172, 0x1D17C), 0xDFFFF, 0xE0000, 0xE0100, 0xE0FFF, 0xE1000, 0x10FFFF]
for p in points:
    for name in ["%cn%d" % (p, p), "n%d%cn" % (p, p), "m%d%c" % (p, p)]:
        line = "%s:%032x\n" % (name, p) if export.is_name(name) else name + "\0"
        (sys.stdout if line[-1] == "\n" else sys.stderr).buffer.write(line.encode())
PYTHON
my $all = run_command('', sub { }, qw(/usr/bin/python3 -c), $PROGRAM, "$FindBin::Bin/../../support/samba-export");
is $all->{code}, 0, 'the program' or diag $all->{err};
my @refused = grep { !/\\/ } split /\0/, $all->{err};    # '\\' is ours, for domains
my $taken = () = $all->{out} =~ /\n/g;
cmp_ok $taken, '>', 180_000, 'most characters may stand in a name';
cmp_ok scalar @refused, '>', 300, 'some may not';

my $file = tempdir(CLEANUP => 1) . '/passwd';
put $file, '';
gives 'all that are taken', 0, qr/added $taken,/, $all->{out}, '--computers', '--sync', $file, '-';
my @wrongly = grep { run('', '-n', '--hash', 'ab' x 16, $_)->{code} == 0 } @refused;
is_deeply [map { unpack 'H*', $_ } @wrongly], [], 'none that is left out would have been taken';
done_testing;
