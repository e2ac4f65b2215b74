package CountedClient;

# What clients of t/bench/instructions do. Each of these gives a sub that is told how to open a
# connection, prepares what is not counted, and gives the sub that is: one login, or one request.
#
#   my $login = CountedClient::ntlm(200)->(sub { return a connection });
#   $login->();

use strict;
use warnings;
use Digest::MD5 qw(md5_hex);
use MIME::Base64 qw(decode_base64 encode_base64);
use NTLM::Message ();
use NTLM::Scheme ();

our $PAGE = '/page';

my %ALICE = (user => 'alice', domain => 'CORP', nt_hash => 'd9fe524deb5705ac74ea341ff18afe93');
my %WRONG = (%ALICE, nt_hash => 'ab' x 16);
my $REALM = 'a floor';

# A line for each of ten accounts, hers last: all but ours read their file at each login, line by
# line, and no site has one user.
sub ten { my ($line) = @_; return join '', map { $line =~ s/NAME/$_/gr . "\n" } map({"user$_"} 1 .. 9), 'alice' }

our %FILES = (
    passwords => ten("NAME:$ALICE{nt_hash}"),
    basic     => ten('NAME:{SHA}5en6G6MezRroT3XKqkdPOmY/BfQ='),            # secret
    digest    => ten("NAME:$REALM:" . md5_hex("alice:$REALM:secret")),
    gss       => ten('CORP:NAME:Secr3t!pw'),
);
our %ACCOUNT = %ALICE;
our @BASIC   = (Authorization => 'Basic ' . encode_base64('alice:secret', ''));
my @GUESS    = (Authorization => 'Basic ' . encode_base64('alice:guess',  ''));

# Of our own accounts; all as long as the right one.
my %OURS = map { $_->[0] => [Authorization => 'Basic ' . encode_base64($_->[1], '')] }
    ['right', 'alice:Secr3t!pw'], ['wrong', 'alice:an0ther!!'], ['unknown', 'mallo:Secr3t!pw'];

sub expect {
    my ($status, $response) = @_;
    die 'not ', $status, ' but ', $response->status, "\n" if $response->status != $status;
    return $response;
}

# ---- new connections ----
sub on_new_ones {
    my ($work) = @_;
    return sub {
        my ($open) = @_;
        return sub { my $c = $open->(); $work->($c); $c->close };
    };
}

sub gets {
    my ($count) = @_;
    return on_new_ones(sub { my ($c) = @_; expect(200, $c->get($PAGE)) for 1 .. $count });
}

# 401, then this status.
sub basic {
    my ($status) = @_;
    my $header = $status == 200 ? \@BASIC : \@GUESS;
    return on_new_ones(sub { my ($c) = @_; expect(401, $c->get($PAGE)); expect($status, $c->request(GET => $PAGE, $header)) });
}

sub our_basic {
    my ($which) = @_;
    my $status = $which eq 'right' ? 200 : 401;
    return on_new_ones(sub { my ($c) = @_; expect(401, $c->get($PAGE)); expect($status, $c->request(GET => $PAGE, $OURS{$which})) });
}

sub digest { return on_new_ones(\&digest_login) }

sub ntlm {
    my ($status) = @_;
    return on_new_ones(sub { my ($c) = @_; ntlm_login($c, $status) });
}

# Its messages travel as NTLM::Scheme says, which has the options.
sub negotiate {
    my ($over, @opt) = @_;
    return on_new_ones(sub { my ($c) = @_; login_over($c, $over, @opt) });
}

# As many bytes as NTLM, and nobody looks at them.
sub nothing { return on_new_ones(\&nothing_login) }

# ---- logins ----
sub ntlm_login {
    my ($c, $status) = @_;
    $c->{type1} = NTLM::Message::type1();
    my ($offer) = grep { /^NTLM ./ } expect(401, $c->token($PAGE, $c->{type1}))->header('WWW-Authenticate');
    $c->{type2} = decode_base64(substr $offer, 5);
    return expect($status, $c->type3($PAGE, $status == 200 ? %ALICE : %WRONG));
}

sub login_over {
    my ($c, $over, @opt) = @_;
    $c->{over} = NTLM::Scheme->new($over);
    expect(401, $c->type1($PAGE));
    return expect(200, $c->type3($PAGE, %ALICE, @opt));
}

sub nothing_login {
    my ($c) = @_;
    $c->{type1} = NTLM::Message::type1();
    my ($offer) = expect(401, $c->token($PAGE, $c->{type1}))->header('WWW-Authenticate');
    $c->{type2} = decode_base64(substr $offer, 5);
    return expect(200, $c->type3($PAGE, %ALICE));
}

sub digest_login {
    my ($c) = @_;
    my ($asked) = expect(401, $c->get($PAGE))->header('WWW-Authenticate');
    ($c->{nonce}) = $asked =~ /nonce="([^"]+)"/ or die "no nonce: $asked\n";
    return expect(200, digest_request($c));
}

sub digest_request {
    my ($c) = @_;
    my ($count, $nonce) = (sprintf('%08x', ++$c->{nonces}), $c->{nonce});
    my $response = md5_hex(join ':', md5_hex("alice:$REALM:secret"), $nonce, $count, 'c0ffee', 'auth', md5_hex("GET:$PAGE"));
    my $header = qq{Digest username="alice", realm="$REALM", nonce="$nonce", uri="$PAGE", algorithm=MD5, }
        . qq{response="$response", qop=auth, nc=$count, cnonce="c0ffee"};
    return $c->request(GET => $PAGE, [Authorization => $header]);
}

# ---- requests on a connection that stays ----
sub kept {
    my ($login, $request) = @_;
    $request //= sub { return $_[0]->get($PAGE) };
    return sub {
        my ($open) = @_;
        my $c = $open->();
        $login->($c);
        return sub { expect(200, $request->($c)) };
    };
}

sub anonymous_kept { return kept(sub { }) }
sub basic_kept     { return kept(sub { }, sub { return $_[0]->request(GET => $PAGE, \@BASIC) }) }
sub our_basic_kept { return kept(sub { }, sub { return $_[0]->request(GET => $PAGE, $OURS{right}) }) }
sub digest_kept    { return kept(\&digest_login, \&digest_request) }
sub ntlm_kept      { return kept(sub { ntlm_login($_[0], 200) }) }
sub spnego_kept    { return kept(sub { login_over($_[0], 'SPNEGO') }) }
sub nothing_kept   { return kept(\&nothing_login) }

# A listing of so many entries.
sub listing {
    my ($path, $entries, $login, @header) = @_;
    return kept($login, sub {
        my ($c) = @_;
        my $response = $c->request(GET => $path, \@header);
        my $seen = () = $response->body =~ /<li><a href="\d+\.txt/g;
        die $response->status, ", $seen entries\n" if $seen != $entries;
        return $response;
    });
}

1;
