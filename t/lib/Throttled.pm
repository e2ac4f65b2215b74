package Throttled;

# An httpd that counts failed logins, and clients at any address.
#
#   my $httpd = Throttled->new(limits => '3/300', server => $directives);
#   my $response = $httpd->guess(user => 'alice');            # a wrong password
#   my $response = $httpd->succeed(user => 'bob');
#   ... from => '127.0.0.2'       another address of the client's own
#   ... behind => '2001:db8::1'   the address that a trusted front end names (mod_remoteip)
#   ... headers => [Via => 'x']   others
# remoteip => '' in new(): without mod_remoteip
#
# is_throttled($response, $sentence) and the like are tests.

use strict;
use warnings;
use parent 'PrivateHttpd';
use Exporter qw(import);
use IO::Socket::INET;
use Test::More;

use NTLM::Connection;

our @EXPORT_OK = qw(is_in is_refused is_throttled);

my %HASH = (alice => 'd9fe524deb5705ac74ea341ff18afe93', bob => '27bf1123aae89dc1f94ad95bd7108d01');
my $PAGE = qr/the protected page/;

sub new {
    my ($class, %opt) = @_;
    my ($server, $section) = map { $_ // '' } @opt{qw(server section)};
    my $limits = $opt{limits} ? "NTLMThrottle $opt{limits}" : '';
    my $remoteip = $opt{remoteip} // "RemoteIPHeader X-Behind\nRemoteIPInternalProxy 127.0.0.1\n";
    my $self = $class->SUPER::new(
        modules => ['socache_shmcb', $remoteip ? 'remoteip' : (), @{$opt{modules} // []}],
        ports   => $opt{ports},
        text    => <<"TEXT");
LogLevel warn auth_ntlmv2:debug
KeepAliveTimeout 60
${remoteip}LogFormat "%P %>s %{NTLM_STATUS}e" throttled
CustomLog \@DIR\@/access.log throttled
$server
<Location "/">
    AuthType NTLM
    NTLMCredentials file \@DIR\@/passwords
    $limits
    Require valid-user
</Location>
$section
TEXT
    $self->write('passwords', join('', map { "$_:$HASH{$_}\n" } sort keys %HASH), $> == 0 ? 0600 : 0640);
    $self->start if !$opt{unstarted};
    return $self;
}

# An open connection that has its challenge.
sub challenged {
    my ($self, %who) = @_;
    my $socket = IO::Socket::INET->new(
        LocalAddr => $who{from} // '127.0.0.1', PeerAddr => '127.0.0.1', PeerPort => $self->{port})
        or die "cannot connect from $who{from}: $@\n";
    my $c = NTLM::Connection->new(socket => $socket, port => $self->{port}, vhost => '127.0.0.1');
    $c->type1($who{path} // '/', headers => headers(%who));
    die "no challenge\n" if !defined $c->{type2};
    return $c;
}

sub headers { my (%who) = @_; return [$who{behind} ? ('X-Behind' => $who{behind}) : (), @{$who{headers} // []}] }

# The answer to a challenge: user (as it is sent), as (the account), hash.
sub type3 {
    my (%who) = @_;
    my $user = $who{user} // 'alice';
    my $hash = $who{hash} // $HASH{$who{as} // $user} // die "who is $user?\n";
    return (user => $user, domain => $who{domain} // '', nt_hash => $hash, headers => headers(%who));
}

sub answer { my ($self, $c, %who) = @_; return $c->type3($who{path} // '/', type3(%who)) }
sub succeed { my ($self, %who) = @_; return $self->answer($self->challenged(%who), %who) }
sub guess { my ($self, %who) = @_; return $self->succeed(%who, hash => 'ab' x 16) }

# That many failures in a row; tests that each is refused as usual.
sub guesses {
    my ($self, $times, $sentence, %who) = @_;
    my @responses = map { $self->guess(%who) } 1 .. $times;
    is scalar(grep { refused($_) } @responses), $times, $sentence;
    return;
}

# The answer to a challenge as a request that is sent in two parts: its first line, then all.
sub begin {
    my ($self, $c, %who) = @_;
    $c->{asked} = 'GET';
    $c->{rest} = sub {
        $c->send_bytes("Host: 127.0.0.1\r\nAuthorization: " . $c->credentials($c->answer(type3(%who))) . "\r\n\r\n");
        return $c->read_response;
    };
    $c->send_bytes("GET / HTTP/1.1\r\n");
    return $c;
}

# ---- verdicts ----

sub refused { my ($response) = @_; return $response->status == 401 && $response->body !~ $PAGE }

sub verdict {
    my ($right, $response, $sentence) = @_;
    local $Test::Builder::Level = $Test::Builder::Level + 2;
    ok($right, $sentence) or diag $response->seen_by_client;
    return;
}

sub is_in { my ($r, $sentence) = @_; return verdict($r->status == 200 && $r->body =~ $PAGE, $r, $sentence) }
sub is_refused { my ($r, $sentence) = @_; return verdict(refused($r), $r, $sentence) }

# 429 for at most so many seconds; no challenge, no offer, nothing of the page.
sub is_throttled {
    my ($r, $sentence, $most) = @_;
    my $after = $r->header('Retry-After') // '';
    my $right = $r->status == 429 && $after =~ /^[1-9]\d*$/ && $after <= ($most // 300) + 1
        && !$r->header('WWW-Authenticate') && $r->body !~ $PAGE;
    return verdict($right, $r, $sentence);
}

# The levels of the lines with that status in the error log.
sub levels {
    my ($self, $status) = @_;
    return $self->error_log =~ /\[auth_ntlmv2:(\w+)\][^\n]* ntlm: $status:/g;
}

1;
