#!/usr/bin/perl
# Each check of t/style.sh can fail: in a copy of the tree, a breach of each rule.
use strict;
use warnings;
use Cwd qw(abs_path);
use File::Basename qw(dirname);
use File::Path qw(make_path);
use File::Temp qw(tempdir);
use Test::More;

my $top = dirname(dirname(dirname(abs_path(__FILE__))));
my $dir = tempdir('ntlm-style-XXXXXX', TMPDIR => 1, CLEANUP => 1);
delete @ENV{qw(MAKEFLAGS MFLAGS MAKELEVEL)};    # of the make that runs this test

system("cd $top && tar -c --exclude=./build --exclude=./.git --exclude=./t/clients/node . | tar -x -C $dir") == 0
    or die "cannot copy $top\n";

# The name of each check, what it must say, and the breach: a file, and what is added to its end
# (undef: it is removed).
my @breaches = (
    ['what t/style.sh names is there', qr{lib/creds/ldap/ldap_io\.c}, 'lib/creds/ldap/ldap_io.c', undef],
    ['the core includes itself, libc and (in crypto.c) OpenSSL', qr{wire\.c:\d+:.*stdlib}, 'lib/ntlm/wire.c', '#include <stdlib.h>'],
    ['what explains messages includes itself, the core and libc, no APR, no accounts', qr{json\.c:\d+:.*apr}, 'lib/explain/json.c', '#include <apr_pools.h>'],
    ['what audits logs includes itself, words of others, libc and Jansson, no APR, no httpd', qr{audit_line\.c:\d+:.*apr}, 'lib/audit/audit_line.c', '#include <apr_pools.h>'],
    ['the module and what it is made of do not name what explains messages or audits logs, nor the test bench', qr{tls\.c:\d+:.*explain}, 'lib/httpd/tls.c', '/* lib/explain/json.h */'],
    ['accounts know nothing of httpd', qr{clock\.c:.*httpd\.h}, 'lib/system/clock.c', '#include <httpd.h>'],
    ['includes of lib/ run down', qr{lib/ntlm/name\.c: lib/creds/creds\.h}, 'lib/ntlm/name.c', '#include "../creds/creds.h"'],
    ['the folders of lib/ are those of that table', qr/newroom/, 'lib/newroom/new.h', '/* new */'],
    ['the configuration knows no request', qr{intern\.c:\d+:.*request_rec}, 'lib/config/intern.c', 'request_rec *r;'],
    ['the throttle knows no attempt, and no configuration but its limits', qr{throttle_store\.c:\d+:.*attempt_t}, 'lib/throttle/throttle_store.c', 'attempt_t *a;'],
    ['no folder of lib/ holds more than 14 modules', qr{lib/throttle: \d+}, map({ ("lib/throttle/more$_.h", '/* more */') } 1 .. 14)],
    ['OpenSSL is seen by crypto.c only, and where the test bench makes certificates and digests', qr{lib/httpd/log\.c}, 'lib/httpd/log.c', '#include <openssl/ssl.h>'],
    ['libldap is seen by ldap_answer.c, ldap_client.c, ldap_io.c and ldap_tls.c only', qr{lib/system/shared\.c}, 'lib/system/shared.c', '#include <ldap.h>'],
    ['connection state is touched by conn.c only, and by that of the test bench', qr{tls\.c:\d+:.*conn_config}, 'lib/httpd/tls.c', 'void *x = c->conn_config;'],
    ['no unbounded string functions', qr{tls\.c:\d+:strcpy}, 'lib/httpd/tls.c', 'strcpy(a, b);'],
    ["no upper case by the process's locale", qr{tls\.c:\d+:toupper}, 'lib/httpd/tls.c', 'toupper(a);'],
    ['the core allocates nothing, tells no time, draws no random numbers, prints nothing', qr{wire\.c:\d+:malloc}, 'lib/ntlm/wire.c', 'malloc(1);'],
    ['names are taken apart by name.c alone', qr{tls\.c:\d+:strchr}, 'lib/httpd/tls.c', 'strchr(name, \'@\');'],
    ['bytes_t always has a pointer', qr{tls\.c:\d+:bytes_t}, 'lib/httpd/tls.c', 'bytes_t x = {NULL, 0};'],
    ['copies end within what APR says they have room for (apr_pstrndup)', qr{tls\.c:\d+:apr_pstrmemdup}, 'lib/httpd/tls.c', 'apr_pstrmemdup(p, a, 1);'],
    ['no goto', qr{tls\.c:\d+:goto}, 'lib/httpd/tls.c', 'goto end;'],
    ['no two files of lib/ need each other', qr{lib/httpd/(?:conn|tls)}, 'lib/httpd/tls.h', '#include "conn.h"', 'lib/httpd/conn.h', '#include "tls.h"'],
    ['memcmp compares public data only', qr{found: .*lib/httpd/tls\.c=1}, 'lib/httpd/tls.c', 'memcmp(a, b, 1);'],
    ['source files have 300 lines at the most', qr{long\.c: 301}, 'lib/throttle/long.c', "\n" x 300],
    ['headers have 120 lines at the most', qr{long\.h: 121}, 'lib/throttle/long.h', "\n" x 120],
    ['the story has 250 lines at the most', qr{mod_auth_ntlmv2\.c: \d+}, 'mod_auth_ntlmv2.c', "\n" x 250],
    ['functions have 60 lines at the most', qr{endless\.c:2: 61}, 'support/endless.c', "int f(void)\n{\n" . "    f();\n" x 60 . '}'],
    ['lines have 100 columns at the most, no tabs, no blanks at their end', qr{attempt\.h:\d+:.*attempt\.h:\d+:.*attempt\.h:\d+:}s, 'lib/httpd/attempt.h', 'x' x 101 . "\n\t.\nx "],
    ['every directive is documented', qr/NTLMNew is not in/, 'lib/config/directives.c', 'DIRECTIVE("NTLMNew",'],
    ['every directive is shown in conf/', qr/NTLMNew is not in/],
    ['every directive is tested', qr/NTLMNew/],
    ['the rules of docs/security.md are the subtests of t/server/rules.t', qr/whales do not sing/, 't/server/rules.t', 'subtest \'99. whales do not sing\' => sub {'],
    ['every status is documented', qr/brand-new-status is not in/, 'lib/ntlm/status.c', '    [NTLM_NEW] = {"brand-new-status", 0xC0000001, 0,'],
    ['every status of a login that fails has a cause, a remedy and a line in docs/statuses.md', qr/brand-new-status 0xC0000001/],
    ['docs/causes.md has every id of a cause or a warning, its sentence and source, and no others', qr/`brand-new-cause` \| cause \| it "sang" twice \| - \|\n.*`never-named` \| cause/s,
        'lib/explain/causes/domain_case.c', qq({.id = "brand-new-cause",\n .kind = REMARK_CAUSE,\n .sentence = "it \\"sang\\" "\n  "twice"},), 'docs/causes.md', '| `never-named` | cause | it sang | - |'],
    ['every check of a Type 3 is in the man page of ntlmdump', qr/brand-new-check is not in/, 'lib/ntlm/checks.c', "const ntlm_check_t ntlm_checks[] = {\n    {\"brand-new-check\",\n};"],
    ['every file of the core, of accounts, configuration, what explains messages and audits logs has a unit test', qr{lib/ntlm/untested\.c}, 'lib/ntlm/untested.c', ''],
    ['every unit test is run', qr/forgotten/, 't/unit/forgotten.c', ''],
    ['every source of lib/ is in the Makefile', qr{lib/throttle/long\.c}],
    ['docs/contributing.md names the modules of each folder of lib/, and no others', qr{lib/ntlm/never_written\n.*lib/throttle/long\n}s, 'docs/contributing.md', "| `lib/ntlm` | |\n| `never_written` | |"],
    ['every fuzz target has seeds', qr/seedless/, 't/fuzz/seedless.c', ''],
    ['every tool has a man page', qr{support/ntlmnew\.c}, 'support/ntlmnew.c', ''],
    ['docs/clients.md says what comes of each client at each place', qr/a-new-client` \| singing \| - \| - \|/, 't/clients/scripts/a-new-client', "#!/bin/sh\n# all three: singing"],
    ['every client has its row in docs/clients.md', qr/a-new-client: expect: singing/, 't/clients/scripts/a-new-client', "#!/bin/sh\n# expect: singing"],
    ['what README.md names is there', qr{docs/never-written\.md}, 'README.md', '[x](docs/never-written.md)'],
    ['the module is built without what explains messages or audits logs, and without the test bench', qr/EXPLAIN/, 'Makefile.apxs', 'MODULE_C = $(EXPLAIN_C)'],
    ['nothing of the test bench is in the module: neither its names nor its words', qr/bench_of_all/],
    ['one exported symbol', qr/another_symbol/, '.libs/mod_auth_ntlmv2.so', undef],    # and another is built
    ['that symbol is there', qr/missing/],
    ['the module needs no library of Samba', qr/NEEDED .*libwbclient/],
    ['what asks winbindd is made of nothing else of ours: the contract of backends alone', qr{winbind_logon\.c:\d+:.*crypto}, 'lib/winbind/winbind_logon.c', '#include "../ntlm/crypto.h"'],
    ['clang-format has nothing to change', qr{lib/httpd/tls\.c:\d+:\d+: error}, 'lib/httpd/tls.c', 'int   x;'],
    ['scripts are valid sh', qr{support/demo}, 'support/demo', 'if'],
    ['servers of tests listen at ports of t/lib/Port.pm', qr{t/server/new\.t:1}, 't/server/new.t', 'my $port = free' . '_port();'],
    ['every rule here is shown to fail by t/tools/style.t', qr/nobody.may.whistle/, 't/style.sh', 'check "nobody may' . ' whistle" ""'],
);

sub add {
    my ($name, $text) = @_;
    make_path(dirname("$dir/$name"));
    open my $out, '>>', "$dir/$name" or die "$name: $!\n";
    print {$out} "$text\n";
    close $out or die "$name: $!\n";
    chmod 0755, "$dir/$name" if $text =~ /^#!/;
    return;
}

# What each check says: (its name => "not ok" and the lines below), in their order.
sub style {
    my $said = `cd $dir && sh t/style.sh 2>/dev/null`;
    my %said;
    push @{$said{order}}, $2 and $said{$2} = $1 . $3 while $said =~ /^((?:not )?ok) \d+ - (.*)\n((?:#   .*\n)*)/mg;
    return ($said, %said);
}

for my $breach (@breaches) {
    my (undef, undef, @files) = @$breach;
    while (my ($name, $text) = splice @files, 0, 2) {
        defined $text ? add($name, $text) : unlink "$dir/$name" || die "$name: $!\n";
    }
}
system("cd $dir/.libs && echo 'int a_call;' | cc -shared -x c -o libwbclient.so - && echo 'int another_symbol, bench_of_all;' | "
    . 'cc -shared -x c -o mod_auth_ntlmv2.so - -x none -Wl,--no-as-needed libwbclient.so') == 0 or die "cc failed\n";
my ($all, %said) = style();
for my $breach (@breaches) {
    my ($name, $wanted) = @$breach;
    SKIP: {
        skip 'clang-format is not installed', 1 if $name =~ /^clang-format/ && $all =~ /# SKIP clang-format/;
        like $said{$name} // 'there is no such check', qr/\Anot ok.*$wanted/s, $name;
    }
}
like $all, qr/^# repeat: .*sh t\/style\.sh$/m, 'the command that repeats it is said';

# No directives are found: none of the rules about them says anything.
open my $config, '>', "$dir/lib/config/directives.c" or die "directives.c: $!\n";
close $config;
my (undef, %then) = style();
push @breaches, ['directives were found'];
like $then{$breaches[-1][0]}, qr/\Anot ok.*none/s, $breaches[-1][0];

my %known = map { $_->[0] => 1 } @breaches;
is_deeply [grep { !$known{$_} && !/# SKIP/ } @{$said{order}}], [], 'there is a breach for each check';

done_testing;
