#!/usr/bin/perl
# Passwords by Basic against a directory: searched and remembered as for NTLM, 503 in an outage; and as
# AuthBasicProvider ntlm beside httpd's own, which binds as those who have no NT hash.
use strict;
use warnings;
use FindBin qw($Bin);
use lib "$Bin/../lib";
use Basic qw(basic);
use LdapHttpd;
use Test::More;

plan skip_all => LdapHttpd::missing() if LdapHttpd::missing();

my $slapd = Slapd->new(entries => [
    Slapd::people(),
    Slapd::person('hashless', userPassword => 'of-hashless'),
    Slapd::person('dora', sambaNTPassword => uc Basic::hash('dora'), sambaAcctFlags => '[DU         ]'),
])->start;
my $accounts = LdapHttpd::ldap($slapd->search_url('ldap'));
my $bases    = PrivateHttpd::module_folder() . '/mod_authnz_ldap.so';
my $own      = -e $bases ? "AuthBasicProvider ntlm ldap\nAuthLDAPURL \"" . $slapd->search_url('ldap') . "\" NONE\n"
    . "AuthLDAPBindDN $Slapd::SERVICE\nAuthLDAPBindPassword \"$Slapd::PASSWORD\"" : 'AuthBasicProvider ntlm';

my $httpd = LdapHttpd->new(
    credentials => [$accounts],
    modules     => [qw(auth_basic ldap authnz_ldap)],
    within      => "NTLMOffer NTLM Basic\nNTLMBasicWithoutTLS on",
);
$httpd->{text} .= <<"TEXT";
<Location "/own">
    AuthType Basic
    AuthName own
    $own
    NTLMCredentials $accounts
    NTLMBasicWithoutTLS on
    Require valid-user
</Location>
TEXT
mkdir $httpd->dir . '/htdocs/own';
$httpd->write('htdocs/own/index.html', "the protected page\n");
$httpd->start;

sub becomes {
    my ($path, @who) = @_;
    my $c = $httpd->connection;
    my $response = $c->request(GET => $path, basic(@who));
    return 'the page was shown or not' if ($response->body =~ /the protected page/ xor $response->status == 200);
    return join ' ', $response->status, $httpd->logged($c);
}

# ---- NTLMOffer Basic ----
is becomes('/', 'alice'), '200 ok', 'a password of the directory logs in';
my $searches = $slapd->searches;
is becomes('/', 'alice'), '200 ok', '... again' for 1 .. 3;
is $slapd->searches, $searches, '... of which the directory is not asked each time';
is becomes('/', 'alice', 'wrong'), '401 wrong-password', 'a wrong one does not';
cmp_ok $slapd->searches, '>', $searches, '... and is not refused by what is remembered alone';
is becomes('/', 'hashless', 'of-hashless'), '401 hash-unreadable', 'nor that of somebody without an NT hash';
is becomes('/', 'nobody', 'x'), '401 no-such-user', 'nor that of nobody';
is becomes('/', 'dora'), '401 account-disabled', 'the states of accounts hold';
my @searches = map { my $before = $slapd->searches; becomes('/', $_, 'guess'); $slapd->searches - $before } qw(alice nobody2 hashless);
is_deeply \@searches, [($searches[0]) x 3], 'a guess costs as many searches, whoever is known';

# ---- AuthBasicProvider ntlm ldap ----
is becomes('/own/', 'alice'), '200 ok', 'mod_auth_basic asks the NT hash';
is becomes('/own/', 'alice', 'wrong'), '401 wrong-password', '... and refuses another password';
SKIP: {
    skip 'there is no mod_authnz_ldap', 3 if !-e $bases;
    is becomes('/own/', 'hashless', 'of-hashless'), '200 nothing', 'who has none is left to mod_authnz_ldap';
    is becomes('/own/', 'hashless', 'wrong'), '401 hash-unreadable', '... which refuses a wrong password';
    is becomes('/own/', 'nobody', 'x'), '401 no-such-user', '... and whom nobody knows';
}

# ---- an outage ----
$slapd->stop;
is becomes('/', 'bob'), '503 backend-down', 'without the directory it is 503 by Basic, too';
is becomes('/own/', 'bob'), '500 backend-down', '... and httpd\'s 500 by mod_auth_basic';
is becomes('/own/', 'nobody', 'x'), '500 backend-down', '... whoever it is';

done_testing;
