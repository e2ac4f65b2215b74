package Recipe;

# A private httpd with a file of conf/ in it, as it stands there, and no module but those
# which the file itself asks for in its line "Debian: a2enmod ...". As on Debian the file
# system is closed but for the document root (and app/, for programs of the tests). alice
# and bob are its accounts.
#
#   my $httpd = Recipe::httpd('webdav.conf', {'/srv/dav' => '@DIR@/dav'},
#       modules => ['env'], text => '...');    # what only the test needs
#   Recipe::folder($httpd, 'dav');             # one that httpd's children may write
#   Recipe::cgi($httpd, 'cgi-bin/x', $script);

use strict;
use warnings;
use PrivateHttpd;

use constant ACCOUNTS => <<'TEXT';
alice:d9fe524deb5705ac74ea341ff18afe93
bob:27bf1123aae89dc1f94ad95bd7108d01
TEXT

use constant CLOSED => <<'TEXT';
<Directory "/">
    AllowOverride None
    Require all denied
</Directory>
<DirectoryMatch "^@DIR@/(htdocs|app)/">
    Require all granted
</DirectoryMatch>
TEXT

# Those that a text names, for that MPM: a2enmod turns cgi into cgid by itself.
sub modules {
    my ($text, $mpm) = @_;
    my @modules = map { split } $text =~ /^# Debian: a2enmod (.*)$/mg;
    return map { $_ eq 'cgi' && $mpm ne 'prefork' ? 'cgid' : $_ } @modules;
}

sub httpd {
    my ($name, $instead, %more) = @_;
    my $mpm  = $ENV{MPM} || 'event';
    my $text = PrivateHttpd::example($name, '/etc/apache2' => '@DIR@', %$instead);
    my $need = "# Debian: a2enmod @{$more{modules} || []}\n$text";
    my $httpd = PrivateHttpd->new(
        mpm     => $mpm,
        modules => [modules($need, $mpm)],
        text    => CLOSED . "$text\n" . ($more{text} // ''),
    );
    $httpd->write('ntlm.passwd', ACCOUNTS, $> == 0 ? 0600 : 0640);
    return $httpd;
}

sub give_to_httpd { chown +(getpwnam 'www-data')[2, 3], @_ if $> == 0; return }

sub folder {
    my ($httpd, $name) = @_;
    my $path = $httpd->dir . "/$name";
    mkdir $path or die "$path: $!\n";
    give_to_httpd($path);
    return $path;
}

sub cgi {
    my ($httpd, $name, $script) = @_;
    my ($folder) = $name =~ m{^(.*)/};
    mkdir $httpd->dir . "/$folder";
    return $httpd->write($name, $script, 0755);
}

1;
