#!/usr/bin/perl
# A server whose certificate is not right is not asked: another authority, another name, an
# expired one. tlsverify=off is the only way around that.
use strict;
use warnings;
use FindBin qw($Bin);
use lib "$Bin/../lib";
use LdapHttpd;
use Test::More;

plan skip_all => LdapHttpd::missing() if LdapHttpd::missing();

my $ca    = TestCA->instance;
my %slapd = map { $_ => Slapd->new(certificate => $_)->start } qw(good wrong-host expired stranger);

sub httpd {
    my ($which, $scheme, @options) = @_;
    push @options, 'starttls=on' if $scheme eq 'ldap';
    return LdapHttpd->new(credentials => [LdapHttpd::ldap($slapd{$which}->search_url($scheme), @options)])->start;
}

for my $scheme (qw(ldaps ldap)) {
    my $transport = $scheme eq 'ldaps' ? 'ldaps' : 'StartTLS';
    my $cacert    = 'cacert=' . $ca->certificate('ca');
    is httpd('good', $scheme, $cacert)->verdict('alice', $LdapHttpd::HASH{alice}), '200 ok',
        "$transport: a good certificate";
    for my $which (qw(wrong-host expired stranger)) {
        my $httpd = httpd($which, $scheme, $cacert);
        is $httpd->verdict('alice', $LdapHttpd::HASH{alice}), '503 backend-down', "$transport: $which is refused";
        my ($notice) = $httpd->notices;
        like $notice, qr/127\.0\.0\.1:$slapd{$which}{port}{$scheme}/, '... the log names the server';
        like $notice, qr/certificate/, '... and that it is about the certificate';
        is_deeply [$slapd{$which}->searches], [], '... which was not asked';

        my $careless = httpd($which, $scheme, 'tlsverify=off');
        is $careless->verdict('alice', $LdapHttpd::HASH{alice}), '200 ok', "$transport: tlsverify=off takes $which";
        is $careless->verdict('alice', $LdapHttpd::HASH{bob}), '401 wrong-password', '... not a wrong password';
        ($slapd{$which}->stop, unlink "$slapd{$which}{dir}/log", $slapd{$which}->start);
    }
    is httpd('good', $scheme, 'cacert=' . $ca->certificate('other-ca'))->verdict('alice', $LdapHttpd::HASH{alice}),
        '503 backend-down', "$transport: a good certificate, but another cacert=";
    is httpd('good', $scheme)->verdict('alice', $LdapHttpd::HASH{alice}), '503 backend-down',
        "$transport: without cacert= the system's authorities count";
}

done_testing;
