#!/usr/bin/perl
# The tests' own SPNEGO against exchanges that were recorded elsewhere: it has to be right before
# it can judge a server. Needs no httpd.
use strict;
use warnings;
use FindBin qw($Bin);
use lib "$Bin/../lib";
use JSON::PP;
use MIME::Base64 qw(encode_base64);
use NTLM::Message;
use NTLM::Response;
use NTLM::Scheme;
use NTLM::SPNEGO qw(der init resp read_init read_resp message_mac);
use Test::More;

open my $in, '<:raw', "$Bin/../vectors/vectors.json" or die "vectors.json: $!\n";
my %exchange = map { $_->{id} => $_ } grep { $_->{spnego} } @{decode_json(do { local $/; <$in> })};
cmp_ok scalar keys %exchange, '>=', 4, 'there are exchanges with SPNEGO';

# ---- bytes ----
for my $id (sort keys %exchange) {
    my ($tokens, $key) = ([map { pack 'H*', $_ } @{$exchange{$id}{spnego}}], pack 'H*', $exchange{$id}{expect}{exported_session_key});
    my ($list, $flags, $again, %mac) = ('', 0, 0);
    for my $token (@$tokens) {
        next if $token =~ /not_defined_in_RFC4178/;    # what a server says first, in SMB
        my $read = $token =~ /^\x60/ ? read_init($token) : read_resp($token);
        $again++ if $token eq ($token =~ /^\x60/ ? init(%$read) : resp(%$read));
        $list  = $read->{mech_types} // $list;
        $flags = NTLM::Message::parse_type3($read->{token})->{flags} if ($read->{token} // '') =~ /^NTLMSSP\0\x03/;
        $mac{$read->{state} == NTLM::SPNEGO::COMPLETED ? 'server' : 'client'} = $read->{mic} if defined $read->{mic};
    }
    is $again, scalar(grep { !/not_defined_in_RFC4178/ } @$tokens), "$id: each token is read, and written again";
    ok $mac{client}, '... there is a mechListMIC';
    is unpack('H*', message_mac($key, $flags, $_, $list)), unpack('H*', $mac{$_}), "... which is that of the $_" for sort keys %mac;
}
my ($fallback) = map { pack 'H*', $_ } $exchange{'doc-gssapi-negotiate-ntlm-fallback'}{spnego}[0];
is_deeply read_init($fallback)->{mechs}, [qw(kerberos ntlm)], 'mechanisms have names';
is_deeply [map { length der(4, 'x' x $_) } 127, 128, 255, 256, 65536], [129, 131, 258, 260, 65541], 'lengths are as short as can be';

sub is_no_token {
    my ($sentence, $bytes) = @_;
    ok !eval { read_resp($bytes); 1 }, "$sentence is no token";
}
my $choice = pack 'H*', 'a1153013a0030a0103a10c060a2b06010401823702020a';
is_deeply read_resp($choice), {state => NTLM::SPNEGO::REQUEST_MIC, mech => 'ntlm', token => undef, mic => undef}, 'a choice is read';
is_no_token('one that is cut', substr $choice, 0, -1);
is_no_token('one with a byte behind it', "$choice\0");
is_no_token('one with an endless length', "\xa1\x80" . substr $choice, 2);
is_no_token('one with a long length', "\xa1\x81" . substr $choice, 1);
is_no_token('one with fields in another order', pack 'H*', 'a1153013a10c060a2b06010401823702020aa0030a0103');

# ---- messages in tokens ----
sub changed { return NTLM::SPNEGO::within($_[0], sub { uc $_[0] }) }
is changed("NTLMSSP\0abc"), "NTLMSSP\0ABC", 'a bare message is changed';
is changed(init(mechs => ['ntlm'], token => "NTLMSSP\0abc")), init(mechs => ['ntlm'], token => "NTLMSSP\0ABC"), 'one in a first token';
is changed(resp(state => 1, token => "NTLMSSP\0abc", mic => 'abc')), resp(state => 1, token => "NTLMSSP\0ABC", mic => 'abc'),
    'one in a later token';
for my $token (init(mechs => ['kerberos'], token => "\x60\x03abc"), resp(state => 1), resp(state => 1, token => 'abc')) {
    is changed($token), $token, 'nothing else is';
}

# ---- a client ----
my ($id, @tokens) = ('doc-gssapi-negotiate-ntlm-with-ntlm');
@tokens = map { pack 'H*', $_ } @{$exchange{$id}{spnego}};
my $key = pack 'H*', $exchange{$id}{expect}{exported_session_key};
my ($type1, $type2, $type3) = map { pack 'H*', $exchange{$id}{$_} } qw(type1 type2 type3);

# Its answer to a Type 3 that is let in: what is left of the offers, or 'dies'.
sub finished {
    my ($client, $status, @offers) = @_;
    my $response = NTLM::Response->from_head("HTTP/1.1 $status X\r\n" . join '', map { "WWW-Authenticate: $_\r\n" } @offers);
    return eval { $client->finish($response, $type3, 'WWW-Authenticate'); 1 } ? join '|', $response->header('WWW-Authenticate') : 'dies';
}

my $client = NTLM::Scheme->new('SPNEGO');
is $client->opening, undef, 'SPNEGO: nothing comes before the Type 1';
is $client->wrap($type1), $tokens[0], '... which is sent as it was';
is $client->unwrap($tokens[1]), $type2, '... its challenge is found';
is $client->unwrap($type2), undef, '... but no bare one';
is $client->unwrap(resp(state => NTLM::SPNEGO::INCOMPLETE, token => $type2)), undef, '... nor one that does not say NTLM';
$client->sign($type3, $key, NTLM::Message::parse_type3($type3)->{flags});
is $client->wrap($type3), $tokens[2], '... the Type 3 is sent as it was, with its mechListMIC';
my $last = 'Negotiate ' . encode_base64($tokens[3], '');
is finished($client, 200, $last), '', '... the last token of the page is right, and taken out';
is finished($client, 200), 'dies', '... and must be there';
is finished($client, 404), '', '... but for what needs no login';
is finished($client, $_, 'Negotiate', 'NTLM'), 'Negotiate|NTLM', "... nor with a $_" for 401, 407;
is finished($client, $_, $last =~ s/AAAA=*$/AAAB/r), 'dies', "... and right where it is: $_" for 200, 404;
is finished($client, 200, $last, $last), 'dies', '... once';
$client->sign($type3, $key, NTLM::Message::parse_type3($type3)->{flags}, mech_mic => sub { return });
is finished($client, 200, $last), 'dies', '... and without a mechListMIC if the client sent none';
is finished($client, 200, 'Negotiate oQcwBaADCgEA'), '', '... which says that it is completed';

$client = NTLM::Scheme->new('Kerberos-first');
is_deeply read_init($client->opening)->{mechs}, [qw(ms-kerberos kerberos negoex ntlm)], 'Kerberos-first: what is tried before NTLM';
ok !$client->is_choice($tokens[1]), '... a challenge is no choice';
ok $client->is_choice($choice), '... request-mic is';
is_deeply read_resp($client->wrap($type1)),
    {state => NTLM::SPNEGO::INCOMPLETE, mech => undef, token => $type1, mic => undef}, '... and the Type 1 follows it';
is $client->unwrap($tokens[1]), undef, '... whose answer does not say NTLM again';
is $client->unwrap(resp(state => NTLM::SPNEGO::INCOMPLETE, token => $type2)), $type2, '... but has the challenge';

for my $over (qw(NTLM Negotiate)) {
    $client = NTLM::Scheme->new($over);
    is $client->header($client->wrap($type1)), "$over " . encode_base64($type1, ''), "$over: the message as it is";
    is $client->unwrap($type2), $type2, '... either way';
}

done_testing;
