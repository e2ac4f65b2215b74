#!/usr/bin/perl
# A domain that trusts another forest: whom of it winbind lets in, and what nobody asks either
# domain's controller about; over TLS, too.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use AdLab;
use NTLM::Connection;
use NTLM::TLS;
use Test::More;

plan skip_all => AdLab::missing() if AdLab::missing();
plan skip_all => AdLab::no_module() if AdLab::no_module();
AdLab::enter('--forest');

my $lab    = AdLab->new;
my $other  = AdLab->new('dc2');
my %PLACES = (
    own     => 'Require valid-user',
    trusted => "NTLMAcceptDomains NTLMTEST ntlm.test OTHERDOM other.test\nRequire valid-user",
    suffix  => "NTLMAcceptDomains NTLMTEST ntlm.test OTHERDOM other.test\nNTLMUserFormat user\@domain\nRequire valid-user",
    group   => "NTLMAcceptDomains NTLMTEST ntlm.test OTHERDOM other.test\nRequire ntlm-group \"OTHERDOM\\\\Domain Users\"",
    bound   => "NTLMExtendedProtection require\nRequire valid-user",
);
my $places = join '', map { "<Location \"/$_\">\nAuthType NTLM\nNTLMCredentials winbind\n$PLACES{$_}\n</Location>\n" } sort keys %PLACES;
my $httpd = $lab->httpd(mpm => 'event', modules => [qw(ssl socache_shmcb)], ports => ['TLS'], text => <<"TEXT");
LogLevel warn auth_ntlmv2:debug
LogFormat "%{X-Test}i %>s user=%u" verdict
CustomLog \@DIR\@/access.log verdict
NTLMThrottle off
$places
Listen 127.0.0.1:\@TLS\@
<VirtualHost *:\@TLS\@>
\@CERTIFICATE\@
</VirtualHost>
TEXT
$httpd->{text} =~ s/\@CERTIFICATE\@\n/$httpd->certificate/e;
$httpd->write("htdocs/$_", "a page\n") for keys %PLACES;
$httpd->start;

my $mark = 0;

# The status, and what the log says: "200 ok". bound => the channel binding, over TLS.
sub becomes {
    my ($place, $user, $domain, %more) = @_;
    my $bound = delete $more{bound};
    my $c = defined $bound ? NTLM::TLS->new(port => $httpd->{ports}{TLS}, timeout => 60)
        : NTLM::Connection->new(port => $httpd->{port}, vhost => '127.0.0.1', timeout => 60);
    $more{binding} = $bound eq 'right' ? $c->binding : $bound if $bound;
    my $password = delete $more{password} // AdLab::password($user =~ s/\@.*//r);
    my $answer = $c->login("/$place", user => $user, domain => $domain, nt_hash => AdLab::nt_hash($password), %more,
        headers => ['X-Test' => ++$mark]);
    my $port = $c->local_port;
    my ($said) = map { /\[client [^\]]*:$port\].* ntlm: ([a-z0-9-]+): / } reverse split /\n/, $httpd->error_log;
    return $answer->status . ' ' . ($said // 'nothing');
}

# REMOTE_USER of the last one.
sub user { return $httpd->access_log(qr/^$mark /m) =~ /^$mark \d+ user=(.*)$/m ? $1 =~ s/\\\\/\\/gr : '' }

# ---- the trusted forest ----
for (['carol', 'OTHERDOM'], ['carol', 'other.test'], ['CAROL', 'otherdom', password => AdLab::password('carol')], ['carol@other.test', '']) {
    my ($user, $domain, @more) = @$_;
    is becomes('trusted', $user, $domain, @more), '200 ok', "$user of '$domain', where that forest is accepted";
    is user(), 'OTHERDOM\carol', '... as her controller spells her name';
}
is becomes('trusted', 'alice', ''), '200 ok', 'alice, who names no domain';
is user(), 'NTLMTEST\alice', '... has her own before her name there';
is becomes('suffix', 'carol', 'OTHERDOM'), '200 ok', 'with the domain behind the name';
is user(), 'carol@OTHERDOM', '... it stands there';
is becomes('own', 'alice', 'NTLMTEST'), '200 ok', 'alice where only her domain is accepted';
is user(), 'alice', '... needs none';
is becomes('group', 'carol', 'OTHERDOM'), '200 ok', 'a group of the other forest';
is becomes('group', 'alice', 'NTLMTEST'), '403 not-authorized', '... of which alice is not';
is becomes('trusted', 'carol', 'NTLMTEST'), '401 no-such-user', 'carol is nobody in this domain';
is becomes('trusted', 'carol', 'OTHERDOM', password => 'a guess'), '401 wrong-password', 'a wrong password of carol';
is $other->wrong('carol'), 1, '... is one for her controller';
is becomes('trusted', 'carol', 'OTHERDOM', flip_mic => 1), '401 bad-mic', 'a wrong MIC';
is $other->wrong('carol'), 0, '... is none, and her password was right';
is becomes('trusted', 'carol', 'OTHERDOM', kind => 'forged-nt'), '401 wrong-password', 'a right LMv2 response beside a forged NT response';
is $other->wrong('carol'), 1, '... is one';

# ---- what winbindd does not hear of ----
$lab->halt('winbindd');
is becomes('own', @$_), '401 no-such-user', "$_->[0] of '$_->[1]' nobody asks about"
    for ['carol', 'OTHERDOM'], ['carol', 'other.test'], ['carol@other.test', ''], ['alice', 'BUILTIN'], ['alice', 'WEBSRV'],
    ['alice', 'WORKGROUP'], ['alice@BUILTIN', ''];
my $old = sub { $_->[1] = "\0" x 8 for grep { $_->[0] == 7 } @{$_[0]} };
is becomes('own', 'alice', 'NTLMTEST', edit => $old), '401 stale-challenge', '... nor about a response that is too old';
is becomes('bound', 'alice', 'NTLMTEST', bound => ''), '401 binding-required', '... nor about one without a channel binding, where it is required';
is becomes('bound', 'alice', 'NTLMTEST', bound => 'x' x 16), '401 binding-mismatch', '... nor about one with another';
$lab->go_on('winbindd');
is becomes('bound', 'alice', 'NTLMTEST', bound => 'right'), '200 ok', 'with the right one alice logs in';

# ---- an account that is locked ----
$lab->add('locked', 'a password of its own', undef);
$lab->lock_out('locked');
is becomes('own', 'locked', 'NTLMTEST', password => 'a password of its own'), '401 account-locked', 'an account that is locked';
is becomes('own', 'locked', 'NTLMTEST', password => 'a guess'), '401 account-locked', '... whatever the password';

# ---- a domain that does not answer ----
$lab->halt('dc2');
like becomes('trusted', 'carol', 'OTHERDOM'), qr/^503 /, 'while the other controller stands still, carol is told to come again';
$lab->go_on('dc2');
my $deadline = time + 60;
my $again = '';
while ($again ne '200 ok' && time < $deadline) { $again = becomes('trusted', 'carol', 'OTHERDOM'); select undef, undef, undef, 0.2 }
is $again, '200 ok', '... and logs in when it goes on';

$httpd->finish;
unlike $httpd->error_log, qr/exit signal|runtime error|AddressSanitizer/, 'no child died';
done_testing;
