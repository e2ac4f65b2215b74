package Oracle;

# Knows of one connection who may be shown as logged in, from what was sent and what was
# answered, and finds fault with everything else.
#
#   my $oracle = Oracle->new($site, $binding);         # of TLS, or none
#   $oracle->sent($request);                           # when it goes out
#   my $fault = $oracle->judge($request, $response);   # in the order of the requests
#   my $fault = $oracle->judge_loosely($bytes);        # when it is not known what answers what

use strict;
use warnings;
use MIME::Base64 qw(decode_base64 encode_base64);
use Negotiation qw(inside);
use Proof;
use Site;

my %SIDE = (
    origin => {asks => 'authorization',       shows => 'X-User',       status => 401, offers => 'WWW-Authenticate'},
    proxy  => {asks => 'proxy-authorization', shows => 'X-Proxy-User', status => 407, offers => 'Proxy-Authenticate'},
);

sub new {
    my ($class, $site, $binding) = @_;
    return bless {site => $site, binding => $binding, proofs => [], passwords => [], pending => {}, logins => {}}, $class;
}

# The headers of a request that ask for a login on that side.
sub asking {
    my ($request, $side) = @_;
    return grep { lc $_->[0] eq $SIDE{$side}{asks} } @{$request->{headers}};
}

# The scheme and the token of a header, if it is as it should be.
sub parsed {
    my ($text) = @_;
    return if $text !~ m{^(ntlm|negotiate|basic)(?:\r\n)? +([A-Za-z0-9+/]+=*) *$}i;
    my ($word, $token) = (lc $1, decode_base64($2));
    return encode_base64($token, '') eq $2 ? ($word, $token) : ();
}

# Those that a request carries.
sub token {
    my ($request, $side) = @_;
    my @asking = asking($request, $side);
    return lent(@asking) if $request->{place}{lent} && $side eq 'origin';
    return @asking == 1 ? parsed($asking[0][1]) : ();
}

# What mod_auth_basic reads: the first one, up to a character that is not base64, and of it the text
# before a NUL.
sub lent {
    my ($first) = @_;
    return if !$first || $first->[1] !~ m{^basic\s+([A-Za-z0-9+/]+)}i;
    return ('basic', decode_base64($1) =~ s/\0.*//sr);
}

# What is in a token of that scheme.
sub inside_of {
    my ($word, $token) = @_;
    return $word eq 'ntlm' ? {kind => 'raw', ntlm => $token} : $word eq 'negotiate' ? inside($token) : undef;
}

sub sent {
    my ($self, $request) = @_;
    for my $side (keys %SIDE) {
        my ($word, $token) = token($request, $side);
        push @{$self->{passwords}}, $token if ($word // '') eq 'basic';
        my $pending  = $self->{pending}{$side} or next;
        my @messages = grep { defined } map { (inside($_) // {})->{ntlm} } grep { defined } $request->{tokens}{$side}, $token;
        push @{$self->{proofs}}, map { [$_, {%$pending, list => undef}] } @messages;
    }
    return;
}

# The places and names that a response shows as logged in.
sub shown {
    my ($self, $request, $response, $side) = @_;
    my @shown = map { [$request->{place}, $_] } grep { length } $response->header($SIDE{$side}{shows});
    return @shown if $side eq 'proxy';
    push @shown, map { [$self->{site}{place}{store}, $_] } grep { length } $response->header('X-Look');
    push @shown, [$self->{site}{place}{store}, undef] if $response->body =~ /held-back/;
    push @shown, map { [$self->{site}{place}{$_->[0]} // $self->{site}{place}{store}, $_->[1]] }
        grep { $_->[1] ne '(none)' } said($response->body);
    return @shown;
}

sub said { my ($text) = @_; my @said; push @said, [$1, $2] while $text =~ /who=(\w+):([^;]*);/g; return @said }

sub candidates {
    my ($place, $name) = @_;
    return defined $name ? Site::called($name, $place) : grep { !$_->{never} } Site::accounts_of($place);
}

sub judge {
    my ($self, $request, $response) = @_;
    for my $side ($request->{through_proxy} ? qw(proxy origin) : 'origin') {
        my $fault = $self->misoffered($request, $response, $side) // $self->judge_side($request, $response, $side);
        return $fault if $fault;
    }
    return $response->status == 500 ? 'status 500' : ();
}

sub judge_side {
    my ($self, $request, $response, $side) = @_;
    my $pending = $self->{pending}{$side};
    my $asked   = asking($request, $side);
    my ($word, $token) = token($request, $side);
    my $proven;
    for my $shown ($self->shown($request, $response, $side)) {
        my ($place, $name) = @$shown;
        $place = $self->{site}{proxy} if $side eq 'proxy';
        my $proxied = $request->{proxied} || $request->{through_proxy} && $side eq 'origin';
        (my $fault, $proven) = $asked ? $self->not_proven($word, $token, $pending, $place, $name)
            : not_kept($self->{logins}{$side}, $place, $name, $proxied);
        return 'served as ' . ($name // 'somebody') . " in $place->{scope}: $fault" if $fault;
    }
    my $next = $self->next_pending($word, $token, $response, $side);
    if (!$next && !$proven && may_be_unseen($request, $response, $asked)) {
        push @{$self->{logins}{$side}}, $self->proven_unseen($word, $token, $pending) if defined $token && $pending;
        $self->{pending}{$side} = undef if $asked;
        return;
    }
    $self->{logins}{$side} = [$proven && $word ne 'basic' ? $proven : ()] if $asked;
    $next->{scope} = $side eq 'proxy' ? '' : $request->{place}{scope} if $next;
    $self->{pending}{$side} = $next;
    return;
}

# A response that asks for more, by one token: it is pending from now on. Without a Type 2 it is a
# negotiation that waits for its Type 1.
sub next_pending {
    my ($self, $word, $token, $response, $side) = @_;
    my @offers = $response->header($SIDE{$side}{offers});
    return if !defined $token || $word eq 'basic' || $response->status != $SIDE{$side}{status} || @offers != 1;
    my ($said_word, $said) = parsed($offers[0]);
    return if !defined $said || $said_word ne $word;
    my ($asked, $answer) = (inside_of($word, $token), inside_of($word, $said));
    return if !$asked || !$answer || $answer->{kind} eq 'init' || $answer->{kind} eq 'resp' && $answer->{state} == 2;
    my %next = (word => $word, type1 => $asked->{ntlm}, type2 => $answer->{ntlm}, binding => $self->{binding});
    return {%next, list => $asked->{list}, demanded => !$asked->{first}} if $asked->{kind} eq 'init';
    my $before = $asked->{kind} eq 'resp' ? $self->{pending}{$side} : {};
    return $before ? {%next, map { $_ => $before->{$_} } qw(list demanded)} : ();
}

# A place offers what it takes; the last token of a negotiation comes once, and not with a refusal.
sub misoffered {
    my ($self, $request, $response, $side) = @_;
    my @offers = $response->header($SIDE{$side}{offers});
    my @tokens = grep { defined } map { (parsed($_))[1] } @offers;
    return 'more than one token' if @tokens > 1;
    my $refused = $response->status == $SIDE{$side}{status};
    return 'the last token with a refusal' if $refused && grep { ((inside($_) // {})->{state} // -1) == 0 } @tokens;
    return if $side eq 'proxy' || $request->{open} || $request->{place}{lent} || !$refused;
    my %taken = map { lc $_ => 1 } $self->taken($request->{place});
    my @wrong = grep { !$taken{lc()} } map { /^(\S+)/ } @offers;
    return @wrong ? "an offer of @wrong" : undef;
}

# The schemes that a place takes on this connection.
sub taken {
    my ($self, $place) = @_;
    return grep { $_ ne 'Basic' || !$place->{mic} && ($place->{clear} || defined $self->{binding}) } @{$place->{offer}};
}

# An open page has parts that log in and do not show whom.
sub proven_unseen {
    my ($self, $word, $token, $pending) = @_;
    my $message = (inside_of($word, $token) // {})->{ntlm};
    return if !defined $message || !defined $pending->{type2};
    my ($account) = grep { !Proof::missing($message, {%$pending, list => undef}, $_, {}) } candidates($self->{site}{place}{store}, undef);
    return $account ? {account => $account, scope => $pending->{scope}} : ();
}

# What the module need not have looked at changes nothing.
sub may_be_unseen {
    my ($request, $response, $asked) = @_;
    return $request->{open} || $request->{method} eq 'TRACE' || $request->{place}{guest} && !$asked
        || $response->status =~ /^(?:400|405|408|411|413|414|417|431|50[0125])$/;
}

# Why a token proves none of the accounts that are called so; or (undef, login).
sub not_proven {
    my ($self, $word, $token, $pending, $place, $name) = @_;
    return 'the request has no token' if !defined $token;
    return "$word is not taken there" if !grep { lc eq $word } $self->taken($place);
    return $self->not_proven_by(sub { Proof::password_missing($token, $_[0]) }, $place, $name) if $word eq 'basic';
    return 'there is no challenge' if !$pending || !defined $pending->{type2};
    return "the challenge is for $pending->{scope}" if $pending->{scope} ne $place->{scope};
    return "the challenge is of $pending->{word}" if $pending->{word} ne $word;
    my $inside = inside_of($word, $token) or return 'it is no token';
    return "it is of another negotiation: $inside->{kind}" if $inside->{kind} ne (defined $pending->{list} ? 'resp' : 'raw');
    my %handshake = (%$pending, mech_mic => $inside->{mic});
    return $self->not_proven_by(sub { Proof::missing($inside->{ntlm} // '', \%handshake, $_[0], $place) }, $place, $name);
}

sub not_proven_by {
    my ($self, $missing, $place, $name) = @_;
    my $why = 'there is no such account';
    for my $account (candidates($place, $name)) {
        $why = $missing->($account) or return (undef, {account => $account, scope => $place->{scope}});
    }
    return $why;
}

sub not_kept {
    my ($logins, $place, $name, $proxied) = @_;
    return 'nothing is kept there' if $place->{never_kept};
    return 'the request is proxied' if $proxied && !$place->{trusted};
    my @fitting = grep { $_->{scope} eq $place->{scope} } @{$logins // []} or return 'nobody is logged in there';
    for my $account (candidates($place, $name)) {
        my ($login) = grep { $_->{account} == $account } @fitting;
        return (undef, $login) if $login;
    }
    return "it is $fitting[0]{account}{user}";
}

# Somebody is shown who has not proven a password at any time on this connection.
sub judge_loosely {
    my ($self, $bytes) = @_;
    $bytes =~ s/\r\n[0-9a-f]+\r\n//g;    # the lengths of chunks
    my @names = grep { $_ ne '(none)' } map { $_->[1] } said($bytes);
    push @names, $bytes =~ /^X-(?:User|Proxy-User|Look): ([^\r\n]+)/mg;
    for my $name (@names) {
        my @called = map { Site::called($name, $_) } @{$self->{site}{places}};
        return "served as $name without a proof on this connection" if !grep { $self->has_proven($_) } @called;
    }
    return;
}

sub has_proven {
    my ($self, $account) = @_;
    return 1 if grep { !Proof::password_missing($_, $account) } @{$self->{passwords}};
    return grep { defined $_->[1]{type2} && !Proof::missing($_->[0], $_->[1], $account, {}) } @{$self->{proofs}};
}

1;
