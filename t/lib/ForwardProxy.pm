package ForwardProxy;

# The forward proxy of conf/forward-proxy.conf, and a server behind it. That tells which
# credentials arrived (X-Arrived) and has a script, /echo.
#
#   my ($proxy, $origin) = ForwardProxy::start();
#   $proxy->error_log ...    # both are a PrivateHttpd
#   ForwardProxy::curl($proxy, "alice:$password", $origin->url('/'), '-p');    # (status, body)
#
# Options: text, more of the proxy's virtual host; modules, more of those; connect, further ports for tunnels;
# protocols, makes it a proxy that is spoken to over TLS, with these.

use strict;
use warnings;
use Cwd qw(abs_path);
use File::Basename qw(dirname);
use PrivateHttpd;

my $T = dirname(dirname(abs_path(__FILE__)));
our $ACCOUNTS = "alice:d9fe524deb5705ac74ea341ff18afe93\nbob:27bf1123aae89dc1f94ad95bd7108d01\n";

# A place of the server, or of the proxy itself, that asks for a login.
our $SECRET = <<'TEXT';
<Location "/secret">
    AuthType NTLM
    NTLMCredentials file passwords
    NTLMDomain CORP corp.example.com
    Require valid-user
</Location>
TEXT

# What is not installed.
sub missing {
    my $folder  = PrivateHttpd::module_folder();
    my @modules = grep { !-e "$folder/mod_$_.so" } qw(proxy proxy_http proxy_connect headers alias cgid);
    return 'there is no curl (package curl)' if !grep { -x "$_/curl" } split /:/, $ENV{PATH};
    return map { "there is no mod_$_" } @modules;
}

sub origin {
    my (%opt) = @_;
    my $origin = PrivateHttpd->new(modules => [qw(headers alias cgid)], text => <<'TEXT' . ($opt{text} // ''));
Header always set X-Arrived "expr=[%{HTTP:Proxy-Authorization}][%{HTTP:Authorization}]"
Header always set X-Arrived-Via "expr=%{HTTP:Via}"
ScriptAlias /echo @DIR@/echo
TEXT
    $origin->write('passwords', $ACCOUNTS, $> == 0 ? 0600 : 0640);
    open my $echo, '<', "$T/cgi-bin/echo" or die "$T/cgi-bin/echo: $!\n";
    $origin->write('echo', do { local $/; <$echo> }, 0755);
    $origin->start;
    return $origin;
}

sub proxy {
    my ($origin, %opt) = @_;
    my $example = PrivateHttpd::example(
        'forward-proxy.conf',
        'Listen 3128'              => '# PrivateHttpd listens',
        '*:3128'                   => '*:@PORT@',
        'AllowCONNECT 443'         => join(' ', 'AllowCONNECT', $origin->{port}, @{$opt{connect} || []}),
        '/etc/apache2/ntlm.passwd' => '@DIR@/passwords',
        '10.0.0.0/8'               => '127.0.0.0/8',
    );
    my $proxy = PrivateHttpd->new(
        scheme  => $opt{protocols} ? 'https' : 'http',
        modules => [qw(alias authz_host headers proxy proxy_http proxy_connect ssl http2), @{$opt{modules} || []}],
    );
    my $more = ($opt{text} // '') . ($opt{protocols} ? $proxy->certificate . "Protocols $opt{protocols}\n" : '');
    $example =~ s{(?=</VirtualHost>)}{$more};
    $proxy->{text} = <<'TEXT' . $example;
LogLevel warn auth_ntlmv2:debug
LogFormat "%H %m %U %>s %u %{NTLM_STATUS}e" logins
CustomLog @DIR@/access.log logins
TEXT
    $proxy->write('passwords', $ACCOUNTS, $> == 0 ? 0600 : 0640);
    $proxy->start;
    return $proxy;
}

sub start {
    my (%opt) = @_;
    my $origin = origin();
    return (proxy($origin, %opt), $origin);
}

# What curl says that goes through a proxy, as an account of it.
sub curl {
    my ($proxy, $account, $url, @more) = @_;
    my @login = defined $account ? ('--proxy-ntlm', '--proxy-user', $account) : ();
    open my $out, '-|', 'curl', '-s', '--max-time', 20, '--noproxy', '', '-w', '\n%{http_connect} %{http_code}',
        '--proxy', ref $proxy ? $proxy->url('') : $proxy, @login, @more, $url
        or die "curl: $!\n";
    my $said = do { local $/; <$out> };
    close $out;
    my ($body, $connect, $status) = $said =~ /\A(.*)\n(\d+) (\d+)\z/s;
    return ($status eq '000' ? $connect : $status, $body);
}

1;
