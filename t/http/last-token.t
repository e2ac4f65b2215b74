#!/usr/bin/perl
# The last token of a negotiation goes with the answer that the login has opened: once, and never
# with a 401, which asks for another login.
use strict;
use warnings;
use FindBin qw($Bin);
use lib "$Bin/../lib";
use Guarded;
use Test::More;

my %ALICE  = (user => 'alice', domain => 'CORP', nt_hash => 'd9fe524deb5705ac74ea341ff18afe93');
my $OFFER  = 'NTLMOffer Negotiate NTLM';
my $OFFERS = '401|Negotiate|NTLM';
my $TOKEN  = qr/^Negotiate oRswGaADCgEAoxIEE/;    # accept-completed, with a mechListMIC

my $httpd = Guarded->new(
    modules => [qw(include mime rewrite)],
    places  => {'/place' => $OFFER, '/other' => "$OFFER\nNTLMComputer OTHER other.test"},
    text    => <<'TEXT');
TypesConfig /dev/null
AddType text/html .html .shtml
AddOutputFilter INCLUDES .shtml
<Directory "@DIR@/htdocs/place">
    Options +Includes
    RewriteEngine On
    RewriteBase /place/
    RewriteRule "^there$" "/other/"
    RewriteRule "^here$" "/place/page"
    <FilesMatch "^(?:index.html|special)$">
        Require user alice
    </FilesMatch>
</Directory>
<If "%{REQUEST_URI} =~ m#/bobs$#">
    Require user bob
</If>
<Directory "@DIR@/htdocs/place/elsewhere">
    DirectoryIndex /other/index.html
</Directory>
<Location "/place/said">
    ErrorDocument 401 /place/page
    ErrorDocument 403 /place/page
</Location>
TEXT
mkdir $httpd->dir . "/htdocs/place/$_" for qw(elsewhere said);
$httpd->write("htdocs/place/$_", "the protected page\n") for qw(page special bobs said/bobs);
$httpd->write('htdocs/place/parts.shtml', join '', map { "<!--#include virtual=\"$_\" -->" } qw(/place/page /place/special /other/index.html));

# The client's first answer but those to its messages, whatever headers it has.
sub login {
    my ($path, $over) = @_;
    my $client = $httpd->client(over => $over);
    no warnings 'redefine';
    local *NTLM::Scheme::finish = sub { };
    return $client->login($path, %ALICE);
}

sub said { my ($response) = @_; return join '|', $response->status, map { s/$TOKEN.*/a token/r } $response->header('WWW-Authenticate') }

my @ROWS = (
    ['/place/page',       '200|a token', 'a page'],
    ['/place/special',    '200|a token', '... in a section of its own'],
    ['/place/',           '200|a token', '... that is the index of its folder, in a section of its own'],
    ['/place/parts.shtml','200|a token', '... with parts, one of which is for other accounts'],
    ['/place/here',       '200|a token', '... behind a redirect of httpd'],
    ['/place/nothing',    '404|a token', 'a page that is not there'],
    ['/place/bobs',       '403|a token', "bob's page"],
    ['/place/said/bobs',  '403|a token', '... that another page speaks for'],
    ['/place/there',      $OFFERS, 'a redirect to where the login is not good'],
    ['/place/elsewhere/', $OFFERS, 'an index that lies there'],
);
for my $row (@ROWS) {
    my ($path, $wanted, $what) = @$row;
    is said(login($path, $_)), $wanted, "$what, $_" for 'SPNEGO', 'Kerberos-first';
    is said(login($path, $_)), $wanted =~ s/\|a token//r, "$what, $_" for 'Negotiate', 'NTLM';
}
{
    my $client = $httpd->client(over => 'SPNEGO');
    is $client->login('/place/page', %ALICE)->status, 200, 'the login stays';
    is said($client->get('/place/page')), '200', '... and the next request gets no token';
}

done_testing;
