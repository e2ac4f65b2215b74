#!/usr/bin/perl
# What a core of a child holds after logins by Basic: no password, neither as it came nor as it is
# hashed, and no hash of a wrong one. (The header, in base64, is httpd's.)
use strict;
use warnings;
use FindBin qw($Bin);
use lib "$Bin/../lib";
use Basic qw(basic_of);
use Cwd qw(abs_path);
use Encode qw(encode);
use File::Copy qw(copy);
use Memory;
use NTLM::Connection;
use Passwd ();
use PrivateHttpd;
use Test::More;

plan skip_all => Memory::why() if !Memory->of($$);

my $TOP  = abs_path("$Bin/../..");
my $said = `make -C $TOP -f Makefile.apxs --no-print-directory build/controller.so 2>&1`;
die "build/controller.so: $said" if $?;

my $random = sub { join '', map { chr(97 + rand 26) } 1 .. 24 };
my %right = map { ("user$_" => $random->()) } 1 .. 6;
my %wrong = map { $_ => $random->() } sort keys %right;
my ($decided, $undecided) = ($random->(), $random->());    # carol's, whom somebody else decides about
my @far = ('X-Long' => 'x' x 7000);    # the next request shall not overwrite what this one leaves behind
my @malformed = ('user1:' . $random->() . "\1", 'user1:' . $random->() . "\xFF", $random->());

sub nt_hash {
    my ($password) = @_;
    my $got = Passwd::run("$password\n", '-n', '-i', 'x');
    my ($hash) = $got->{out} =~ /:([0-9A-Fa-f]{32})/ or die "ntlmpasswd says $got->{out}$got->{err}";
    return lc $hash;
}

for my $mpm (qw(event prefork)) {
    my $one = $mpm eq 'prefork' ? "MinSpareServers 1\nMaxSpareServers 1\nMaxRequestWorkers 1\n"
        : "ThreadsPerChild 4\nMaxRequestWorkers 4\nMinSpareThreads 1\nMaxSpareThreads 4\n";
    my $httpd = PrivateHttpd->new(mpm => $mpm, text => "LoadModule controller_module \@DIR\@/controller.so\nStartServers 1\nServerLimit 1\n$one" . <<"TEXT");
<Location "/">
    AuthType NTLM
    NTLMCredentials file passwords
    NTLMOffer NTLM Basic
    NTLMBasicWithoutTLS on
    Require valid-user
</Location>
<Location "/refused">
    NTLMBasicWithoutTLS off
</Location>
<Location "/ntlm">
    NTLMOffer NTLM
</Location>
<Location "/controller">
    NTLMCredentials controller user=carol hash=@{[nt_hash($decided)]}
</Location>
TEXT
    my $path = $httpd->write('passwords', join('', map { "$_:" . nt_hash($right{$_}) . "\n" } sort keys %right), 0640);
    chown 0, scalar getgrnam('www-data'), $path if $> == 0;
    copy("$TOP/build/controller.so", $httpd->dir . '/controller.so') or die "build/controller.so: $!\n";
    $httpd->write('htdocs/controller', "a page\n");
    $httpd->start;
    my @statuses;
    my $says = sub {
        my ($path, $headers) = @_;
        my $c = NTLM::Connection->new(port => $httpd->{port}, vhost => '127.0.0.1');
        push @statuses, $c->request(GET => $path, [@$headers, @far])->status;
        $c->close;
    };
    for my $user (sort keys %right) {
        $says->('/', basic_of("$user:$right{$user}"));
        $says->('/', basic_of("$user:$wrong{$user}"));
        $says->('/refused', basic_of("$user:$right{$user}"));
        $says->('/ntlm', basic_of("$user:$right{$user}"));
    }
    is_deeply \@statuses, [(200, 401, 401, 401) x 6], "$mpm: passwords, right and wrong, taken and refused";
    @statuses = ();
    $says->('/controller', basic_of("carol:$_")) for ($decided, $undecided) x 3;
    is_deeply \@statuses, [(200, 401) x 3], "$mpm: ... and where somebody else decides";
    @statuses = ();
    $says->('/', basic_of($_)) for @malformed;
    my $cut = basic_of("user1:$wrong{user1}")->[1] =~ s/.\z/-/r;
    $says->('/', [Authorization => $cut]);
    is_deeply \@statuses, [(401) x 4], "$mpm: ... and what is malformed";

    my @children = grep { Memory::kilobytes($_, 'VmRSS') } Memory::children($httpd->pid);
    my @memories = grep { defined } map { Memory->of($_) } @children;
SKIP: {
        skip Memory::why(), 1 if !@memories;
        is scalar @memories, 1, "$mpm: by one child";
        my $memory = $memories[0];
        cmp_ok scalar($memory->places("user1\0")), '>=', 1, "$mpm: the table is in the memory that is searched";
        my %secrets = (
            'the password that somebody else let in' => $decided, 'one that he did not' => $undecided,
            (map { ("the password of $_" => $right{$_}, "a wrong one of $_" => $wrong{$_}) } keys %right),
            (map { ("malformed $_" => substr $malformed[$_], -20, 16) } 0 .. $#malformed),
        );
        my @found = map { my $name = $_; map { "$name at $_" } $memory->places($secrets{$name}) } sort keys %secrets;
        is_deeply \@found, [], "$mpm: no password is there as it came";
        @found = map { my $name = $_; map { "$name at $_" } $memory->places(encode('UTF-16LE', $secrets{$name})) } sort keys %secrets;
        is_deeply \@found, [], "$mpm: ... nor as it is hashed";
        @found = grep { $memory->places(pack 'H*', nt_hash($_)) } $undecided, map { $wrong{$_} } sort keys %wrong;
        is_deeply \@found, [], "$mpm: ... nor the hash of a wrong one";
        my @times = grep { scalar(my @p = $memory->places(pack 'H*', nt_hash($right{$_}))) != 1 } sort keys %right;
        is_deeply \@times, [], "$mpm: that of a right one is in the table alone";
    }
    $httpd->stop;
}

done_testing;
