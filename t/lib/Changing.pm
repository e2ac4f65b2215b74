package Changing;

# Accounts that change, in a password file of ours and in one of Basic's, and what becomes of who
# logs in: some always may, some never, and of some the password is this one or that one, or they
# are shut out, or gone.
#
#   my $accounts = Changing->new($httpd);      # a PrivateHttpd; the files are passwords and basic
#   $accounts->change;                         # writes both files anew
#   $accounts->logins; $accounts->logins(1);   # rows for Load, with verdicts; 1: any, of those that change
#   $accounts->state('c001'); $accounts->changing; Changing::hash('c001', 'one')

use strict;
use warnings;
use Digest::MD5 qw(md5_hex);
use Digest::SHA qw(sha1_base64);

use constant {ALWAYS => 200, NEVER => 20, CHANGING => 200};

my @STATES = qw(one other disabled gone);    # one, other: the password

sub new {
    my ($class, $httpd) = @_;
    my $self = bless {httpd => $httpd, state => {map { sprintf('c%03d', $_) => 'one' } 1 .. CHANGING}}, $class;
    $self->write;
    return $self;
}

sub changing { return sort keys %{$_[0]{state}} }
sub state    { return $_[0]{state}{$_[1]} }

# Any 16 bytes are an NT hash.
sub hash { my ($user, $password) = @_; return md5_hex("$user $password") }

sub change {
    my ($self) = @_;
    $self->{state}{$_} = $STATES[rand @STATES] for $self->changing;
    return $self->write;
}

sub write {
    my ($self) = @_;
    my @always = map { [$_ => 'one', ''] } map({ sprintf 'a%03d', $_ } 1 .. ALWAYS), map({ sprintf 'n%03d', $_ } 1 .. NEVER);
    my @now    = map {
        my $state = $self->state($_);
        $state eq 'gone' ? () : $state eq 'disabled' ? [$_ => 'one', ':[D]'] : [$_ => $state, '']
    } $self->changing;
    my @all = (@always, @now);
    $self->{httpd}->accounts(passwords => map { "$_->[0]:" . hash(@$_[0, 1]) . $_->[2] } @all);
    $self->{httpd}->accounts(basic => map { "$_->[0]:{SHA}" . sha1_base64($_->[1]) . '=' } grep { !$_->[2] } @all);
    return;
}

sub login { my ($user, $password, $verdict) = @_; return [$user, $password, hash($user, $password), $verdict] }

sub logins {
    my ($self, $any) = @_;
    my @logins = (
        map({ login(sprintf('a%03d', $_), 'one',   200) } 1 .. ALWAYS),
        map({ login(sprintf('n%03d', $_), 'wrong', 401) } 1 .. NEVER),
    );
    for my $user ($self->changing) {
        push @logins, login($user, $_, $any ? 0 : $self->state($user) eq $_ ? 200 : 401) for qw(one other);
    }
    return @logins;
}

1;
