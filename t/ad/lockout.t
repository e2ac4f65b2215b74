#!/usr/bin/perl
# Strangers try to have accounts locked by a Samba domain controller: by all names that he takes for
# one account, at all places, from many addresses.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use AdLab;
use NTLM::Connection;
use Test::More;

plan skip_all => AdLab::missing() if AdLab::missing();
plan skip_all => AdLab::no_module() if AdLab::no_module();
AdLab::enter();

my $lab    = AdLab->new;
my %PLACES = (
    one   => 'NTLMCredentials winbind timeout=2',
    other => 'NTLMCredentials winbind timeout=2 lockout=3/3600 computers=on basic-cache=off',
);
my $places = join '', map { "<Location \"/$_\">\nAuthType NTLM\nRequire valid-user\n$PLACES{$_}\n</Location>\n" } sort keys %PLACES;
my $httpd = $lab->httpd(mpm => 'event', modules => ['remoteip'], text => <<"TEXT");
LogLevel warn auth_ntlmv2:debug
RemoteIPHeader X-Client
RemoteIPInternalProxy 127.0.0.1
NTLMProxied trust
NTLMThrottle off
$places
TEXT
$httpd->write("htdocs/$_", "a page\n") for keys %PLACES;
$httpd->start;

my $address = 0;

sub becomes {
    my ($user, %who) = @_;
    my $place = delete $who{place} // 'one';
    my $password = delete $who{password} // 'a guess';
    my $from = delete $who{from} // '10.0.0.' . ++$address;
    my $c = NTLM::Connection->new(port => $httpd->{port}, vhost => '127.0.0.1');
    return $c->login("/$place", user => $user, domain => '', nt_hash => AdLab::nt_hash($password), %who, headers => ['X-Client' => $from])->status;
}

my $PASSWORD = 'the password of the boss';
$lab->add('boss', $PASSWORD, "userPrincipalName: chief\@ntlm.test\n");
my @NAMES = ('boss', 'BOSS', 'boss ', 'boss@ntlm.test', 'chief@ntlm.test', 'CHIEF@ntlm.test', 'boss@NTLMTEST', 'NTLMTEST\boss');

# ---- by all names ----
is becomes('chief@ntlm.test', password => $PASSWORD), 200, 'who says his user principal name gets in';
is becomes('boss', password => $PASSWORD), 200, '... and so he does by the name of the account';
becomes($_), becomes($_, domain => 'NTLMTEST'), becomes($_, place => 'other') for @NAMES;
is $lab->wrong('boss'), 3, 'the controller has counted three wrong passwords, whatever the name and the place';
is becomes($_, password => $PASSWORD), 429, "... and is not asked about $_" for @NAMES[0, 3, 4];
$lab->forget('boss');
$httpd->stop;
done_testing;
