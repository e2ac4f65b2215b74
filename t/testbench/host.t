#!/usr/bin/perl
# A page of somebody else whose name points to 127.0.0.1 gets nothing of the bench (DNS rebinding),
# and no other page may read its answers.
use strict;
use warnings;
use FindBin qw($Bin);
use lib "$Bin/../lib";
use Test::More;
use Testbench;

plan skip_all => $_ for Testbench::missing();
my $bench = Testbench->start(text => "TestbenchHost bench.example\n");

sub status_for { my ($path, @host) = @_; return $bench->connection->request(GET => $path, [@host])->status }

for my $host ('localhost', 'LOCALHOST:1', 'a.localhost', '127.0.0.1', "127.0.0.1:$bench->{port}", '127.9.9.9', '[::1]:80',
    'bench.example', 'Bench.Example:8080') {
    is status_for('/health', Host => $host), 200, "Host: $host is the bench's";
}
for my $host ('evil.example', 'localhost.evil.example', "127.0.0.1.evil.example:$bench->{port}", '10.0.0.1', '[::2]',
    'x.bench.example', '0.0.0.0') {
    for my $path ('/health', '/last', '/ntlm', '/ntlm/alice/x', '/nowhere') {
        my $response = $bench->connection->request(GET => $path, [Host => $host]);
        is $response->status, 421, "Host: $host is not, at $path";
        ok !$response->header('WWW-Authenticate'), '... and nobody is asked for a login';
    }
}
like $bench->connection->request(GET => '/', [Host => 'evil.example'])->body, qr/\Athe bench answers for .*--hostname/,
    'who is refused is told what to do';
is status_for('/ntlm', Host => ''), 400, 'one that is empty is none of HTTP/1.1';
is $bench->connection(version => '1.0')->request(GET => '/health', [Host => undef])->status, 200, 'HTTP/1.0 needs none';
is status_for('http://evil.example/health', Host => 'localhost'), 421, 'what stands in the request line counts, too';

my $response = $bench->connection->request(OPTIONS => '/ntlm',
    [Origin => 'http://evil.example', 'Access-Control-Request-Method' => 'GET']);
ok !(grep { $_->[0] =~ /^Access-Control-/i } $response->headers), 'no other page is allowed to read answers';
$response = $bench->get('/health', Origin => 'http://evil.example');
ok !(grep { $_->[0] =~ /^Access-Control-/i } $response->headers), '... of pages neither';

done_testing;
