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
use Proof;
use Site;

my %SIDE = (
    origin => {asks => 'authorization',       shows => 'X-User',       challenge => 'type2'},
    proxy  => {asks => 'proxy-authorization', shows => 'X-Proxy-User', challenge => 'proxy_type2'},
);

sub new {
    my ($class, $site, $binding) = @_;
    return bless {site => $site, binding => $binding, proofs => [], pending => {}, logins => {}}, $class;
}

# The headers of a request that ask for a login on that side.
sub asking {
    my ($request, $side) = @_;
    return grep { lc $_->[0] eq $SIDE{$side}{asks} } @{$request->{headers}};
}

# The token that a request carries, if it is there as it should be.
sub token {
    my ($request, $side) = @_;
    my @asking = asking($request, $side);
    return if @asking != 1 || $asking[0][1] !~ m{^ntlm(?:\r\n)? +([A-Za-z0-9+/]+=*) *$}i;
    my $token = decode_base64($1);
    return encode_base64($token, '') eq $1 ? $token : ();
}

sub sent {
    my ($self, $request) = @_;
    for my $side (keys %SIDE) {
        my $pending = $self->{pending}{$side} or next;
        my @tokens  = grep { defined } $request->{tokens}{$side}, token($request, $side);
        push @{$self->{proofs}}, map { [$_, $pending] } @tokens;
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
        my $fault = $self->judge_side($request, $response, $side);
        return $fault if $fault;
    }
    return $response->status == 500 ? 'status 500' : ();
}

sub judge_side {
    my ($self, $request, $response, $side) = @_;
    my $pending = $self->{pending}{$side};
    my $asked   = asking($request, $side);
    my $token   = token($request, $side);
    my $proven;
    for my $shown ($self->shown($request, $response, $side)) {
        my ($place, $name) = @$shown;
        $place = {accounts => ['main'], format => 'store', scope => ''} if $side eq 'proxy';
        my $proxied = $request->{proxied} || $request->{through_proxy} && $side eq 'origin';
        (my $fault, $proven) = $asked ? $self->not_proven($token, $pending, $place, $name)
            : not_kept($self->{logins}{$side}, $place, $name, $proxied);
        return 'served as ' . ($name // 'somebody') . " in $place->{scope}: $fault" if $fault;
    }
    my $type2_of = $SIDE{$side}{challenge};
    my $type2    = $response->$type2_of;
    if (!defined $type2 && !$proven && may_be_unseen($request, $response)) {
        push @{$self->{logins}{$side}}, $self->proven_unseen($token, $pending) if $token && $pending;
        return;
    }
    $self->{logins}{$side} = [$proven // ()] if $asked;
    $self->{pending}{$side} = !defined $type2 || !defined $token ? undef : {
        type1   => $token,
        type2   => $type2,
        scope   => $side eq 'proxy' ? '' : $request->{place}{scope},
        binding => $self->{binding},
    };
    return;
}

# An open page has parts that log in and do not show whom.
sub proven_unseen {
    my ($self, $token, $pending) = @_;
    my ($account) = grep { !Proof::missing($token, $pending, $_, {}) } candidates($self->{site}{place}{store}, undef);
    return $account ? {account => $account, scope => $pending->{scope}} : ();
}

# What the module need not have looked at changes nothing.
sub may_be_unseen {
    my ($request, $response) = @_;
    return $request->{open} || $request->{method} eq 'TRACE'
        || $response->status =~ /^(?:400|405|408|411|413|414|417|431|50[0125])$/;
}

# Why a token proves none of the accounts that are called so; or (undef, login).
sub not_proven {
    my ($self, $token, $pending, $place, $name) = @_;
    return 'the request has no token' if !defined $token;
    return 'there is no challenge' if !$pending;
    return "the challenge is for $pending->{scope}" if $pending->{scope} ne $place->{scope};
    my $why = 'there is no such account';
    for my $account (candidates($place, $name)) {
        $why = Proof::missing($token, $pending, $account, $place)
            or return (undef, {account => $account, scope => $place->{scope}});
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
    return grep { !Proof::missing($_->[0], $_->[1], $account, {}) } @{$self->{proofs}};
}

1;
