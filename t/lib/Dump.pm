# Dump: runs support/ntlmdump, or the program that NTLMDUMP names, and has the exchanges of t/vectors.
package Dump;
use strict;
use warnings;
use Exporter 'import';
use File::Basename qw(dirname);
use File::Temp qw(tempfile);
use JSON::PP;
use MIME::Base64 qw(encode_base64);
use POSIX ();
use Test::More;

our @EXPORT = qw($tool $vectors %vector run json_of base64 options);

my $t = dirname(dirname(__FILE__));
our $tool = $ENV{NTLMDUMP} || "$t/../support/ntlmdump";
plan skip_all => "no $tool; build it first" unless -x $tool;

our $vectors = do {
    local $/;
    open my $in, '<:raw', "$t/vectors/vectors.json" or die $!;
    decode_json(<$in>);
};
our %vector = map { $_->{id} => $_ } @$vectors;

# Runs the tool with $in on stdin; gives its exit code ("signal N" after one), stdout, stderr.
sub run {
    my ($in, @args) = @_;
    my ($in_file, $out_file, $err_file) = map { scalar tempfile(UNLINK => 1) } 1 .. 3;
    binmode $in_file;
    print $in_file $in;
    $in_file->flush;
    seek $in_file, 0, 0;
    my $pid = fork // die $!;
    if ($pid == 0) {
        open STDIN, '<&', $in_file;
        POSIX::lseek(0, 0, 0);
        open STDOUT, '>&', $out_file;
        open STDERR, '>&', $err_file;
        exec {$tool} $tool, @args or POSIX::_exit(127);
    }
    waitpid $pid, 0;
    my $code = $? & 127 ? 'signal ' . ($? & 127) : $? >> 8;
    my ($out, $err) = map { seek $_, 0, 0; local $/; <$_> // '' } $out_file, $err_file;
    return {code => $code, out => $out, err => $err};
}

sub json_of { my $got = shift; return eval { decode_json($got->{out}) } }

sub base64 { return encode_base64(pack('H*', $_[0]), '') }

# The options of a vector; form: how its messages are written.
sub options {
    my ($vector, $form) = @_;
    my $policy = $vector->{policy};
    my @options = map { ("--$_" => $form ? $form->($vector->{$_}) : $vector->{$_}) } qw(type1 type2 type3);
    push @options, '--nt-hash' => $vector->{nt_hash};
    push @options, '--require-mic' if $policy->{require_mic};
    push @options, '--binding' => $policy->{cb}, '--binding-data' => $policy->{cb_appdata} if $policy->{cb};
    return @options;
}

1;
