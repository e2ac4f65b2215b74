package Configtest;

# What `httpd -t` says about the configuration of a place with a login.
#
#   refuses 'a name', qr/what it says/, $lines, $password_file, $its_mode, %more;
#   my $said = accepts 'a name', $lines, ...;
#
# more: before => what stands outside of the place; others are options of PrivateHttpd

use strict;
use warnings;
use Exporter qw(import);
use Test::More;

use PrivateHttpd;

our @EXPORT_OK = qw(accepts httpd_with refuses);

# The configuration of a place, with a password file of that content and mode.
sub httpd_with {
    my ($lines, $passwords, $mode, %more) = @_;
    my $httpd = PrivateHttpd->new(text => <<"TEXT", %more);
$more{before}
<Location "/">
    AuthType NTLM
    Require valid-user
    $lines
</Location>
TEXT
    $httpd->write('passwords', $passwords, $mode // 0640) if defined $passwords;
    return $httpd;
}

sub refuses {
    my ($name, $wanted, @httpd) = @_;
    local $Test::Builder::Level = $Test::Builder::Level + 1;
    push @httpd, undef while @httpd < 3;
    my ($ok, $said) = httpd_with(@httpd[0 .. 2], before => '', @httpd[3 .. $#httpd])->configtest;
    ok !$ok, "$name is an error";
    like $said, $wanted, "... which says what is wrong and what to write";
}

sub accepts {
    my ($name, @httpd) = @_;
    local $Test::Builder::Level = $Test::Builder::Level + 1;
    push @httpd, undef while @httpd < 3;
    my ($ok, $said) = httpd_with(@httpd[0 .. 2], before => '', @httpd[3 .. $#httpd])->configtest;
    ok $ok, "$name is fine" or diag $said;
    return $said;
}

1;
