#!/usr/bin/perl
# conf/webdav.conf: files go up and down, and without a password nothing is stored, listed
# or taken away.
use strict;
use warnings;
use FindBin qw($Bin);
use lib "$Bin/../lib";
use Recipe;
use Test::More;

plan skip_all => "there is no mod_$_" for grep { !-e PrivateHttpd::module_folder() . "/mod_$_.so" } qw(dav dav_fs);
plan skip_all => 'there is no curl (package curl)' if !-x '/usr/bin/curl';

my $httpd = Recipe::httpd('webdav.conf', {'/srv/dav' => '@DIR@/dav', '/var/lib/dav' => '@DIR@/locks'},
    modules => ['cgi', 'include', 'mime'], text => <<'TEXT');
TypesConfig /dev/null
AddHandler cgi-script .cgi
AddType text/html .shtml
AddOutputFilter INCLUDES .shtml
<Directory "@DIR@/dav">
    Options +ExecCGI +Includes
</Directory>
Alias "/of-bob"    "@DIR@/dav/of-bob"
Alias "/elsewhere" "@DIR@/dav/elsewhere"
<Location "/of-bob">
    Dav On
    AuthType NTLM
    NTLMCredentials file ntlm.passwd
    Require user bob
</Location>
<Location "/elsewhere">
    Dav On
    AuthType NTLM
    NTLMCredentials file other.passwd
    Require valid-user
</Location>
TEXT
$httpd->write('other.passwd', "alice:27bf1123aae89dc1f94ad95bd7108d01\n", $> == 0 ? 0600 : 0640);
my $dav = Recipe::folder($httpd, 'dav');
Recipe::folder($httpd, 'locks');
$httpd->start;

my @alice = ('alice', 'Secr3t!pw');
my @bob   = ('bob', "B0b's own");

sub stored { return join ' ', sort map { substr $_, 1 + length $dav } glob "$dav/* $dav/*/*" }
sub is_answer { my ($expected, $sentence, @curl) = @_; return is(($httpd->curl(@curl))[0], $expected, $sentence) }

# What curl sends as a file.
sub file { my ($text) = @_; return ('-T', $httpd->write('file', $text)) }
sub to { my ($path) = @_; return ('-H', 'Destination: ' . $httpd->url($path)) }

sub content {
    my ($name) = @_;
    open my $in, '<', "$dav/$name" or return;
    local $/;
    return scalar <$in>;
}

# ---- who has the password ----
is_answer 201, 'MKCOL makes a folder', @alice, '/dav/new', '-X', 'MKCOL';
is_answer 201, 'PUT stores a file', @alice, '/dav/new/page', file("a stored page\n");
is content('new/page'), "a stored page\n", '... all of it';
my ($status, $body) = $httpd->curl(@alice, '/dav/new/', '-X', 'PROPFIND', '-H', 'Depth: 1');
is $status, 207, 'PROPFIND lists the folder';
like $body, qr{<D:href>/dav/new/page</D:href>}, '... with the file';
is_answer 204, 'PUT replaces the file', @alice, '/dav/new/page', file("another one\n");
is_answer 201, 'COPY copies it', @alice, '/dav/new/page', '-X', 'COPY', to('/dav/copy');
is_answer 201, 'MOVE moves it', @alice, '/dav/copy', '-X', 'MOVE', to('/dav/new/moved');
is stored(), 'new new/moved new/page', 'the copy is where it was moved';
is_deeply [$httpd->curl(@alice, '/dav/new/moved')], [200, "another one\n"], 'GET reads it';
($status, $body) = $httpd->curl(@alice, '/dav/new/page', '-X', 'LOCK', '-H', 'Content-Type: text/xml', '--data-binary',
    '<?xml version="1.0"?><D:lockinfo xmlns:D="DAV:"><D:lockscope><D:exclusive/></D:lockscope>'
    . '<D:locktype><D:write/></D:locktype></D:lockinfo>');
is $status, 200, 'LOCK locks it';
is_answer 423, '... for others, too', @bob, '/dav/new/page', file("a stored page\n");
my ($token) = $body =~ m{<D:href>(opaquelocktoken:[^<]+)</D:href>};
my @unlock = ('/dav/new/page', '-X', 'UNLOCK', '-H', "Lock-Token: <$token>");
is_answer 403, 'UNLOCK by somebody else is refused', @bob, @unlock;
is_answer 204, 'UNLOCK by its owner', @alice, @unlock;

my $script = "#!/bin/sh\necho\necho it ran\n";
is_answer 201, 'a script is stored', @alice, '/dav/x.cgi', file($script);
chmod 0755, "$dav/x.cgi";
is_deeply [$httpd->curl(@alice, '/dav/x.cgi')], [200, $script], '... and read, not run';
my $includes = "<!--#echo var=\"REMOTE_USER\" -->\n";
is_answer 201, 'a page with server-side includes is stored', @alice, '/dav/x.shtml', file($includes);
is_deeply [$httpd->curl(@alice, '/dav/x.shtml')], [200, $includes], '... and read, not run';
is_answer 201, 'an .htaccess is stored', @alice, '/dav/.htaccess', file("Nonsense\n");
is_answer 200, '... and not read by httpd', @alice, '/dav/new/page';
is_answer 204, 'DELETE takes a file away', @alice, "/dav/$_", '-X', 'DELETE' for qw(x.cgi x.shtml .htaccess);

# ---- from one folder into another ----
Recipe::folder($httpd, "dav/$_") for qw(of-bob elsewhere);
for my $method (qw(COPY MOVE)) {
    for my $place (qw(of-bob elsewhere)) {
        my ($status) = $httpd->curl(@alice, '/dav/new/page', '-X', $method, to("/$place/page"));
        like $status, qr/^4/, "$method into a folder that alice may not write ($place) is refused";
        ok !-e "$dav/$place/page" && -e "$dav/new/page", '... and does nothing';
    }
}
is_answer 201, 'bob may', @bob, '/dav/new/moved', '-X', 'COPY', to('/of-bob/page');
is_answer 204, '... and takes it away', @bob, '/of-bob/page', '-X', 'DELETE';
rmdir "$dav/$_" for qw(of-bob elsewhere);

# ---- nobody else ----
for my $who ([undef, undef, 'nobody'], ['alice', 'wrong', 'a wrong password']) {
    my ($user, $password, $name) = @$who;
    for my $method (qw(GET OPTIONS PROPFIND MKCOL DELETE COPY MOVE LOCK)) {
        my $path = $method eq 'MKCOL' ? '/dav/mine' : '/dav/new/page';
        my ($status, $body) = $httpd->curl($user, $password, $path, '-X', $method, '-H', 'Depth: 0',
            to('/dav/stolen'));
        is $status, 401, "$method: $name is refused";
        unlike $body, qr/another one|D:href/, '... and sees nothing';
    }
    is_answer 401, "PUT: $name is refused", $user, $password, '/dav/new/page', file("a stored page\n");
}
is stored(), 'new new/moved new/page', 'all is where it was';
is content('new/page'), "another one\n", '... and as it was';

done_testing;
