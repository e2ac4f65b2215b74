#!/usr/bin/perl
# A name that a client sends is looked for as it is, whatever signs it holds; the account is
# called what the directory calls it.
use strict;
use warnings;
use utf8;
use Encode qw(encode);
use FindBin qw($Bin);
use lib "$Bin/../lib";
use LdapHttpd;
use Test::More;

plan skip_all => LdapHttpd::missing() if LdapHttpd::missing();

my %HASH  = %LdapHttpd::HASH;
my $slapd = Slapd->new(entries => [
    Slapd::person('Alice', uid => ['Alice', 'asmith'], sambaNTPassword => $HASH{alice}),
    Slapd::person('twin', sambaNTPassword => $HASH{bob}),
    Slapd::person('twin', sambaNTPassword => $HASH{bob}, dn => "cn=twin2,$Slapd::PEOPLE", cn => 'twin2'),
    Slapd::person('carol', sambaNTPassword => $HASH{bob}, sambaDomainName => 'CORP'),
    Slapd::person(encode('UTF-8', 'jürgen'), sambaNTPassword => $HASH{bob}),
    Slapd::person('dora@home.test', sambaNTPassword => $HASH{bob}),
    Slapd::person('a*(b)', sambaNTPassword => $HASH{bob}, dn => "cn=odd,$Slapd::PEOPLE", cn => 'odd'),
    Slapd::person('a\\b', sambaNTPassword => $HASH{bob}, dn => "cn=back,$Slapd::PEOPLE", cn => 'back'),
    Slapd::person('CORP\\erin', sambaNTPassword => $HASH{bob}, dn => "cn=erin,$Slapd::PEOPLE", cn => 'erin'),
    Slapd::person('blank ', sambaNTPassword => $HASH{bob}, dn => "cn=blank,$Slapd::PEOPLE", cn => 'blank'),
    Slapd::person(encode('UTF-8', "\x{200b}zoe"), sambaNTPassword => $HASH{bob}, dn => "cn=zoe,$Slapd::PEOPLE", cn => 'zoe'),
    Slapd::person('frank', uid => ['frank', 'CORP\\frank'], sambaNTPassword => $HASH{bob}),
    Slapd::person('gina', sambaDomainName => 'CO\\RP', sambaNTPassword => $HASH{bob}),
    Slapd::person('h*', sambaNTPassword => $HASH{bob}, dn => "cn=star,$Slapd::PEOPLE", cn => 'star'),
    Slapd::person('harry', sambaNTPassword => $HASH{bob}),
    Slapd::person('outside', dn => "uid=outside,ou=services,$Slapd::BASE", sambaNTPassword => $HASH{bob}),
])->start;

sub httpd {
    my (@options) = @_;
    return LdapHttpd->new(
        modules     => ['headers'],
        before      => qq{LimitRequestFieldSize 65536\nHeader always set X-User "expr=%{REMOTE_USER}"\n},
        credentials => [LdapHttpd::ldap($slapd->search_url('ldap'), @options)],
    )->start;
}
my $httpd = httpd();

# Status and REMOTE_USER.
sub who {
    my ($server, $user, $hash, %opt) = @_;
    my ($r) = $server->login($user, $hash, %opt);
    return join ' ', $r->status, $r->header('X-User') // '';
}

# ---- names that would be filters ----
# A filter for one uid, its value without any sign that a filter is made of.
sub is_one_name { return $_[0] =~ /^(?:\(&\(objectClass=\*\))?\(uid=[^()*]+\)\)?$/ }

my @NAMES = ('*', ')(uid=*', 'alice)(uid=*', '*)(uid=alice', 'alice*', '(alice)', '\\2a', 'Alice\\', '&', '|(uid=alice',
    'alice,ou=people,dc=test', "alic\x{435}");
for my $name (@NAMES) {
    my $before = () = $slapd->searches;
    my $shown  = $name =~ s/([^ -~])/sprintf '\\x{%x}', ord $1/ger;
    is $httpd->verdict($name, $HASH{alice}), '401 no-such-user', "'$shown' is nobody";
    my @filters = $slapd->searches;
    splice @filters, 0, $before;
    is_deeply [grep { !is_one_name($_) } @filters], [], '... and no filter of its own';
}
for my $name ("ali\nce", "\x{1}", "alice\0", "\0", "alice\0)(uid=*", 'a' x 4096, '*' x 4096) {
    my $before = () = $slapd->searches;
    my ($r) = $httpd->login($name, $HASH{alice});
    is $r->status, 401, 'a name with NUL or another control character, or of 4 KB, is refused';
    is scalar(my @now = $slapd->searches), $before, '... without a search';
}
is who($httpd, 'a*(b)', $HASH{bob}) =~ s/ .*//r, '200', 'a name of signs is found when it is one' or diag $httpd->error_log;
is who($httpd, 'h*', $HASH{bob}), '200 h*', 'so is one with a star';

# ---- names that no account has ----
for my $name ('a\\b', 'CORP\\erin', 'blank', 'blank ') {
    is $httpd->verdict($name, $HASH{bob}), '401 bad-entry', "the entry of '$name' is refused";
}
is scalar(my @backslash = $httpd->error_log =~ /look at its uid .*a name in a directory holds no '\\\\'/g), 2, '... with the reason: \\';
like $httpd->error_log, qr/look at its uid .*a name cannot begin or end with a blank/, '... and a blank';
like $httpd->verdict("\x{200b}zoe", $HASH{bob}), qr/^401 malformed/, 'what is not seen is not even looked for';
is who($httpd, 'frank', $HASH{bob}), '200 frank', 'another name of an entry is no obstacle';
is $httpd->verdict('gina', $HASH{bob}), '401 bad-entry', 'nor has a domain a \\';

# ---- two entries ----
is $httpd->verdict('twin', $HASH{bob}),   '401 ambiguous-user', 'two entries are no choice';
is $httpd->verdict('twin', $HASH{wrong}), '401 ambiguous-user', '... whatever the password';
is $httpd->verdict('outside', $HASH{bob}), '401 no-such-user', 'an entry outside the base is none';
my ($twin)  = $httpd->login('twin', $HASH{bob});
my ($nobody) = $httpd->login('nobody', $HASH{bob});
is $twin->seen_by_client, $nobody->seen_by_client, '... and the client sees no difference';

# ---- what the account is called ----
is who($httpd, $_, $HASH{alice}), '200 Alice', "$_ is Alice" for qw(alice ALICE Alice);
is who($httpd, 'ASmith', $HASH{alice}), '200 asmith', 'the other name of hers is what she came with';
is who($httpd, 'JÜRGEN', $HASH{bob}), encode('UTF-8', '200 jürgen'), 'capitals outside ASCII';
is who($httpd, 'dora@home.test', $HASH{bob}), '200 dora@home.test', 'a name that holds an @ is found whole';
is who($httpd, 'dora', $HASH{bob}), '401 ', '... only whole';

# ---- domains ----
is who($httpd, 'carol', $HASH{bob}, domain => $_), '200 carol', "carol of '$_'" for 'CORP', 'corp', '';
is who($httpd, 'CORP\\carol', $HASH{bob}), '200 carol', 'the domain may stand in the name';
is $httpd->verdict('carol', $HASH{bob}, domain => 'OTHER'), '401 no-such-user', 'another domain has no carol';
is $httpd->verdict('OTHER\\carol', $HASH{bob}), '401 no-such-user', '... nor in the name';
is who($httpd, 'alice', $HASH{alice}, domain => 'OTHER'), '200 Alice', 'an entry without a domain is in any';

my $home = httpd("domain=HOME\n    NTLMUserFormat domain\\user");
is who($home, 'alice', $HASH{alice}, domain => 'home'), '200 HOME\\Alice', 'domain= is the domain of all entries';
is $home->verdict('alice', $HASH{alice}, domain => 'OTHER'), '401 no-such-user', '... no other one';
is who($home, 'carol', $HASH{bob}, domain => 'HOME'), '200 HOME\\carol', '... even of those that name another';

done_testing;
