#!/usr/bin/perl
# What the Makefile promises: a unit test or a seed that fails says why, where, with which values,
# and with which command that one is repeated.
use strict;
use warnings;
use Cwd qw(abs_path);
use File::Basename qw(dirname);
use File::Temp qw(tempdir);
use Test::More;

my $top = dirname(dirname(dirname(abs_path(__FILE__))));
my $dir = tempdir('ntlm-failing-XXXXXX', TMPDIR => 1, CLEANUP => 1);
delete @ENV{qw(MAKEFLAGS MFLAGS MAKELEVEL)};    # of the make that runs this test
$ENV{SASL_PATH} = '/nonexistent';

system("cd $top && tar -c Makefile.apxs lib t/unit t/fuzz t/vectors | tar -x -C $dir") == 0 or die "cannot copy $top\n";

sub write_file {
    my ($name, $text) = @_;
    open my $out, '>', "$dir/$name" or die "$name: $!\n";
    print {$out} $text;
    close $out or die "$name: $!\n";
    return;
}

sub run {
    my ($command) = @_;
    my $said = `cd $dir && { $command; } 2>&1`;
    return ($? == 0, $said);
}

# A program of one or two tests, and what make says of it.
sub unit {
    my ($target, $name, %body) = @_;
    my $tests = join ', ', map { "cmocka_unit_test($_)" } sort keys %body;
    write_file("t/unit/$name.c", join "\n", '#include "unit.h"',
        (map { "static void $_(void **state)\n{\n    (void)state;\n    $body{$_}\n}" } sort keys %body),
        "int main(void)\n{\n    const struct CMUnitTest tests[] = {$tests};\n    return RUN_GROUP(tests);\n}\n");
    return run("make -f Makefile.apxs $target UNITS=$name FUZZ= UNDER_TEST='lib/ntlm/crypto.c lib/ntlm/wire.c'");
}

sub repeated {
    my ($said) = @_;
    my ($command) = $said =~ /^# repeat: (.*)$/m or return (1, "no command\n$said");
    return run($command =~ s/make -f Makefile.apxs/$& -o build\/asan\/libtested.so -o build\/plain\/libtested.so/r);
}

my $KEEPS = 'char *volatile kept = malloc(77);';
for my $target (qw(unit valgrind)) {
    my ($ok, $said) = unit($target, 'failing', one_is_one => 'assert_true(1);', two_is_three => "$KEEPS assert_non_null(kept); kept = malloc(2); assert_int_equal(2, 3); free(kept);");
    ok !$ok, "$target: a test that fails stops make";
    like $said, qr/^not ok 2 - two_is_three$/m, '... which one is said';
    like $said, qr/^# 0x2 != 0x3\n# t\/unit\/failing\.c:10: error: Failure!$/m, '... and why, and where' or diag $said;
    unlike $said, qr/LeakSanitizer|loss record/, '... and nothing of what it left behind' or diag $said;
    ($ok, $said) = repeated($said);
    ok !$ok, 'the command that is said repeats it';
    like $said, qr/0x2 != 0x3/, '... it fails again' or diag $said;
    unlike $said, qr/one_is_one/, '... alone';

    ($ok, $said) = unit($target, 'leaking', it_leaks => "$KEEPS assert_non_null(kept); kept = NULL;");
    ok !$ok, "$target: a leak of a test that passes stops make";
    like $said, qr/(?:LeakSanitizer|loss record).*it_leaks/s, '... and where is said' or diag $said;
    like $said, qr/^# repeat: make .*leaking$/m, '... and the command';

    ($ok, $said) = unit($target, 'dying', it_dies => "$KEEPS volatile char c = kept[77]; (void)c; free(kept);");
    ok !$ok, "$target: a read beyond the end stops make";
    like $said, qr/(?:heap-buffer-overflow|Invalid read).*it_dies/s, '... and where is said' or diag $said;
    like $said, qr/^# repeat: make .*dying$/m, '... and the command';
}

# ---- seeds ----
write_file('t/fuzz/sick.c', <<'C');
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    REQUIRE(size < 3 || data[0] != 'b');
    return 0;
}
C
mkdir "$dir/t/fuzz/seeds/sick";
write_file("t/fuzz/seeds/sick/$_", "$_\n") for qw(good bad);
my ($ok, $said) = run("make -f Makefile.apxs unit UNITS= FUZZ=sick UNDER_TEST='lib/ntlm/crypto.c lib/ntlm/wire.c'");
ok !$ok, 'a seed that kills its target stops make';
like $said, qr{^# t/fuzz/sick\.c:5: does not hold: size < 3 \|\| data\[0\] != 'b'$}m, '... why and where are said' or diag $said;
like $said, qr{^# repeat: make .* && build/asan/fuzz/sick t/fuzz/seeds/sick/bad$}m, '... which one is said' or diag $said;
($ok, $said) = repeated($said);
ok !$ok, 'the command that is said repeats it' or diag $said;

done_testing;
