package NTLM::Log;

# What the module wrote to the error log since a mark: the beginning of the test, or a later one.
# The module writes its line before it answers, so whoever has a response finds its line.

use strict;
use warnings;
use NTLM::Server ();

# The fields in their order, as docs/statuses.md has them. A value with a blank or a sign is in
# quotes, and has no quote inside.
my $FIELDS = join ' ', map { $_ . '=(?:"[^"]*"|[^" ]+)' } qw(user domain workstation scheme mechs why tls mic binding service source);

my $read = NTLM::Server::size_of(\&NTLM::Server::error_log);    # so far
my @since;                                                       # the mark

sub mark {
    @since = ();
    return $read = -s NTLM::Server::error_log();
}

# The module's lines about requests since the mark (connections that close have theirs at any time), each as {level, port, status, text, code,
# remark, user => ..., domain => ..., ...}; text is the line as it stands.
sub lines {
    open my $log, '<:raw', NTLM::Server::error_log() or die NTLM::Server::error_log() . ": $!\n";
    seek $log, $read, 0;
    while (my $line = <$log>) {
        last if $line !~ /\n\z/;    # it is being written
        $read += length $line;
        push @since, grep { $_->{status} ne 'challenge-abandoned' } parse($line);
    }
    return @since;
}

# [when] [auth_ntlmv2:info] [pid 1:tid 2] [client 127.0.0.1:3] ntlm: ok: user=alice ... (0x0): remark
sub parse {
    my ($text) = @_;
    chomp $text;
    my ($level, $port, $status, $rest) =
        $text =~ /\[auth_ntlmv2:(\w+)\].*?\[client [^\]]*:(\d+)\].*? ntlm: ([a-z0-9-]+): (.*)$/
        or return;
    my ($fields, $code, $remark) = $rest =~ /^($FIELDS) \((0x[0-9A-F]{8})\)(?:: (.*))?$/;
    my %field = ($fields // '') =~ /(\w+)=("[^"]*"|[^" ]+)/g;
    return {
        %field,
        level  => $level,
        port   => $port,
        status => $status,
        code   => $code,
        remark => $remark,
        text   => $text,
    };
}

# The names of the outcomes, of one connection if it is given.
sub statuses {
    my ($connection) = @_;
    my @lines = lines();
    @lines = grep { $_->{port} == $connection->local_port } @lines if $connection;
    return map { $_->{status} } @lines;
}

sub last_line     { return (lines())[-1] }
sub last_status   { return (statuses(@_))[-1] // 'nothing' }

1;
