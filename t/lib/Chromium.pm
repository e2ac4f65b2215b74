package Chromium;

# A real browser, where it is installed (make -f Makefile.apxs clients):
#
#   plan skip_all => $why if my $why = Chromium::missing();
#   like Chromium::visit($url, 'alice', $password), qr/HTTP 200/;
#   Chromium::visit($url, 'alice', $password, $proxy)    # the account is for the proxy
#   Chromium::fill_in($url, 'alice', $password)          # into the form where that leads
#
# By itself, without node (Chromium::missing_alone()):
#
#   Chromium::dom($url)                # what it has made of the page: HTML; an account stands in the URL
#   Chromium::screenshot($url, $path)  # to look at

use strict;
use warnings;
use Cwd qw(abs_path);
use File::Basename qw(dirname);
use File::Temp qw(tempdir);

my $T       = dirname(dirname(abs_path(__FILE__)));
my $FOLDER  = "$T/http/programs";

sub modules { return join ':', "$T/clients/node/node_modules", $ENV{NODE_PATH} // () }

# What is not installed; nothing if all is there.
sub program { return $ENV{CHROMIUM} || '/usr/bin/chromium' }

sub missing_alone { return -x program() ? () : 'chromium is not installed' }

sub missing {
    return $_ for missing_alone();
    local $ENV{NODE_PATH} = modules();
    return 'node is not installed' if system('node -e "" >/dev/null 2>&1') != 0;
    return 'playwright-core (npm) is not installed'
        if system(q{node -e 'require("playwright-core")' >/dev/null 2>&1}) != 0;
    return;
}

# The text of the page and, in its last line, its status or why there is none.
sub visit { my (@arguments) = @_; return run('chromium', @arguments) }

# A line for each answer, with its offers, and the text of the page behind the form.
sub fill_in { my ($url, $user, $password) = @_; return run('chromium-form', $url, $user, $password) }

sub dom { my ($url) = @_; return alone('--dump-dom', $url) }

sub screenshot { my ($url, $path) = @_; alone("--screenshot=$path", '--window-size=1000,1600', $url); return }

# Its sandbox neither works for root nor in most containers; these pages are our own. What it says on
# standard error is of itself.
sub alone {
    my (@arguments) = @_;
    my $profile = tempdir('ntlm-chromium-XXXXXX', TMPDIR => 1, CLEANUP => 1);
    open my $out, '-|', 'sh', '-c', 'exec timeout 90 "$@" 2>/dev/null', 'sh', program(), '--headless', '--no-sandbox',
        '--disable-gpu', '--disable-dev-shm-usage', '--disable-background-networking', '--disable-component-update',
        '--disable-sync', '--no-first-run', '--ignore-certificate-errors', '--no-proxy-server',
        "--user-data-dir=$profile", @arguments
        or die "chromium: $!\n";
    my $said = do { local $/; <$out> };
    close $out;
    return $said // '';
}

sub run {
    my ($program, @arguments) = @_;
    local $ENV{NODE_PATH} = modules();
    open my $out, '-|', 'timeout', 90, 'node', "$FOLDER/$program", @arguments or die "node: $!\n";
    my $said = do { local $/; <$out> };
    close $out;
    return $said // '';
}

1;
