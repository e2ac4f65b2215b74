#!/usr/bin/perl
# conf/change-password.cgi, run as httpd runs it, with ntlmpasswd in place of sudo.
use strict;
use warnings;
use File::Temp qw(tempdir);
use FindBin;
use Test::More;

my $top  = "$FindBin::Bin/../..";
my $tool = $ENV{NTLMPASSWD} || "$top/support/ntlmpasswd";
plan skip_all => "no $tool; build it first" unless -x $tool;

my $dir  = tempdir(CLEANUP => 1);
my $hash = 'a4f49c406510bdcab6824ee7c30fd852';    # Password
my $new  = 'cd06ca7c7e10c99b1d33b7485a2ed808';    # SecREt01

sub put { my ($path, $text) = @_; open my $fh, '>', $path or die $!; print $fh $text; close $fh }
sub get { open my $fh, '<', $_[0] or die $!; local $/; return scalar <$fh> }

# Another command in the sample's one line for it.
my $sample = get("$top/conf/change-password.cgi");
$sample =~ s/^my \@change = .*/my \@change = ('$tool', '--change', '$dir\/passwd');/m or die;
put "$dir/cgi", $sample;

sub escape { my ($text) = @_; $text =~ s/([^A-Za-z0-9])/sprintf '%%%02X', ord $1/ge; return $text }

# Posts a form as $user; gives all that the script printed.
sub post {
    my ($user, %form) = @_;
    my $body = join '&', map { "$_=" . escape($form{$_}) } sort keys %form;
    put "$dir/body", $form{body} // $body;
    local %ENV = (PATH => $ENV{PATH}, REQUEST_METHOD => 'POST', CONTENT_LENGTH => -s "$dir/body");
    $ENV{REMOTE_USER} = $user if defined $user;
    return `$^X -T "$dir/cgi" <"$dir/body" 2>"$dir/log"`;
}

sub says {
    my ($what, $status, $message, @post) = @_;
    put "$dir/passwd", "CORP\\a b:$hash\n-D:$hash\noff:$hash:[D]\n";
    my $page = post(@post);
    like $page, qr/^Status: $status /, "$what: status";
    like $page, $message, "$what: message";
    unlike $page, qr/Password\W*<|SecREt01/, "$what: no password in the page";
    unlike get("$dir/log"), qr/SecREt01/, "$what: none in the log";
    return get("$dir/passwd");
}

my $was   = "CORP\\a b:$hash\n-D:$hash\noff:$hash:[D]\n";
my %right = (old => 'Password', new => 'SecREt01', again => 'SecREt01');
is says('right', 200, qr/is changed/, 'CORP\\a b', %right), $was =~ s/$hash/$new/r, 'changed';
is says('a name like an option', 200, qr/is changed/, '-D', %right), $was =~ s/-D:$hash/-D:$new/r, 'changed';
is says('another user in the form', 200, qr/is changed/, '-D', %right, user => 'off', REMOTE_USER => 'off'),
    $was =~ s/-D:$hash/-D:$new/r, 'it is whose login it is';
for my $try (
    ['wrong',     200, qr/old password is wrong, or/, 'corp\\A B', %right, old => 'x'],
    ['disabled',  200, qr/old password is wrong, or/, 'off',       %right],
    ['two',       200, qr/differ/,                    '-D',        %right, again => 'x'],
    ['none',      200, qr/missing/,                   '-D',        %right, new => '', again => ''],
    ['no old',    200, qr/missing/,                   '-D',        new => 'a', again => 'a'],
    ['two lines', 200, qr/control character/,         '-D',        %right, old => "Password\nx"],
    ['long',      200, qr/too long/,                  '-D',        %right, map { $_ => 'a' x 300 } qw(new again)],
    ['no UTF-8',  200, qr/cannot be one/,             '-D',        %right, map { $_ => "\xFF" } qw(new again)],
    ['nobody',    500, qr/tell the administrator/,    'x',         %right],
    ['no login',  403, qr/Nobody/,                    undef,       %right],
    ['no login',  403, qr/Nobody/,                    '',          %right],
    ['a newline', 403, qr/Nobody/,                    "a\nb",      %right],
    ['markup',    500, qr/&#60;b&#62;&#38;&#34;/,     '<b>&"',     %right],
    ['too large', 413, qr/too large/,                 '-D',        %right, body => 'a' x 9000],
    ['nonsense',  200, qr/missing/,                   '-D',        body => '&=&old&new=%&again=%zz'],
    )
{
    my ($what, @rest) = @$try;
    is says($what, @rest), $was, "$what: nothing is changed";
}
put "$dir/body", '';
{
    local %ENV = (PATH => $ENV{PATH}, REQUEST_METHOD => 'GET', REMOTE_USER => 'off', QUERY_STRING => 'old=Password');
    like `$^X -T "$dir/cgi" <"$dir/body"`, qr/^Status: 200.*<form method="post"/s, 'GET shows the form';
}
is get("$dir/passwd"), $was, 'and changes nothing';
done_testing;
