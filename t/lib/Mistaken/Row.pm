package Mistaken::Row;

# A row of the tables of mistakes: what is done, the status, the ids, and the steps.
#
# Several statuses are joined by "/". The ids are words: "ID" must be named; "ID/ID" one of them must
# be, and all may; "ID?" may be. Nothing else is named.

use strict;
use warnings;

my @TABLES = (
    ['Mistaken::Proof',    qw(NAMES PASSWORDS PROOFS)],
    ['Mistaken::Mic',      qw(ROWS)],
    ['Mistaken::Binding',  qw(ROWS)],
    ['Mistaken::Blob',     qw(ROWS)],
    ['Mistaken::Fields',   qw(FIELDS NAMES)],
    ['Mistaken::Headers',  qw(HEADERS BODIES)],
    ['Mistaken::Courses',  qw(ROWS)],
    ['Mistaken::Controls', qw(ROWS)],
);

# All of them.
sub all {
    my @rows;
    for my $table (@TABLES) {
        my ($package, @lists) = @$table;
        eval "require $package; 1" or die $@;
        no strict 'refs';
        push @rows, map { Mistaken::Row->new(@$_) } map { @{"${package}::$_"} } @lists;
    }
    return @rows;
}

# Two mistakes at once are named in the order of the alphabet.
sub in_order { my ($ids) = @_; return join '/', map { join '+', sort split /[+]/ } split m{/}, $ids }

sub new {
    my ($class, $title, $status, $ids, @steps) = @_;
    return bless {title => $title, status => [split m{/}, $status], ids => [map { in_order($_) } split ' ', $ids], steps => {@steps}}, $class;
}

sub title      { return $_[0]{title} }
sub steps      { return %{$_[0]{steps}} }
sub is_control { return !grep { !/\?\z/ } @{$_[0]{ids}} }

sub has_status { my ($self, $status) = @_; return scalar grep { $_ eq $status } @{$self->{status}} }

# Of the ids that were named those that should not be.
sub wrong {
    my ($self, @named) = @_;
    my %may = map { $_ => 1 } map { split m{/}, s/\?\z//r } @{$self->{ids}};
    return grep { !$may{$_} } @named;
}

# The words that nothing of what was named fits.
sub missing {
    my ($self, @named) = @_;
    my %is = map { $_ => 1 } @named;
    return grep { !/\?\z/ && !grep { $is{$_} } split m{/} } @{$self->{ids}};
}

1;
