/* One line of the password file: what is accepted, and what is said about the rest. */
#include "unit.h"

#include "../../lib/creds/creds_line.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

#define HASH "8846f7eaee8fb117ad06bdd830b7586c" /* "password" */
#define TEN "aaaaaaaaaa"
#define HUNDRED TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN
#define USER104 HUNDRED "aaaa"
#define DOMAIN255 HUNDRED HUNDRED TEN TEN TEN TEN TEN "ddddd"
#define EURO10 "€€€€€€€€€€"
#define EURO100 EURO10 EURO10 EURO10 EURO10 EURO10 EURO10 EURO10 EURO10 EURO10 EURO10

static const char no_colon[] = "there is no colon; write user:NTHASH (ntlmpasswd makes such lines)";
static const char no_hash[] =
    "the NT hash is not 32 hex digits; write user:NTHASH (ntlmpasswd makes such lines)";
static const char after_hash[] = "after the NT hash only :[D], for a disabled account, may follow";
static const char htpasswd[] =
    "that is an htpasswd entry; NTLM needs the NT hash, which ntlmpasswd makes";
static const char no_name[] = "a name is missing; write user or DOMAIN\\user before the colon";
static const char not_text[] = "the name is not UTF-8, or holds a control character";
static const char has_nul[] = "the name holds a NUL byte";
static const char too_long[] = "the name is too long";
static const char beyond_ntlm[] =
    "the name is longer than NTLM allows (user 104, domain 255 characters)";
static const char two_backslashes[] = "a name holds one '\\' at the most: DOMAIN\\user";
static const char blank_edge[] = "a name cannot begin or end with a blank";
static const char comment_name[] = "a name cannot begin with '#', which begins a comment";
static const char has_colon[] = "a name cannot hold a colon";

/* Parses len bytes in memory of exactly their size, without a NUL behind them. */
static creds_line_kind_t parse_bytes(const char *text, size_t len, creds_line_t *line)
{
    char *exact = malloc(len ? len : 1);
    memcpy(exact, text, len);
    memset(line, 0xA5, sizeof *line);
    creds_line_kind_t kind = creds_line_parse(exact, len, line);
    free(exact);
    assert_int_equal(line->kind, kind);
    assert_int_equal(line->why != NULL, kind == CREDS_LINE_BAD);
    return kind;
}

static creds_line_kind_t parse(const char *text, creds_line_t *line)
{
    return parse_bytes(text, strlen(text), line);
}

static void assert_bad_bytes(const char *text, size_t len, const char *why)
{
    creds_line_t line;
    if (parse_bytes(text, len, &line) != CREDS_LINE_BAD) fail_msg("accepted: %.60s", text);
    if (strcmp(line.why, why) != 0) fail_msg("%.60s: %s", text, line.why);
}

static void assert_bad(const char *text, const char *why)
{
    assert_bad_bytes(text, strlen(text), why);
}

static void assert_entry(const char *text, const char *name, bool disabled)
{
    creds_line_t line;
    if (parse(text, &line) != CREDS_LINE_ENTRY) fail_msg("%s: %s", text, line.why);
    assert_string_equal(line.name, name);
    assert_key(line.nt_hash, HASH);
    assert_int_equal(line.disabled, disabled);
}

/* ---- accepted ---- */

static void entries_are_read(void **state)
{
    (void)state;
    assert_entry("alice:" HASH, "alice", false);
    assert_entry("CORP\\alice:" HASH, "CORP\\alice", false);
    assert_entry("alice@corp.example:" HASH, "alice@corp.example", false);
    assert_entry("CORP\\alice@corp.example:" HASH, "CORP\\alice@corp.example", false);
    assert_entry("Jürgen Groß:" HASH, "Jürgen Groß", false);
    assert_entry("a#b$c{d}[D]:" HASH, "a#b$c{d}[D]", false);
    assert_entry("a:" HASH, "a", false);
    assert_entry("\xF0\x9F\x98\x80:" HASH, "\xF0\x9F\x98\x80", false);
}

static void hex_digits_have_either_case(void **state)
{
    (void)state;
    assert_entry("alice:8846F7EAEE8FB117AD06BDD830B7586C", "alice", false);
    assert_entry("alice:8846f7EAee8fB117ad06bdD830b7586C", "alice", false);
    creds_line_t line;
    assert_int_equal(parse("a:0123456789abcdefABCDEF9876543210", &line), CREDS_LINE_ENTRY);
    assert_key(line.nt_hash, "0123456789abcdefabcdef9876543210");
}

static void an_account_may_be_disabled(void **state)
{
    (void)state;
    assert_entry("alice:" HASH ":[D]", "alice", true);
    assert_entry("CORP\\alice:" HASH ":[D] \t\r", "CORP\\alice", true);
}

static void blanks_at_the_end_are_no_part_of_a_line(void **state)
{
    (void)state;
    static const char *const ends[] = {"\r", " ", "\t", " \t \r", "\r\r", "                    "};
    for (size_t i = 0; i < COUNT(ends); i++) {
        char text[128];
        sprintf(text, "alice:" HASH "%s", ends[i]);
        assert_entry(text, "alice", false);
    }
}

static void empty_lines_and_comments_are_skipped(void **state)
{
    (void)state;
    static const char *const lines[] = {
        "", "\r", " ", "\t \r", "#", "# alice", ("#a:" HASH), "#\xFF not even UTF-8", "#\r"};
    for (size_t i = 0; i < COUNT(lines); i++) {
        creds_line_t line;
        assert_int_equal(parse(lines[i], &line), CREDS_LINE_SKIP);
        assert_string_equal(line.name, "");
    }
    creds_line_t line;
    assert_int_equal(parse_bytes("#\0\0", 3, &line), CREDS_LINE_SKIP);
}

static void nothing_of_the_line_before_is_kept(void **state)
{
    (void)state;
    creds_line_t line;
    assert_int_equal(creds_line_parse("alice:" HASH ":[D]", 42, &line), CREDS_LINE_ENTRY);
    assert_true(line.disabled);
    assert_int_equal(creds_line_parse("", 0, &line), CREDS_LINE_SKIP);
    assert_false(line.disabled);
    assert_string_equal(line.name, "");
    assert_key(line.nt_hash, "00000000000000000000000000000000");
}

/* ---- refused ---- */

static void a_line_without_a_colon_is_refused(void **state)
{
    (void)state;
    assert_bad("alice", no_colon);
    assert_bad(HASH, no_colon);
    assert_bad(" # a comment that does not begin the line", no_colon);
    assert_bad("alice " HASH, no_colon);
    assert_bad("<<<<<<< HEAD", no_colon);
    assert_bad("\xEF\xBB\xBF", no_colon);
}

static void a_hash_that_is_not_32_hex_digits_is_refused(void **state)
{
    (void)state;
    static const char *const hashes[] = {
        "",
        "8",
        "8846f7eaee8fb117ad06bdd830b7586",   /* 31 */
        "8846f7eaee8fb117ad06bdd830b7586c0", /* 33 */
        HASH HASH,
        " 846f7eaee8fb117ad06bdd830b7586c",
        " " HASH,
        "8846f7eaee8fb117ad06bdd830b7586g",
        "G846f7eaee8fb117ad06bdd830b7586c",
        "8846f7eaee8fb117 ad06bdd830b7586",
        "0x46f7eaee8fb117ad06bdd830b7586c",
        "8846f7eaee8fb117ad06bdd830b7586/", /* the neighbours of the digits */
        "8846f7eaee8fb117ad06bdd830b758:c",
        "@846f7eaee8fb117ad06bdd830b7586c",
        "`846f7eaee8fb117ad06bdd830b7586c",
        "8846f7eaee8fb117ad06bdd830b7586\xB2",
        "secret",
        ":[D]",
        ":" HASH,
        "500:aad3b435b51404eeaad3b435b51404ee:" HASH ":::", /* pwdump */
        HASH "[D]",
        HASH " :[D]",
    };
    for (size_t i = 0; i < COUNT(hashes); i++) {
        char text[128];
        sprintf(text, "alice:%s", hashes[i]);
        assert_bad(text, no_hash);
    }
}

static void an_htpasswd_entry_is_called_one(void **state)
{
    (void)state;
    assert_bad("alice:$apr1$CRlMf6xx$5LLFqg0YQ0ZlHEcF2Bo5k.", htpasswd);
    assert_bad("alice:$2y$05$c4WoMPo3SXsafkva.HHa6uXQZWr7oboPiC2bT/r7q1BB8I2s0BRqC", htpasswd);
    assert_bad("alice:{SHA}W6ph5Mm5Pz8GgiULbPgzG37mj9g=", htpasswd);
    assert_bad("alice:$", htpasswd);
}

static void anything_but_disabled_after_the_hash_is_refused(void **state)
{
    (void)state;
    static const char *const ends[] = {":",   ":D",    ":[d]", ":[D]x", ":[D]:",  ": [D]",
                                       ":[D", "::[D]", ":[]",  ":[N]",  ":[D][D]"};
    for (size_t i = 0; i < COUNT(ends); i++) {
        char text[128];
        sprintf(text, "alice:" HASH "%s", ends[i]);
        assert_bad(text, after_hash);
    }
}

static void a_missing_name_is_refused(void **state)
{
    (void)state;
    assert_bad(":" HASH, no_name);
    assert_bad("CORP\\:" HASH, no_name);
    assert_bad("\\alice:" HASH, no_name);
    assert_bad("\\:" HASH, no_name);
    assert_bad(":", no_name);
}

static void a_nul_byte_is_refused_wherever_it_stands(void **state)
{
    (void)state;
    static const char line[] = "alice:" HASH ":[D]";
    for (size_t at = 0; at < sizeof line - 1; at++) {
        char text[sizeof line];
        memcpy(text, line, sizeof line);
        text[at] = '\0';
        /* In place of the first colon it joins name and hash, of the second hash and [D]. */
        const char *why = at <= 5 ? has_nul : at <= 38 ? no_hash : after_hash;
        assert_bad_bytes(text, sizeof line - 1, why);
    }
    assert_bad_bytes("alice:" HASH "\0", 39, no_hash);
    assert_bad_bytes("\0", 1, no_colon);
}

static void a_name_that_is_not_clean_utf8_is_refused(void **state)
{
    (void)state;
    assert_bad("J\xFCrgen:" HASH, not_text); /* Latin-1 */
    assert_bad("\xC0\xAF:" HASH, not_text);
    assert_bad("\xED\xA0\x80:" HASH, not_text);
    assert_bad("\xC3:" HASH, not_text);
    assert_bad("al\tice:" HASH, not_text);
    assert_bad("al\rice:" HASH, not_text);
    assert_bad("al\x1Bice:" HASH, not_text);
    assert_bad("alice\x7F:" HASH, not_text);
    assert_bad("alice\xC2\x85:" HASH, not_text);
}

static void names_follow_their_rules(void **state)
{
    (void)state;
    assert_bad("A\\B\\alice:" HASH, two_backslashes);
    assert_bad("A\\\\alice:" HASH, two_backslashes);
    assert_bad(" alice:" HASH, blank_edge);
    assert_bad("alice :" HASH, blank_edge);
    assert_bad("CORP\\ alice:" HASH, blank_edge);
    assert_bad("CORP \\alice:" HASH, blank_edge);
    assert_bad(" :" HASH, blank_edge);
    assert_string_equal(creds_name_check("#alice"), comment_name);
    assert_string_equal(creds_name_check("al:ice"), has_colon);
    assert_string_equal(creds_name_check(""), no_name);
    assert_string_equal(creds_name_check("\n"), not_text);
    assert_null(creds_name_check("CORP\\alice"));
    assert_null(creds_name_check("alice smith"));
}

static void names_have_the_length_that_ntlm_allows(void **state)
{
    (void)state;
    assert_null(creds_name_check(USER104));
    assert_string_equal(creds_name_check(USER104 "a"), beyond_ntlm);
    assert_null(creds_name_check(DOMAIN255 "\\" USER104));
    assert_string_equal(creds_name_check(DOMAIN255 "d\\" USER104), beyond_ntlm);
    assert_string_equal(creds_name_check(DOMAIN255 "\\" USER104 "a"), beyond_ntlm);
    assert_string_equal(creds_name_check(DOMAIN255), beyond_ntlm); /* as a user */
    /* Units count, not bytes: three bytes each here, and two units for U+1F600. */
    assert_null(creds_name_check(EURO100 "€€€€"));
    assert_string_equal(creds_name_check(EURO100 "€€€€€"), beyond_ntlm);
    assert_null(creds_name_check(EURO100 "aa\xF0\x9F\x98\x80"));
    assert_string_equal(creds_name_check(EURO100 "aaa\xF0\x9F\x98\x80"), beyond_ntlm);
    assert_null(creds_name_check(EURO100 EURO100 EURO10 EURO10 EURO10 EURO10 EURO10
                                 "€€€€€\\" EURO100 "€€€€"));
    assert_entry(DOMAIN255 "\\" USER104 ":" HASH ":[D]", DOMAIN255 "\\" USER104, true);
}

static void over_long_names_are_refused_before_they_are_copied(void **state)
{
    (void)state;
    static const size_t lengths[] = {CREDS_NAME_MAX - 1, CREDS_NAME_MAX, CREDS_NAME_MAX + 1,
                                     1024 * 1024};
    for (size_t i = 0; i < COUNT(lengths); i++) {
        size_t len = lengths[i];
        char *text = malloc(len + 34);
        memset(text, 'a', len);
        memcpy(text + len, ":" HASH, 34);
        assert_bad_bytes(text, len + 33, len < CREDS_NAME_MAX ? beyond_ntlm : too_long);
        text[len] = '\0';
        assert_string_equal(creds_name_check(text), len < CREDS_NAME_MAX ? beyond_ntlm : too_long);
        free(text);
    }
}

static void over_long_lines_are_refused_or_are_blanks(void **state)
{
    (void)state;
    enum { LEN = 1024 * 1024, ENTRY_LEN = 38 };
    char *text = malloc(LEN);
    creds_line_t line;
    memset(text, 'a', LEN);
    assert_bad_bytes(text, LEN, no_colon);
    memcpy(text, "alice:", 6);
    assert_bad_bytes(text, LEN, no_hash);
    memset(text, ':', LEN);
    assert_bad_bytes(text, LEN, no_name);
    memset(text, ' ', LEN);
    assert_int_equal(parse_bytes(text, LEN, &line), CREDS_LINE_SKIP);
    memcpy(text, "alice:" HASH, ENTRY_LEN);
    assert_int_equal(parse_bytes(text, LEN, &line), CREDS_LINE_ENTRY);
    assert_string_equal(line.name, "alice");
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(entries_are_read),
        cmocka_unit_test(hex_digits_have_either_case),
        cmocka_unit_test(an_account_may_be_disabled),
        cmocka_unit_test(blanks_at_the_end_are_no_part_of_a_line),
        cmocka_unit_test(empty_lines_and_comments_are_skipped),
        cmocka_unit_test(nothing_of_the_line_before_is_kept),
        cmocka_unit_test(a_line_without_a_colon_is_refused),
        cmocka_unit_test(a_hash_that_is_not_32_hex_digits_is_refused),
        cmocka_unit_test(an_htpasswd_entry_is_called_one),
        cmocka_unit_test(anything_but_disabled_after_the_hash_is_refused),
        cmocka_unit_test(a_missing_name_is_refused),
        cmocka_unit_test(a_nul_byte_is_refused_wherever_it_stands),
        cmocka_unit_test(a_name_that_is_not_clean_utf8_is_refused),
        cmocka_unit_test(names_follow_their_rules),
        cmocka_unit_test(names_have_the_length_that_ntlm_allows),
        cmocka_unit_test(over_long_names_are_refused_before_they_are_copied),
        cmocka_unit_test(over_long_lines_are_refused_or_are_blanks),
    };
    return RUN_GROUP(tests);
}
