package Clients;

# Processes that hold one Conversation after the other, and the watch over httpd's log.
#
#   my @places = Clients::shut_out($site);     # where a right password does not get in
#   my $result = Clients::run($site, seed => 1, seconds => 60, case => undef);
#   # {finding => '' or all there is to say, requests, connections, logins}

use strict;
use warnings;
use utf8;
use Conversation;
use Digest::MD5 qw(md5);
use NTLM::Connection;
use NTLM::TLS;
use POSIX ();
use Site;
use Storable qw(lock_retrieve lock_store);
use Time::HiRes qw(sleep time);

use constant {PROCESSES => 2, LINES_BEFORE => 10, LINES_BEHIND => 60};
use constant BAD_NEWS  => qr/exit signal|AddressSanitizer|runtime error:|AH00052|[Aa]ssertion|Segmentation/;

# ---- right logins ----

sub right_login {
    my ($site, $place, $account) = @_;
    my $tls = $place->{tls};
    my $c   = ($tls ? 'NTLM::TLS' : 'NTLM::Connection')->new(
        port => $site->{ports}{$tls ? 'tls' : 'plain'}, vhost => 'web.test', timeout => Conversation::NO_ANSWER);
    my $r = $c->login("$place->{path}who.shtml", user => $account->{user}, domain => 'CORP',
        nt_hash => $account->{nt_hash}, spn => 'HTTP/web.test', binding => $tls ? $c->binding : $site->{front});
    my $name = Site::name_of($account, $place->{format});
    return $r->status == 200 && $r->body eq "who=$place->{name}:$name;\n" && $r->header('X-User') eq $name
        ? () : "$place->{path} $account->{user}: " . $r->seen_by_client;
}

sub shut_out {
    my ($site) = @_;
    my @out;
    for my $place (@{$site->{places}}) {
        my %source = map { $_ => 1 } @{$place->{accounts}};
        push @out, map { eval { right_login($site, $place, $_) } // ($@ ? "$place->{path}: $@" : ()) }
            grep { $source{$_->{source}} && !$_->{never} } $place->{limited} ? () : @Site::ACCOUNTS;
    }
    return @out;
}

# ---- hostile ones ----

sub run {
    my ($site, %opt) = @_;
    my $start = -s $site->{httpd}->dir . '/error.log';
    my $end   = time + $opt{seconds};
    my %file  = map { start_process($site, $_, $end, \%opt) => $site->{httpd}->dir . "/process$_" }
        defined $opt{case} ? 0 : 0 .. PROCESSES - 1;
    my @left = keys %file;
    my $bad;
    while (@left) {
        sleep 0.1;
        @left = grep { waitpid($_, POSIX::WNOHANG()) == 0 } @left;
        $bad ||= time if bad_news($site, $start) || grep { -e $_ && lock_retrieve($_)->{finding} } values %file;
        kill TERM => @left if $bad && time > $bad + 3;
    }
    return sum_up(bad_news($site, $start), map { -e $_ ? lock_retrieve($_) : () } values %file);
}

sub sum_up {
    my ($log, @said) = @_;
    my %sum = (finding => join "\n", grep { $_ } $log, map { $_->{finding} } @said);
    for my $said (@said) { $sum{$_} += $said->{$_} for qw(requests connections logins ended) }
    $sum{finding} = join "\n", $sum{finding}, map { $_->{now} // () } @said if $sum{finding};
    return \%sum;
}

sub bad_news {
    my ($site, $start) = @_;
    open my $in, '<:raw', $site->{httpd}->dir . '/error.log' or die "error.log: $!\n";
    seek $in, $start, 0;
    my @lines = <$in>;
    my ($first) = grep { $lines[$_] =~ BAD_NEWS } 0 .. $#lines;
    return '' if !defined $first;
    my ($from, $to) = ($first > LINES_BEFORE ? $first - LINES_BEFORE : 0, $first + LINES_BEHIND);
    return join '', @lines[$from .. ($to > $#lines ? $#lines : $to)];
}

sub start_process {
    my ($site, $number, $end, $opt) = @_;
    my $pid = fork // die "fork: $!\n";
    return $pid if $pid;
    my $file = $site->{httpd}->dir . "/process$number";
    my %said = (requests => 0, connections => 0, logins => 0, ended => 0, finding => '');
    my $c;
    my $stop;
    local $SIG{TERM} = sub { $stop = 1; die "stopped\n" };
    for (my $n = $opt->{case} // $number; time < $end; $n += PROCESSES) {
        $c = Conversation->new($site, unpack 'N', md5("$opt->{seed} $n"));
        my $ok = eval { $c->hold; 1 };
        my $why = $@;
        $said{$_} += $c->{$_} for qw(requests logins ended);
        $said{connections}++;
        $said{finding} = "SEED=$opt->{seed} CASE=$n $c->{port}: $why" . $c->story if !$ok && !$stop;
        $said{now} = "SEED=$opt->{seed} CASE=$n $c->{port}, the connection ended:\n" . $c->story if $c->{ended} || $stop;
        last if !$ok || $stop || defined $opt->{case};
    }
    lock_store(\%said, $file);
    POSIX::_exit(0);
}

1;
