#!/usr/bin/perl -T
# A page on which users change their own NTLM password: a sample to start from.
#
# httpd must not be able to write the password file; ntlmpasswd --change can, changes
# nothing but the password of one account, and wants the old one. sudo lets httpd's user
# run exactly that. In /etc/sudoers.d/ntlmpasswd (sudo 1.9.10 or later; visudo -f FILE):
#
#     www-data ALL=(root) NOPASSWD: /usr/local/bin/ntlmpasswd ^--change /etc/apache2/ntlm\.passwd [^/]+$
#
# With an older sudo, which knows no ^...$, one line a user and no '*' in it:
#
#     www-data ALL=(root) NOPASSWD: /usr/local/bin/ntlmpasswd --change /etc/apache2/ntlm.passwd alice
#
# and in httpd's configuration, for a host with TLS:
#
#     ScriptAlias "/password" "/usr/local/lib/cgi-bin/change-password.cgi"
#     <Location "/password">
#         SSLRequireSSL
#         AuthType NTLM
#         NTLMCredentials file /etc/apache2/ntlm.passwd
#         Require valid-user
#     </Location>
#
# Whose password it is says REMOTE_USER, never the form. The old password in the form is also
# what keeps another site from posting it.
use strict;
use warnings;

# Nothing of the environment reaches a command, and no shell sees any of this.
my @change = ('/usr/bin/sudo', '-n', '/usr/local/bin/ntlmpasswd', '--change', '/etc/apache2/ntlm.passwd');
my $max = 8192;    # bytes of a form

sub html { my ($text) = @_; $text =~ s/([&<>"'])/'&#' . ord($1) . ';'/ge; return $text }

sub page {
    my ($status, $message, $user) = @_;
    my ($name, $said) = (html($user), html($message));
    print "Status: $status\r\nContent-Type: text/html; charset=utf-8\r\nCache-Control: no-store\r\n",
        "Content-Security-Policy: default-src 'none'; form-action 'self'; frame-ancestors 'none'\r\n\r\n",
        <<"HTML";
<!DOCTYPE html><title>Change password</title>
<h1>Password of $name</h1><p>$said</p>
<form method="post" accept-charset="utf-8">
<p><label>Old password <input type="password" name="old" autocomplete="current-password"></label>
<p><label>New password <input type="password" name="new" autocomplete="new-password"></label>
<p><label>Once more <input type="password" name="again" autocomplete="new-password"></label>
<p><button>Change</button></form>
HTML
    exit 0;
}

sub read_form {
    my %form = map { $_ => '' } qw(old new again);
    my $left = $ENV{CONTENT_LENGTH} || 0;
    return undef if $left !~ /^\d{1,9}$/ || $left > $max;
    read STDIN, (my $body), $left;
    for my $pair (split /&/, $body // '') {
        my ($key, $value) = split /=/, $pair, 2;
        next unless exists $form{$key} && defined $value;
        $value =~ tr/+/ /;
        $value =~ s/%([0-9A-Fa-f]{2})/chr hex $1/ge;
        $form{$key} = $value;
    }
    return \%form;
}

# Gives ntlmpasswd's exit code; why is in httpd's error log.
sub change {
    my ($user, $old, $new) = @_;
    local %ENV = (PATH => '/usr/bin:/bin');
    local $SIG{PIPE} = 'IGNORE';
    open my $to, '|-', @change, $user or return -1;
    print $to "$old\n$new\n";
    close $to;
    return $? & 127 ? -1 : $? >> 8;
}

my ($user) = ($ENV{REMOTE_USER} // '') =~ /^([^\x00-\x1F\x7F]+)$/;
page('403 Forbidden', 'Nobody is logged in.', '') unless defined $user;
page('200 OK', 'At most 256 characters.', $user) unless ($ENV{REQUEST_METHOD} // '') eq 'POST';

my $form = read_form() or page('413 Content Too Large', 'The form is too large.', $user);
my ($old, $new, $again) = @$form{qw(old new again)};
page('200 OK', 'A password is missing.', $user) if $old eq '' || $new eq '';
page('200 OK', 'The two new passwords differ.', $user) if $new ne $again;
page('200 OK', 'A password holds a control character.', $user) if "$old$new" =~ /[\x00-\x1F\x7F]/;

my %said = (
    0 => 'The password is changed.',
    2 => 'The new password cannot be one.',
    3 => 'The old password is wrong, or the account is disabled.',
    5 => 'The new password is too long.',
);
my $code = change($user, $old, $new);
page('200 OK', $said{$code}, $user) if exists $said{$code};
page('500 Internal Server Error', 'The password could not be changed; tell the administrator.', $user);
