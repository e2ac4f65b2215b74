#!/usr/bin/perl
# Two accounts that would be one user are found wherever NTLMUserFormat and NTLMCredentials
# come from: the place that says one may inherit the other.
use strict;
use warnings;
use FindBin qw($Bin);
use lib "$Bin/../lib";
use PrivateHttpd;
use Test::More;

my $HASH     = 'd9fe524deb5705ac74ea341ff18afe93';
my $ACCOUNTS = "CORP\\bob:$HASH\nHOME\\bob:0cb6948805f797bf2a82807973b89537\n";
my $FILE     = 'NTLMCredentials file @DIR@/passwords';
my $AUTH     = "AuthType NTLM\nRequire valid-user";
my %PLACES   = (
    'one section'                   => "<Location />\n$AUTH\n$FILE\nNTLMUserFormat user\n</Location>",
    'the server and a section'      => "$FILE\n<Location />\n$AUTH\nNTLMUserFormat user\n</Location>",
    'a section and one inside'      => "<Location />\n$AUTH\n$FILE\n</Location>\n<Location /x>\nNTLMUserFormat user\n</Location>",
    'a section and accounts inside' => "<Location />\n$AUTH\nNTLMUserFormat user\n</Location>\n<Location /x>\n$FILE\n</Location>",
    'a folder and a location'       => "<Directory \@DIR\@/htdocs>\n$AUTH\n$FILE\n</Directory>\n<Location /x>\nNTLMUserFormat user\n</Location>",
    'a section and <If>'            => "<Location />\n$AUTH\n$FILE\n<If \"true\">\nNTLMUserFormat user\n</If>\n</Location>",
    'the server and a host'         => "$FILE\n<VirtualHost *>\nNTLMUserFormat user\n<Location />\n$AUTH\n</Location>\n</VirtualHost>",
);

for my $place (sort keys %PLACES) {
    my $httpd = PrivateHttpd->new(text => $PLACES{$place});
    $httpd->write('passwords', $ACCOUNTS, $> == 0 ? 0600 : 0640);
    my (undef, $said) = $httpd->configtest;
    like $said, qr{NTLMUserFormat user: the accounts '\S+bob' and '\S+bob' would both be 'bob'}, $place;
}
done_testing;
