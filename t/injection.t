# What a client calls itself goes into logs, variables and headers: as text of one value,
# never as a line, a header or a field of its own.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib";
use Test::More;

use utf8;
use Encode qw(decode encode);
use NTLM::Accounts qw(account);
use NTLM::Connection;
use NTLM::Expect;
use NTLM::Log;
use NTLM::Message;
use NTLM::Server;

my %alice  = account('alice');
my $place  = '/named/echo';
my $serial = 0;

my %NAMES = (
    'a header'               => "x\r\nX-Injected: yes",
    'the end of the headers' => "x\r\n\r\nREMOTE_USER=alice",
    'a line of the log'      => "x\n[Sat Nov 21 06:44:39 2026] [auth_ntlmv2:info] [pid 1:tid 1] [client 1.2.3.4:5] ntlm: ok: user=alice",
    'a carriage return'      => "x\rX-Injected: yes",
    'a tab'                  => "x\tuser=alice",
    'an end of a string'     => "alice\0x",
    'an escape sequence'     => "\e[2J\e]0;x\a",
    'a rubout'               => "alice\x7f",
    'the next line of C1'    => "x\x{85}X-Injected: yes",
    'a control sequence of C1' => "x\x{9b}2J",
    'separators of lines'    => "x\x{2028}X-Injected: yes\x{2029}y",
    'a change of direction'  => "x\x{202e}ecila",
    'quotes'                 => 'x" status=200 user="alice',
    'a single quote'         => "x' OR '1'='1",
    'fields of the log'      => 'x status=200 user=alice (0x00000000): ok',
    'formats of C'           => '%s%n%p%1000000d',
    'formats of httpd'       => '%{HTTP_COOKIE}e%{REMOTE_USER}i%u%%',
    'an encoded header'      => 'x%0d%0aX-Injected:%20yes',
    'an escaped header'      => 'x\r\nX-Injected: yes',
    'a program'              => '$(id)`id`;id|id&&id',
    'markup'                 => '<script>alert(1)</script>',
    'a path'                 => '../../../etc/passwd',
    'bytes of UTF-8 that are too long' => "x\x{c0}\x{8a}X-Injected: yes\x{c0}\x{80}",
    'bytes of UTF-8'         => encode('UTF-8', 'jürgen'),
    'a byte order mark'      => "\x{feff}alice",
    'a character of no width' => "al\x{200b}ice\x{2060}",
    'isolated directions'    => "\x{2066}alice\x{2069}\x{61c}",
    'a pair of surrogates'   => "\x{1f600}",
);
# What no name holds: control characters, and those that are not seen.
my $UNFIT = qr/[\x00-\x1f\x7f-\x9f\x{2028}\x{2029}\p{Default_Ignorable_Code_Point}]/;

sub new_bytes {
    my ($file, $from) = @_;
    open my $in, '<:raw', $file or die "$file: $!\n";
    seek $in, $from, 0;
    local $/;
    return <$in> // '';
}

# A login with these names leaves one line in the error log, which is the module's and
# printable, and one in the access log; and nothing in the response that is not a value.
sub attempt {
    my ($connection, $what, %names) = @_;
    my $mark   = 'name-' . $serial++;
    my ($size, $accessed) = (NTLM::Log::mark(), -s NTLM::Server::access_log());
    my $response = $connection->type3($place, %alice, %names, headers => ['X-Test' => $mark]);
    my $line     = NTLM::Server::access_line($mark);
    my @lines    = split /\n/, new_bytes(NTLM::Server::error_log(), $size);
    is(scalar(grep { /ntlm: / } @lines), 1, "$what: one line in the error log") or diag join "\n", @lines;
    is_deeply([grep { !/^\[\w{3} \w{3} / || /[^\x20-\x7e]/ } @lines], [], '... that begins as httpd begins it, and is printable');
    ok(defined NTLM::Log::last_line()->{code}, '... with all of its fields') or diag $lines[-1];
    my @access = split /\n/, new_bytes(NTLM::Server::access_log(), $accessed);
    is_deeply([grep { !/^test=/ || /[^\x20-\x7e]/ } @access], [], 'the access log has only lines of its own');
    is_deeply([grep { $_->[0] =~ /injected/i || $_->[0] !~ /^[A-Za-z-]+$/ || $_->[1] =~ /[\x00-\x1f\x7f]/ } $response->headers], [],
        'the response has no header that a name has made');
    unlike($response->body, qr/REMOTE_USER=alice/, 'nor a page') if $response->status != 200;
    return ($response, $line->{NTLM_STATUS});
}

for my $what (sort keys %NAMES) {
    subtest $what => sub {
        my $name  = $NAMES{$what};
        my $shown = $name =~ s/$UNFIT/\x{fffd}/gr;
        my $connection = NTLM::Connection->new;
        for my $field (qw(user domain workstation)) {
            $connection->type1($place);
            my %user = $field eq 'user' ? () : (user => 'mallory');
            my ($response, $logged) = attempt($connection, "as the $field", %user, $field => $name);
            refused($response, 'refused');
            # the name of a computer is for show: what it holds is no obstacle
            my $status = $name eq $shown || $field eq 'workstation' ? 'no-such-user' : 'malformed';
            is($logged, $status, "... as $status");
            is(decode('UTF-8', $response->header('X-' . ucfirst $field)), $shown,
                '... and shown as one value, without what no name holds');
        }
        welcomed($connection->login($place, %alice), 'alice', 'the connection can be used for a login');
    };
}

subtest 'A login from a computer of any name' => sub {
    for my $what (sort keys %NAMES) {
        my $connection = NTLM::Connection->new;
        my $shown      = $NAMES{$what} =~ s/$UNFIT/\x{fffd}/gr;
        $connection->type1($place);
        my ($response) = attempt($connection, $what, workstation => $NAMES{$what});
        welcomed($response, 'alice', 'lets alice in');
        is_deeply([$response->body =~ /^(?:REMOTE_USER|NTLM_WORKSTATION)=(.*)$/mg], ['alice', encode('UTF-8', $shown)],
            '... as herself, and the name is one value');
        is($response->header('X-Remote-User'), 'alice', '... in headers, too');
    }
};

subtest 'Half of a character is none' => sub {
    for my $half ("\x00\xd8", "\x00\xdc") {
        my $connection = NTLM::Connection->new;
        $connection->type1($place);
        my ($response, $status) = attempt($connection, 'a surrogate', user => 'XX',
            rewrite => sub { my ($m) = @_; $m =~ s/X\0X\0/$half$half/ or die; return $m });
        refused($response, 'refused');
        is($status, 'malformed', '... as malformed');
    }
};

done_testing;
