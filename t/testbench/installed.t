#!/usr/bin/perl
# The test bench where it was installed, started by root and by others: it finds its own modules, and
# httpd's folder has none that is for tests alone.
use strict;
use warnings;
use File::Temp qw(tempdir);
use FindBin qw($Bin);
use lib "$Bin/../lib";
use JSON::PP ();
use Test::More;

use Launched;
use Passwd;

if (my ($why) = Launched->missing) { plan skip_all => $why }
my $dir = tempdir('ntlm-installed-XXXXXX', TMPDIR => 1, CLEANUP => 1);
chmod 0755, $dir;

{
    local %ENV = %ENV;
    delete @ENV{qw(MAKEFLAGS MFLAGS MAKELEVEL)};    # of the make that runs this test
    my $said = `cd $Bin/../.. && make -f Makefile.apxs -o all install DESTDIR=$dir PREFIX=/usr 2>&1`;
    is $?, 0, 'it is installed' or diag $said;
}
my @found = sort split /\n/, `cd $dir && find . -name 'mod_*.so'`;
is scalar(grep { m{^\./usr/lib/ntlm-testbench/mod_} } @found), 2, 'its modules have a folder of their own';
is_deeply [grep { /testbench/ && !m{^\./usr/lib/ntlm-testbench/} } @found], [], '... and no other';

my @users = $> ? ([]) : ([], [qw(setpriv --clear-groups --regid=nogroup --reuid=nobody)]);
for my $as (@users) {
    my $who = @$as ? 'nobody' : 'who runs the tests';
    my $got = Passwd::run_command('', sub { }, @$as, "$dir/usr/bin/ntlm-testbench",
        qw(--port 0 --tls-port 0 --proxy-port 0 --stdin-eof));
    is $got->{code}, 0, "started by $who" or diag $got->{err};
    like JSON::PP::decode_json($got->{out})->{http} // '', qr{^http://127}, '... it answers';
}

done_testing;
