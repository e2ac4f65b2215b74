#!/usr/bin/perl
# A channel binding that is sent must match the certificate of the connection
# (NTLMExtendedProtection allow), and must be there where it is required.
use strict;
use warnings;
use FindBin qw($Bin);
use lib "$Bin/../lib";
use Certificates;
use Guarded;
use Test::More;

if (my $why = Certificates::missing()) { plan skip_all => $why }
require NTLM::TLS;

my %PLACES = map { ("/$_" => "NTLMExtendedProtection $_") } qw(off allow require);
my $WRONG  = {nt_hash => '0' x 32};

# ---- over TLS ----
my $httpd = Guarded->new(modules => ['ssl'], places => {%PLACES, '/default' => ''},
    text => sub { "SSLEngine on\n" . Certificates::make($_[0], 'own', 'ec') });
Certificates::make($httpd->dir, 'foreign', 'ec');

sub tls { return NTLM::TLS->new(port => $httpd->{port}) }

my $right = tls()->binding;
is unpack('H*', $right), unpack('H*', Certificates::binding($httpd->dir . '/own.pem')),
    'the certificate that clients see is that of the file';
my %binding = (
    absent => undef,
    zero   => "\0" x 16,
    right  => $right,
    wrong  => Certificates::binding($httpd->dir . '/foreign.pem'),
    # a changed bit anywhere
    'first bit changed' => $right ^ "\x80",
    'last bit changed'  => $right ^ "\0" x 15 . "\x01",
);
my @CASES = (
    ['/off',     absent => '200 ok binding=absent'],
    ['/off',     zero   => '200 ok binding=zero'],
    ['/off',     right  => '200 ok binding=ok'],
    ['/off',     wrong  => '200 ok binding=wrong'],
    ['/allow',   absent => '200 ok binding=absent'],
    ['/allow',   zero   => '200 ok binding=zero'],
    ['/allow',   right  => '200 ok binding=ok'],
    ['/allow',   wrong  => '401 binding-mismatch binding=wrong'],
    ['/allow',   'first bit changed' => '401 binding-mismatch binding=wrong'],
    ['/require', absent => '401 binding-required binding=absent'],
    ['/require', zero   => '401 binding-required binding=zero'],
    ['/require', right  => '200 ok binding=ok'],
    ['/require', wrong  => '401 binding-mismatch binding=wrong'],
    ['/require', 'last bit changed' => '401 binding-mismatch binding=wrong'],
    ['/default', absent => '200 ok binding=absent'],
    ['/default', right  => '200 ok binding=ok'],
    ['/default', wrong  => '401 binding-mismatch binding=wrong'],
);
for my $case (@CASES) {
    my ($place, $binding, $verdict) = @$case;
    for my $mic (1, 0) {
        is $httpd->attempt(tls(), $place, binding => $binding{$binding}, mic => $mic), $verdict,
            "$place, binding: $binding" . ($mic ? '' : ', no MIC');
    }
}

# ---- the proof comes first ----
for my $place (qw(/allow /require)) {
    for my $binding (qw(absent right wrong)) {
        like $httpd->attempt(tls(), $place, %$WRONG, binding => $binding{$binding}), qr/^401 wrong-password /,
            "$place, binding: $binding, with a wrong password is a wrong password";
    }
}
{
    my $connection = tls();
    my $edited = sub { my ($message) = @_; $message =~ s/\Q$right\E/$binding{wrong}/; return $message };
    is $httpd->attempt($connection, '/allow', binding => $right, rewrite => $edited), '401 wrong-password binding=unchecked',
        'a binding that was changed on the way breaks the proof';
    $edited = sub { my ($message) = @_; $message =~ s/\Q$right\E/"\0" x 16/e; return $message };
    is $httpd->attempt($connection, '/require', binding => $right, rewrite => $edited), '401 wrong-password binding=zero',
        '... and so does one that was removed';
}

# ---- what the client sees ----
{
    my %seen;
    for my $case (['absent'], ['wrong'], ['right', %$WRONG]) {
        my ($binding, @more) = @$case;
        my $response = tls()->login('/require/', user => 'alice', domain => 'CORP',
            nt_hash => 'd9fe524deb5705ac74ea341ff18afe93', binding => $binding{$binding}, @more);
        $seen{$response->seen_by_client}++;
    }
    is keys %seen, 1, 'a client cannot tell these refusals from a wrong password';
}

# ---- one login, its connection, other demands ----
{
    my $connection = tls();
    is $httpd->attempt($connection, '/allow'), '200 ok binding=absent', 'a login without a binding where that is allowed';
    like $httpd->get($connection, '/require'), qr/^401 no-credentials/, '... is none where a binding is required';
    like $httpd->get($connection, '/allow'), qr/^200 ok/, '... and stays one where it was proven';
    is $httpd->attempt($connection, '/require', binding => $right), '200 ok binding=ok', '... until it is proven there, too';
}
$httpd->stop;

# ---- without TLS ----
$httpd = Guarded->new(places => \%PLACES);
for my $case (
    ['/off',     absent => '200 ok binding=absent'],
    ['/off',     right  => '200 ok binding=unchecked'],
    ['/allow',   absent => '200 ok binding=absent'],
    ['/allow',   zero   => '200 ok binding=zero'],
    ['/allow',   right  => '200 ok binding=unchecked'],
    ['/require', absent => '401 binding-unknown binding=absent'],
    ['/require', zero   => '401 binding-unknown binding=zero'],
    ['/require', right  => '401 binding-unknown binding=unchecked'],
) {
    my ($place, $binding, $verdict) = @$case;
    is $httpd->attempt($httpd->client, $place, binding => $binding{$binding}), $verdict,
        "without TLS, $place, binding: $binding";
    like $httpd->attempt($httpd->client, $place, %$WRONG, binding => $binding{$binding}), qr/^401 wrong-password /,
        '... with a wrong password';
}

done_testing;
