#!/bin/sh
# The rules of docs/contributing.md that a machine can check, as TAP. Run from the
# top folder, after the module was built.
number=0
failed=0

# check "rule" "what breaks it, empty if nothing does"
check() {
    number=$((number + 1))
    if [ -z "$2" ]; then
        echo "ok $number - $1"
    else
        failed=1
        echo "not ok $number - $1"
        printf '%s\n' "$2" | head -20 | sed 's/^/#   /'
    fi
}

sources=$(ls mod_auth_ntlmv2.c lib/*/*.c lib/*/*/*.c support/*.c)
headers=$(ls lib/*/*.h lib/*/*/*.h support/*.h)
ours="$sources $headers"
tests=$(ls t/*/*.[ch])
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT

# All that follows reads these, once: "file: what it includes, as a path from here" ...
awk '
    /^#include "/ {
        split($0, part, "\"")
        path = part[2]
        if (FILENAME ~ /\//) { folder = FILENAME; sub(/[^\/]*$/, "", folder); path = folder path }
        while (match(path, /[^\/.]+\/\.\.\//)) path = substr(path, 1, RSTART - 1) substr(path, RSTART + RLENGTH)
        print FILENAME ": " path
    }' $ours >"$work/includes"
# ... and the sources without comments, as file:line:text.
awk '
    FNR == 1 {inside = 0}
    {sub(/\/\*.*\*\//, "")}
    inside {if (/\*\//) inside = 0; next}
    /^ *\/\*/ {inside = 1; next}
    {print FILENAME ":" FNR ":" $0}' $sources >"$work/code"
# What comes from other files than these: lines that begin with a file's name.
but() { awk -F: -v files=" $* " '!index(files, " " $1 " ")'; }

# A rule that names what is gone would hold of nothing.
check "what t/style.sh names is there" \
    "$(sed '/^ *#/d; /grep -oE/d' t/style.sh | grep -oE '(^|[^a-zA-Z0-9_/.])(lib|t|docs|conf|support)/[a-zA-Z0-9_./*-]*[a-zA-Z0-9_*]' |
        sed 's/^[^a-z]//' | sort -u | while read -r named; do ls -d $named >/dev/null 2>&1 || echo "$named"; done)"

# ---- who may include whom ----
check "the core includes itself, libc and (in crypto.c) OpenSSL" \
    "$(grep -n '^#include' lib/ntlm/*.[ch] lib/ntlm/*/*.[ch] | grep -vE '"(\.\./)?[a-z_0-9]+\.(h|inc)"|<(std(bool|def|int)|string)\.h>' |
        grep -v "^lib/ntlm/crypto.c:.*<openssl/")"
check "what explains messages includes itself, the core and libc, no APR, no accounts" \
    "$(grep -n '^#include' lib/finding/*.[ch] lib/explain/*.[ch] lib/explain/*/*.[ch] | grep -vE '"((\.\./)+((ntlm|finding|warnings|hashed|shape)/(spnego/)?)?)?[a-z_0-9]+\.h"|<(std(arg|bool|def|int|io|lib)|inttypes|string|time)\.h>' |
        grep -vE '^lib/explain/(recording/recorded_json.c:.*<jansson|hashed/digests.c:.*<(openssl/(evp|hmac)|uni(case|norm)))\.h>')"
check "what audits logs includes itself, words of others, libc and Jansson, no APR, no httpd" \
    "$(grep -n '^#include' lib/audit/*.[ch] | grep -vE '"(audit_[a-z_]+|\.\./(ntlm/(spnego/)?|explain/|config/schemes)[a-z_]*)\.h"|<(std(bool|def|int|io|lib)|arpa/inet|inttypes|search|string|time)\.h>' |
        grep -v '^lib/audit/audit_json_log.c:.*<jansson\.h>')"
check "the module and what it is made of do not name what explains messages or audits logs, nor the test bench" \
    "$(grep -nE '(explain|audit|bench)/' $(echo "$ours" | grep -vE '^(lib/explain|lib/audit|lib/bench|support)/'))"
check "accounts know nothing of httpd" "$(grep -nE '#include.*(httpd|http_|[</"]ap_|/httpd/)' $(echo "$ours" | grep -E '^lib/(system|creds)/'))"
# Who may include whom, one line a folder; mod_auth_ntlmv2.c may include all of them but explain, audit and bench.
may_include='ntlm:
ntlm/spnego: ntlm
ntlm/basic: ntlm
finding: ntlm
system: ntlm
helpers: system ntlm
creds: system ntlm
creds/file: creds system ntlm
creds/ldap: creds system ntlm
creds/verify: helpers creds system ntlm
winbind: creds
throttle: creds system ntlm
config: throttle creds creds/file creds/ldap creds/verify system ntlm
status: config creds system throttle ntlm
http: config finding ntlm ntlm/spnego
httpd: http status config throttle creds system finding ntlm/spnego ntlm/basic ntlm
require: httpd http config throttle creds creds/verify ntlm/spnego ntlm
configtest: httpd http config throttle creds creds/verify ntlm
accesslog: httpd http config ntlm
explain: finding ntlm/spnego ntlm
explain/recording: explain finding ntlm
explain/warnings: explain finding ntlm
explain/shape: explain finding ntlm
explain/hashed: explain ntlm
explain/causes: explain explain/warnings explain/hashed explain/shape finding ntlm/spnego ntlm
audit: explain config ntlm/spnego ntlm
bench/site: ntlm
bench/place: ntlm
bench/record: bench/site bench/place explain/causes explain http ntlm
bench/fault: bench/record bench/place bench/site ntlm
bench/glue: bench/fault bench/record bench/place bench/site explain http config creds system ntlm
bench/around: bench/page bench/glue bench/record bench/place bench/site explain ntlm
bench/page: bench/glue bench/fault bench/record bench/place bench/site explain/causes explain ntlm
bench: bench/around bench/page bench/glue bench/fault bench/record bench/site ntlm'
up() { # the includes that run up or aside
    may_include=$may_include awk '
        function folder(file) { sub(/^lib\//, "", file); sub(/\/[^\/]*$/, "", file); return file }
        BEGIN {
            rows = split(ENVIRON["may_include"], row, "\n")
            for (i = 1; i <= rows; i++) {
                words = split(row[i], word, /:? /)
                for (w = 2; w <= words; w++) allowed[word[1], word[w]] = 1
            }
        }
        /^lib\// {
            from = folder(substr($1, 1, length($1) - 1))
            if (from != folder($2) && !((from, folder($2)) in allowed)) print
        }' "$work/includes"
}
check "includes of lib/ run down" "$(up)"
check "the folders of lib/ are those of that table" \
    "$({ echo "$may_include" | sed 's/:.*//'; echo "$ours" | sed -n 's|^lib/\(.*\)/[^/]*$|\1|p' | sort -u; } | sort | uniq -u)"
check "the configuration knows no request" "$(grep -nE 'request_rec|http_request\.h' $(echo "$ours" | grep '^lib/config/'))"
check "the throttle knows no attempt, and no configuration but its limits" \
    "$(grep -nE 'attempt|dir_config_t' $(echo "$ours" | grep '^lib/throttle/'))"
check "no folder of lib/ holds more than 14 modules" \
    "$(echo "$ours" | grep '^lib/' | sed 's/\.[ch]$//' | sort -u | sed 's|/[^/]*$||' | uniq -c | awk '$1 > 14 {print $2 ": " $1}')"
check "OpenSSL is seen by crypto.c only, and where the test bench makes certificates and digests" \
    "$(grep -l '#include <openssl/' $ours | but lib/ntlm/crypto.c support/testbench_certificates.c lib/explain/hashed/digests.c lib/bench/page/digest.c lib/bench/glue/tls_unique.c)"
check "libldap is seen by ldap_answer.c, ldap_client.c, ldap_io.c and ldap_tls.c only" \
    "$(grep -lE '#include <(ldap|lber)' $ours | but lib/creds/ldap/ldap_answer.c lib/creds/ldap/ldap_client.c lib/creds/ldap/ldap_io.c lib/creds/ldap/ldap_tls.c)"
check "connection state is touched by conn.c only, and by that of the test bench" \
    "$(grep -n 'conn_config' $sources | but lib/httpd/conn.c lib/bench/glue/bench.c)"

# ---- what is never called ----
banned() { grep -E "^${2:-}[^:]*:[0-9]+:.*$1" "$work/code"; }
check "no unbounded string functions" "$(banned '\b(strcpy|strcat|sprintf|vsprintf|gets|strtok|alloca|atoi)\(')"
check "no upper case by the process's locale" "$(banned '\b(toupper|tolower|towupper|strcasecmp|strncasecmp)\(')"
check "the core allocates nothing, tells no time, draws no random numbers, prints nothing" \
    "$(banned '\b(malloc|calloc|realloc|free|strdup|time|clock|rand|random|printf|fprintf|RAND_bytes)\(' lib/ntlm/)"
check "names are taken apart by name.c alone" \
    "$(banned "chr\([^)]*'(@|.{2})'\)" | grep -vE '^(lib/explain|support)/' |
        but lib/ntlm/name.c lib/creds/ldap/ldap_address.c lib/creds/ldap/ldap_spec.c)"
check "bytes_t always has a pointer" "$(banned 'bytes_t\)?( [a-z_]+ =)? ?\{(NULL|0)')"
check "copies end within what APR says they have room for (apr_pstrndup)" "$(banned '\bapr_pstrmemdup\(')"
check "no goto" "$(banned '\bgoto\b')"
check "no two files of lib/ need each other" \
    "$(sed 's/\.[ch]: / /; s/\.h$//' "$work/includes" | awk '$1 != $2' | tsort 2>&1 >/dev/null | sed 's/^tsort: //')"
# memcmp leaks where secrets differ. These uses compare public data; a new one is
# either one of those, and is counted here, or should be secret_equal().
memcmps=$(banned '\bmemcmp\(' | cut -d: -f1 | sort | uniq -c | awk '{print $2 "=" $1}' | tr '\n' ' ')
expected='lib/creds/file/creds_line.c=1 lib/creds/file/creds_table.c=1 lib/ntlm/wire.c=1 support/passwd_file.c=1 '
check "memcmp compares public data only" "$([ "$memcmps" = "$expected" ] || echo "found:    $memcmps
expected: $expected")"

# ---- sizes ----
too_long() { wc -l $2 | awk -v max="$1" '$2 != "total" && $1 > max {print $2 ": " $1 " lines"}'; }
check "source files have 300 lines at the most" "$(too_long 300 "$sources")"
check "headers have 120 lines at the most" "$(too_long 120 "$headers")"
check "the story has 250 lines at the most" "$(too_long 250 mod_auth_ntlmv2.c)"
check "functions have 60 lines at the most" "$(awk '
    FNR == 1 {start = 0}
    /^\{/ {start = FNR}
    /^\}/ && start {if (FNR - start > 60) print FILENAME ":" start ": " FNR - start " lines"; start = 0}' $sources)"
check "lines have 100 columns at the most, no tabs, no blanks at their end" \
    "$(LC_ALL=C grep -nE '^.{101}|	|[ 	\r]$' $ours $tests | grep -E ':[0-9]+:(.{101}|.*(	|[[:blank:]]$))')"

# ---- nothing is forgotten ----
in_docs() { for word in $1; do grep -qw -- "$word" $2 || echo "$word is not in $2"; done; }
directives=$(sed -n 's/.*DIRECTIVE[A-Z0-9_]*("\([A-Za-z]*\)".*/\1/p' lib/config/directives.c)
statuses=$(sed -n 's/.*\[NTLM_[A-Z0-9_]*\] = {"\([a-z0-9-]*\)".*/\1/p' lib/ntlm/status.c)
check "directives were found" "$([ "$(echo $directives | wc -w)" -ge 5 ] || echo "none")"
check "every directive is documented" "$(in_docs "$directives" docs/directives.md)"
check "every directive is shown in conf/" "$(in_docs "$directives" conf/ntlm.conf)"
check "every directive is tested" "$(for d in $directives; do grep -rqw "$d" t/*.t t/conf t/server t/http || echo "$d"; done)"
names=$(sed -n "s/^subtest ['\"][0-9]*\. \(.*\)['\"] => sub {\$/\1/p" t/server/rules.t | sort)
docs=$(awk -F' *[|] *' '/^\| rule \|/{on=1;next} on&&/^\|---/{next} on&&!/^\|/{exit} on{print $3}' docs/security.md | sort)
check "the rules of docs/security.md are the subtests of t/server/rules.t" \
    "$([ -n "$names" ] && [ "$names" = "$docs" ] || printf '%s\n' "$names" "$docs" | sort | uniq -u)"
check "every status is documented" "$(in_docs "$statuses" docs/statuses.md)"
check "every status of a login that fails has a cause, a remedy and a line in docs/statuses.md" \
    "$(sed -n 's/.*\[NTLM_[A-Z0-9_]*\] = {"\([a-z0-9-]*\)", \(0x[0-9A-F]*\),.*/\1 \2/p' lib/ntlm/status.c |
        grep -vE '^(ok|need-key|need-nonce) ' | awk '
            NR == FNR {
                if ($0 ~ /^## /) inside = $0 == "## It does not log in"
                cells = split($0, cell, / \| /)
                status = cell[1]; gsub(/[|` ]/, "", status)
                if (inside && cells == 4 && index(cell[4], "`" status ": ") == 1) line[status] = line[status] cell[4]
                next
            }
            !index(line[$1], "(" $2 ")") {print $1 " " $2}' docs/statuses.md -)"
# "| `id` | cause | sentence | source |", as docs/causes.md has it, of every row of lib/explain.
remarks=$(awk '
    function value(name, text) { # of a member: its strings, joined
        if (!match(row, "[.]" name " =")) return "-"
        row_rest = substr(row, RSTART + RLENGTH)
        while (match(row_rest, /^[ \n]*"([^"\\]|\\.)*"/)) {
            part = substr(row_rest, 1, RLENGTH); row_rest = substr(row_rest, RLENGTH + 1)
            sub(/^[ \n]*"/, "", part); sub(/"$/, "", part); gsub(/\\/, "", part)
            text = text part
        }
        return text == "" ? "-" : text
    }
    {text = text $0 "\n"}
    END {
        rows = split(text, each, /[.]id = /)
        for (i = 2; i <= rows; i++) {
            row = ".id = " each[i]
            if (row ~ /^[.]id = NULL/) continue
            match(row, /REMARK_(CAUSE|WARNING)/)
            kind = tolower(substr(row, RSTART + 7, RLENGTH - 7))
            print "| `" value("id") "` | " kind " | " value("sentence") " | " value("source") " |"
        }
    }' lib/explain/causes/*.c lib/explain/hashed/*.c lib/explain/shape/*.c lib/explain/warnings/*.c)
check "docs/causes.md has every id of a cause or a warning, its sentence and source, and no others" \
    "$([ -n "$remarks" ] || echo none; { echo "$remarks"; grep '^| `' docs/causes.md; } | sort | uniq -u)"
checks=$(sed -n '/ntlm_checks\[\] = {/,/^};/s/^    {"\([a-z-]*\)".*/\1/p' lib/ntlm/checks.c)
check "every check of a Type 3 is in the man page of ntlmdump" "$([ -n "$checks" ] || echo none; in_docs "$checks" support/ntlmdump.1)"
check "every file of the core, of accounts, configuration, what explains messages and audits logs has a unit test" \
    "$(for c in lib/ntlm/*.c lib/ntlm/*/*.c lib/system/*.c lib/creds/*.c lib/creds/*/*.c lib/config/*.c lib/finding/*.c lib/explain/*.c lib/explain/*/*.c lib/audit/*.c; do [ -f "t/unit/$(basename "$c")" ] || echo "$c"; done)"
unit_tests=$(make -f Makefile.apxs -pnq unit 2>/dev/null | sed -n 's/^unit: //p' | tr ' ' '\n')
check "every unit test is run" \
    "$(for c in t/unit/*.c; do n=$(basename "$c" .c); printf '%s\n' "$unit_tests" | grep -qx "build/asan/unit/$n" || echo "$n"; done)"
check "every source of lib/ is in the Makefile" \
    "$(for c in $(echo "$sources" | grep ^lib/); do grep -qw "$(basename "$c" .c)" Makefile.apxs || echo "$c"; done)"
in_guide=$(awk -F'|' '
    !/^\|/ {folder = ""}
    folder {words = split($2, word, "`"); for (i = 2; i <= words; i += 2) print folder "/" word[i]}
    /^\| `lib\// {split($2, word, "`"); folder = word[2]}' docs/contributing.md)
check "docs/contributing.md names the modules of each folder of lib/, and no others" \
    "$({ echo "$in_guide"; echo "$ours" | grep '^lib/' | sed 's/\.[ch]$//' | sort -u; } | sort | uniq -u)"
check "every fuzz target has seeds" \
    "$(for c in t/fuzz/*.c; do n=$(basename "$c" .c); [ "$n" = replay ] || ls "t/fuzz/seeds/$n" 2>/dev/null | grep -q . || echo "$n"; done)"
check "every tool has a man page" "$(for c in support/ntlm*.c; do [ -f "${c%.c}.1" ] || echo "$c"; done)"
check "every client has its row in docs/clients.md" \
    "$(for c in $(find t/clients/scripts -type f -perm -u+x); do n=$(basename "$c"); e=$(sed -n 's/^.*expect: //p' "$c")
        grep -q "^| .$n. |.*| \(refused as .\)\?${e:-nothing}\b" docs/clients.md || echo "$n: expect: $e"; done)"
# The second table: by place, "-" where the client is not driven.
check "docs/clients.md says what comes of each client at each place" \
    "$(for c in $(find t/clients/scripts -type f -perm -u+x); do
        row="$(basename "$c")\` |"
        for place in 'all three' 'NTLM first' 'own offer'; do
            v=$(sed -n "1,20s/^[^a-zA-Z]*$place: //p" "$c")
            row="$row ${v:--} |"
        done
        case $row in *' - | - | - |') continue ;; esac
        grep -qF "| \`$row" docs/clients.md || echo "$row"; done)"
check "what README.md names is there" \
    "$(sed -n 's/.*](\([a-zA-Z][^):#]*\)).*/\1/p' README.md docs/*.md | while read -r f; do [ -e "$f" ] || [ -e "docs/$f" ] || echo "$f"; done)"

# ---- the module ----
check "the module is built without what explains messages or audits logs, and without the test bench" \
    "$(grep -nE '^(MODULE|CORE|CREDS|GLUE)(_C)? *=.*(EXPLAIN|explain|AUDIT|audit|TESTBENCH|bench)' Makefile.apxs)"
check "nothing of the test bench is in the module: neither its names nor its words" \
    "$(nm .libs/mod_auth_ntlmv2.so | grep -iE ' (bench_|place_of|record_new|history_|judge|diagnos|remark_|explain_|replay_)'
        strings .libs/mod_auth_ntlmv2.so | grep -iE 'testbench|ntlm-bench|/last|domain-upper-cased')"
check "one exported symbol" \
    "$(nm -D --defined-only .libs/mod_auth_ntlmv2.so | awk '{print $3}' | grep -vx 'auth_ntlmv2_module')"
check "that symbol is there" "$(nm -D --defined-only .libs/mod_auth_ntlmv2.so | grep -q ' auth_ntlmv2_module$' || echo missing)"

check "the module needs no library of Samba" \
    "$(objdump -p .libs/mod_auth_ntlmv2.so | grep -E 'NEEDED .*(wbclient|samba|talloc|tevent)')"
check "what asks winbindd is made of nothing else of ours: the contract of backends alone" \
    "$(grep -n '^#include "' lib/winbind/*.[ch] | grep -vE '"(winbind_[a-z]+|\.\./creds/creds_backend)\.h"')"

# ---- layout ----
if command -v clang-format >/dev/null; then
    # Those that have changed since nothing was found; build/formatted says when that was.
    touch "$work/now"
    changed=$(find .clang-format $ours $tests $([ ! -e build/formatted ] || echo -newer build/formatted))
    case $changed in *.clang-format*) changed="$ours $tests" ;; esac
    wrong=$([ -z "$changed" ] || clang-format --dry-run -Werror $changed 2>&1 | grep 'error:')
    check "clang-format has nothing to change" "$wrong"
    [ -n "$wrong" ] || { mkdir -p build && mv "$work/now" build/formatted; }
else
    number=$((number + 1))
    echo "ok $number - layout # SKIP clang-format is not installed (package clang-format)"
fi
scripts=$(find support t -name node -prune -o -type f -exec \
    awk 'FNR == 1 && /^#!\/bin\/sh/ {print FILENAME} {nextfile}' {} +)
check "scripts are valid sh" "$(for s in $scripts t/clients/scripts/lib.sh t/coverage-report; do sh -n "$s" 2>&1; done)"

check "servers of tests listen at ports of t/lib/Port.pm" \
    "$(grep -rnE 'free_port|LocalPort *=> *[^0, ]' t --include='*.t' --include='*.pm' --include=run-e2e |
        but t/lib/Port.pm t/server/ports.t)"

check "every rule here is shown to fail by t/tools/style.t" \
    "$(sed -n 's/^ *check "\([^"]*\)".*/\1/p' t/style.sh | while read -r rule; do grep -qF -- "$rule" t/tools/style.t || echo "$rule"; done)"

echo "1..$number"
[ "$failed" = 0 ] || echo "# repeat: make -f Makefile.apxs -s && sh t/style.sh"
exit $failed
