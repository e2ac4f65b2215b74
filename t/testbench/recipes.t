#!/usr/bin/perl
# The recipes of docs/testing-clients.md, as they stand there, against a bench: each prints 200, and
# the bench says that its login was one. What is not run says so.
use strict;
use warnings;
use File::Temp qw(tempdir);
use FindBin;
use JSON::PP;
use lib "$FindBin::Bin/../lib";
use Test::More;

use Launched;

if (my ($why) = Launched->missing) { plan skip_all => $why }
my $top = "$FindBin::Bin/../..";

my $modules = "$top/t/clients/node/node_modules";
my $go      = '/usr/share/gocode/src/github.com/Azure/go-ntlmssp';
my ($python) = grep { system("$_ -c 'import requests_ntlm' 2>/dev/null") == 0 } 'python3', '/usr/bin/python3';

# By the language: the file's name, the command, and what is missing.
my %how = (
    sh     => {file => 'login.sh', command => 'sh login.sh', missing => sub { !runs('curl --version') && 'curl' }},
    python => {file => 'login.py', command => ($python // '') . ' login.py', missing => sub { !$python && 'python3-requests-ntlm' }},
    go     => {file => 'login.go', command => "GO111MODULE=off GOPATH=/usr/share/gocode GOFLAGS= GOCACHE='$top/build/clients/go' go run login.go",
        missing => sub { (!runs('go version') || !-e $go) && 'golang-github-azure-go-ntlmssp-dev' }},
    java => {file => 'Login.java', command => 'java Login.java', missing => sub { !runs('javac -version') && 'default-jdk-headless' }},
    js   => {file => 'login.js', command => "NODE_PATH='$modules' node login.js", missing => sub {
        my ($needs) = $_[0] =~ /require\('([\w-]+)'\)/;
        return 'nodejs' if !runs('node --version');
        return 'chromium' if $needs eq 'playwright-core' && !-x '/usr/bin/chromium';
        return !-d "$modules/$needs" && "$needs (npm; t/clients/install)";
    }},
);

sub runs { return system("$_[0] >/dev/null 2>&1") == 0 }

my $text = do {
    open my $in, '<', "$top/docs/testing-clients.md" or die $!;
    local $/;
    <$in>;
};

# [name, language, program], in their order.
sub recipes {
    my ($part) = $text =~ /^## Recipes$(.*)/ms;
    my @recipes;
    for (split /^### /m, $part) {
        my ($name) = /^(.*)$/m;
        push @recipes, [$name, $1, $2] if /^```(\w+)\n(.*?)^```$/ms;
    }
    return @recipes;
}

my @recipes = recipes();
my @run     = grep { $_->[0] !~ /\(not run here\)/ } @recipes;
cmp_ok scalar @run, '>=', 7, 'there are recipes';
is join(' ', grep { !$how{$_} } map { $_->[1] } @run), '', 'each is in a language that is run';

my $dir = tempdir(CLEANUP => 1);
my $bench = Launched->start;
my $about = $bench->{said};
my $alice = $about->{accounts}[0];
my %env   = (NTLM_TEST_USER => $alice->{user}, NTLM_TEST_PASSWORD => $alice->{password}, NTLM_TEST_DOMAIN => $alice->{domain},
    OPENSSL_CONF => "$top/t/clients/scripts/legacy.cnf");

for my $recipe (@run) {
    my ($name, $language, $program) = @$recipe;
    my $how = $how{$language} or next;
    SKIP: {
        my $missing = $how->{missing}->($program);
        skip "$name: $missing is not installed", 2 if $missing;
        my $run = 'recipe' . ++$about->{recipes};
        local @ENV{keys %env} = values %env;
        local $ENV{NTLM_TEST_URL} = "$about->{http}/r/$run/ntlm";
        delete local @ENV{qw(http_proxy HTTP_PROXY all_proxy)};
        open my $file, '>', "$dir/$how->{file}" or die $!;
        print $file $program;
        close $file;
        my $printed = `cd '$dir' && $how->{command} 2>'$dir/err' </dev/null`;
        like $printed, qr/^200$/m, "$name: 200" or diag `cat '$dir/err'`;
        my $last = eval { decode_json(scalar `curl -s '$about->{http}/r/$run/last.json'`) } || {};
        diag explain $last if ($last->{status} // '') ne 'ok';
        is $last->{status}, 'ok', "$name: the bench has seen the login";
        next if $name !~ /recording/;
        open my $verify, '|-', "'$top/support/ntlmdump' verify --password '$alice->{password}' - >'$dir/verdict'" or die $!;
        print $verify $printed;
        close $verify;
        is $?, 0, "$name: ntlmdump verify reads what was printed";
    }
}

SKIP: {
    skip 'curl is not installed', 1 if !runs('curl --version');
    my $lower = lc $alice->{password};
    system "curl -s -o '$dir/out' --ntlm -u '$alice->{domain}\\$alice->{user}:$lower' '$about->{http}/r/walk/ntlm'";
    my $last = `curl -s '$about->{http}/r/walk/last'`;
    my @shown = $text =~ /^    ((?:status|cause) .*)$/mg;
    is join("\n", grep { index($last, $_) >= 0 } @shown), join("\n", @shown) || 'a verdict', 'the first ten minutes show what the bench says'
        or diag $last;
}
done_testing;
