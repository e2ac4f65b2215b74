#!/usr/bin/perl
# What the bench says of a login ntlmdump says, too, of each recording of it: curl's trace, the
# bench's JSON and its HAR.
use strict;
use warnings;
use File::Temp qw(tempdir);
use FindBin;
use JSON::PP;
use lib "$FindBin::Bin/../lib";
use Test::More;

use Launched;

if (my ($why) = Launched->missing) { plan skip_all => $why }
my $dump = "$FindBin::Bin/../../support/ntlmdump";
plan skip_all => 'curl is not installed' if system('curl --version >/dev/null 2>&1') != 0;

my $dir = tempdir(CLEANUP => 1);
my $bench = Launched->start;
my $about = $bench->{said};
my ($alice) = grep { $_->{user} eq 'alice' } @{$about->{accounts}};
my $curl = "curl -q -s --noproxy '*' --cacert '$about->{ca}'";

sub text_of { open my $in, '<', $_[0] or return ''; local $/; return <$in> }

# The certificate that clients see.
sub server_certificate {
    my ($host) = $about->{https} =~ m{^https://(.*)$};
    system "openssl s_client -connect '$host' </dev/null 2>/dev/null | openssl x509 >'$dir/server.pem' 2>/dev/null";
    return "$dir/server.pem";
}

# Logs in at a path with a password; gives the run's addresses, and leaves the recordings.
my $runs = 0;
sub record {
    my ($port, $path, $name, $password) = @_;
    my $run = "$about->{$port}/r/run" . ++$runs;
    open my $file, '>', "$dir/curlrc" or die $!;
    printf $file "user = \"%s\"\n", "$name:$password" =~ s/([\\"])/\\$1/gr;
    close $file;
    system "$curl -K '$dir/curlrc' --ntlm -v -o '$dir/page' '$run$path' 2>'$dir/trace'";
    system "$curl -o '$dir/last$_' '$run/last$_'" for qw(.json .har);
    return;
}

sub verified {
    my ($recording, $password, @options) = @_;
    open my $file, '>', "$dir/password" or die $!;
    print $file "$password\n";
    close $file;
    my $options = join ' ', map { "'$_'" } @options;
    return eval { decode_json(scalar `'$dump' verify --json --password - $options '$dir/$recording' <'$dir/password'`) } || {};
}

sub ids { return join ' ', sort map { $_->{id} } @{$_[0] || []} }

my $name = "$alice->{domain}\\$alice->{user}";
for my $case (
    ['the right password',        'http',  '/ntlm',        $name,                             $alice->{password}],
    ['a password in lower case',  'http',  '/ntlm',        $name,                             lc $alice->{password}],
    ['another password',          'http',  '/ntlm',        $name,                             'Quite-Another1'],
    ['no MIC where one is asked', 'http',  '/mic',         $name,                             $alice->{password}, '--require-mic'],
    ['no binding, and over TLS',  'https', '/epa/require', $name,                             $alice->{password}, '--cert', server_certificate(), '--binding', 'require'],
) {
    my ($what, $port, $path, $user, $password, @options) = @$case;
    record($port, $path, $user, $password);
    my $last = eval { decode_json(text_of("$dir/last.json")) } || {};
    ok $last->{status}, "$what: the bench has seen it: " . ($last->{status} // '-');
    for my $recording ('trace', 'last.json', 'last.har') {
        my $report = verified($recording, $alice->{password}, @options);
        is $report->{status}, $last->{status}, "$what, $recording: the status";
        is ids($report->{causes}), ids($last->{cause}), "$what, $recording: causes";
        is ids($report->{warnings}), ids($last->{warnings}), "$what, $recording: warnings";
    }
}
record('http', '/ntlm', 'RABBITHOLE\nobody', $alice->{password});
is verified('trace', $alice->{password})->{status}, 'ok', 'a user that the bench does not know: the trace has all';
for my $recording ('last.json', 'last.har') {
    like `'$dump' verify --password x '$dir/$recording' 2>&1`, qr/: the bench does not know the account, and has cut what a password made$/m,
        "... but $recording what is left";
    is $? >> 8, 2, '... which cannot be judged';
}
done_testing;
