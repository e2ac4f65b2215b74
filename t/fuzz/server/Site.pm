package Site;

# The httpd that is fuzzed: every directive of the module in use, in many places.
#
#   my $site = Site->new; $site->start;
#   $site->{places}   # [{path, accounts, format, ...}, ...]: see @PLACES
#   $site->{ports}    # {plain, tls, proxy}

use strict;
use warnings;
use utf8;
use Certificates;
use Encode qw(encode_utf8);
use PrivateHttpd;
use Slapd;

use constant MODULES => qw(
    alias auth_basic autoindex cgid dav dav_fs headers include mime negotiation proxy proxy_connect proxy_http
    remoteip rewrite setenvif socache_shmcb ssl
);

# Limits that nobody reaches, so that all is counted and nobody is shut out.
use constant OFFER    => 'Negotiate NTLM';
use constant NO_LIMIT => 'NTLMThrottle 1000000/1 address=1000000/1';

# Every account has a password of its own, so that a proof names its account.
sub account {
    my ($source, $user, $password, $nt_hash, %more) = @_;
    return {source => $source, user => $user, password => $password, nt_hash => $nt_hash, %more};
}

our @ACCOUNTS = (
    account(main  => 'alice',  'Secr3t!pw',   'd9fe524deb5705ac74ea341ff18afe93'),
    account(main  => 'bob',    "B0b's own",   '27bf1123aae89dc1f94ad95bd7108d01'),
    account(main  => 'carol',  "C4rol's own", '15b7d402f4e782f11f1daa80236137e3'),
    account(main  => 'jürgen', 'Pässwörd€',   '04e9d4087e1303bea8e5239aa5ddd064'),
    account(main  => 'dora',   "D0ra's own",  '9ef289e72c464d1b05aef60491149cef', never => 1),
    account(main  => 'erin',   '',            '31d6cfe0d16ae931b73c59d7e0c089c0', never => 1),
    account(other => 'alice',  undef,         'd2882ecc7d227029e9d13726b1e33aa6'),
    account(other => 'oscar',  "0scar's own", 'b72a45c1bd8903abd0fc30eba559680f'),
    account(ldap  => 'lena',   'wonder:land', '9753cefd8d9965d06596577178b928a7'),
    account(ldap  => 'luke',   undef,         'ac36f806c60afc8f0be46d74e6919436'),
);
$_->{user} eq 'carol' and $_->{in_domain} = 'CORP' for @ACCOUNTS;

# accounts: who may come in; format: of REMOTE_USER. What is demanded: mic, service, service_if_named,
# domains, binding (front: the front end's will do), tls. never_kept: a login is for one request.
# limited: a right login may be refused, for its time or its address.
# trusted: requests with a proxy's mark keep and use logins, too. offer: NTLMOffer; clear: Basic without TLS;
# guest: a page for everybody; lent: mod_auth_basic asks for passwords.
my @PLACES = (
    {name => 'store'},
    {name => 'again'},
    {name => 'user',   format => 'user',         say => 'NTLMUserFormat user'},
    {name => 'domain', format => 'domain\\user', say => 'NTLMUserFormat domain\\user'},
    {name => 'at',     format => 'user@domain',  say => 'NTLMUserFormat user@domain'},
    {name => 'other',  accounts => ['other'],    say => 'NTLMCredentials file @DIR@/other'},
    {name => 'mic',    mic => 1,                 say => 'NTLMRequireMIC on'},
    {name => 'corp',   domains => [qw(corp corp.test oldcorp)], say => 'NTLMAcceptDomains corp.test'},
    {name => 'service', service => [qw(127.0.0.1 web.test)], say => 'NTLMServiceNames require web.test'},
    {name => 'services', service_if_named => [qw(127.0.0.1 web.test)], say => 'NTLMServiceNames allow web.test'},
    {name => 'tiny',   limited => 1,    say => 'NTLMThrottle 1/20 address=4/20'},
    {name => 'single', never_kept => 1, say => 'NTLMPersistence request'},
    {name => 'refuse', say => 'NTLMProxied refuse'},
    {name => 'trust',  trusted => 1, say => 'NTLMProxied trust'},
    {name => 'short',  limited => 1, say => "NTLMChallengeLifetime 1\nNTLMIdentityLifetime 1"},
    {name => 'bound',  binding => 1, front => 1,
        say => "NTLMExtendedProtection require\nNTLMServerCertificate \@DIR\@/front.pem"},
    {name => 'secure', tls => 1, binding => 1, say => "NTLMRequireTLS on\nNTLMExtendedProtection require"},
    {name => 'self',   say => 'NTLMComputer WEB web.test'},
    {name => 'err',    say => 'ErrorDocument 401 /err/who.shtml'},
    {name => 'dav',    say => 'Dav On'},
    {name => 'look'},
    {name => 'ntlm',      say => 'NTLMOffer NTLM'},
    {name => 'negotiate', say => 'NTLMOffer Negotiate'},
    {name => 'basic',     clear => 1, say => "NTLMOffer Basic Negotiate NTLM\nNTLMBasicWithoutTLS on"},
    {name => 'alone',     say => 'NTLMOffer Basic'},
    {name => 'tools',     accounts => ['other'], say => "NTLMOffer NTLM Basic\nNTLMCredentials file \@DIR\@/other"},
    {name => 'round',     mic => 1,
        say => "NTLMOffer NTLM Basic\nNTLMBasicWithoutTLS on"},    # NTLMRequireMIC stands elsewhere
    {name => 'lent',      lent => 1, clear => 1, offer => ['Basic'], format => 'domain\\user',
        say => "NTLMBasicWithoutTLS on\nNTLMUserFormat domain\\user"},
    {name => 'borrowed',  lent => 1, offer => ['Basic'], accounts => ['other'], say => 'NTLMCredentials file @DIR@/other'},
    {name => 'denied',    lent => 1, offer => ['Basic'], mic => 1, say => "NTLMRequireMIC on\nNTLMBasicWithoutTLS on"},
    {name => 'guest',     guest => 1, say => 'NTLMOffer NTLM Negotiate'},
    {name => 'guests',    guest => 1, clear => 1, accounts => ['other'],
        say => "NTLMOffer Basic Negotiate\nNTLMBasicWithoutTLS on\nNTLMCredentials file \@DIR\@/other"},
);
my @LDAP = (
    {name => 'ldap', accounts => ['ldap'], say => 'NTLMCredentials ldap "@LDAP@" @BIND@ cache=1'},
    {name => 'both', accounts => ['other', 'ldap'],
        say => "NTLMCredentials file \@DIR\@/other\nNTLMCredentials ldap \"\@LDAP\@\" \@BIND\@ cache=0"},
);

sub new {
    my ($class) = @_;
    my $self = bless {}, $class;
    $self->{without} = Slapd::missing();
    $self->{places}  = [map { described($_) } @PLACES, $self->{without} ? () : @LDAP];
    $self->{proxy}   = described({name => 'proxy'});
    $self->{place}   = {map { $_->{name} => $_ } @{$self->{places}}};
    $self->{slapd} = Slapd->new(entries => [
        map { Slapd::person($_->{user}, sambaNTPassword => $_->{nt_hash}) } grep { $_->{source} eq 'ldap' } @ACCOUNTS
    ])->start if !$self->{without};
    $self->{httpd} = PrivateHttpd->new(modules => [MODULES], text => '', ports => [qw(TLS FORWARD)]);
    $self->write_files;
    $self->{httpd}{text} = $self->text;
    $self->{front} = Certificates::binding($self->{httpd}->dir . '/front.pem');
    $_->{front} and $_->{front} = $self->{front} for @{$self->{places}};
    return $self;
}

# A login is good where accounts and policy are the same: its scope, in words.
sub described {
    my ($place) = @_;
    my @policy = grep { /^NTLM/ && !/^NTLM(?:Throttle|ChallengeLifetime)\b/ } split /\n/, $place->{say} // '';
    my ($offer) = ($place->{say} // '') =~ /^NTLMOffer (.*)/m;
    return {accounts => ['main'], format => 'store', path => "/$place->{name}/", scope => "@policy",
        offer => [split ' ', $offer // OFFER], %$place};
}

sub start {
    my ($self) = @_;
    $self->{httpd}->start;
    $self->{ports} = {plain => $self->{httpd}{port}, tls => $self->{httpd}{ports}{TLS}, proxy => $self->{httpd}{ports}{FORWARD}};
    return;
}

# ---- files ----

sub passwords {
    my ($source) = @_;
    my @lines = map { name_of($_, 'store') . ":$_->{nt_hash}" . ($_->{user} eq 'dora' ? ':[D]' : '') . "\n" }
        grep { $_->{source} eq $source } @ACCOUNTS;
    return join '', @lines;
}

sub write_files {
    my ($self) = @_;
    my $httpd  = $self->{httpd};
    my $folder = $httpd->dir . '/htdocs';
    $httpd->write($_, passwords($_), $> == 0 ? 0600 : 0640) for qw(main other);
    $httpd->write('bind.secret', "$Slapd::PASSWORD\n", 0600);
    $httpd->write("mime.types", "text/html html shtml\ntext/plain txt\n");
    $self->{certificate}{$_} = Certificates::make($httpd->dir, $_, 'ec') for qw(server front);
    for my $name ((map { $_->{name} } @{$self->{places}}), qw(open list alias indexed)) {
        mkdir "$folder/$name";
        $httpd->write("htdocs/$name/index.html", "a page\n");
        $httpd->write("htdocs/$name/who.shtml", "who=$name:<!--#echo var=\"REMOTE_USER\" -->;\n");
    }
    my @parts = map { "<!--#include virtual=\"/$_/who.shtml\" -->" } qw(store again other);
    $httpd->write('htdocs/open/parts.shtml', join '', @parts);
    unlink "$folder/list/index.html";
    $httpd->write("htdocs/list/$_", "one\n") for 'open.txt', map { "held-back-$_.txt" } 1 .. 20;
    mkdir "$folder/list/$_" for qw(store deep);
    $httpd->write('htdocs/store/choice.html.en', "one\n");
    $httpd->write('htdocs/store/choice.html.de', "eins\n");
    mkdir $httpd->dir . '/locks';
    chmod 01777, "$folder/dav", $httpd->dir . '/locks';    # sticky: what is there stays
    return;
}

# ---- configuration ----

# mod_auth_basic says on a 401 whom it has refused.
use constant LENT => <<'TEXT';
AuthType Basic
AuthName lent
AuthBasicProvider ntlm
Header always unset X-User "expr=%{REQUEST_STATUS} == 401"
TEXT

sub place {
    my ($self, $place) = @_;
    my $credentials = $place->{say} && $place->{say} =~ /NTLMCredentials/ ? '' : 'NTLMCredentials file @DIR@/main';
    my $limit       = $place->{limited} && $place->{say} =~ /NTLMThrottle/ ? '' : NO_LIMIT;
    my $asks        = $place->{lent} ? LENT : 'AuthType NTLM';
    return "<Location \"$place->{path}\">\n" . join("\n", $asks, $credentials, $limit,
        $place->{say} // '', $place->{guest} ? 'Require ntlm-or-guest' : 'Require valid-user', '</Location>') . "\n";
}

sub text {
    my ($self) = @_;
    my $text = <<'TEXT' . join('', map { $self->place($_) } @{$self->{places}}) . <<'TEXT';
# lets children read the environment of their start, where the sanitizers' options are
CoreDumpDirectory @DIR@
LogLevel warn auth_ntlmv2:debug core:notice mpm_@MPM@:notice
KeepAliveTimeout 300
Timeout 60
StartServers 2
NTLMThrottleStore shmcb:fuzz(100000)
NTLMDomain CORP corp.test OLDCORP
NTLMOffer @OFFER@
SetEnvIf X-Offer (.+) ntlm-offer=$1
SetEnvIf X-No-Offer . ntlm-no-offer
TypesConfig @DIR@/mime.types
AddOutputFilter INCLUDES .shtml
AddLanguage en .en
AddLanguage de .de
DavLockDB @DIR@/locks/dav
Listen 127.0.0.1:@TLS@
Listen 127.0.0.1:@FORWARD@
<Directory "@DIR@/htdocs">
    Options Indexes Includes MultiViews FollowSymLinks
</Directory>
TEXT
<Directory "@DIR@/htdocs/list">
    IndexOptions FancyIndexing
    <FilesMatch "^held-back|^store">
        AuthType NTLM
        NTLMCredentials file @DIR@/main
        NTLMThrottle 1000000/1 address=1000000/1
        Require valid-user
    </FilesMatch>
</Directory>
<Directory "@DIR@/htdocs/alias">
    RewriteEngine On
    RewriteBase /alias/
    RewriteRule "^(.*)$" "/store/$1"
</Directory>
<LocationMatch "^/r[o]und/">
    NTLMRequireMIC on
</LocationMatch>
<Location "/indexed/">
    DirectoryIndex /store/who.shtml
</Location>
@LOOK@
Header always set X-User "expr=%{REMOTE_USER}"
<VirtualHost 127.0.0.1:@TLS@>
    ServerName 127.0.0.1
    SSLEngine on
    @CERTIFICATE@
    MaxKeepAliveRequests 4
    RemoteIPHeader X-Behind
    RemoteIPInternalProxy 127.0.0.0/8
    @LOOK@
</VirtualHost>
<VirtualHost 127.0.0.1:@FORWARD@>
    ServerName 127.0.0.1
    ProxyRequests On
    ProxyVia On
    AllowCONNECT @PORT@
    Header always unset X-User
    Header always set X-Proxy-User "expr=%{REMOTE_USER}"
    <Proxy "*">
        AuthType NTLM
        NTLMCredentials file @DIR@/main
        NTLMThrottle 1000000/1 address=1000000/1
        Require valid-user
    </Proxy>
</VirtualHost>
TEXT
    my $look = <<'TEXT';
RewriteEngine On
RewriteCond %{LA-U:REMOTE_USER} (.+)
RewriteRule ^/look/ - [E=LOOKED:%1,NS]
Header always set X-Look "%{LOOKED}e" env=LOOKED
TEXT
    my %word = (
        OFFER   => OFFER,
        MPM     => $self->{httpd}{mpm},
        LOOK    => $look,
        LDAP    => $self->{slapd} ? $self->{slapd}->search_url('ldap') : '',
        BIND    => "binddn=$Slapd::SERVICE bindpw=file:\@DIR\@/bind.secret timeout=30",
        CERTIFICATE => $self->{certificate}{server},
    );
    $text =~ s/\@(MPM|OFFER|LOOK|LDAP|BIND|CERTIFICATE)\@/$word{$1}/g;
    return $text;
}

# ---- who is who ----

# REMOTE_USER of an account in a place.
sub name_of {
    my ($account, $format) = @_;
    my $user = $account->{user};
    return encode_utf8("CORP\\$user") if $format eq 'domain\\user';
    return encode_utf8("$user\@CORP") if $format eq 'user@domain';
    return encode_utf8($account->{in_domain} && $format eq 'store' ? "$account->{in_domain}\\$user" : $user);
}

# Options of a Type 3 that meets every demand.
sub right {
    my ($account, $binding) = @_;
    my ($user, $hash) = @$account{qw(user nt_hash)};
    return (user => $user, domain => 'CORP', nt_hash => $hash, spn => 'HTTP/web.test', binding => $binding);
}

sub accounts_of {
    my ($place) = @_;
    my %source = map { $_ => 1 } @{$place->{accounts}};
    return grep { $source{$_->{source}} } @ACCOUNTS;
}

# The accounts that may be called so there.
sub called {
    my ($name, $place) = @_;
    return grep { !$_->{never} && name_of($_, $place->{format}) eq $name } accounts_of($place);
}

1;
