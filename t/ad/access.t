#!/usr/bin/perl
# winbindd answers httpd's children only if their user is in its group: what is said where he is
# not, at configtest and of a login, and that nothing is said where he is.
use strict;
use warnings;
use utf8;
use FindBin;
use lib "$FindBin::Bin/../lib";
use AdLab;
use NTLM::Connection;
use Test::More;

plan skip_all => AdLab::missing() if AdLab::missing();
plan skip_all => AdLab::no_module() if AdLab::no_module();
AdLab::enter();

my $lab = AdLab->new;

sub start {
    my (@children) = @_;
    my $httpd = $lab->httpd(mpm => 'event', children => \@children, text => <<"TEXT");
LogLevel warn auth_ntlmv2:info
<Location "/page">
AuthType NTLM
NTLMCredentials winbind
Require valid-user
</Location>
TEXT
    $httpd->write('htdocs/page', "a page\n");
    my (undef, $said) = $httpd->configtest;
    $httpd->start;
    return ($httpd, $said);
}

sub login {
    my ($httpd) = @_;
    my $c = NTLM::Connection->new(port => $httpd->{port}, vhost => '127.0.0.1');
    return $c->login('/page', user => 'alice', domain => 'NTLMTEST', nt_hash => AdLab::nt_hash(AdLab::password('alice')))->status;
}

my $SENTENCE = qr/winbindd decides about no login for nobody, who is not in the group winbindd_priv; write as root: usermod -a -G winbindd_priv nobody, then reload httpd/;

my ($httpd, $said) = start('nobody', 'nogroup');
like $said, qr/\[ntlmv2_winbind:warn\] .*NTLMCredentials winbind: $SENTENCE$/m, 'configtest says whose group is missing';
is login($httpd), 503, 'his children are not answered';
like $httpd->error_log, qr/\[auth_ntlmv2:error\] .*winbind: $SENTENCE$/m, '... and the log says why';
$httpd->stop;

($httpd, $said) = start('nobody', 'winbindd_priv');
unlike $said, qr/decides about no login/, 'with the group nothing is said';
is login($httpd), 200, '... and they are answered';
$httpd->stop;

($httpd, $said) = start('www-data', 'www-data');
unlike $said, qr/decides about no login/, 'nor where the file of groups has the user';
is login($httpd), 200, '... who is answered';
$httpd->stop;
done_testing;
