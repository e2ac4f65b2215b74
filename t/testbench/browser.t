#!/usr/bin/perl
# A browser on the first page logs in, sees its handshake, and why a wrong password failed.
use strict;
use warnings;
use FindBin qw($Bin);
use lib "$Bin/../lib";
use Chromium;
use Test::More;
use Testbench;

plan skip_all => $_ for Testbench::missing(), Chromium::missing_alone();
my $bench = Testbench->start;
my $host  = "127.0.0.1:$bench->{port}";

my $index = Chromium::dom("http://$host/");
my ($link) = $index =~ m{<a href="([^"]+)">Log in here</a>};
is $link, '/ntlm', 'the first page has a link to log in';
like $index, qr{<code>Looking-Glass1</code>}, '... and accounts for it';

my $in = Chromium::dom("http://WONDERLAND%5Calice:Looking-Glass1\@$host$link");
like $in, qr{<h1>Logged in as WONDERLAND\\alice</h1>}, 'an account logs in behind it';
like $in, qr{Type 3: AUTHENTICATE_MESSAGE.*NTProofStr}s, '... and sees its handshake';

# Without a window Chromium shows nothing of a 401: what its page says is in index.t.
unlike Chromium::dom("http://WONDERLAND%5Calice:Mirror1\@$host$link"), qr/Logged in/, 'a wrong password does not';
my ($why) = $index =~ m{<a href="([^"]+)">The last login</a>};
my $page  = Chromium::dom("http://$host$why");
like $page, qr{<td>wrong-password</td>}, '... and the link to the last login says that it was wrong';
like $page, qr{it was another one}, '... and no mistake of the browser';
Chromium::screenshot("http://$host$_->[0]", "$ENV{SCREENSHOTS}/$_->[1].png")
    for $ENV{SCREENSHOTS} ? (['/', 'index'], [$why, 'login']) : ();

done_testing;
