package Passwd;

# ntlmpasswd, or the program that NTLMPASSWD names: running it, and what becomes of its files.
#
#   my $got = run($stdin, @arguments);    # {code => ..., out => ..., err => ...}
#   gives $what, $code, qr/$message/, $stdin, @arguments;

use strict;
use warnings;
use Cwd qw(abs_path);
use Exporter qw(import);
use Fcntl qw(:mode);
use File::Basename qw(dirname);
use POSIX ();
use Test::More;

our @EXPORT_OK = qw(files_in get gives mode_of owner_of put run run_command tool);

my $TOP = dirname(dirname(dirname(abs_path(__FILE__))));
my $HEX = qr/[0-9A-Fa-f]{32}/;

sub tool { return $ENV{NTLMPASSWD} || "$TOP/support/ntlmpasswd" }

# Runs a command with $in on stdin; gives its exit code, stdout and stderr.
# setup => code for the child before exec.
sub run_command {
    my ($in, $setup, @command) = @_;
    pipe(my $in_r, my $in_w)   or die $!;
    pipe(my $out_r, my $out_w) or die $!;
    open my $err_file, '+>', undef or die $!;    # however much it is
    my $pid = fork // die $!;
    if ($pid == 0) {
        POSIX::dup2(fileno $in_r, 0);
        POSIX::dup2(fileno $out_w, 1);
        POSIX::dup2(fileno $err_file, 2);
        $setup->();
        exec {$command[0]} @command or POSIX::_exit(127);
    }
    close $_ for $in_r, $out_w;
    { local $SIG{PIPE} = 'IGNORE'; print $in_w $in; close $in_w; }
    my $out = do { local $/; <$out_r> } // '';
    waitpid $pid, 0;
    seek $err_file, 0, 0;
    my $err = do { local $/; <$err_file> } // '';
    my $code = $? & 127 ? "signal " . ($? & 127) : $? >> 8;
    return {code => $code, out => $out, err => $err};
}

sub run { my ($in, @args) = @_; return run_command($in, sub { }, tool(), @args) }

sub put {
    my ($path, @lines) = @_;
    open my $fh, '>', $path or die "$path: $!";
    print $fh @lines;
    close $fh or die $!;
}

sub get {
    open my $fh, '<', $_[0] or return "cannot open $_[0]";
    local $/;
    return <$fh> // '';
}

sub owner_of { return join '', map { "$_:" } (stat $_[0])[4, 5] }
sub mode_of { return sprintf '%04o', S_IMODE((stat $_[0])[2]) }

sub files_in {
    opendir my $folder, $_[0] or die $!;
    return join ' ', sort grep { !/^\.\.?$/ } readdir $folder;
}

# One call: exit code, and what stderr must look like. No message ever holds a hash.
sub gives {
    my ($what, $code, $err, $in, @args) = @_;
    local $Test::Builder::Level = $Test::Builder::Level + 1;
    my $got = run($in, @args);
    is $got->{code}, $code, "$what: exit $code" or diag $got->{err};
    like $got->{err}, $err, "$what: message";
    unlike $got->{err}, $HEX, "$what: no hash in the message";
    unlike $got->{out}, $HEX, "$what: no hash on stdout" unless $args[0] =~ /^-\w*n/;
    return $got;
}

1;
