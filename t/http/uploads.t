#!/usr/bin/perl
# curl uploads large bodies in all its ways: they arrive whole after a login, and nowhere
# without. httpd's memory does not grow with them.
use strict;
use warnings;
use FindBin qw($Bin);
use lib "$Bin/../lib";
use Digest::SHA;
use File::Compare qw(compare);
use File::Temp qw(tempdir);
use Memory;
use Recipe;
use Test::More;

plan skip_all => "there is no mod_$_" for grep { !-e PrivateHttpd::module_folder() . "/mod_$_.so" } qw(dav dav_fs);
plan skip_all => 'there is no curl (package curl)' if !-x '/usr/bin/curl';

use constant MEGABYTE => 1024 * 1024;

my $httpd = Recipe::httpd('webdav.conf', {'/srv/dav' => '@DIR@/dav', '/var/lib/dav' => '@DIR@/locks'},
    modules => ['cgi'], text => <<'TEXT');
ScriptAlias "/sum" "@DIR@/app/sum"
<Location "/sum">
    AuthType NTLM
    NTLMCredentials file ntlm.passwd
    Require valid-user
</Location>
TEXT
my $dav = Recipe::folder($httpd, 'dav');
my $ran = Recipe::folder($httpd, 'ran');
Recipe::folder($httpd, 'locks');
Recipe::cgi($httpd, 'app/sum', <<"CGI");
#!/usr/bin/perl
use Digest::SHA;
open my \$out, '>', "$ran/\$\$";
my \$sum = Digest::SHA->new(256)->addfile(*STDIN)->hexdigest;
print "Content-Type: text/plain\\r\\n\\r\\n\$ENV{REMOTE_USER} \$sum\\n";
CGI
$httpd->start;

# 200 MB that take no room, with something at both ends; and 1 MB that is all different.
my $work = tempdir('ntlm-uploads-XXXXXX', TMPDIR => 1, CLEANUP => 1);
sub file {
    my ($name, $size, $text) = @_;
    open my $out, '>:raw', "$work/$name" or die "$work/$name: $!\n";
    print {$out} $text;
    if ($size > length $text) { seek $out, $size - 3, 0; print {$out} 'end' }
    close $out or die "$work/$name: $!\n";
    return "$work/$name";
}
my $big   = file('big', 200 * MEGABYTE, 'begin');
my $small = file('small', 0, join '', map { pack 'N', $_ * 2654435761 % 2**32 } 1 .. MEGABYTE / 4);
my $sum   = Digest::SHA->new(256)->addfile($small, 'b')->hexdigest;

sub ran { my $count = () = glob "$ran/*"; unlink glob "$ran/*"; return $count }

# The most that any child has had in memory at once.
sub most_memory {
    my @most = sort { $a <=> $b } map { Memory::kilobytes($_, 'VmHWM') } Memory::children($httpd->pid);
    return $most[-1];
}

# A slow machine may need its time.
sub curl { my ($password, $path, @more) = @_; return $httpd->curl('alice', $password, $path, '--max-time', 120, @more) }

is((curl('Secr3t!pw', '/dav/warm', '-T', $small))[0], 201, 'a small file is stored');
my $before = most_memory();

sub is_stored {
    my ($status, $name) = @_;
    is $status, 201, "$name: 200 MB are taken";
    is compare("$dav/big", $big), 0, '... and stored as they were';
    unlink "$dav/big";
    return;
}

sub is_not_stored {
    my ($status, $name) = @_;
    is $status, 401, "$name: 200 MB are refused";
    is_deeply [glob "$dav/.* $dav/*"], ["$dav/.", "$dav/..", "$dav/warm"], '... and no part of them is stored';
    return;
}

my %ways = (
    '--ntlm -T'                  => ['--ntlm'],
    '--ntlm -T, which waits'     => ['--ntlm', '-H', 'Expect: 100-continue'],
    '--ntlm -T, without waiting' => ['--ntlm', '-H', 'Expect:'],
    '--anyauth -T'               => ['--anyauth'],
);
for my $name (sort keys %ways) {
    is_stored((curl('Secr3t!pw', '/dav/big', @{$ways{$name}}, '-T', $big))[0], $name);
    is_not_stored((curl('wrong', '/dav/big', @{$ways{$name}}, '-T', $big))[0], "$name, wrong password");
}
is_not_stored(($httpd->curl(undef, undef, '/dav/big', '-T', $big))[0], '-T, no login');

# curl 7.88 breaks off a PUT in chunks that begins with a login: it promises chunks with its
# Type 1 and sends none. So the connection is logged in before.
my @chunked = ('-H', 'Transfer-Encoding: chunked');
my @first = ($httpd->url('/dav/warm'), '-o', "$work/warm");
my @next  = ('--next', qw(-s --max-time 120 --noproxy * -w \n%{http_code} --ntlm -u alice:Secr3t!pw));
is_stored((curl('Secr3t!pw', '/dav/big', @first, @next, @chunked, '-T', $big))[0],
    '--ntlm -T in chunks, on a connection with a login');

my @waits = ('-H', 'Expect: 100-continue');
for my $way (['--ntlm'], ['--anyauth'], ['--ntlm', @chunked], ['--anyauth', @chunked], ['--ntlm', @waits]) {
    my @body = (@$way, '--data-binary', "\@$small");
    my ($status, $body) = curl('Secr3t!pw', '/sum', @body);
    is $status, 200, "@$way -d: 1 MB is taken";
    is $body, "alice $sum\n", '... and reaches the application as it was';
    is ran(), 1, '... once';
    ($status, $body) = curl('wrong', '/sum', @body);
    is $status, 401, "@$way -d: with a wrong password it is refused";
    is ran(), 0, '... and never reaches the application';
}

SKIP: {
    skip Memory::why(), 1 if !$before;
    cmp_ok most_memory() - $before, '<', 20 * 1024, 'no child has ever held much of it in memory';
}
unlink $big;

done_testing;
