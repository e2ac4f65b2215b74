package NTLM::Expect;

# What a client sees of a login: three verdicts, one test each.

use strict;
use warnings;
use Exporter qw(import);
use Test::More;
use NTLM::Log ();
use NTLM::Scheme ();

our @EXPORT = qw(challenged refused welcomed status_is);

sub verdict {
    my ($right, $response, $sentence) = @_;
    local $Test::Builder::Level = $Test::Builder::Level + 2;
    ok($right, $sentence) or diag $response->seen_by_client;
    return $right;
}

# 401 with a Type 2 and nothing beside it.
sub challenged {
    my ($response, $sentence) = @_;
    return verdict(defined $response->type2, $response, $sentence);
}

# 401 with the bare offers.
sub refused {
    my ($response, $sentence) = @_;
    my $offers = join '|', $response->header('WWW-Authenticate');
    return verdict($response->status == 401 && $offers eq NTLM::Scheme::offers() && !$response->closed, $response, $sentence);
}

# 200 from the echo script, for this user.
sub welcomed {
    my ($response, $user, $sentence) = @_;
    my $right = $response->status == 200 && ($response->echo->{REMOTE_USER} // '') eq $user
        && !$response->header('WWW-Authenticate');
    return verdict($right, $response, $sentence);
}

# The last thing that the module logged, about that connection if it is given.
sub status_is {
    my ($status, $sentence, $connection) = @_;
    local $Test::Builder::Level = $Test::Builder::Level + 1;
    return is(NTLM::Log::last_status($connection), $status, $sentence // "the log says $status");
}

1;
