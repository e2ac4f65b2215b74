#!/usr/bin/perl
# conf/w3c-log.conf: a login is the three lines of IIS, also with an ErrorDocument and over 407. A
# strict parser reads the log whatever clients send, and so do GoAccess and lnav, which know IIS.
use strict;
use warnings;
use utf8;
use Cwd qw(abs_path);
use Encode qw(FB_CROAK decode encode);
use FindBin qw($Bin);
use lib "$Bin/../lib";
use ForwardProxy;
use JSON::PP ();
use LogLines;
use NTLM::Connection;
use PrivateHttpd;
use Test::More;

my $PROGRAM = abs_path("$Bin/../../support/w3c-log");
my %ALICE   = (user => 'alice', domain => 'CORP', workstation => 'WS1', nt_hash => 'd9fe524deb5705ac74ea341ff18afe93');
my @FIELDS  = qw(date time s-ip cs-method cs-uri-stem cs-uri-query s-port cs-username c-ip cs(User-Agent) cs(Referer)
    sc-status sc-substatus sc-win32-status time-taken);
my %MEANT = (date => qr/\d{4}-\d\d-\d\d/, time => qr/\d\d:\d\d:\d\d/, 's-ip' => qr/[\d.]+/, 'c-ip' => qr/[\d.]+/,
    map { $_ => qr/\d+/ } qw(s-port sc-status sc-substatus sc-win32-status time-taken));

sub example { return PrivateHttpd::example('w3c-log.conf', '/usr/local/bin/w3c-log' => $PROGRAM, '${APACHE_LOG_DIR}' => '@DIR@') }
sub content { my ($path) = @_; open my $in, '<:raw', $path or die "$path: $!\n"; local $/; return scalar <$in> }

# [{field => value}, ...] of lines; dies where they are no W3C log.
sub parsed {
    my (@fields, @entries);
    for my $bytes (@_) {
        my $line = eval { decode('UTF-8', my $copy = $bytes, FB_CROAK) } // die "no UTF-8: $bytes\n";
        die "a control character or a blank: $line\n" if $line =~ /[^\P{Space} ]|\p{Control}/;
        if ($line =~ /^#Fields: (.*)/) { @fields = split / /, $1; next }
        if ($line =~ /^#(?:Version: 1\.0|Software: .+|Date: \d{4}-\d\d-\d\d \d\d:\d\d:\d\d)\z/) { next }
        my @values = split / /, $line, -1;
        die "no fields: $line\n" if !@fields;
        die @values . " values for " . @fields . " fields: $line\n" if @values != @fields || grep { $_ eq '' } @values;
        my %entry;
        @entry{@fields} = @values;
        for my $field (@fields) {
            my $form = $MEANT{$field} // qr/[^"]+/;
            die "$field is $entry{$field}: $line\n" if $entry{$field} !~ /\A$form\z/;
        }
        push @entries, \%entry;
    }
    return \@entries;
}

sub login_lines { return [map { join ' ', @{$_}{qw(cs-username sc-status sc-substatus sc-win32-status)} } @_] }

my $httpd = PrivateHttpd->new(modules => [qw(alias rewrite socache_shmcb)], text => example() . <<'TEXT');
@PROTECTED@
NTLMDomain CORP
<Location "/told">
    ErrorDocument 401 /open.html
</Location>
<Location "/email">
    NTLMUserFormat user@domain
    NTLMDomain CORP corp.example.com
</Location>
<Location "/bob">
    Require user bob
</Location>
<Location "/throttled">
    NTLMThrottle 1/300
</Location>
<Location "/open.html">
    AuthType None
    Require all granted
</Location>
TEXT
$httpd->accounts('passwords', "alice:$ALICE{nt_hash}", 'bob:27bf1123aae89dc1f94ad95bd7108d01', "jürgen:$ALICE{nt_hash}" =~ s/ü/\xc3\xbc/r);
for my $folder (qw(told email bob)) {
    mkdir $httpd->dir . "/htdocs/$folder";
    $httpd->write("htdocs/$folder/index.html", "a page\n");
}
$httpd->write('htdocs/open.html', "for all\n");
$httpd->start;
my $log    = LogLines->new($httpd, 'access-w3c.log');
my @header = $log->next(4);
like "@header", qr/^#Software: \S.* #Version: 1\.0 #Date: \S+ \S+ #Fields: \Q@FIELDS\E\z/, 'the file begins with what names its fields';
my @all = @header;

sub said {
    my ($count) = @_;
    my @lines = $log->next($count);
    is @lines, $count, "$count " . ($count == 1 ? 'line' : 'lines') or diag join "\n", @lines;
    push @all, @lines;
    my $entries = eval { parsed("#Fields: @FIELDS", @lines) };
    ok $entries, '... which a strict parser reads' or diag $@;
    return @{$entries || []};
}
sub connection { return NTLM::Connection->new(port => $httpd->{port}, vhost => '127.0.0.1', @_) }

# A login as browsers make it: they ask first.
sub login {
    my ($c, $path, %who) = @_;
    $c->get($path);
    return $c->login($path, %ALICE, %who);
}

# ---- a login ----
my $c = connection();
is login($c, '/?a=b')->status, 200, 'alice logs in';
my @said = said(3);
is_deeply login_lines(@said), ['- 401 2 2148074254', '- 401 1 0', 'CORP\\alice 200 0 0'], 'her login is three lines';
is_deeply [@{$said[0]}{qw(s-ip cs-method cs-uri-stem cs-uri-query s-port c-ip cs(User-Agent) cs(Referer))}],
    ['127.0.0.1', 'GET', '/', 'a=b', $httpd->{port}, '127.0.0.1', '-', '-'], '... of this request';
$c->get('/none', ['User-Agent' => 'x']);
is_deeply login_lines(said(1)), ['CORP\\alice 404 0 0'], 'a request of her connection';
login(connection(), '/told/');
is_deeply login_lines(said(3)), ['- 401 2 2148074254', '- 401 1 0', 'CORP\\alice 200 0 0'], 'a login with an ErrorDocument for 401';
login(connection(), '/email/');
is_deeply login_lines(said(3)), ['- 401 2 2148074254', '- 401 1 0', 'CORP\\alice 200 0 0'], 'a login under another NTLMUserFormat';
login(connection(), '/', user => 'jürgen', domain => '');
is +(said(3))[2]{'cs-username'}, 'CORP\\jürgen', 'a name that is no ASCII';

# ---- who is refused ----
login(connection(), '/', nt_hash => '0' x 32);
is_deeply login_lines(said(3)), ['- 401 2 2148074254', '- 401 1 0', '- 401 1 2148074252'], 'a wrong password';
login(connection(), '/told/', nt_hash => '0' x 32);
is_deeply login_lines(said(3)), ['- 401 2 2148074254', '- 401 1 0', '- 401 1 2148074252'], '... with an ErrorDocument';
login(connection(), '/bob/');
is_deeply login_lines(said(3)), ['- 401 2 2148074254', '- 401 1 0', 'CORP\\alice 403 0 5'], 'a user whom Require does not let in';
login(connection(), '/throttled/', nt_hash => '0' x 32);
said(3);
login(connection(), '/throttled/');
is_deeply [@{login_lines(said(3))}[2]], ['- 429 1 1909'], 'one who has guessed too often';
connection()->get('/open.html');
is_deeply login_lines(said(1)), ['- 200 0 0'], 'a page without a login';

# ---- 407 ----
subtest 'A login to a proxy' => sub {
    plan skip_all => $_ for ForwardProxy::missing();
    my ($proxy, $origin) = ForwardProxy::start(text => example() =~ s/^GlobalLog/CustomLog/mr);    # a virtual host
    my $proxied = LogLines->new($proxy, 'access-w3c.log');
    $proxied->next(4);
    my $to_proxy = NTLM::Connection->new(port => $proxy->{port}, proxy => 1, vhost => "127.0.0.1:$origin->{port}");
    login($to_proxy, $origin->url('/?x'));
    my $entries = parsed("#Fields: @FIELDS", my @lines = $proxied->next(3));
    is_deeply login_lines(@$entries), ['- 407 2 2148074254', '- 407 1 0', 'CORP\\alice 200 0 0'], 'it is three lines, too'
        or diag join "\n", @lines;
    is $entries->[2]{'cs-uri-stem'}, $origin->url('/'), '... with what was asked for';
};

# ---- hostile ----
my $bytes  = join '', map { chr } grep { $_ != 10 && $_ != 13 } 9, 32 .. 126, 128 .. 255;
my @agents = ($bytes, '#Fields: date', '"', 'a "quoted" one', "x\xc2\xa0y\xe2\x80\xa8z\xc2\x85", '-', '   ', "\xff" x 3000, '"' x 3000,
    "x\t- - 200 0 0");
for my $agent (@agents) {
    connection()->request(GET => '/?' . ($agent =~ /^[\xff"]{99}/ ? $agent : "\"\xff"), ['User-Agent' => $agent, Referer => $agent]);
    my ($said) = said(1);
    is $said->{'sc-win32-status'}, 2148074254, '... with all values in their places';
}
ok !(grep { length >= 4096 } @all), 'a pipe keeps each of the lines together';
for my $name ("x y", "x\ny", "x\"y", "x\x{2028}y", "x\\y 200 0 0") {
    connection()->login('/', %ALICE, nt_hash => '0' x 32, user => $name);
    my (undef, $refused) = said(2);
    is join(' ', @{$refused}{qw(cs-username sc-status)}), '- 401', '... and no name that nobody has proven';
}

# ---- rotation ----
my ($path, $dir) = ($httpd->dir . '/access-w3c.log', $httpd->dir);
rename $path, "$path.1" or die "$path: $!\n";
connection()->get('/');
$log = LogLines->new($httpd, 'access-w3c.log');
is_deeply login_lines(@{parsed($log->next(5))}), ['- 401 2 2148074254'], 'a file that was renamed is followed by one that names its fields';
truncate $path, 0;
connection()->get('/');
$log = LogLines->new($httpd, 'access-w3c.log');
is_deeply login_lines(@{parsed($log->next(5))}), ['- 401 2 2148074254'], '... and so does one that was emptied';
$httpd->graceful;
$log->next(4);
connection()->get('/');
ok scalar(grep { /^\d/ } $log->next(1)), 'a restart goes on in the same file';
is_deeply login_lines(@{parsed(split /\n/, content($path))}), [('- 401 2 2148074254') x 2], '... which is still one';
is scalar(@{parsed(split /\n/, content("$path.1"))}), @all - @header, 'no line was lost';

# ---- others ----
my $logins = grep { / CORP\\alice 127\.0\.0\.1 \S+ \S+ 200 0 0 / } @all;
cmp_ok $logins, '>=', 3, 'the log has logins';
SKIP: {
    skip 'GoAccess is not installed (package goaccess)', 3 if !grep { -x "$_/goaccess" } split /:/, $ENV{PATH};
    my $said = `LC_ALL=C.UTF-8 goaccess $path.1 --no-global-config --no-progress --log-format=W3C -o $dir/report.json 2>&1`;
    my $report = eval { JSON::PP->new->utf8->decode(content("$dir/report.json")) } // {};
    is $report->{general}{valid_requests}, @all - @header, 'GoAccess reads all requests' or diag $said;
    is $report->{general}{failed_requests}, 0, '... and none wrongly';
    my %codes = map { $_->{data} => $_->{hits}{count} } map { @{$_->{items} || []} } @{$report->{status_codes}{data} || []};
    is((grep { /^200/ } keys %codes) ? $codes{(grep { /^200/ } keys %codes)[0]} : 0, scalar(grep { / 200 \d+ \d+ \d+$/ } @all), '... with their status');
}
SKIP: {
    skip 'lnav is not installed (package lnav)', 1 if !grep { -x "$_/lnav" } split /:/, $ENV{PATH};
    my $query = q(;SELECT count(*) AS logins FROM w3c_log WHERE cs_username = 'CORP\\alice' AND sc_status = 200 AND sc_substatus = 0);
    my $said  = `HOME=$dir TERM=dumb lnav -n -c "$query" -c ':write-json-to -' $path.1 2>&1`;
    like $said, qr/"logins": $logins\b/, 'lnav, which goes by the names of the fields, finds the logins';
}
done_testing;
