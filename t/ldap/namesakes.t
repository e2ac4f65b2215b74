#!/usr/bin/perl
# Where REMOTE_USER has no domain, users of two domains may have one name, and directories cannot
# be listed: one of them logs in, and the other is refused rather than taken for him.
use strict;
use warnings;
use FindBin qw($Bin);
use lib "$Bin/../lib";
use LdapHttpd;
use Test::More;

plan skip_all => LdapHttpd::missing() if LdapHttpd::missing();

my %HASH = %LdapHttpd::HASH;
my $file = 'file passwords';
my (%slapd, %ldap);
for my $domain (qw(ONE TWO)) {
    $slapd{$domain} = Slapd->new(entries => [map { Slapd::person($_, sambaNTPassword => $HASH{bob}, sambaDomainName => $domain) }
        'bob', "only$domain"])->start;
    $ldap{$domain} = LdapHttpd::ldap($slapd{$domain}->search_url('ldap'), 'timeout=3 cache=0');
}

# With those sources: a sub that gives the status in the log and REMOTE_USER.
sub httpd_with {
    my ($format, @credentials) = @_;
    my $httpd = LdapHttpd->new(
        modules     => ['headers'],
        before      => qq{Header always set X-User "expr=%{REMOTE_USER}"\n},
        credentials => \@credentials,
        passwords   => "CORP\\bob:$HASH{alice}\nCORP\\carl:$HASH{alice}\n",
        within      => "NTLMUserFormat $format",
    )->start;
    return sub {
        my ($r, $c) = $httpd->login(@_);
        return $httpd->logged($c) . ' ' . ($r->status == 200 ? $r->header('X-User') : '-');
    };
}

for my $credentials ([$file, $ldap{TWO}], [$ldap{TWO}, $file]) {
    my $who = httpd_with('user', @$credentials);
    is $who->('TWO\\bob',  $HASH{bob}),   'ok bob',           "user, @$credentials: bob of the directory";
    is $who->('CORP\\bob', $HASH{alice}), 'ambiguous-user -', '... the bob of the file is not he';
    is $who->('CORP\\carl',    $HASH{alice}), 'ok carl',    '... who has no namesake logs in';
    is $who->('TWO\\onlyTWO', $HASH{bob}),   'ok onlyTWO', '... in the directory, too';
}
for my $format ('store', 'user') {
    my $who = httpd_with($format, $ldap{ONE}, $ldap{TWO});
    is $who->('ONE\\bob', $HASH{bob}), 'ok bob',           "$format, two directories: bob of the first one";
    is $who->('TWO\\bob', $HASH{bob}), 'ambiguous-user -', '... the bob of the second one is not he';
    is $who->('TWO\\onlyTWO', $HASH{bob}), 'ok onlyTWO', '... who has no namesake logs in';
}
my $who = httpd_with('domain\\user', $file, $ldap{ONE}, $ldap{TWO});
is $who->("$_->[0]\\bob", $HASH{$_->[1]}), "ok $_->[0]\\bob", "domain\\user: all three have names: $_->[0]"
    for ['CORP', 'alice'], ['ONE', 'bob'], ['TWO', 'bob'];
$who = httpd_with('store', $file, $ldap{TWO});
is $who->('CORP\\bob', $HASH{alice}), 'ok CORP\\bob', 'store: the file spells its domain';
is $who->('TWO\\bob',  $HASH{bob}),   'ok bob',       '... the directory none';
my $before = $slapd{TWO}->searches;
is $who->('TWO\\bob', $HASH{bob}), 'ok bob', '... which is sure';
is $slapd{TWO}->searches - $before, 2, '... without a search beside the two of the login';

$who = httpd_with('user', $file, $ldap{TWO});
$slapd{TWO}->kill_;
is $who->('CORP\\carl', $HASH{alice}), 'backend-down -', 'while a directory is down, nobody knows whether it has a namesake';
done_testing;
