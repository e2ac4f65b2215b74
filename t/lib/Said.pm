package Said;

# Rows for Figures of what another bench prints. It runs once, and only if one of its rows is wanted.
#
#   my $bench = Said->new('perl t/bench/connections 300');
#   {name => '...', unit => 'KiB', by => $bench->figure(qr/^NTLM, logged in\s+([\d.]+)/m)}
#   ... $bench->figure(qr/.../, 1e-3)    # times that

use strict;
use warnings;

sub new { my ($class, $command) = @_; return bless {command => $command}, $class }

sub figure {
    my ($self, $pattern, $times) = @_;
    return sub {
        $self->{said} //= `$self->{command} 2>&1`;
        return $self->{said} =~ $pattern ? $1 * ($times // 1) : (undef, "$self->{command} does not say it");
    };
}

1;
