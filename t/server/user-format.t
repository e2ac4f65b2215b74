#!/usr/bin/perl
# REMOTE_USER is built from what the account source says, in the form that is configured; a
# login lasts as long as NTLMIdentityLifetime says.
use strict;
use warnings;
use FindBin qw($Bin);
use lib "$Bin/../lib";
use NTLM::Connection;
use PrivateHttpd;
use Test::More;

my $HASH    = 'd9fe524deb5705ac74ea341ff18afe93';
my %FORMATS = ('store' => 'store', 'user' => 'user', 'domain' => 'domain\\user', 'at' => 'user@domain');
my %WANTED  = (
    store  => {alice => 'alice', carol => 'HOME\\carol', dora => 'Corp.Test\\dora'},
    user   => {alice => 'alice', carol => 'carol', dora => 'dora'},
    domain => {alice => 'CORP\\alice', carol => 'HOME\\carol', dora => 'Corp.Test\\dora'},
    at     => {alice => 'alice@CORP', carol => 'carol@HOME', dora => 'dora@Corp.Test'},
);

my $places = join '', map { <<"TEXT" } sort keys %FORMATS;
<Location "/$_">
    NTLMUserFormat $FORMATS{$_}
</Location>
TEXT
my $httpd = PrivateHttpd->new(modules => ['alias', 'headers'], text => <<"TEXT");
MaxKeepAliveRequests 0
KeepAliveTimeout 30
AliasMatch "^/" "\@DIR\@/htdocs/index.html"
Header always set X-User "expr=%{REMOTE_USER}"
NTLMDomain CORP corp.test
\@PROTECTED\@
$places
<Location "/brief">
    NTLMIdentityLifetime 1
</Location>
<Location "/forever">
    NTLMIdentityLifetime off
</Location>
TEXT
$httpd->write('passwords', "alice:$HASH\nHOME\\carol:$HASH\nCorp.Test\\dora:$HASH\n", $> == 0 ? 0600 : 0640);
$httpd->start;

sub connection { return NTLM::Connection->new(port => $httpd->{port}, vhost => '127.0.0.1') }

for my $format (sort keys %WANTED) {
    for my $who (['alice', 'EVIL', 'alice'], ['ALICE', '', 'alice'], ['Carol', 'home', 'carol'],
        ['dora', 'CORP', 'dora'], ['dora@corp.test', '', 'dora'], ['dora', '', 'dora']) {
        my ($user, $domain, $account) = @$who;
        my $c = connection();
        my $response = $c->login("/$format", user => $user, domain => $domain, nt_hash => $HASH);
        is $response->header('X-User'), $WANTED{$format}{$account}, "$FORMATS{$format}: $domain\\$user";
        is $c->get("/$format")->header('X-User'), $WANTED{$format}{$account}, '... also on the next request';
    }
}

my %live = map { $_ => connection() } qw(/brief /forever);
for my $place (sort keys %live) {
    is $live{$place}->login($place, user => 'alice', domain => '', nt_hash => $HASH)->status, 200, "$place: alice logs in";
}
sleep 2;
is $live{'/brief'}->get('/brief')->status, 401, 'a login is over when its time is up';
is $live{'/brief'}->login('/brief', user => 'alice', domain => '', nt_hash => $HASH)->status, 200,
    '... and can be proven again on the same connection';
is $live{'/forever'}->get('/forever')->status, 200, 'one that lasts as long as its connection goes on';
like $httpd->error_log, qr/\A(?!.*exit signal)/s, 'no child died';

done_testing;
