#!/usr/bin/perl
# What `httpd -t` says about Basic: an error where more than a password is demanded, and a warning
# where nobody counts who guesses.
use strict;
use warnings;
use FindBin qw($Bin);
use lib "$Bin/../lib";
use PrivateHttpd;
use Test::More;

my $ACCOUNTS = "NTLMCredentials file passwords\n";
my $THROTTLE = "NTLMThrottle 10/300\n";
my %DEMANDS = ('NTLMRequireMIC on' => 'off', 'NTLMExtendedProtection require' => 'allow', 'NTLMServiceNames require' => 'allow',
    'NTLMServiceNames require intranet' => 'allow');

sub says {
    my ($text, @modules) = @_;
    my $httpd = PrivateHttpd->new(modules => ['ssl', 'socache_shmcb', @modules], text => $text);
    $httpd->write('passwords', "alice:d9fe524deb5705ac74ea341ff18afe93\n", 0640);
    return $httpd->configtest;
}

sub section { my ($path, $lines) = @_; return qq{<Location "$path">\n$lines\n</Location>\n} }
sub place { my ($path, $lines) = @_; return section($path, "AuthType NTLM\nRequire valid-user\n$lines") }

sub is_error {
    my ($name, $wanted, @what) = @_;
    my ($ok, $said) = says(@what);
    ok !$ok, "$name is an error";
    return like $said, $wanted, '... which says what to write';
}

sub is_fine {
    my ($name, $unwanted, @what) = @_;
    my ($ok, $said) = says(@what);
    ok $ok, "$name is fine" or diag $said;
    return unlike $said, $unwanted, '... and nothing is said of that';
}

my $MORE = qr/demands more than a password/;

# ---- what Basic does not have ----
for my $demand (sort keys %DEMANDS) {
    my ($directive) = $demand =~ /^(\w+)/;
    my $wanted = qr/NTLMOffer NTLM Basic \(\S+:\d+\): \Q$demand\E \(\S+:\d+\) demands more than a password, and Basic would be the way round it; write NTLMOffer without Basic in that section, or $directive $DEMANDS{$demand}/;
    is_error "Basic with $demand", $wanted, place('/', "$ACCOUNTS${THROTTLE}NTLMOffer NTLM Basic\n$demand");
    is_error '... of the whole server', $wanted, "$demand\n" . place('/', "$ACCOUNTS${THROTTLE}NTLMOffer NTLM Basic");
    is_error '... of a part of the place', $wanted,
        place('/', "$ACCOUNTS${THROTTLE}NTLMOffer NTLM Basic") . section('/secret', $demand);
    is_error '... of what lies around it', $wanted, place('/', "$ACCOUNTS$THROTTLE$demand") . section('/dav', 'NTLMOffer NTLM Basic');
    is_fine '... elsewhere', $MORE, place('/a', "$ACCOUNTS$THROTTLE$demand") . place('/b', "$ACCOUNTS${THROTTLE}NTLMOffer Basic");
}
my $mic = 'NTLMRequireMIC on';
is_fine 'Basic with a demand that is taken back', $MORE,
    place('/', "$ACCOUNTS$THROTTLE$mic") . section('/dav', "NTLMRequireMIC off\nNTLMOffer Basic");
is_fine '... in the same section', $MORE, place('/', "$ACCOUNTS$THROTTLE$mic\nNTLMOffer Basic\nNTLMRequireMIC off");
is_fine 'a part that demands more and does not offer Basic', $MORE,
    place('/', "$ACCOUNTS${THROTTLE}NTLMOffer NTLM Basic") . section('/secret', "$mic\nNTLMOffer NTLM");
is_fine 'an offer that another one replaces', $MORE, place('/', "$ACCOUNTS${THROTTLE}NTLMOffer Basic\n$mic\nNTLMOffer NTLM");
is_fine 'demands that come with a request', $MORE,
    place('/', "$ACCOUNTS${THROTTLE}NTLMOffer NTLM Basic") . qq{<LocationMatch "^/x">\n$mic\n</LocationMatch>\n};
is_error 'an <If> of the place', $MORE, place('/', "$ACCOUNTS${THROTTLE}NTLMOffer NTLM Basic\n<If \"true\">\n$mic\n</If>");
is_fine 'NTLM alone with all of them', $MORE, place('/', $ACCOUNTS . join "\n", sort keys %DEMANDS);
is_error 'a virtual host that offers Basic', $MORE,
    "$mic\n<VirtualHost 127.0.0.1:\@PORT\@>\n" . place('/', "$ACCOUNTS${THROTTLE}NTLMOffer Basic") . "</VirtualHost>\n";
is_fine 'another host than the one that demands', $MORE,
    "<VirtualHost 127.0.0.1:\@PORT\@>\n" . place('/', "$ACCOUNTS${THROTTLE}NTLMOffer Basic") . "</VirtualHost>\n"
    . "<VirtualHost 127.0.0.2:\@PORT\@>\n" . place('/', "$ACCOUNTS$mic") . "</VirtualHost>\n";

# ---- guesses ----
my $GUESSES = qr/nobody counts who guesses passwords here, and one request is enough for a guess; write NTLMThrottle 10\/300/;

sub warns {
    my ($name, $directive, @what) = @_;
    my ($ok, $said) = says(@what);
    ok $ok, "$name is no error" or diag $said;
    return like $said, qr/$directive \(\S+:\d+\): $GUESSES/, '... but a warning';
}
warns 'Basic without NTLMThrottle', 'NTLMOffer NTLM Basic', place('/', "${ACCOUNTS}NTLMOffer NTLM Basic");
warns '... with NTLMThrottle off', 'NTLMOffer Basic', "$THROTTLE" . place('/', "${ACCOUNTS}NTLMOffer Basic\nNTLMThrottle off");
warns '... with NTLMThrottle in a part', 'NTLMOffer Basic', place('/', "${ACCOUNTS}NTLMOffer Basic") . section('/x', $THROTTLE);
is_fine 'Basic with NTLMThrottle', $GUESSES, place('/', "${ACCOUNTS}${THROTTLE}NTLMOffer NTLM Basic");
is_fine '... of the whole server', $GUESSES, $THROTTLE . place('/', "${ACCOUNTS}NTLMOffer NTLM Basic");
is_fine '... of a section that may meet it', $GUESSES,
    place('/', "${ACCOUNTS}NTLMOffer NTLM Basic") . qq{<Directory "\@DIR\@/htdocs">\n$THROTTLE</Directory>\n};
is_fine 'NTLM without NTLMThrottle', $GUESSES, place('/', "${ACCOUNTS}NTLMOffer NTLM Negotiate");

# ---- TLS ----
my $NO_TLS = qr/no module speaks TLS, so no password is taken here; load mod_ssl \(Debian: a2enmod ssl\), or behind a front end that ends TLS write NTLMBasicWithoutTLS on/;
for my $text (place('/', "$ACCOUNTS${THROTTLE}NTLMOffer NTLM Basic"),
    section('/', "AuthType Basic\nAuthName x\nRequire valid-user\nAuthBasicProvider ntlm\n$ACCOUNTS$THROTTLE")) {
    my $httpd = PrivateHttpd->new(modules => [qw(socache_shmcb auth_basic)], text => $text);
    $httpd->write('passwords', "alice:d9fe524deb5705ac74ea341ff18afe93\n", 0640);
    my ($ok, $said) = $httpd->configtest;
    ok $ok, 'Basic without mod_ssl is no error' or diag $said;
    like $said, qr/(?:NTLMOffer NTLM Basic|AuthBasicProvider ntlm) \(\S+:\d+\): $NO_TLS/, '... but a warning';
    $httpd->{text} .= "NTLMBasicWithoutTLS on\n";
    ($ok, $said) = $httpd->configtest;
    unlike $said, $NO_TLS, '... which NTLMBasicWithoutTLS on answers';
    is_fine '... and with mod_ssl', $NO_TLS, $text, 'auth_basic';
}

# ---- AuthBasicProvider ntlm ----
for my $provider ('AuthBasicProvider ntlm', 'AuthBasicProvider file ntlm', 'AuthFormProvider ntlm') {
    my @modules = qw(auth_basic authn_file auth_form session request);
    my $lines = "AuthType Basic\nAuthName x\nRequire valid-user\n$provider\n";
    warns $provider, $provider, section('/', "$ACCOUNTS$lines"), @modules;
    is_fine '... with NTLMThrottle', $GUESSES, section('/', "$ACCOUNTS$THROTTLE$lines"), @modules;
    my ($ok, $said) = says(section('/', "$ACCOUNTS$THROTTLE$lines$mic"), @modules);
    ok $ok, '... with NTLMRequireMIC on is no error' or diag $said;
    like $said, qr/$provider \(\S+:\d+\): NTLMRequireMIC on \(\S+:\d+\) demands more than a password, so nobody gets in; write NTLMRequireMIC off in that section/,
        '... but a warning';
    is_error '... without NTLMCredentials', qr/$provider \(\S+:\d+\): no NTLMCredentials says where the accounts are/, section('/', $lines), @modules;
}

done_testing;
