#!/usr/bin/perl
# Directives of other modules for NTLM: each fails with what to write instead, while no module
# is loaded that it is of; with one httpd runs both. docs/migrating.md lists them.
use strict;
use warnings;
use Cwd qw(abs_path);
use File::Basename qw(dirname);
use FindBin qw($Bin);
use lib "$Bin/../lib";
use PrivateHttpd;
use Test::More;

my $TOP = dirname(dirname(abs_path($Bin)));

sub configtest_of {
    my ($directives, $before) = @_;
    my $httpd = PrivateHttpd->new(text => ($before // '') . "<Location \"/x\">\n$directives\n</Location>\n");
    return ($httpd, $httpd->configtest);
}

# As httpd itself lists what the module takes: name, and what is said about it.
sub foreign_ones {
    my $httpd = PrivateHttpd->new;
    my (undef, $list) = $httpd->run_httpd('-L');
    my %said;
    while ($list =~ /^(\w+) \(mod_auth_ntlmv2\.c\)\n\t((?:write|leave) [^\n]+)/mg) { $said{$1} = $2 }
    return %said;
}
my %SAID = foreign_ones();
cmp_ok scalar keys %SAID, '>', 30, 'they are known';

# What the guide has: | `NAME ...` | module | instead |
open my $guide, '<', "$TOP/docs/migrating.md" or die "docs/migrating.md: $!\n";
my %documented = map { /^\| `(\w+)` \| ([^|]+) \|/ ? ($1 => $2) : () } <$guide>;
is_deeply [sort keys %documented], [sort keys %SAID], 'docs/migrating.md has each of them';

for my $name (sort keys %SAID) {
    my $modules = $documented{$name} =~ s/, (\w+)$/ or $1/r;
    my ($httpd, $ok, $said) = configtest_of("$name on");
    ok !$ok, "$name is an error";
    like $said, qr/^$name is a directive of $modules, which is not loaded; \Q$SAID{$name}\E$/m, '... which says what to write';
}

# Another module that takes the directive, under a name.
sub neighbour {
    my ($name, $takes) = @_;
    my $file = "build/neighbours/$name-$takes.so";
    my $said = `make -C $TOP -f Makefile.apxs --no-print-directory $file 2>&1`;
    die "$file: $said" if $?;
    return "LoadModule neighbour_module $TOP/$file\n";
}
for ([qw(mod_auth_ntlm_winbind.c NTLMAuthHelper)], [qw(mod_ntlm.c NTLMServer)], [qw(mod_authn_ntlm.c SSPIAuth)], [qw(mod_authn_ntlm.c NTLMAuth)]) {
    my ($module, $directive) = @$_;
    my $load = neighbour($module, $directive);
    my ($httpd, $ok, $said) = configtest_of("$directive on", $load);
    ok $ok, "with $module it takes $directive" or diag $said;
    like $said, qr/the neighbour takes $directive on/, '... which is its own';
}
{
    my ($httpd, $ok, $said) = configtest_of('NTLMAuthHelper x', neighbour('mod_ntlm.c', 'NTLMServer'));
    ok !$ok, "what is of another one than is loaded is still an error";
    like $said, qr/^NTLMAuthHelper is a directive of mod_auth_ntlm_winbind, which is not loaded/m, '... and not silently left out';
}
{
    my ($httpd, $ok, $said) = configtest_of('NTLMDomain CORP', neighbour('mod_ntlm.c', 'NTLMDomain'));
    ok $ok, 'a directive that both have' or diag $said;
    like $said, qr/the neighbour takes NTLMDomain CORP/, '... both take';
    ($httpd, $ok, $said) = configtest_of('NTLMDomain ""', neighbour('mod_ntlm.c', 'NTLMDomain'));
    ok !$ok, '... ours, too';
}
done_testing;
