#!/usr/bin/perl
# conf/mixed-public.conf: inside of the company's addresses Negotiate and NTLM, and no form;
# outside a form on the same accounts, and no password box.
use strict;
use warnings;
use FindBin qw($Bin);
use lib "$Bin/../lib";
use Certificates;
use Chromium;
use Recipe;
use Test::More;

plan skip_all => $_ for Certificates::missing() // ();
for my $module (qw(auth_form session_crypto)) {
    plan skip_all => "there is no mod_$module" if !-e PrivateHttpd::module_folder() . "/mod_$module.so";
}
require NTLM::TLS;

my $PASSWORD = 'Secr3t!pw';
my %alice = (user => 'alice', domain => '', nt_hash => 'd9fe524deb5705ac74ea341ff18afe93');
my ($form) = PrivateHttpd::example('mixed-public.conf') =~ /^(#     <!DOCTYPE(?:.*\n)+?#     <\/form>\n)/m or die 'no form';
$form =~ s/^#     //mg;

# The company's addresses are those of this machine, or are not.
sub httpd {
    my ($inside, $tls) = @_;
    my $httpd = Recipe::httpd('mixed-public.conf', {"-R '10.0.0.0/8'" => $inside ? "-R '127.0.0.0/8'" : "-R '10.0.0.0/8'"},
        modules => ['alias', 'cgi'], text => qq{ScriptAlias "/intranet" "\@DIR\@/app/page"\n});
    $httpd->{scheme} = 'https' if $tls;
    $httpd->{text} .= $httpd->certificate if $tls;
    Recipe::cgi($httpd, 'app/page', <<'CGI');
#!/bin/sh
printf 'Content-Type: text/plain\r\n\r\nuser=%s type=%s\n' "$REMOTE_USER" "$AUTH_TYPE"
CGI
    $httpd->write('htdocs/login.html', $form);
    $httpd->write('session.passphrase', "a passphrase of a test\n", 0600);
    $httpd->start;
    return $httpd;
}

sub client  { my ($httpd) = @_; return NTLM::TLS->new(port => $httpd->{port}, vhost => "127.0.0.1:$httpd->{port}") }
sub offers  { return join '|', $_[0]->header('WWW-Authenticate') }
sub leads   { my ($response) = @_; return join ' ', $response->status, ($response->header('Location') // '') =~ s{^https://[^/]*}{}r, offers($response) || () }
sub cookie  { return scalar $_[0]->header('Set-Cookie') // '' }
sub session { return [Cookie => cookie($_[0]) =~ s/;.*//sr] }

sub send_form {
    my ($httpd, $user, $password) = @_;
    $_ =~ s{([^A-Za-z0-9])}{sprintf '%%%02X', ord $1}ge for $user, $password;
    return client($httpd)->request(POST => '/login', ['Content-Type' => 'application/x-www-form-urlencoded'],
        "httpd_username=$user&httpd_password=$password");
}

subtest 'Outside' => sub {
    my $httpd = httpd(0, 1);
    is leads(client($httpd)->get('/intranet/')), '302 /login.html', 'who asks for a page is led to the form, and not offered a login';
    is client($httpd)->get('/login.html')->body, $form, '... which everybody may read';
    is leads(client($httpd)->type1('/intranet/')), '302 /login.html', '... also with a token of NTLM';
    my $response = send_form($httpd, 'alice', $PASSWORD);
    is leads($response), '302 /intranet/', 'the right password leads to the page';
    like cookie($response), qr{^intranet=[^;]+;Max-Age=\d+;Path=/;HttpOnly;Secure;SameSite=Lax$}, '... with a session';
    unlike cookie($response), qr/alice|pw/, '... that shows neither name nor password';
    is client($httpd)->request(GET => '/intranet/', session($response))->body, "user=alice type=Form\n", '... and lets in';
    for my $wrong ([alice => 'wrong'], [nobody => $PASSWORD]) {
        $response = send_form($httpd, @$wrong);
        is leads($response), '302 /login.html?again', "$wrong->[0] with $wrong->[1] is led back";
        is leads(client($httpd)->request(GET => '/intranet/', session($response))), '302 /login.html', '... and has no session that lets in';
    }
    like $httpd->error_log(qr/no-such-user/), qr/ntlm: wrong-password: user=alice .*ntlm: no-such-user: user=nobody/s, 'the log says it as of other logins';
    send_form($httpd, 'bob', 'wrong') for 1 .. 10;
    is leads(send_form($httpd, 'bob', "B0b's own")), '302 /login.html?again', 'who guesses ten times is not let in by the right password';
    $httpd->stop;
};

subtest 'Outside, without TLS' => sub {
    my $httpd = httpd(0);
    my $c = NTLM::Connection->new(port => $httpd->{port}, vhost => "127.0.0.1:$httpd->{port}");
    my $response = $c->request(POST => '/login', ['Content-Type' => 'application/x-www-form-urlencoded'],
        "httpd_username=alice&httpd_password=Secr3t%21pw");
    is leads($response), '302 /login.html?again', 'no form is taken';
    $httpd->stop;
};

subtest 'Inside' => sub {
    my $httpd = httpd(1, 1);
    my $c = client($httpd);
    is leads($c->get('/intranet/')), '401  Negotiate|NTLM', 'who asks for a page is offered Negotiate and NTLM, and not led to the form';
    is $c->login('/intranet/', %alice)->body, "user=alice type=NTLM\n", '... and logs in';
    is $c->get('/intranet/')->body, "user=alice type=NTLM\n", '... for the connection';
    is leads(client($httpd)->login('/intranet/', %alice, nt_hash => '0' x 32)), '401  Negotiate|NTLM', 'a wrong password is refused';
    is leads(client($httpd)->request(GET => '/intranet/', session(send_form($httpd, 'alice', $PASSWORD)))), '401  Negotiate|NTLM',
        'a session of the form lets nobody in';
    $httpd->stop;
};

SKIP: {
    skip $_, 1 for Chromium::missing();
    subtest 'In a browser' => sub {
        my $httpd = httpd(0, 1);
        my $said  = Chromium::fill_in($httpd->url('/intranet/'), 'alice', $PASSWORD);
        is $said =~ s/^\d+ \/favicon.*\n//mgr, <<'SAID', 'outside it fills in the form, and has the page';
302 /intranet/
200 /login.html
302 /login
200 /intranet/
user=alice type=Form

SAID
        $said = Chromium::fill_in($httpd->url('/intranet/'), 'alice', 'wrong');
        like $said, qr{^302 /login\n200 /login\.html\?again$}m, '... a wrong password leads back to the form';
        unlike $said, qr/user=|401|NTLM/, '... and there is neither a page nor a password box';
        $httpd->stop;
        $httpd = httpd(1, 1);
        is Chromium::visit($httpd->url('/intranet/'), 'alice', $PASSWORD), "user=alice type=NTLM\n\nHTTP 200\n", 'inside it logs in by NTLM, and sees no form';
        unlike Chromium::visit($httpd->url('/intranet/'), 'alice', 'wrong'), qr/user=|HTTP 200/, '... not with a wrong password';
        $httpd->stop;
    };
}

done_testing;
