package CountedSite;

# The httpds of t/bench/instructions. Each has places: virtual hosts at ports of their own, with
# one section each, so that a place costs the same whatever other places there are.
#
#   my $why  = CountedSite::missing('gss');             # nothing if that one can be started
#   my $site = CountedSite->start('alone');             # under valgrind, with all its places
#   my $open = $site->opener('BASIC');                  # a sub that opens a connection to it
#   $site->{httpd}                                      # a Counted
#   my $httpd = CountedSite::timed($size);              # a PrivateHttpd, for times; unstarted($size)

use strict;
use warnings;
use Counted;
use CountedClient;
use LdapHttpd;
use NTLM::TLS;
use Slapd;

use constant ENTRIES => 10_000;

my $VARIABLES = join ' ', map { "%{NTLM_$_}e" }
    qw(STATUS SUBSTATUS WIN32_STATUS USER DOMAIN WORKSTATION SOURCE MIC BINDING SERVICE SCHEME);
my $LOGGED = qq{CustomLog \@DIR\@/access.log "$VARIABLES"\n};
my $CGI    = "SetHandler counted-cgi\n";

# What a request of a login has, set by httpd itself.
my $SET = join '', map { "SetEnv NTLM_$_\n" } 'USER alice', 'DOMAIN CORP', 'WORKSTATION WS1', 'STATUS ok', 'SUBSTATUS 0',
    'WIN32_STATUS 0', 'SOURCE file', 'MIC ok', 'BINDING absent', 'SERVICE absent';

my %AUTH = (
    basic   => "AuthType Basic\nAuthName \"a floor\"\nAuthBasicProvider file\nAuthUserFile \@DIR\@/basic\n",
    digest  => "AuthType Digest\nAuthName \"a floor\"\nAuthDigestProvider file\nAuthUserFile \@DIR\@/digest\n",
    gss     => "AuthType GSSAPI\nAuthName \"a peer\"\nGssapiAllowedMech ntlmssp\nGssapiConnectionBound On\n",
    nothing => "AuthType Nothing\n",
    private => "AuthType Nothing-Private\n",
    ntlm    => "AuthType NTLM\nNTLMCredentials file passwords\n",
    spnego  => "AuthType NTLM\nNTLMCredentials file passwords\nNTLMOffer Negotiate NTLM\n",
    offered => "AuthType NTLM\nNTLMCredentials file passwords\nNTLMOffer NTLM Basic\nNTLMBasicWithoutTLS on\n",
    lent    => "AuthType Basic\nAuthName lent\nAuthBasicProvider ntlm\nNTLMCredentials file passwords\nNTLMBasicWithoutTLS on\n",
    guarded => "AuthType NTLM\nNTLMCredentials file passwords\nNTLMThrottle 1000000/3600\n",
    listed  => "Options +Indexes\nDirectoryIndex disabled\n",
);

# auth: what asks for the login, of %AUTH; section: more lines of the section; host: of the
# virtual host; path: where, if it is not the page
my %OPEN  = (OPEN => {}, OPENLOGGED => {host => $LOGGED}, OPENCGI => {section => $CGI});
my %TLS   = (host => "SSLEngine on\nSSLCertificateFile \@DIR\@/server.pem\nSSLCertificateKeyFile \@DIR\@/server.key\n");
my %FILES = (
    path    => '/many',
    section => $AUTH{listed},
    host    => "<FilesMatch \"[.]txt\$\">\nRequire valid-user\n</FilesMatch>\n",
);
my %SITES = (
    alone => {
        without_ours => 1,
        nothing      => 1,
        modules      => [qw(auth_basic auth_digest authn_file env)],
        places => {%OPEN, BASIC => {auth => 'basic'}, DIGEST => {auth => 'digest'},
            NOTHING => {auth => 'nothing'}, PRIVATE => {auth => 'private'},
            PRIVATELOGGED => {auth => 'private', section => $SET, host => $LOGGED},
            PRIVATECGI => {auth => 'private', section => $SET . $CGI}},
    },
    gss  => {without_ours => 1, needs => ['auth_gssapi'], modules => ['auth_gssapi'], places => {GSS => {auth => 'gss'}}},
    ours => {
        modules => [qw(socache_shmcb auth_basic)],
        places  => {OPEN => {}, NTLM => {auth => 'ntlm'}, GUARDED => {auth => 'guarded'},
            SPNEGO => {auth => 'spnego'}, OFFERED => {auth => 'offered'}, LENT => {auth => 'lent'},
            NTLMLOGGED => {auth => 'ntlm', host => $LOGGED}, NTLMCGI => {auth => 'ntlm', section => $CGI}},
    },
    headers => {
        modules => ['headers'],
        text    => "<Location \"/elsewhere\">\nHeader set Cache-Control public\n</Location>\n",
        places  => {OPEN => {}, NTLM => {auth => 'ntlm'}},
    },
    ldap => {places => {}},
    tls  => {
        tls     => 1,
        needs   => ['ssl'],
        modules => [qw(ssl socache_shmcb auth_basic authn_file)],
        places  => {BASIC => {auth => 'basic', %TLS}, NTLM => {auth => 'ntlm', %TLS}},
    },
    listing => {
        modules => [qw(auth_basic authn_file autoindex)],
        places  => {BASIC => {auth => 'basic', %FILES}, NTLM => {auth => 'ntlm', %FILES}},
    },
);

# ---- what there is ----
my %missing = (
    ldap  => \&LdapHttpd::missing,
    gss   => sub {
        my ($library) = grep { -e } glob '/usr/lib*/gssntlmssp/gssntlmssp.so /usr/lib/*/gssntlmssp/gssntlmssp.so';
        return $library ? () : 'gss-ntlmssp is not installed';
    },
    alone => sub { return -e Counted::module('nothing') ? () : 'build/bench/nothing.so is not built' },
);

sub missing {
    my ($name) = @_;
    my @gone = grep { !-e PrivateHttpd::module_folder() . "/mod_$_.so" } @{$SITES{$name}{needs} // []};
    return "mod_$gone[0] is not installed" if @gone;
    return $missing{$name} ? $missing{$name}->() : ();
}

# ---- configuration ----
sub place {
    my ($port, $place) = @_;
    my ($path, $section, $host) = map { $_ // '' } @$place{qw(path section host)};
    my $require = $place->{auth} ? "$AUTH{$place->{auth}}Require valid-user\n" : '';
    $require = $place->{credentials} . "Require valid-user\n" if $place->{credentials};
    $path ||= $require || $section ? $CountedClient::PAGE : '/elsewhere';
    return <<"TEXT";
Listen 127.0.0.1:\@$port\@
<VirtualHost 127.0.0.1:\@$port\@>
$host<Location "$path">
$require$section</Location>
</VirtualHost>
TEXT
}

# A directory that answers each time, and one whose answers are remembered.
sub directory {
    my ($self) = @_;
    my $alice = Slapd::person('alice', sambaNTPassword => uc $CountedClient::ACCOUNT{nt_hash});
    $self->{slapd} = Slapd->new(entries => [$alice])->start;
    my $url = $self->{slapd}->search_url('ldap');
    my %option = (SEARCHED => 'cache=0', REMEMBERED => 'cache=3600');
    return map {
        $_ => {credentials => "AuthType NTLM\nNTLMCredentials " . LdapHttpd::ldap($url, $option{$_}) . "\n"}
    } keys %option;
}

sub start {
    my ($class, $name) = @_;
    my $site   = $SITES{$name} or die "there is no site $name\n";
    my $self   = bless {%$site}, $class;
    my %places = $name eq 'ldap' ? $self->directory : %{$site->{places}};
    my $text   = join '', $site->{text} // '', map { place($_, $places{$_}) } sort keys %places;
    my $more   = $site->{nothing} ? "LoadModule nothing_module \@DIR\@/nothing.so\n" : '';
    $self->{httpd} = Counted->start(
        text    => $more . $text,
        ports   => [sort keys %places],
        modules => $site->{modules} // [],
        files   => {%CountedClient::FILES, 'bind.secret' => "$Slapd::PASSWORD\n"},
        env     => {NTLM_USER_FILE => '@DIR@/gss'},
        without_ours => $site->{without_ours},
        prepare      => sub { prepare($site, @_) },
    );
    $self->learn_challenge if $site->{nothing};
    return $self;
}

# The places of several of them in one httpd, without valgrind, for times.
sub unstarted {
    my ($size) = @_;
    my @sites = grep { !missing($_) } qw(alone gss ours);
    my %there = map { %{$SITES{$_}{places}} } @sites;
    my %places = map { $there{$_} ? ($_ => $there{$_}) : () } qw(OPEN BASIC GSS NTLM);
    my @names  = sort keys %places;
    my $httpd  = PrivateHttpd->new(
        modules => [map { @{$SITES{$_}{modules}} } @sites],
        ports   => \@names,
        text    => "${size}KeepAliveTimeout 600\nMaxKeepAliveRequests 0\nListenBacklog 4096\n"
            . join('', map { place($_, $places{$_}) } @names),
    );
    prepare({}, $httpd);
    for my $name (keys %CountedClient::FILES) {
        my $path = $httpd->write($name, $CountedClient::FILES{$name}, 0640);
        chown 0, scalar getgrnam('www-data'), $path if $> == 0;
    }
    return $httpd;
}

sub timed {
    my ($size) = @_;
    my $httpd = unstarted($size);
    local $ENV{NTLM_USER_FILE} = $httpd->dir . '/gss';
    $httpd->start;
    return $httpd;
}

# Who logs in there: user, password, NT hash, verdict.
sub alice { return ['alice', 'secret', $CountedClient::ACCOUNT{nt_hash}, 200] }

sub prepare {
    my ($site, $httpd) = @_;
    $httpd->write('htdocs' . $CountedClient::PAGE, "a page\n");
    $httpd->certificate if $site->{tls};
    return if !grep { $_->{path} } values %{$site->{places} // {}};
    mkdir $httpd->dir . '/htdocs/many';
    $httpd->write("htdocs/many/$_.txt", '') for 1 .. ENTRIES;
    return;
}

# What ours answers to a Type 1, for who does nothing with what comes of it.
sub learn_challenge {
    my ($self) = @_;
    my $ours = PrivateHttpd->new(text => "\@PROTECTED\@\n");
    $ours->accounts(passwords => 'alice:' . $CountedClient::ACCOUNT{nt_hash});
    $ours->start;
    my $c = NTLM::Connection->new(port => $ours->{port}, vhost => '127.0.0.1');
    my ($text) = grep { /^NTLM ./ } $c->type1('/')->header('WWW-Authenticate');
    $text =~ s/([^A-Za-z0-9])/sprintf '%%%02X', ord $1/ge;
    $self->{httpd}->connect->get("/nothing-challenge?$text");
    return;
}

sub opener {
    my ($self, $place) = @_;
    my $httpd = $self->{httpd};
    my $port  = $httpd->{ports}{$place} // die "there is no place $place\n";
    return sub { NTLM::TLS->new(port => $port, vhost => '127.0.0.1', timeout => 60) } if $self->{tls};
    return sub { $httpd->connect(port => $port) };
}

1;
