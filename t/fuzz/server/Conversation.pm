package Conversation;

# One connection of a hostile client, made up from a seed: logins right and wrong, plain
# requests, strays, several at once, cut ones.
#
#   my $c = Conversation->new($site, $seed);
#   $c->hold;            # dies with what is wrong with the server
#   $c->story            # what was sent and answered last

use strict;
use warnings;
use utf8;
use parent 'Logins';
use IO::Socket::INET;
use Mutate qw(chance one_of odd_type1 spoil credentials dress);
use Negotiation qw(opening wrap odd_token);
use NTLM::Connection;
use NTLM::Message ();
use NTLM::TLS;
use Oracle;
use Site;

use constant {NO_ANSWER => 60, STORY => 12};    # seconds; how much of a story is told
use constant OPEN_PATHS => qw(/open/parts.shtml /open/who.shtml /list/ /alias/who.shtml /indexed/);
use constant FILES => ('', 'who.shtml', 'who.shtml', 'index.html', 'choice.html', 'nothing', 'who.shtml/more', '?a=b');

sub new {
    my ($class, $site, $seed) = @_;
    srand $seed;
    my $port = one_of(qw(plain plain plain plain tls proxy));
    return bless {site => $site, port => $port, story => [], requests => 0, logins => 0}, $class;
}

# What was sent and answered last.
sub story {
    my ($self) = @_;
    my @story = @{$self->{story}};
    splice @story, 0, -STORY if @story > STORY;
    return join "\n", map { printable(s/\n<!DOCTYPE.*//sr =~ s/\r\n/\n/gr) } @story;
}

sub printable { my ($text) = @_; return $text =~ s/([^\n\x20-\x7e])/sprintf '\\x%02x', ord $1/ger }

sub hold {
    my ($self) = @_;
    $self->connect;
    my @steps = map { one_of(qw(login login login login right plain stray batch spoilt)) } 1 .. 1 + rand 6;
    for my $step (@steps) {
        $self->$step;
        return if $self->{closed};
    }
    return;
}

sub connect {
    my ($self) = @_;
    my $site = $self->{site};
    my $port = $site->{ports}{$self->{port}};
    my %opt  = (port => $port, vhost => 'web.test', timeout => NO_ANSWER);
    if ($self->{port} eq 'tls') {
        $self->{c} = NTLM::TLS->new(%opt);
        $self->{binding} = $self->{c}->binding;
    }
    else {
        my $from = '127.0.0.' . (1 + int rand 4);
        $opt{socket} = IO::Socket::INET->new(
            LocalAddr => $from, PeerAddr => '127.0.0.1', PeerPort => $port, Timeout => NO_ANSWER)
            or die "cannot connect from $from: $@\n";
        $self->{c} = NTLM::Connection->new(%opt);
    }
    $self->{oracle} = Oracle->new($site, $self->{binding});
    return;
}

# ---- requests ----

# An ordinary request for a page of a place.
sub ordinary {
    my ($self, $place, $file) = @_;
    my $through_proxy = $self->{port} eq 'proxy';
    my $origin = $through_proxy ? "http://127.0.0.1:$self->{site}{ports}{plain}" : '';
    return {method => 'GET', path => $origin . $place->{path} . ($file // 'who.shtml'), place => $place,
        version => '1.1', headers => [], body => '', through_proxy => $through_proxy};
}

# Any request, for a page of a place, or for one that has protected parts.
sub request {
    my ($self, $place) = @_;
    my $request = $self->ordinary($place, one_of(FILES));
    if ($place->{scope} eq '' && chance(0.1)) {
        $request->{open} = one_of(OPEN_PATHS);
        $request->{path} =~ s{\Q$place->{path}\E.*}{$request->{open}}s;
    }
    dress($request) if chance(0.4);
    $request->{path} =~ s{\Q$place->{path}\E\K.*}{upload}s if $request->{method} =~ /^(?:PUT|DELETE)$/;
    @$request{qw(method path body)} = ('CONNECT', "127.0.0.1:$self->{site}{ports}{plain}", '')
        if $request->{through_proxy} && !$request->{body} && chance(0.03);
    return $request;
}

sub place {
    my ($self) = @_;
    my @places = @{$self->{site}{places}};
    @places = grep { !$_->{trusted} } @places if $self->{port} eq 'proxy';
    my @demanding = grep { $_->{limited} || $_->{binding} || $_->{service} || $_->{mic} || $_->{domains} } @places;
    return chance(0.3) ? one_of(@places[0, 1]) : one_of(@places, @demanding);
}

sub with_token {
    my ($self, $request, $way, $token, $side, $how) = @_;
    my $name = $side eq 'proxy' ? 'Proxy-Authorization' : 'Authorization';
    $request->{tokens}{$side} = $token;
    $token = odd_token($token) if $way ne 'ntlm' && !$how && chance(0.1);
    push @{$request->{headers}}, credentials($name, Negotiation::word($way), $token, $how ? 0 : chance(0.1));
    return $request;
}

sub bytes_of {
    my ($request) = @_;
    my $host = $request->{host} // 'web.test';
    return join '', "$request->{method} $request->{path} HTTP/$request->{version}\r\n", "Host: $host\r\n",
        (map { "$_->[0]: $_->[1]\r\n" } @{$request->{headers}}), "\r\n", $request->{body};
}

# ---- sending and reading ----

# Sends requests at once; gives the last response, or nothing when the connection is over.
sub exchange {
    my ($self, @requests) = @_;
    my $response;
    $self->{oracle}->sent($_) for @requests;
    $self->send(join '', map { bytes_of($_) } @requests);
    for my $request (@requests) {
        $response = $self->answer($request);
        my $fault = $self->{oracle}->judge($request, $response);
        die "$fault\n" if $fault;
        $self->{logins}++ if grep { length } map { $response->header($_) } qw(X-User X-Proxy-User);
        $self->{closed} ||= $response->closed || $request->{method} eq 'CONNECT';
        return if $self->{closed};
    }
    return $response;
}

sub send {
    my ($self, $bytes) = @_;
    push @{$self->{story}}, "> $bytes";
    $self->{c}->send_bytes($bytes);
    return;
}

sub answer {
    my ($self, $request) = @_;
    $self->{c}{asked} = $request->{method};
    my $response = eval { $self->{c}->read_response };
    $self->{requests}++;
    if ($response) {
        push @{$self->{story}}, '< ' . $response->seen_by_client;
        return $response;
    }
    push @{$self->{story}}, "< (nothing more) $self->{c}{buffer}";
    die $@;
}

# What comes until the server closes, when it is not known what belongs to what.
sub drain {
    my ($self) = @_;
    my $c = $self->{c};
    $self->{closed} = 1;
    return if $self->{port} eq 'tls';    # it has no half of a connection to close
    shutdown $c->{socket}, 1;
    $c->{deadline} = time + NO_ANSWER;
    my $text = $c->read_to_end;
    $self->{requests}++;
    push @{$self->{story}}, "< $text";
    my $fault = $self->{oracle}->judge_loosely($text);
    die "$fault\n" if $fault;
    return;
}

# ---- steps, beside those of Logins ----

sub plain { my ($self) = @_; $self->exchange($self->request($self->place)); return }

# A token at the wrong time: an old one, the server's own, none at all.
sub stray {
    my ($self) = @_;
    my $pending = $self->{oracle}{pending}{origin};
    my $way     = one_of(Negotiation::WAYS);
    my $token   = one_of($self->{last} ? $self->{last}[1] : '', $pending->{type2} // '', odd_type1(), NTLM::Message::type1(),
        opening($way) // '', spoil(NTLM::Message::type1()), "NTLMSSP\0", pack 'C*', map { int rand 256 } 1 .. 1 + rand 200);
    $token = wrap($way, $token, chance(0.5) ? {list => ''} : undef) if chance(0.3);
    $self->exchange($self->with_token($self->request($self->place), $way, $token, one_of(qw(origin origin proxy))));
    return;
}

sub batch {
    my ($self) = @_;
    my @requests = map { $self->request($self->place) } 1 .. 2 + rand 4;
    $self->with_token($requests[0], @{$self->{last}}, 'origin') if $self->{last} && chance(0.5);
    $self->with_token($requests[-1], 'ntlm', NTLM::Message::type1(), 'origin') if chance(0.5);
    $self->exchange(@requests);
    return;
}

# Bytes that need be no request, and the end of the connection.
sub spoilt {
    my ($self) = @_;
    my $side    = $self->{port} eq 'proxy' ? 'proxy' : 'origin';
    my $place   = $self->place;
    my $way     = $self->challenge($place, $side) or return;
    return if $self->{closed};
    my $answer   = $self->with_token($self->request($place), $way, $self->type3($place, $way, $side), $side);
    my @requests = ($answer, $self->request($place));
    $self->{oracle}->sent($_) for @requests;
    my $bytes = join '', map { bytes_of($_) } @requests;
    $bytes = chance(0.5) ? spoil($bytes) : substr $bytes, 0, int rand length $bytes;
    $self->send($bytes);
    $self->drain if chance(0.8);
    $self->{closed} = 1;
    return;
}

1;
