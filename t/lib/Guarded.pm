package Guarded;

# A private httpd with places that demand more of a login than a password, and what becomes
# of logins there.
#
#   my $httpd = Guarded->new(places => {'/require' => 'NTLMExtendedProtection require'}, text => ...);
#   is $httpd->attempt($connection, '/require', binding => $b), '200 ok binding=ok', '...';

use strict;
use warnings;
use parent 'PrivateHttpd';

use NTLM::Connection;

my %HASH  = (alice => 'd9fe524deb5705ac74ea341ff18afe93', bob => '27bf1123aae89dc1f94ad95bd7108d01');
my %ALICE = (user => 'alice', domain => 'CORP', nt_hash => $HASH{alice});
my $PAGE  = qr/the protected page/;

# text: what stands in the server's configuration; a sub gets the folder and gives it
sub new {
    my ($class, %opt) = @_;
    my ($places, $text) = delete @opt{qw(places text)};
    my $self = $class->SUPER::new(%opt);
    $text = $text->($self->dir) if ref $text;
    $self->{text} = "LogLevel warn auth_ntlmv2:debug\nKeepAliveTimeout 60\n" . ($text // '');
    for my $place (sort keys %$places) {
        $self->{text} .= <<"TEXT";
<Location "$place">
    AuthType NTLM
    NTLMCredentials file \@DIR\@/passwords
    Require valid-user
    $places->{$place}
</Location>
TEXT
        next if $place eq '/';
        mkdir $self->dir . "/htdocs$place";
        $self->write("htdocs$place/index.html", "the protected page\n");
    }
    $self->write('passwords', join('', map { "$_:$HASH{$_}\n" } sort keys %HASH), $> == 0 ? 0600 : 0640);
    $self->start;
    return $self;
}

# A connection without TLS.
sub client { my ($self, %opt) = @_; return NTLM::Connection->new(port => $self->{port}, vhost => '127.0.0.1', %opt) }

# What became of the last request of a connection: its status and what the log says about it.
# Whoever is not served must not see a word of the page.
sub verdict {
    my ($self, $connection, $response) = @_;
    my $port    = $connection->local_port;
    my ($line)  = grep { /\[client [^\]]*:$port\] ntlm: (?!challenge-abandoned)/ } reverse split /\n/, $self->error_log;
    my ($text)  = ($line // '') =~ / ntlm: ([a-z0-9-]+): /;
    my ($bound) = ($line // '') =~ / binding=([a-z]+) /;
    my $verdict = join ' ', $response->status, $text // 'nothing logged', defined $bound ? "binding=$bound" : ();
    my $shown   = $response->body =~ $PAGE;
    return $shown == ($response->status == 200) ? $verdict : "$verdict, the page " . ($shown ? 'was' : 'was not') . ' shown';
}

# What becomes of alice's login; more options: NTLM::Message::type3.
sub attempt {
    my ($self, $connection, $place, %type3) = @_;
    return $self->verdict($connection, $connection->login($place =~ s{(?<!/)$}{/}r, %ALICE, %type3));
}

sub get {
    my ($self, $connection, $place) = @_;
    return $self->verdict($connection, $connection->get($place =~ s{(?<!/)$}{/}r));
}

1;
