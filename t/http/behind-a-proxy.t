#!/usr/bin/perl
# What conf/behind-a-proxy.conf shows works: httpd's side as it stands there, and the front
# ends' sides, which stand in its comments.
use strict;
use warnings;
use FindBin qw($Bin);
use lib "$Bin/../lib";
use Front;
use NTLM::Connection;
use PrivateHttpd;
use Test::More;

my $NAME  = 'behind-a-proxy.conf';
my %alice = (user => 'alice', domain => '', nt_hash => 'd9fe524deb5705ac74ea341ff18afe93');
my %port  = (8081 => 'TCP', 8082 => 'MARKED', 8083 => 'SILENT');
my $text  = PrivateHttpd::example($NAME, '/etc/apache2/ntlm.passwd' => '@DIR@/passwords',
    map { $_ => "\@$port{$_}\@" } keys %port);

my $httpd = PrivateHttpd->new(modules => ['remoteip'], ports => [values %port], text => $text);
$httpd->write('passwords', "alice:$alice{nt_hash}\n", $> == 0 ? 0600 : 0640);
mkdir $httpd->dir . '/htdocs/intranet';
$httpd->write('htdocs/intranet/index.html', "the protected page\n");
$httpd->start;
unlike $httpd->error_log, qr/auth_ntlmv2|remoteip:(?:warn|error)/, 'httpd starts without a complaint';

# The comment below "# HEADING:", ready for a front end.
sub snippet {
    my ($heading) = @_;
    my ($lines) = $text =~ /^# \Q$heading\E:\n((?:#     .*\n)+)/m or die "$NAME has no $heading:\n";
    $lines =~ s/^#     //mg;
    $lines =~ s/(listen |bind )(?::)?80\b/${1}127.0.0.1:\@PORT\@/ or die "$heading listens nowhere\n";
    return $lines;
}

sub client { return NTLM::Connection->new(port => $_[0], vhost => 'intranet.example.com') }

sub served {
    my ($response) = @_;
    return $response->body =~ /the protected page/ ? 200 : $response->status == 200 ? 'a 200 without the page' : $response->status;
}

sub works {
    my ($name, $front, $next) = @_;
    my $alice = client($front->{port});
    is served($alice->login('/intranet/', %alice)), 200, "$name: alice logs in";
    is served(client($front->{port})->get('/intranet/')), 401, '... another client is not served as her' for 1 .. 4;
    is served($alice->get('/intranet/')), $next, $next == 200 ? '... and she stays logged in' : '... her next request must log in again';
    is served(client($front->{port})->login('/intranet/', %alice, nt_hash => '0' x 32)), 401, '... a wrong password gets nothing';
    return;
}

SKIP: {
    skip 'nginx is not installed', 1 if !Front::program('nginx');
    works('(c) nginx', Front->nginx(snippet('nginx, http { }'), %{$httpd->{ports}}), 401);
    skip 'nginx has no stream', 1 if !defined Front::nginx_stream();
    works('(a) nginx', Front->nginx_tcp(snippet('nginx, stream { }'), %{$httpd->{ports}}), 200);
}

SKIP: {
    skip 'haproxy is not installed', 1 if !Front::program('haproxy');
    works('(a) HAProxy', Front->haproxy(snippet('HAProxy, tcp'), %{$httpd->{ports}}), 200);
    works('(b) HAProxy', Front->haproxy(snippet('HAProxy, http'), %{$httpd->{ports}}), 200);
}

done_testing;
