#!/usr/bin/perl
# A password file of a million accounts serves logins like any other.
use strict;
use warnings;
use FindBin qw($Bin);
use lib "$Bin/../lib";
use NTLM::Connection;
use PrivateHttpd;
use Test::More;

use constant ACCOUNTS => 1_000_000;

my %HASH = (first => 'd9fe524deb5705ac74ea341ff18afe93', middle => '27bf1123aae89dc1f94ad95bd7108d01',
    last => '15b7d402f4e782f11f1daa80236137e3');
my %NUMBER = (first => 0, middle => ACCOUNTS / 2, last => ACCOUNTS - 1);

# The names are in no order: 7919 is a prime, so n * 7919 visits every number once.
sub name { return 'user' . $_[0] * 7919 % ACCOUNTS }

my $httpd = PrivateHttpd->new(text => <<'TEXT');
StartServers 1
@PROTECTED@
TEXT
my %known = map { $NUMBER{$_} => $HASH{$_} } keys %HASH;
my $path  = $httpd->write('passwords', '', 0640);
chown 0, scalar getgrnam('www-data'), $path if $> == 0;
open my $out, '>>', $path or die "$path: $!\n";
print {$out} name($_), ':', $known{$_} // sprintf('%032x', $_), "\n" for 0 .. ACCOUNTS - 1;
close $out or die "$path: $!\n";

sub login {
    my ($user, $hash) = @_;
    my $connection = NTLM::Connection->new(port => $httpd->{port}, vhost => '127.0.0.1');
    return $connection->login('/', user => $user, domain => 'CORP', nt_hash => $hash)->status;
}

$httpd->start;
for my $which (qw(first middle last)) {
    is login(name($NUMBER{$which}), $HASH{$which}), 200, "the $which account of the file logs in";
    is login(name($NUMBER{$which}), '0' x 32), 401, 'and not with another password';
}
is login('USER7919', sprintf '%032x', 1), 200, 'an account in another case logs in';
is login('nobody',       $HASH{first}), 401, 'an unknown one does not';
is login('user' . ACCOUNTS, $HASH{last}), 401, 'nor the one that would come next';

done_testing;
