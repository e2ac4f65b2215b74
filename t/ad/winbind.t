#!/usr/bin/perl
# NTLMCredentials winbind against a Samba domain controller, on a member that has joined: who gets
# in, what is refused before he is asked, and how often he is asked.
use strict;
use warnings;
use utf8;
use FindBin;
use lib "$FindBin::Bin/../lib";
use AdLab;
use Encode qw(encode);
use NTLM::Connection;
use Test::More;

plan skip_all => AdLab::missing() if AdLab::missing();
plan skip_all => AdLab::no_module() if AdLab::no_module();
AdLab::enter();
binmode Test::More->builder->$_, ':utf8' for qw(output failure_output todo_output);

my $lab    = AdLab->new;
my %PLACES = (
    plain    => "NTLMCredentials winbind lockout=off\nRequire valid-user",
    counted  => "NTLMCredentials winbind lockout=3/1800\nRequire valid-user",
    computer => "NTLMCredentials winbind lockout=off computers=on\nRequire valid-user",
    webusers => "NTLMCredentials winbind lockout=off\nRequire ntlm-group webusers",
    whole    => "NTLMCredentials winbind lockout=off\nRequire ntlm-group \"NTLMTEST\\\\staff\"",
    primary  => "NTLMCredentials winbind lockout=off\nRequire ntlm-group \"Domain Users\"",
    none     => "NTLMCredentials winbind lockout=off\nRequire ntlm-group no-such-group",
    binding  => "NTLMCredentials winbind lockout=off\nNTLMExtendedProtection require\nRequire valid-user",
    service  => "NTLMCredentials winbind lockout=off\nNTLMServiceNames require\nRequire valid-user",
    basic    => "NTLMCredentials winbind lockout=off\nNTLMOffer NTLM Basic\nNTLMBasicWithoutTLS on\nRequire valid-user",
);
my $places = join '', map { "<Location \"/$_\">\nAuthType NTLM\n$PLACES{$_}\n</Location>\n" } sort keys %PLACES;
my $httpd = $lab->httpd(mpm => 'event', text => <<"TEXT");
LogLevel warn auth_ntlmv2:debug
LogFormat "%U %>s user=%u groups=%{NTLM_GROUPS}e" verdict
CustomLog \@DIR\@/access.log verdict
KeepAliveTimeout 60
NTLMThrottle off
$places
TEXT
$httpd->write("htdocs/$_", "a page\n") for keys %PLACES;
$httpd->start;

sub connection { return NTLM::Connection->new(port => $httpd->{port}, vhost => '127.0.0.1') }

sub login {
    my ($place, $user, %who) = @_;
    my $password = delete $who{password} // AdLab::password($user =~ s/\@.*| $//r);
    my $c = connection();
    return ($c, $c->login("/$place", user => $user, domain => 'NTLMTEST', nt_hash => AdLab::nt_hash($password), %who)->status);
}
sub becomes { return (login(@_))[1] }

sub line_of {
    my ($c) = @_;
    my $port = $c->local_port;
    my ($line) = grep { /\[client [^\]]*:$port\].* ntlm: / } reverse split /\n/, $httpd->error_log;
    return $line // '';
}

# ---- who gets in ----
for ([alice => 'NTLMTEST'], [ALICE => 'ntlmtest'], [alice => 'ntlm.test'], [alice => ''], ['alice@ntlm.test' => ''], ['jürgen' => 'NTLMTEST']) {
    my ($user, $domain) = @$_;
    my ($c, $status) = login('plain', $user, domain => $domain, password => AdLab::password(lc $user =~ s/\@.*//r));
    is $status, 200, "$user of '$domain' gets in" or diag line_of($c);
}
my ($c, $status) = login('plain', 'ALICE', password => AdLab::password('alice'));
like line_of($c), qr/ntlm: ok: user=alice domain=NTLMTEST .* mic=ok .* source=winbind/, 'the log has the account as the controller spells it, and the MIC is right';
is $c->get('/plain')->status, 200, 'the connection stays logged in';

# ---- who does not ----
my %refused = (disabled => 'account-disabled', expired => 'account-expired', must => 'password-must-change', hours => 'logon-hours',
    workstation => 'workstation-refused', protected => 'account-restricted');
for my $user (sort keys %refused) {
    ($c, $status) = login('plain', $user);
    is $status, 401, "$user is refused";
    like line_of($c), qr/ ntlm: $refused{$user}: user=$user .* source=winbind/, "... as $refused{$user}";
}
($c, $status) = login('plain', 'nobody');
is $status, 401, 'who is nobody is refused';
like line_of($c), qr/ ntlm: no-such-user: /, '... as that';
for my $domain (qw(BUILTIN WORKGROUP WEBSRV .)) {
    ($c, $status) = login('plain', 'alice', domain => $domain);
    is $status, 401, "the domain $domain is refused";
    like line_of($c), qr/ no-such-user: .*winbind was not asked, since '\Q$domain\E' is not its domain/, '... unasked';
}

# ---- computers ----
my @computer = ('HTTPSVC$', password => 'the password of HTTPSVC');
($c, $status) = login('plain', @computer);
is $status, 401, 'a computer is refused';
like line_of($c), qr/ ntlm: computer-account: /, '... as that';
is becomes('computer', @computer), 200, '... but where computers=on';

# ---- what the controller counts ----
sub counts_of { my ($user) = @_; return $lab->wrong($user) }
$lab->forget('alice');
is becomes('plain', 'alice', password => 'a guess'), 401, 'a wrong password is refused';
is counts_of('alice'), 1, '... and counted once';
is becomes('plain', 'alice', password => 'a guess', domain => ''), 401, 'another one';
is counts_of('alice'), 2, '... is counted once, too';
is becomes('plain', 'alice'), 200, 'a right one ends the count';
is counts_of('alice'), 0, '... as the controller has it';
is becomes('plain', 'alice', flip_mic => 1), 401, 'a wrong MIC is refused although the controller says yes';
like $httpd->error_log, qr/ntlm: bad-mic: user=alice .* source=winbind/, '... as that';
for ([binding => 'binding-required'], [service => 'service-required']) {
    my ($place, $name) = @$_;
    ($c, $status) = login($place, 'alice', password => 'a guess');
    is $status, 401, "where the $place is required who sends none is refused";
    like line_of($c), qr/ntlm: (?:$name|\w+-unknown): /, '... as that, whatever the password';
}
is becomes('plain', 'alice', kind => 'ntlmv1'), 401, 'NTLMv1 is refused';
is becomes('plain', 'alice', password => ''), 401, 'and so is an empty password';
like $httpd->error_log, qr/ntlm: blank-password: user=alice /, '... as that';
is counts_of('alice'), 0, '... and none of it was put to the controller';
is becomes('plain', 'alice', kind => 'forged-nt'), 401, 'a forged NT response beside a right LMv2 one is refused';
$lab->forget('alice');

# ---- groups ----
is becomes('webusers', 'alice'), 200, 'alice is in webusers';
is becomes('webusers', 'bob'),   403, '... and bob is not';
is becomes('whole',    'inner'), 200, 'inner is in staff by way of team';
is becomes('whole',    'alice'), 403, '... and alice is not';
is becomes('primary',  'bob'),   200, 'the primary group counts';
is becomes('none',     'alice'), 403, 'nobody is in a group that there is not';
like $httpd->access_log(qr{^/webusers 200}m), qr{^/webusers 200 user=alice groups=[^ ]*.*NTLMTEST\\+webusers}m, 'NTLM_GROUPS has its name';

# ---- Basic ----
sub basic {
    my ($user, $password) = @_;
    require MIME::Base64;
    my $word = MIME::Base64::encode_base64(encode('UTF-8', "$user:$password"), '');
    return connection()->request(GET => '/basic', [Authorization => "Basic $word"])->status;
}
is basic('alice', AdLab::password('alice')), 200, 'Basic';
is basic('NTLMTEST\\jürgen', AdLab::password('jürgen')), 200, '... with a domain';
is basic('alice', 'another guess'), 401, '... a wrong password' for 1 .. 5;
is counts_of('alice'), 1, '... five times is one';
$lab->forget('alice');

# ---- a burst ----
{
    my @pids = map {
        my $pid = fork // die "fork: $!";
        if (!$pid) { require POSIX; my $got = eval { becomes('counted', 'bob', password => "guess $_") } // 0; POSIX::_exit($got == 401 || $got == 429 ? 0 : 1) }
        $pid;
    } 1 .. 20;
    my $other = 0;
    for (@pids) { waitpid $_, 0; $other++ if $? }
    is $other, 0, 'twenty wrong passwords at once';
    cmp_ok counts_of('bob'), '<=', 3, '... are three at the most for the controller, who locks at five';
    cmp_ok counts_of('bob'), '>=', 1, '... and one at least';
    is becomes('plain', 'bob'), 200, '... and bob is not locked';
}

# ---- many at once ----
{
    my $done = 0;
    my @pids = map {
        my $pid = fork // die "fork: $!";
        if (!$pid) { require POSIX; my $got = eval { becomes('plain', $_ % 2 ? 'alice' : 'bob') } // 0; POSIX::_exit($got == 200 ? 0 : 1) }
        $pid;
    } 1 .. 60;
    for (@pids) { waitpid $_, 0; $done++ if !$? }
    is $done, 60, 'sixty logins at once: none is lost, none refused';
}

# ---- outages ----
$lab->stop('winbindd');
is becomes('plain', 'alice'), 503, 'without winbindd it is 503';
like $httpd->error_log, qr/auth_ntlmv2:error.*winbind: winbindd does not run; start it/, '... and the log says what to do';
$lab->start('winbindd');
is becomes('plain', 'alice'), 200, '... and well again when it is there';
like $httpd->error_log, qr/auth_ntlmv2:error.*winbind: it answers again/, '... which the log says, too';
$httpd->stop;
done_testing;
