#!/usr/bin/perl
# conf/ntlm-winbind.conf as it stands, but for names of the domain and of a file.
use strict;
use warnings;
use utf8;
use FindBin;
use lib "$FindBin::Bin/../lib";
use AdLab;
use NTLM::Connection;
use PrivateHttpd;
use Test::More;

plan skip_all => AdLab::missing() if AdLab::missing();
plan skip_all => AdLab::no_module() if AdLab::no_module();
AdLab::enter();

my $lab   = AdLab->new;
my $text  = PrivateHttpd::example('ntlm-winbind.conf', 'CORP\Finance' => 'NTLMTEST\webusers', 'CORP corp.example.com' => 'NTLMTEST ntlm.test',
    '/etc/apache2/ntlm.passwd' => '@DIR@/passwords');
my $httpd = $lab->httpd(mpm => 'event', text => "LogLevel warn auth_ntlmv2:info\nLogFormat \"%U %>s %u\" user\nCustomLog \@DIR\@/access.log user\n$text");
$httpd->accounts('passwords', 'probe:' . AdLab::nt_hash('the password of probe'));
for my $page ('', qw(/finance /both /monitor)) {
    mkdir $httpd->dir . "/htdocs/intranet";
    $httpd->write("htdocs/intranet" . ($page || '/page'), "a page\n");
}
$httpd->start;

sub becomes {
    my ($page, $user) = @_;
    my $c = NTLM::Connection->new(port => $httpd->{port}, vhost => '127.0.0.1');
    return $c->login("/intranet/$page", user => $user, domain => 'NTLMTEST', nt_hash => AdLab::nt_hash(AdLab::password($user)))->status;
}
is becomes('page', 'alice'), 200, 'alice is of the domain';
like $httpd->access_log(qr/page 200/), qr{^/intranet/page 200 alice$}m, '... and called as it calls her';
is becomes('finance', 'alice'), 200, 'she is in the group';
is becomes('finance', 'bob'),   403, '... and bob is not';
is becomes('both',    'bob'),   200, 'where two domains may come';
like $httpd->access_log(qr/both 200/), qr{^/intranet/both 200 NTLMTEST\\+bob$}m, '... his name has his';
is becomes('monitor', 'probe'), 200, 'who stands in the file logs in by it';
is becomes('monitor', 'alice'), 200, '... and of the others the domain decides';
like $httpd->access_log(qr/monitor 200 \S+alice/), qr{^/intranet/monitor 200 NTLMTEST\\+alice$}m, '... whose name has it';
$lab->stop('winbindd');
is becomes('monitor', 'probe'), 200, 'while no controller answers, too';
is becomes('monitor', 'alice'), 503, '... which the others cannot';
$httpd->stop;
done_testing;
