/* One line of the password file: what is accepted, and what is said about the rest. */
#include "unit.h"

#include "../../lib/creds/file/creds_line.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

#define HASH "8846f7eaee8fb117ad06bdd830b7586c" /* "password" */
#define LM "AAD3B435B51404EEaad3b435b51404ee"
#define NO_HASH "XXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX"
#define STARS "********************************"
#define NO_PASSWORD "NO PASSWORDXXXXXXXXXXXXXXXXXXXXX"
#define NO_PASSWORD_STARS "NO PASSWORD*********************"
#define BLANK "31d6cfe0d16ae931b73c59d7e0c089c0"
#define LCT ":LCT-6B00DA32:"
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
static const char no_name[] = "a name is missing; write user or DOMAIN\\user";
static const char not_text[] = "a name is not UTF-8";
static const char has_control[] = "a name holds a control character";
static const char not_seen[] = "a name holds a character that is not seen (zero-width, "
                               "bidirectional, a byte order mark or a line separator)";
static const char has_nul[] = "the name holds a NUL byte";
static const char too_long[] = "the name is too long";
static const char beyond_ntlm[] =
    "the name is longer than NTLM allows (user 104, domain 255 characters)";
static const char two_backslashes[] = "a name holds one '\\' at the most: DOMAIN\\user";
static const char blank_edge[] = "a name cannot begin or end with a blank";
static const char comment_name[] = "a name cannot begin with '#', which begins a comment";
static const char has_colon[] = "a name cannot hold a colon";

static const char bad_lm[] =
    "the LM hash is not 32 hex digits; write 32 X if there is none, or user:NTHASH";
static const char bad_nt[] =
    "the NT hash, the field behind the LM hash, is not 32 hex digits; write 32 X if there is none";
static const char bad_flag[] =
    "a flag is a capital letter; write [U          ], or [DU         ] to disable";
static const char not_whole[] =
    "the smbpasswd line is not whole; write name:uid:LM:NT:[FLAGS]:LCT-XXXXXXXX: as pdbedit -L -w "
    "does";
static const char bad_form[] = "behind the NT hash must follow ::: as secretsdump writes it, or "
                               ":[FLAGS]:LCT-XXXXXXXX: as pdbedit -L -w does";
static const char bad_dump[] = "behind ::: nothing may follow but (status=...); remove the rest";

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

static void assert_entry(const char *text, const char *name, ntlm_status_t state)
{
    creds_line_t line;
    if (parse(text, &line) != CREDS_LINE_ENTRY) fail_msg("%s: %s", text, line.why);
    assert_string_equal(line.name, name);
    assert_key(line.nt_hash, HASH);
    assert_int_equal(line.state, state);
    assert_int_equal(line.form, CREDS_FORM_PLAIN);
    assert_true(line.has_hash);
    assert_int_equal(line.hash_at, strlen(name) + 1);
}

/* ---- accepted ---- */

static void entries_are_read(void **state)
{
    (void)state;
    assert_entry("alice:" HASH, "alice", NTLM_OK);
    assert_entry("CORP\\alice:" HASH, "CORP\\alice", NTLM_OK);
    assert_entry("alice@corp.example:" HASH, "alice@corp.example", NTLM_OK);
    assert_entry("CORP\\alice@corp.example:" HASH, "CORP\\alice@corp.example", NTLM_OK);
    assert_entry("Jürgen Groß:" HASH, "Jürgen Groß", NTLM_OK);
    assert_entry("a#b$c{d}[D]:" HASH, "a#b$c{d}[D]", NTLM_OK);
    assert_entry("a:" HASH, "a", NTLM_OK);
    assert_entry("\xF0\x9F\x98\x80:" HASH, "\xF0\x9F\x98\x80", NTLM_OK);
}

static void hex_digits_have_either_case(void **state)
{
    (void)state;
    assert_entry("alice:8846F7EAEE8FB117AD06BDD830B7586C", "alice", NTLM_OK);
    assert_entry("alice:8846f7EAee8fB117ad06bdD830b7586C", "alice", NTLM_OK);
    creds_line_t line;
    assert_true(hex_read(bytes_of(HASH), line.nt_hash, NTLM_KEY_LEN));
    assert_false(hex_read((bytes_t){(const uint8_t *)HASH, 31}, line.nt_hash, NTLM_KEY_LEN));
    assert_int_equal(parse("a:0123456789abcdefABCDEF9876543210", &line), CREDS_LINE_ENTRY);
    assert_key(line.nt_hash, "0123456789abcdefabcdef9876543210");
}

static void an_account_may_be_disabled(void **state)
{
    (void)state;
    assert_entry("alice:" HASH ":[D]", "alice", NTLM_ACCOUNT_DISABLED);
    assert_entry("CORP\\alice:" HASH ":[D] \t\r", "CORP\\alice", NTLM_ACCOUNT_DISABLED);
}

static void blanks_at_the_end_are_no_part_of_a_line(void **state)
{
    (void)state;
    static const char *const ends[] = {"\r", " ", "\t", " \t \r", "\r\r", "                    "};
    for (size_t i = 0; i < COUNT(ends); i++) {
        char text[128];
        sprintf(text, "alice:" HASH "%s", ends[i]);
        assert_entry(text, "alice", NTLM_OK);
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
    assert_int_equal(line.state, NTLM_ACCOUNT_DISABLED);
    assert_int_equal(creds_line_parse("", 0, &line), CREDS_LINE_SKIP);
    assert_int_equal(line.state, NTLM_OK);
    assert_string_equal(line.name, "");
    assert_key(line.nt_hash, "00000000000000000000000000000000");
}

/* ---- smbpasswd and dumps ---- */

static void assert_record(const char *text, const char *name, creds_line_form_t form,
                          const char *hash, ntlm_status_t state)
{
    creds_line_t line;
    if (parse(text, &line) != CREDS_LINE_ENTRY) fail_msg("%s: %s", text, line.why);
    assert_string_equal(line.name, name);
    assert_int_equal(line.form, form);
    assert_int_equal(line.state, state);
    assert_int_equal(line.has_hash, hash != NULL);
    assert_key(line.nt_hash, hash ? hash : BLANK);
    /* Behind the name stand a number, 32 characters of LM, and their colons. */
    const char *number = text + strlen(name) + 1;
    assert_int_equal(line.hash_at, (size_t)(strchr(number, ':') - text) + 34);
}

static void assert_flags(const char *flags, ntlm_status_t state)
{
    char text[256];
    sprintf(text, "alice:1000:" LM ":" HASH ":[%s]" LCT, flags);
    assert_record(text, "alice", CREDS_FORM_SMBPASSWD, HASH, state);
}

static void smbpasswd_lines_are_read(void **state)
{
    (void)state;
    static const char *const ends[] = {"", ":", ":gecos", "::", ":a:b:c: ", ":\xFF"};
    static const char *const lms[] = {LM, NO_HASH, STARS, NO_PASSWORD, NO_PASSWORD_STARS};
    for (size_t i = 0; i < COUNT(ends); i++) {
        char text[256];
        sprintf(text, "alice:0:" LM ":" HASH ":[U          ]:LCT-0aF96B00%s", ends[i]);
        assert_record(text, "alice", CREDS_FORM_SMBPASSWD, HASH, NTLM_OK);
    }
    for (size_t i = 0; i < COUNT(lms); i++) {
        char text[256];
        sprintf(text, "WEB$:4294967295:%s:" HASH ":[W          ]" LCT "\r", lms[i]);
        assert_record(text, "WEB$", CREDS_FORM_SMBPASSWD, HASH, NTLM_OK);
    }
    assert_record("CORP\\a b:7:" LM ":" HASH ":[U]" LCT, "CORP\\a b", CREDS_FORM_SMBPASSWD, HASH,
                  NTLM_OK);
}

static void the_first_of_disabled_locked_and_no_password_decides(void **state)
{
    (void)state;
    assert_flags("", NTLM_OK);
    assert_flags("           ", NTLM_OK);
    assert_flags("U          ", NTLM_OK);
    assert_flags("ABCEFGHIJKMOPQRSTUVWXYZ", NTLM_OK);
    assert_flags("DU         ", NTLM_ACCOUNT_DISABLED);
    assert_flags("          D", NTLM_ACCOUNT_DISABLED);
    assert_flags("UL         ", NTLM_ACCOUNT_LOCKED);
    assert_flags("NU         ", NTLM_BLANK_PASSWORD);
    assert_flags("NDUL       ", NTLM_ACCOUNT_DISABLED);
    assert_flags("LND", NTLM_ACCOUNT_DISABLED);
    assert_flags("NUL        ", NTLM_ACCOUNT_LOCKED);
    assert_flags("DN", NTLM_ACCOUNT_DISABLED);
}

static void dumps_are_read(void **state)
{
    (void)state;
    assert_record("Administrator:500:" LM ":" HASH ":::", "Administrator", CREDS_FORM_DUMP, HASH,
                  NTLM_OK);
    assert_record("corp.example\\alice:1104:" NO_PASSWORD_STARS ":" HASH "::: \r",
                  "corp.example\\alice", CREDS_FORM_DUMP, HASH, NTLM_OK);
    assert_record("DC1$:1000:" LM ":" HASH ":::", "DC1$", CREDS_FORM_DUMP, HASH, NTLM_OK);
    assert_record("a:1:" LM ":" HASH "::: (status=Enabled)", "a", CREDS_FORM_DUMP, HASH, NTLM_OK);
    assert_record("a:1:" LM ":" HASH "::: (status=Disabled)", "a", CREDS_FORM_DUMP, HASH,
                  NTLM_ACCOUNT_DISABLED);
    assert_record("a:1:" LM ":" HASH "::: (pwdLastSet=never)", "a", CREDS_FORM_DUMP, HASH, NTLM_OK);
    assert_record("a:1:" LM ":" HASH "::: (pwdLastSet=2026-01-02 03:04) (status=Disabled)", "a",
                  CREDS_FORM_DUMP, HASH, NTLM_ACCOUNT_DISABLED);
}

static void an_account_without_a_hash_never_logs_in(void **state)
{
    (void)state;
    static const char *const none[] = {NO_HASH, STARS, NO_PASSWORD, NO_PASSWORD_STARS};
    for (size_t i = 0; i < COUNT(none); i++) {
        char text[256];
        sprintf(text, "nobody:65534:" NO_HASH ":%s:[U          ]" LCT, none[i]);
        assert_record(text, "nobody", CREDS_FORM_SMBPASSWD, NULL, NTLM_BLANK_PASSWORD);
        sprintf(text, "nobody:65534:" NO_HASH ":%s:[DU         ]" LCT, none[i]);
        assert_record(text, "nobody", CREDS_FORM_SMBPASSWD, NULL, NTLM_ACCOUNT_DISABLED);
        sprintf(text, "nobody:65534:" NO_HASH ":%s:[UL         ]" LCT, none[i]);
        assert_record(text, "nobody", CREDS_FORM_SMBPASSWD, NULL, NTLM_ACCOUNT_LOCKED);
        sprintf(text, "nobody:501:" NO_HASH ":%s:::", none[i]);
        assert_record(text, "nobody", CREDS_FORM_DUMP, NULL, NTLM_BLANK_PASSWORD);
        sprintf(text, "nobody:501:" NO_HASH ":%s::: (status=Enabled)", none[i]);
        assert_record(text, "nobody", CREDS_FORM_DUMP, NULL, NTLM_BLANK_PASSWORD);
    }
}

/* What stands for a hash that is not there is the hash that the core refuses whatever the state. */
static void what_stands_for_no_hash_is_the_hash_of_the_empty_password(void **state)
{
    (void)state;
    creds_line_t line;
    uint8_t empty[16];
    assert_true(md4((bytes_t){NULL, 0}, empty));
    parse("nobody:1:" NO_HASH ":" NO_HASH ":::", &line);
    assert_memory_equal(line.nt_hash, empty, sizeof empty);
}

static void what_pdbedit_printed_is_read_line_by_line(void **state)
{
    (void)state;
    static const struct {
        const char *name, *hash;
        ntlm_status_t state;
    } expected[] = {
        {"games", "f8963568a1ec62a3161d9d6449baba93", NTLM_OK},
        {"mail", BLANK, NTLM_BLANK_PASSWORD},
        {"news", "f603afed61678f01c6de1ff399e0160f", NTLM_ACCOUNT_DISABLED},
        {"daemon", "9ca0dfa8dc226c35a1dc0d70b95739b2", NTLM_OK},
    };
    FILE *sample = fopen("t/vectors/pdbedit-L-w.txt", "r");
    char text[256];
    size_t lines = 0;
    assert_non_null(sample);
    for (; fgets(text, sizeof text, sample); lines++) {
        assert_in_range(lines, 0, COUNT(expected) - 1);
        text[strcspn(text, "\n")] = '\0';
        assert_record(text, expected[lines].name, CREDS_FORM_SMBPASSWD, expected[lines].hash,
                      expected[lines].state);
    }
    fclose(sample);
    assert_int_equal(lines, COUNT(expected));
}

/* A hash of digits only is no number of a user. */
static void a_plain_line_of_digits_stays_plain(void **state)
{
    (void)state;
    creds_line_t line;
    assert_int_equal(parse("1000:12345678901234567890123456789012:[D]", &line), CREDS_LINE_ENTRY);
    assert_int_equal(line.form, CREDS_FORM_PLAIN);
    assert_int_equal(line.state, NTLM_ACCOUNT_DISABLED);
    assert_key(line.nt_hash, "12345678901234567890123456789012");
}

static void a_record_that_is_not_whole_is_refused(void **state)
{
    (void)state;
    static const struct {
        const char *rest, *why;
    } lines[] = {
        {"", bad_lm},
        {":", bad_lm},
        {"::", bad_lm},
        {HASH, bad_nt},
        {"[D]", bad_lm},
        {"AAD3B435B51404EEaad3b435b51404e:" HASH ":::", bad_lm}, /* 31 */
        {LM "0:" HASH ":::", bad_lm},
        {"g" LM ":" HASH ":::", bad_lm},
        {"XXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXx:" HASH ":::", bad_lm},
        {"XXXXXXXXXXXXXXXX****************:" HASH ":::", bad_lm},
        {"no passwordXXXXXXXXXXXXXXXXXXXXX:" HASH ":::", bad_lm},
        {"NO PASSWORD:" HASH ":::", bad_lm},
        {LM ":", bad_nt},
        {LM "::::", bad_nt},
        {LM ":XXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX:::", bad_nt}, /* 31 */
        {LM ":xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx:::", bad_nt},
        {LM ":NO PASSWORDXXXXXXXXXXXXXXXXXXXX*:::", bad_nt},
        {LM ":NO PASSWORD0123456789abcdef01234:::", bad_nt},
        {LM ":8846f7eaee8fb117ad06bdd830b7586g:::", bad_nt},
        {LM ":" HASH "0:::", bad_nt},
        {LM ":" HASH, bad_form},
        {LM ":" HASH ":", bad_form},
        {LM ":" HASH "::", bad_form},
        {LM ":" HASH ":comment:home:", bad_form},
        {LM ":" HASH ": :[U          ]" LCT, bad_form},
        {LM ":" HASH "::::", bad_dump},
        {LM ":" HASH ":::x", bad_dump},
        {LM ":" HASH ":::(status=Disabled)", bad_dump},
        {LM ":" HASH "::: (status=Disabled) x", bad_dump},
        {LM ":" HASH "::: (status=Disabled) (pwdLastSet=never)", bad_dump},
        {LM ":" HASH ":[", not_whole},
        {LM ":" HASH ":[U          ", not_whole},
        {LM ":" HASH ":[U          " LCT, not_whole},
        {LM ":" HASH ":[U          ]", not_whole},
        {LM ":" HASH ":[U          ]:", not_whole},
        {LM ":" HASH ":[U          ]::", not_whole},
        {LM ":" HASH ":[U          ]x" LCT, not_whole},
        {LM ":" HASH ":[U          ]:lct-6B00DA32:", not_whole},
        {LM ":" HASH ":[U          ]:LCT-6B00DA3:", not_whole},
        {LM ":" HASH ":[U          ]:LCT-6B00DA321:", not_whole},
        {LM ":" HASH ":[U          ]:LCT-6B00DA3G:", not_whole},
        {LM ":" HASH ":[d          ]" LCT, bad_flag},
        {LM ":" HASH ":[U\t]" LCT, bad_flag},
        {LM ":" HASH ":[U1]" LCT, bad_flag},
        {LM ":" HASH ":[U:D]" LCT, bad_flag},
        {LM ":" HASH ":[@]" LCT, bad_flag},
        {LM ":" HASH ":[[]" LCT, bad_flag},
    };
    for (size_t i = 0; i < COUNT(lines); i++) {
        char text[256];
        sprintf(text, "alice:1:%s", lines[i].rest);
        assert_bad(text, lines[i].why);
    }
    assert_bad(" alice:1:" LM ":" HASH ":::", blank_edge);
    assert_bad(":1:" LM ":" HASH ":::", no_name);
    assert_bad("J\xFCrgen:1:" LM ":" HASH ":::", not_text);
}

static void no_beginning_of_a_record_is_read_beyond_its_end(void **state)
{
    (void)state;
    static const char *const records[] = {
        "a:1:" LM ":" HASH ":[DU         ]:LCT-6B00DA32:",
        "a:1:" LM ":" HASH "::: (pwdLastSet=never) (status=Disabled)",
        "a:1:" NO_PASSWORD ":" NO_PASSWORD_STARS ":::",
    };
    creds_line_t line;
    for (size_t i = 0; i < COUNT(records); i++)
        for (size_t len = 0; len < strlen(records[i]); len++)
            if (parse_bytes(records[i], len, &line) == CREDS_LINE_ENTRY)
                assert_true(len > 4 + 32 + 1 + 32);
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
        "500",
        "12345678901:" LM ":" HASH ":::", /* no uid has 11 digits */
        "+500:" LM ":" HASH ":::",
        ":" LM ":" HASH ":::",
        NO_HASH, /* only the other forms may have none */
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
    assert_bad("al\tice:" HASH, has_control);
    assert_bad("al\rice:" HASH, has_control);
    assert_bad("al\x1Bice:" HASH, has_control);
    assert_bad("alice\x7F:" HASH, has_control);
    assert_bad("alice\xC2\x85:" HASH, has_control);
    assert_bad("\xEF\xBB\xBF"
               "alice:" HASH,
               not_seen);
    assert_bad("CORP\\ali\xE2\x80\x8B"
               "ce:" HASH,
               not_seen);
    assert_bad("alice\xE2\x80\xAE:1:" LM ":" HASH ":::", not_seen);
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
    assert_string_equal(creds_name_check("\n"), has_control);
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
    assert_entry(DOMAIN255 "\\" USER104 ":" HASH ":[D]", DOMAIN255 "\\" USER104,
                 NTLM_ACCOUNT_DISABLED);
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

static void accounts_of_computers_are_told_from_those_of_people(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        bool is_computer;
    } lines[] = {
        {"WEB$:" HASH, true},
        {"CORP\\WEB$:" HASH ":[D]", true},
        {"WEB$:1:" LM ":" HASH ":::", true},
        {"WEB$:1:" LM ":" HASH ":[W          ]" LCT, true},
        {"dc:1:" LM ":" HASH ":[S          ]" LCT, true},
        {"web:1:" LM ":" HASH ":[DW         ]" LCT, true},
        {"other:1:" LM ":" HASH ":[I          ]" LCT, true},
        {"alice:" HASH, false},
        {"ca$h:" HASH, false},
        {"$alice:" HASH, false},
        {"CORP$\\alice:" HASH, false},
        {"alice:1:" LM ":" HASH ":[UXHTM      ]" LCT, false},
    };
    for (size_t i = 0; i < COUNT(lines); i++) {
        creds_line_t line;
        assert_int_equal(parse_bytes(lines[i].text, strlen(lines[i].text), &line),
                         CREDS_LINE_ENTRY);
        assert_int_equal(line.is_computer, lines[i].is_computer);
    }
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
        cmocka_unit_test(smbpasswd_lines_are_read),
        cmocka_unit_test(the_first_of_disabled_locked_and_no_password_decides),
        cmocka_unit_test(dumps_are_read),
        cmocka_unit_test(an_account_without_a_hash_never_logs_in),
        cmocka_unit_test(what_stands_for_no_hash_is_the_hash_of_the_empty_password),
        cmocka_unit_test(what_pdbedit_printed_is_read_line_by_line),
        cmocka_unit_test(a_plain_line_of_digits_stays_plain),
        cmocka_unit_test(a_record_that_is_not_whole_is_refused),
        cmocka_unit_test(no_beginning_of_a_record_is_read_beyond_its_end),
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
        cmocka_unit_test(accounts_of_computers_are_told_from_those_of_people),
    };
    return RUN_GROUP(tests);
}
