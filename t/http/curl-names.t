#!/usr/bin/perl
# Names and passwords that are no ASCII, as curl sends them: each byte as a character
# (docs/clients.md).
use strict;
use warnings;
use FindBin qw($Bin);
use lib "$Bin/../lib";
use PrivateHttpd;
use Test::More;

plan skip_all => 'curl knows no NTLM' if `curl --version 2>/dev/null` !~ /\bNTLM\b/;

# The passwords are "secret" and "p\xe4ssword".
my $httpd = PrivateHttpd->new(text => "\@PROTECTED\@\n");
$httpd->accounts('passwords', "j\xc3\xbcrgen:878d8014606cda29677a44efa1353fc7", 'umlaut:f1b094f25bbdcb6fdbaa6cc8b43f0c44');
$httpd->start;


is +($httpd->curl("j\xfcrgen", 'secret', '/'))[0], 200, 'a name in ISO 8859-1';
is +($httpd->curl('umlaut', "p\xe4ssword", '/'))[0], 200, 'a password in ISO 8859-1';
is +($httpd->curl("j\xc3\xbcrgen", 'secret', '/'))[0], 401, 'a name in UTF-8';
is $httpd->last_status, 'no-such-user', '... is another one';
is +($httpd->curl('umlaut', "p\xc3\xa4ssword", '/'))[0], 401, 'a password in UTF-8';
is $httpd->last_status, 'wrong-password', '... is another one';

done_testing;
