#!/usr/bin/perl
# conf/brown-out.conf: an hour without NTLM, and a page that says whom to call. conf/ntlm-list.conf
# behind conf/kerberos.conf: Kerberos for everybody, NTLM for those on a list, and for an hour for
# nobody.
use strict;
use warnings;
use FindBin qw($Bin);
use lib "$Bin/../lib";
use Clocks;
use File::Temp qw(tempdir);
use Kdc;
use MIME::Base64 qw(decode_base64 encode_base64);
use NTLM::Connection;
use Recipe;
use Test::More;
use Time::Local qw(timegm);

# A week of that clock; the server's zone is UTC.
$ENV{TZ} = 'UTC';
my $HOUR    = timegm(0, 0, 10, 1, 11, 2026);    # Tuesday, 1 December 2026, 10 o'clock
my %ALICE   = (user => 'alice', domain => '', nt_hash => 'd9fe524deb5705ac74ea341ff18afe93');
my %BOB     = (user => 'bob', domain => '', nt_hash => '27bf1123aae89dc1f94ad95bd7108d01');
my $MINUTE  = 60;
my @OUTSIDE = (['a minute before' => $HOUR - $MINUTE], ['the next hour' => $HOUR + 60 * $MINUTE],
    ['the day before' => $HOUR - 86_400 + $MINUTE], ['the evening' => $HOUR + 12 * 3600]);
my @INSIDE = (['its first second' => $HOUR], ['its last minute' => $HOUR + 59 * $MINUTE]);

# The clock stands near that time from then on.
sub at { my ($clocks, $time) = @_; $clocks->set($time - $clocks->wall); return }

sub offers { return join '|', map { /^(\w+)/ } $_[0]->header('WWW-Authenticate') }
sub is_called { my ($response, $sentence) = @_; return is_page($response, qr/call 4711/, 403, $sentence) }

sub is_page {
    my ($response, $body, $status, $sentence) = @_;
    local $Test::Builder::Level = $Test::Builder::Level + 1;
    return ok($response->status == $status && $response->body =~ $body && !offers($response), $sentence) || diag $response->seen_by_client;
}
sub is_served { my ($response, $sentence) = @_; return is_page($response, qr/the protected page/, 200, $sentence) }

subtest 'An hour without NTLM' => sub {
    my $clocks = Clocks->new;
    my $httpd  = Recipe::httpd('ntlm.conf', {}, modules => ['alias'],
        text => PrivateHttpd::example('brown-out.conf') . "KeepAliveTimeout 1000000000\nAlias /intranet \"\@DIR\@/htdocs\"\n");
    my ($right, $said) = $httpd->configtest;
    is $said, "Syntax OK\n", 'the example is right';
    $clocks->of(sub { $httpd->start });
    at($clocks, $HOUR - $MINUTE);
    my $client = sub { return NTLM::Connection->new(port => $httpd->{port}) };
    my $alice  = $client->();
    is_served($alice->login('/intranet/', %ALICE), 'alice logs in before');
    for (@INSIDE) {
        my ($when, $time) = @$_;
        at($clocks, $time);
        is_called($client->()->get('/intranet/'), "$when: nobody is asked, and the page says whom to call");
        is_called($alice->get('/intranet/'), '... alice, who has logged in before, too');
        my $unasked = $client->();
        is_called($unasked->type1('/intranet/'), '... and who sends a token unasked');
    }
    for (@OUTSIDE) {
        my ($when, $time) = @$_;
        at($clocks, $time);
        is offers($client->()->get('/intranet/')), 'NTLM', "$when: NTLM is offered";
        is_served($client->()->login('/intranet/', %ALICE), '... and taken');
    }
};

subtest 'The list to begin with' => sub {
    plan skip_all => 'jq is not installed (package jq)' if system('jq --version >/dev/null 2>&1') != 0;
    my $dir  = tempdir(CLEANUP => 1);
    my $said = 'workstation=W scheme=NTLM mechs=- why=- tls=on mic=ok binding=ok service=ok source=file (0x00000000)';
    open my $log, '>', "$dir/error.log" or die "$dir/error.log: $!\n";
    print {$log} map { "[Tue Dec 01 10:00:00.000000 2026] [auth_ntlmv2:info] [pid 1:tid 1] [client 192.0.2.1:4711] ntlm: ok: user=$_ domain=CORP $said\n" }
        'bob', '"john doe"', 'j\\xc3\\xbcrgen', 'bob';
    close $log or die "$dir/error.log: $!\n";
    my ($command) = PrivateHttpd::example('ntlm-list.conf', '/var/log/apache2' => $dir, ' ntlmaudit ' => " $Bin/../../support/ntlmaudit ") =~ /^((?:    # {5}.*\n)+)/m;
    is `@{[$command =~ s/^    # +//mgr]}`, qq(ntlm: "bob" "j\xc3\xbcrgen" "john doe"\n), 'the command of the example names each once, as REMOTE_USER has it';
};

subtest 'Kerberos for everybody, NTLM for those on a list' => sub {
    plan skip_all => $_ for Kdc::missing();
    plan skip_all => 'there is no mod_auth_gssapi (package libapache2-mod-auth-gssapi)'
        if !-e PrivateHttpd::module_folder() . '/mod_auth_gssapi.so';
    plan skip_all => 'there is no curl that knows Kerberos (package curl)' if `curl --version 2>&1` !~ /\bGSS-API\b/;
    my $clocks = Clocks->new;
    at($clocks, $HOUR - 30 * $MINUTE);
    my $kdc    = $clocks->of(sub { Kdc->new });
    my $list   = PrivateHttpd::example('ntlm-list.conf', '/etc/apache2' => '@DIR@');
    my $httpd  = Recipe::httpd('kerberos.conf', {'/etc/apache2/http.keytab' => $kdc->keytab},
        modules => [qw(headers alias rewrite), Recipe::modules($list, $ENV{MPM} || 'event')], text => "$list\n" . <<'TEXT');
LogLevel warn auth_ntlmv2:info
KeepAliveTimeout 1000000000
Alias /intranet "@DIR@/htdocs"
Header always set X-User "expr=%{REMOTE_USER}"
<Directory "@DIR@/htdocs/open">
    RewriteEngine On
    RewriteRule .* /intranet/index.html
</Directory>
TEXT
    mkdir $httpd->dir . '/htdocs/open';
    my $names = sub { $httpd->write('ntlm-list', 'ntlm: ' . join(' ', map { qq("$_") } @_) . "\n", 0644) };
    $names->('alice', 'bob');
    my ($right, $said) = $kdc->with(sub { $httpd->configtest });
    is $said, "Syntax OK\n", 'the example is right';
    $clocks->of(sub { $kdc->with(sub { $httpd->start }) });
    my $client = sub { return NTLM::Connection->new(port => $httpd->{port}, vhost => $Kdc::HOST, over => $_[0]) };

    # A new ticket of that user's, at the time of the server; what comes of it.
    my $by_ticket = sub {
        my ($user) = @_;
        return $clocks->of(sub {
            $kdc->login($user);
            my $sent = $httpd->dir . '/sent';
            my $got  = $kdc->with(sub { `curl -s -i --max-time 20 --noproxy '*' --connect-to $Kdc::HOST:80:127.0.0.1:$httpd->{port} --negotiate -u : http://$Kdc::HOST/intranet/ 2>$sent` });
            $kdc->logout;
            return $got;
        });
    };
    my $is_in = sub {
        my ($user, $sentence) = @_;
        like $by_ticket->($user), qr/^X-User: $user\r\n.*the protected page/ms, $sentence;
    };
    is offers($client->()->get('/intranet/')), 'Negotiate|NTLM', 'both are offered to whoever is nobody';
    $is_in->($_, "$_ has a ticket") for qw(alice bob);
    my @kept = map { my $over = $_; map { [$over, $_->{user}, $client->($over), $_] } \%ALICE, \%BOB } qw(NTLM SPNEGO);
    is_served($_->[2]->login('/intranet/', %{$_->[3]}), "$_->[1] is on the list: $_->[0]") for @kept;
    is $client->()->login('/intranet/', %ALICE, nt_hash => '0' x 32)->status, 401, '... not with a wrong password';

    $names->('alice');
    for my $kept (@kept) {
        my ($over, $user, $connection, $account) = @$kept;
        my $check = $user eq 'bob' ? \&is_called : \&is_served;
        $check->($connection->get('/intranet/'), "bob comes off it: $user on the connection, $over");
        $check->($client->($over)->login($_, %$account), "... and on a new one, $_") for '/intranet/', '/open/x';
    }
    $is_in->('bob', '... who comes in by a ticket');
    $names->();
    is_called($client->()->login('/intranet/', %ALICE), 'nobody is on it: NTLM lets nobody in');
    $is_in->('alice', '... and a ticket does');

    $names->('alice');
    for (@INSIDE) {
        my ($when, $time) = @$_;
        at($clocks, $time);
        is_called($client->()->login('/intranet/', %ALICE), "$when of the hour: the list does not count");
        is_called($client->('SPNEGO')->login('/intranet/', %ALICE), '... nor by Negotiate');
        is_called($kept[0][2]->get('/intranet/'), '... nor for a login that was made before');
        $is_in->('bob', '... and a ticket is as good as ever');
    }
    at($clocks, $HOUR + 60 * $MINUTE);
    is_served($client->()->login('/intranet/', %ALICE), 'when it is over it counts again');
};

done_testing;
