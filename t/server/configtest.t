#!/usr/bin/perl
# What `httpd -t` says about a configuration that cannot work: which line, what is
# wrong, and what to write instead.
use strict;
use warnings;
use FindBin qw($Bin);
use lib "$Bin/../lib";
use Configtest qw(accepts httpd_with refuses);
use PrivateHttpd;
use Recipe;
use Test::More;
use TestCA;

my $HASH = 'd9fe524deb5705ac74ea341ff18afe93';
my $FILE = 'NTLMCredentials file @DIR@/passwords';

# ---- the password file ----
accepts 'a good file', $FILE, "# people\n\nalice:$HASH\nCORP\\bob:\U$HASH\ndora:$HASH:[D]\n";
accepts 'a path relative to ServerRoot', 'NTLMCredentials file passwords', "alice:$HASH\n";
accepts 'an empty file', $FILE, '';
refuses 'a missing file', qr{cannot open \S+/passwords: No such file.*ntlmpasswd -c}, $FILE;
refuses 'a world-readable file', qr{/passwords can be read by everybody.*chmod 640}, $FILE, "alice:$HASH\n", 0644;
accepts 'a world-readable file that is allowed', "$FILE worldreadable=on", "alice:$HASH\n", 0644;
refuses 'a world-writable file', qr{can be written by everybody.*chmod 640},
    "$FILE worldreadable=on", "alice:$HASH\n", 0666;
refuses 'a folder', qr{is not a regular file}, 'NTLMCredentials file @DIR@/htdocs';
refuses 'a line without a colon', qr{/passwords:2: there is no colon; write user:NTHASH},
    $FILE, "alice:$HASH\nbob\n";
refuses 'a name with what is not seen', qr{/passwords:2: a name holds a character that is not seen},
    $FILE, "bob:$HASH\n\xEF\xBB\xBFalice:$HASH\n";
refuses 'a short hash', qr{/passwords:3: the NT hash is not 32 hex digits}, $FILE, "# 1\n\nalice:d9fe\n";
refuses 'an htpasswd entry', qr{/passwords:1: that is an htpasswd entry}, $FILE, 'alice:$apr1$x$y' . "\n";
refuses 'two entries that are one name', qr{/passwords:3: 'ALICE' is the same name as in line 1},
    $FILE, "alice:$HASH\nbob:$HASH\nALICE:$HASH\n";
refuses 'two entries that differ in the case of a letter outside ASCII', qr{:2: '.*' is the same name as in line 1},
    $FILE, "j\xC3\xBCrgen:$HASH\nJ\xC3\x9CRGEN:$HASH\n";
# as root that reads everything, so root tries it as nobody
refuses 'an unreadable file', qr{cannot open \S+/passwords: Permission denied; let httpd's user read it},
    $FILE, "alice:$HASH\n", 0000, user => 'nobody';

# ---- NTLMCredentials ----
refuses 'an unknown backend', qr{unknown backend 'sql'; known: file, ldap\. Write for example}, 'NTLMCredentials sql x';
refuses 'no source', qr{takes a backend and its source; write for example}, 'NTLMCredentials file';
refuses 'an unknown option', qr{file knows no option 'color'}, "$FILE color=red", "alice:$HASH\n";
refuses 'a word that is no option', qr{option 1 is not written as key=value; write another source in a line of its own}, "$FILE red", "alice:$HASH\n";
refuses 'an option twice', qr{'worldreadable' is given twice},
    "$FILE worldreadable=on worldreadable=off", "alice:$HASH\n";
refuses 'a wrong value', qr{worldreadable takes on or off}, "$FILE worldreadable=maybe", "alice:$HASH\n";
refuses 'a source twice', qr{is named twice}, "$FILE\n$FILE", "alice:$HASH\n";
refuses 'AuthType NTLM without any NTLMCredentials', qr{AuthType NTLM \(.*\): no NTLMCredentials}, '';

# ---- names ----
my %BAD_DOMAIN = (
    'corp.example.com'  => qr{'corp\.example\.com' is not a NetBIOS name.*write the short name},
    'CORP\sub'          => qr{is not a NetBIOS name},
    '"A B"'             => qr{is not a NetBIOS name},
    'ABCDEFGHIJKLMNOP'  => qr{longer than the 15 bytes.*write the short name},
    'CORP corp..com'    => qr{'corp\.\.com' is not a DNS name; write for example corp\.example\.com},
    'CORP "corp com"'   => qr{is not a DNS name},
    ''                  => qr{NTLMDomain takes the domain's NetBIOS name.*write for example: NTLMDomain CORP corp\.example\.com},
    'CORP corp.com .'   => qr{'\.' is no name of a domain; write behind the DNS name what else the domain is called, for example OLDCORP},
    'CORP corp.com a@b' => qr{'a\@b' is no name of a domain},
    'CORP corp.com *'   => qr{'\*' is no name of a domain},
    'CORP corp.com X x' => qr{'x' is named twice},
    'CORP corp.com Corp.Com' => qr{'Corp\.Com' is named twice},
    'CORP corp.com a b c d e f g' => qr{a domain has 8 names at the most; leave out others},
);
refuses "NTLMDomain $_", $BAD_DOMAIN{$_}, "$FILE\nNTLMDomain $_", "alice:$HASH\n" for sort keys %BAD_DOMAIN;
accepts "NTLMDomain $_", "$FILE\nNTLMDomain $_", "alice:$HASH\n" for 'CORP', 'CORP corp.example.com', 'A-1_x',
    'CORP corp', 'CORP corp.example.com OLDCORP example.org a-long-name-of-a-domain d e f';
refuses 'NTLMComputer with a dot', qr{NTLMComputer: 'web\.x' is not a NetBIOS name},
    "$FILE\nNTLMComputer web.x", "alice:$HASH\n";
my $ALIAS = qr{NTLMDomain: 'web' is a name of this computer \(NTLMComputer\), and who names that is of no domain; leave it out};
refuses 'an alias of the domain that is the computer', $ALIAS, "$FILE\nNTLMComputer WEB\nNTLMDomain CORP corp.test web", "alice:$HASH\n";
refuses '... outside', $ALIAS, "$FILE\nNTLMDomain CORP corp.test web", "alice:$HASH\n", 0640, before => 'NTLMComputer WEB';
like accepts('... which may meet', "$FILE\nNTLMDomain CORP corp.test web\n</Location>\n<Location \"/x\">\nNTLMComputer WEB", "alice:$HASH\n"),
    qr{warn.*$ALIAS \(where NTLMComputer,.* meets}, '... is told';
unlike accepts('... of another host', "$FILE\n</Location>\n"
    . "<VirtualHost 127.0.0.2:80>\nServerName a.test\nNTLMDomain CORP corp.test web\n</VirtualHost>\n"
    . "<VirtualHost 127.0.0.3:80>\nServerName b.test\nNTLMComputer WEB\n</VirtualHost>\n<Location \"/x\">", "alice:$HASH\n"),
    $ALIAS, '... is not';
accepts 'NTLMComputer', "$FILE\nNTLMComputer WEB web.corp.example.com", "alice:$HASH\n";

my %BAD_ACCEPTED = (
    ''          => qr{name at least one domain, or \*},
    '* CORP'    => qr{'\*' means any domain},
    'CORP corp' => qr{'corp' is named twice},
    'CORP\x'    => qr{is not a domain name},
    'a@b'       => qr{is not a domain name},
);
refuses "NTLMAcceptDomains $_", $BAD_ACCEPTED{$_}, "$FILE\nNTLMAcceptDomains $_", "alice:$HASH\n"
    for sort keys %BAD_ACCEPTED;
accepts "NTLMAcceptDomains $_", "$FILE\nNTLMAcceptDomains $_", "alice:$HASH\n" for '*', 'CORP corp.example.com';

refuses "NTLMChallengeLifetime $_", qr{is not a number of seconds from 1 to 3600},
    "$FILE\nNTLMChallengeLifetime $_", "alice:$HASH\n" for 0, -1, '1m', 'x', 3601, '99999999999999999999';
accepts "NTLMChallengeLifetime $_", "$FILE\nNTLMChallengeLifetime $_", "alice:$HASH\n" for 1, 3600;

refuses "NTLMIdentityLifetime $_", qr{is not a number of seconds from 1 to 31536000, or off},
    "$FILE\nNTLMIdentityLifetime $_", "alice:$HASH\n" for 0, '1h', 'never', 31536001;
accepts "NTLMIdentityLifetime $_", "$FILE\nNTLMIdentityLifetime $_", "alice:$HASH\n" for 1, 'off', 31536000;

# ---- Require ntlm-or-guest ----
sub requires { my ($words) = @_; return "$FILE\n</Location>\n<Location \"/hello\">\nRequire ntlm-or-guest$words" }
refuses 'Require ntlm-or-guest with a word', qr{Require ntlm-or-guest takes no words: leave them out}, requires(' alice'), "alice:$HASH\n";
accepts 'Require ntlm-or-guest', requires(''), "alice:$HASH\n";

# ---- NTLMUserFormat ----
my $TWO = "CORP\\alice:$HASH\nHOME\\Alice:$HASH\n";
my $ONE = "CORP\\alice:$HASH\nalice:$HASH\nbob:$HASH\n";
refuses 'an unknown NTLMUserFormat', qr{'nt' is none of store, user, domain\\+user and user\@domain},
    "$FILE\nNTLMUserFormat nt", "alice:$HASH\n";
accepts "NTLMUserFormat $_", "$FILE\nNTLMUserFormat $_", $TWO for qw(store domain\\user user@domain);
refuses 'two accounts that become one name', qr{accounts '\S+' and '\S+' would both be '[Aa]lice'; write NTLMUserFormat store},
    "$FILE\nNTLMUserFormat user", $TWO;
refuses 'two accounts that become one name with the domain', qr{would both be 'CORP\\+alice'},
    "$FILE\nNTLMDomain CORP\nNTLMUserFormat domain\\user", $ONE;
accepts 'another domain for those without', "$FILE\nNTLMDomain HOME\nNTLMUserFormat domain\\user", $ONE;
my $BY_TWO_NAMES = "CORP\\alice:$HASH\ncorp.example.com\\alice:$HASH\n";
accepts "... by two names, NTLMUserFormat $_", "$FILE\nNTLMDomain CORP corp.example.com\nNTLMUserFormat $_", $BY_TWO_NAMES for 'domain\\user', 'user@domain';
refuses '... that become one name', qr{would both be 'alice'}, "$FILE\nNTLMDomain CORP corp.example.com\nNTLMUserFormat user", $BY_TWO_NAMES;
{
    my $second = PrivateHttpd->new->write('second', "Web.Test\\alice:$HASH\n", 0600);
    my $both   = "$FILE\nNTLMCredentials file $second\nNTLMUserFormat user";
    accepts 'one person of two files', "$both\nNTLMComputer WEB web.test", "WEB\\alice:$HASH\n";
    refuses '... who is two where the computer is called otherwise', qr{would both be 'alice'},
        "$both\nNTLMComputer OTHER", "WEB\\alice:$HASH\n";
}
{
    my $httpd = httpd_with('NTLMUserFormat user', $TWO, 0640, before => "NTLMCredentials file passwords");
    my ($ok, $said) = $httpd->configtest;
    ok !$ok, 'accounts that are inherited are checked as well';
    like $said, qr{would both be}, '... and told';
}

# ---- KeepAlive ----
sub warning_of { my ($ok, $said) = @_; ok $ok, 'it is no error'; return $said }

like warning_of(httpd_with($FILE, "alice:$HASH\n", 0640, before => 'KeepAlive Off')->configtest),
    qr{KeepAlive is Off.*write KeepAlive On}, 'KeepAlive Off is a warning';
like warning_of(httpd_with($FILE, "alice:$HASH\n", 0640, before => 'KeepAliveTimeout 0')->configtest),
    qr{KeepAliveTimeout is 0.*write KeepAliveTimeout 60}, 'KeepAliveTimeout 0 is one';
for my $most (1, 2) {
    like warning_of(httpd_with($FILE, "alice:$HASH\n", 0640, before => "MaxKeepAliveRequests $most")->configtest),
        qr{MaxKeepAliveRequests is below 3.*write MaxKeepAliveRequests 500}, "MaxKeepAliveRequests $most is one";
}
for my $good ('KeepAlive On', 'KeepAliveTimeout 1', 'MaxKeepAliveRequests 0', 'MaxKeepAliveRequests 3') {
    unlike warning_of(httpd_with($FILE, "alice:$HASH\n", 0640, before => $good)->configtest),
        qr{KeepAlive}, "$good is not";
}
for my $line ('NTLMProxied maybe', 'NTLMPersistence for-ever') {
    my ($ok, $said) = httpd_with($FILE, "alice:$HASH\n", 0640, before => $line)->configtest;
    ok !$ok, "$line is an error";
    like $said, qr{NTLM\w+: '[\w-]+' is none of \w+(?:, \w+)? and \w+}, '... that says what to write instead';
}
{
    my $vhosts = <<'TEXT';
<VirtualHost 127.0.0.1:@PORT@>
    ServerName with.test
    <Location />
        AuthType NTLM
        NTLMCredentials file @DIR@/passwords
        Require valid-user
    </Location>
</VirtualHost>
<VirtualHost 127.0.0.1:@PORT@>
    ServerName without.test
    KeepAlive Off
</VirtualHost>
TEXT
    my $httpd = PrivateHttpd->new(text => $vhosts);
    $httpd->write('passwords', "alice:$HASH\n", 0640);
    unlike warning_of($httpd->configtest), qr{KeepAlive is Off}, 'KeepAlive Off in a host without NTLM is not';
    $httpd->{text} =~ s/with\.test/with.test\n    KeepAlive Off/;
    like warning_of($httpd->configtest), qr{server with\.test: KeepAlive is Off}, '... in a host with NTLM it is';
}

{
    my $httpd = httpd_with($FILE, "alice:$HASH\n", 0640, before => "KeepAlive Off\n<VirtualHost 127.0.0.1:\@PORT\@>\nServerName a.test\n</VirtualHost>");
    is scalar(() = warning_of($httpd->configtest) =~ /KeepAlive is Off/g), 1, 'what holds for all hosts is said once';
}

# ---- the examples: those of conf/, and of the pages those that make a place with a login ----
sub content { my ($path) = @_; open my $in, '<', $path or die "$path: $!\n"; local $/; return scalar <$in> }
my $TOP      = "$Bin/../..";
# What needs a domain is tried on a member of one (t/ad/example.t).
my %examples = map { $_ => content($_) } grep { !/winbind/ } glob "$TOP/conf/*.conf";
for my $page ("$TOP/README.md", glob "$TOP/docs/*.md") {
    my @blocks = content($page) =~ /(?:\A|\n)\n((?:    .*\n|\n)+)/g;
    s/^    //mg for @blocks;
    @blocks = grep { /^<.*^ *AuthType NTLM/ms } @blocks;
    $examples{"$page, $_"} = "# Debian: a2enmod ssl socache_shmcb\n$blocks[$_]" for 0 .. $#blocks;
}
my ($sample) = content("$TOP/conf/change-password.cgi") =~ /^(#     ScriptAlias (?:.*\n)+?#     <\/Location>\n)/m;
$examples{'conf/change-password.cgi'} = "# Debian: a2enmod alias ssl\n" . $sample =~ s/^# +//mgr;
is scalar(grep { /\.md|\.cgi/ } keys %examples), 4, 'pages and samples show four';

for my $example (sort keys %examples) {
    my $text = $examples{$example};
    $text =~ s/^LoadModule.*//mg;
    $text =~ s{/etc/apache2/ldap-ca.pem}{TestCA->instance->certificate('ca')}ge;
    $text =~ s{/etc/apache2}{\@DIR\@}g;
    $text =~ s/\$\{APACHE_LOG_DIR\}/\@DIR\@/g;
    $text =~ s{/etc/ssl/certs/\S+\.pem}{\@DIR\@/server.pem}g;
    for my $active ($text, $text =~ s/^(\s*)#(NTLM\w+ )/$1$2/mgr) {
        my $httpd = PrivateHttpd->new(modules => [Recipe::modules($text, $ENV{MPM} || 'event')], text => $active);
        $httpd->write('ntlm.passwd', "alice:$HASH\n", 0640);
        $httpd->certificate if $active =~ /server\.pem/;
        $httpd->write($_, "secret\n", 0600) for 'ntlm-ldap.secret', 'session.passphrase';
        my ($ok, $said) = $httpd->configtest;
        ok $ok, "$example is valid" . ($active eq $text ? '' : ', its defaults too') or diag $said;
        unlike $said, qr{auth_ntlmv2:warn}, '... and has nothing to warn of';
    }
}

done_testing;
