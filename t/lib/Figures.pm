package Figures;

# A table of figures, each beside its floor and its goal.
#
#   my @rows = (
#       {name => 'Basic login', by => sub { ... the figure, or undef and why not ... }},
#       {name => 'NTLM login', base => 'Basic login', goal => 1.3, by => sub { ... }},
#       {name => 'NTLM kept', base => 'plain kept', goal => 1.17, below => 'the peer, kept', by => ...},
#       {name => 'a connection', unit => 'KiB', goal => 49, by => ...},
#   );
#   my $figures = Figures->new(rows => \@rows, only => qr/NTLM/);    # and what these are compared with
#   $figures->measure;                                               # prints a line each
#   $figures->write_json($path);
#
# base   the row that it is divided by; stands before it, as does `below`. Without one the goal is
#        the figure's own, not the ratio's.
# goal   the most that it may be; none: nobody has said
# least  the least that it may be
# below  the row that it must be less than, whatever the goal; one that is not there does not count

use strict;
use warnings;
use JSON::PP;

sub new {
    my ($class, %opt) = @_;
    my $self = bless {%opt, value => {}}, $class;
    $self->{row} = {map { $_->{name} => $_ } @{$opt{rows}}};
    $self->{wanted} = {};
    my $only = $opt{only} // qr//;
    $self->want($_->{name}) for grep { $_->{name} =~ $only } @{$opt{rows}};
    return $self;
}

sub want {
    my ($self, $name) = @_;
    my $row = $self->{row}{$name} or die "there is no row $name\n";
    return if $self->{wanted}{$name}++;
    $self->want($_) for grep { defined } @$row{qw(base below)};
    return;
}

sub measure {
    my ($self) = @_;
    printf "%-36s %12s %7s  %-24s %-6s %s\n", 'figure', 'value', 'ratio', 'to', 'goal', 'verdict';
    for my $row (grep { $self->{wanted}{$_->{name}} } @{$self->{rows}}) {
        my ($value, $why) = $row->{by}->();
        $self->{value}{$row->{name}} = $value;
        $self->show($row, $why);
    }
    return;
}

sub ratio {
    my ($self, $row) = @_;
    my ($value, $base) = map { $self->{value}{$_ // ''} } @$row{qw(name base)};
    return $value && $base ? $value / $base : undef;
}

sub verdict {
    my ($self, $row) = @_;
    my $value = $self->{value}{$row->{name}} // return 'not measured';
    my $peer  = $self->{value}{$row->{below} // ''};
    return $value < $row->{least} ? 'not reached' : 'reached' if defined $row->{least};
    return 'no goal' if !defined $row->{goal} && !$peer;
    my $judged = $row->{base} ? $self->ratio($row) // return 'not measured' : $value;
    return 'not reached' if defined $row->{goal} && $judged > $row->{goal};
    return $peer && $value >= $peer ? "not reached: $row->{below} is less" : 'reached';
}

sub show {
    my ($self, $row, $why) = @_;
    my $value = $self->{value}{$row->{name}};
    return printf "%-36s skipped, %s\n", $row->{name}, $why // 'no figure' if !defined $value;
    my $ratio = $self->ratio($row);
    my $shown = $row->{unit} ? sprintf "%.2f $row->{unit}", $value : sprintf '%.0f', $value;
    my $goal  = $row->{goal} // (defined $row->{least} ? ">= $row->{least}" : '-');
    printf "%-36s %12s %7s  %-24s %-6s %s\n", $row->{name}, $shown, defined $ratio ? sprintf '%.3f', $ratio : '',
        $row->{base} ? "x $row->{base}" : '', $goal, $self->verdict($row);
    return;
}

sub write_json {
    my ($self, $path) = @_;
    my @rows = map {
        my $row = $_;
        {   name  => $row->{name},
            value => $self->{value}{$row->{name}},
            unit  => $row->{unit} // 'instructions',
            (map { defined $row->{$_} ? ($_ => $row->{$_}) : () } qw(base goal least below)),
            ratio   => $self->ratio($row),
            verdict => $self->verdict($row),
        }
    } grep { $self->{wanted}{$_->{name}} } @{$self->{rows}};
    open my $out, '>', $path or die "$path: $!\n";
    print {$out} JSON::PP->new->canonical->pretty->encode({rows => \@rows});
    close $out or die "$path: $!\n";
    return;
}

1;
