package Mistaken;

# A client of NTLM that makes mistakes, one or several at a time. Each value of a login is a step
# with a name (Mistaken::Steps has them all), and a mistake is what stands in the place of a right
# one:
#
#   my $login = Mistaken->new(http => $port, hash_domain => sub { lc the 'domain' });
#   my $response = $login->run;            # of its last request; undef: there was none
#
# In such a sub the('step') is what this login has there, mistakes and all, and right() what the sub
# takes the place of. A course (Mistaken::Course) is a step, too.

use strict;
use warnings;
use Carp qw(croak);
use Exporter qw(import);

our @EXPORT_OK = qw(the right);

my %steps;
our ($login, $step);    # of the sub that runs

# Steps and their subs, of whichever file.
sub steps { my (%more) = @_; %steps = (%steps, %more); return }

sub new {
    my ($class, %mistakes) = @_;
    for my $name (keys %mistakes) { croak "there is no step $name" if !exists $steps{$name} }
    return bless {mistakes => \%mistakes, values => {}}, $class;
}

sub the($)    { my ($name) = @_; return $login->value($name) }
sub right(;$) { my ($name) = @_; return $login->made($name // $step, $steps{$name // $step}) }

sub value {
    my ($self, $name) = @_;
    my $values = $self->{values};
    return $values->{$name} if exists $values->{$name};
    my $maker = exists $self->{mistakes}{$name} ? $self->{mistakes}{$name} : $steps{$name};
    croak "there is no step $name" if !exists $steps{$name};
    return $values->{$name} = $self->made($name, $maker);
}

sub made {
    my ($self, $name, $maker) = @_;
    local ($login, $step) = ($self, $name);
    return ref $maker eq 'CODE' ? $maker->() : $maker;
}

# Another login of the same client begins: only these values stay.
sub begin_anew {
    my ($self, @stay) = @_;
    my %values = map { exists $self->{values}{$_} ? ($_ => $self->{values}{$_}) : () } @stay;
    $self->{values} = \%values;
    return $self;
}

# What came from the server, or what this login shall have there.
sub learn { my ($self, $name, $value) = @_; $self->{values}{$name} = $value; return }

sub run { my ($self) = @_; return $self->value('course') }

# Closes the connection, so that all of it is over.
sub leave { my ($self) = @_; $self->{values}{connection}->close if $self->{values}{connection}; return }

require Mistaken::Steps;
require Mistaken::Course;

1;
