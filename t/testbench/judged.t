#!/usr/bin/perl
# A login is judged again with all that the bench has seen of it, whoever has answered it and whether
# the user is known.
use strict;
use warnings;
use FindBin qw($Bin);
use lib "$Bin/../lib";
use Test::More;

use Certificates;
use Launched;
use PrivateHttpd;

if (my ($why) = (Certificates::missing(), Launched->missing)) { plan skip_all => $why }
if (!eval { require Digest::MD4 }) { plan skip_all => 'Digest::MD4 is not installed' }
require Mistaken;

my $bench = Launched->start;

sub told {
    my ($run, @steps) = @_;
    my $login = Mistaken->new(http => $bench->port('http'), https => $bench->port('https'), run => $run, @steps);
    $login->run;
    my $last = $bench->json("/r/$run/last.json");
    return join ' ', $last->{status}, map { $_->{id} } @{$last->{cause}}, @{$last->{warnings}};
}

my @lower = (domain => 'rabbithole', hash_domain => 'RABBITHOLE');
is told('plain', @lower), 'ok domain-upper-cased', 'a login that the module has let in';
is told('own', @lower, place => '/ntlm/alice/Looking-Glass1'), 'ok domain-upper-cased', 'a login that the bench has let in';
is told('tls', @lower, place => '/epa/require'), 'ok domain-upper-cased', 'a login over TLS, with its channel binding';
is told('ca', place => '/epa/allow', certificate => Certificates::der($bench->ca)), 'binding-mismatch binding-other-certificate',
    'a channel binding of the certificate that signed the right one';
my @unique = (place => '/epa/allow', tls_version => 'TLSv1_2',
    binding_data => sub { 'tls-unique:' . Mistaken::the('connection')->first_finished });
is told('unique', @unique), 'binding-mismatch binding-tls-unique', 'a channel binding that is tls-unique';
is told('none'), 'ok', 'a login without a mistake';

done_testing;
