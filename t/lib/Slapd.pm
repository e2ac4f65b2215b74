package Slapd;

# A private slapd in a temporary folder, on loopback ports of its own.
#
#   my $slapd = Slapd->new;                     # $PEOPLE are in it: alice and bob
#   my $slapd = Slapd->new(entries => [Slapd::person('alice', sambaNTPassword => $hash)]);
#   my $slapd = Slapd->new(certificate => 'expired', acl => "...", conf => "...", access => "...");
#   my $replica = Slapd->new(replica_of => $slapd);
#   $slapd->start; $slapd->stop; $slapd->kill; $slapd->hang; $slapd->go_on;
#   $slapd->url('ldaps'), $slapd->change($ldif), $slapd->searches
#
# It is stopped by itself at the end, by its pid, also when the test dies.

use strict;
use warnings;
use Cwd qw(abs_path);
use File::Basename qw(dirname);
use File::Temp qw(tempdir);
use IO::Socket::INET;
use Ldif;    # entry, person, people: Slapd::person(...)
use MIME::Base64 qw(encode_base64);
use POSIX ();
use TestCA;
use Time::HiRes qw(sleep time);

my $TOP   = dirname(dirname(dirname(abs_path(__FILE__))));
my $SLAPD = '/usr/sbin/slapd';
my %running;    # pid => the process that started it
my %given;      # ports

# A signal ends the test by way of END, which stops the servers; in children of the test it does not.
my $test = $$;
@SIG{qw(HUP INT PIPE TERM)} = (sub { $SIG{PIPE} = 'IGNORE'; $$ == $test ? exit 1 : POSIX::_exit(1) }) x 4;

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
    $self->{port}{$_} = free_port() for qw(ldap ldaps);
    $self->write('slapd.conf', $self->configuration, 0600);
    $self->load(Ldif::base_entries(), @{$self->{entries}}) if !$self->{replica_of};
    return $self;
}

sub free_port {
    while (1) {
        my $port = 10_000 + int rand 20_000;
        next if $given{$port};
        my $socket = IO::Socket::INET->new(LocalAddr => '127.0.0.1', LocalPort => $port, Listen => 1);
        return $port if $socket && ++$given{$port};
    }
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
    my $urls = join ' ', map { $self->url($_) } qw(ldap ldaps ldapi);
    my $pid = fork // die "fork: $!\n";
    if (!$pid) {
        open STDERR, '>>', "$self->{dir}/log";
        open STDOUT, '>&', \*STDERR;
        exec $SLAPD, '-d', 'stats', '-h', $urls, '-f', "$self->{dir}/slapd.conf" or POSIX::_exit(1);
    }
    $self->{pid} = $pid;
    $running{$pid} = $$;
    $self->wait_for('slapd does not answer', sub { $self->answers });
    return $self;
}

sub wait_for {
    my ($self, $what, $is_so) = @_;
    my $deadline = time + 20;
    while (time < $deadline) {
        return if $is_so->();
        last if $self->{pid} && waitpid($self->{pid}, POSIX::WNOHANG()) > 0;
        sleep 0.02;
    }
    die "$what\n" . $self->log;
}

# Whether it has finished its start: it accepts connections before it answers them.
sub answers {
    my ($self) = @_;
    return IO::Socket::INET->new(PeerAddr => '127.0.0.1', PeerPort => $self->{port}{ldap})
        && $self->log =~ /slapd starting(?!.*slapd stopped)/s;
}

sub send_signal {
    my ($self, $signal) = @_;
    kill $signal => $self->{pid} if $self->{pid};
    return;
}

sub end {
    my ($self, $signal) = @_;
    my $pid = delete $self->{pid} or return;
    kill $signal => $pid;
    kill CONT => $pid;
    waitpid $pid, 0;
    delete $running{$pid};
    return;
}

sub stop  { return $_[0]->end('TERM') }
sub kill_ { return $_[0]->end('KILL') }
sub hang  { return $_[0]->send_signal('STOP') }
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

END {
    local $?;
    kill KILL => $_ for grep { $running{$_} == $$ } keys %running;
}

sub DESTROY {
    my ($self) = @_;
    local ($?, $@);
    $self->end('KILL') if $self->{pid} && ($running{$self->{pid}} // 0) == $$;
    return;
}

1;
