#!/usr/bin/perl
# A login is good where the same is demanded: one that was proven where less, more or something
# else was demanded is none, and no challenge of one place can be answered at another.
use strict;
use warnings;
use FindBin qw($Bin);
use lib "$Bin/../lib";
use Certificates;
use Guarded;
use Test::More;

if (my $why = Certificates::missing()) { plan skip_all => $why }
require NTLM::TLS;

my %PLACES = (
    # the same scope: what is said, and what is the default
    plain         => '',
    'spelled-out' => "NTLMExtendedProtection allow\nNTLMRequireMIC off\nNTLMRequireTLS off\nNTLMServiceNames off",
    throttled     => 'NTLMThrottle off',
    'no-names'    => 'NTLMServiceNames off intranet',
    # each another one
    off           => 'NTLMExtendedProtection off',
    require       => 'NTLMExtendedProtection require',
    listed        => 'NTLMServerCertificate own.pem',
    'listed-two'  => 'NTLMServerCertificate own.pem foreign.pem',
    mic           => 'NTLMRequireMIC on',
    tls           => 'NTLMRequireTLS on',
    names         => 'NTLMServiceNames allow',
    'names-must'  => 'NTLMServiceNames require',
    'names-more'  => 'NTLMServiceNames allow intranet',
);
my @SAME  = qw(plain spelled-out throttled no-names);
my @OTHER = qw(off require listed listed-two mic tls names names-must names-more);

my $httpd = Guarded->new(modules => [qw(ssl alias rewrite)], places => {map { ("/$_" => $PLACES{$_}) } keys %PLACES},
    text => sub {
        my ($dir) = @_;
        Certificates::make($dir, 'foreign', 'ec');
        return "SSLEngine on\n" . Certificates::make($dir, 'own', 'ec') . <<'TEXT';
<Directory "@DIR@/htdocs/plain">
    RewriteEngine On
    RewriteRule "^to-(.*)$" "/$1/" [L]
</Directory>
TEXT
    });
my $binding = NTLM::TLS->new(port => $httpd->{port})->binding;
my %ALICE   = (user => 'alice', domain => 'CORP', nt_hash => 'd9fe524deb5705ac74ea341ff18afe93');
# what is let in everywhere
my %STRONG = (%ALICE, binding => $binding, spn => 'HTTP/127.0.0.1');

sub tls { return NTLM::TLS->new(port => $httpd->{port}) }

for my $place (@SAME, @OTHER) {
    like $httpd->attempt(tls(), "/$place", %STRONG), qr/^200 ok /, "a login that has everything is let in at $place";
    like $httpd->attempt(tls(), "/$place", %STRONG, nt_hash => '0' x 32), qr/^401 wrong-password /, '... not with a wrong password';
}

# ---- a login ----
for my $from (@SAME, @OTHER) {
    my $connection = tls();
    like $httpd->attempt($connection, "/$from", %STRONG), qr/^200 ok /, "alice logs in at $from";
    for my $to (@SAME, @OTHER) {
        my $same = $from eq $to || (grep { $_ eq $from } @SAME) && (grep { $_ eq $to } @SAME);
        like $httpd->get($connection, "/$to"), $same ? qr/^200 ok / : qr/^401 no-credentials/,
            $same ? "... which is good at $to" : "... and not logged in at $to";
    }
}

# ---- a challenge ----
for my $case (['plain', 'require'], ['require', 'plain'], ['plain', 'mic'], ['off', 'require'], ['names', 'names-must']) {
    my ($from, $to) = @$case;
    my $connection = tls();
    $connection->type1("/$from/");
    is $httpd->verdict($connection, $connection->type3("/$to/", %STRONG)), '401 not-expected',
        "a challenge of $from cannot be answered at $to";
}

# ---- an internal redirect ----
is $httpd->verdict($_->[0], $_->[0]->login("/plain/to-$_->[1]", %STRONG)), $_->[2], "a redirect from plain to $_->[1]"
    for [tls(), 'spelled-out', '200 ok binding=ok'], [tls(), 'require', '401 other-scope binding=ok'],
    [tls(), 'mic', '401 other-scope binding=ok'], [tls(), 'tls', '401 other-scope binding=ok'];

done_testing;
