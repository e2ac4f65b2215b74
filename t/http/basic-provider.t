#!/usr/bin/perl
# AuthBasicProvider ntlm: mod_auth_basic and mod_auth_form ask the accounts of NTLM, by the same rules
# as NTLM itself; whom they do not have is left to the next provider.
use strict;
use warnings;
use utf8;
use FindBin qw($Bin);
use lib "$Bin/../lib";
use Basic qw(basic basic_of password);
use Certificates;
use Guarded;
use Digest::SHA qw(sha1_base64);
use NTLM::Connection;
use Port;
use Test::More;

if (my $why = Certificates::missing()) { plan skip_all => $why }
require NTLM::TLS;
binmode $_, ':utf8' for Test::More->builder->output, Test::More->builder->failure_output;

my %ALICE = (user => 'alice', domain => 'CORP', nt_hash => 'd9fe524deb5705ac74ea341ff18afe93');
my $FILES = "AuthType Basic\nAuthName shared\nAuthUserFile \@DIR\@/htpasswd\nNTLMCredentials file \@DIR\@/accounts";
my $ALONE = "$FILES\nAuthBasicProvider ntlm";
my $nobody = Port::take();
my %PLACES = (
    '/ntlm'     => "NTLMCredentials file \@DIR\@/accounts\nNTLMOffer NTLM Basic",
    '/alone'    => $ALONE,
    '/first'    => "$FILES\nAuthBasicProvider ntlm file",
    '/last'     => "$FILES\nAuthBasicProvider file ntlm",
    '/corp'     => "$ALONE\nNTLMDomain CORP corp.example.com\nNTLMAcceptDomains CORP\nNTLMUserFormat domain\\user",
    '/clear'    => "$ALONE\nNTLMBasicWithoutTLS on",
    '/tls'      => "$ALONE\nNTLMBasicWithoutTLS on\nNTLMRequireTLS on",
    '/binding'  => "$ALONE\nNTLMExtendedProtection require",
    '/mic'      => "$ALONE\nNTLMRequireMIC on",
    '/service'  => "$ALONE\nNTLMServiceNames require",
    '/proxied'  => "$ALONE\nNTLMProxied refuse",
    '/nothing'  => "AuthType Basic\nAuthName none\nAuthBasicProvider ntlm",
    '/down'     => "AuthType Basic\nAuthName down\nAuthBasicProvider ntlm file\nAuthUserFile \@DIR\@/htpasswd\n"
        . "NTLMCredentials ldap ldap://127.0.0.1:$nobody/dc=example,dc=com?uid timeout=1",
    '/alias'    => "AuthType Basic\nAuthName alias\nAuthBasicProvider corp",
    '/digest'   => "$ALONE\nAuthBasicUseDigestAlgorithm MD5",
    '/form'     => "AuthType Form\nAuthName form\nAuthFormProvider ntlm\nNTLMCredentials file \@DIR\@/accounts\n"
        . "Session On\nSessionCookieName session path=/",
    '/guarded'  => "$FILES\nAuthBasicProvider ntlm file\nNTLMThrottle 3/300",
    '/twice'    => "$ALONE\nNTLMThrottle 3/300",
);

sub sha { my ($password) = @_; return '{SHA}' . sha1_base64($password) . '=' }

sub httpd {
    my ($tls, %more) = @_;
    my $httpd = PrivateHttpd->new(
        modules => [($tls ? 'ssl' : ()), qw(auth_basic authn_file headers socache_shmcb include auth_form session session_cookie request)],
        %more);
    my $dir = $httpd->dir;
    my $keys = $tls ? "SSLEngine on\n" . Certificates::make($dir, 'own', 'ec') : '';
    $httpd->{text} = <<"TEXT" . $keys;
LogLevel warn auth_ntlmv2:debug
KeepAliveTimeout 60
Header always set X-User "expr=%{REMOTE_USER} %{AUTH_TYPE}"
Header always set X-Status "expr=%{reqenv:NTLM_STATUS}"
<AuthnProviderAlias ntlm corp>
    NTLMCredentials file \@DIR\@/accounts
</AuthnProviderAlias>
<Location "/dologin">
    Require all granted
    SetHandler form-login-handler
    AuthFormLoginSuccessLocation /form/
    AuthFormProvider ntlm
    AuthType Form
    AuthName form
    NTLMCredentials file \@DIR\@/accounts
    Session On
    SessionCookieName session path=/
</Location>
<Directory "\@DIR\@/htdocs/page">
    Options +Includes
    SetOutputFilter INCLUDES
</Directory>
TEXT
    for my $place (sort keys %PLACES) {
        my $type = $place eq '/ntlm' ? 'AuthType NTLM' : '';
        $httpd->{text} .= qq{<Location "$place">\n$type\n$PLACES{$place}\nRequire valid-user\n</Location>\n};
        mkdir "$dir/htdocs$place";
        $httpd->write("htdocs$place/index.html", "the protected page\n");
    }
    mkdir "$dir/htdocs/page";
    $httpd->write('htdocs/page/index.html', join '', map { qq{<!--#include virtual="/twice/?$_" -->\n} } 1 .. 5);
    $httpd->write('accounts', Basic::file(), $> == 0 ? 0600 : 0640);
    $httpd->write('htpasswd', 'frank:' . sha('of-frank') . "\nalice:" . sha('other') . "\n");
    bless $httpd, 'Guarded';
    $httpd->start;
    return $httpd;
}

my $httpd = httpd(1);
sub client { return $httpd->{scheme_is_clear} ? $httpd->client : NTLM::TLS->new(port => $httpd->{port}) }

# What becomes of a request: its status, the word of NTLM_STATUS, who it was.
sub once {
    my ($path, $headers, $c) = @_;
    $c //= client();
    my $response = $c->request(GET => "$path/", $headers);
    my $user     = $response->header('X-User') // '';
    utf8::decode($user);
    my $shown = $response->body =~ /the protected page/ ? 1 : 0;
    return 'the page was shown or not' if $shown != ($response->status == 200);
    return join ' ', grep { /\S/ } $response->status, $response->header('X-Status') // '', $response->status == 200 ? $user : ();
}

# ---- who gets in ----
is once('/alone', basic('alice')), '200 ok alice Basic', 'the password of an NTLM account logs in by AuthType Basic';
is once('/ntlm', basic('alice')), '200 ok alice Basic', '... as it does by NTLMOffer Basic';
is client()->login('/ntlm/', %ALICE)->status, 200, '... and by NTLM';
is once('/alone', basic($_)), "200 ok $_ Basic", "... of $_" for qw(bob jürgen colin);
is once('/alone', basic('ALICE', password('alice'))), '200 ok alice Basic', 'r->user is spelled as the source does';
is once('/alone', basic($_, password('alice'))), '200 ok alice Basic', "... of $_, too" for 'CORP\alice', 'alice@corp.example.com';
is once('/corp', basic($_, password('alice'))), '200 ok CORP\alice Basic', "NTLMUserFormat and NTLMDomain hold for $_" for 'alice', 'corp\alice';
is once('/corp', basic('EVIL\alice', password('alice'))), '401 domain-refused', '... and NTLMAcceptDomains';
is once('/alias', basic('alice')), '200 ok alice Basic', 'an AuthnProviderAlias has its own accounts';
like $httpd->error_log, qr/auth_ntlmv2:info.* ntlm: ok: user=alice .* scheme=Basic .*tls=on .* source=file/, 'the log has a line of each';

is once('/alone', basic('alice', 'wrong')), '401 wrong-password', 'a wrong password is refused';
is once('/alone', basic('mallory', 'x')), '401 no-such-user', 'whom nobody knows is refused';
is once('/alone', basic('dora')), '401 account-disabled', 'a disabled account is refused';
is once('/alone', basic('erin', '')), '401 blank-password', 'no password at all is refused';
is once('/alone', basic('alice', "\x{1}")), '401 malformed', 'a control character is refused';
is once('/alone', basic_of("alice:\xFF")), '401 malformed', 'what is no UTF-8 is refused';
is client()->get('/alone/')->header('WWW-Authenticate'), 'Basic realm="shared"', 'mod_auth_basic itself asks';

# ---- several providers ----
is once('/first', basic('alice')), '200 ok alice Basic', 'of two providers the first that knows a user decides';
is once('/first', basic('alice', 'other')), '401 wrong-password', '... with its password alone';
is once('/first', basic('frank', 'of-frank')), '200 frank Basic', 'whom it does not know the next one may';
is once('/first', basic('frank', 'wrong')), '401 no-such-user', '... or may not';
is once('/last', basic('frank', 'of-frank')), '200 frank Basic', 'behind another provider it is not asked about his users';
is once('/last', basic('bob')), '200 ok bob Basic', '... but about its own';
my @lines = $httpd->error_log =~ /ntlm: no-such-user: user=frank /g;
is scalar @lines, 1, 'the log says of a user of another provider only that nobody let him in';

# ---- what is demanded ----
is once("/$_", basic('alice')), '401 basic-refused', "/$_ demands more than a password" for qw(binding mic service);
is once('/proxied', [@{basic('alice')}, Via => '1.1 proxy']), '401 proxied-refused', 'NTLMProxied refuse holds';
is once('/tls', basic('alice')), '200 ok alice Basic', 'NTLMRequireTLS is content with TLS';
is once('/nothing', basic('alice')), '500 not-configured', 'without NTLMCredentials httpd says 500';
is once('/down', basic('alice')), '500 backend-down', 'an outage is 500';
is once('/down', basic('frank', 'of-frank')), '500 backend-down', '... also for users of the next provider';

# ---- a connection ----
{
    my $c = client();
    is once('/alone', basic('alice'), $c), '200 ok alice Basic', 'a login';
    is once('/alone', [], $c), '401', '... is one request\'s';
    is once('/ntlm', [], $c), '401 no-credentials', '... and none by NTLM';
    is $c->login('/ntlm/', %ALICE)->status, 200, 'alice logs the connection in';
    is once('/alone', basic('bob'), $c), '200 ok bob Basic', 'bob comes by AuthType Basic';
    is once('/ntlm', [], $c), '401 no-credentials', '... and then nobody is logged in';
}

# ---- the throttle ----
is once('/guarded', basic('bob', 'wrong')), '401 wrong-password', 'a wrong password' for 1 .. 3;
is once('/guarded', basic('bob')), '401 throttled', '... for the fourth time: the right one is refused, too';
is once('/guarded', basic('frank', 'of-frank')), '200 frank Basic', 'users of another provider count nothing' for 1 .. 7;
is once('/guarded', basic('frank', 'wrong')), '401 no-such-user', '... but for their wrong passwords' for 1 .. 3;
is once('/guarded', basic('frank', 'of-frank')), '401 throttled', '... after which they are sent away';
is once('/guarded', basic('nobody', 'x')), '401 no-such-user', 'whom no provider knows counts' for 1 .. 3;
is once('/guarded', basic('nobody', 'x')), '401 throttled', '... as one who is known';
{
    my $wrong_before = () = $httpd->error_log =~ /ntlm: wrong-password: user=alice [^\n]* source=file/g;
    is client()->request(GET => '/page/', basic('alice', 'wrong'))->status, 200, 'a page of five parts, with a wrong password';
    my @wrong = $httpd->error_log =~ /ntlm: wrong-password: user=alice [^\n]* source=file/g;
    is scalar @wrong, $wrong_before + 1, '... has one line in the log';
    is once('/twice', basic('alice')), '200 ok alice Basic', '... has failed once, not five times';
    my $body = client()->request(GET => '/page/', basic('alice'))->body;
    is scalar(() = $body =~ /the protected page/g), 5, '... and with the right one all parts are there';
}

# ---- Digest ----
{
    my $other = PrivateHttpd->new(modules => ['auth_digest'], text => <<'TEXT');
<Location "/">
    AuthType Digest
    AuthName digest
    AuthDigestProvider ntlm
    NTLMCredentials file accounts
    Require valid-user
</Location>
TEXT
    $other->write('accounts', Basic::file(), 0640);
    my ($ok, $said) = $other->configtest;
    ok !$ok, 'httpd refuses it for Digest';
    like $said, qr/ntlm.*doesn't support\s+Digest/, '... and says so';
}
is once('/digest', basic('alice')), '500', 'AuthBasicUseDigestAlgorithm, which hashes in another way, is 500';

# ---- a form ----
{
    my $form = 'httpd_username=alice&httpd_password=' . password('alice');
    my @type = ('Content-Type' => 'application/x-www-form-urlencoded');
    is client()->get('/form/')->status, 401, 'a place with a form is closed';
    is client()->request(POST => '/dologin', [@type], 'httpd_username=alice&httpd_password=wrong')->status, 401, 'a wrong password is refused';
    my $response = client()->request(POST => '/dologin', [@type], $form);
    is $response->status, 302, 'the right one is sent on';
    my ($cookie) = ($response->header('Set-Cookie') // '') =~ /^(session=[^;]+)/;
    is once('/form', [Cookie => $cookie]), '200 ok alice Form', '... and is let in by its session';
    my $old = $cookie =~ s/-pw=[^&]*/-pw=x/r;
    is once('/form', [Cookie => $old]), '401 wrong-password', '... whose password is looked at each time';
    $response = client()->request(POST => '/form/', [@type, Cookie => $old], $form);
    like $response->body, qr/the protected page/, 'the right one lets in who comes with a session of an old one';
    $response = client()->request(POST => '/form/', [@type, Cookie => $old], $form =~ s/password=.*/password=wrong/r);
    is $response->status, 401, '... and a wrong one does not';
}
$httpd->finish;
unlike $httpd->error_log, qr/exit signal|Secr3t|wonder|of-frank/, 'no child died, and no password is in the log';

# ---- clear text ----
$httpd = httpd(0, scheme_is_clear => 1);
is once('/alone', basic('alice')), '401 basic-refused', 'no password is taken in clear text';
is once('/first', basic('frank', 'of-frank')), '401 basic-refused', '... nor passed on to another provider';
is once('/clear', basic('alice')), '200 ok alice Basic', 'NTLMBasicWithoutTLS on takes it';
is once('/clear', basic('alice', 'wrong')), '401 wrong-password', '... if it is right';
is once('/tls', basic('alice')), '401 tls-required', '... and NTLMRequireTLS on has the last word';
$httpd->finish;

done_testing;
