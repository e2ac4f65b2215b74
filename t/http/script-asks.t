#!/usr/bin/perl
# A script that speaks for a 401 (ErrorDocument): the offers reach the client in a header each, as
# without it. httpd joins them, and browsers take "Negotiate, NTLM" for one scheme that nobody knows.
use strict;
use warnings;
use FindBin qw($Bin);
use lib "$Bin/../lib";
use ForwardProxy;
use Guarded;
use NTLM::Connection;
use NTLM::SPNEGO qw(init);
use Test::More;

plan skip_all => 'there is no mod_cgid' if !-e PrivateHttpd::module_folder() . '/mod_cgid.so';

my $REALM  = 'Negotiate, NTLM, and more';
my $BASIC  = qq{Basic realm="$REALM", charset="UTF-8"};
my $DIGEST = qq{Digest realm="a, NTLM, \\\\", Negotiate, b", qop=auth, Negotiation=x};    # as a shell has it
my %OFFERS = (
    '/one'    => ['NTLM'],
    '/two'    => [qw(Negotiate NTLM)],
    '/three'  => ['Negotiate', 'NTLM', $BASIC],
    '/turned' => [$BASIC, 'NTLM', 'Negotiate'],
);
my $SAYS  = 'ErrorDocument 401';
my $MORE  = "NTLMBasicWithoutTLS on\nAuthName \"$REALM\"\n";
my %ALICE = (user => 'alice', domain => 'CORP', nt_hash => 'd9fe524deb5705ac74ea341ff18afe93');

# Scripts: one has nothing to ask, one asks by a scheme of its own.
my $SCRIPTS = <<'TEXT';
ScriptAlias "/says" "@DIR@/says"
ScriptAlias "/asks" "@DIR@/asks"
<Directory "@DIR@">
    Require all granted
</Directory>
TEXT

sub write_scripts {
    my ($httpd) = @_;
    $httpd->write('says', "#!/bin/sh\nprintf 'Content-Type: text/plain\\n\\nsaid by a script\\n'\n", 0755);
    $httpd->write('asks', "#!/bin/sh\ncat <<'TEXT'\nContent-Type: text/plain\nWWW-Authenticate: "
        . ($DIGEST =~ s/\\\\/\\/gr) . "\n\nsaid by a script\nTEXT\n", 0755);
    return;
}

my $httpd = Guarded->new(
    modules => [qw(alias cgid)],
    text    => $SCRIPTS,
    places  => {
        (map { $_ => "$MORE$SAYS /says\nNTLMOffer " . join ' ', map { /^(\w+)/ } @{$OFFERS{$_}} } keys %OFFERS),
        '/asks-too' => "$SAYS /asks\nNTLMOffer Negotiate NTLM",
        '/plain'    => "NTLMOffer Negotiate NTLM",
    });
write_scripts($httpd);

sub offers { my ($response) = @_; return join '|', $response->header('WWW-Authenticate') }

for my $place (sort keys %OFFERS) {
    my $response = $httpd->client->get("$place/");
    is $response->status, 401, "$place: a login is needed";
    is $response->body, "said by a script\n", '... as a script says';
    is offers($response), join('|', @{$OFFERS{$place}}), '... with each offer in a header of its own';
    $response = $httpd->client(over => $place eq '/one' ? 'NTLM' : 'SPNEGO')->login("$place/", %ALICE, nt_hash => '0' x 32);
    is offers($response), join('|', @{$OFFERS{$place}}), '... a wrong password is refused the same way';
    is $httpd->client(over => $place eq '/one' ? 'NTLM' : 'SPNEGO')->login("$place/", %ALICE)->status, 200, '... and the right one logs in';
}
my $no_ntlm = $httpd->client(over => 'Negotiate')->token('/three/', init(mechs => ['kerberos'], token => 'x'));
is offers($no_ntlm), join('|', 'Negotiate oQcwBaADCgEC', 'NTLM', $BASIC), 'a reject and the rest of the offers';
is offers($httpd->client->get('/asks-too/')), join('|', 'Negotiate', 'NTLM', $DIGEST =~ s/\\\\/\\/gr),
    'what a script asks by itself is left as it is';
is offers($httpd->client->get('/plain/')), 'Negotiate|NTLM', 'without a script there is nothing to do';
is offers($httpd->client->get('/says')), '', 'nor where no login is needed';

# ---- 407 ----
my ($proxy, $origin) = ForwardProxy::start(modules => ['cgid'], text => "NTLMOffer Negotiate NTLM\n$SCRIPTS$SAYS /says\n<Location /says>\nRequire all granted\n</Location>\n");
write_scripts($proxy);
my $c = NTLM::Connection->new(port => $proxy->{port}, vhost => 'x.test', proxy => 1);
my $response = $c->get($origin->url('/'));
is $response->body, "said by a script\n", 'a script speaks for a forward proxy';
is join('|', $response->status, $response->header('Proxy-Authenticate')), '407|Negotiate|NTLM', '... whose offers are as many headers';

done_testing;
