package SambaDC;

# A private Samba AD domain controller: its directory in a temporary folder, and for as long as
# something is done with it over the network its server, in a network of its own.
#
#   my $dc = SambaDC->new;
#   $dc->add('alice', "Alice's own", $attributes);     # LDIF lines
#   $dc->modify($ldif);                                # $dc->dn('alice') is her DN
#   $dc->configure('nt hash store = never');           # in place of what was said so before
#   $dc->tool(qw(user setexpiry alice --days=0));      # samba-tool
#   $dc->log_ins(alice => 'wrong', ...);               # 1 or 0 each: what the server says
#   my $got = $dc->export(@options);                   # {code, out, err} of support/samba-export

use strict;
use warnings;
use utf8;
use Cwd qw(abs_path);
use Encode qw(encode);
use File::Basename qw(dirname);
use File::Temp qw(tempdir);
use MIME::Base64 qw(encode_base64);
use Passwd qw(get put run_command);

my $TOP   = dirname(dirname(dirname(abs_path(__FILE__))));
my $BASE  = 'DC=ntlm,DC=test';
my $ADMIN = 'Adm1n.Passw0rd';
# All that is started there ends with it, and so does its network.
my @ALONE = qw(unshare --net --mount --pid --fork --kill-child);

# Why there can be no such test here, or nothing.
sub missing {
    return 'only root can run a domain controller' if $> != 0;
    for my $need (['/usr/sbin/samba', 'samba'], ['/usr/bin/samba-tool', 'samba-common-bin'],
        ['/usr/bin/ldbmodify', 'ldb-tools'], ['/usr/share/samba/setup/provision.ldif', 'samba-ad-provision'],
        ['/usr/sbin/ip', 'iproute2'])
    {
        return "there is no $need->[0] (package $need->[1])" if !-e $need->[0] && !-e "/usr$need->[0]";
    }
    return 'there are no modules for its directory (package samba-dsdb-modules)'
        if !(() = glob '/usr/lib/*/samba/ldb/password_hash.so');
    return 'networks of their own are not allowed here' if run_command('', sub { }, @ALONE, 'true')->{code} ne '0';
    return;
}

sub new {
    my ($class) = @_;
    my $self = bless {dir => tempdir('ntlm-samba-XXXXXX', TMPDIR => 1, CLEANUP => 1)}, $class;
    put "$self->{dir}/none.conf", '';
    $self->{conf} = "$self->{dir}/none.conf";
    $self->run(@ALONE, qw(sh -ec), 'ip link set lo up; exec "$@"', 'sh', qw(samba-tool domain provision),
        qw(--server-role=dc --dns-backend=NONE --realm=NTLM.TEST --domain=NTLMTEST --host-name=dc1),
        "--adminpass=$ADMIN", '--host-ip=127.0.0.1', "--targetdir=$self->{dir}/dc");
    $self->{conf} = "$self->{dir}/smb.conf";
    $self->configure;
    $self->tool(qw(domain passwordsettings set --complexity=off --min-pwd-age=0 --max-pwd-age=0 --history-length=0
        --account-lockout-threshold=3 --account-lockout-duration=30 --reset-account-lockout-after=30));
    return $self;
}

sub dir  { return $_[0]{dir} }
sub conf { return $_[0]{conf} }
sub sam  { return "$_[0]{dir}/dc/private/sam.ldb" }
sub dn   { return "CN=$_[1],CN=Users,$BASE" }

# A command, with this domain's smb.conf; gives what it printed, and dies if it fails.
sub run {
    my ($self, @command) = @_;
    my $got = run_command('', sub { $ENV{SMB_CONF_PATH} = $self->{conf} }, @command);
    die "@command: $got->{out}$got->{err}\n" if $got->{code} ne '0';
    return $got->{out};
}

sub tool { my ($self, @arguments) = @_; return $self->run('samba-tool', @arguments, '-H', $self->sam) }

# Samba's folders are all its own, and it serves nothing but LDAP.
sub configure {
    my ($self, @lines) = @_;
    my $dir = "$self->{dir}/dc";
    mkdir "$dir/$_" for qw(lock cache pid ncalrpc log);
    put $self->{conf}, map { "$_\n" } '[global]', 'workgroup = NTLMTEST', 'realm = NTLM.TEST', 'netbios name = DC1',
        'server role = active directory domain controller', 'server services = ldap', 'interfaces = lo',
        'bind interfaces only = yes', "private dir = $dir/private", "state directory = $dir/state",
        "cache directory = $dir/cache", "lock directory = $dir/lock", "pid directory = $dir/pid",
        "ncalrpc dir = $dir/ncalrpc", "log file = $dir/log/%m", @lines;
    return;
}

sub modify {
    my ($self, $ldif) = @_;
    put "$self->{dir}/ldif", encode('UTF-8', $ldif);
    $self->run('ldbmodify', '-H', $self->sam, "$self->{dir}/ldif");
    return;
}

# Users with these passwords, or computers (NAME$); after the password more lines of LDIF.
sub add {
    my ($self, @accounts) = @_;
    my $ldif = '';
    while (my ($name, $password, $more) = splice @accounts, 0, 3) {
        my $computer = $name =~ /\$$/;
        my $dn = $computer ? 'CN=' . $name =~ s/\$//r . ",CN=Computers,$BASE" : $self->dn($name);
        $ldif .= 'dn:: ' . encode_base64(encode('UTF-8', $dn), '') . "\nchangetype: add\nobjectClass: "
            . ($computer ? 'computer' : 'user') . "\nsAMAccountName:: " . encode_base64(encode('UTF-8', $name), '')
            . "\nunicodePwd:: " . encode_base64(encode('UTF-16LE', "\"$password\""), '') . "\nuserAccountControl: "
            . ($computer ? 4096 : 512) . "\n" . ($more // '') . "\n";
    }
    return $self->modify($ldif);
}

# Starts the server, asks it over NTLM about each name and password, and stops it.
sub log_ins {
    my ($self, @logins) = @_;
    my $script = <<'TEXT';
ip link set lo up
samba -F --no-process-group -M single -s "$SMB_CONF_PATH" >/dev/null 2>&1 &
ask() { ldbsearch -H ldap://127.0.0.1 -U "NTLMTEST\\$1%$2" -s base -b '' dn >/dev/null 2>&1; }
tries=300
until ask Administrator "$0"; do
    tries=$((tries - 1)); [ $tries -gt 0 ] || { echo 'no answer'; exit 1; }
    sleep 0.1
done
while [ $# -gt 0 ]; do ask "$1" "$2" && echo 1 || echo 0; shift 2; done
TEXT
    my $said = $self->run(@ALONE, 'sh', '-c', $script, $ADMIN, map { encode('UTF-8', $_) } @logins);
    return split /\n/, $said;
}

sub export {
    my ($self, @options) = @_;
    my $setup = sub { $ENV{SMB_CONF_PATH} = '/nonexistent' };
    return run_command('', $setup, "$TOP/support/samba-export", '-s', $self->{conf}, @options);
}

1;
