#!/usr/bin/perl
# support/samba-export on a Samba AD domain controller: who may log in now, and nobody else; and
# conf/ntlm-sync.service, which makes a password file of it.
use strict;
use warnings;
use utf8;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Encode qw(encode);
use Passwd qw(get put run run_command tool);
use PrivateHttpd;
use SambaDC;
use Test::More;

plan skip_all => SambaDC::missing() if SambaDC::missing();
binmode Test::More->builder->$_, ':utf8' for qw(output failure_output todo_output);

my $dc = SambaDC->new;
my $HASH = qr/[0-9a-f]{32}/;
my %password = map { $_ => "the password of $_" } qw(alice bob jürgen inner expired must disabled locked smart protected lost), '#odd';
$dc->add((map { $_ => $password{$_}, undef } grep { $_ ne 'lost' } sort keys %password), 'WEB$' => 'a machine', undef);
$dc->tool(qw(user setexpiry expired --days=0));
$dc->tool(qw(user disable disabled));
$dc->tool(qw(user setpassword must --must-change-at-next-login), "--newpassword=$password{must}");
my ($smart, $protected, $inner, $alice) = map { $dc->dn($_) } qw(smart protected inner alice);
$dc->modify(<<"LDIF");
dn: $smart
changetype: modify
replace: userAccountControl
userAccountControl: 262656

dn: @{[$dc->dn('Protected Users')]}
changetype: modify
add: member
member: $protected

dn: @{[$dc->dn('inner group')]}
changetype: add
objectClass: group
sAMAccountName: inner group
member: $inner

dn: @{[$dc->dn('web (users)')]}
changetype: add
objectClass: group
sAMAccountName: web (users)
member: $alice
member: @{[$dc->dn('inner group')]}
member: @{[$dc->dn('expired')]}
LDIF
# Who must change a password that never expires need not.
$dc->add('service', 'a service', undef);
$dc->modify("dn: @{[$dc->dn('service')]}\nchangetype: modify\nreplace: userAccountControl\nuserAccountControl: 66048\n-\nreplace: pwdLastSet\npwdLastSet: 0\n");
is join(' ', $dc->log_ins(alice => $password{alice}, (locked => 'wrong') x 4, locked => $password{locked},
    bob => $password{bob}, expired => $password{expired}, must => $password{must}, disabled => $password{disabled}, service => 'a service')),
    '1 0 0 0 0 0 1 0 0 0 1', 'the domain controller itself lets alice and bob in, and no one whose account says no';

# ---- the list ----
sub names { my ($got) = @_; return join ' ', $got->{out} =~ /^([^:]*):$HASH$/mg }

my $all = $dc->export;
is $all->{code}, 0, 'an export';
is names($all), encode('UTF-8', 'Administrator alice bob dns-dc1 inner jürgen service'), '... of those who may log in';
is scalar(() = $all->{out} =~ /\n/g), 7, '... and nothing else';
for my $why ('disabled', 'expired', 'locked', 'must change the password', 'smart card only', 'in Protected Users',
    'a name that no password file can hold')
{
    like $all->{err}, qr/^samba-export: left out: \d+ \(\Q$why\E\)$/m, "... says that somebody is left out: $why";
}
like $all->{err}, qr/^samba-export: 7 accounts$/m, '... and how many there are';
unlike $all->{err}, $HASH, '... no hash';
unlike $all->{err}, qr/no NT hash|nt hash store/, '... nothing of hashes that are missing';
for my $group ('web (users)', $dc->dn('web (users)')) {
    is names($dc->export('--group', $group)), 'alice inner', "a group that is named $group, with one in it";
}
is names($dc->export('--computers')), encode('UTF-8', 'Administrator DC1$ WEB$ alice bob dns-dc1 inner jürgen service'), 'computers';

# ---- it fails ----
my %bad = (
    'no such group' => [['--group', 'nobody'], qr/there is no group 'nobody'/],
    'no such group by its DN' => [['--group', 'CN=x,DC=ntlm,DC=test'], qr/there is no group/],
    'no group' => [['--group', $dc->dn('alice')], qr/there is no group/],
    'an empty group' => [['--group', 'Backup Operators'], qr/no account may log in/],
    'no directory' => [['-H', $dc->dir . '/none.ldb'], qr/is not there: this runs on a domain controller/],
    'no configuration' => [['-s', $dc->dir . '/none'], qr/configuration/],
);
put $dc->dir . '/broken.ldb', 'nonsense' x 1000;
$bad{'a broken directory'} = [['-H', $dc->dir . '/broken.ldb'], qr/./];
for my $what (sort keys %bad) {
    my ($options, $why) = @{$bad{$what}};
    my $got = $dc->export(@$options);
    is "$got->{code}$got->{out}", 1, "$what: exit 1, and nothing is printed";
    like $got->{err}, $why, '... and it says why';
}
is $dc->export($_)->{code}, 2, "$_ is wrong usage" for '--none', 'more', '--group';
like $dc->export('--help')->{out}, qr/^samba-export - .*--group/s, '--help';
my $full = run_command('', sub { open STDOUT, '>', '/dev/full'; POSIX::dup2(fileno STDOUT, 1) },
    "$FindBin::Bin/../../support/samba-export", '-s', $dc->conf);
is $full->{code}, 1, 'output that cannot be written: exit 1';

# ---- the file, as conf/ntlm-sync.service makes it ----
my ($file, $folder) = ($dc->dir . '/ntlm.passwd', $dc->dir . '/runtime');
mkdir $folder, 0700;
sub sync_by_service {
    my (@more) = @_;
    my ($line) = get("$FindBin::Bin/../../conf/ntlm-sync.service") =~ /^ExecStart=\/bin\/sh -c '(.*)'$/m or die 'no ExecStart';
    $line =~ s{\$\$}{\$}g;
    $line =~ s{/usr/local/sbin/samba-export}{$FindBin::Bin/../../support/samba-export -s @{[$dc->conf]}} or die $line;
    $line =~ s{ntlmpasswd(?= --sync)}{@{[tool(), @more]}} or die $line;
    $line =~ s{/etc/apache2/ntlm.passwd}{$file} or die $line;
    return run_command('', sub { $ENV{RUNTIME_DIRECTORY} = $folder }, '/bin/sh', '-c', $line);
}
put $file, "# of the domain\ngone:" . 'ab' x 16 . "\nalice:" . 'cd' x 16 . "\n";
my $got = sync_by_service();
is $got->{code}, 0, 'the service' or diag $got->{err};
like $got->{err}, qr/^Removed user gone\nChanged user alice\nAdded user Administrator\n.*added 6, changed 1, removed 1/ms, '... says what it did';
is run(encode('UTF-8', "$password{$_}\n"), '-vi', $file, encode('UTF-8', $_))->{code}, 0, "... $_ has the right hash" for qw(alice jürgen inner);

my $httpd = PrivateHttpd->new(text => "\@PROTECTED\@\n");
sub answers_for {
    $httpd->write('passwords', get($file), 0600);
    $httpd->start;
    my %status = map { my $user = $_; $user => ($httpd->curl(encode('UTF-8', $user), $password{$user}, '/'))[0] } @_;
    $httpd->stop;
    return \%status;
}
is_deeply answers_for(qw(alice inner expired must disabled locked smart protected)),
    {alice => 200, inner => 200, map { $_ => 401 } qw(expired must disabled locked smart protected)},
    'httpd lets in whom the domain controller lets in';

$dc->tool(qw(user setexpiry alice --days=0));
$dc->tool(qw(user setexpiry expired --noexpiry));
is sync_by_service()->{code}, 0, 'alice expires, another one does not any more';
is_deeply answers_for(qw(alice expired)), {alice => 401, expired => 200}, '... and httpd follows';
$dc->tool(qw(user setexpiry alice --noexpiry));

# ---- directories that keep no hash ----
for my $lines (['nt hash store = never'], ['nt hash store = auto', 'ntlm auth = disabled']) {
    $dc->configure(@$lines);
    my $early = $dc->export;
    is $early->{code}, 0, "@$lines: those who have a hash are there";
    like $early->{err}, qr/^samba-export: smb.conf says '\Q$lines->[0]\E.*nt hash store = always/m, '... and it is said that they will get lost';
    my $name = "lost$#$lines";
    $dc->add($name => $password{lost}, undef);
    my $late = $dc->export;
    unlike $late->{out}, qr/^$name:/m, '... a new one has none';
    like $late->{err}, qr/^samba-export: left out: ${\(1 + $#$lines)} \(no NT hash\): .*\b$name\b/m, '... which is said, with the names';
}
$dc->tool('user', 'setpassword', 'bob', '--newpassword=Another.1');
is sync_by_service()->{code}, 0, 'bob changes his password there';
unlike get($file), qr/^bob:/m, '... and no older hash of his stays';
$dc->configure('nt hash store = auto');
like $dc->export->{err}, qr/no NT hash.*set the next time/s, 'where they are kept again, those without must change their passwords';

# ---- an export that fails changes nothing ----
my $before = get($file);
rename $dc->sam, $dc->sam . '.away';
$got = sync_by_service();
is $got->{code}, 1, 'without a directory the service fails';
is get($file), $before, '... and the file stays';
rename $dc->sam . '.away', $dc->sam;
put $file, join '', map { "user$_:" . 'ab' x 16 . "\n" } 1 .. 100;
is sync_by_service()->{code}, 8, 'a file of another domain is not emptied';
is sync_by_service('--yes')->{code}, 0, '... but where somebody says so';

done_testing;
