#!/usr/bin/perl
# Configurations that programs write have thousands of sections: looking at all of them together
# takes no memory for each pair, and hardly any time.
use strict;
use warnings;
use FindBin qw($Bin);
use lib "$Bin/../lib";
use PrivateHttpd;
use Test::More;

my $MEGABYTES = 200;    # of addresses, most of them httpd's own and its libraries'
plan skip_all => 'the shell has no ulimit -v' if system("bash -c 'ulimit -v 1000000' 2>/dev/null") != 0;

my $SECONDS   = 10;     # of CPU time, most of them httpd's own on a slow machine

# What configtest makes of so many sections within a limit of ulimit.
sub within {
    my ($sections, $limit, $what) = @_;
    my $text = join '', map { <<"TEXT" } 1 .. $sections;
<Location "/place$_">
    AuthType NTLM
    NTLMCredentials file \@DIR\@/passwords
    NTLMRequireTLS off
    Require valid-user
</Location>
TEXT
    my $httpd = PrivateHttpd->new(text => $text);
    $httpd->write('passwords', "alice:d9fe524deb5705ac74ea341ff18afe93\n", $> == 0 ? 0600 : 0640);
    my $conf = $httpd->write('httpd.conf', $httpd->configuration);
    my $said = `bash -c 'ulimit $limit; exec @{[PrivateHttpd::httpd()]} -t -f $conf' 2>&1`;
    is $?, 0, $what or diag substr $said, 0, 2000;
    return;
}
within(3000, '-v ' . $MEGABYTES * 1024, "3000 sections fit into $MEGABYTES MB");
within(15_000, "-t $SECONDS", "15000 take less than $SECONDS s");
done_testing;
