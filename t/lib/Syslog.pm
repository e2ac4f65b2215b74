package Syslog;

# A rsyslogd of our own, and an httpd whose syslog(3) reaches it: root alone can give a process
# another /dev.
#
#   plan skip_all => $why if my $why = Syslog::missing();
#   my $syslog = Syslog->start($rules);     # a file's text; it has $syslog->{dir}
#   local $ENV{HTTPD} = $syslog->wrapped;   # for PrivateHttpd

use strict;
use warnings;
use File::Temp qw(tempdir);
use Port;
use PrivateHttpd;
use Time::HiRes qw(sleep time);

my ($RSYSLOGD) = grep { -x } qw(/usr/sbin/rsyslogd /sbin/rsyslogd);

sub missing {
    return 'rsyslogd is not installed (package rsyslog)' if !$RSYSLOGD;
    return 'only root can give httpd a /dev of its own' if $> != 0 || system 'unshare --mount true 2>/dev/null';
    return '';
}

sub put {
    my ($path, $text, $mode) = @_;
    open my $out, '>', $path or die "$path: $!\n";
    print {$out} $text;
    close $out or die "$path: $!\n";
    chmod $mode, $path if $mode;
    return $path;
}

# rules: what comes before other files; @DIR@ is its folder.
sub start {
    my ($class, $rules) = @_;
    my $dir = tempdir('syslog-XXXXXX', TMPDIR => 1, CLEANUP => 1);
    chmod 0755, $dir;
    mkdir "$dir/dev" or die "$dir/dev: $!\n";
    $rules =~ s/\@DIR\@/$dir/g;
    put("$dir/rsyslog.conf", <<"TEXT");
module(load="imuxsock" SysSock.Use="off")
input(type="imuxsock" Socket="$dir/dev/log")
global(workDirectory="$dir")
$rules
TEXT
    my $pid = fork // die "fork: $!\n";
    if (!$pid) {
        open STDOUT, '>', "$dir/said" or die "$!\n";
        open STDERR, '>&', \*STDOUT or die "$!\n";
        exec $RSYSLOGD, '-n', '-f', "$dir/rsyslog.conf", '-i', "$dir/pid";
        exit 127;
    }
    my $self = bless {dir => $dir, pid => $pid}, $class;
    my $deadline = time + Port::PATIENCE;
    sleep 0.05 while !-S "$dir/dev/log" && time < $deadline;
    -S "$dir/dev/log" or die "rsyslogd does not start: " . $self->content('said');
    return $self;
}

# A program that runs httpd where /dev/log is this one's.
sub wrapped {
    my ($self) = @_;
    my $dev   = "$self->{dir}/dev";
    my @nodes = grep { -e "/dev/$_" } qw(null zero full random urandom tty);
    put("$dev/$_", '') for @nodes;
    mkdir "$dev/shm" if !-e "$dev/shm";
    my $binds = join ' && ', map { "mount --bind /dev/$_ $dev/$_" } @nodes, 'shm';
    return put("$self->{dir}/httpd", <<"TEXT", 0755);
#!/bin/sh
exec unshare --mount sh -c '$binds && mount --rbind $dev /dev && exec "\$0" "\$@"' @{[PrivateHttpd::httpd()]} "\$@"
TEXT
}

sub content {
    my ($self, $name) = @_;
    open my $in, '<', "$self->{dir}/$name" or return '';
    local $/;
    return scalar <$in> // '';
}

# The same when it matches.
sub wait_for {
    my ($self, $name, $wanted) = @_;
    my $deadline = time + Port::PATIENCE;
    sleep 0.05 while $self->content($name) !~ $wanted && time < $deadline;
    return $self->content($name);
}

sub DESTROY {
    my ($self) = @_;
    local ($?, $@);
    kill TERM => $self->{pid};
    waitpid $self->{pid}, 0;
    return;
}

1;
