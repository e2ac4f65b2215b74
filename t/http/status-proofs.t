#!/usr/bin/perl
# The figures that say who would be refused if more were demanded: logins with the binding of
# their TLS channel, and with the name of the service.
use strict;
use warnings;
use FindBin qw($Bin);
use lib "$Bin/../lib";
use Certificates;
use Guarded;
use Metrics;
use Test::More;

if (my $why = Certificates::missing()) { plan skip_all => $why }
require NTLM::TLS;

my $httpd = Guarded->new(scheme => 'https', modules => ['ssl', 'status'], places => {'/page' => 'NTLMServiceNames allow'},
    text => sub { "SSLEngine on\n" . Certificates::make($_[0], 'own', 'ec')
        . PrivateHttpd::example('status.conf') });

sub tls { return NTLM::TLS->new(port => $httpd->{port}, vhost => '127.0.0.1') }

# Logins with a MIC, with a binding, with a name of the service, and all of them.
sub figures {
    my ($status, $text) = $httpd->curl(undef, undef, '/ntlm-metrics', '-k');
    my $figures = Metrics::prometheus($text);
    return join ' ', map { $figures->{$_} } (map { qq(ntlm_logins${_}_total{scheme="NTLM"}) } qw(_with_mic _with_binding _with_service), '');
}

my $right = tls()->binding;
is figures(), '0 0 0 0', 'nobody has logged in';
for my $login (
    ['nothing beside the proof', '0 0 0 1', mic => 0],
    ['a MIC', '1 0 0 2'],
    ['zeros for a binding', '2 0 0 3', binding => "\0" x 16],
    ['the binding', '3 1 0 4', binding => $right],
    ['the name of this service', '4 1 1 5', spn => 'HTTP/127.0.0.1'],
    ['all of them', '5 2 2 6', binding => $right, spn => 'HTTP/127.0.0.1'],
) {
    my ($what, $figures, @with) = @$login;
    like $httpd->attempt(tls(), '/page', @with), qr/^200 ok /, "a login with $what";
    is figures(), $figures, '... is counted as that';
}
for my $refused ([binding => $right ^ "\1" . "\0" x 15], [spn => 'HTTP/elsewhere.test']) {
    like $httpd->attempt(tls(), '/page', @$refused), qr/^401 /, "a wrong $refused->[0] is refused";
    is figures(), '5 2 2 6', '... and no login';
}

done_testing;
