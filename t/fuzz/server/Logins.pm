package Logins;

# The steps of a Conversation that log somebody in, or try to: by messages of NTLM, however they
# travel, and by passwords.

use strict;
use warnings;
use utf8;
use Encode qw(encode_utf8);
use Mutate qw(chance one_of odd_name odd_type1 odd_type3 spoil credentials);
use Negotiation qw(opening wrap mech_mic);
use NTLM::Message ();
use Site;

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
    return (user => $user, domain => one_of(qw(CORP CORP corp corp.test OLDCORP WEB .), ''), nt_hash => $hash, @binding, @service, @no_mic);
}

# One of the ways in which a place takes messages; another one now and then.
sub way {
    my ($self, $place, $how) = @_;
    my @taken = map { lc } $self->{oracle}->taken($place);
    my @ways  = grep { my $word = lc Negotiation::word($_); grep { $_ eq $word } @taken } Negotiation::WAYS;
    return one_of(@ways && ($how || chance(0.95)) ? @ways : Negotiation::WAYS);
}

# How the challenge is to be answered, that is then pending; nothing if there is none.
sub challenge {
    my ($self, $place, $side, $how) = @_;
    my $way     = $self->way($side eq 'proxy' ? $self->{site}{proxy} : $place, $how);
    my $opening = opening($way);
    my $ask     = sub {
        my $request = $how ? $self->ordinary($place) : $self->request($place);
        return $self->exchange($self->with_token($request, $way, $_[0], $side, $how));
    };
    if (defined $opening) { $ask->($opening) or return }
    my $type1 = $how || chance(0.9) ? NTLM::Message::type1() : odd_type1();
    $ask->(wrap($way, $type1, defined $opening ? $self->{oracle}{pending}{$side} : undef)) or return;
    my $pending = $self->{oracle}{pending}{$side};    # none if the token was spoilt
    return $pending && defined $pending->{type2} ? $way : ();
}

sub login {
    my ($self) = @_;
    my $place   = $self->place;
    my $side    = $self->{port} eq 'proxy' && chance(0.8) ? 'proxy' : 'origin';
    return $self->basic($place, $side) if chance((grep { $_ eq 'Basic' } @{$place->{offer}}) ? 0.3 : 0.02);
    my $way = $self->challenge($place, $side) or return;
    $self->plain if chance(0.03) && !$self->{closed};
    return if $self->{closed};
    my $token = $self->type3($place, $way, $side) // return;
    $place = $self->place if chance(0.05);
    $way   = one_of(Negotiation::WAYS) if chance(0.03);
    my @requests = $self->with_token($self->request($place), $way, $token, $side);
    push @requests, $self->request($place) if chance(0.1);
    push @requests, $self->with_token($self->request($place), $way, $token, $side) if chance(0.05);
    $self->exchange(@requests);
    $self->plain if !$self->{closed} && chance(0.5);
    return;
}

# A token with a Type 3 for the challenge that is pending, if it still is.
sub type3 {
    my ($self, $place, $way, $side) = @_;
    my $pending = $self->{oracle}{pending}{$side} // {};
    return if !defined $pending->{type2};
    my %opt = $self->who($place);
    %opt = odd_type3(%opt) if chance(0.5);
    $self->{last} = [$way, $self->proof($pending, $way, chance(0.8) ? 'right' : 'odd', %opt)];
    return $self->{last}[1];
}

sub proof {
    my ($self, $pending, $way, $how, %opt) = @_;
    my $mic;
    my $tell = sub { $mic = mech_mic(@_, $pending->{list}) if defined $pending->{list} };
    local $SIG{__WARN__} = sub { };    # what is odd about its names
    my $type3 = NTLM::Message::type3(type1 => $pending->{type1}, type2 => $pending->{type2}, tell => $tell, %opt);
    $mic = one_of(undef, undef, '', "\1" . "\0" x 15, spoil($mic)) if defined $mic && $how eq 'odd';
    return wrap($way, $type3, $pending, $mic);
}

# User and password, somebody's or not.
sub basic {
    my ($self, $place, $side) = @_;
    my $account  = one_of(chance(0.9) ? Site::accounts_of($place) : @Site::ACCOUNTS);
    my $right    = $account->{password} // '';
    my $password = chance(0.7) ? $right : one_of((map { $_->{password} } @Site::ACCOUNTS), '', "$right ", substr($right, 0, -1), ":$right");
    my $user     = one_of((map { ($_, $_, "CORP\\$_", "$_\@corp.test") } $account->{user}), odd_name($account->{user}));
    my $text     = encode_utf8("$user:" . ($password // ''));
    $text = one_of(spoil($text), 'alice', ':', "$text\0", "$text\xff", "$text" x 100) if chance(0.2);
    my $request = $self->request($place);
    push @{$request->{headers}}, credentials($side eq 'proxy' ? 'Proxy-Authorization' : 'Authorization', 'Basic', $text, chance(0.1));
    $self->exchange($request, ($self->request($place)) x chance(0.1));
    $self->plain if !$self->{closed} && chance(0.5);
    return;
}

# After all that went before on the connection, whoever has the password gets in.
sub right {
    my ($self) = @_;
    my $place   = $self->place;
    my $proxied = $self->{port} eq 'proxy';
    return if $place->{limited} || $place->{tls} && $self->{port} ne 'tls';
    $place = $self->{site}{place}{store} if $proxied;
    my $account = one_of(grep { !$_->{never} } Site::accounts_of($place));
    my @taken   = $proxied ? 'NTLM' : $self->{oracle}->taken($place);
    my $by      = one_of(@taken ? @taken : return);
    my $response = $by eq 'Basic' ? $self->right_password($place, $account) : $self->right_answer($place, $account, $proxied ? 'proxy' : 'origin');
    my $name     = Site::name_of($account, $place->{format});
    return if !$response || ($response->header($proxied ? 'X-Proxy-User' : 'X-User') // '') eq $name;
    die "the right password of $name does not get in by $by\n";
}

sub right_answer {
    my ($self, $place, $account, $side) = @_;
    my $way   = $self->challenge($place, $side, 'ordinarily') // ($self->{closed} ? return : die "no challenge\n");
    my %right = Site::right($account, $self->{binding} // $self->{site}{front});
    my $token = $self->proof($self->{oracle}{pending}{$side}, $way, 'right', %right);
    return $self->exchange($self->with_token($self->ordinary($place), $way, $token, $side, 'ordinarily'));
}

sub right_password {
    my ($self, $place, $account) = @_;
    my $request = $self->ordinary($place);
    push @{$request->{headers}}, credentials('Authorization', 'Basic', encode_utf8("$account->{user}:" . ($account->{password} // return)));
    return $self->exchange($request);
}

1;
