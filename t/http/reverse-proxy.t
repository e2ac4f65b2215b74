#!/usr/bin/perl
# conf/reverse-proxy.conf: the application behind httpd is told who is logged in, by httpd
# alone, and sees nothing of the login itself.
use strict;
use warnings;
use FindBin qw($Bin);
use lib "$Bin/../lib";
use Backend;
use NTLM::Connection;
use Recipe;
use Test::More;

plan skip_all => 'there is no mod_proxy_http' if !-e PrivateHttpd::module_folder() . '/mod_proxy_http.so';

my %alice = (user => 'alice', domain => '', nt_hash => 'd9fe524deb5705ac74ea341ff18afe93');
my %bob   = (user => 'bob',   domain => '', nt_hash => '27bf1123aae89dc1f94ad95bd7108d01');

my $backend = Backend->start;
my $httpd   = Recipe::httpd('reverse-proxy.conf', {'127.0.0.1:8080' => '127.0.0.1:' . $backend->port},
    text => 'ProxyPass "/open" "http://127.0.0.1:' . $backend->port . "/open\"\n"
        . "<Location \"/elsewhere/\">\nRequire all granted\nDirectoryIndex /app/index\n</Location>\n");
mkdir $httpd->dir . '/htdocs/elsewhere';
$httpd->start;

sub connection { return NTLM::Connection->new(port => $httpd->{port}, vhost => '127.0.0.1') }

# What an application finds that turns header names into variables: HTTP_X_REMOTE_USER.
sub user_seen {
    my ($response) = @_;
    my @headers = map { [/^([^:\s]+): *(.*)$/] } split /\r\n/, $response->body;
    return map { $_->[1] } grep { @$_ && lc($_->[0]) =~ tr/-/_/r eq 'x_remote_user' } @headers;
}

sub is_told {
    my ($response, $user, $sentence) = @_;
    is $response->status, 200, $sentence or diag $response->seen_by_client;
    is_deeply [user_seen($response)], [$user], '... the application is told once who it is';
    unlike $response->body, qr/NTLM|^(?:Proxy-)?Authorization/mi, '... and sees no token';
    return;
}

# ---- who is logged in ----
my $c = connection();
is_told($c->login('/app/page', %alice), 'alice', 'alice logs in');
is_told($c->get('/app/page'), 'alice', 'her next request needs no login');
is_told($c->request(POST => '/app/form', [], 'a=b'), 'alice', 'nor does a form');
is_told($c->login('/app/page', %bob), 'bob', 'bob logs in over her connection');
is_told($c->login('/app/form', %alice, method => 'POST', body => 'a=b'), 'alice', 'a login with a form');

# ---- what a client says itself ----
my @lies = (
    ['the header itself'         => 'X-Remote-User' => 'admin'],
    ['the header in other case'  => 'x-remote-USER' => 'admin'],
    ['the header twice'          => 'X-Remote-User' => 'admin', 'X-Remote-User' => 'root'],
    ['an empty header'           => 'X-Remote-User' => ''],
    (map { ["the name $_" => $_ => 'admin', 'X-Remote-User' => 'root'] }
            qw(X_Remote_User X-Remote_User X_Remote-User x_REMOTE_user)),
    ['a header that is held back' => Connection => 'X-Remote-User'],
    ['a header that is held back among others' => Connection => 'keep-alive,x-remote-user , X-Other'],
    ['a header that is held back twice' => Connection => 'X-Remote-User, X-Remote-User'],
    ['two lines that hold it back' => Connection => 'keep-alive', Connection => 'X-REMOTE-USER'],
    ['the same word in itself'   => Connection => 'X-RemoX-Remote-Userte-User'],
    ['all of that' => 'X-Remote-User' => 'admin', X_Remote_User => 'root',
        Connection => 'X-Remote-User, X_Remote_User'],
);
for my $lie (@lies) {
    my ($name, @headers) = @$lie;
    $c = connection();
    is_told($c->login('/app/page', %alice, headers => \@headers), 'alice', "$name, with a login");
    is_told($c->request(GET => '/app/page', \@headers), 'alice', "$name, after it");
    my $response = connection()->request(GET => '/open', \@headers);
    is $response->status, 200, "$name, at a page for everybody";
    is_deeply [user_seen($response)], [], '... names nobody';
}
is_deeply [user_seen($c->get('/open'))], [], 'a page for everybody knows nobody over a connection with a login';

# ---- who is not ----
my $before = $backend->seen;
is connection()->get('/app/page')->status, 401, 'nobody is refused';
is connection()->request(GET => '/app/page', ['X-Remote-User' => 'alice'])->status, 401, '... even as alice';
is connection()->login('/app/page', %alice, nt_hash => '0' x 32)->status, 401, 'a wrong password is refused';
is connection()->type1('/app/page')->status, 401, 'half a login is refused';
for my $path (qw(/app //app/page /./app/page /%61pp/page /app//page /app/. /app;x/page
    /open/../app/page /open/%2e%2e/app/page /app%2fpage /app%5cpage
    /APP/page /app/socket /app/..;/open http://127.0.0.1/app/page)) {
    my $status = connection()->get($path)->status;
    ok $status == 401 || $status == 404 || $status == 400, "nor does $path lead around the login" or diag $status;
}
is scalar($backend->seen), $before, 'none of them has reached the application';

# ---- an open directory whose index is the application: a detour through httpd ----
my $detour   = connection();
my $response = $detour->login('/elsewhere/', %alice);
is $response->status, 200, 'a login on a detour';
unlike $response->body, qr/NTLM|^(?:Proxy-)?Authorization/mi, '... shows the application no token either';

done_testing;
