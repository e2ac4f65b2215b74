#!/usr/bin/perl
# Real NTLM clients against a private httpd with this module: see README here.
use strict;
use warnings;
use File::Basename qw(dirname);

# Debian's Python, whatever comes first in PATH: its packages are the clients.
my $python = -x '/usr/bin/python3' ? '/usr/bin/python3' : 'python3';
exec {$python} $python, dirname(__FILE__) . '/run', @ARGV
    or print "1..0 # SKIP python3 is not installed\n";
