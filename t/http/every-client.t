#!/usr/bin/perl
# conf/every-client.conf: Negotiate, NTLM and Basic at one place, and who is offered less.
use strict;
use warnings;
use FindBin qw($Bin);
use lib "$Bin/../lib";
use Certificates;
use Guarded;
use MIME::Base64 qw(encode_base64);
use NTLM::SPNEGO qw(init resp);
use PrivateHttpd;
use Test::More;

if (my $why = Certificates::missing()) { plan skip_all => $why }
require NTLM::TLS;

my $BASIC = 'Basic realm="Intranet", charset="UTF-8"';

my ($LIMIT, $PLACE) = PrivateHttpd::example('every-client.conf', '/etc/apache2/ntlm.passwd' => '@DIR@/passwords', '"/tools"' => '"/"')
    =~ /^(LimitRequestFieldSize [^\n]*\n).*?(<Location.*)/ms or die 'another example';

sub httpd { my ($tls) = @_; return Guarded->new(modules => [qw(ssl setenvif socache_shmcb)], places => {}, text => sub { $LIMIT . $PLACE . $tls->($_[0]) }) }
sub offers {
    my ($client, $agent) = @_;
    my $response = $client->request(GET => '/', ['User-Agent' => $agent]);
    return join '|', $response->status, $response->header('WWW-Authenticate');
}

my $httpd = httpd(sub { '' });
$httpd->write('htdocs/index.html', "the protected page\n");
is offers($httpd->client, 'Mozilla/5.0'), '401|Negotiate|NTLM', 'in clear text a browser is offered no Basic';
is offers($httpd->client, 'Wget/1.21'), '401', '... and wget nothing';
$httpd->stop;

$httpd = httpd(sub { "SSLEngine on\n" . Certificates::make($_[0], 'own', 'ec') });
$httpd->write('htdocs/index.html', "the protected page\n");
sub tls { return NTLM::TLS->new(port => $httpd->{port}) }
is offers(tls(), 'Mozilla/5.0'), "401|Negotiate|NTLM|$BASIC", 'over TLS all three';
is offers(tls(), 'Wget/1.21'), "401|$BASIC", '... Basic alone for wget';
is offers(tls(), 'davfs2/1.6.1 neon/0.32.5'), "401|$BASIC", '... and for davfs2';
is offers(tls(), 'check_http/v2.3.3'), '401', '... nothing for who watches';
for my $how ('--anyauth', '--ntlm', '--basic', '--negotiate') {
    SKIP: {
        skip 'curl knows no Negotiate, or gss-ntlmssp is not installed (package gss-ntlmssp)', 2
            if $how eq '--negotiate' && (`curl --version` !~ /GSS-API/ || !glob '/usr/lib/*/gssntlmssp/gssntlmssp.so');
        local $ENV{NTLM_USER_FILE} = $httpd->dir . '/gss-ntlmssp';
        for my $password ('Secr3t!pw', 'wrong') {
            $httpd->write('gss-ntlmssp', "CORP:alice:$password\n", 0600);
            my $user = $how eq '--negotiate' ? ':' : "alice:$password";
            open my $out, '-|', 'curl', '-sk', '-o', '/dev/null', '-w', '%{http_code}', '--noproxy', '*', $how, '-u', $user,
                "https://127.0.0.1:$httpd->{port}/" or die "curl: $!\n";
            is scalar(<$out>), $password eq 'wrong' ? 401 : 200, "curl $how with the password $password";
        }
    }
}
{
    my $client = tls();
    is $httpd->attempt($client, '/'), '200 ok binding=absent', 'alice logs in by NTLM';
    is $httpd->get($client, '/'), '200 ok binding=absent', '... and stays';
}

# ---- tickets of users in many groups ----
my $choice = encode_base64(resp(state => NTLM::SPNEGO::REQUEST_MIC, mech => 'ntlm'), '');
my $reject = encode_base64(resp(state => NTLM::SPNEGO::REJECT), '');
for my $row ([[qw(kerberos ntlm)] => "401|Negotiate $choice"], [['kerberos'] => "401|Negotiate $reject|NTLM|$BASIC"]) {
    my ($mechs, $answer) = @$row;
    my $token    = encode_base64(init(mechs => $mechs, token => 'x' x 16_384), '');
    my $response = tls()->request(GET => '/', [Authorization => "Negotiate $token"]);
    is join('|', $response->status, $response->header('WWW-Authenticate')), $answer, "a ticket of 16 KB from a client of @$mechs";
}

done_testing;
