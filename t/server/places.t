#!/usr/bin/perl
# Where directives may stand: not in .htaccess, whatever AllowOverrideList says, and not in <Limit>,
# which httpd would not heed: the line would count for every method.
use strict;
use warnings;
use FindBin qw($Bin);
use lib "$Bin/../lib";
use NTLM::Connection;
use PrivateHttpd;
use Test::More;

my $HASH  = 'd9fe524deb5705ac74ea341ff18afe93';
my %VALUE = (
    NTLMCredentials        => 'file @DIR@/passwords',
    NTLMDomain             => 'CORP',
    NTLMComputer           => 'WEB',
    NTLMAcceptDomains      => 'CORP',
    NTLMChallengeLifetime  => '30',
    NTLMIdentityLifetime   => 'off',
    NTLMUserFormat         => 'user',
    NTLMProxied            => 'trust',
    NTLMPersistence        => 'request',
    NTLMRequireTLS         => 'off',
    NTLMExtendedProtection => 'off',
    NTLMServerCertificate  => '@DIR@/ca.pem',
    NTLMRequireMIC         => 'off',
    NTLMServiceNames       => 'off',
    NTLMOffer              => 'NTLM',
    NTLMBasicWithoutTLS    => 'off',
    NTLMThrottle           => 'off',
);
my @ALL = sort keys %VALUE;

sub httpd {
    my ($within) = @_;
    my $httpd = PrivateHttpd->new(text => <<"TEXT");
<Directory "\@DIR\@/htdocs">
    AuthType NTLM
    NTLMCredentials file \@DIR\@/passwords
    Require valid-user
    $within
</Directory>
TEXT
    $httpd->certificate;
    $httpd->write('passwords', "alice:$HASH\n", 0640);
    chown 0, scalar(getgrnam 'www-data'), $httpd->dir . '/passwords' if $> == 0;
    return $httpd;
}

open my $table, '<', "$Bin/../../lib/config/directives.c" or die "directives.c: $!\n";
my @there = grep { $_ ne 'NTLMThrottleStore' } do { local $/; <$table> } =~ /DIRECTIVE\w*\("(\w+)"/g;
is_deeply [sort @there], \@ALL, 'every directive is tried, but for one that httpd takes in no section';

for my $section ('Limit', 'LimitExcept') {
    for my $directive (@ALL) {
        my ($ok, $said) = httpd("<$section OPTIONS>\n$directive $VALUE{$directive}\n</$section>")->configtest;
        ok !$ok && $said =~ /\Q$directive\E .*<Limit>/, "$directive in <$section> is a configtest error" or diag $said;
    }
}

my $httpd = httpd("AllowOverride None\n    AllowOverrideList @ALL");
for my $directive (@ALL) {
    mkdir $httpd->dir . "/htdocs/$directive";
    $httpd->write("htdocs/$directive/index.html", "the protected page\n");
    $httpd->write("htdocs/$directive/.htaccess", "$directive $VALUE{$directive}\n" =~ s/\@DIR\@/$httpd->dir/er);
}
$httpd->start;
for my $directive (@ALL) {
    my $c = NTLM::Connection->new(port => $httpd->{port}, vhost => '127.0.0.1');
    is $c->get("/$directive/index.html")->status, 500, "$directive in .htaccess is an error";
    like $httpd->error_log, qr/\Q$directive\E [^\n]*htaccess/, '... and the log says which';
}
my $c = NTLM::Connection->new(port => $httpd->{port}, vhost => '127.0.0.1');
is $c->login('/index.html', user => 'alice', domain => '', nt_hash => $HASH)->status, 200, 'elsewhere alice logs in';
done_testing;
