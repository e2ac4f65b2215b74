package Behind;

# An httpd that stands behind a front end, and the experiment that shows whether a
# front end's shared connection makes one user of another.
#
#   my $httpd = Behind->new(modules => [...], server => $directives, section => $directives,
#       last => $directives);    # of the server, before all places; of the protected place; behind them
#   my $alice = $httpd->client($front_port);
#   my $response = $alice->login('/', %{$httpd->account('alice')}, headers => [tag => 'first']);
#   $httpd->seen('first')->{port};    # of the connection that it came over
#
# X-Served-As of a response is the user that the page was made for.

use strict;
use warnings;
use parent 'PrivateHttpd';
use Exporter qw(import);
use Test::More;
use Time::HiRes qw(sleep time);

use NTLM::Connection;
use NTLM::Scheme;

our @EXPORT_OK = qw(is_served is_not_served);

my %HASH = (alice => 'd9fe524deb5705ac74ea341ff18afe93', bob => '27bf1123aae89dc1f94ad95bd7108d01');
my $PAGE = qr/the protected page/;

sub new {
    my ($class, %opt) = @_;
    my $server  = $opt{server}  // '';
    my $section = $opt{section} // '';
    my $self = $class->SUPER::new(modules => ['headers', @{$opt{modules} // []}], text => <<"TEXT");
LogLevel warn auth_ntlmv2:debug
KeepAliveTimeout 60
MaxKeepAliveRequests 0
LogFormat "tag=%{tag}i port=%{remote}p status=%>s user=%u ntlm=%{NTLM_STATUS}e client=%a" behind
CustomLog \@DIR\@/access.log behind
$server
<Location "/">
    AuthType NTLM
    NTLMCredentials file \@DIR\@/passwords
    Require valid-user
    Header always set X-Served-As "expr=%{REMOTE_USER}" "expr=-n %{REMOTE_USER}"
    $section
</Location>
<Location "/open">
    Require all granted
</Location>
@{[$opt{last} // '']}
TEXT
    mkdir $self->dir . '/htdocs/open';
    $self->write('htdocs/open/index.html', "open to all\n");
    $self->write('passwords', join('', map { "$_:$HASH{$_}\n" } sort keys %HASH), $> == 0 ? 0600 : 0640);
    $self->start;
    return $self;
}

sub account { my ($self, $user) = @_; return {user => $user, domain => '', nt_hash => $HASH{$user}} }

# A connection to the front end, or to the httpd itself.
sub client {
    my ($self, $port) = @_;
    return NTLM::Connection->new(port => $port // $self->{port}, vhost => '127.0.0.1');
}

# What the access log says about the request with that header "tag".
sub seen {
    my ($self, $tag) = @_;
    my $line = qr/^(tag=\Q$tag\E .*\n)/m;
    my ($said) = $self->access_log($line) =~ $line or die "no request $tag in the access log\n";
    return {$said =~ /(\S+?)=(\S+)/g};
}

# How many backend connections the requests of these tags came over.
sub connections_of {
    my ($self, @tags) = @_;
    my %ports = map { $self->seen($_)->{port} => 1 } @tags;
    return scalar keys %ports;
}

sub served_as { my ($response) = @_; return $response->status == 200 ? $response->header('X-Served-As') // '' : '' }

# The page, made for that user.
sub is_served {
    my ($response, $user, $sentence) = @_;
    local $Test::Builder::Level = $Test::Builder::Level + 1;
    ok(served_as($response) eq $user && $response->body =~ $PAGE, $sentence) or diag $response->seen_by_client;
    return;
}

# 401, nobody's name, nothing of the page.
sub is_not_served {
    my ($response, $sentence) = @_;
    local $Test::Builder::Level = $Test::Builder::Level + 1;
    ok(nothing_in($response), $sentence) or diag $response->seen_by_client;
    return;
}

sub nothing_in {
    my ($response) = @_;
    return $response->status == 401 && !$response->header('X-Served-As') && $response->body !~ $PAGE;
}

# ---- the experiment ----

# alice logs in, and four clients without credentials ask for the same page. Gives the
# responses of these four; the tags are 1, 2 (her login), other-1 .. other-4 and 3 (her
# next request).
sub alice_and_others {
    my ($self, $port) = @_;
    my $alice = $self->client($port);
    $alice->type1('/', headers => [tag => 1]);
    is_served($alice->type3('/', %{$self->account('alice')}, headers => [tag => 2]), 'alice', 'alice logs in');
    return map { $self->client($port)->request(GET => '/', [tag => "other-$_"]) } 1 .. 4;
}

# A login is for one request, over one connection that all of them share.
sub nobody_borrows {
    my ($self, $port) = @_;
    is_not_served($_, 'a client without credentials is not served as her') for $self->alice_and_others($port);
    is $self->connections_of(1, 2, map { "other-$_" } 1 .. 4), 1, '... on one connection to the backend';
    my $wrong = $self->client($port)->login('/', %{$self->account('alice')}, nt_hash => '0' x 32);
    is_not_served($wrong, 'a wrong password gets nothing there');
    my $alice = $self->client($port);
    is_served($alice->login('/', %{$self->account('alice')}), 'alice', 'alice logs in again');
    is_not_served($alice->get('/'), '... which is good for that one request');
    return;
}

# The front end closes its connection behind each request: the log says so, and the answer
# to the challenge comes over another one.
my $closing = 0;

sub nobody_can_log_in {
    my ($self, $port, $sentence, $url) = @_;
    local $Test::Builder::Level = $Test::Builder::Level + 1;
    my $alice = $self->client($port);
    my @tags  = map { "closing-$_" } ++$closing . 'a', $closing . 'b';
    $url //= '/';
    my $response = $alice->type1($url, headers => [tag => $tags[0]]);
    return is_not_served($response, $sentence) if !defined $alice->{type2} && NTLM::Scheme::has_opening();
    is_not_served($alice->type3($url, %{$self->account('alice')}, headers => [tag => $tags[1]]), $sentence);
    is $self->connections_of(@tags), 2, '... since her messages come over two connections';
    is $self->seen($tags[0])->{ntlm}, 'connection-will-close', '... and the log says why';
    return;
}

# bob begins between alice's Type 1 and Type 3, on the same backend connection.
sub nobody_becomes_another {
    my ($self, $port) = @_;
    my ($alice, $bob) = map { $self->client($port) } 1 .. 2;
    $alice->type1('/', headers => [tag => 'alice-1']);
    $bob->type1('/', headers => [tag => 'bob-1']);
    is_not_served($alice->type3('/', %{$self->account('alice')}, headers => [tag => 'alice-3']),
        'alice answers a challenge that bob has replaced: she is refused');
    is_not_served($bob->type3('/', %{$self->account('bob')}, headers => [tag => 'bob-3']),
        '... and so is bob, whose challenge she has spent');
    is $self->connections_of(qw(alice-1 bob-1 alice-3 bob-3)), 1, '... on one connection to the backend';
    is_served($_->[0]->login('/', %{$self->account($_->[1])}), $_->[1], "$_->[1] begins anew, and is $_->[1]")
        for [$alice, 'alice'], [$bob, 'bob'];
    $alice->type1('/');
    is_not_served($bob->get('/'), 'bob asks without credentials while alice has a challenge');
    is_not_served($alice->type3('/', %{$self->account('alice')}), '... which withdraws it');
    return;
}

# All at once, until alice was in ten times: her Type 3 among the requests of others, one
# of them bob's who begins a login, too.
sub nobody_mixes_at_once {
    my ($self, $port) = @_;
    my ($alice, $bob, @others) = map { $self->client($port) } 1 .. 6;
    my ($in, $asked, @wrong) = (0, 0);
    my $deadline = time + 60;
    while ($in < 10 && time < $deadline) {
        $alice->type1('/');
        $alice->send_type3('/', %{$self->account('alice')}) if $alice->{type2};
        $alice->send_request(GET => '/') if !$alice->{type2};
        $_->send_request(GET => '/') for @others;
        $bob->send_type1('/');
        my @got = map { $_->read_response } @others, $bob;
        my $hers = served_as($alice->read_response);
        push @wrong, "alice as $hers" if $hers !~ /^(?:alice)?$/;
        push @wrong, map { $_->seen_by_client } grep { !nothing_in($_) } @got;
        $in++ if $hers;
        $asked += @got;
        delete $alice->{type2};
    }
    is $in, 10, "alice gets in ten times while others send $asked requests";
    ok !@wrong, '... and none of them is served' or diag join "\n--\n", @wrong;
    return;
}

1;
