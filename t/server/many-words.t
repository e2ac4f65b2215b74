#!/usr/bin/perl
# However many words an application says in Cache-Control, saying "private" behind them takes
# memory for the words, not for each pair of them.
use strict;
use warnings;
use FindBin qw($Bin);
use lib "$Bin/../lib";
use Memory;
use NTLM::Connection;
use PrivateHttpd;
use Test::More;

plan skip_all => Memory::why() if !Memory->of($$);

my $httpd = PrivateHttpd->new(mpm => 'prefork', modules => [qw(cgi alias)], text => <<'TEXT');
StartServers 1
MinSpareServers 1
MaxSpareServers 1
ServerLimit 1
MaxRequestWorkers 1
ScriptAlias "/cgi" "@DIR@/cgi"
@PROTECTED@
<Location "/cgi">
    Require all granted
</Location>
TEXT
$httpd->write('cgi', <<'CGI', 0755);
#!/usr/bin/perl
print 'Cache-Control: ', 'a,' x 4000, "no-store\n" for 1 .. 5;
print "Content-Type: text/plain\n\nhello\n";
CGI
$httpd->write('passwords', 'alice:' . 'ab' x 16 . "\n", $> == 0 ? 0600 : 0640);
$httpd->start;
my ($child) = Memory::children($httpd->pid);
my $before = Memory::kilobytes($child, 'VmHWM');
my $c = NTLM::Connection->new(port => $httpd->{port}, vhost => '127.0.0.1', timeout => 60);
my $r = $c->request(GET => '/cgi', [Authorization => 'NTLM x']);
like $r->header('Cache-Control'), qr/\Aa, a, .*, no-store, private\z/s, 'all words, and private';
cmp_ok Memory::kilobytes($child, 'VmHWM') - $before, '<', 50_000, '... for less than 50 MB';
done_testing;
