package TestCA;

# A certificate authority of one test run, made by openssl:
#
#   my $ca = TestCA->instance;
#   $ca->certificate('good'), $ca->key('good')
#
# ca, other-ca        the authorities
# good                127.0.0.1, by ca
# wrong-host          other.test
# expired             127.0.0.1, was good until yesterday
# stranger            127.0.0.1, by other-ca
# client              cn=client,o=tests, for SASL EXTERNAL

use strict;
use warnings;
use File::Temp qw(tempdir);
use POSIX qw(strftime);

my %SUBJECT = (
    'good'       => ['/CN=good',             'IP:127.0.0.1', 'ca'],
    'wrong-host' => ['/CN=wrong-host',       'DNS:other.test', 'ca'],
    'expired'    => ['/CN=expired',          'IP:127.0.0.1', 'ca', -1],
    'stranger'   => ['/CN=stranger',         'IP:127.0.0.1', 'other-ca'],
    'client'     => ['/O=tests/CN=client',   'DNS:client.test', 'ca'],
);
my $instance;

# Of `openssl ca`, which takes dates; `openssl x509` of OpenSSL 3.5 makes nothing that has expired.
my $CONFIG = <<'TEXT';
[ca]
default_ca = test
[test]
database = @DIR@/@CA@.index
new_certs_dir = @DIR@
serial = @DIR@/@CA@.serial
certificate = @DIR@/@CA@.pem
private_key = @DIR@/@CA@.key
default_md = sha256
unique_subject = no
policy = any
[any]
organizationName = optional
commonName = supplied
TEXT

sub missing { return -x '/usr/bin/openssl' ? () : 'there is no openssl (package openssl)' }

sub instance { return $instance //= $_[0]->new }

sub new {
    my ($class) = @_;
    my $self = bless {dir => tempdir('ntlm-ca-XXXXXX', TMPDIR => 1, CLEANUP => 1)}, $class;
    chmod 0755, $self->{dir};
    for my $ca (qw(ca other-ca)) {
        $self->openssl("req -x509 -days 2 -subj '/CN=$ca' -out $self->{dir}/$ca.pem", $ca);
        $self->write("$ca.index", '');
        $self->write("$ca.conf",  $CONFIG =~ s/\@CA\@/$ca/gr =~ s/\@DIR\@/$self->{dir}/gr);
    }
    return $self;
}

sub key { my ($self, $name) = @_; $self->certificate($name); return "$self->{dir}/$name.key" }

# Made when it is asked for.
sub certificate {
    my ($self, $name) = @_;
    my $path = "$self->{dir}/$name.pem";
    return $path if -e $path;
    my ($subject, $names, $by, $days) = @{$SUBJECT{$name} or die "no such certificate: $name\n"};
    my $dir = $self->{dir};
    $self->write('ext', "subjectAltName=$names\n");
    $self->openssl("req -subj '$subject' -out $dir/csr", $name);
    my ($start, $end) = map { strftime('%Y%m%d%H%M%SZ', gmtime time + $_ * 86_400) } -2, $days // 2;
    $self->run("openssl ca -config $dir/$by.conf -batch -notext -create_serial -startdate $start -enddate $end "
            . "-in $dir/csr -extfile $dir/ext -out $path");
    return $path;
}

sub write {
    my ($self, $name, $content) = @_;
    open my $out, '>', "$self->{dir}/$name" or die "$self->{dir}/$name: $!\n";
    print {$out} $content;
    close $out or die "$self->{dir}/$name: $!\n";
    return;
}

sub openssl {
    my ($self, $what, $name) = @_;
    return $self->run("openssl $what -new -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes "
            . "-keyout $self->{dir}/$name.key");
}

sub run {
    my ($self, $command) = @_;
    my $said = `{ $command; } 2>&1`;
    die "$command: $said" if $?;
    return;
}

1;
