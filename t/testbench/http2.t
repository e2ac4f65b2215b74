#!/usr/bin/perl
# The port that speaks HTTP/2, too: pages come over it, and whoever wants to log in is sent back to
# HTTP/1.1, by production and by the bench itself.
use strict;
use warnings;
use FindBin qw($Bin);
use lib "$Bin/../lib";
use Test::More;
use Testbench;

plan skip_all => $_ for Testbench::missing();
my ($version) = `curl --version 2>/dev/null`;
plan skip_all => 'curl is not installed' if !$version;
plan skip_all => 'curl has no HTTP/2' if `curl --version` !~ /\bHTTP2\b/;
my $bench = Testbench->start;

# (version of HTTP, status, body)
sub curl {
    my ($path, @more) = @_;
    open my $out, '-|', 'curl', '-s', '--max-time', 20, '--noproxy', '*', '--http2', '--cacert', $bench->ca, '-w',
        '\n%{http_version} %{http_code}', @more, "https://localhost:$bench->{h2}$path"
        or die "curl: $!\n";
    my $said = do { local $/; <$out> };
    close $out;
    return $said =~ /\A(.*)\n(\S+) (\d+)\z/s ? ($2, $3, $1) : ('', '', $said);
}

is_deeply [(curl('/health'))[0, 1]], [2, 200], 'a page comes over HTTP/2';
my $id = 1;
for my $path ('/ntlm', '/fixed/0123456789abcdef') {
    is_deeply [(curl($path, '--ntlm', '-u', 'WONDERLAND\alice:Looking-Glass1'))[0, 1]], ['1.1', 200], "$path: a login goes over HTTP/1.1";
    like $bench->get("/decoded/$id")->body, qr{<td>http11-required</td>}, '... and was sent there from HTTP/2';
    $id = Testbench::verdict($bench->get('/ntlm'))->{id} + 1;
}
is_deeply [(curl('/health', '--no-alpn'))[0, 1]], ['1.1', 200], 'who does not ask for HTTP/2 gets HTTP/1.1';

done_testing;
