#!/usr/bin/perl
# conf/git.conf: git clones and pushes, large pushes too, and a hook knows who did; without
# the password git gets nothing and brings nothing.
use strict;
use warnings;
use FindBin qw($Bin);
use lib "$Bin/../lib";
use File::Find qw(find);
use Recipe;
use Test::More;

plan skip_all => 'there is no git (package git)' if !grep { -x "$_/git" } split /:/, $ENV{PATH};
chomp(my $core = `git --exec-path`);
plan skip_all => 'there is no git-http-backend' if !-x "$core/git-http-backend";

my $httpd = Recipe::httpd('git.conf', {'/srv/git' => '@DIR@/git', '/usr/lib/git-core' => $core});
my $bare  = Recipe::folder($httpd, 'git') . '/project.git';
my $work = $httpd->dir . '/work';
mkdir $work, 0700;

delete @ENV{grep { /^GIT_/ } keys %ENV};
%ENV = (%ENV, GIT_CONFIG_NOSYSTEM => 1, GIT_CONFIG_GLOBAL => "$work/gitconfig", GIT_TERMINAL_PROMPT => 0,
    GIT_CURL_VERBOSE => 1, LC_ALL => 'C', no_proxy => '*');

sub write_file { my ($name, @more) = @_; return $httpd->write("work/$name", @more) }

# Its exit code and all that it said.
sub command {
    my (@command) = @_;
    open my $out, '-|', 'sh', '-c', 'exec "$@" 2>&1', 'sh', @command or die "$command[0]: $!\n";
    my $said = do { local $/; <$out> } // '';
    close $out;
    return ($? >> 8, $said);
}

sub git {
    my (@arguments) = @_;
    my ($code, $said) = command('git', @arguments);
    $code == 0 or die "git @arguments\n$said";
    return $said;
}

# git asks this program for the password, never a terminal.
sub with_password {
    my ($password) = @_;
    $ENV{GIT_ASKPASS} = write_file("askpass", "#!/bin/sh\necho '$password'\n", 0700);
    return;
}

sub address { my ($user) = @_; return $httpd->url('/git/project.git') =~ s{//}{//$user\@}r }
sub heads { return join ' ', git('--git-dir', $bare, 'for-each-ref', 'refs/heads') =~ m{refs/heads/(\S+)}g }
sub random_bytes { my ($count) = @_; srand 1; return join '', map { pack 'N', rand 2**32 } 1 .. $count / 4 }

git(qw(config --global user.name Alice));
git(qw(config --global user.email alice@example.com));
git(qw(config --global safe.directory *));
git(qw(config --global init.defaultBranch main));

# ---- a repository with one commit and a hook ----
git('init', '-q', '--bare', $bare);
git('clone', '-q', $bare, "$work/first");
write_file("first/page", "the protected page\n");
git('-C', "$work/first", 'add', 'page');
git('-C', "$work/first", qw(commit -q -m one));
git('-C', "$work/first", qw(push -q origin HEAD:main));
$httpd->write('git/project.git/hooks/update', "#!/bin/sh\necho \"pushed by \$REMOTE_USER\"\n", 0755);
find(sub { Recipe::give_to_httpd($File::Find::name) }, $bare);
$httpd->start;

# ---- who has the password ----
with_password('Secr3t!pw');
my ($code, $said) = command('git', 'clone', address('alice'), "$work/alice");
is $code, 0, 'alice clones' or diag $said;
ok -e "$work/alice/page", '... all that is there';
like $said, qr/Authorization: NTLM /, '... by NTLM';

my $large = random_bytes(3_000_000);
for my $push (['small', "a few bytes\n", 'in one piece'], ['large', $large, 'in chunks']) {
    my ($name, $content, $how) = @$push;
    write_file("alice/$name", $content);
    git('-C', "$work/alice", 'add', $name);
    git('-C', "$work/alice", qw(commit -q -m), $name);
    ($code, $said) = command('git', '-C', "$work/alice", 'push', 'origin', "HEAD:$name");
    is $code, 0, "alice pushes something $name" or diag $said;
    like $said, qr/remote: pushed by alice\b/, '... and the hook knows that it was alice';
    my $chunked = $said =~ /=> Send header: Transfer-Encoding: chunked/ ? 'in chunks' : 'in one piece';
    is $chunked, $how, "... $how";
}
is heads(), 'large main small', 'all of it is there';
is git('--git-dir', $bare, 'show', 'large:large'), $large, '... as it was';

with_password("B0b's own" =~ s/'/'\\''/r);
($code, $said) = command('git', 'clone', address('bob'), "$work/bob");
is $code, 0, 'bob clones as well' or diag $said;
($code, $said) = command('git', '-C', "$work/bob", 'push', 'origin', 'HEAD:of-bob');
like $said, qr/remote: pushed by bob\b/, '... and pushes as bob';

# ---- who has not ----
sub gets_nothing {
    my ($who, $address) = @_;
    my $before = heads();
    my ($code, $said) = command('git', 'clone', $address, "$work/stolen");
    isnt $code, 0, "$who: no clone";
    ok !-e "$work/stolen/page", '... nothing arrives';
    unlike $said, qr{HTTP/1\.1 200}, '... no answer is 200';
    write_file("first/more", rand);
    git('-C', "$work/first", 'add', 'more');
    git('-C', "$work/first", qw(commit -q -m more));
    ($code, $said) = command('git', '-C', "$work/first", 'push', $address, 'HEAD:stolen');
    isnt $code, 0, "$who: no push";
    unlike $said, qr{pushed by|HTTP/1\.1 200}, '... the hook does not run';
    is heads(), $before, '... and nothing is there';
    return;
}
with_password('wrong');
gets_nothing('a wrong password', address('alice'));
delete $ENV{GIT_ASKPASS};
gets_nothing('nobody', $httpd->url('/git/project.git'));
for my $file (qw(HEAD info/refs objects/info/packs)) {
    is(($httpd->curl(undef, undef, "/git/project.git/$file"))[0], 401, "nobody reads $file");
}

done_testing;
