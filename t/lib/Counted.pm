package Counted;

# A private httpd of one process under valgrind --tool=callgrind, and what its work costs: the
# instructions that it runs in user space, which repeat to 1 % however busy the machine is.
#
#   my $why = Counted::missing();                       # nothing if it can be done here
#   my $httpd = Counted->start(text => ..., files => {passwords => ...}, modules => [...]);
#       env => {NAME => '@DIR@/value'}; without_ours => 1: httpd without the module that is made here;
#       prepare => sub { what else is written, given the PrivateHttpd }
#   my $instructions = $httpd->count(100, sub { ... }); # of one call, of a batch of so many
#   $httpd->count(1, sub { ... }, 1);                   # of one batch, for what takes seconds
#   $httpd->keep('/tmp/login.callgrind');               # the last batch, for callgrind_annotate
#   $httpd->{port}

use strict;
use warnings;
use Cwd qw(abs_path);
use File::Basename qw(dirname);
use File::Copy qw(copy);
use NTLM::Connection;
use PrivateHttpd;

my $BUILD = dirname(dirname(dirname(abs_path(__FILE__)))) . '/build/bench';
my $USER  = 'www-data';    # from the start, since callgrind's files are of who started it

use constant {BATCHES => 9, THREADS => <<'TEXT'};
ThreadsPerChild 4
MaxRequestWorkers 4
MinSpareThreads 1
MaxSpareThreads 4
KeepAliveTimeout 600
MaxKeepAliveRequests 0
TEXT

sub missing {
    return 'valgrind is not installed' if system 'valgrind --version >/dev/null 2>&1';
    return 'make -f Makefile.apxs build/bench/counted.so makes what it needs' if !-e module('counted');
    return;
}

# What t/bench/NAME.c has become.
sub module { return "$BUILD/$_[0].so" }

sub start {
    my ($class, %opt) = @_;
    my ($files, $env, $without_ours, $prepare) = delete @opt{qw(files env without_ours prepare)};
    $opt{text} = "LoadModule counted_module \@DIR\@/counted.so\n" . THREADS . $opt{text};
    my $httpd = PrivateHttpd->new(%opt);
    my $self  = bless {httpd => $httpd, port => $httpd->{port}, ports => $httpd->{ports}}, $class;
    copy($_, $httpd->dir) or die "$_: $!\n" for grep { -e } map { module($_) } qw(counted nothing);
    $prepare->($httpd) if $prepare;
    my @mine = ($httpd->dir, map { $httpd->write($_, $files->{$_}, 0600) } keys %$files);
    push @mine, grep { -e } $httpd->dir . '/server.key';
    chown scalar getpwnam($USER), scalar getgrnam($USER), @mine if $> == 0;
    local @ENV{keys %{$env // {}}} = map { s/\@DIR\@/$httpd->dir/er } values %{$env // {}};
    my $text = $httpd->configuration;
    $text =~ s/^LoadModule auth_ntlmv2_module .*\n//m if $without_ours;
    $self->run($httpd->write('httpd.conf', $text));
    $httpd->wait_until_it_answers;
    $self->{control} = $self->connect(timeout => 120);
    $self->batch(sub { }) for 1 .. 3;
    $self->{empty} = median(map { $self->batch(sub { }) } 1 .. BATCHES);
    return $self;
}

sub run {
    my ($self, $conf) = @_;
    my $dir  = $self->{httpd}->dir;
    my $user = $> == 0 ? "setpriv --clear-groups --regid=$USER --reuid=$USER" : '';
    system "$user valgrind -q --vgdb=no --tool=callgrind --log-file=$dir/valgrind.log "
        . "--callgrind-out-file=$dir/counted @{[PrivateHttpd::httpd()]} -f $conf -X </dev/null >/dev/null 2>&1 &";
    return;
}

sub connect {
    my ($self, %opt) = @_;
    return NTLM::Connection->new(port => $self->{port}, vhost => '127.0.0.1', timeout => 60, %opt);
}

# The instructions from one request for them to the next.
sub batch {
    my ($self, $work) = @_;
    $work->();
    my $response = $self->{control}->get('/counted');
    die 'no counts: ' . $response->status . "\n" if $response->status != 204;
    $self->{last} = $self->{httpd}->dir . '/counted.' . ++$self->{batches};
    open my $in, '<', $self->{last} or die "$self->{last}: $!\n";
    my ($total) = map { /^totals: (\d+)/ ? $1 : () } <$in>;
    return $total // die "$self->{last} has no total\n";
}

# The first batch warms up, where there are more.
sub count {
    my ($self, $size, $work, $batches) = @_;
    my $warm_up = ($batches // 2) > 1 ? 1 : 0;
    my @counts  = map {
        $self->batch(sub { $work->() for 1 .. $size })
    } 1 .. ($batches // BATCHES) + $warm_up;
    shift @counts if $warm_up;
    return (median(@counts) - $self->{empty}) / $size;
}

sub keep { my ($self, $path) = @_; copy($self->{last}, $path) or die "$path: $!\n"; return }

sub median { my @sorted = sort { $a <=> $b } @_; return $sorted[@sorted / 2] }

1;
