#!/usr/bin/perl
# A listing asks for each of its entries with a subrequest. What these meet costs memory that is
# given back, adds nothing to the answer's header, and is one line of the log at most.
use strict;
use warnings;
use FindBin qw($Bin);
use lib "$Bin/../lib";
use Front;
use Memory;
use MIME::Base64 qw(encode_base64);
use NTLM::Connection;
use PrivateHttpd;
use Test::More;

use constant MANY => 2_000;

my $mpm   = $ENV{MPM} || 'event';
my %ALICE = (user => 'alice', domain => '', nt_hash => 'd9fe524deb5705ac74ea341ff18afe93');
my @BASIC = (Authorization => 'Basic ' . encode_base64('alice:secret', ''));
my $FEW   = $mpm eq 'prefork' ? "StartServers 4\nServerLimit 4\nMaxRequestWorkers 4\n"
    : "StartServers 1\nServerLimit 1\nThreadsPerChild 8\nMaxRequestWorkers 8\nMinSpareThreads 1\nMaxSpareThreads 8\n";

my $httpd = PrivateHttpd->new(mpm => $mpm, modules => [qw(alias auth_basic authn_file autoindex include mime negotiation)],
    text => $FEW . <<'TEXT');
KeepAliveTimeout 60
MaxKeepAliveRequests 0
LogLevel warn auth_ntlmv2:debug
TypesConfig /dev/null
AddType text/html .shtml
AddOutputFilter INCLUDES .shtml
DirectoryIndex disabled
Alias /basic @DIR@/htdocs/files
AllowEncodedSlashes On
<Directory "@DIR@/htdocs">
    Options +Indexes +Includes +MultiViews
</Directory>
<Location "/">
    AuthType NTLM
    NTLMCredentials file passwords
    Require valid-user
</Location>
<Location "/basic">
    AuthType Basic
    AuthName "a listing"
    AuthBasicProvider file
    AuthUserFile @DIR@/basic
    Require valid-user
</Location>
<FilesMatch "\.txt$">
    Require valid-user
</FilesMatch>
<DirectoryMatch "/folders/f">
    Require valid-user
</DirectoryMatch>
<LocationMatch "^/if/">
    <If "true">
        Require valid-user
    </If>
</LocationMatch>
<LocationMatch "^/(bobs|index|error/bobs)/.">
    Require user bob
</LocationMatch>
<LocationMatch "^/others/.">
    NTLMAcceptDomains ELSEWHERE
</LocationMatch>
<Location "/index/">
    DirectoryIndex page.txt
</Location>
<Location "/open">
    Require all granted
    DirectoryIndex /index/page.txt
</Location>
<Location "/error/">
    ErrorDocument 403 /index/page.txt
</Location>
TEXT

my %files = (files => MANY, if => 50, bobs => 50, others => 50);
mkdir $httpd->dir . "/htdocs/$_" for keys %files, qw(folders choices index open error error/bobs);
for my $folder (keys %files) { $httpd->write("htdocs/$folder/$_.txt", "$_\n") for 1 .. $files{$folder} }
mkdir $httpd->dir . "/htdocs/folders/f$_" for 1 .. 500;
$httpd->write("htdocs/choices/page.txt.l$_", "page $_\n") for 1 .. 50;
$httpd->write("htdocs/$_->[0].shtml", $_->[1]) for map { my $folder = $_;
    ["$folder-parts", "the page\n" . join '', map { qq(<!--#include virtual="/$folder/$_.txt" -->\n) } 1 .. 50] } qw(bobs others);
$httpd->write('htdocs/index/page.txt', "for bob\n");
$httpd->write('passwords', "alice:$ALICE{nt_hash}\nbob:" . '0' x 31 . "1\n", $> == 0 ? 0600 : 0640);
$httpd->write('basic', "alice:{SHA}5en6G6MezRroT3XKqkdPOmY/BfQ=\n");
$httpd->start;

sub logged_in {
    my $c = NTLM::Connection->new(port => $httpd->{port}, vhost => '127.0.0.1', timeout => 60);
    is $c->login('/', %ALICE)->status, 200, 'alice logs in';
    return $c;
}

# The lines of the module since the last call: {warn => [...], debug => [...]}.
my $read = 0;
sub lines {
    my $log = substr $httpd->error_log, $read;
    $read += length $log;
    my %lines;
    push @{$lines{$1}}, $2 while $log =~ /\[auth_ntlmv2:(\w+)\].*? (ntlm: .*)/g;
    return \%lines;
}

sub words { return [map { $_->header('Cache-Control') } @_] }
sub size  { my $size = 0; $size += length "@$_" for $_[0]->headers; return $size }

# ---- memory ----
# What a listing takes at its peak the child keeps, so the second kind shows what it takes more.
SKIP: {
    skip Memory::why(), 1 if !Memory::children($httpd->pid);
    my $alice = logged_in();
    my $peak = sub { my $kb = 0; $kb += Memory::kilobytes($_, 'VmHWM') for Memory::children($httpd->pid); return $kb };
    my $response;
    $response = $alice->request(GET => '/basic/', \@BASIC) for 1 .. 3;
    is scalar(() = $response->body =~ /<li><a href="\d+\.txt/g), MANY, 'a listing under Basic';
    my $before = $peak->();
    $alice->get('/files/') for 1 .. 3;
    my $more = $peak->() - $before;
    cmp_ok $more, '<', 2048, "the same under NTLM takes no more memory ($more KB)";
}

# ---- the header ----
my $alice = logged_in();
for my $case (
    ['/files/', MANY, 'FilesMatch'], ['/folders/', 500, 'DirectoryMatch'], ['/if/', 50, 'If'],
) {
    my ($path, $entries, $section) = @$case;
    my $response = $alice->get($path);
    is $response->status, 200, "a listing whose entries are of a <$section>";
    is scalar(() = $response->body =~ /<li><a href="f?\d+[.\/]/g), $entries, "... has all $entries entries";
    is_deeply words($response), ['private'], '... and is private, which it says once';
}
for my $path ('/choices/page.txt', '/choices/page') {
    my $response = $alice->get($path);
    is_deeply words($response), ['private'], "$path: a choice from 50 says it once";
}

# As many folders as made a header that no front end takes.
my %front = (
    nginx   => sub { Front->nginx_sharing($httpd->{port}) },
    haproxy => sub { Front->haproxy(<<'TEXT', BACKEND => $httpd->{port}) },
listen front
    mode http
    bind 127.0.0.1:@PORT@
    server httpd 127.0.0.1:@BACKEND@
TEXT
    httpd   => sub { Front->httpd('event', <<'TEXT', BACKEND => $httpd->{port}) },
ProxyPass "/" "http://127.0.0.1:@BACKEND@/" max=1 keepalive=On enablereuse=On
TEXT
);
for my $name (sort keys %front) {
    SKIP: {
        skip "$name is not installed", 2 if !Front::program($name);
        my $front = $front{$name}->();
        my $c = NTLM::Connection->new(port => $front->{port}, vhost => '127.0.0.1', timeout => 60);
        my $response = $c->login('/folders/', %ALICE);
        is $response->status, 200, "$name passes such a listing on";
        like $response->body, qr{href="f500/"}, '... with all entries';
    }
}

# ---- the log ----
for my $case (['/bobs/', 'not-authorized'], ['/others/', 'other-scope'],
    ['/bobs-parts.shtml', 'not-authorized'], ['/others-parts.shtml', 'other-scope'])
{
    my ($path, $status) = @$case;
    my $stranger = logged_in();
    lines();
    is $stranger->get($path)->status, 200, "$path, whose parts are not for alice";
    my $lines = lines();
    is_deeply $lines->{warn} // [], [], '... writes nothing where administrators look';
    is scalar(grep { /^ntlm: $status: user=alice / } @{$lines->{debug}}), 50, '... and a line each for those who debug';
}

subtest 'What becomes the answer of the client request is its one line' => sub {
    lines();
    is $alice->get('/index/')->status, 403, 'an index that is not for alice';
    my @warned = @{lines()->{warn} // []};
    is scalar @warned, 1, 'one line';
    like $warned[0], qr/^ntlm: not-authorized: user=alice /, 'says why';

    is $alice->get('/error/bobs/page.txt')->status, 403, 'a page that is not for alice, nor is its ErrorDocument';
    @warned = @{lines()->{warn} // []};
    is scalar @warned, 1, 'one line';
    like $warned[0], qr/^ntlm: not-authorized: user=alice /, 'says why';
};

subtest 'A login that a subrequest takes is as visible as any' => sub {
    $httpd->write('htdocs/open/page.shtml', qq(<!--#include virtual="/index/page.txt" -->\n) x 2);
    for my $path ('/open/', '/open/page.shtml') {
        my $c = NTLM::Connection->new(port => $httpd->{port}, vhost => '127.0.0.1', timeout => 60);
        $c->type1('/');
        lines();
        $c->type3($path, %ALICE, nt_hash => '0' x 32);
        my @warned = @{lines()->{warn} // []};
        is scalar @warned, 1, "$path: one line";
        like $warned[0], qr/^ntlm: wrong-password: user=alice /, 'says why';
    }
};

done_testing;
