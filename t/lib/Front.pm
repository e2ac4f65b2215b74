package Front;

# A real nginx, HAProxy or second httpd in front, on a loopback port and in a temporary
# folder, from a piece of its configuration.
#
#   plan skip_all => 'nginx is not installed' if !Front::program('nginx');
#   my $front = Front->nginx($what_stands_in_http, BACKEND => $httpd->{port});
#   ... $front->{port} ...; $front->stop;    # stopped by itself at the end, too
#
# @PORT@ is where it listens, @DIR@ its folder, @NAME@ what is given as NAME.

use strict;
use warnings;
use File::Temp qw(tempdir);
use POSIX ();

use Port;
use PrivateHttpd;

# ---- which there are ----

sub program {
    my ($name) = @_;
    return -e PrivateHttpd::module_folder() . '/mod_proxy_http.so' ? PrivateHttpd::httpd() : undef if $name eq 'httpd';
    return (grep { -x } map { "$_/$name" } qw(/usr/sbin /usr/bin /usr/local/sbin /usr/local/bin))[0];
}

# What makes nginx know stream: a line of its configuration, empty if it is built in;
# undef if it does not.
sub nginx_stream {
    my $nginx = program('nginx') or return;
    my ($module) = grep { -e } map { "$_/ngx_stream_module.so" } qw(/usr/lib/nginx/modules /usr/lib64/nginx/modules);
    return "load_module $module;\n" if $module;
    return `$nginx -V 2>&1` =~ /--with-stream(?:\s|$)/ ? '' : undef;
}

# ---- start ----

# What stands in nginx's http block.
sub nginx {
    my ($class, $text, %words) = @_;
    my $folders = join '', map { "${_}_temp_path \@DIR\@/$_;\n" } qw(client_body proxy fastcgi uwsgi scgi);
    return $class->_nginx("http {\naccess_log off;\n$folders$text}\n", %words);
}

# nginx with one connection to the backend for all of its clients; more: what else stands
# in its location.
sub nginx_sharing {
    my ($class, $backend, $more) = @_;
    return $class->nginx(<<'TEXT', BACKEND => $backend, MORE => $more // '');
upstream intranet {
    server 127.0.0.1:@BACKEND@;
    keepalive 1;
}
server {
    listen 127.0.0.1:@PORT@;
    location / {
        proxy_pass http://intranet;
        proxy_http_version 1.1;
        proxy_set_header Connection "";
        @MORE@
    }
}
TEXT
}

# nginx as a cache of the backend's answers; validity: what else it keeps, as "200 1h".
sub nginx_cache {
    my ($class, $backend, $validity) = @_;
    $validity = defined $validity ? "proxy_cache_valid $validity;" : '';
    return $class->nginx(<<'TEXT', BACKEND => $backend, VALIDITY => $validity);
proxy_cache_path @DIR@/cache keys_zone=all:1m;
upstream backend { server 127.0.0.1:@BACKEND@; keepalive 1; }
server {
    listen 127.0.0.1:@PORT@;
    location / {
        proxy_pass http://backend;
        proxy_http_version 1.1;
        proxy_set_header Connection "";
        proxy_cache all;
        @VALIDITY@
        add_header X-Cache $upstream_cache_status always;
    }
}
TEXT
}

# What stands in nginx's stream block.
sub nginx_tcp {
    my ($class, $text, %words) = @_;
    return $class->_nginx("stream {\n$text}\n", %words, before => nginx_stream());
}

sub _nginx {
    my ($class, $text, %words) = @_;
    my $before = delete $words{before} // '';
    my $self = $class->_new("$before$text", %words);
    my @conf = ("daemon off;\nworker_processes 1;\npid \@DIR\@/pid;\n"
            . "error_log \@DIR\@/log;\n", "events { worker_connections 256; }\n");
    return $self->_serve(\@conf, program('nginx'), '-e', "$self->{dir}/log", '-c', "$self->{dir}/conf");
}

# HAProxy's sections; one thread, so that its idle connections are of one pool.
sub haproxy {
    my ($class, $text, %words) = @_;
    my $self = $class->_new($text, %words);
    my @conf = ('', "global\n    nbthread 1\n    maxconn 256\n    noreuseport\ndefaults\n"
            . "    timeout connect 10s\n    timeout client 60s\n    timeout server 60s\n");
    return $self->_serve(\@conf, program('haproxy'), '-db', '-f', "$self->{dir}/conf");
}

# An httpd with mod_proxy. One process, so that its connections to a backend are of one
# pool; with prefork there is a pool in each.
sub httpd {
    my ($class, $mpm, $text, %words) = @_;
    my $sizes = $mpm eq 'prefork' ? "ServerLimit 4\nStartServers 4\nMaxRequestWorkers 4\n"
        : "ServerLimit 1\nStartServers 1\nThreadsPerChild 25\nMaxRequestWorkers 25\n";
    $text =~ s/\@([A-Z]+)\@/$words{$1} \/\/ "\@$1\@"/ge;
    my $httpd = PrivateHttpd->new(mpm => $mpm, modules => [qw(proxy proxy_http proxy_connect env)],
        text => "${sizes}KeepAliveTimeout 60\n$text\n");
    $httpd->start;
    return $httpd;
}

sub _new {
    my ($class, $text, %words) = @_;
    my $self = bless {text => $text}, $class;
    $self->{dir} = tempdir('ntlm-front-XXXXXX', TMPDIR => 1, CLEANUP => 1);
    chmod 0755, $self->{dir};
    $self->{words} = {%words, DIR => $self->{dir}};
    return $self;
}

# load_module stands before everything else.
sub _write {
    my ($self, $head, $blocks) = @_;
    my ($load, $text) = $self->{text} =~ /\A((?:load_module .*\n)?)(.*)\z/s;
    my $all = "$load$head$blocks$text";
    $all =~ s/\@([A-Z]+)\@/$self->{words}{$1} \/\/ die "nobody says what \@$1\@ is\n"/ge;
    open my $out, '>', "$self->{dir}/conf" or die "$self->{dir}/conf: $!\n";
    print {$out} $all;
    close $out or die "$self->{dir}/conf: $!\n";
    return;
}

# head and blocks of its configuration, and the program that reads it
sub _serve {
    my ($self, $conf, @command) = @_;
    @$self{qw(pid port)} = Port::serve(run => sub { $self->_run($_[0], $conf, @command) }, said => sub { $self->log });
    return $self;
}

sub _run {
    my ($self, $port, $conf, @command) = @_;
    $self->{words}{PORT} = $port;
    $self->_write(@$conf);
    my $pid = fork // die "fork: $!\n";
    return $pid if $pid;
    open STDOUT, '>>', "$self->{dir}/log";
    open STDERR, '>&', \*STDOUT;
    exec @command or POSIX::_exit(127);
}

sub log {
    my ($self) = @_;
    open my $in, '<', "$self->{dir}/log" or return '';
    local $/;
    return <$in> // '';
}

# ---- stop ----

sub stop { my ($self) = @_; Port::stop($self->{pid}) if $self->{pid}; return }

sub DESTROY { my ($self) = @_; local ($?, $@); $self->stop; return }

1;
