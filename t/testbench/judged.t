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

sub warned {
    my ($run, @steps) = @_;
    my $login = Mistaken->new(http => $bench->port('http'), https => $bench->port('https'), run => $run, @steps);
    $login->run;
    my $last = $bench->json("/r/$run/last.json");
    return join ' ', $last->{status}, map { $_->{id} } @{$last->{warnings}};
}

my @lower = (domain => 'rabbithole', hash_domain => 'RABBITHOLE');
is warned('plain', @lower), 'ok domain-upper-cased', 'a login that the module has let in';
is warned('own', @lower, place => '/ntlm/alice/Looking-Glass1'), 'ok domain-upper-cased', 'a login that the bench has let in';
is warned('tls', @lower, place => '/epa/require'), 'ok domain-upper-cased', 'a login over TLS, with its channel binding';
is warned('none'), 'ok', 'a login without a mistake';

done_testing;
