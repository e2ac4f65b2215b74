package Kdc;

# A Kerberos realm of a test's own: MIT's KDC in a temporary folder, on a port of loopback.
#
#   plan skip_all => $_ for Kdc::missing();
#   my $kdc = Kdc->new;                       # realm KERBEROS.TEST: alice, bob and HTTP/$Kdc::HOST
#   my $other = Kdc->new(realm => 'OTHER.TEST');
#   my $httpd = $kdc->with(sub { ... });      # what runs there belongs to the realm: httpd, curl
#   $kdc->keytab;                             # of HTTP/$Kdc::HOST, for httpd's children, too
#   $kdc->login('alice'); $kdc->logout;       # who has a ticket
#   $kdc->new_key;                            # tickets from now on are for a key that no keytab has
#
# It is stopped by itself at the end, by its pid, also when the test dies.

use strict;
use warnings;
use File::Temp qw(tempdir);
use POSIX ();
use Port;

our $HOST     = 'web.kerberos.test';
our %PASSWORD = (alice => 'Secr3t!pw', bob => "B0b's own");

# The programs, and the packages that have them.
my %PACKAGE = (
    '/usr/bin/kinit'         => 'krb5-user',
    '/usr/sbin/kadmin.local' => 'krb5-admin-server',
    '/usr/sbin/kdb5_util'    => 'krb5-kdc',
    '/usr/sbin/krb5kdc'      => 'krb5-kdc',
);

# Why there can be no realm here, or nothing.
sub missing { return map { "there is no $_ (package $PACKAGE{$_})" } grep { !-x } sort keys %PACKAGE }

sub new {
    my ($class, %opt) = @_;
    my $self = bless {realm => 'KERBEROS.TEST', %opt}, $class;
    $self->{dir} = tempdir('ntlm-kdc-XXXXXX', TMPDIR => 1, CLEANUP => 1);
    chmod 0755, $self->{dir};
    mkdir "$self->{dir}/replays";
    give_to_httpd("$self->{dir}/replays");
    $self->configure(0);
    $self->program('/usr/sbin/kdb5_util', 'create', '-s', '-P', 'master');
    $self->admin('addprinc', '-pw', $PASSWORD{$_}, $_) for sort keys %PASSWORD;
    $self->admin('addprinc', '-randkey', "HTTP/$HOST");
    $self->admin('ktadd', '-k', $self->keytab, "HTTP/$HOST");
    give_to_httpd($self->keytab);
    $self->start;
    return $self;
}

sub keytab { return "$_[0]{dir}/http.keytab" }

sub give_to_httpd { chown +(getpwnam 'www-data')[2, 3], @_ if $> == 0; return }

sub write {
    my ($self, $name, $content) = @_;
    my $path = "$self->{dir}/$name";
    open my $out, '>', $path or die "$path: $!\n";
    print {$out} $content;
    close $out or die "$path: $!\n";
    return $path;
}

# ---- the KDC ----

# Over TCP alone, since one port is enough. No name is looked up anywhere, and no replay is
# remembered outside.
sub configure {
    my ($self, $port) = @_;
    my $domain = $HOST =~ s/^\w+//r;
    $self->write('kdc.conf', <<"TEXT");
[kdcdefaults]
    kdc_listen = ""
    kdc_tcp_listen = 127.0.0.1:$port
[realms]
    $self->{realm} = {
        database_name = $self->{dir}/principals
        key_stash_file = $self->{dir}/stash
        max_life = 10h
    }
TEXT
    $self->write('krb5.conf', <<"TEXT");
[libdefaults]
    default_realm = $self->{realm}
    default_rcache_name = file2:$self->{dir}/replays/all
    dns_canonicalize_hostname = false
    dns_lookup_kdc = false
    dns_lookup_realm = false
    rdns = false
    udp_preference_limit = 1
[realms]
    $self->{realm} = {
        kdc = 127.0.0.1:$port
    }
[domain_realm]
    $domain = $self->{realm}
TEXT
    return;
}

sub start {
    my ($self) = @_;
    @$self{qw(pid port)} = Port::serve(
        run  => sub { $self->run(@_) },
        said => sub { open my $in, '<', "$self->{dir}/said" or return ''; local $/; <$in> // '' },
    );
    return;
}

sub run {
    my ($self, $port) = @_;
    $self->configure($port);
    my $pid = fork // die "fork: $!\n";
    return $pid if $pid;
    open STDOUT, '>>', "$self->{dir}/said";
    open STDERR, '>&', \*STDOUT;
    { no warnings 'exec'; $self->with(sub { exec '/usr/sbin/krb5kdc', '-n' }); }
    POSIX::_exit(127);
}

sub DESTROY {
    my ($self) = @_;
    local ($?, $@);
    Port::stop($self->{pid}) if $self->{pid};
    return;
}

# ---- who belongs to the realm ----

sub with {
    my ($self, $run) = @_;
    my $dir = $self->{dir};
    local @ENV{qw(KRB5_CONFIG KRB5_KDC_PROFILE KRB5CCNAME LC_ALL)} =
        ("$dir/krb5.conf", "$dir/kdc.conf", "FILE:$dir/tickets", 'C');
    return $run->();
}

sub program {
    my ($self, @command) = @_;
    return $self->with(sub {
        open my $out, '-|', 'sh', '-c', 'exec "$@" 2>&1', 'sh', @command or die "$command[0]: $!\n";
        my $said = do { local $/; <$out> } // '';
        close $out or die "@command: $said";
        return $said;
    });
}

sub admin { my ($self, @what) = @_; return $self->program('/usr/sbin/kadmin.local', @what) }

sub login {
    my ($self, $user) = @_;
    my $password = $self->write('password', "$PASSWORD{$user}\n");
    $self->program('sh', '-c', 'exec kinit "$1" <"$2"', 'sh', $user, $password);
    return;
}

sub logout { my ($self) = @_; unlink "$self->{dir}/tickets"; return }

sub new_key { my ($self) = @_; $self->admin('cpw', '-randkey', "HTTP/$HOST"); return }

1;
