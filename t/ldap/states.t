#!/usr/bin/perl
# What the directory says about an account's state: each has its status in the log, once the
# password was right, and the client sees the same 401 each time.
use strict;
use warnings;
use FindBin qw($Bin);
use lib "$Bin/../lib";
use LdapHttpd;
use Test::More;

plan skip_all => LdapHttpd::missing() if LdapHttpd::missing();

my $RIGHT = $LdapHttpd::HASH{alice};
my %STATES = (
    plain       => ['ok'],
    samba       => ['ok', sambaAcctFlags => '[U          ]', sambaPwdLastSet => '1600000000'],
    noexpiry    => ['ok', sambaAcctFlags => '[UX         ]'],
    later       => ['ok', sambaKickoffTime => '4000000000'],
    never       => ['ok', sambaKickoffTime => '9223372036854775807'],
    unlocked    => ['ok', nsAccountLock => 'FALSE'],
    valid       => ['ok', krbPrincipalExpiration => '20991231235959Z', krbPasswordExpiration => '20991231235959Z'],
    disabled    => ['account-disabled', sambaAcctFlags => '[DU         ]'],
    disabled2   => ['account-disabled', sambaAcctFlags => '[UD         ]'],
    nslock      => ['account-disabled', nsAccountLock => 'TRUE'],
    nslock2     => ['account-disabled', nsAccountLock => 'true'],
    locked      => ['account-locked', sambaAcctFlags => '[UL         ]'],
    pwdlocked   => ['account-locked', pwdAccountLockedTime => '20260101000000Z'],
    forever     => ['account-locked', pwdAccountLockedTime => '000001010000Z'],
    kickoff     => ['account-expired', sambaKickoffTime => '1000000000'],
    principal   => ['account-expired', krbPrincipalExpiration => '20200101000000Z'],
    mustchange  => ['password-expired', sambaPwdLastSet => '0'],
    oldpassword => ['password-expired', krbPasswordExpiration => '20200101000000Z'],
    blank       => ['blank-password', sambaNTPassword => '31D6CFE0D16AE931B73C59D7E0C089C0'],
    nopassword  => ['blank-password', sambaAcctFlags => '[NU         ]'],
    all         => ['account-disabled', sambaAcctFlags => '[DUL        ]', sambaKickoffTime => '1',
                    sambaPwdLastSet => '0'],
    three       => ['account-locked', sambaAcctFlags => '[LU         ]', sambaKickoffTime => '1',
                    sambaPwdLastSet => '0'],
    twohashes   => ['bad-entry', 'sambaNTPassword;lang-en' => $LdapHttpd::HASH{bob}],
    twoflags    => ['bad-entry', sambaAcctFlags => '[U          ]', 'sambaAcctFlags;lang-en' => '[DU         ]'],
    otherflags  => ['bad-entry', 'sambaAcctFlags;lang-en' => '[DU         ]'],
    twoends     => ['bad-entry', sambaKickoffTime => '4000000000', 'sambaKickoffTime;lang-de' => '1'],
    twonames    => ['ok', uid => ['twonames', '2names']],
    optname     => ['ok', 'uid;lang-en' => 'other'],
    two         => ['account-expired', sambaKickoffTime => '1', krbPasswordExpiration => '20200101000000Z'],
);

sub person_in_state {
    my ($user) = @_;
    my ($status, @more) = @{$STATES{$user}};
    return Slapd::person($user, sambaNTPassword => $RIGHT, @more);
}

my $slapd = Slapd->new(
    modules => ['ppolicy'],
    conf    => "overlay ppolicy\n",
    entries => [map { person_in_state($_) } sort keys %STATES],
)->start;
my $url   = $slapd->search_url('ldap');
my $httpd = LdapHttpd->new(credentials => [LdapHttpd::ldap($url)])->start;
my $none  = LdapHttpd->new(credentials => [LdapHttpd::ldap($url, 'state=none')])->start;

my ($unlike) = $httpd->login('plain', $LdapHttpd::HASH{wrong});
for my $user (sort keys %STATES) {
    my $status = $STATES{$user}[0];
    my $hash   = $user eq 'blank' ? '31d6cfe0d16ae931b73c59d7e0c089c0' : $RIGHT;
    my $wanted = $status eq 'ok' ? '200 ok' : "401 $status";
    is $httpd->verdict($user, $hash), $wanted, "$user: $status, when the password is right";
    is $httpd->verdict($user, $LdapHttpd::HASH{wrong}), $status eq 'bad-entry' ? $wanted : '401 wrong-password',
        '... wrong-password when it is not' if $user ne 'blank';
    my ($r) = $httpd->login($user, $hash);
    is $r->seen_by_client, $unlike->seen_by_client, '... the client sees a wrong password' if $status ne 'ok';
    next if $status eq 'blank-password' || $user eq 'twohashes';
    is $none->verdict($user, $hash), '200 ok', '... state=none lets in';
    is $none->verdict($user, $LdapHttpd::HASH{wrong}), '401 wrong-password', '... not with a wrong password';
}
is $none->verdict('twohashes', $RIGHT), '401 bad-entry', 'two hashes are none, state=none or not';
is $none->verdict('blank', '31d6cfe0d16ae931b73c59d7e0c089c0'), '401 blank-password',
    'a password that is empty never logs in, state=none or not';

# ---- it follows the directory ----
$httpd = LdapHttpd->new(credentials => [LdapHttpd::ldap($url, 'cache=0')])->start;
is $httpd->verdict('plain', $RIGHT), '200 ok', 'an account that is well';
$slapd->set('plain', sambaAcctFlags => '[DU         ]');
is $httpd->verdict('plain', $RIGHT), '401 account-disabled', '... is disabled';
$slapd->set('plain', sambaAcctFlags => '[U          ]');
is $httpd->verdict('plain', $RIGHT), '200 ok', '... and enabled again';

done_testing;
