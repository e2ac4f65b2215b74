package Clocks;

# The clocks of a private httpd, which a test may set.
#
#   my $clocks = Clocks->new;
#   my $httpd  = $clocks->of(sub { Behind->new(...) });    # what is started there
#   $clocks->set(-1);       # seconds: somebody sets the wall clock; no time passes
#   $clocks->pass(3600);    # time passes: all clocks go on
#
# httpd itself closes idle connections by the wall clock: give it a long KeepAliveTimeout.

use strict;
use warnings;
use Cwd qw(abs_path);
use File::Basename qw(dirname);
use File::Temp qw(tempdir);

my $TOP = dirname(dirname(dirname(abs_path(__FILE__))));

sub new {
    my ($class) = @_;
    my $self = bless {dir => tempdir('ntlm-clocks-XXXXXX', TMPDIR => 1, CLEANUP => 1), wall => 0, boot => 0}, $class;
    my $said = `make -C $TOP -f Makefile.apxs --no-print-directory build/clocks.so 2>&1`;
    die "build/clocks.so: $said" if $?;
    chmod 0755, $self->{dir};
    open $self->{file}, '>:raw:unix', "$self->{dir}/clocks" or die "clocks: $!\n";
    chmod 0644, "$self->{dir}/clocks";
    return $self->moved;
}

# In place, at once: httpd maps the file.
sub moved {
    my ($self) = @_;
    sysseek $self->{file}, 0, 0;
    my $bytes = pack 'q2', map { 1_000_000 * $_ } @$self{qw(wall boot)};
    syswrite($self->{file}, $bytes) == length $bytes or die "clocks: $!\n";
    return $self;
}

sub of {
    my ($self, $start) = @_;
    local @ENV{qw(LD_PRELOAD NTLM_TEST_CLOCKS)} = ("$TOP/build/clocks.so", "$self->{dir}/clocks");
    return $start->();
}

# What the wall clock of that httpd says.
sub wall { my ($self) = @_; return time + $self->{wall} }

sub set  { my ($self, $seconds) = @_; $self->{wall} += $seconds; return $self->moved }
sub pass { my ($self, $seconds) = @_; $self->{boot} += $seconds; return $self->set($seconds) }

1;
