#!/usr/bin/perl
# conf/login.conf: everybody reads the site, /login/ logs in and leads to the part for
# users; the rest of the site knows nobody.
use strict;
use warnings;
use FindBin qw($Bin);
use lib "$Bin/../lib";
use NTLM::Connection;
use NTLM::Scheme;
use Recipe;
use Test::More;

my %alice = (user => 'alice', domain => '', nt_hash => 'd9fe524deb5705ac74ea341ff18afe93');
my %bob   = (user => 'bob',   domain => '', nt_hash => '27bf1123aae89dc1f94ad95bd7108d01');
my $WORD  = NTLM::Scheme::word_of_test();

my $httpd = Recipe::httpd('login.conf', {'/var/www/html' => '@DIR@/htdocs'}, modules => ['alias', 'cgi'], text => <<'TEXT');
ScriptAlias "/page"    "@DIR@/app/page"
ScriptAlias "/private" "@DIR@/app/page"
TEXT
Recipe::cgi($httpd, 'app/page', <<'CGI');
#!/usr/bin/perl
print "Content-Type: text/plain\r\n\r\nuser=", $ENV{REMOTE_USER} // '', " type=", $ENV{AUTH_TYPE} // '', "\n";
CGI
mkdir $httpd->dir . '/htdocs/login';
$httpd->start;

# The Host header is what httpd makes a Location of.
sub connection { return NTLM::Connection->new(port => $httpd->{port}, vhost => "127.0.0.1:$httpd->{port}") }

my $c = connection();
is $c->get('/page')->body, "user= type=\n", 'everybody reads the site';
is $c->get('/')->status, 200, '... each page of it';
for my $path (qw(/private /private/ /private/x /login /login/ /login/x)) {
    my $response = $c->get($path);
    is $response->status, 401, "$path asks for a login";
    is $response->header('Location'), undef, '... and leads nowhere before';
    unlike $response->body, qr/user=/, '... and shows nothing';
}
is $c->get('/login-help')->status, 404, 'a path that only begins with /login is one of the site';

my $response = $c->login('/login', %alice);
is $response->status, 301, 'a login at /login';
is $response->header('Location'), $httpd->url('/login/'), '... is led to /login/, as with any folder';
$response = $c->get('/login/');
is $response->status, 303, '... which sees the login';
is $response->header('Location'), $httpd->url('/private/'), '... and leads to /private/';
is $c->get('/private/')->body, "user=alice type=$WORD\n", '... which knows the user and does not ask again';
is $c->get('/page')->body, "user= type=\n", 'the rest of the site knows nobody, over that connection, too';
is $c->get('/private/')->body, "user=alice type=$WORD\n", '... and keeps the login as it is';
is connection()->get('/private/')->status, 401, 'another connection is asked';

$response = $c->login('/login/', %bob);
is $response->status, 303, 'bob logs in over that connection';
is $c->get('/private/')->body, "user=bob type=$WORD\n", '... and is bob from then on';

$c = connection();
$response = $c->login('/login/', %alice, nt_hash => '0' x 32);
is $response->status, 401, 'a wrong password is refused';
is $response->header('Location'), undef, '... and leads nowhere';
is $c->get('/private/')->status, 401, '... /private/ stays closed';
is $c->get('/page')->status, 200, '... and the site open';

# A client that sends its token where nobody asks for it.
$c = connection();
is $c->type1('/page')->body, "user= type=\n", 'a page of the site takes no Type 1';
is $c->type1('/login/')->status, 401, '/login/ does';
is $c->type3('/page', %alice, unasked => 1)->body, "user= type=\n", '... and no page of the site takes the Type 3';
is $c->get('/private/')->status, 401, '... so nobody is logged in';

done_testing;
