package AdLab;

# A Samba AD domain and a member of it, on which the test itself runs; of t/ad/lab, where the
# accounts stand.
#
#   plan skip_all => AdLab::missing() if AdLab::missing();
#   AdLab::enter();                    # the test begins anew, as on the member: so do its servers,
#   AdLab::enter('--forest');          # ports and clients; or where another forest is trusted
#   my $lab = AdLab->new;
#   my $httpd = $lab->httpd(text => ...);                 # a PrivateHttpd that has winbind
#   $lab->add('NAME', 'its password', $attributes);       # as SambaDC; modify, tool and dn, too
#   $lab->wrong('alice');              # how many wrong passwords the controller has counted
#   $lab->forget('alice');             # it has counted none; no lock
#   $lab->lock_out('alice');           # five wrong ones, at the controller itself
#   $lab->stop('winbindd'); $lab->start('winbindd');      # winbindd, dc1, dc2
#   $lab->halt('dc1'); $lab->go_on('dc1');                # all of it stands still
#   $lab->halt_child('NTLMTEST');                         # winbindd's process for that domain alone

use strict;
use warnings;
use utf8;
use parent 'SambaDC';
use Cwd qw(abs_path);
use Digest::MD4 qw(md4_hex);
use Encode qw(encode);
use File::Basename qw(dirname);
use File::Copy qw(copy);
use File::Temp qw(tempdir);
use Passwd qw(run_command);
use Port;
use PrivateHttpd;

my $TOP = dirname(dirname(dirname(abs_path(__FILE__))));
my $LAB = "$TOP/t/ad/lab";
my $WINBIND = "$TOP/.libs/mod_ntlmv2_winbind.so";

sub missing {
    my $why = run_command('', sub { }, $LAB, 'missing')->{out} =~ s/\n.*//sr;
    return $why || undef;
}

sub no_module { return -e ($ENV{WINBIND_MODULE} || $WINBIND) ? undef : 'there is no libwbclient (package libwbclient-dev)' }

# Gives nothing before it is there.
sub enter {
    my (@options) = @_;
    return if $ENV{AD_LAB};
    exec $LAB, 'run', @options, $^X, (map { "-I$_" } grep { !ref } @INC), $0, @ARGV or die "$LAB: $!\n";
}

sub new {
    my ($class, $controller) = @_;
    my $self = {controller => $controller // 'dc1', dir => tempdir('ntlm-lab-XXXXXX', TMPDIR => 1, CLEANUP => 1)};
    return bless $self, $class;
}

# What the accounts of the lab have.
sub password { return "the password of $_[0]" }
sub nt_hash  { return md4_hex(encode('UTF-16LE', $_[0])) }

# ---- the directory ----

sub sam { return '/var/lib/samba/private/sam.ldb' }

sub run {
    my ($self, @command) = @_;
    return $self->lab('on', $self->{controller}, @command);
}

sub lab {
    my ($self, @words) = @_;
    my $got = run_command('', sub { }, $LAB, @words);
    die "@words: $got->{out}$got->{err}\n" if $got->{code} ne '0';
    return $got->{out};
}

sub attribute {
    my ($self, $account, $attribute) = @_;
    my $found = $self->run('ldbsearch', '-H', $self->sam, encode('UTF-8', "(sAMAccountName=$account)"), $attribute);
    return $found =~ /^$attribute: (.*)$/m ? $1 : undef;
}

sub wrong { my ($self, $account) = @_; return $self->attribute($account, 'badPwdCount') // 0 }

sub forget {
    my ($self, $account) = @_;
    my $dn = $self->attribute($account, 'distinguishedName') // die "there is no $account\n";
    $self->modify("dn: $dn\nchangetype: modify\nreplace: badPwdCount\nbadPwdCount: 0\n-\nreplace: lockoutTime\nlockoutTime: 0\n");
    return;
}

sub lock_out {
    my ($self, $account) = @_;
    $self->run('sh', '-c', 'for n in 1 2 3; do wbinfo -a "NTLMTEST\\\\$0%a guess" >/dev/null; done; :', encode('UTF-8', $account));
    die "$account is not locked\n" if !$self->attribute($account, 'lockoutTime');
    return;
}

# ---- servers ----

sub stop  { my ($self, $what) = @_; $self->lab('stop',  $what); return }
sub start { my ($self, $what) = @_; $self->lab('start', $what); return }
sub pids  { my ($self, $what) = @_; return split ' ', $self->lab('pids', $what) }

sub halt  { my ($self, $what) = @_; Port::halt($_) for $self->pids($what); return }
sub go_on { my ($self, $what) = @_; kill CONT => $self->pids($what); return }

sub halt_child {
    my ($self, $domain) = @_;
    my @child = grep { title($_) =~ /domain child \[$domain\]/ } $self->pids('winbindd');
    die "winbindd has no process for $domain\n" if !@child;
    Port::halt($_) for @child;
    return;
}

sub title {
    my ($pid) = @_;
    open my $in, '<', "/proc/$pid/cmdline" or return '';
    local $/;
    return <$in> // '';
}

# ---- httpd ----

sub httpd {
    my ($self, %opt) = @_;
    my $httpd = PrivateHttpd->new(%opt, text => "LoadModule ntlmv2_winbind_module \@DIR\@/winbind.so\n" . ($opt{text} // ''));
    copy($ENV{WINBIND_MODULE} || $WINBIND, $httpd->dir . '/winbind.so') or die "$WINBIND: $!\n";
    return $httpd;
}

1;
