# 200 users log in at once, each on a connection of their own: nobody becomes another.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib";
use Test::More;

use NTLM::Accounts qw(crowd);
use NTLM::Connection;
use NTLM::Message qw(parse_type2);

my $place = '/secret/who.shtml';
my @users = map { {connection => NTLM::Connection->new(timeout => 30), account => $_} } crowd();

# All requests are on their way before the first response is read.
sub all_at_once {
    my ($send, $read, @order) = @_;
    $send->($users[$_]) for @order;
    return map { $read->($users[$_]) } reverse @order;
}

# How many responses are the page of their own user.
sub own_pages {
    my ($send, @order) = @_;
    my $wrong = 0;
    my $own   = grep { $_ } all_at_once($send, sub {
        my ($user)   = @_;
        my $response = $user->{connection}->read_response;
        my $name     = $response->echo->{REMOTE_USER} // 'nobody';
        diag "$user->{account}{user} got $name: " . $response->status
            if $name ne $user->{account}{user} && $wrong++ < 5;
        return $name eq $user->{account}{user};
    }, @order);
    return $own;
}

# A fixed order that has nothing to do with that of the connections.
my @mixed = map { $_ * 77 % @users } 0 .. $#users;
is(keys %{{map { $_ => 1 } @mixed}}, 200, 'there are 200 of them');

my @challenges = all_at_once(
    sub { $_[0]{connection}->send_type1($place) },
    sub { $_[0]{connection}->read_type2->type2 },
    0 .. $#users,
);
my %nonces = map { parse_type2($_)->{challenge} => 1 } grep { defined } @challenges;
is(keys %nonces, 200, 'every Type 1 gets a challenge of its own');

is(own_pages(sub { $_[0]{connection}->send_type3($place, %{$_[0]{account}}) }, @mixed), 200,
    'every Type 3 logs its own user in');
is(own_pages(sub { $_[0]{connection}->send_request(GET => $place) }, reverse @mixed), 200,
    'every request without a token is that of its own user');

# Every second one logs in again, as the neighbour; the others go on meanwhile.
my @changing = grep { $_ % 2 } 0 .. $#users;
all_at_once(sub { $_[0]{connection}->send_type1($place) }, sub { $_[0]{connection}->read_type2 }, @changing);
@{$users[$_]}{qw(account changes)} = ($users[$_ - 1]{account}, 1) for @changing;
is(own_pages(sub {
    my ($user) = @_;
    return $user->{connection}->send_request(GET => $place) if !$user->{changes};
    return $user->{connection}->send_type3($place, %{$user->{account}});
}, @mixed), 200, 'half of them become their neighbours, the others stay who they are');

done_testing;
