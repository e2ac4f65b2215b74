package Testbench;

# A test bench (lib/bench) of a test's own, and a raw connection to it.
#
#   my $bench = Testbench->start;             # text => more of its configuration
#   my $conn  = $bench->connection;           # an NTLM::Connection; options go there
#   $conn->login('/mic', $bench->alice);      # user, domain and nt_hash for a Type 3
#   my ($status) = Testbench::verdict($response)->{status};    # what NTLM-Bench says of an answer
#   $bench->json('/last.json')                # a page, read
#   my ($port, $tls) = @$bench{qw(port tls)};      # and h2, the port with TLS that speaks HTTP/2, too,
#                                                  # and proxy, that answers 407

use strict;
use warnings;
use Cwd qw(abs_path);
use File::Basename qw(dirname);
use File::Copy qw(copy);
use JSON::PP ();

use NTLM::Connection;
use PrivateHttpd;

my $TOP = dirname(dirname(dirname(abs_path(__FILE__))));

# A name for each thing, so that every confusion shows.
my $NAMES = <<'TEXT';
TestbenchDomain WONDERLAND wonderland.example
TestbenchComputer TEAPOT teapot.looking-glass.example
TestbenchAccount WONDERLAND\\alice Looking-Glass1
TestbenchVersion test
TEXT
# The plain places, as ntlm-testbench writes them: path, directives and, of some, their own NTLMCredentials.
sub plain {
    my $text = qr/"((?:[^"\\]|\\.)*)"/;
    open my $in, '<', "$TOP/support/testbench_conf.c" or die "testbench_conf.c: $!\n";
    my ($table) = do { local $/; <$in> } =~ /\} plain\[\] = \{(.*?)\n\};/s or die "which plain places are there?\n";
    my @rows;
    while ($table =~ /\{$text, $text, (?:NULL|$text)\}/g) {
        push @rows, [map { defined ? s/\\n/\n/gr : undef } $1, $2, $3];
    }
    return @rows;
}

sub location {
    my ($path, $more, $credentials) = @_;
    $credentials = defined $credentials ? $credentials && "NTLMCredentials $credentials" : 'NTLMCredentials file users';
    return <<"TEXT";
<Location "$path">
    AuthType NTLM
    $credentials
    NTLMDomain WONDERLAND wonderland.example
    NTLMComputer TEAPOT teapot.looking-glass.example
    $more
    Require valid-user
</Location>
TEXT
}

sub missing {
    return 'the module of the bench was not built' if !-e "$TOP/.libs/mod_ntlm_testbench.so";
    return map { "there is no mod_$_" } grep { !-e PrivateHttpd::module_folder() . "/mod_$_.so" } qw(ssl http2 proxy proxy_http proxy_connect);
}

sub start {
    my ($class, %opt) = @_;
    my $httpd = PrivateHttpd->new(mpm => 'event', ports => [qw(TLS H2 PROXY)],
        modules => [qw(ssl http2 proxy proxy_http proxy_connect)]);
    copy("$TOP/.libs/mod_ntlm_testbench.so", $httpd->dir . '/bench.so') or die "the module of the bench: $!\n";
    $httpd->accounts(users => 'WONDERLAND\alice:535866c1fd80742b7f4abd91ca6ff5bf');
    my $tls = $httpd->certificate;
    $httpd->{text} = join "\n", "LoadModule ntlm_testbench_module \@DIR\@/bench.so", <<'TEXT', $NAMES,
ServerLimit 1
StartServers 1
ThreadsPerChild 32
MaxRequestWorkers 32
LimitRequestFieldSize 65536
LogLevel warn auth_ntlmv2:debug
Listen 127.0.0.1:@TLS@
Listen 127.0.0.1:@H2@
Listen 127.0.0.1:@PROXY@
TestbenchUrl http http://127.0.0.1:@PORT@
TestbenchUrl https https://127.0.0.1:@TLS@
TestbenchUrl h2 https://127.0.0.1:@H2@
TestbenchUrl proxy http://127.0.0.1:@PROXY@
<Location "/-own">
    AuthType Testbench
    Require valid-user
</Location>
TEXT
        (map { location(@$_) } plain()), "<VirtualHost *:\@TLS\@>\n$tls</VirtualHost>",
        "<VirtualHost *:\@H2\@>\nProtocols h2 http/1.1\n$tls</VirtualHost>", <<'TEXT', $opt{text} // '';
<VirtualHost *:@PROXY@>
    ProxyRequests On
    ProxyPreserveHost On
    AllowCONNECT @PORT@ @TLS@ @H2@
</VirtualHost>
TEXT
    $httpd->start;
    my ($tls_port, $h2, $proxy) = @{$httpd->{ports}}{qw(TLS H2 PROXY)};
    return bless {httpd => $httpd, port => $httpd->{port}, tls => $tls_port, h2 => $h2, proxy => $proxy}, $class;
}

sub alice { return (user => 'alice', domain => 'WONDERLAND', nt_hash => '535866c1fd80742b7f4abd91ca6ff5bf') }

sub connection {
    my ($self, %opt) = @_;
    return NTLM::Connection->new(port => $self->{port}, vhost => 'localhost', %opt);
}

sub get { my ($self, $path, @headers) = @_; return $self->connection->request(GET => $path, \@headers) }

sub json { my ($self, $path) = @_; return JSON::PP::decode_json($self->get($path)->body) }

# {status => 'ok', conn => 1, ...}; of what had no such header nothing.
sub verdict {
    my ($response) = @_;
    my $value = $response->header('NTLM-Bench') // return {};
    return {map { my ($name, $text) = split /=/, $_, 2; $text =~ s/%(..)/chr hex $1/ge; $name => $text } split /; /, $value};
}

sub ca        { return $_[0]{httpd}->dir . '/ca.pem' }
sub error_log { return $_[0]{httpd}->error_log }

1;
