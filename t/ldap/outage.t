#!/usr/bin/perl
# While no directory answers nobody logs in and nobody is told that a password is wrong: 503,
# once in the log; what needs no login is served; and it ends by itself.
use strict;
use warnings;
use FindBin qw($Bin);
use lib "$Bin/../lib";
use LdapHttpd;
use Test::More;

plan skip_all => LdapHttpd::missing() if LdapHttpd::missing();

my %HASH    = %LdapHttpd::HASH;
my $first   = Slapd->new->start;
my $replica = Slapd->new(replica_of => $first)->start;
my $httpd   = LdapHttpd->new(
    credentials => [LdapHttpd::ldap($first->search_url('ldap', $replica), 'timeout=3 cache=1')])->start;

ok LdapHttpd::within(10, sub { $replica->knows('bob') }), 'the replica has what the first server has';
is $httpd->verdict('alice', $HASH{alice}), '200 ok', 'both are up: alice logs in';
my $live = $httpd->log_in('bob', $HASH{bob});

# ---- one of two ----
$first->kill_;
is $httpd->verdict('alice', $HASH{alice}), '200 ok', "one is down: alice logs in ($_)" for 1 .. 3;
is $httpd->verdict('bob', $HASH{wrong}), '401 wrong-password', '... bob does not with a wrong password';
is $live->get('/')->status, 200, '... a login that lives goes on';
cmp_ok scalar($replica->searches), '>', 0, '... the other server was asked';

# ---- both ----
$replica->kill_;
my @before = $httpd->notices;
my $r;
ok LdapHttpd::within(5, sub { ($r) = $httpd->login('alice', $HASH{alice}); $r->status == 503 }), 'both are down: 503';
like $r->header('Retry-After'), qr/^[1-9]\d*$/, '... with Retry-After';
is $r->header('WWW-Authenticate'), undef, '... and no challenge, which would show a password box';
is $httpd->verdict($_, $HASH{alice}), '503 backend-down', "... for $_ too" for qw(carl nobody);
is $httpd->verdict('alice', $HASH{wrong}), '503 backend-down', '... whatever the password';
my %told;    # long enough for the servers to be tried again, more than once
LdapHttpd::within(3.5, sub { $told{$httpd->verdict('alice', $HASH{alice})}++; 0 });
is_deeply [keys %told], ['503 backend-down'], '... each time, for some seconds';
my $open = $httpd->connection->get('/open.html');
is $open->status . $open->body, "200the open page\n", 'a page that needs no login is served';
ok LdapHttpd::within(5, sub { $live->get('/')->status != 200 }), 'a login that lives ends when nobody can vouch for it';
my @down = ($httpd->notices)[@before .. $#{[$httpd->notices]}];
cmp_ok scalar(@down), '>=', 1, 'the log says that it is down';
cmp_ok scalar(@down), '<=', 2, '... once' or diag "@down";
like $_, qr/:error\]/, '... as an error' for $down[0];
my @info = grep { $_->{status} eq 'backend-down' } $httpd->lines;
is scalar(grep { $_->{level} ne 'info' } @info), 0, "... each login's own line is at info";

# ---- and back ----
my $said = $httpd->notices;
$first->start;
my ($back, $seconds) = LdapHttpd::within(10, sub { $httpd->verdict('alice', $HASH{alice}) eq '200 ok' });
ok $back, 'one is back: alice logs in';
cmp_ok $seconds, '<', 2, '... within two seconds';
is $httpd->verdict('alice', $HASH{alice}), '200 ok', "... each time ($_)" for 1 .. 5;
is $httpd->verdict('alice', $HASH{wrong}), '401 wrong-password', '... not with a wrong password';
my @up = ($httpd->notices)[$said .. $#{[$httpd->notices]}];
is scalar(grep { /again/ } @up), 1, 'the log says once that it is back' or diag "@up";
is scalar(grep { /:(?:error|warn)\]/ && !/again/ } @up), 0, '... and nothing else' or diag "@up";

is scalar(grep { $_->{status} =~ /no-such-user/ } $httpd->lines), 0, 'nobody was told that there is no such user';
unlike $httpd->error_log, qr/exit signal/, 'no child died';

done_testing;
