package ErrorLog;

# The error log of an httpd that is fuzzed for hours: looked through for what it says of
# children that died and of what sanitizers found, and cut when it is long and says nothing.

use strict;
use warnings;

use constant BAD_NEWS => qr/exit signal|Sanitizer|runtime error:|ssertion .*fail/;
use constant {ENOUGH => 16_000_000, SHOWN => 100};    # bytes; lines

sub new {
    my ($class, $path) = @_;
    open my $in, '+<:raw', $path or die "$path: $!\n";
    return bless {in => $in, is_bad => 0}, $class;
}

# Whether there has been bad news.
sub is_bad {
    my ($self) = @_;
    my $in = $self->{in};
    seek $in, 0, 1;    # it has grown behind its end
    while (my $line = <$in>) { $self->{is_bad} ||= $line =~ BAD_NEWS }
    my $at = tell $in;
    return 1 if $self->{is_bad};
    # httpd appends: who is cut off goes on at the new end
    if ($at > ENOUGH && $at == -s $in) {
        truncate $in, 0;
        seek $in, 0, 0;
    }
    return 0;
}

# The bad news, with a sanitizer's lines, which bear no time; or ''.
sub bad_news {
    my ($self) = @_;
    return '' if !$self->is_bad;
    my $in = $self->{in};
    seek $in, 0, 0;
    my @lines = grep { /^[^\[]/ || $_ =~ BAD_NEWS } <$in>;
    return join '', splice @lines, 0, SHOWN;
}

1;
