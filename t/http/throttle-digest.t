#!/usr/bin/perl
# NTLMThrottle when a digest cannot be computed (no memory): the login is refused, nobody is
# counted, and above all not everybody as one.
use strict;
use warnings;
use FindBin qw($Bin);
use lib "$Bin/../lib";
use Test::More;
use Throttled qw(is_in is_refused is_throttled);

# MD5 fails as long as the file is there. Loaded before OpenSSL.
my $SOURCE = <<'TEXT';
#define _GNU_SOURCE
#include <dlfcn.h>
#include <openssl/evp.h>
#include <unistd.h>
int EVP_Digest(const void *data, size_t len, unsigned char *digest, unsigned *size,
               const EVP_MD *type, ENGINE *engine)
{
    int (*real)(const void *, size_t, unsigned char *, unsigned *, const EVP_MD *, ENGINE *);
    *(void **)&real = dlsym(RTLD_NEXT, "EVP_Digest");
    if (access(FAIL, F_OK) == 0 && EVP_MD_is_a(type, "MD5")) return 0;
    return real(data, len, digest, size, type, engine);
}
TEXT

my $httpd = Throttled->new(limits => '2/300 address=4/300', unstarted => 1);
my $dir   = $httpd->dir;
my $real  = PrivateHttpd::httpd();
$httpd->write('fail.c', $SOURCE);
my $said = `cc -shared -fPIC -DFAIL='"$dir/fail"' -o $dir/fail.so $dir/fail.c 2>&1`;
die "cc: $said" if $?;
$ENV{HTTPD} = $httpd->write('httpd', qq{#!/bin/sh\nLD_PRELOAD="\$LD_PRELOAD $dir/fail.so" exec $real "\$@"\n}, 0755);
$httpd->start;

is_in($httpd->succeed, 'alice logs in');
$httpd->write('fail', '');
is_refused($httpd->guess, 'a wrong password is refused while MD5 fails') for 1 .. 5;
is_refused($httpd->succeed(user => $_), "$_ is refused, too") for qw(alice bob);
is scalar(my @levels = $httpd->levels('crypto-failed')), 7, '... and the log says why';
unlink "$dir/fail";
is_in($httpd->succeed(user => $_), "$_ logs in afterwards") for qw(alice bob);
$httpd->guesses(2, 'wrong passwords are counted then');
is_throttled($httpd->succeed, '... and alice is sent away');
is_in($httpd->succeed(user => 'bob'), '... and nobody else');

done_testing;
