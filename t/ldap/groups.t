#!/usr/bin/perl
# Groups of accounts in a directory: groups= (memberOf) and groupbase= (posixGroup) fill NTLM_GROUPS
# and decide Require ntlm-group, by whole DNs. They are remembered with the account, a login
# whose groups change ends, and what cannot be told in whole refuses.
use strict;
use warnings;
use FindBin qw($Bin);
use lib "$Bin/../lib";
use LdapHttpd;
use LogLines;
use Test::More;
use Time::HiRes qw(sleep);

plan skip_all => LdapHttpd::missing() if LdapHttpd::missing();
plan skip_all => 'there is no memberof.so (package slapd)' if !-e '/usr/lib/ldap/memberof.so';

my $HASH = $LdapHttpd::HASH{alice};
my %DN   = map { $_ => "cn=$_,$Slapd::GROUPS" } qw(staff readers), 'a, b', '100%';
$DN{'a, b'} = "cn=a\\2C b,$Slapd::GROUPS";
my @POSIX = (cn => 'Somebody', uidNumber => 1000, homeDirectory => '/', objectClass => [qw(inetOrgPerson sambaSamAccount posixAccount)]);

sub person { my ($uid, @more) = @_; return Slapd::person($uid, sambaNTPassword => $HASH, @more) }
sub of_posix {
    my ($uid, $gid) = @_;
    return Slapd::entry("uid=$uid,$Slapd::PEOPLE", @POSIX, uid => $uid, sn => 'Body', sambaSID => 'S-1-5-21-1-2-3-1000',
        gidNumber => $gid, sambaNTPassword => $HASH);
}
sub posix_group {
    my ($name, $gid, @members) = @_;
    return Slapd::entry("cn=$name,$Slapd::GROUPS", objectClass => 'posixGroup', cn => $name, gidNumber => $gid,
        @members ? (memberUid => [@members]) : ());
}
sub long_dns { my ($count) = @_; return [map { sprintf 'cn=a group with the number %05d,%s', $_, $Slapd::GROUPS } 1 .. $count] }

my $slapd = Slapd->new(
    modules => ['memberof'],
    conf    => "overlay memberof\nmemberof-dangling ignore\n",
    entries => [
        (map { person($_) } qw(alice bob changed cached)),
        person('many',    seeAlso => long_dns(300)),
        person('most',    seeAlso => long_dns(148)),
        person('strange', description => ["two\nlines", 'a,b', '100%', "J\xC3\xBCrgen"]),
        person('bytes',   jpegPhoto => "cn=\xFF"),
        person('part',    description => 'cn=a', 'description;lang-en' => 'cn=b'),
        of_posix('petra', 10), of_posix('lonely', 11), of_posix('paul', 12),
        posix_group('users', 10), posix_group('wheel', 20, qw(petra alice)), posix_group('others', 30, 'PETRA'), posix_group('minus one', 4294967295),
        map({ posix_group("crowd$_", 100 + $_, 'paul') } 1 .. 30),
    ],
)->start;
my %members = (staff => [qw(alice changed cached)], readers => ['alice'], 'a, b' => ['alice'], '100%' => ['alice']);
$slapd->add(Slapd::entry($DN{$_}, objectClass => 'groupOfNames', cn => $_, member => [map { "uid=$_,$Slapd::PEOPLE" } @{$members{$_}}]))
    for sort keys %members;

my %SOURCES = (
    member  => 'groups=memberOf cache=600',
    posix   => "groupbase=$Slapd::GROUPS cache=600",
    both    => "groups=memberOf groupbase=$Slapd::GROUPS cache=0",
    brief   => 'groups=memberOf cache=1',
    seealso => 'groups=seeAlso cache=600',
    text    => 'groups=description cache=0',
    photo   => 'groups=jpegPhoto cache=0',
    gone    => "groupbase=ou=nowhere,$Slapd::BASE cache=0",
    none    => 'cache=600',
);
sub place {
    my ($name) = @_;
    my $line = 'NTLMCredentials ' . LdapHttpd::ldap($slapd->search_url('ldap'), $SOURCES{$name});
    return <<"TEXT";
<Location "/$name">
    $line
</Location>
<Location "/$name/staff">
    Require ntlm-group "\U$DN{staff}\E"
</Location>
<Location "/$name/cn">
    Require ntlm-group staff "cn=staff"
</Location>
<Location "/$name/not">
    <RequireAll>
        Require valid-user
        Require not ntlm-group "$DN{staff}"
    </RequireAll>
</Location>
TEXT
}
my $httpd = LdapHttpd->new(modules => ['cgid', 'alias'], credentials => ['file none'], passwords => '',
    before => qq{ScriptAliasMatch "^/\\w+/\\w*\$" "\@DIR\@/echo"\nCustomLog \@DIR\@/groups.log "%U %s %{env:NTLM_GROUPS}^JS"\n});
$httpd->{text} =~ s/NTLMCredentials file none//;
$httpd->{text} .= join '', map { place($_) } sort keys %SOURCES;
$httpd->write('echo', "#!/bin/sh\necho Content-Type: text/plain\necho\necho the protected page\nenv | grep -a ^NTLM_\n", 0755);
$httpd->start;

# What a program is told, taken apart again: the status, and the names.
sub names_in {
    my ($r) = @_;
    return $r->status if $r->status != 200;
    my ($text) = $r->body =~ /^NTLM_GROUPS=(.*)$/m or return 'none';
    return join ' | ', map { s/%([0-9A-F]{2})/chr hex $1/egr } split /,/, $text;
}
sub groups { my ($place, $user, @more) = @_; return names_in(($httpd->login($user, $HASH, path => "/$place/", @more))[0]) }
sub status { my ($path, $user) = @_; return ($httpd->login($user, $HASH, path => $path))[0]->status }
sub line { my ($status) = @_; return (grep { / ntlm: $status: / } split /\n/, $httpd->error_log)[-1] // '' }
sub searches_of { my ($code) = @_; $slapd->new_searches; $code->(); return $slapd->new_searches }

# ---- memberOf ----
my $ALL = join ' | ', sort @DN{qw(100% readers staff), 'a, b'};
is groups('member', 'alice'), $ALL, 'memberOf: the whole DNs, each once';
is groups('member', 'bob'), 'none', '... of nobody who is in none';
is groups('none', 'alice'), 'none', '... nor where nothing is said of groups';
is status('/member/staff', 'alice'), 200, 'Require ntlm-group: a DN in any case';
is status('/member/cn', 'alice'), 403, '... but never a CN';
like +(LogLines->new($httpd, 'groups.log')->next(10))[-1], qr{^/member/cn 403 ".*,cn=staff%2C[^,]*"$}, '... an access log shows his groups';
is status('/member/staff', 'bob'), 403, '... and only who is in it';
is status('/member/not', 'alice'), 403, 'Require not ntlm-group refuses who is in it';
is status('/member/not', 'bob'), 200, '... and no other';
is status('/none/staff', 'alice'), 403, 'where nothing is said of groups nobody is in one';

# ---- one search, and remembered ----
is searches_of(sub { groups('member', 'cached') }), 1, 'memberOf comes with the entry that is searched for anyway';
is searches_of(sub { is groups('member', 'CACHED'), $DN{staff}, 'the groups are remembered with the account' }), 0, '... without a search';
is searches_of(sub { is groups('posix', $_), $_ eq 'nobody' ? 401 : 'none', "posixGroup: $_" for qw(bob nobody) }), 4,
    'posixGroup is a second search, whoever is known';

# ---- posixGroup ----
my %POSIX = map { $_ => "cn=$_,$Slapd::GROUPS" } qw(users wheel others);
is groups('posix', 'petra'), "$POSIX{users} | $POSIX{wheel}", 'posixGroup: those that list the user, and the primary one';
is groups('posix', 'PETRA'), "$POSIX{users} | $POSIX{wheel}", '... by the name as the directory spells it';
is groups('posix', 'lonely'), 'none', '... and none for whom nothing lists';
is groups('both', 'alice'), join(' | ', sort @DN{qw(100% readers staff), 'a, b'}, $POSIX{wheel}), 'both options: all of them';
is groups('gone', 'alice'), 503, 'a base that is not there: nobody can say';
like $httpd->error_log, qr/search: No such object: the base is not there/, '... and the log says why';
is groups('gone', 'nobody'), 503, '... of nobody, either';

# ---- what changes ----
my $c = $httpd->log_in('changed', $HASH, path => '/brief/');
is names_in($c->get('/brief/')), $DN{staff}, 'a login has its groups';
$slapd->change("dn: $DN{staff}\nchangetype: modify\ndelete: member\nmember: uid=changed,$Slapd::PEOPLE\n");
ok scalar(LdapHttpd::within(20, sub { $c->get('/brief/')->status == 401 })), '... and ends when they change';
like line('login-ended'), qr/user=changed .*: its account, password or groups were changed$/, '... which the log says';
is groups('brief', 'changed'), 'none', 'the next one has the new ones';
is status('/brief/staff', 'changed'), 403, '... which count';
my $stays = $httpd->log_in('alice', $HASH, path => '/brief/');
sleep 1.3;
is $stays->get('/brief/')->status, 200, 'a login whose groups are the same stays' for 1 .. 2;

# ---- what cannot be told ----
ok groups('seealso', 'most') eq join(' | ', @{long_dns(148)}), $_ for 'nearly 8 KiB are told', '... also from memory';
for my $case (['seealso', 'many', 'more than 8 KiB'], ['seealso', 'many', 'the same from memory'], ['photo', 'bytes', 'what is no text'],
    ['text', 'part', 'a part of the values']) {
    my ($place, $user, $what) = @$case;
    is groups($place, $user), 'none', "$what: no NTLM_GROUPS";
    like line('ok'), qr/user=$user .*: not all of its groups are known: there is no NTLM_GROUPS$/, '... which the login says';
    is status("/$place/$_", $user), 403, "... Require ntlm-group refuses: $_" for qw(staff not);
    like line('not-authorized'), qr/user=$user .*: its groups are not known in whole$/, '... and says why';
}
is groups('text', 'strange'), join(' | ', sort "two\nlines", 'a,b', '100%', "J\xC3\xBCrgen"), 'names with anything in them come back whole';

# A directory that tells fewer than there are.
my $few = Slapd->new(conf => "sizelimit 10\n", entries => [of_posix('paul', 12), of_posix('petra', 12),
    posix_group('wheel', 20, 'petra'), map { posix_group("crowd$_", 100 + $_, 'paul') } 1 .. 30])->start;
my $other = LdapHttpd->new(credentials => [LdapHttpd::ldap($few->search_url('ldap'), "groupbase=$Slapd::GROUPS")],
    within => "</Location>\n<Location \"/not\">\n<RequireAll>\nRequire valid-user\nRequire not ntlm-group \"$DN{staff}\"\n</RequireAll>");
$other->write('htdocs/not', "the protected page\n");
$other->start;
is(($other->login('petra', $HASH, path => '/not'))[0]->status, 200, 'a limit of the directory that is not reached');
is(($other->login('paul', $HASH, path => '/not'))[0]->status, 403, '... and one that is');
like $other->error_log, qr/ntlm: not-authorized: user=paul .*: its groups are not known in whole$/m, '... which the log says';

done_testing;
