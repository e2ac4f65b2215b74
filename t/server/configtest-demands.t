#!/usr/bin/perl
# What `httpd -t` says about the directives that demand more of a login than its password.
use strict;
use warnings;
use FindBin qw($Bin);
use lib "$Bin/../lib";
use Certificates;
use Configtest qw(accepts refuses);
use File::Temp qw(tempdir);
use Test::More;

my $FILE  = "alice:d9fe524deb5705ac74ea341ff18afe93\n";
my $FIRST = 'NTLMCredentials file @DIR@/passwords';

sub wrong { my ($line, $wanted) = @_; return refuses($line, $wanted, "$FIRST\n$line", $FILE) }
sub right { my ($line) = @_; return accepts($line, "$FIRST\n$line", $FILE) }

# ---- words ----
for my $directive (qw(NTLMRequireTLS NTLMRequireMIC NTLMBasicWithoutTLS)) {
    right("$directive $_") for qw(on off On);
    wrong("$directive $_", qr{$directive: '$_' is none of off and on}) for qw(maybe require 1);
    wrong($directive, qr{$directive takes one argument});
}
right("NTLMExtendedProtection $_") for qw(off allow require Require);
wrong("NTLMExtendedProtection $_", qr{NTLMExtendedProtection: '$_' is none of off, allow and require}) for qw(on Required 1);
wrong('NTLMExtendedProtection', qr{NTLMExtendedProtection takes one argument});

# ---- NTLMServiceNames ----
right("NTLMServiceNames $_") for 'off', 'allow', 'require', 'require intranet', 'allow web.example.com Web2.example.com 10.0.0.1';

# ---- NTLMOffer ----
right("NTLMOffer $_") for 'NTLM', 'Negotiate', 'negotiate ntlm', 'NTLM Negotiate';
my $long = qr{NTLMOffer [^\n]* \([^)]*:\d+\): LimitRequestFieldSize is 8190, and a ticket of Kerberos has 16 KB and more, so who sends one first is answered 400; write LimitRequestFieldSize 65536 outside of all sections};
like right('NTLMOffer NTLM Negotiate'), $long, '... but for the tokens that httpd would not take';
unlike right('NTLMOffer NTLM'), qr{LimitRequestFieldSize}, '... which are none of NTLM';
unlike accepts('longer headers', "$FIRST\nNTLMOffer Negotiate", $FILE, undef, before => 'LimitRequestFieldSize 65536'),
    qr{LimitRequestFieldSize is}, '... or which it takes';

# Headers are read as the first host at an address says.
sub hosts {
    my ($port, $first, $second) = @_;
    return join '', map { "<VirtualHost 127.0.0.1:$_->[0]>\nServerName $_->[1]\n$_->[2]\n</VirtualHost>\n" }
        [80, 'a.example.com', $first], [$port, 'b.example.com', $second];
}
my $takes = 'LimitRequestFieldSize 65536';
my $offers = "<Location />\nNTLMOffer Negotiate\n</Location>";
my @at = ("$FIRST\nNTLMOffer Negotiate", $FILE, undef, 'before');
unlike accepts('the first host takes them', @at, hosts(80, $takes, '')), qr{LimitRequestFieldSize is}, '... for the second';
like accepts('only the second host would', @at, hosts(80, '', $takes)), $long, '... but is not asked';
like accepts('the same where it alone offers', $FIRST, $FILE, undef, before => hosts(80, '', "$takes\n$offers")), $long, '... so it is said';
unlike accepts('each address has its first', $FIRST, $FILE, undef, before => hosts(81, '', "$takes\n$offers")),
    qr{LimitRequestFieldSize is}, '... and another address does not matter';
wrong('NTLMOffer', qr{NTLMOffer: name at least one of NTLM, Negotiate and Basic, in the order in which they are to be offered});
wrong('NTLMOffer NTLM Kerberos', qr{NTLMOffer: 'Kerberos' is none of NTLM, Negotiate and Basic});
wrong('NTLMOffer NTLM Negotiate ntlm', qr{NTLMOffer: 'ntlm' is named twice; once is enough});
wrong("NTLMBasicWithoutTLS $_", qr{NTLMBasicWithoutTLS: '$_' is none of off and on}) for qw(maybe 1);

# ---- lists that httpd would cut ----
my @many = map { "d$_.example.com" } 1 .. 70;
right("NTLMAcceptDomains @many[0 .. 62]");
wrong("NTLMAcceptDomains @many", qr{NTLMAcceptDomains: more than 63 words; httpd would leave out the others});
wrong("NTLMServiceNames require @many", qr{NTLMServiceNames: more than 63 words});
wrong("NTLMServerCertificate @many", qr{NTLMServerCertificate: more than 63 words});

my %BAD_NAMES = (
    ''                       => qr{none of off, allow and require},
    'intranet'               => qr{'intranet' is none of off, allow and require},
    'require HTTP/intranet'  => qr{'HTTP/intranet': write the host's name alone, without HTTP/},
    'require intranet:8080'  => qr{'intranet:8080' is not a DNS name; write for example web\.example\.com},
    'require *.example.com'  => qr{'\*\.example\.com' is not a DNS name},
    'require "a b"'          => qr{'a b' is not a DNS name},
    'require intranet@REALM' => qr{is not a DNS name},
);
wrong("NTLMServiceNames $_", qr{NTLMServiceNames: .*$BAD_NAMES{$_}}) for sort keys %BAD_NAMES;

# ---- NTLMServerCertificate ----
wrong('NTLMServerCertificate', qr{NTLMServerCertificate: name at least one file});
wrong('NTLMServerCertificate nowhere.pem', qr{NTLMServerCertificate: \S+/nowhere\.pem: No such file});
wrong('NTLMServerCertificate @DIR@/htdocs', qr{NTLMServerCertificate: \S+/htdocs: Is a directory});
wrong('NTLMServerCertificate passwords',
    qr{NTLMServerCertificate: \S+/passwords: there is no certificate in it; name the file of SSLCertificateFile});
SKIP: {
    skip 'openssl is not installed', 1 if `openssl version 2>/dev/null` !~ /OpenSSL/;
    my $dir = tempdir('ntlm-certificates-XXXXXX', TMPDIR => 1, CLEANUP => 1);
    chmod 0755, $dir;
    Certificates::make($dir, $_, 'ec') for qw(one two);
    system("cd $dir && cat one.key one.pem two.pem >all.pem && openssl x509 -in one.pem -outform der -out one.der"
        . ' && sed "s/^MII/MIJ/" one.pem >broken.pem && : >empty.pem && head -c 2000000 /dev/zero >large.pem') == 0 or die $dir;
    right("NTLMServerCertificate $_") for "$dir/one.pem", "$dir/one.pem $dir/two.pem", qq{"$dir/one.pem"},
        "$dir/all.pem", "$dir/one.pem $dir/one.pem";
    my %bad = ('one.key' => 'there is no certificate', 'one.der' => 'there is no certificate.*in PEM',
        'empty.pem' => 'there is no certificate', 'broken.pem' => 'there is no certificate', 'large.pem' => '.*');
    wrong("NTLMServerCertificate $dir/$_", qr{NTLMServerCertificate: $dir/\Q$_\E: $bad{$_}}) for sort keys %bad;
    wrong("NTLMServerCertificate $dir/one.pem $dir/one.key", qr{/one\.key: there is no certificate});
    system("cd $dir && mkfifo pipe && openssl rsa -aes128 -traditional -passout pass:x -in one.key -out locked.key 2>/dev/null"
        . ' || openssl ec -aes128 -passout pass:x -in one.key -out locked.key 2>/dev/null') == 0 or die $dir;
    wrong("NTLMServerCertificate $dir/pipe", qr{/pipe: Invalid argument});
    wrong("NTLMServerCertificate $dir/locked.key", qr{/locked\.key: there is no certificate});
}

# ---- where they stand ----
{
    my $httpd = PrivateHttpd->new(text => <<"TEXT");
NTLMCredentials file passwords
NTLMRequireTLS off
NTLMExtendedProtection require
NTLMRequireMIC on
NTLMServiceNames require intranet
<VirtualHost 127.0.0.1:\@PORT\@>
    NTLMExtendedProtection off
    <Directory "\@DIR\@/htdocs">
        AuthType NTLM
        Require valid-user
        NTLMServiceNames off
    </Directory>
</VirtualHost>
TEXT
    $httpd->write('passwords', $FILE, 0640);
    my ($ok, $said) = $httpd->configtest;
    ok $ok, 'they may stand in the server, a virtual host and a directory' or diag $said;
}
for my $line ('NTLMRequireTLS off', 'NTLMExtendedProtection off', 'NTLMServerCertificate x', 'NTLMRequireMIC off', 'NTLMServiceNames off') {
    my $httpd = PrivateHttpd->new(text => qq{<Directory "\@DIR\@/htdocs">\nAllowOverride All\n</Directory>\n});
    $httpd->write('htdocs/.htaccess', "$line\n");
    $httpd->start;
    my ($status) = $httpd->curl(undef, undef, '/');
    is $status, 500, "$line is not allowed in .htaccess";
    like $httpd->error_log, qr/@{[$line =~ m{^(\w+)}]} not allowed here/, '... and the log says so';
    $httpd->stop;
}

# ---- what nobody can meet ----
{
    my %tls = ('NTLMRequireTLS on' => 1, 'NTLMExtendedProtection require' => 1, 'NTLMRequireTLS "On"' => 1,
        'NTLMRequireTLS off' => 0, 'NTLMExtendedProtection allow' => 0, 'NTLMRequireMIC on' => 0);
    for my $line (sort keys %tls) {
        my $httpd = PrivateHttpd->new(text => "$FIRST\n$line\n");
        $httpd->write('passwords', $FILE, 0640);
        my ($ok, $said) = $httpd->configtest;
        ok $ok, "$line without mod_ssl may be written";
        my ($directive, $word) = $line =~ /(\w+)/g;
        my $warns = $said =~ /$directive "?$word"? \(\S+:\d+\): no module speaks TLS, so nobody can log in; load mod_ssl/ ? 1 : 0;
        is $warns, $tls{$line}, $tls{$line} ? '... and its warning says that nobody can log in' : '... and nothing is said' or diag $said;
    }
}

# ---- crypto ----
{
    local $ENV{OPENSSL_MODULES} = '/nonexistent';
    refuses('an OpenSSL without its legacy provider', qr{mod_auth_ntlmv2: OpenSSL's legacy provider .*install the package.*openssl-provider-legacy.*libssl3}, $FIRST, $FILE);
}

done_testing;
