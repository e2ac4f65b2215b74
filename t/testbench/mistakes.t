#!/usr/bin/perl
# Every mistake of t/lib/Mistaken, planted in a login of its own, and what the bench says of it: the
# status, its own ids, and no others. MISTAKE='pattern' (environment) plants those alone whose title
# fits.
use strict;
use warnings;
use utf8;
use FindBin qw($Bin);
use lib "$Bin/../lib";
use Test::More;
use Time::HiRes qw(sleep);

use Certificates;
use Launched;
use PrivateHttpd;

binmode Test::More->builder->$_, ':encoding(UTF-8)' for qw(output failure_output todo_output);
if (my ($why) = (Certificates::missing(), Launched->missing)) { plan skip_all => $why }
if (!eval { require Digest::MD4 }) { plan skip_all => 'Digest::MD4 is not installed' }
require Mistaken::Row;

use constant SHARE => 0.95;

my $bench = Launched->start;
my @bench = (http => $bench->port('http'), https => $bench->port('https'), ca => Certificates::der($bench->ca));

sub verdict {
    my ($run) = @_;
    my $last = $bench->json("/r/$run/last.json");
    return ($last->{status}, map { $_->{id} } @{$last->{cause}}, @{$last->{warnings}});
}

# Plants one, and gives the status and the ids. The server may learn of a connection's end after us.
sub planted {
    my ($row, $run) = @_;
    my $login = Mistaken->new(@bench, run => $run, $row->steps);
    eval { $login->run; 1 } or diag $row->title . ": $@";
    $login->leave;
    my ($status, @ids);
    for (1 .. 50) {
        ($status, @ids) = verdict($run);
        last if $row->has_status($status) && !$row->missing(@ids);
        sleep 0.02;
    }
    return ($status, @ids);
}

my ($run, $named, $wanted, @missing, @wrong, @controls, @status) = (0, 0, 0);
my $which = $ENV{MISTAKE} // '';
for my $row (grep { $_->title =~ /$which/ } Mistaken::Row::all()) {
    my ($status, @ids) = planted($row, 'mistake-' . ++$run);
    my $found = sprintf '%s: %s', $row->title, "@ids" || 'nothing';
    push @status, $row->title . ": $status" if !$row->has_status($status);
    $wanted += !$row->is_control;
    push @wrong, $found if $row->wrong(@ids) && !$row->is_control;
    push @controls, $found if $row->wrong(@ids) && $row->is_control;
    $row->missing(@ids) ? push @missing, "$found, not " . join ' ', $row->missing(@ids) : ($named += !$row->is_control);
}

sub none { my ($what, @found) = @_; ok(!@found, $what) || diag(join "\n", @found); return }

cmp_ok $run, '>', 0, 'mistakes were planted';
none('each has its status', @status);
none('no mistake gets an id that is not its own', @wrong);
none('who makes no mistake is told of none', @controls);
cmp_ok $named, '>=', SHARE * $wanted, 'nearly all are named: ' . "$named of $wanted" or diag(join "\n", @missing);
note "missed: $_" for @missing;

done_testing;
