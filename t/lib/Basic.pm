package Basic;

# Logins by user and password in clear (RFC 7617).
#
#   my $response = $connection->request(GET => '/', basic('alice', 'Secr3t!pw'));

use strict;
use warnings;
use utf8;
use Exporter qw(import);
use MIME::Base64 qw(encode_base64);

our @EXPORT_OK = qw(basic basic_of password);

# Of the accounts of t/lib/NTLM/Accounts.pm, and one whose password has colons.
my %ACCOUNTS = (
    alice  => ['Secr3t!pw',   'd9fe524deb5705ac74ea341ff18afe93'],
    bob    => ["B0b's own",   '27bf1123aae89dc1f94ad95bd7108d01'],
    jürgen => ['Pässwörd€',   '04e9d4087e1303bea8e5239aa5ddd064'],
    dora   => ["D0ra's own",  '9ef289e72c464d1b05aef60491149cef', ':[D]'],
    erin   => ['',            '31d6cfe0d16ae931b73c59d7e0c089c0'],
    colin  => ['wonder:land', '9753cefd8d9965d06596577178b928a7'],
);

sub password { my ($user) = @_; return $ACCOUNTS{$user}[0] }
sub hash { my ($user) = @_; return $ACCOUNTS{$user}[1] }

# A password file of all of them.
sub file {
    my $text = join '', map { "$_:$ACCOUNTS{$_}[1]" . ($ACCOUNTS{$_}[2] // '') . "\n" } sort keys %ACCOUNTS;
    utf8::encode($text);
    return $text;
}

# The header of a user, with his own password if there is no other one.
sub basic { my ($user, $password) = @_; return basic_of("$user:" . ($password // password($user))) }

# ... of any text.
sub basic_of {
    my ($text, $name) = @_;
    utf8::encode($text) if utf8::is_utf8($text);
    return [$name // 'Authorization' => 'Basic ' . encode_base64($text, '')];
}

1;
