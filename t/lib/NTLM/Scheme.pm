package NTLM::Scheme;

# How the messages of a client of NTLM travel:
#
#   NTLM            as they are, which is what is meant if nobody says another one
#   Negotiate       as they are, under that word
#   SPNEGO          under that word, in tokens of SPNEGO, with a mechListMIC; NTLM is first
#   Kerberos-first  the same, behind a token of Kerberos: one round trip more
#
# NTLM_TEST_OVER (environment) says it for a whole test: its clients take it, and its servers offer
# Negotiate, too. What the server must answer is checked here.

use strict;
use warnings;
use Carp qw(croak);
use MIME::Base64 qw(encode_base64);

use NTLM::Message ();
use NTLM::SPNEGO qw(init resp read_resp mech_types message_mac);

use constant OVER => 'NTLM_TEST_OVER';

my %KINDS = (
    NTLM             => {word => 'NTLM'},
    Negotiate        => {word => 'Negotiate'},
    SPNEGO           => {word => 'Negotiate', mechs => ['ntlm']},
    'Kerberos-first' => {word => 'Negotiate', mechs => [qw(ms-kerberos kerberos negoex ntlm)], ticket => "\x60\x03no!"},
);

# ---- a whole test ----

sub of_test { return $ENV{+OVER} || 'NTLM' }

# What its servers offer, one header each.
sub offers { return of_test() eq 'NTLM' ? 'NTLM' : 'Negotiate|NTLM' }

# Those credentials that they do not take.
sub not_taken { my $taken = offers(); return grep { !/^(?:$taken) / } @_ }

# The word of its clients.
sub word_of_test { return $KINDS{of_test()}{word} }

# What servers show of such a client: what it can do and why it came by NTLM, of which the service
# that it names is a part ('absent', or another word of the log).
sub shown {
    my ($service) = @_;
    my $kind = $KINDS{of_test()};
    return $kind->{word} eq 'NTLM' ? qw(- -) : qw(raw raw) if !$kind->{mechs};
    my $why = $kind->{ticket} ? 'kerberos-first' : $service eq 'absent' ? 'no-spn' : 'kerberos-not-offered';
    return (join(',', @{$kind->{mechs}}), $why);
}

# The status of what is no message of NTLM, within a negotiation or without.
sub no_message {
    my ($within) = @_;
    return word_of_test() eq 'NTLM' || $within && $KINDS{of_test()}{mechs} ? 'malformed' : 'spnego-malformed';
}

# Whether there is a token before the Type 1.
sub has_opening { return defined $KINDS{of_test()}{ticket} }

# For the configuration of its servers.
sub directive { return of_test() eq 'NTLM' ? '' : 'NTLMOffer ' . offers() =~ tr/|/ /r . "\n" }

# ---- one client ----

sub new {
    my ($class, $over) = @_;
    $over //= of_test();
    my $kind = $KINDS{$over} // croak "no client speaks $over";
    return bless {%$kind, mac => {}}, $class;
}

sub word { return $_[0]{word} }

# The value of the header that carries a token.
sub header { my ($self, $token) = @_; return "$self->{word} " . encode_base64($token, '') }

sub _init {
    my ($self, $mechs, $token) = @_;
    $self->{list} = mech_types(@$mechs);
    $self->{told} = $self->{asked} = 0;
    return init(mech_types => $self->{list}, token => $token);
}

# What is sent before the Type 1, or undef.
sub opening { my ($self) = @_; return $self->{ticket} ? $self->_init($self->{mechs}, $self->{ticket}) : undef }

# Whether that was answered as it must be: NTLM it is, and a mechListMIC is wanted.
sub is_choice {
    my ($self, $token) = @_;
    return $self->{told} = $self->{asked} = $token eq resp(state => NTLM::SPNEGO::REQUEST_MIC, mech => 'ntlm');
}

# A message of NTLM, as it is sent. One that sign() knows has its mechListMIC.
sub wrap {
    my ($self, $message) = @_;
    return $message if !$self->{mechs};
    my $is_type1 = $message =~ /\ANTLMSS.\x00\x01/;
    return $self->_init(['ntlm'], $message) if $is_type1 && !$self->{asked};
    $self->{asked} = 0;
    my $mac = $self->{mac}{$message} // {};
    return resp(state => NTLM::SPNEGO::INCOMPLETE, token => $message, mic => $mac->{client});
}

# A Type 3, its session key and flags.
# mech_mic    sub that gets the mechListMIC, and the server's, and gives another one, or undef
# unasked     the page itself asks for no login, so that it need not have the last token
sub sign {
    my ($self, $type3, $key, $flags, %opt) = @_;
    return if !$self->{mechs};
    my %mac = map { $_ => message_mac($key, $flags, $_, $self->{list}) } qw(client server);
    $mac{client} = $opt{mech_mic}->(@mac{qw(client server)}) if $opt{mech_mic};
    $mac{server} = undef if !defined $mac{client};
    $mac{unasked} = $opt{unasked};
    $self->{mac}{$type3} = \%mac;
    return;
}

# The Type 2 in the token of an answer, or nothing. The first answer says that it is NTLM.
sub unwrap {
    my ($self, $token) = @_;
    return $token if !$self->{mechs};
    my $said = eval { read_resp($token) } or return;
    return if ($said->{state} // -1) != NTLM::SPNEGO::INCOMPLETE || defined $said->{mic};
    return if ($said->{mech} // 'none') ne ($self->{told} ? 'none' : 'ntlm');
    return $said->{token};
}

# Takes the last token out of the answer to a Type 3; dies of one that is not right. It must be
# there with a page, but not with a tunnel, whose answer mod_proxy_connect writes.
sub finish {
    my ($self, $response, $type3, $name) = @_;
    my $mac    = $self->{mac}{$type3} or return;
    my @tokens = grep { /^\w+ \S/ } $response->header($name);
    return if !@tokens && ($response->status != 200 || $response->{is_tunnel} || $mac->{unasked});
    return if $response->status =~ /^4(?:01|07)$/;
    my $right = $self->header(resp(state => NTLM::SPNEGO::COMPLETED, mic => $mac->{server}));
    die "not one last token, $right:\n" . $response->seen_by_client if "@tokens" ne $right;
    $response->remove($name);
    return;
}

1;
