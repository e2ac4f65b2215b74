# NTLMServiceNames: for which service the client says that its login is meant
# (MsvAvTargetName).
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib";
use Test::More;

use NTLM::Accounts qw(account);
use NTLM::Connection;
use NTLM::Expect;
use NTLM::Log;
use NTLM::Message;

my %alice = account('alice');
my $UNTRUSTED = 4;    # MsvAvFlags: the name comes from somewhere that is not trusted

# A login over a new connection; $vhost is the Host that is asked for.
sub login {
    my ($place, $spn, %more) = @_;
    my $connection = NTLM::Connection->new(vhost => delete $more{vhost} // 'web.test');
    return $connection->login("/services/$place/echo", %alice, defined $spn ? (spn => $spn) : (), %more);
}

sub is_welcome { my ($sentence, @login) = @_; return welcomed(login(@login), 'alice', $sentence) }

sub is_refused {
    my ($sentence, $status, @login) = @_;
    my $response = login(@login);
    refused($response, $sentence);
    unlike($response->body, qr/REMOTE_USER=/, '... without the page');
    return status_is($status);
}

my @OURS = ('HTTP/web.test', 'http/WEB.Test', 'HOST/web.test', 'host/web.test', 'HTTP/web.test:8443',
    'HTTP/web.test@EXAMPLE.COM', 'HTTP/web.test:80@EXAMPLE.COM', 'HTTP/web.test/EXAMPLE.COM', 'HTTP/web.test.', 'HTTP/web.test.:8443');
my @OTHERS = ('cifs/web.test', 'HTTP/elsewhere.test', 'HTTP/web.test.elsewhere.test', 'HTTP/elsewhere.test:80@web.test',
    'web.test', 'HTTP/', 'HTTP/web', 'HTTP/web.test..', 'ldap/web.test', 'HTTPS/web.test', 'HTTP/other.test', 'HTTP/*');

subtest 'A login for this service is let in' => sub {
    for my $place (qw(off allow require listed)) { is_welcome("$place: $_", $place, $_) for @OURS }
};

subtest 'A login for another one is refused, where names are looked at' => sub {
    for my $place (qw(allow require listed)) { is_refused("$place: $_", 'service-mismatch', $place, $_) for @OTHERS }
    is_welcome("off: $_", 'off', $_) for @OTHERS;
};

subtest 'The line has the name that was signed, and those that are accepted' => sub {
    is_refused('elsewhere', 'service-mismatch', 'require', 'HTTP/elsewhere.test');
    like((NTLM::Log::lines())[-1]{remark}, qr/^the client signed "HTTP\/elsewhere\.test"; wanted: HTTP or HOST at web\.test\b/, 'both');
    is_refused('nowhere', 'service-required', 'require');
    like((NTLM::Log::lines())[-1]{remark}, qr/^no MsvAvTargetName; wanted: HTTP or HOST at web\.test\b/, 'none');
};

subtest 'A login for no service is refused where one is required' => sub {
    for my $spn (undef, '') {
        my $what = defined $spn ? 'an empty name' : 'no name';
        is_welcome("$_: $what", $_, $spn) for qw(off allow);
        is_refused("$_: $what", 'service-required', $_, $spn) for qw(require listed);
    }
};

subtest 'All names of a server are its own, whichever was asked for' => sub {
    for my $vhost (qw(names.test alias.test)) {
        is_welcome("$vhost: $_", 'require', $_, vhost => $vhost) for 'HTTP/names.test', 'HTTP/alias.test', 'HTTP/ALIAS.test:8443';
        is_refused("$vhost: $_", 'service-mismatch', 'require', $_, vhost => $vhost) for 'HTTP/web.test', 'HTTP/*.wild.test';
    }
};

subtest 'Of an alias with wildcards the name is that which was asked for' => sub {
    is_welcome("$_ as itself", 'require', "HTTP/$_", vhost => $_) for qw(one.wild.test ONE.wild.test two.wild.test wxb.test);
    is_welcome('... in any case', 'require', 'HTTP/one.WILD.test', vhost => 'One.wild.test');
    is_refused('another one that fits, too', 'service-mismatch', 'require', 'HTTP/two.wild.test', vhost => 'one.wild.test');
    is_refused('one that does not fit', 'service-mismatch', 'require', 'HTTP/wxxb.test', vhost => 'wxb.test');
    is_welcome('the ServerName there', 'require', 'HTTP/names.test', vhost => 'one.wild.test');
};

subtest 'An alias of wildcards alone names nobody' => sub {
    is_refused("$_ is asked for, which fits ??", 'service-mismatch', $_ eq 'ab' ? 'require' : 'allow', "HTTP/$_", vhost => $_) for qw(ab xy);
    is_welcome('the ServerName there', 'require', 'HTTP/names.test', vhost => 'xy');
};

subtest 'The Host of a request adds no name' => sub {
    # the first host serves those that nobody has, too; its alias fits none of them
    is_refused("$_ is asked for", 'service-mismatch', 'require', "HTTP/$_", vhost => $_) for 'elsewhere.test', 'intranet';
    is_welcome('where its alias fits it is that', 'require', 'HTTP/one.web.test', vhost => 'one.web.test');
};

subtest 'Names can be listed' => sub {
    is_welcome($_, 'listed', $_) for 'HTTP/intranet', 'HTTP/front.EXAMPLE.com:8080', 'HOST/Intranet';
    is_refused("$_ in another section", 'service-mismatch', 'require', $_) for 'HTTP/intranet', 'HTTP/front.example.com';
};

subtest 'A name that the client does not trust itself counts as none' => sub {
    my $untrusted = sub {
        my ($pairs) = @_;
        my ($flags) = grep { $_->[0] == NTLM::Message::AV_FLAGS } @$pairs;
        $flags->[1] = pack 'V', $UNTRUSTED | unpack 'V', $flags->[1];
    };
    is_refused('required', 'service-required', 'require', 'HTTP/web.test', edit => $untrusted);
    is_welcome('allowed', 'allow', 'HTTP/web.test', edit => $untrusted);
    is_refused('allowed, and another one', 'service-mismatch', 'allow', 'HTTP/elsewhere.test', edit => $untrusted);
};

subtest 'The proof comes first' => sub {
    for my $spn (undef, 'HTTP/web.test', 'HTTP/elsewhere.test') {
        is_refused($spn // 'no name', 'wrong-password', 'require', $spn, nt_hash => '0' x 32);
    }
    my $renamed = sub { my ($message) = @_; my ($from, $to) = map { NTLM::Message::utf16($_) } qw(evil.test webs.test);
        $message =~ s/\Q$from\E/$to/ or die; return $message };
    is_refused('a name that was changed on the way', 'wrong-password', 'require', 'HTTP/evil.test', rewrite => $renamed);
};

subtest 'A client cannot tell another service from a wrong password' => sub {
    my @seen = map { login('require', @$_)->seen_by_client }
        ['HTTP/elsewhere.test'], [undef], ['HTTP/web.test', nt_hash => '0' x 32];
    is($seen[$_], $seen[2], 'the same answer') for 0, 1;
};

subtest 'A login is none where another name is demanded' => sub {
    my $connection = NTLM::Connection->new;
    welcomed($connection->login('/services/off/echo', %alice, spn => 'HTTP/elsewhere.test'), 'alice', 'off: alice logs in');
    refused($connection->get("/services/$_/echo"), "$_: she is nobody") for qw(allow require listed);
    welcomed($connection->get('/services/off/echo'), 'alice', 'off: she still is');
};

done_testing;
