package NTLM::Accounts;

# The accounts of the tests, in one place: the password files are written from
# this list, and the tests log in with it. NTLM needs nothing but the NT hash of
# a password, so any 16 bytes are one.

use strict;
use warnings;
use utf8;
use Digest::MD5 qw(md5_hex);
use Exporter qw(import);

our @EXPORT_OK = qw(account crowd write_password_files);

my @MAIN = (
    {user => 'alice',  nt_hash => 'd9fe524deb5705ac74ea341ff18afe93'},    # Secr3t!pw
    {user => 'bob',    nt_hash => '27bf1123aae89dc1f94ad95bd7108d01'},    # B0b's own
    {user => 'carol',  nt_hash => '15b7d402f4e782f11f1daa80236137e3', in_domain => 'CORP'}, # C4rol's own
    {user => 'jürgen', nt_hash => '04e9d4087e1303bea8e5239aa5ddd064'},    # Pässwörd€
    {user => 'dora',   nt_hash => '9ef289e72c464d1b05aef60491149cef', disabled => 1},    # D0ra's own
    {user => 'erin',   nt_hash => '31d6cfe0d16ae931b73c59d7e0c089c0'},    # no password at all
);
my @OTHER = (
    {user => 'alice', nt_hash => 'd2882ecc7d227029e9d13726b1e33aa6'},    # another Alice's
    {user => 'oscar', nt_hash => 'b72a45c1bd8903abd0fc30eba559680f'},    # 0scar's own
);
my @VHOST = ({user => 'victor', nt_hash => 'ac36f806c60afc8f0be46d74e6919436'});    # V1ctor's own

# u001 .. u200
sub crowd {
    return map { {user => $_, domain => 'CORP', nt_hash => md5_hex("the password of $_")} }
        map { sprintf 'u%03d', $_ } 1 .. 200;
}

# What a client needs to log in: user, domain, nt_hash. File: main, other or vhost.
sub account {
    my ($user, $file) = @_;
    my %accounts = (main => \@MAIN, other => \@OTHER, vhost => \@VHOST);
    my ($found)  = grep { $_->{user} eq $user } @{$accounts{$file // 'main'}} or die "who is $user?";
    return (user => $user, domain => 'CORP', nt_hash => $found->{nt_hash});
}

sub line {
    my ($account) = @_;
    my $name = $account->{in_domain} ? "$account->{in_domain}\\$account->{user}" : $account->{user};
    return join(':', $name, $account->{nt_hash}, $account->{disabled} ? '[D]' : ()) . "\n";
}

sub write_file {
    my ($path, @accounts) = @_;
    open my $out, '>:encoding(UTF-8)', $path or die "$path: $!\n";
    chmod 0640, $path or die "$path: $!\n";
    print {$out} "# made for one run of the tests\n", map { line($_) } @accounts;
    close $out or die "$path: $!\n";
}

sub write_password_files {
    my ($folder) = @_;
    write_file("$folder/passwords", @MAIN, crowd());
    write_file("$folder/passwords-other", @OTHER);
    write_file("$folder/passwords-vhost", @VHOST);
    return map { "$folder/$_" } qw(passwords passwords-other passwords-vhost);
}

1;
