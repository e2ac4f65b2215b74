#!/usr/bin/perl
# support/ntlmpasswd, or the program that NTLMPASSWD names: every rule of its man page.
# Runs as root and as anybody else; what needs root is skipped otherwise.
use strict;
use warnings;
use utf8;
use Encode qw(encode);
use Fcntl qw(:flock);
use File::Copy qw(copy);
use File::Temp qw(tempdir);
use FindBin;
use lib "$FindBin::Bin/../lib";
use IO::Select;
use POSIX ();
use Passwd qw(files_in get gives mode_of owner_of put run run_command tool);
use Test::More;

my $tool = tool();
plan skip_all => "no $tool; build it first" unless -x $tool;

my $dir = tempdir(CLEANUP => 1);
my $f   = "$dir/passwd";
my %nt  = (    # MD4 of UTF-16LE, from `iconv -t UTF-16LE | openssl dgst -provider legacy -md4`
    'Password'                   => 'a4f49c406510bdcab6824ee7c30fd852',    # MS-NLMP 4.2.2.1.2
    'SecREt01'                   => 'cd06ca7c7e10c99b1d33b7485a2ed808',
    encode('UTF-8', 'Pässwörd€') => '04e9d4087e1303bea8e5239aa5ddd064',
);
my ($hash, $other) = @nt{qw(Password SecREt01)};
my $hex  = qr/[0-9A-Fa-f]{32}/;
my $root = $> == 0;

# ---- adding and changing ----

gives 'no file', 1, qr/does not exist; use -c to create it/, "Password\n", '-i', $f, 'alice';
ok !-e $f, 'and none was made';
{
    my $old_umask = umask 0;
    gives 'create', 0, qr/^Added user alice$/, "Password\n", '-ci', $f, 'alice';
    umask $old_umask;
}
is get($f), "alice:$hash\n", 'the NT hash of MS-NLMP';
is mode_of($f), $root ? '0640' : '0600', 'the mode of a new file, whatever the umask';
SKIP: {
    skip 'needs root', 1 unless $root;
    my ($gid) = grep { defined } map { scalar getgrnam $_ } qw(www-data apache httpd http www);
    is_deeply [(stat $f)[4, 5]], [0, $gid // 0], "a new file is root's and httpd's group's";
}
gives 'add', 0, qr/^Added user/, encode('UTF-8', "Pässwörd€\n"), '-i', $f, 'CORP\\bob';
is get($f), "alice:$hash\nCORP\\bob:04e9d4087e1303bea8e5239aa5ddd064\n", 'a password beyond ASCII';
gives 'user and DOMAIN\\user', 0, qr/^Added/, "Password", '-i', $f, 'bob';
like get($f), qr/^CORP\\bob:.*\nbob:$hash\n\z/m, 'are two accounts';
gives 'create over a file', 0, qr/^Added/, "SecREt01\n", '-c', '-i', $f, 'dave';
is get($f), "dave:$other\n", 'replaces it';

my $zoe   = encode 'UTF-8', 'Zoë';
my @lines = (
    "# a comment: \xE4 that is no UTF-8\r\n", "\n", "Alice:" . uc($hash) . "\n", "  \t\n",
    "$zoe:$hash:[D] \r\n", "#bob:$hash\n", "CORP\\bob:$hash\t\n", "carol:$hash"
);
my $mixed = join '', @lines;

sub changed {
    my ($at, $line) = @_;
    my @new = @lines;
    $new[$at] = $line;
    return join('', @new) . "\n";
}

put $f, $mixed;
gives 'change', 0, qr/^Changed the password of user Alice$/, "SecREt01\n", '-i', $f, 'aLICE';
is get($f), changed(2, "Alice:$other\n"), 'changes that hash and adds the last newline';
put $f, $mixed;
gives 'change a disabled one', 0, qr/^Changed/, "SecREt01\n", '-i', $f, encode('UTF-8', 'ZOË');
is get($f), changed(4, "$zoe:$other:[D] \r\n"), 'keeps :[D] and all else of the line';
put $f, $mixed;
gives 'change the last one', 0, qr/^Changed/, "SecREt01\n", '-i', $f, 'carol';
is get($f), changed(7, "carol:$other"), 'and add its newline';
put $f, $mixed;
gives 'add to it', 0, qr/^Added/, "SecREt01\n", '-i', $f, 'Bob';
is get($f), "$mixed\nBob:$other\n", 'behind a last line without newline';
put $f, "\xEF\xBB\xBF", "alice:$hash\n";
gives 'a byte order mark', 0, qr/^Changed/, "SecREt01\n", '-i', $f, 'alice';
is get($f), "\xEF\xBB\xBFalice:$other\n", 'stays';
put $f, '';
gives 'an empty file', 0, qr/^Added/, "Password\n", '-i', $f, 'alice';
is get($f), "alice:$hash\n", 'takes an account';

# ---- -n, -D, -v, -l ----

for my $args (['-ni', 'CORP\\x'], ['-n', '-i', "$dir/none", 'CORP\\x']) {
    my $got = gives "@$args", 0, qr/^$/, "Password\n", @$args;
    is $got->{out}, "CORP\\x:$hash\n", 'prints the line';
}
ok !-e "$dir/none", '-n ignores FILE';
SKIP: {
    skip 'no /dev/full', 2 unless -c '/dev/full';
    for my $args ('-ni x', "-l '$f'") {
        my @shell = ('sh', '-c', "\"\$1\" $args >/dev/full", 'sh');
        my $got = run_command("Password\n", sub { }, @shell, $tool);
        is $got->{code}, 1, "$args: stdout cannot be written";
    }
}
put $f, $mixed;
gives 'delete', 0, qr/^Deleted user Alice$/, '', '-D', $f, 'ALICE';
is get($f), changed(2, ''), 'takes out that line only';
gives 'delete the last one', 0, qr/^Deleted/, '', '-D', $f, 'carol';
is get($f), join('', @lines[0, 1, 3 .. 6]), 'leaves the lines before it';
gives 'delete nobody', 6, qr/there is no user bob$/, '', '-D', $f, 'bob';
put $f, "alice:$hash";
gives 'delete the only one', 0, qr/^Deleted/, '', '-D', $f, 'alice';
is get($f), '', 'leaves an empty file';
gives 'verify in an empty file', 6, qr/there is no user/, "Password\n", '-vi', $f, 'alice';
is run('', '-l', $f)->{out}, '', 'an empty file lists nobody';

put $f, $mixed;
gives 'verify', 0, qr/^The password of user Alice is right$/, "Password\r\n", '-vi', $f, 'alice';
gives 'verify, wrong', 3, qr/of user Alice is another one/, "password\n", '-vi', $f, 'alice';
gives 'verify nobody', 6, qr/there is no user bob/, "Password\n", '-vi', $f, 'bob';
gives 'verify a disabled one', 0, qr/is disabled\n.*is right/, "Password\n", '-iv', $f, $zoe;
gives 'verify a disabled one, wrong', 3, qr/is disabled\n.*another one/, "x\n", '-iv', $f, $zoe;
my $listed = run('', '-l', $f);
is $listed->{out}, "Alice\n$zoe\tdisabled\nCORP\\bob\ncarol\n", 'list, as spelled and in order';
is $listed->{code} . $listed->{err}, '0', 'list: exit 0, no message';
is get($f), $mixed, 'verify and list change nothing';

# ---- -d, -e ----

my ($X, $lct) = ('X' x 32, 'LCT-6B00DA32:');
my $samba = sub { my ($name, $nt, $flags) = @_; return "$name:1000:$X:$nt:[$flags]:$lct\n" };
my $dump  = sub { my ($name, $nt) = @_; return "$name:1104:aad3b435b51404eeaad3b435b51404ee:${nt}:::\n" };

put $f, $mixed;
gives 'disable', 0, qr/^Disabled user Alice$/, '', '-d', $f, 'aLICE';
is get($f), changed(2, "Alice:" . uc($hash) . ":[D]\n"), 'adds :[D]';
gives 'disable again', 0, qr/^User Alice is disabled already$/, '', '-d', $f, 'alice';
gives 'enable', 0, qr/^Enabled user Alice$/, '', '-e', $f, 'alice';
is get($f), "$mixed\n", 'takes it away';
gives 'enable again', 0, qr/^User Alice is not disabled$/, '', '-e', $f, 'alice';
gives 'enable nobody', 6, qr/there is no user bob$/, '', $_, $f, 'bob' for '-e', '-d';
put $f, $mixed;
gives 'enable, blanks behind', 0, qr/^Enabled/, '', '-e', $f, $zoe;
is get($f), changed(4, "$zoe:$hash \r\n"), 'which stay';
gives 'disable, blanks behind', 0, qr/^Disabled/, '', '-d', $f, 'CORP\\Bob';
like get($f), qr/^CORP\\bob:$hash:\[D\]\t$/m, 'which stay too';

for my $flags (
    ['U          ', 'DU         '],
    ['UX         ', 'DUX        '],
    ['           ', 'D          '],
    ['UL         ', 'DUL        ', 'locked'],
    ['NU         ', 'DNU        ', 'without a password'],
    )
{
    my ($on, $off, $word) = @$flags;
    put $f, "# x\n", $samba->('alice', $hash, $on), "bob:$hash\n";
    gives "disable [$on]", 0, qr/^Disabled/, '', '-d', $f, 'ALICE';
    is get($f), "# x\n" . $samba->('alice', $hash, $off) . "bob:$hash\n", "is [$off]";
    gives "enable [$off]", 0, $word ? qr/^Enabled.*is $word$/s : qr/^Enabled user alice$/, '',
        '-e', $f, 'alice';
    is get($f), "# x\n" . $samba->('alice', $hash, $on) . "bob:$hash\n", "is [$on] again";
}
put $f, $samba->('alice', $hash, 'U');
gives 'disable [U], without room', 0, qr/^Disabled/, '', '-d', $f, 'alice';
is get($f), $samba->('alice', $hash, 'DU'), 'makes room';
put $f, $samba->('alice', $hash, 'U' x 100);
gives 'too many flags', 7, qr/:1: .*too many flags/, '', '-d', $f, 'alice';
put $f, $dump->('alice', $hash);
gives 'a dump has no flags', 7, qr/:1: .*cannot hold a flag/, '', $_, $f, 'alice' for '-d', '-e';
is get($f), $dump->('alice', $hash), 'it stays';

# ---- accounts of the other forms ----

put $f, $samba->('alice', $hash, 'U          '), $dump->('CORP\\bob', $hash),
    $samba->('none', $X, 'U          '), $samba->('lock', $hash, 'UL         '),
    $samba->('gone', $hash, 'DU         '), "no:1:$X:NO PASSWORD" . 'X' x 21 . ":[NU         ]:$lct\n";
is run('', '-l', $f)->{out}, "alice\nCORP\\bob\nnone\twithout a password\nlock\tlocked\n"
    . "gone\tdisabled\nno\twithout a password\n", 'list them, and why they cannot log in';
for my $user (qw(alice CORP\\bob none)) {
    gives "verify $user", $user eq 'none' ? 3 : 0, qr/is (right|another one)/, "Password\n", '-vi', $f, $user;
    gives "change $user", 0, qr/^Changed the password of user \Q$user\E$/, "SecREt01\n", '-i', $f, $user;
}
is join('', (split /^/, get($f))[0 .. 2]), $samba->('alice', $other, 'U          ')
    . $dump->('CORP\\bob', $other) . $samba->('none', $other, 'U          '), 'the hash alone changes';
gives 'delete one', 0, qr/^Deleted/, '', '-D', $f, 'none';
unlike get($f), qr/^none/m, 'is gone';

# ---- --hash ----

put $f, "alice:$other\n";
gives '--hash', 0, qr/^Changed/, '', '--hash', $hash, $f, 'alice';
gives '--hash=', 0, qr/^Added/, '', '--hash=' . uc $hash, $f, 'bob';
is get($f), "alice:$hash\nbob:$hash\n", 'is the hash';
is run('', '--hash', $hash, '-n', 'x')->{out}, "x:$hash\n", '--hash -n';
gives '-c --hash', 0, qr/^Added/, '', '-c', '--hash', $hash, $f, 'x';
is get($f), "x:$hash\n", 'creates';
for my $bad ('', 'x', substr($hash, 1), "${hash}0", substr($hash, 1) . 'g', " $hash") {
    my $got = run('', '--hash', $bad, $f, 'x');
    is $got->{code}, 2, "--hash '$bad': exit 2";
    like $got->{err}, qr/not 32 hex digits/, 'and a message';
}
gives '--hash of nothing', 2, qr/blank password/, '', '--hash', '31d6CFE0d16ae931b73c59d7e0c089c0', $f, 'x';
for my $args (['-i'], ['-v'], ['-D'], ['-d'], ['-e'], ['--hash', $hash]) {
    my $got = run("Password\n", @$args, '--hash', $hash, $f, 'x');
    like $got->{code} . $got->{err}, qr/^2usage: /, "@$args with --hash is wrong usage";
}
is run('', '--hash')->{code}, 2, '--hash needs a hash';
is get($f), "x:$hash\n", 'none of these changed the file';

# ---- --import ----

my $g = "$dir/other";

# Imports text into FILE with a content; gives what FILE is then.
sub import_into {
    my ($what, $before, $text, $counts, @options) = @_;
    put $f, $before;
    put $g, $text;
    my $message = sprintf '%s: added %d, changed %d, unchanged %d, skipped without a hash %d', $f, @$counts;
    gives $what, 0, qr/^\Q$message\E$/m, '', @options, '--import', $g, $f;
    my $after = get($f);
    put $f, $before;
    gives "$what, from stdin", 0, qr/^\Q$message\E$/m, $text, @options, '--import', '-', $f;
    is get($f), $after, 'is the same';
    my ($added, $changed, $unchanged, $skipped) = @$counts;
    my $again = run('', '--import', $g, $f)->{err};
    like $again, qr/added 0, changed 0, unchanged @{[$added + $changed + $unchanged]}, .* $skipped$/m,
        "$what, again: changes nothing";
    is get($f), $after, 'and nothing is';
    return $after;
}

my $sample = get("$FindBin::Bin/../vectors/pdbedit-L-w.txt");
my ($games, $blank, $news, $daemon) = $sample =~ /^[^:]*:[^:]*:[^:]*:($hex)/mg;
is import_into('what pdbedit printed', '', $sample, [4, 0, 0, 0]),
    lc("games:$games\nmail:$blank:[D]\nnews:$news:[D]\ndaemon:$daemon\n") =~ s/\[d\]/[D]/gr,
    'what is flagged D or N comes in disabled';
is run('', '-l', $f)->{out}, "games\nmail\tdisabled\nnews\tdisabled\ndaemon\n", 'and is listed so';
is import_into('over accounts', "# x\nNEWS:$hash\n\nCORP\\games:$hash\nGames:$hash:[D]", $sample, [2, 2, 0, 0]),
    lc("# x\n") . "NEWS:" . lc($news) . ":[D]\n\nCORP\\games:$hash\nGames:" . lc($games)
    . "\nmail:" . lc($blank) . ":[D]\ndaemon:" . lc($daemon) . "\n", 'place and spelling stay';
is import_into('a dump', '', "\xEF\xBB\xBF" . $dump->('CORP\\dc1', $hash) . $dump->('x', $X)
    . "y:1:$X:${hash}::: (status=Disabled)", [2, 0, 0, 1]),
    "CORP\\dc1:$hash\ny:$hash:[D]\n", 'as plain lines';
is import_into('a dump over a disabled one', "a:$other:[D]\nb:$hash:[D]\nc:$hash\n",
    join('', map { $dump->($_, $hash) } qw(a b c)), [0, 1, 2, 0]),
    "a:$hash:[D]\nb:$hash:[D]\nc:$hash\n", 'does not enable it';
is import_into('plain lines over a disabled one', "a:$hash:[D]\nb:$hash\n", "A:$hash\nB:$hash:[D]\n", [0, 2, 0, 0]),
    "a:$hash\nb:$hash:[D]\n", 'do say';
is import_into('flags', '', join('', map { $samba->($_, $hash, $_ . 'U') } qw(D L N X)), [4, 0, 0, 0]),
    "D:$hash:[D]\nL:$hash:[D]\nN:$hash:[D]\nX:$hash\n", 'locked ones and those that need no password too';
is import_into('into other forms', $samba->('a', uc $hash, 'U          ') . $samba->('b', $hash, 'UL         ')
    . $samba->('c', $X, 'U          ') . $dump->('d', $other),
    join('', map { "$_:$hash\n" } 'a' .. 'd'), [0, 3, 1, 0]),
    $samba->('a', uc $hash, 'U          ') . join('', map { "$_:$hash\n" } 'b' .. 'd'), 'what does not change stays';
is import_into('no hash', "a:$hash\n", $samba->('A', $X, 'DU         ') . "# x\n\n", [0, 0, 0, 1]), "a:$hash\n",
    'changes nothing';
like run('', '--import', $g, $f)->{err}, qr/:1: there is no NT hash of a; it stays/, 'and it is told of one that is there';
is import_into('nothing', "a:$hash\n", '', [0, 0, 0, 0]), "a:$hash\n", 'changes nothing';
is import_into('-c', "a:$hash\n", "b:$hash\n", [1, 0, 0, 0], '-c'), "b:$hash\n", 'replaces the file';
unlink $f;
gives '--import into no file', 1, qr/use -c/, '', '--import', $g, $f;
gives '-c --import', 0, qr/added 1,/, '', '--import', $g, '-c', $f;
is get($f) . mode_of($f), "b:$hash\n" . ($root ? '0640' : '0600'), 'creates the file';
for my $bad (
    [$sample . "x:1:$X:$hash:[U\n", 7, qr/:5: the smbpasswd line is not whole/],
    ["x:$hash\nX:$hash\n", 7, qr/:2: 'X' is the same name as in line 1/i],
    ["\$x\n", 7, qr/:1: there is no colon/],
    ["x:$hash\n\xEF\xBB\xBFy:$hash\n", 7, qr/:2: a name holds a character that is not seen/],
    ["x\xE2\x80\x8B:1:$X:${hash}:::\n", 7, qr/:1: a name holds a character that is not seen/]
    )
{
    my ($text, $code, $why) = @$bad;
    put $g, $text;
    gives 'a bad FILE2', $code, qr/^[^:]+: \Q$g\E$why/, '', '--import', $g, $f;
    gives 'a bad stdin', $code, qr/^[^:]+: stdin$why/, $text, '--import', '-', $f;
    is get($f), "b:$hash\n", 'all or nothing';
}
put $g, "a:$hash\nb:$other\n";
put $f, "b:$hash\nc:$hash\nB:$hash\n";
gives 'a name twice in FILE', 7, qr/\Q$f\E:3: 'B' is the same name as in line 1/, '', '--import', $g, $f;
is get($f), "b:$hash\nc:$hash\nB:$hash\n", 'it stays';
gives 'no FILE2', 1, qr/does not exist/, '', '--import', "$dir/none", $f;
for my $args (['--import', $g], ['--import', $g, $f, 'a'], ['--import', $g, '-i', $f], ['--import', $g, '-D', $f],
    ['-l', '--import', $g, $f], ['--import', $g, '--hash', $hash, $f], ['--import', $g, '--import', $g, $f],
    ['-c', '-D', '--import', $g, $f], ['--import'])
{
    like join('', @{run('', @$args)}{qw(code err)}), qr/^2usage: /, "(@$args) is wrong usage";
}
my $many = join '', map { "user$_:" . ($_ % 2 ? $hash : $other) . "\n" } reverse 1 .. 20_000;
is import_into('many', "user7:$other\nuser8:$other\n", $many, [19_998, 1, 1, 0]),
    "user7:$hash\nuser8:$other\n" . $many =~ s/^user[78]:.*\n//mgr, 'come in their order';
unlink $g;

# ---- --change ----

my $change = "a:$hash\n" . $samba->('alice', $hash, 'U          ') . $dump->('CORP\\bob', $hash)
    . "off:$hash:[D]\n" . $samba->('lock', $hash, 'UL         ') . $samba->('no', $hash, 'NU         ')
    . $samba->('blank', $blank, 'U          ') . $samba->('none', $X, 'U          ');
put $f, $change;
for my $user (qw(A ALICE corp\\BOB)) {
    gives "--change $user", 0, qr/^Changed the password of user /, "Password\r\nSecREt01\r\nmore", '--change', $f, $user;
    gives "$user has the new one", 0, qr/is right/, "SecREt01\n", '-vi', $f, $user;
    gives "--change $user back", 0, qr/^Changed/, "SecREt01\nPassword", '--change', $f, $user;
}
is get($f), $change, 'and nothing else was changed';
my $refused;
for my $try (['a', "SecREt01\nx\n"], ['off', "Password\nx\n"], ['lock', "Password\nx\n"], ['no', "Password\nx\n"],
    ['none', "Password\nx\n"], ['blank', "Password\nx\n"], ['off', "SecREt01\nx\n"])
{
    my ($user, $in) = @$try;
    my $got = gives "--change $user, refused", 3, qr/wrong, or the account is disabled/, $in, '--change', $f, $user;
    $refused //= $got->{err};
    is $got->{err}, $refused, 'with the same words';
}
gives '--change nobody', 6, qr/there is no user x/, "Password\nx\n", '--change', $f, 'x';
gives '--change to nothing', 2, qr/blank/, "Password\n$_", '--change', $f, 'a' for '', "\n";
gives '--change from nothing', 2, qr/blank/, $_, '--change', $f, 'blank' for '', "\nx\n";
gives '--change to a long one', 5, qr/too long/, "Password\n" . 'a' x 257, '--change', $f, 'a';
gives '--change to no UTF-8', 2, qr/UTF-8/, "Password\n\xFF\n", '--change', $f, 'a';
gives '--change without a file', 1, qr/does not exist/, "Password\nx\n", '--change', "$dir/none", 'a';
for my $with (['-c'], ['-i'], ['-n'], ['-v'], ['-D'], ['-d'], ['-e'], ['-l'], ['--hash', $hash],
    ['--import', '/dev/null'], ['--change'])
{
    for my $args (['--change', @$with, $f, 'a'], [@$with, '--change', $f, 'a']) {
        like join('', @{run("Password\nx\n", @$args)}{qw(code err)}), qr/^2usage: /, "(@$args) is wrong usage";
    }
}
for my $args ([$f], [$f, 'a', 'b'], [$f, 'a', '-D'], ["$f a"], []) {
    like join('', @{run("Password\nx\n", '--change', @$args)}{qw(code err)}), qr/^2usage: /, "--change (@$args) too";
}
gives '--change of a user that looks like an option', 6, qr/no user -D/, "Password\nx\n", '--change', $f, '-D';
is get($f), $change, 'none of these changed the file';

put $f, $mixed;

# ---- wrong usage, names, passwords ----

for my $args (
    [], ['-h'], ['--help'], ['--none', $f, 'a'], ['-x', $f, 'a'], [$f], [$f, 'a', 'b'], [$f, 'a', '-i'],
    ['-l'], ['-l', $f, 'a'], ['-n'], ['-n', $f, 'a', 'b'], ['-D', $f], ['-v', $f],
    ['-lD', $f], ['-lc', $f], ['-li', $f], ['-Di', $f, 'a'],
    map { [$_, $f, 'a'] } qw(-cn -cD -cv -nv -nD -vD -lv -ln -de -dD -ev -cd -di -ei)
    )
{
    my $got = run("Password\n", @$args);
    is "$got->{code}$got->{out}", 2, "(@$args) is wrong usage";
    like $got->{err}, qr/^usage: /, 'and tells the right one';
}
gives '-b', 2, qr/use -i/, '', '-b', $f, 'alice', 'Password';
gives '-cb', 2, qr/use -i/, '', '-cb', $f, 'alice', 'Password';

my @UNSEEN = map { encode('UTF-8', $_) } "\x{feff}a", "a\x{200b}", "CORP\\a\x{2060}b", "\x{202e}a", "a\x{2028}b", "\x{2069}a", "\x{61c}";
for my $name ('', '#a', 'a:b', "a\nb", "a\xFF", 'A\\b\\c', 'A\\', '\\a', ' a', 'x' x 105, @UNSEEN) {
    gives 'a bad name', 6, qr/name/, "Password\n", '-i', $f, $name;
    gives 'a bad name, -ni', 6, qr/name/, "Password\n", '-ni', $name;
}
gives 'a name with what is not seen', 6, qr/holds a character that is not seen/, "Password\n", '-i', $f, $_ for @UNSEEN;
for my $empty ('', "\n", "\r\n") {
    gives 'an empty password', 2, qr/blank password never logs in/, $empty, '-i', $f, 'alice';
}
gives 'not UTF-8',      2, qr/not valid UTF-8/, "P\xE4ss\n",   '-i', $f, 'alice';
gives 'a surrogate',    2, qr/not valid UTF-8/, "\xED\xA0\x80\n", '-i', $f, 'alice';
gives 'a NUL byte',     2, qr/NUL/,             "Pass\0word\n", '-i', $f, 'alice';
gives 'a NUL byte, -c', 2, qr/NUL/,             "\0",           '-ci', $f, 'alice';
my ($euro, $clef) = map { encode 'UTF-8', $_ } '€', "\x{1D11E}";
for my $long ('a' x 257, $euro x 257, $clef x 129, 'a' x 30_000, $clef x 128 . 'a') {
    gives 'a long password', 5, qr/too long/, "$long\n", '-i', $f, 'alice';
}
is get($f), $mixed, 'none of these changed the file';
for my $fits ('a' x 256, $euro x 256, $clef x 128) {
    is run("$fits\r\n", '-ni', 'x')->{code}, 0, 'the longest password';
}
my $cr = run("Pass\rword\nmore\n", '-ni', 'x');
isnt $cr->{out}, run("Password\n", '-ni', 'x')->{out}, 'a CR inside counts';
is run("Password\nmore\n", '-ni', 'x')->{out}, "x:$hash\n", 'only the first line is the password';
my @two = ('sh', '-c', '"$1" -ni a; "$1" -ni b', 'sh', $tool);
is run_command("Password\nSecREt01\n", sub { }, @two)->{out}, "a:$hash\nb:$other\n",
    'and the next one is left to others';

# ---- files that are no password files ----

for my $bad (
    ["alice:$hash\n\nbob\n", 3, qr/there is no colon/],
    ["# x\nalice:\$apr1\$x\n", 2, qr/htpasswd entry/],
    ["alice:$hash:[X]\n", 1, qr/only :\[D\]/],
    ["a:$hash\nb:${hash}0", 2, qr/32 hex digits/],
    ["alice:$hash\n#\nALICE:$hash\n", 3, qr/same name as in line 1/]
    )
{
    my ($text, $number, $why) = @$bad;
    put $f, $text;
    for my $args (['-i', $f, 'alice'], ['-vi', $f, 'alice'], ['-D', $f, 'alice']) {
        gives "@$args", 7, qr/\Q$f\E:$number: .*$why/, "Password\n", @$args;
    }
    gives '-l', 7, qr/:$number: /, '', '-l', $f unless $text =~ /ALICE/;
    is get($f), $text, 'a bad file stays as it is';
}
gives '-c over a bad file', 0, qr/^Added/, "Password\n", '-ci', $f, 'alice';
gives 'a folder', 1, qr/directory|regular/, "Password\n", $_, $dir, 'alice' for '-i', '-ci', '-vi';
POSIX::mkfifo("$dir/fifo", 0600) or die $!;
gives 'a FIFO', 1, qr/not a regular file/, "x\n", $_, "$dir/fifo", 'alice' for '-i', '-ci', '-vi';
unlink "$dir/fifo";
gives 'no folder', 1, qr/cannot/, "Password\n", '-ci', "$dir/none/f", 'alice';

# ---- owner, mode, links ----

for my $mode (qw(0600 0644 0660 0440 0777)) {
    next if $mode eq '0440' && !$root;
    for my $args (['-i', $f, 'bob'], ['-D', $f, 'bob'], ['-ci', $f, 'alice']) {
        chmod oct $mode, $f;
        is run("Password\n", @$args)->{code}, 0, "$args->[0] with mode $mode";
        is mode_of($f), $mode, 'and the mode stays';
    }
}
chmod 0600, $f;
SKIP: {
    skip 'needs root', 2 unless $root;
    for my $option ('-i', '-ci') {
        chown 12345, 23456, $f;
        chmod 0640, $f;
        run("Password\n", $option, $f, 'bob');
        is owner_of($f) . mode_of($f), '12345:23456:0640', "$option: owner and group stay";
    }
    chown 0, 0, $f;
}

mkdir "$dir/real";
put "$dir/real/target", "alice:$hash\n";
symlink 'real/target', "$dir/link";
gives 'through a link', 0, qr/^Added/, "Password\n", '-i', "$dir/link", 'bob';
is readlink "$dir/link", 'real/target', 'the link stays';
is get("$dir/real/target"), "alice:$hash\nbob:$hash\n", 'its target has the account';
gives 'create through a link', 0, qr/^Added/, "Password\n", '-ci', "$dir/link", 'bob';
is readlink "$dir/link", 'real/target', 'the link stays';
is get("$dir/real/target"), "bob:$hash\n", 'its target is replaced';
unlink "$dir/real/target";
gives 'a dangling link', 1, qr/link to a file that does not/, "x\n", '-ci', "$dir/link", 'bob';
is files_in("$dir/real"), '', 'no temporary file is left';

# ---- errors while writing ----

my $large = "# no room for this line\n" x 20_000;
put $f, $large;
my $before = (stat $f)[1];
my @no_disk = ('sh', '-c', 'ulimit -f 100; exec "$@"', 'sh');    # 50 or 100 KiB
my $full = run_command("Password\n", sub { }, @no_disk, $tool, '-i', $f, 'x');
is $full->{code}, 1, 'a full disk: exit 1';
like $full->{err}, qr/cannot write/, 'and a message';
ok get($f) eq $large, 'the file is as before';
is((stat $f)[1], $before, 'and the same one');
is files_in($dir), 'link passwd real', 'no temporary file is left';

# What is closed must not be opened anew as the password file.
put $f, $mixed;
for my $closed ('<&-', '>&-', '2>&-', '<&- >&- 2>&-') {
    my @shell = ('sh', '-c', "exec \"\$@\" $closed", 'sh', $tool);
    is run_command('', sub { }, @shell, '-D', $f, 'nobody')->{code}, 6, "exit code with $closed";
    is get($f), $mixed, 'no message in the file';
}
is run_command("x\n", sub { }, 'sh', '-c', '"$1" -ni a >&-', 'sh', $tool)->{code}, 1, 'no stdout';
is run_command('', sub { }, 'sh', '-c', '"$1" -ni a <&-', 'sh', $tool)->{code}, 1, 'no stdin';

# As somebody who is not root and does not own the file.
SKIP: {
    skip 'needs root', 10 unless $root;
    my $theirs = "$dir/theirs";
    mkdir $theirs;
    copy($tool, "$theirs/tool") or die $!;
    chmod 0755, $dir, "$theirs/tool";
    my $nobody = sub { $) = '65534 65534'; POSIX::setgid(65534); POSIX::setuid(65534) };
    skip 'another user cannot run the tool', 10
        if run_command('', $nobody, "$theirs/tool", '-h')->{code} != 2;
    put "$theirs/f", $mixed;
    my $try = sub {
        my ($what, $code, $err, $folder_mode, $file_mode) = @_;
        chmod $folder_mode, $theirs;
        chmod $file_mode,   "$theirs/f";
        my $got = run_command("Password\n", $nobody, "$theirs/tool", '-i', "$theirs/f", 'x');
        is $got->{code}, $code, "$what: exit $code";
        like $got->{err}, $err, "$what: message";
        is get("$theirs/f"), $mixed, "$what: the file stays";
        is files_in($theirs), 'f tool', "$what: no temporary file is left";
    };
    $try->("a file of somebody else's", 1, qr/cannot set the owner and group/, 0777, 0666);
    $try->('a folder that is not writable', 1, qr/cannot make a new file/, 0755, 0666);
    $try->('a file that is not readable', 1, qr/cannot open/, 0777, 0600);
    chown 65534, 65534, "$theirs/f";
    $try->('a file that is not writable', 1, qr/cannot open/, 0777, 0400);
    chmod 0600, "$theirs/f";
    my $got = run_command("Password\n", $nobody, "$theirs/tool", '-i', "$theirs/f", 'x');
    is $got->{code}, 0, 'their own file';
    is owner_of("$theirs/f") . mode_of("$theirs/f"), '65534:65534:0600', 'stays theirs';
    run_command("Password\n", $nobody, "$theirs/tool", '-ci', "$theirs/new", 'x');
    is mode_of("$theirs/new"), '0600', 'their new file is theirs alone';
}

# ---- several at one time ----

put $f, "# parallel\n";
my @pids;
for my $i (1 .. 20) {
    my $pid = fork // die $!;
    POSIX::_exit(run("Password\n", '-i', $f, "user$i")->{code}) if $pid == 0;
    push @pids, $pid;
}
is join(' ', map { waitpid $_, 0; $? } @pids), join(' ', (0) x 20), '20 add a user at one time';
is join('', sort split /^/, get($f)),
    join('', sort "# parallel\n", map { "user$_:$hash\n" } 1 .. 20), 'no user is lost';

# Whoever waits for the lock of a file that is then replaced changes the new one.
put $f, "old:$hash\n";
open my $lock, '<', $f or die $!;
flock $lock, LOCK_EX or die $!;
my $waiting = fork // die $!;
POSIX::_exit(run("Password\n", '-i', $f, 'alice')->{code}) if $waiting == 0;
my $inode = (stat $f)[1];
for (1 .. 100) {    # a stronger test if it does wait by now, and right if not
    last if !-r '/proc/locks' || get('/proc/locks') =~ /-> FLOCK .*:$inode /;
    select undef, undef, undef, 0.02;
}
put "$f.new", "new:$hash\n";
rename "$f.new", $f or die $!;
flock $lock, LOCK_UN or die $!;    # close would not do: the child has the file open too
close $lock;
waitpid $waiting, 0;
is $?, 0, 'a file replaced while it was waited for';
is get($f), "new:$hash\nalice:$hash\n", 'the new one is changed';

# ---- the terminal ----

my $no_tty = run_command("Password\n", sub { POSIX::setsid() }, $tool, $f, 'alice');
is $no_tty->{code}, 1, 'no terminal: exit 1';
like $no_tty->{err}, qr/use -i/, 'and a message';

# Runs the tool on a terminal of its own; answers each prompt by what is next in @$answers:
# text to type, or the name of a signal to send. Gives all that was shown: at the end "rc="
# and the settings of the terminal.
put "$dir/session", <<'SH';
trap : INT QUIT HUP TERM
sh -c 'echo "pid $$"; exec "$@"' sh "$@"
echo "rc=$?"
stty -a
echo "the end"
SH

sub open_session {
    my @command = ('sh', "$dir/session", $tool, @_);
    if (eval { require IO::Pty; 1 }) {
        my $pty = IO::Pty->new;
        my $pid = fork // die $!;
        if ($pid == 0) {
            $pty->make_slave_controlling_terminal;
            my $slave = $pty->slave;
            POSIX::dup2(fileno $slave, $_) for 0 .. 2;
            exec @command or POSIX::_exit(127);
        }
        $pty->close_slave;
        return ($pid, $pty, $pty);
    }
    my $shell = join ' ', map { s/'/'\\''/gr =~ s/(.*)/'$1'/sr } @command;
    pipe(my $in_r, my $in_w)   or die $!;
    pipe(my $out_r, my $out_w) or die $!;
    my $pid = fork // die $!;
    if ($pid == 0) {
        POSIX::dup2(fileno $in_r, 0);
        POSIX::dup2(fileno $out_w, 1);
        exec 'script', '-qec', $shell, '/dev/null' or POSIX::_exit(127);
    }
    close $in_r;
    close $out_w;
    return ($pid, $in_w, $out_r);
}

sub on_terminal {
    my ($answers, @args) = @_;
    my ($pid, $to, $from) = open_session(@args);
    my ($shown, $seen) = ('', 0);
    while ($shown !~ /the end/ && IO::Select->new($from)->can_read(120)) {
        sysread $from, $shown, 4096, length $shown or last;
        while ($seen < @$answers && (() = $shown =~ /password: /g) > $seen) {
            my $answer = $answers->[$seen++];
            if ($answer !~ /^SIG(\w+)$/) { syswrite $to, $answer; next }
            my $name = $1;
            kill $name, $shown =~ /pid (\d+)/ ? $1 : die 'no pid';
        }
    }
    close $to;
    waitpid $pid, 0;
    return $shown;
}

sub terminal_gives {
    my ($what, $code, $like, $answers, @args) = @_;
    my $shown = on_terminal($answers, @args);
    like $shown, qr/rc=$code\r?\n/, "$what: exit $code" or diag $shown;
    like $shown, $like, "$what: message";
    like $shown, qr/(?<!-)\becho\b/, "$what: the echo is on again";
    like $shown, qr/(?<!-)\bicanon\b.*the end/s, "$what: and all is sane";
    unlike $shown, qr/Password|SecREt01/, "$what: nothing typed was shown";
}

SKIP: {
    my $script = `script --version 2>/dev/null` =~ /util-linux/;
    skip 'needs IO::Pty, or script of util-linux', 1 unless $script || eval { require IO::Pty; 1 };
    put $f, "alice:$other\n";
    terminal_gives 'typed twice', 0, qr/New password: \r?\nRe-type new password: \r?\nChanged/,
        ["Password\n", "Password\n"], $f, 'alice';
    is get($f), "alice:$hash\n", 'typed twice: changed';
    terminal_gives 'two that differ', 3, qr/differ/, ["SecREt01\n", "SecREt0\n"], $f, 'alice';
    terminal_gives 'an empty one', 2, qr/blank/, ["\n"], $f, 'alice';
    terminal_gives 'end of file', 2, qr/blank/, ["\x04"], $f, 'alice';
    terminal_gives 'a long one', 5, qr/too long/, ["a" x 1000 . "\n"], $f, 'alice';
    terminal_gives 'verify', 0, qr/Enter password: \r?\nThe .* is right/, ["Password\n"],
        '-v', $f, 'alice';
    terminal_gives 'verify, wrong', 3, qr/another one/, ["SecREt01\n"], '-v', $f, 'alice';
    terminal_gives 'Ctrl-C', 4, qr/interrupted/, ["abc\x03"], $f, 'alice';
    terminal_gives 'Ctrl-C at the second', 4, qr/interrupted/, ["SecREt01\n", "\x03"], $f, 'alice';
    terminal_gives 'Ctrl-Z does nothing', 0, qr/is right/, ["\x1APassword\n"], '-v', $f, 'alice';
    terminal_gives $_, 4, qr/interrupted/, [$_], $f, 'alice' for qw(SIGTERM SIGHUP SIGQUIT);
    terminal_gives 'a missing file', 1, qr/use -c/, [], "$dir/none", 'alice';
    terminal_gives 'no such user', 6, qr/there is no user/, [], '-v', $f, 'bob';
    terminal_gives '--change, wrong', 3, qr/Old password: \r?\n.*old password is wrong/,
        ["SecREt01\n"], '--change', $f, 'alice';
    terminal_gives '--change, two that differ', 3, qr/differ/,
        ["Password\n", "SecREt01\n", "SecREt0\n"], '--change', $f, 'alice';
    terminal_gives '--change, Ctrl-C', 4, qr/interrupted/, ["Password\n", "\x03"],
        '--change', $f, 'alice';
    is get($f), "alice:$hash\n", 'none of these changed the file';
    terminal_gives '--change', 0, qr/Old password: \r?\nNew password: \r?\nRe-type.*\nChanged/,
        ["Password\n", "SecREt01\n", "SecREt01\n"], '--change', $f, 'alice';
    is get($f), "alice:$other\n", 'changed';
    my $line = on_terminal(["Password\n", "Password\n"], '-n', 'carol');
    like $line, qr/carol:$hash/, '-n on a terminal';
}

is files_in($dir) =~ s/ theirs//r, 'link passwd real session', 'no other file is left';
done_testing;
