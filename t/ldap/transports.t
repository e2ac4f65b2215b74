#!/usr/bin/perl
# Every way to reach a directory and to say who is asking: the right password logs in, a
# wrong one does not.
use strict;
use warnings;
use FindBin qw($Bin);
use lib "$Bin/../lib";
use LdapHttpd;
use Test::More;

plan skip_all => LdapHttpd::missing() if LdapHttpd::missing();

my $anonymous = 'access to attrs=userPassword by anonymous auth by * none' . "\naccess to * by * read\n";
my $slapd     = Slapd->new->start;
my $readable  = Slapd->new(access => $anonymous)->start;
my $ca        = TestCA->instance;
my $cacert    = 'cacert=' . $ca->certificate('ca');
my $client    = 'cert=' . $ca->certificate('client') . ' key=' . $ca->key('client');
my $stranger  = 'cert=' . $ca->certificate('stranger') . ' key=' . $ca->key('stranger');
my $simple    = LdapHttpd::bind();
my $dn        = "binddn=$Slapd::SERVICE";

my %WAYS = (
    'ldap, anonymous'                 => ['ldap',  '', $readable],
    'ldaps, anonymous'                => ['ldaps', $cacert, $readable],
    'ldapi, anonymous'                => ['ldapi', '', $readable],
    'ldap, password in a file'        => ['ldap',  $simple],
    'ldaps, password in a file'       => ['ldaps', "$simple $cacert"],
    'StartTLS, password in a file'    => ['ldap',  "$simple $cacert starttls=on"],
    'ldapi, password in a file'       => ['ldapi', $simple],
    'ldap, password of a program'     => ['ldap',  qq{$dn "bindpw=exec:/bin/cat \@DIR\@/bind.secret"}],
    'ldap, password in a variable'    => ['ldap',  "$dn bindpw=env:NTLM_TEST_BINDPW"],
    'ldapi, SASL EXTERNAL'            => ['ldapi', 'sasl=external'],
    'ldaps, client certificate'       => ['ldaps', "sasl=external $cacert $client"],
    'StartTLS, client certificate'    => ['ldap',  "sasl=external $cacert $client starttls=on"],
);

$ENV{NTLM_TEST_BINDPW} = $Slapd::PASSWORD;
for my $way (sort keys %WAYS) {
    my ($scheme, $options, $directory) = @{$WAYS{$way}};
    my $url   = ($directory // $slapd)->search_url($scheme);
    my $httpd = LdapHttpd->new(credentials => [qq{ldap "$url" $options}], level => 'trace8')->start;
    is $httpd->verdict('alice', $LdapHttpd::HASH{alice}), '200 ok',             "$way: alice logs in";
    is $httpd->verdict('alice', $LdapHttpd::HASH{bob}),   '401 wrong-password', '... not with a wrong password';
    is $httpd->verdict('bob',   $LdapHttpd::HASH{bob}),   '200 ok',             '... bob logs in';
    is $httpd->verdict('carl',  $LdapHttpd::HASH{alice}), '401 no-such-user',   '... carl is unknown';
    $httpd->finish;
    unlike $httpd->error_log, qr/\Q$Slapd::PASSWORD\E|$LdapHttpd::HASH{alice}/i, '... the log holds no secret';
    is join("\n", grep { /exit signal/ } split /\n/, $httpd->error_log), '', '... and no child died';
}

# ---- who is not let in by the directory ----
my %REFUSED = (
    'a wrong bind password'        => ['ldap',  "$dn bindpw=env:NTLM_TEST_BINDPW"],
    'an unknown bind DN'           => ['ldap',  "binddn=cn=nobody,dc=test bindpw=file:\@DIR\@/bind.secret"],
    'a certificate of a stranger'  => ['ldaps', "sasl=external $cacert $stranger"],
);
$ENV{NTLM_TEST_BINDPW} = 'not that one';
for my $what (sort keys %REFUSED) {
    my ($scheme, $options) = @{$REFUSED{$what}};
    my $httpd = LdapHttpd->new(credentials => ['ldap "' . $slapd->search_url($scheme) . qq{" $options}])->start;
    is $httpd->verdict('alice', $LdapHttpd::HASH{alice}), '503 backend-down', "$what: nobody logs in";
    my ($notice) = $httpd->notices;
    like $notice, qr/127\.0\.0\.1:$slapd->{port}{$scheme}.*(?:Invalid credentials|refuse|EXTERNAL|authentication)/i,
        '... and the log says which server and why';
    unlike $httpd->error_log, qr/not that one|\Q$Slapd::PASSWORD\E/, '... without the password';
}

done_testing;
