package Clients;

# Processes that hold one Conversation after the other, and the watch over httpd's log.
#
#   my @places = Clients::shut_out($site);     # where a right password does not get in
#   my $result = Clients::run($site, seed => 1, seconds => 60, case => undef);
#   # {finding => '' or all there is to say, requests, connections, logins}
#   my $minutes = Clients::cpu_minutes($site);

use strict;
use warnings;
use utf8;
use Conversation;
use Digest::MD5 qw(md5);
use ErrorLog;
use NTLM::Connection;
use NTLM::TLS;
use POSIX ();
use Site;
use Storable qw(retrieve store);
use Time::HiRes qw(sleep time);

use constant PROCESSES => 4;
use constant GRACE     => 3;    # seconds until httpd says that a child has died

my %OVER = (NTLM => ['NTLM'], Negotiate => ['Negotiate', 'SPNEGO', 'Kerberos-first']);

# ---- right logins ----

sub right_login {
    my ($site, $place, $account, $over) = @_;
    my $tls = $place->{tls};
    my $c   = ($tls ? 'NTLM::TLS' : 'NTLM::Connection')->new(
        port => $site->{ports}{$tls ? 'tls' : 'plain'}, vhost => 'web.test', timeout => Conversation::NO_ANSWER,
        over => $over);
    my $r = $c->login("$place->{path}who.shtml", Site::right($account, $tls ? $c->binding : $site->{front}));
    my $name = Site::name_of($account, $place->{format});
    return $r->status == 200 && $r->body eq "who=$place->{name}:$name;\n" && $r->header('X-User') eq $name
        ? () : "$place->{path} $account->{user} $over: " . $r->seen_by_client;
}

sub shut_out {
    my ($site) = @_;
    my @out;
    for my $place (@{$site->{places}}) {
        next if $place->{limited};
        for my $account (grep { !$_->{never} } Site::accounts_of($place)) {
            for my $over (map { @{$OVER{$_} // []} } @{$place->{offer}}) {
                push @out, eval { right_login($site, $place, $account, $over) };
                push @out, "$place->{path} $account->{user} $over: $@" if $@;
            }
        }
    }
    return @out;
}

# ---- hostile ones ----

sub run {
    my ($site, %opt) = @_;
    my $dir  = $site->{httpd}->dir;
    my $log  = ErrorLog->new("$dir/error.log");
    my $most = defined $opt{case} ? 0 : PROCESSES - 1;
    my %file = map { start_process($site, $_, \%opt) => "$dir/process$_" } 0 .. $most;
    my @left = keys %file;
    while (@left) {
        sleep 0.1;
        @left = grep { waitpid($_, POSIX::WNOHANG()) == 0 } @left;
        kill TERM => @left if $log->is_bad || grep { -e $_ && retrieve($_)->{finding} } values %file;
    }
    my @said = map { retrieve($_) } sort values %file;
    sleep GRACE if defined $opt{case} || $log->is_bad || grep { $_->{finding} } @said;
    return sum_up($log->bad_news, @said);
}

sub sum_up {
    my ($log, @said) = @_;
    my %sum = (finding => join "\n", grep { $_ } $log, map { $_->{finding} } @said);
    for my $said (@said) { $sum{$_} += $said->{$_} for qw(requests connections logins) }
    $sum{finding} = join "\n", $sum{finding}, map { $_->{last} } @said if $sum{finding};
    return \%sum;
}

# What the clients and httpd have used.
sub cpu_minutes {
    my ($site) = @_;
    my $pid   = $site->{httpd}->pid;
    my $ticks = 0;
    for my $file (glob '/proc/[0-9]*/stat') {
        open my $in, '<', $file or next;    # it has ended
        my ($its_pid, $parent, @times) = (<$in> // '') =~ /^(\d+) \(.*\) \S (\d+)(?: \S+){9} (\d+) (\d+) (\d+) (\d+)/ or next;
        $ticks += $_ for $its_pid == $pid ? @times : $parent == $pid ? @times[0, 1] : ();
    }
    my (undef, undef, $user, $system) = times;
    return ($ticks / POSIX::sysconf(POSIX::_SC_CLK_TCK()) + $user + $system) / 60;
}

# One conversation after the other, each from a seed of its own, until the time is over or one
# finds something.
sub start_process {
    my ($site, $number, $opt) = @_;
    my $pid = fork // die "fork: $!\n";
    return $pid if $pid;
    my $end  = time + $opt->{seconds};
    my %said = (requests => 0, connections => 0, logins => 0, finding => '', last => '');
    my $stop;
    local $SIG{TERM} = sub { $stop = 1 };
    for (my $n = $opt->{case} // $number; !$said{finding} && !$stop && time < $end; $n += PROCESSES) {
        my $c  = Conversation->new($site, unpack 'N', md5("$opt->{seed} $n"));
        my $ok = eval { local $SIG{TERM} = sub { $stop = 1; die "stopped\n" }; $c->hold; 1 };
        my $why = $@;
        $said{$_} += $c->{$_} for qw(requests logins);
        $said{connections}++;
        my $what = "SEED=$opt->{seed} CASE=$n $c->{port}: ";
        $said{finding} = $what . $why . $c->story if !$ok && !$stop;
        $said{last}    = $what . "it was going on\n" . $c->story if $stop;
        last if defined $opt->{case};
    }
    my $file = $site->{httpd}->dir . "/process$number";
    store(\%said, "$file.new");
    rename "$file.new", $file;
    POSIX::_exit(0);
}

1;
