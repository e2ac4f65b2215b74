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
use Encode qw(encode_utf8);
use IO::Socket::INET;
use Mutate qw(chance one_of odd_name odd_type1 odd_type3 spoil credentials dress);
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
    my ($self, $request, $token, $side, $how) = @_;
    my $name = $side eq 'proxy' ? 'Proxy-Authorization' : 'Authorization';
    push @{$request->{headers}}, credentials($name, $token, $how ? 0 : chance(0.1));
    $request->{tokens}{$side} = $token;
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

# ---- steps ----

# Options of a Type 3: somebody's, with the right password or another one.
sub who {
    my ($self, $place) = @_;
    my $account = one_of(chance(0.9) ? Site::accounts_of($place) : @Site::ACCOUNTS);
    my $hash = chance(0.75) ? $account->{nt_hash} : one_of(@Site::ACCOUNTS, {nt_hash => 'ab' x 16})->{nt_hash};
    my $name = $account->{user};
    my $user = one_of($name, $name, $name, uc $name, "CORP\\$name", "$name\@corp.test");
    my @known   = ($self->{binding} // (), $self->{site}{front});
    my @binding = (binding => one_of(@known)) x chance($place->{binding} ? 0.7 : 0.2);
    my @service = (spn => one_of(qw(HTTP/web.test HTTP/web.test HTTP/other.test))) x chance($place->{service} ? 0.8 : 0.2);
    my @no_mic  = (mic => 0) x chance(0.1);
    return (user => $user, domain => one_of(qw(CORP CORP corp WEB), ''), nt_hash => $hash, @binding, @service, @no_mic);
}

sub challenge {
    my ($self, $place, $side) = @_;
    my $request = $self->with_token($self->request($place), chance(0.9) ? NTLM::Message::type1() : odd_type1(), $side);
    $self->exchange($request) or return;
    return $self->{oracle}{pending}{$side};    # none if the token was spoilt
}

sub login {
    my ($self) = @_;
    my $place   = $self->place;
    my $side    = $self->{port} eq 'proxy' && chance(0.8) ? 'proxy' : 'origin';
    my $pending = $self->challenge($place, $side) or return;
    $self->plain if chance(0.03) && !$self->{closed};
    return if $self->{closed};
    my $token = $self->type3($place, $pending);
    $place = $self->place if chance(0.05);
    my @requests = $self->with_token($self->request($place), $token, $side);
    push @requests, $self->request($place) if chance(0.1);
    push @requests, $self->with_token($self->request($place), $token, $side) if chance(0.05);
    $self->exchange(@requests);
    $self->plain if !$self->{closed} && chance(0.5);
    return;
}

sub type3 {
    my ($self, $place, $pending) = @_;
    my %opt = $self->who($place);
    %opt = odd_type3(%opt) if chance(0.5);
    local $SIG{__WARN__} = sub { };    # what is odd about its names
    return $self->{last} = NTLM::Message::type3(type1 => $pending->{type1}, type2 => $pending->{type2}, %opt);
}

# After all that went before on the connection, whoever has the password gets in.
sub right {
    my ($self) = @_;
    my $place   = $self->place;
    my $proxied = $self->{port} eq 'proxy';
    return if $place->{limited} || $place->{tls} && $self->{port} ne 'tls';
    $place = $self->{site}{place}{store} if $proxied;
    my $account = one_of(grep { !$_->{never} } Site::accounts_of($place));
    my $side = $proxied ? 'proxy' : 'origin';
    my $ask  = sub { $self->exchange($self->with_token($self->ordinary($place), $_[0], $side, 'ordinarily')) };
    $ask->(NTLM::Message::type1()) or return;
    my $pending  = $self->{oracle}{pending}{$side} or die "no challenge\n";
    my %right    = Site::right($account, $self->{binding} // $self->{site}{front});
    my $type3    = NTLM::Message::type3(type1 => $pending->{type1}, type2 => $pending->{type2}, %right);
    my $response = $ask->($type3) or return;
    my $name     = Site::name_of($account, $place->{format});
    return if ($response->header($proxied ? 'X-Proxy-User' : 'X-User') // '') eq $name;
    die "the right password of $name does not get in\n";
}

sub plain { my ($self) = @_; $self->exchange($self->request($self->place)); return }

# A token at the wrong time: an old one, the server's own, none at all.
sub stray {
    my ($self) = @_;
    my $pending = $self->{oracle}{pending}{origin};
    my $token   = one_of($self->{last} // '', $pending ? $pending->{type2} : '', odd_type1(), NTLM::Message::type1(),
        spoil(NTLM::Message::type1()), "NTLMSSP\0", pack 'C*', map { int rand 256 } 1 .. 1 + rand 200);
    $self->exchange($self->with_token($self->request($self->place), $token, one_of(qw(origin origin proxy))));
    return;
}

sub batch {
    my ($self) = @_;
    my @requests = map { $self->request($self->place) } 1 .. 2 + rand 4;
    $self->with_token($requests[0], $self->{last}, 'origin') if $self->{last} && chance(0.5);
    $self->with_token($requests[-1], NTLM::Message::type1(), 'origin') if chance(0.5);
    $self->exchange(@requests);
    return;
}

# Bytes that need be no request, and the end of the connection.
sub spoilt {
    my ($self) = @_;
    my $side    = $self->{port} eq 'proxy' ? 'proxy' : 'origin';
    my $place   = $self->place;
    my $pending = $self->challenge($place, $side) or return;
    return if $self->{closed};
    my $answer   = $self->with_token($self->request($place), $self->type3($place, $pending), $side);
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
