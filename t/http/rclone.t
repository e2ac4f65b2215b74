#!/usr/bin/perl
# conf/webdav.conf with rclone, whose sharepoint-ntlm is what logs in: a folder goes up and
# down, and nothing does with a wrong password.
use strict;
use warnings;
use FindBin qw($Bin);
use lib "$Bin/../lib";
use Recipe;
use Test::More;

plan skip_all => "there is no mod_$_" for grep { !-e PrivateHttpd::module_folder() . "/mod_$_.so" } qw(dav dav_fs);
my ($rclone) = grep { -x } map { "$_/rclone" } split /:/, $ENV{PATH};
plan skip_all => 'there is no rclone (package rclone)' if !$rclone;

my $httpd = Recipe::httpd('webdav.conf', {'/srv/dav' => '@DIR@/dav', '/var/lib/dav' => '@DIR@/locks'});
my $dav   = Recipe::folder($httpd, 'dav');
Recipe::folder($httpd, 'locks');
$httpd->start;

delete @ENV{grep { /^RCLONE_/ } keys %ENV};
%ENV = (%ENV, RCLONE_CONFIG => $httpd->dir . '/no-rclone.conf', no_proxy => '*');

# Its exit code and all that it said.
sub rclone {
    my ($password, @command) = @_;
    chomp(local $ENV{RCLONE_WEBDAV_PASS} = `$rclone obscure '$password'`);
    open my $out, '-|', 'sh', '-c', 'exec "$@" 2>&1', 'sh', $rclone,
        '--webdav-url', $httpd->url('/dav'), qw(--webdav-vendor sharepoint-ntlm --webdav-user alice),
        qw(--retries 1 --low-level-retries 1 --timeout 20s), @command
        or die "rclone: $!\n";
    my $said = do { local $/; <$out> };
    close $out;
    return ($? >> 8, $said);
}

sub content {
    my ($path) = @_;
    open my $in, '<', $path or return undef;
    local $/;
    return scalar <$in> // '';
}

sub folder_has { my ($folder, @names) = @_; return {map { $_ => content("$folder/$_") } @names} }

my ($up, $down) = map { $httpd->dir . "/$_" } qw(up down);
my %files = (one => "first\n", two => 'x' x 3_000_000, 'inner/three' => "third\n", 'with a blank' => '');
mkdir $_ for $up, "$up/inner";
$httpd->write("up/$_", $files{$_}) for keys %files;

# rclone asks for a folder with an empty chunked body where it has to log in first, and mod_dav
# takes no body there: the folders are made beforehand, as conf/webdav.conf says.
mkdir $_ or die "$_: $!\n" for my @made = ("$dav/folder", "$dav/folder/inner");
Recipe::give_to_httpd(@made);
my ($code, $said) = rclone('Secr3t!pw', 'copy', $up, ':webdav:folder');
is $code, 0, 'rclone copies a folder up' or diag $said;
is_deeply folder_has("$dav/folder", keys %files), \%files, '... each file as it was';
($code, $said) = rclone('Secr3t!pw', 'copy', ':webdav:folder', $down);
is $code, 0, '... and down' or diag $said;
is_deeply folder_has($down, keys %files), \%files, '... each file as it was';
($code, $said) = rclone('Secr3t!pw', 'moveto', ':webdav:folder/one', ':webdav:folder/moved');
is $code, 0, '... moves a file in it' or diag $said;
is content("$dav/folder/moved"), $files{one}, '... which is at its new place';

($code, $said) = rclone('wrong', 'copy', $up, ':webdav:wrong');
isnt $code, 0, 'with a wrong password it copies nothing up';
like $said, qr/401/, '... it is told why';
is_deeply [glob "$dav/*"], ["$dav/folder"], '... nothing is stored';
($code, $said) = rclone('wrong', 'copy', ':webdav:folder', "$down-wrong");
isnt $code, 0, '... nor down';
is_deeply [glob "$down-wrong/*"], [], '... nothing arrives';
($code, $said) = rclone('wrong', 'purge', ':webdav:folder');
isnt $code, 0, '... and takes nothing away';
is content("$dav/folder/two"), $files{two}, '... all is there';

done_testing;
