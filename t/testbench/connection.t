#!/usr/bin/perl
# How long logins, challenges and connections last: by requests, and by time. Times are waited for with
# many times what they are, or are so long that they cannot pass.
use strict;
use warnings;
use FindBin qw($Bin);
use lib "$Bin/../lib";
use Test::More;
use Time::HiRes qw(sleep);

use IO::Select;

use Certificates;
use PrivateHttpd;
use Testbench;

if (my ($why) = (Certificates::missing(), Testbench->missing)) { plan skip_all => $why }

my $bench = Testbench->start;
my @alice = $bench->alice;

sub said { my ($response) = @_; return join ' ', $response->status, Testbench::verdict($response)->{status} }

sub logged_in {
    my ($path) = @_;
    my $conn = $bench->connection;
    is said($conn->login($path, @alice)), '200 ok', "$path: the login";
    return $conn;
}

# Whether the server ends the connection, within the time that tests have.
sub ends {
    my ($conn) = @_;
    return IO::Select->new($conn->{socket})->can_read(10) && $conn->is_closed;
}

{
    my $conn = logged_in('/login-for/1');
    is said($conn->get('/login-for/1')), '401 login-ended', 'a login for one request';
    is said($conn->get('/login-for/1')), '401 no-credentials', '... is forgotten then';
    is said($conn->login('/login-for/1', @alice)), '200 ok', '... and there may be another one';
}
{
    my $conn = logged_in('/login-for/3');
    is said($conn->get('/login-for/3/a')), '200 ok', 'a login for three requests: the second';
    is said($conn->get('/login-for/3/b')), '200 ok', '... the third';
    is said($conn->get('/login-for/3/c')), '401 login-ended', '... no fourth';
}
{
    my $conn = $bench->connection;
    my $response = $conn->get('/keep-alive/2');
    is $response->closed, undef, 'two requests a connection: it stays behind the first';
    $response = $conn->type1('/keep-alive/2');
    is said($response), '401 challenge-sent', '... the challenge comes';
    ok $response->closed && ends($conn), '... and the connection closes behind it';
    $conn = logged_in('/keep-alive/2');
    ok ends($conn), 'who begins with a Type 1 logs in before it closes';
}
{
    my $conn = $bench->connection;
    is $conn->type1('/idle/20')->closed, undef, 'idle: nobody says that the connection will close';
    ok ends($conn), '... and it does';
    $conn = logged_in('/idle/60000');
    is said($conn->get('/idle/60000')), '200 ok', '... but not of who answers in time, nor behind a login';
    $conn = $bench->connection;
    is $conn->get('/idle/20')->status, 401, 'without a challenge';
    sleep 0.2;
    ok !$conn->is_closed, '... nothing hurries';
}
{
    my $conn = $bench->connection;
    $conn->type1('/lifetime/challenge/1');
    sleep 0.1;
    is said($conn->type3('/lifetime/challenge/1', @alice)), '401 challenge-expired', 'a challenge that is too old';
    logged_in('/lifetime/challenge/3600000');
}
{
    my $conn = logged_in('/lifetime/login/1');
    sleep 0.1;
    is said($conn->get('/lifetime/login/1')), '401 login-ended', 'a login that is too old';
    $conn = logged_in('/lifetime/login/3600000');
    is said($conn->get('/lifetime/login/3600000')), '200 ok', 'one that is not';
}
for my $path (qw(/login/0 /login/x /login/1x /keep-alive/-1 /idle/60001 /lifetime/login/99999999999999999999)) {
    is $bench->get($path)->status, 404, "$path: no such number";
}

done_testing;
