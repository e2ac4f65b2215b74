package Metrics;

# The figures of a server, in each of the three forms that it shows them in.
#
#   my $figures = Metrics::prometheus($text);    # 'ntlm_logins_total{scheme="NTLM"}' => 3, ...
#   my $lines   = Metrics::auto($text);          # 'NTLMLogins-NTLM' => 3, ...
#   my @tables  = Metrics::tables($html);        # [[cell, ...], ...] each, below the headline of ours
#
# What is not as the formats demand dies with the line.

use strict;
use warnings;

my $NAME  = qr/[a-zA-Z_:][a-zA-Z0-9_:]*/;
my $LABEL = qr/[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\n]|\\[\\n"])*"/;
my $VALUE = qr/\d+(?:\.\d+)?/;    # of those that the format allows: ours are never less than zero

# The text exposition format, version 0.0.4: for each family # HELP, # TYPE, and its samples in one
# group; no sample twice; a line feed behind the last line.
sub prometheus {
    my ($text) = @_;
    my (%sample, %type, %help, $family);
    die "no line feed at the end\n" if $text !~ /\n\z/;
    for (split /\n/, $text) {
        if (/^# HELP ($NAME) (\S.*)$/) {
            die "twice: $_\n" if $help{$1}++;
            $family = $1;
        }
        elsif (/^# TYPE ($NAME) (counter|gauge|histogram)$/) {
            die "not behind its HELP: $_\n" if $type{$1} || $1 ne ($family // '');
            $type{$1} = $2;
        }
        elsif (/^(($NAME)(?:\{$LABEL(?:,$LABEL)*\})?) ($VALUE)$/) {
            my ($sample, $name, $value) = ($1, $2, $3);
            my $of = ($type{$family // ''} // '') eq 'histogram' ? $name =~ s/_(?:bucket|sum|count)$//r : $name;
            die "not in its family: $_\n" if $of ne ($family // '') || !$type{$of};
            die "twice: $_\n"             if exists $sample{$sample};
            die "a counter ends in _total: $_\n" if $type{$of} eq 'counter' && $name !~ /_total$/;
            $sample{$sample} = $value;
        }
        else { die "no line of the format: $_\n" }
    }
    check_histogram($_, \%sample) for grep { $type{$_} eq 'histogram' } keys %type;
    return \%sample;
}

# Buckets grow with their bounds, and the last one has all.
sub check_histogram {
    my ($name, $sample) = @_;
    my %buckets;
    for (keys %$sample) { push @{$buckets{$1}}, [$2, $sample->{$_}] if /^${name}_bucket\{(.*),le="(.*)"\}$/ }
    for my $labels (keys %buckets) {
        my @buckets = sort { $a->[0] <=> $b->[0] } @{$buckets{$labels}};
        die "$name\{$labels}: no bucket +Inf\n" if $buckets[-1][0] ne '+Inf';
        die "$name\{$labels}: the last bucket is not the count\n"
            if $buckets[-1][1] != $sample->{"${name}_count{$labels}"};
        for (1 .. $#buckets) { die "$name\{$labels}: buckets do not grow\n" if $buckets[$_][1] < $buckets[$_ - 1][1] }
        die "$name\{$labels}: no sum\n" if !defined $sample->{"${name}_sum{$labels}"};
    }
    return;
}

# mod_status' lines, those that are ours.
sub auto {
    my ($text) = @_;
    my %line;
    for (grep { /^NTLM/ } split /\n/, $text) {
        my ($key, $value) = /^(NTLM[A-Za-z0-9-]+): (\S+)$/ or die "no line of ?auto: $_\n";
        die "twice: $_\n" if exists $line{$key};
        $line{$key} = $value;
    }
    return \%line;
}

sub tables {
    my ($html) = @_;
    my ($ours) = $html =~ m{<h1>NTLM logins</h1>(.*)}s or die "no section of ours:\n$html";
    my @tables;
    for my $table ($ours =~ m{<table[^>]*>(.*?)</table>}gs) {
        my @rows = map { [m{<t[hd][^>]*>([^<]*)</t[hd]>}g] } $table =~ m{<tr>(.*?)</tr>}gs;
        push @tables, \@rows;
    }
    return @tables;
}

1;
