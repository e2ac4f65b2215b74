package Slapd;

# A private slapd in a temporary folder, on loopback ports of its own, known once it has started.
#
#   my $slapd = Slapd->new;                     # $PEOPLE are in it: alice and bob
#   my $slapd = Slapd->new(entries => [Slapd::person('alice', sambaNTPassword => $hash)]);
#   my $slapd = Slapd->new(certificate => 'expired', acl => "...", conf => "...", access => "...");
#   my $replica = Slapd->new(replica_of => $slapd);
#   $slapd->start; $slapd->stop; $slapd->kill; $slapd->hang; $slapd->go_on;
#   $slapd->url('ldaps'), $slapd->change($ldif), $slapd->searches, $slapd->new_searches
#
# It is stopped by itself at the end, by its pid, also when the test dies.

use strict;
use warnings;
use Cwd qw(abs_path);
use File::Basename qw(dirname);
use File::Temp qw(tempdir);
use Ldif;    # entry, person, people: Slapd::person(...)
use MIME::Base64 qw(encode_base64);
use POSIX ();
use Port;
use TestCA;
use Time::HiRes qw(sleep time);

my $TOP   = dirname(dirname(dirname(abs_path(__FILE__))));
my $SLAPD = '/usr/sbin/slapd';
# The only one that may read the hash is the service.
our $ACCESS = <<"TEXT";
access to attrs=sambaNTPassword,ipaNTHash by dn.exact="$SERVICE" read by * none
access to attrs=userPassword by anonymous auth by * none
access to * by users read by * none
TEXT

# Why there can be no slapd here, or nothing.
sub missing {
    return 'there is no slapd (package slapd)' if !-x $SLAPD;
    return 'there are no ldapmodify and ldapsearch (package ldap-utils)' if !-x '/usr/bin/ldapmodify';
    return TestCA::missing();
}

sub new {
    my ($class, %opt) = @_;
    my $self = bless {certificate => 'good', entries => [people()], access => $ACCESS, conf => '',
        modules => [], %opt}, $class;
    $self->{dir} = tempdir('ntlm-slapd-XXXXXX', TMPDIR => 1, CLEANUP => 1);
    chmod 0755, $self->{dir};
    mkdir "$self->{dir}/db", 0700;
    $self->write('slapd.conf', $self->configuration, 0600);
    $self->load(Ldif::base_entries(), @{$self->{entries}}) if !$self->{replica_of};
    return $self;
}

# ---- configuration ----

sub load {
    my ($self, @entries) = @_;
    my $ldif = $self->write('load.ldif', join("\n", @entries), 0600);
    my $said = `/usr/sbin/slapadd -q -f $self->{dir}/slapd.conf -l $ldif 2>&1`;
    die "slapadd: $said" if $?;
    unlink $ldif;
    return;
}

sub configuration {
    my ($self) = @_;
    my $ca = TestCA->instance;
    my $modules = join '', map { "moduleload $_\n" } qw(back_mdb syncprov), @{$self->{modules}};
    return <<"TEXT" . $self->syncrepl . $self->{conf} . "\n";
include /etc/ldap/schema/core.schema
include /etc/ldap/schema/cosine.schema
include /etc/ldap/schema/nis.schema
include /etc/ldap/schema/inetorgperson.schema
include $TOP/t/ldap/samba.schema
include $TOP/t/ldap/freeipa.schema
modulepath /usr/lib/ldap
$modules
TLSCACertificateFile @{[$ca->certificate('ca')]}
TLSCertificateFile @{[$ca->certificate($self->{certificate})]}
TLSCertificateKeyFile @{[$ca->key($self->{certificate})]}
TLSVerifyClient try
authz-regexp "^gidNumber=[0-9]*[+]uidNumber=[0-9]*,cn=peercred,cn=external,cn=auth\$" "$SERVICE"
authz-regexp "^cn=client,o=tests\$" "$SERVICE"
database mdb
maxsize 1073741824
suffix $BASE
rootdn $ADMIN
rootpw "$PASSWORD"
directory $self->{dir}/db
index objectClass,uid,entryUUID,entryCSN eq
dbnosync
$self->{access}
TEXT
}

sub syncrepl {
    my ($self) = @_;
    my $provider = $self->{replica_of} or return "overlay syncprov\n";
    my $url = $provider->url('ldap');
    return <<"TEXT";
syncrepl rid=1 provider=$url bindmethod=simple binddn="$ADMIN" credentials="$PASSWORD"
 searchbase="$BASE" type=refreshAndPersist retry="1 +"
updateref $url
TEXT
}

sub write {
    my ($self, $name, $content, $mode) = @_;
    my $path = "$self->{dir}/$name";
    open my $out, '>:raw', $path or die "$path: $!\n";
    chmod $mode // 0644, $path;
    print {$out} $content;
    close $out or die "$path: $!\n";
    return $path;
}

# ---- life ----

sub start {
    my ($self) = @_;
    my ($pid, @ports) = Port::serve(
        run  => sub { $self->run(@_) },
        said => sub { $self->log },
        $self->{port} ? (at => [@{$self->{port}}{qw(ldap ldaps)}]) : (ports => 2),
    );
    $self->{pid} = $pid;
    $self->wait_for('slapd has not finished its start', sub { substr($self->log, $self->{before}) =~ /slapd starting/ });
    return $self;
}

sub run {
    my ($self, @ports) = @_;
    @{$self->{port}}{qw(ldap ldaps)} = @ports;
    $self->{before} = length $self->log;
    my $urls = join ' ', map { $self->url($_) } qw(ldap ldaps ldapi);
    my $pid = fork // die "fork: $!\n";
    return $pid if $pid;
    open STDERR, '>>', "$self->{dir}/log";
    open STDOUT, '>&', \*STDERR;
    exec $SLAPD, '-d', 'stats', '-h', $urls, '-f', "$self->{dir}/slapd.conf" or POSIX::_exit(1);
}

sub wait_for {
    my ($self, $what, $is_so) = @_;
    my $deadline = time + Port::PATIENCE;
    while (time < $deadline) {
        return if $is_so->();
        sleep 0.02;
    }
    die "$what\n" . $self->log;
}

sub send_signal {
    my ($self, $signal) = @_;
    kill $signal => $self->{pid} if $self->{pid};
    return;
}

sub end {
    my ($self, $signal) = @_;
    my $pid = delete $self->{pid} or return;
    return Port::stop($pid, $signal);
}

sub stop  { return $_[0]->end('TERM') }
sub kill_ { return $_[0]->end('KILL') }
sub hang  { return Port::halt($_[0]{pid}) }
sub go_on { return $_[0]->send_signal('CONT') }

# ---- what it is asked ----

sub dir { return $_[0]{dir} }

sub host {
    my ($self, $scheme) = @_;
    return "127.0.0.1:$self->{port}{$scheme}" if $scheme ne 'ldapi';
    return "$self->{dir}/ldapi" =~ s{/}{%2F}gr;
}

sub url { my ($self, $scheme) = @_; return "$scheme://" . $self->host($scheme) }

# For NTLMCredentials: the servers (this one and others), base, attribute, scope and filter.
sub search_url {
    my ($self, $scheme, @others) = @_;
    return "$scheme://" . join(' ', map { $_->host($scheme) } $self, @others) . "/$PEOPLE?uid?sub";
}

sub tool {
    my ($self, $tool, $input, @args) = @_;
    my $file = $self->write('input.ldif', $input, 0600);
    my $args = join ' ', map { "'$_'" } @args;
    my $said = `$tool -H @{[$self->url('ldap')]} $args <$file 2>&1`;
    return ($? == 0, $said);
}

# Whether it knows somebody: a replica takes a moment.
sub knows {
    my ($self, $uid) = @_;
    my (undef, $said) = $self->tool('ldapsearch', '', '-LLL', '-x', '-D', $ADMIN, '-w', $PASSWORD,
        '-b', $PEOPLE, "uid=$uid", 'uid');
    return $said =~ /^uid: $uid$/m;
}

# Changes the directory: LDIF with changetype, as the administrator.
sub change {
    my ($self, @ldif) = @_;
    my ($ok, $said) = $self->tool('ldapmodify', join("\n", @ldif), '-x', '-D', $ADMIN, '-w', $PASSWORD, '-c');
    die "ldapmodify: $said" if !$ok;
    return;
}

sub set {
    my ($self, $uid, $attribute, $value) = @_;
    my $new = defined $value ? "${attribute}:: " . encode_base64($value, '') . "\n" : '';
    return $self->change("dn: uid=$uid,$PEOPLE\nchangetype: modify\nreplace: $attribute\n$new");
}

sub add    { my ($self, @entries) = @_; return $self->change(map { s/\n/\nchangetype: add\n/r } @entries) }
sub delete { my ($self, $uid) = @_; return $self->change("dn: uid=$uid,$PEOPLE\nchangetype: delete\n") }

sub log {
    my ($self) = @_;
    open my $in, '<:raw', "$self->{dir}/log" or return '';
    local $/;
    return <$in> // '';
}

# The filters of the searches for people, as slapd logs them.
sub searches {
    my ($self) = @_;
    my @filters = $self->log =~ /SRCH base="\Q$PEOPLE\E" scope=\d deref=\d filter="(.*)"$/mg;
    return @filters;
}

# How many of them, and of searches for groups, there were since this was asked last.
sub new_searches {
    my ($self) = @_;
    open my $in, '<:raw', "$self->{dir}/log" or return 0;
    seek $in, $self->{seen} // 0, 0;
    my $count = grep { /SRCH base="(?:\Q$PEOPLE\E|\Q$GROUPS\E)"/ } <$in>;
    $self->{seen} = tell $in;
    return $count;
}

sub DESTROY {
    my ($self) = @_;
    local ($?, $@);
    $self->end('KILL');
    return;
}

1;
