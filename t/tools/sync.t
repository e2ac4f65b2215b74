#!/usr/bin/perl
# ntlmpasswd --sync: FILE holds what INPUT holds. Computer accounts, for --import too.
use strict;
use warnings;
use Cwd qw(abs_path);
use File::Temp qw(tempdir);
use FindBin;
use lib "$FindBin::Bin/../lib";
use Passwd qw(files_in get gives mode_of owner_of put run tool);
use Test::More;

plan skip_all => 'no ' . tool() . '; build it first' unless -x tool();

my $dir = tempdir(CLEANUP => 1);
my ($f, $g) = ("$dir/passwd", "$dir/input");
my ($hash, $other) = ('a4f49c406510bdcab6824ee7c30fd852', 'cd06ca7c7e10c99b1d33b7485a2ed808');
my $X = 'X' x 32;
my $samba = sub { my ($name, $nt, $flags) = @_; return "$name:1:$X:${nt}:[$flags]:LCT-6B00DA32:\n" };
my $dump  = sub { my ($name, $nt) = @_; return "$name:1:$X:${nt}:::\n" };

# Makes FILE hold one text, INPUT another, and syncs; gives what FILE is then. It says what it did
# in lines of its own, and the counts in the last one; doing it again changes nothing.
sub synced {
    my ($what, $before, $input, $said, $counts, @options) = @_;
    put $f, $before;
    put $g, $input;
    my $summary = sprintf 'added %d, changed %d, removed %d, unchanged %d', @$counts;
    my $got = gives $what, 0, qr/^\Q$f: $summary\E\n\z/m, '', @options, '--sync', $f, $g;
    is $got->{err} =~ s/^.*: added.*\n\z//mr, join('', map { "$_\n" } @$said), '... says what it did';
    my $after = get($f);
    put $f, $before;
    gives "$what, from stdin", 0, qr/\Q$summary\E\n\z/, $input, @options, '--sync', $f, '-';
    is get($f), $after, '... is the same';
    my $inode = (stat $f)[1];
    my $all = $counts->[0] + $counts->[1] + $counts->[3];
    gives "$what, again", 0, qr/added 0, changed 0, removed 0, unchanged $all\n\z/, '', @options, '--sync', $f, $g;
    is get($f) . (stat $f)[1], $after . $inode, '... writes nothing';
    return $after;
}

# ---- what it does ----
is synced('all of it', "# ours\nalice:$hash\n\nBob:$hash\ncarol:$hash\nlast:$hash",
    "alice:$hash\nbob:$other\nlast:$hash\nnew:$hash\n",
    ['Changed user Bob', 'Removed user carol', 'Added user new'], [1, 1, 1, 2]),
    "# ours\nalice:$hash\n\nBob:$other\nlast:$hash\nnew:$hash\n", 'comments, places and spellings stay';
is synced('CORP\\x and x are two', "CORP\\x:$hash\nx:$hash\n", "X:$hash\n", ['Removed user CORP\\x'], [0, 0, 1, 1]),
    "x:$hash\n", 'accounts';
is synced('marks', "a:$hash\nb:$hash:[D]\nc:$hash\n", $samba->('a', $hash, 'DU         ') . "b:$hash\n"
    . $samba->('c', $hash, 'UL         '), ['Changed user a', 'Changed user b', 'Changed user c'], [0, 3, 0, 0]),
    "a:$hash:[D]\nb:$hash\nc:$hash:[D]\n", 'follow INPUT';
is synced('a dump', "a:$hash:[D]\nb:$hash\n", $dump->('a', $hash) . $dump->('b', $other), ['Changed user b'],
    [0, 1, 0, 1]), "a:$hash:[D]\nb:$other\n", 'does not say who is enabled';
is synced('other forms', $samba->('a', uc $hash, 'U          ') . $dump->('b', $hash), "a:$hash\nb:$hash\n", [],
    [0, 0, 0, 2]), $samba->('a', uc $hash, 'U          ') . $dump->('b', $hash), 'stay where nothing changes';
is synced('a first account', '', "a:$hash\n", ['Added user a'], [1, 0, 0, 0]), "a:$hash\n", 'comes into an empty file';
is synced('into comments', "\xEF\xBB\xBF# x\n", "a:$hash\n", ['Added user a'], [1, 0, 0, 0]), "\xEF\xBB\xBF# x\na:$hash\n",
    'behind them';
my $many = join '', map { "user$_:$hash\n" } 1 .. 20_000;
put $f, $many;
gives 'many', 0, qr/removed 9999, unchanged 10001\n\z/, join('', map { "user$_:$hash\n" } reverse 1 .. 10_001), '--sync', $f, '-';
is get($f), join('', map { "user$_:$hash\n" } 1 .. 10_001), 'in their order';

# ---- accounts that lost their hash ----
is synced('without a hash', "a:$hash\nb:$hash\nc:$hash\n", "a:$hash\nb:$hash\n" . $samba->('c', $X, 'U          ')
    . $samba->('d', $X, 'U          '),
    ["ntlmpasswd: $g: left out: 2 (no NT hash)", 'Removed user c'], [0, 0, 1, 2]) =~ s/\Q$g\E/stdin/r,
    "a:$hash\nb:$hash\n", 'nobody keeps an old one';

# ---- too few ----
sub kept {
    my ($what, $before, $input, $why) = @_;
    put $f, $before;
    put $g, $input;
    my @before = (stat $f)[1, 9];
    gives $what, 8, qr/^[^:]+: $why.*\n\z/m, '', '--sync', $f, $g;
    is_deeply [get($f), (stat $f)[1, 9]], [$before, @before], '... changes nothing';
    gives "$what, from stdin", 8, qr/$why/, $input, '--sync', $f, '-';
    is get($f), $before, '... nor does that';
    gives "$what, --yes", 0, qr/removed/, '', '--yes', '--sync', $f, $g;
    return get($f);
}
my $three = "# x\na:$hash\nb:$hash\nc:$hash\n";
my $why = sub { my ($gone, $all) = @_; return qr/\Q$f\E: $gone of its $all accounts would be removed\b.*nothing was changed.*--yes/ };
is kept('an empty INPUT', $three, '', $why->(3, 3)), "# x\n", '... removes all';
is kept('a short one', $three, "a:$hash\n", $why->(2, 3)), "# x\na:$hash\n", '... removes two';
is kept('others', $three, "x:$hash\ny:$hash\nz:$hash\n", $why->(3, 3)), "# x\nx:$hash\ny:$hash\nz:$hash\n", '... takes them';
is kept('computers alone', $three, "a\$:$hash\nb\$:$hash\n", $why->(3, 3)) , "# x\n", '... are no users';
is kept('no hashes', $three, join('', map { $samba->($_, $X, 'U          ') } qw(a b c)), $why->(3, 3)), "# x\n",
    '... are none';
is synced('one half', "a:$hash\nb:$hash\n", "a:$hash\n", ['Removed user b'], [0, 0, 1, 1]), "a:$hash\n", 'may go';
is synced('--yes where it is not needed', "a:$hash\n", "a:$other\n", ['Changed user a'], [0, 1, 0, 0], '--yes'), "a:$other\n",
    'does no harm';
put $f, '';
gives 'nothing into nothing', 0, qr/added 0, changed 0, removed 0, unchanged 0/, '', '--sync', $f, '-';

# ---- bad ones ----
my $before = "a:$hash\nb:$hash\n";
for my $bad (["a:$hash\nb\n", qr/:2: there is no colon/], ["a:$hash\nA:$hash\n", qr/:2: 'A' is the same name as in line 1/],
    ["error: no such directory\n", qr/:1: /])
{
    put $f, $before;
    put $g, $bad->[0];
    gives 'a bad INPUT', 7, qr/^[^:]+: \Q$g\E$bad->[1]/, '', @$_, '--sync', $f, $g for [], ['--yes'];
    gives 'a bad stdin', 7, qr/^[^:]+: stdin$bad->[1]/, $bad->[0], '--sync', $f, '-';
    is get($f), $before, '... changes nothing';
}
gives 'no INPUT', 1, qr/does not exist/, '', '--sync', $f, "$dir/none";
put $f, "a:$hash\nA:$hash\n";
gives 'a name twice in FILE', 7, qr/\Q$f\E:2: 'A' is the same name/, "a:$hash\n", '--sync', $f, '-';
put $f, "nonsense\n";
gives 'a bad FILE', 7, qr/\Q$f\E:1: /, "a:$hash\n", '--sync', $f, '-';

# ---- the file itself ----
unlink $f;
gives 'no FILE', 1, qr/use -c to create it/, "a:$hash\n", '--sync', $f, '-';
gives '-c', 0, qr/added 1,/, "a:$hash\n", '-c', '--sync', $f, '-';
is get($f) . mode_of($f), "a:$hash\n" . ($> == 0 ? '0640' : '0600'), '... creates it';
gives '-c over a file', 8, qr/nothing was changed/, "b:$hash\n", '-c', '--sync', $f, '-';
is get($f), "a:$hash\n", '... is as without';
gives '-c with an empty INPUT', 0, qr/added 0/, '', '-c', '--sync', "$dir/empty", '-';
is get("$dir/empty"), '', '... makes an empty one';
unlink "$dir/empty";
chmod 0604, $f;
chown 12, 34, $f if $> == 0;
my @whose = (owner_of($f), mode_of($f));
symlink 'passwd', "$dir/link";
gives 'through a link', 0, qr/added 1/, "a:$hash\nb:$hash\n", '--sync', "$dir/link", '-';
is_deeply [owner_of($f), mode_of($f), -l "$dir/link" ? 1 : 0], [@whose, 1], '... owner, mode and link stay';
is get($f), "a:$hash\nb:$hash\n", '... and the file is written';
is files_in($dir), 'input link passwd', '... no other file is left';

# ---- computers ----
my $computers = "WEB\$:$hash\nCORP\\DC1\$:$hash\n" . $dump->('OLD$', $hash)
    . join('', map { $samba->($_, $hash, "$_          ") } qw(W S I));
for my $input ("a:$hash\n$computers", $computers . "a:$hash\n") {
    put $g, $input;
    put $f, "a:$other\n";
    gives 'computers', 0, qr/\Q$g\E: left out: 6 \(computers; --computers takes them\)\n.*changed 1, removed 0/s, '',
        '--sync', $f, $g;
    is get($f), "a:$hash\n", '... are left out of --sync';
    put $f, "a:$other\n";
    gives 'computers', 0, qr/\Q$g\E: left out: 6 \(computers.*added 0, changed 1/s, '', '--import', $g, $f;
    is get($f), "a:$hash\n", '... and of --import';
    for my $args (['--sync', $f, $g], ['--import', $g, $f]) {
        put $f, "a:$hash\n";
        my $got = gives "--computers $args->[0]", 0, qr/added 6/, '', '--computers', @$args;
        unlike $got->{err}, qr/left out/, '... leaves none out';
        my @names = get($f) =~ /^(.*?):/mg;
        is join(' ', sort @names), 'CORP\\DC1$ I OLD$ S W WEB$ a', '... takes them';
    }
}
put $f, "a:$hash\nWEB\$:$hash\n";
gives 'computers of FILE', 0, qr/^Removed user WEB\$\n.*removed 1/ms, "a:$hash\nWEB\$:$hash\n", '--sync', $f, '-';
is get($f), "a:$hash\n", '... go';

# ---- from cron ----
# The crontab line of conf/ntlm-sync.service, with cron's own PATH.
mkdir "$dir/bin";
put "$dir/bin/samba-export", "#!/bin/sh\nprintf '%s\\n' a:$hash b:$hash\n";
chmod 0755, "$dir/bin/samba-export";
symlink abs_path(tool()), "$dir/bin/ntlmpasswd" or die "ntlmpasswd: $!\n";
put $f, "a:$hash\n";
my ($cron) = get("$FindBin::Bin/../../conf/ntlm-sync.service") =~ m{^# +\*/5 \* \* \* \* +(.*) [|] logger -t ntlm-sync$}m;
s{/usr/local/bin}{$dir/bin}, s{/etc/apache2/ntlm\.passwd}{$f} for $cron;
{
    local %ENV = (PATH => '/usr/bin:/bin', TMPDIR => $dir);
    is `$cron`, "Added user b\n$f: added 1, changed 0, removed 0, unchanged 1\n", 'a line of a crontab syncs';
}
is get($f), "a:$hash\nb:$hash\n", '... FILE';
is join(' ', glob "$dir/tmp.*"), '', '... and leaves no list behind';

# ---- usage ----
for my $args (['--sync'], ['--sync', $f], ['--sync', $f, $g, 'x'], ['--sync', '-i', $f, $g], ['--sync', '-D', $f, $g],
    ['--sync', '--import', $g, $f], ['--import', $g, '--sync', $f, $g], ['--sync', '--hash', $hash, $f, $g],
    ['--yes', '--import', $g, $f], ['--yes', $f, 'a'], ['--computers', '-l', $f], ['--computers', $f, 'a'],
    ['--change', '--computers', $f, 'a'], ['--change', '--yes', $f, 'a'], ['-D', '--yes', $f, 'a'])
{
    like join('', @{run('', @$args)}{qw(code err)}), qr/^2usage: /, "(@$args) is wrong usage";
}

done_testing;
