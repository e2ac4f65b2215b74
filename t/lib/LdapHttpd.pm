package LdapHttpd;

# A private httpd whose accounts come from a slapd.
#
#   my $httpd = LdapHttpd->new(credentials => [$slapd->search_url('ldap') . ' cache=0'])->start;
#   $httpd->verdict(alice => $hash)      # "200 ok", "401 wrong-password", ...
#   $httpd->log_in(alice => $hash)       # a connection that is logged in, or dies

use strict;
use warnings;
use parent 'PrivateHttpd';
use NTLM::Connection;
use NTLM::Log ();
use Slapd;
use Time::HiRes qw(sleep time);

our %HASH = (
    alice => 'd9fe524deb5705ac74ea341ff18afe93',    # Secr3t!pw
    bob   => '27bf1123aae89dc1f94ad95bd7108d01',    # B0b's own
    new   => 'a4f49c406510bdcab6824ee7c30fd852',    # Password
    wrong => '0123456789abcdef0123456789abcdef',
);

# Why there can be no such test here, or nothing.
sub missing { return Slapd::missing() }

# The options of a simple bind; the file is written by new().
sub bind { return "binddn=$Slapd::SERVICE bindpw=file:\@DIR\@/bind.secret" }

# A line of NTLMCredentials with the usual bind, quoted for httpd.
sub ldap { my ($url, @options) = @_; return join ' ', qq{ldap "$url"}, LdapHttpd::bind(), @options }

# credentials: what follows NTLMCredentials, one or more; before, within: more lines;
# keep_alive: seconds. Or text.
sub new {
    my ($class, %opt) = @_;
    my $credentials = join "\n    ", map { "NTLMCredentials $_" } @{$opt{credentials}};
    my $within = $opt{within} // '';
    my $level  = $opt{level} // 'info';
    my $keep   = $opt{keep_alive} // 60;
    my $self   = $class->SUPER::new(text => ($opt{before} // '') . <<"TEXT", %opt);
LogLevel warn auth_ntlmv2:$level
MaxKeepAliveRequests 0
KeepAliveTimeout $keep
Timeout 30
GracefulShutdownTimeout 1
<Location "/">
    AuthType NTLM
    $credentials
    Require valid-user
    $within
</Location>
<Location "/open.html">
    Require all granted
</Location>
TEXT
    $self->write('bind.secret', "$Slapd::PASSWORD\n", 0600);
    $self->write('htdocs/open.html', "the open page\n");
    $self->write('passwords', $opt{passwords}, $> == 0 ? 0600 : 0640) if defined $opt{passwords};
    return $self;
}

sub start { my ($self) = @_; $self->SUPER::start; return $self }

sub connection { return NTLM::Connection->new(port => $_[0]{port}, vhost => '127.0.0.1', timeout => 20) }

# One login on a connection of its own: the response, and the connection.
sub login {
    my ($self, $user, $hash, %opt) = @_;
    my $c = $self->connection;
    my $r = $c->login($opt{path} // '/', user => $user, domain => '', nt_hash => $hash, %opt);
    my $shown = $r->body =~ /the protected page/;
    die "the page was shown with status " . $r->status . "\n" if $shown != ($r->status == 200);
    return ($r, $c);
}

# What the client sees and what the log says.
sub verdict {
    my ($self, @login) = @_;
    my ($response, $c) = $self->login(@login);
    return join ' ', $response->status, $self->logged($c);
}

# The status of the last line about that connection.
sub logged {
    my ($self, $c) = @_;
    my $line = ($self->lines($c))[-1];
    return $line ? $line->{status} : 'nothing';
}

# The module's lines about logins, of one connection if it is given.
sub lines {
    my ($self, $c) = @_;
    my @lines = map { NTLM::Log::parse($_) } split /\n/, $self->error_log;
    return grep { !$c || $_->{port} == $c->local_port } @lines;
}

# What the module says besides: outages and their end.
sub notices { my ($self) = @_; return grep { /mod_auth_ntlmv2: / } split /\n/, $self->error_log }

sub log_in {
    my ($self, @login) = @_;
    my ($response, $c) = $self->login(@login);
    die "no login: " . $response->status . "\n" . $self->error_log if $response->status != 200;
    return $c;
}

# Calls $is_so until it gives something true, at most $seconds; gives that, and how long it took.
sub within {
    my ($seconds, $is_so) = @_;
    my $start = time;
    my $found;
    sleep 0.05 while !($found = $is_so->()) && time - $start < $seconds;
    return wantarray ? ($found, time - $start) : $found;
}

1;
