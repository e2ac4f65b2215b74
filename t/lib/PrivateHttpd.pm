package PrivateHttpd;

# A private httpd in a temporary folder, for tests that need a configuration, a
# start or a user of their own.
#
#   my $httpd = PrivateHttpd->new(text => $configuration);   # names between @ are filled in:
#       @DIR@, @PORT@, and @PROTECTED@ for all pages behind a login of the accounts in `passwords`
#       ports => ['TLS'] for more of them: @TLS@, and $httpd->{ports}{TLS}
#       children => ['nobody', 'nogroup'] for their User and Group, not www-data
#   my ($ok, $said) = $httpd->configtest;
#   $httpd->start; ... $httpd->url('/x'); ... $httpd->stop;  # stopped by itself at the end, too
#       # at ports that are known when it has started for the first time, and stay
#
# Over TLS: scheme => 'https', and what $httpd->certificate gives in the configuration.
#
# MPM (environment) says which MPM, if the test does not, MODULE which module, if not the one
# that was built last. What conf/ shows is tested as it
# stands there, with other folders:
#   text => PrivateHttpd::example('webdav.conf', '/srv/dav' => '@DIR@/dav')

use strict;
use warnings;
use Cwd qw(abs_path);
use File::Basename qw(dirname);
use File::Copy qw(copy);
use File::Temp qw(tempdir);
use IO::Socket::INET;
use NTLM::Scheme ();
use Port;
use Time::HiRes qw(sleep time);

my $TOP    = dirname(dirname(dirname(abs_path(__FILE__))));
my $MODULE = $ENV{MODULE} || "$TOP/.libs/mod_auth_ntlmv2.so";
my %running;    # pids of servers that were started

my $test = $$;  # what it forks leaves them alone
my $PROTECTED = <<'TEXT';
<Location "/">
    AuthType NTLM
    NTLMCredentials file passwords
    Require valid-user
</Location>
TEXT
my @ALWAYS = qw(unixd authn_core authz_core authz_host authz_user dir log_config);

sub new {
    my ($class, %opt) = @_;
    my $more = delete $opt{ports} // [];
    my $self = bless {mpm => $ENV{MPM} || 'event', modules => [], text => '', more_ports => $more, %opt}, $class;
    $self->{dir}  = tempdir('ntlm-httpd-XXXXXX', TMPDIR => 1, CLEANUP => 1);
    $self->take_ports;
    chmod 0755, $self->{dir};
    mkdir "$self->{dir}/htdocs";
    copy($MODULE, "$self->{dir}/module.so") or die "$MODULE: $!\n";    # others may not see ours
    $self->write('htdocs/index.html', "the protected page\n");
    return $self;
}

sub take_ports {
    my ($self) = @_;
    $self->{port}  = Port::take();
    $self->{ports} = {map { $_ => Port::take() } @{$self->{more_ports}}};
    return;
}

# The text of conf/$name with some of its words replaced; each must be there.
sub example {
    my ($name, %instead) = @_;
    open my $in, '<', "$TOP/conf/$name" or die "conf/$name: $!\n";
    my $text = do { local $/; <$in> };
    for my $word (sort { length $b <=> length $a } keys %instead) {
        $text =~ s/\Q$word\E/$instead{$word}/g or die "conf/$name does not say $word\n";
    }
    return $text;
}

sub dir { return $_[0]{dir} }
sub url { return ($_[0]{scheme} // 'http') . "://127.0.0.1:$_[0]{port}$_[1]" }

sub write {
    my ($self, $name, $content, $mode) = @_;
    my $path = "$self->{dir}/$name";
    open my $out, '>:raw', $path or die "$path: $!\n";
    print {$out} $content;
    close $out or die "$path: $!\n";
    chmod $mode // 0644, $path;
    return $path;
}

# A password file, renamed into place, which counts at once; as root httpd's children are
# www-data's.
sub accounts {
    my ($self, $name, @lines) = @_;
    my $path = $self->write("$name.new", join('', map { "$_\n" } @lines), 0640);
    chown 0, scalar getgrnam('www-data'), $path if $> == 0;
    rename $path, $self->dir . "/$name" or die "$name: $!\n";
    return;
}

# Makes ca.pem, and server.pem and server.key that it signed, for 127.0.0.1 and localhost. Gives
# the directives that use them.
sub certificate {
    my ($self) = @_;
    $self->write('names', "subjectAltName=IP:127.0.0.1,DNS:localhost\n");
    my $key  = '-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes';
    my $said = `exec 2>&1; cd $self->{dir} &&
        openssl req -x509 -days 2 -subj '/CN=CA of a test' $key -keyout ca.key -out ca.pem &&
        openssl req -subj /CN=localhost $key -keyout server.key -out server.csr &&
        openssl x509 -req -days 2 -CA ca.pem -CAkey ca.key -CAcreateserial -in server.csr \\
            -extfile names -out server.pem`;
    die "openssl: $said" if $?;
    return <<'TEXT';
SSLEngine on
SSLCertificateFile @DIR@/server.pem
SSLCertificateKeyFile @DIR@/server.key
TEXT
}

sub httpd { return $ENV{HTTPD} || (grep { -x } map { ("/usr/sbin/$_", "/usr/bin/$_") } qw(apache2 httpd))[0] }

# So many requests at once and no more, all of them in one child where there are threads, and none
# comes or goes.
sub workers {
    my ($mpm, $n) = @_;
    return "ServerLimit $n\nMaxRequestWorkers $n\nStartServers $n\nMinSpareServers $n\nMaxSpareServers $n\n" if $mpm eq 'prefork';
    return "StartServers 1\nServerLimit 1\nThreadLimit $n\nThreadsPerChild $n\nMaxRequestWorkers $n\n"
        . "MinSpareThreads 1\nMaxSpareThreads $n\n";
}

sub module_folder {
    return $ENV{HTTPD_MODULES}
        || (grep { -d } qw(/usr/lib/apache2/modules /usr/lib64/httpd/modules /usr/lib/httpd/modules))[0];
}

sub configuration {
    my ($self) = @_;
    my $folder = module_folder();
    my $text = join '', map { "LoadModule ${_}_module $folder/mod_$_.so\n" }
        grep { -e "$folder/mod_$_.so" } "mpm_$self->{mpm}", @ALWAYS, @{$self->{modules}};
    $text .= "LoadModule auth_ntlmv2_module \@DIR\@/module.so\n" . NTLM::Scheme::directive();
    $text .= <<'TEXT' . $self->{text};
ServerRoot @DIR@
ServerName 127.0.0.1
Listen 127.0.0.1:@PORT@
DocumentRoot @DIR@/htdocs
DefaultRuntimeDir @DIR@
PidFile @DIR@/pid
ErrorLog @DIR@/error.log
TEXT
    my ($user, $group) = @{$self->{children} // [qw(www-data www-data)]};
    $text .= "\nUser $user\nGroup $group\n" if $> == 0;
    $text =~ s/\@PROTECTED\@\n/$PROTECTED/g;
    $text =~ s/\@DIR\@/$self->{dir}/g;
    my %port = (PORT => $self->{port}, %{$self->{ports}});
    $text =~ s/\@$_\@/$port{$_}/g for keys %port;
    return $text;
}

sub run_httpd {
    my ($self, @args) = @_;
    my $conf = $self->write('httpd.conf', $self->configuration, 0644);
    my @as = $> == 0 && $self->{user} ? qw(setpriv --clear-groups --regid=nogroup --reuid=) : ();
    $as[-1] .= $self->{user} if @as;
    my $said = `@as @{[httpd()]} -f $conf @args 2>&1`;
    return ($? == 0, $said);
}

sub configtest { return $_[0]->run_httpd('-t') }

sub start {
    my ($self) = @_;
    my $again = $self->{started};
    Port::rob($self->{port}) if !$again;
    for (1 .. Port::TRIES) {
        my ($ok, $said) = $self->run_httpd('-k start');
        return $self->wait_until_it_answers if $ok;
        $said .= $self->error_log;
        die "httpd does not start: $said" if $again || $said !~ /Address already in use/;
        $self->take_ports;
        unlink "$self->{dir}/error.log";
    }
    die "no port is free\n";
}

sub wait_until_it_answers {
    my ($self) = @_;
    my $deadline = time + Port::PATIENCE;
    while (time < $deadline) {
        my $pid = $self->pid;
        $running{$pid} = 1 if $pid;
        return $self->{started} = 1 if $pid && Port::is_served_by($pid, $self->{port});
        sleep 0.05;
    }
    die "httpd does not answer\n" . $self->error_log;
}

sub pid {
    my ($self) = @_;
    open my $in, '<', "$self->{dir}/pid" or return;
    chomp(my $pid = <$in>);
    return $pid;
}

sub graceful { my ($self) = @_; kill USR1 => $self->pid; return }

sub stop { my ($self) = @_; return $self->end_by('TERM') }

# For who looks whether a child has died: SIGTERM that meets a connection which is being closed
# kills one by a fault of httpd's own (event's main thread closes a socket that is just freed).
sub finish { my ($self) = @_; $self->end_by('WINCH'); return $self->stop }

sub end_by {
    my ($self, $signal) = @_;
    my $pid = $self->pid or return;
    kill $signal => $pid;
    for (1 .. 100) { last if !-e "/proc/$pid"; sleep 0.1 }
    delete $running{$pid} if !-e "/proc/$pid" || $signal eq 'TERM';
    return;
}

sub error_log {
    my ($self) = @_;
    open my $in, '<', "$self->{dir}/error.log" or return '';
    local $/;
    return <$in>;
}

# The last outcome of a request in the error log; a connection that closes has its line at any time.
sub last_status { return ($_[0]->error_log =~ / ntlm: (?!challenge-abandoned)([a-z0-9-]+): /g)[-1] }

# What access.log holds. httpd writes a line after the response has gone, so this waits until
# all of these patterns match, or for long enough.
sub access_log {
    my ($self, @wanted) = @_;
    my ($text, $deadline) = ('', time + 20);
    while (1) {
        open my $in, '<', $self->dir . '/access.log' or die "access.log: $!\n";
        $text = do { local $/; <$in> } // '';
        return $text if time > $deadline || !grep { $text !~ $_ } @wanted;
        sleep 0.02;
    }
}

# What curl --ntlm says: (status, body).
sub curl {
    my ($self, $user, $password, $path, @more) = @_;
    open my $out, '-|', 'curl', '-s', '--max-time', 20, '--noproxy', '*', '-w', '\n%{http_code}',
        (defined $user ? ('--ntlm', '-u', "$user:$password") : ()),
        (-e "$self->{dir}/ca.pem" ? ('--cacert', "$self->{dir}/ca.pem") : ()), @more, $self->url($path)
        or die "curl: $!\n";
    my $said = do { local $/; <$out> };
    close $out;
    my ($body, $status) = $said =~ /\A(.*)\n(\d+)\z/s;
    return ($status, $body);
}

# An object of the whole file is destroyed after its folder, and the pid file with it.
END {
    local $?;
    kill TERM => keys %running if $$ == $test;
}

sub DESTROY { my ($self) = @_; local ($?, $@); $self->stop if -e "$self->{dir}/pid"; return }

1;
