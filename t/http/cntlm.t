#!/usr/bin/perl
# cntlm logs in to the proxy for programs that cannot do that themselves, with NTLMv2.
use strict;
use warnings;
use FindBin qw($Bin);
use lib "$Bin/../lib";
use ForwardProxy;
use POSIX ();
use Port;
use Test::More;

plan skip_all => $_ for ForwardProxy::missing();
my ($CNTLM) = grep { -x } map { "$_/cntlm" } '/usr/sbin', split /:/, $ENV{PATH};
plan skip_all => 'there is no cntlm (package cntlm)' if !$CNTLM;

my ($proxy, $origin) = ForwardProxy::start();
my $page = $origin->url('/');

# Starts cntlm with these lines, and gives its pid and its URL.
sub cntlm {
    my (@secret) = @_;
    my $log = $proxy->write('cntlm.log', '');
    my ($pid, $port) = Port::serve(
        said => sub { open my $in, '<', $log or die "$log: $!\n"; local $/; <$in> // '' },
        run  => sub {
            my ($port) = @_;
            my $conf = $proxy->write('cntlm.conf', join "\n", 'Username alice', 'Domain CORP', @secret,
                'Auth NTLMv2', "Proxy 127.0.0.1:$proxy->{port}", "Listen 127.0.0.1:$port", 'NoProxy none.test', '');
            my $pid = fork // die "fork: $!\n";
            return $pid if $pid;
            open STDOUT, '>>', $log and open STDERR, '>&', STDOUT and exec $CNTLM, '-f', '-c', $conf;
            POSIX::_exit(1);
        });
    return ($pid, "http://127.0.0.1:$port");
}

# "PassNTLMv2 ...", as cntlm makes it from a password.
sub hash_of {
    my ($password) = @_;
    my $file = $proxy->write('typed', "$password\n");
    my $said = `$CNTLM -H -u alice -d CORP -c /dev/null <$file 2>&1`;
    return $said =~ /^(PassNTLMv2\s+[0-9A-F]{32})/m ? $1 : die "cntlm -H: $said";
}

for my $case (
    ['a password', 'Password Secr3t!pw',  'Password wrong'],
    ['a hash',     hash_of('Secr3t!pw'), hash_of('wrong')],
) {
    my ($what, $right, $wrong) = @$case;
    my ($pid, $url) = cntlm($right);
    for my $way (['GET'], ['CONNECT', '-p']) {
        my ($method, @options) = @$way;
        my ($status, $body) = ForwardProxy::curl($url, undef, $page, @options);
        is "$status $body", "200 the protected page\n", "$what: $method gets the page";
    }
    like $proxy->error_log, qr/ ntlm: ok: user=alice .* source=file /, '... as alice';
    Port::stop($pid);

    ($pid, $url) = cntlm($wrong);
    for my $way (['GET'], ['CONNECT', '-p']) {
        my ($method, @options) = @$way;
        my ($status, $body) = ForwardProxy::curl($url, undef, $page, @options);
        is $status, 407, "$what that is wrong: $method gets 407";
        unlike $body, qr/the protected page/, '... and no page';
    }
    Port::stop($pid);
}
my @refused = $proxy->error_log =~ / ntlm: (?!ok|challenge-sent)([a-z-]+): user=alice domain=CORP /g;
is "@refused", join(' ', ('wrong-password') x 4), 'each refusal is one of a wrong password';

done_testing;
