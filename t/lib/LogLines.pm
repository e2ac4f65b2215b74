package LogLines;

# The lines that requests make in an access log of a PrivateHttpd, which httpd writes after it has
# answered.
#
#   my $log = LogLines->new($httpd, 'access-json.log');
#   ... requests ...
#   my @lines = $log->next(3);    # the bytes of those that came since the last time

use strict;
use warnings;
use Time::HiRes qw(sleep time);

use constant PATIENCE => 20;

sub new {
    my ($class, $httpd, $name) = @_;
    return bless {path => $httpd->dir . "/$name", at => 0}, $class;
}

# So many, or those that came within a long time.
sub next {
    my ($self, $count) = @_;
    my $deadline = time + PATIENCE;
    while (1) {
        my @lines = $self->unread;
        if (@lines >= $count || time > $deadline) {
            $self->{at} += length "$_\n" for @lines;
            return @lines;
        }
        sleep 0.02;
    }
}

sub unread {
    my ($self) = @_;
    open my $in, '<:raw', $self->{path} or return;
    seek $in, $self->{at}, 0;
    return map { s/\n\z//r } grep { /\n\z/ } <$in>;
}

1;
