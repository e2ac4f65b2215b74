package Beside;

# A private httpd with places beside each other, for benches: /open for everybody, /basic and /ntlm
# behind a login, and /gss behind the peer's. What its children cost is read from /proc.
#
#   my $httpd = Beside->start(mpm => 'event', text => Beside::threads(4));    # env, as for a shell
#       modules => [...], peer => 1 for /gss, files => {name => text}, guarded => "..." for /guarded
#       behind a login by these directives
#   my $c = $httpd->connect;
#   $httpd->visit($c, 'ntlm');           # two requests: the two legs of a login, or two plain GETs
#   $httpd->visit($c, 'ntlm', 401);      # a login that is refused
#   $httpd->children                     # their pids, where nothing but workers is configured

use strict;
use warnings;
use CountedClient;
use MIME::Base64 qw(encode_base64);
use Memory;
use NTLM::Connection;
use PrivateHttpd;

my @GUESS = (Authorization => 'Basic ' . encode_base64('alice:guess', ''));
my $TEXT  = <<'TEXT';
KeepAliveTimeout 3600
MaxKeepAliveRequests 0
<Location "/basic">
    AuthType Basic
    AuthName "a floor"
    AuthBasicProvider file
    AuthUserFile @DIR@/basic
    Require valid-user
</Location>
<Location "/ntlm">
    AuthType NTLM
    NTLMCredentials file passwords
    Require valid-user
</Location>
TEXT
my $GSS = <<'TEXT';
<Location "/gss">
    AuthType GSSAPI
    AuthName "a peer"
    GssapiAllowedMech ntlmssp
    GssapiConnectionBound On
    Require valid-user
</Location>
TEXT

# One child of so many threads, on event; so many children, on prefork: from the start, and for good.
sub threads {
    my ($count) = @_;
    return <<"TEXT";
StartServers 1
ServerLimit 1
ThreadsPerChild $count
MaxRequestWorkers $count
MinSpareThreads 1
MaxSpareThreads $count
AsyncRequestWorkerFactor 10000
TEXT
}

sub processes {
    my ($count) = @_;
    return <<"TEXT";
StartServers $count
ServerLimit $count
MaxRequestWorkers $count
MinSpareServers 1
MaxSpareServers @{[$count + 1]}
TEXT
}

# What is no option is a place.
sub start {
    my ($class, %opt) = @_;
    my ($mpm, $text, $gss, $modules, $env, $files) = delete @opt{qw(mpm text peer modules env files)};
    my %files = (%CountedClient::FILES, %{$files // {}});
    my $places = join '', map { "<Location \"/$_\">\n$opt{$_}\nRequire valid-user\n</Location>\n" } sort keys %opt;
    my $httpd = PrivateHttpd->new(
        mpm     => $mpm,
        modules => ['auth_basic', 'authn_file', @{$modules // []}, $gss ? 'auth_gssapi' : ()],
        text    => $text . $TEXT . $places . ($gss ? $GSS : ''),
    );
    my @mine = map { $httpd->write($_, $files{$_}, 0640) } keys %files;
    chown 0, scalar getgrnam('www-data'), @mine if $> == 0;
    $httpd->write("htdocs/$_", "a page\n") for qw(open basic ntlm gss), keys %opt;
    local @ENV{'NTLM_USER_FILE', keys %{$env // {}}} = ($httpd->dir . '/gss', values %{$env // {}});
    $httpd->start;
    return bless {httpd => $httpd}, $class;
}

sub stop     { my ($self) = @_; return $self->{httpd}->stop }
sub children { my ($self) = @_; return Memory::children($self->{httpd}->pid) }

sub connect {
    my ($self) = @_;
    return NTLM::Connection->new(port => $self->{httpd}{port}, vhost => '127.0.0.1', timeout => 60);
}

sub visit {
    my ($self, $c, $place, $status) = @_;
    local $CountedClient::PAGE = "/$place";
    return CountedClient::ntlm_login($c, $status // 200) if $place ne 'open' && $place ne 'basic';
    CountedClient::expect($place eq 'basic' ? 401 : 200, $c->get("/$place"));
    return CountedClient::expect($status // 200, $c->request(GET => "/$place", headers($place, $status)));
}

sub headers {
    my ($place, $status) = @_;
    return [] if $place ne 'basic';
    return ($status // 200) == 200 ? \@CountedClient::BASIC : \@GUESS;
}

# One more request on a connection that has been there.
sub again {
    my ($self, $c, $place) = @_;
    return CountedClient::expect(200, $c->request(GET => "/$place", headers($place)));
}

# A visit on a connection of its own.
sub visit_once {
    my ($self, $place) = @_;
    my $c = $self->connect;
    $self->visit($c, $place);
    return $c->close;
}

# ---- what the children have cost so far ----
sub anonymous_memory {
    my ($self) = @_;
    my $sum = 0;
    $sum += Memory::read_file("/proc/$_/smaps_rollup") =~ /^Anonymous:\s+(\d+) kB/m ? $1 : 0 for $self->children;
    return $sum;
}

# (microseconds on a processor, page faults)
sub processor {
    my ($self) = @_;
    my ($time, $faults) = (0, 0);
    for my $pid ($self->children) {
        $faults += (split ' ', Memory::read_file("/proc/$pid/stat") =~ s/.*\) //sr)[7];
        $time   += (split ' ', Memory::read_file($_))[0] / 1000 for glob "/proc/$pid/task/*/schedstat";
    }
    return ($time, $faults);
}

1;
