#!/usr/bin/perl
# conf/cors.conf: a preflight is answered without a login and without the application;
# everything else needs a login.
use strict;
use warnings;
use FindBin qw($Bin);
use lib "$Bin/../lib";
use NTLM::Connection;
use Recipe;
use Test::More;

my %alice = (user => 'alice', domain => '', nt_hash => 'd9fe524deb5705ac74ea341ff18afe93');
my $httpd = Recipe::httpd('cors.conf', {}, modules => ['alias', 'cgi'], text => "ScriptAlias /api \@DIR\@/app/api\n");
my $ran   = Recipe::folder($httpd, 'ran');
Recipe::cgi($httpd, 'app/api', <<"CGI");
#!/usr/bin/perl
open my \$out, '>', "$ran/\$ENV{REQUEST_METHOD}";
print "Content-Type: text/plain\\r\\n\\r\\nuser=\$ENV{REMOTE_USER} method=\$ENV{REQUEST_METHOD}\\n";
CGI
$httpd->start;

sub connection { return NTLM::Connection->new(port => $httpd->{port}, vhost => '127.0.0.1') }
sub ran { my @methods = sort map { m{([^/]+)$} } glob "$ran/*"; unlink glob "$ran/*"; return "@methods" }

my @origin    = (Origin => 'https://app.example.com');
my @preflight = (@origin, 'Access-Control-Request-Method' => 'PUT', 'Access-Control-Request-Headers' => 'content-type');

sub has_cors_headers {
    my ($response, $sentence) = @_;
    my %expected = (
        'Access-Control-Allow-Origin'      => 'https://app.example.com',
        'Access-Control-Allow-Credentials' => 'true',
        'Access-Control-Allow-Methods'     => 'GET, POST, PUT, DELETE',
        'Access-Control-Allow-Headers'     => 'Content-Type',
    );
    my %found = map { $_ => join '|', $response->header($_) } keys %expected;
    is_deeply \%found, \%expected, $sentence;
    return;
}

for my $path ('/api', '/api/', '/api/things/7?x=y', '/api/%2e%2e/api/x') {
    my $response = connection()->request(OPTIONS => $path, \@preflight);
    is $response->status, 204, "a preflight to $path is answered";
    is $response->header('WWW-Authenticate'), undef, '... and nobody is asked to log in';
    has_cors_headers($response, '... it says what is allowed');
}
is ran(), '', 'no preflight has reached the application';

my %no_preflight = (
    'OPTIONS without headers'     => [],
    'OPTIONS with an Origin only' => [@origin],
    'OPTIONS without an Origin'   => ['Access-Control-Request-Method' => 'PUT'],
);
for my $name (sort keys %no_preflight) {
    my $response = connection()->request(OPTIONS => '/api/x', $no_preflight{$name});
    is $response->status, 401, "$name is no preflight: it needs a login";
}
for my $method (qw(GET POST PUT DELETE PROPFIND HEAD)) {
    my $response = connection()->request($method => '/api/x', \@preflight, $method =~ /^P/ ? 'data' : undef);
    is $response->status, 401, "$method needs a login, whatever its headers";
    unlike $response->body, qr/user=/, '... the application says nothing';
    has_cors_headers($response, '... the page may see that');
}
is ran(), '', 'nothing of this has reached the application';

for my $method (qw(GET POST PUT)) {
    my $c = connection();
    my %request = (method => $method, headers => \@origin);
    is $c->login('/api/x', %alice, %request, nt_hash => '0' x 32)->status, 401, "$method with a wrong password is refused";
    is ran(), '', '... and does not reach the application';
    my $response = $c->login('/api/x', %alice, %request);
    is $response->body, "user=alice method=$method\n", "$method with a login reaches the application, which knows her";
    has_cors_headers($response, '... and the page may read the answer');
    is ran(), $method, '... once';

    is $c->request(OPTIONS => '/api/x', \@preflight)->status, 204, 'a preflight over that connection is answered';
    is $c->request($method => '/api/x')->body, "user=alice method=$method\n", '... and takes no login away';
    is ran(), $method, '... nor reaches the application';
}

# A browser with a free connection may send one in between.
my $c = connection();
is $c->type1('/api/x')->status, 401, 'a challenge';
is $c->request(OPTIONS => '/api/x', \@preflight)->status, 204, '... then a preflight over the same connection';
is $c->type3('/api/x', %alice)->status, 200, '... and the login goes on';

is $c->request(OPTIONS => '/apiary', \@preflight)->status, 200, 'a path that only begins so is not meant';

done_testing;
