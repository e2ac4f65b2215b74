#!/usr/bin/perl
# Real clients and NTLMServiceNames: Chromium signs HTTP/host:port of the address that it was
# told to visit, curl signs nothing.
use strict;
use warnings;
use FindBin qw($Bin);
use lib "$Bin/../lib";
use Chromium;
use Guarded;
use Test::More;

my %PLACES = ('/allow' => 'NTLMServiceNames allow', '/require' => 'NTLMServiceNames require',
    '/listed' => 'NTLMServiceNames require 127.0.0.1');
my $GOT_IT = qr/^the protected page\n+(?:.*\n)*HTTP 200$/;

my %seen;

# The last outcome that the log has of a login since it was asked before.
sub last_status {
    my ($httpd) = @_;
    my $log = $httpd->error_log;
    my @all = substr($log, $seen{$httpd->{port}} // 0) =~ / ntlm: (?!challenge-abandoned)([a-z0-9-]+): /g;
    $seen{$httpd->{port}} = length $log;
    return (grep { $_ ne 'challenge-sent' && $_ ne 'no-credentials' } @all)[-1];
}

my $ours   = Guarded->new(places => \%PLACES);    # ServerName 127.0.0.1
my $theirs = Guarded->new(places => \%PLACES,
    text => "<VirtualHost 127.0.0.1:\@PORT\@>\nServerName elsewhere.test\n</VirtualHost>\n");

SKIP: {
    my $why = Chromium::missing();
    skip $why, 10 if $why;
    for my $place (sort keys %PLACES) {
        like Chromium::visit($ours->url("$place/"), 'alice', 'Secr3t!pw'), $GOT_IT, "$place: Chromium logs in to its service";
    }
    unlike Chromium::visit($ours->url('/require/'), 'alice', 'wrong'), qr/the protected page|HTTP 200/,
        '... not with a wrong password';
    is last_status($ours), 'wrong-password', '... which is what the log says';
    for my $place (qw(/allow /require)) {
        unlike Chromium::visit($theirs->url("$place/"), 'alice', 'Secr3t!pw'), qr/the protected page|HTTP 200/,
            "$place: a server with another name does not let it in";
        is last_status($theirs), 'service-mismatch', '... since it names a service that is not there';
    }
    like Chromium::visit($theirs->url('/listed/'), 'alice', 'Secr3t!pw'), $GOT_IT,
        '/listed: it does where NTLMServiceNames lists the name';
}

for my $place (qw(/listed /require)) {
    my ($status, $body) = $ours->curl('alice', 'Secr3t!pw', "$place/");
    is $status, 401, "$place: curl, which names no service, does not get in";
    unlike $body, qr/the protected page/, '... nor the page';
    is last_status($ours), 'service-required', '... and the log says why';
}
my ($status, $body) = $ours->curl('alice', 'Secr3t!pw', '/allow/');
is $status, 200, '/allow: it logs in';
like $body, qr/the protected page/, '... and gets the page';
is(($ours->curl('alice', 'wrong', '/allow/'))[0], 401, '... not with a wrong password');

done_testing;
