#!/usr/bin/perl
# A front end's certificate may stand in one file with its key (HAProxy's do): the key is no
# business of httpd, and is not kept in its memory.
use strict;
use warnings;
use FindBin qw($Bin);
use lib "$Bin/../lib";
use Memory;
use MIME::Base64 qw(decode_base64);
use NTLM::Connection;
use PrivateHttpd;
use Test::More;

plan skip_all => Memory::why() if !Memory->of($$);

for my $first ('pem', 'key') {
    my $httpd = PrivateHttpd->new(text => <<'TEXT');
@PROTECTED@
NTLMServerCertificate @DIR@/front.pem
TEXT
    $httpd->certificate;
    my %text = map { $_ => Memory::read_file($httpd->dir . "/server.$_") } qw(pem key);
    my ($lines) = $text{key} =~ /^-----BEGIN [^\n]*\n(.*)\n-----END/ms or die "no key\n";
    $httpd->write('front.pem', join('', map { $text{$_} } $first, $first eq 'pem' ? 'key' : 'pem'), 0600);
    $httpd->write('passwords', 'alice:' . 'ab' x 16 . "\n", $> == 0 ? 0600 : 0640);
    $httpd->start;
    NTLM::Connection->new(port => $httpd->{port}, vhost => '127.0.0.1')->get('/');
    for my $pid ($httpd->pid, (Memory::children($httpd->pid))[0]) {
        my $memory = Memory->of($pid);
        my @places = map { $memory->places($_) } (split /\n/, $lines)[1], substr decode_base64($lines), 40, 24;
        is "@places", '', "$first first: process $pid does not hold the key" =~ s/$pid/@{[$pid == $httpd->pid ? 'parent' : 'child']}/r;
    }
    $httpd->stop;
}
done_testing;
