/* The accounts of a password file, in memory. */
#include "unit.h"
#include "pool.h"

#include <apr_strings.h>

#include "../../lib/creds/file/creds_table.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define HASH "8846f7eaee8fb117ad06bdd830b7586c"
#define HASH1 "00000000000000000000000000000001"
#define HASH2 "00000000000000000000000000000002"
#define HASH3 "00000000000000000000000000000003"

/* ---- from memory ---- */

/* Parses text in memory of exactly its size, which is gone afterwards. */
static const char *parse(const char *text, creds_table_t **table)
{
    size_t len = strlen(text);
    char *exact = malloc(len ? len : 1);
    memcpy(exact, text, len);
    const char *why = creds_table_parse(pool, "FILE", exact, len, table);
    memset(exact, 'x', len);
    free(exact);
    return why;
}

static creds_table_t *table_of(const char *text)
{
    creds_table_t *table = NULL;
    const char *why = parse(text, &table);
    if (why) fail_msg("%s", why);
    return table;
}

static void assert_refused(const char *text, const char *sentence)
{
    creds_table_t *table = NULL;
    assert_refusal(parse(text, &table), sentence);
}

static void entries_are_found_without_regard_to_case(void **state)
{
    (void)state;
    creds_account_t account;
    creds_table_t *table = table_of("Alice:" HASH1 "\nCORP\\J\xC3\xBCrgen:" HASH2 "\n");
    assert_int_equal(creds_table_count(table), 2);
    assert_true(creds_table_find(table, "aLICE", &account));
    assert_string_equal(account.name, "Alice"); /* as the file spells it */
    assert_key(account.key.nt_hash, HASH1);
    assert_int_equal(account.key.state, NTLM_OK);
    assert_true(creds_table_find(table, "corp\\J\xC3\x9CRGEN", &account));
    assert_string_equal(account.name, "CORP\\J\xC3\xBCrgen");
    assert_key(account.key.nt_hash, HASH2);
}

static void only_whole_names_are_found(void **state)
{
    (void)state;
    creds_account_t account;
    creds_table_t *table = table_of("alice:" HASH "\nCORP\\bob:" HASH "\n");
    static const char *const names[] = {"",       "a",           "alic",         "alicee",
                                        "alice ", "bob",         "\\alice",      "CORP\\",
                                        "CORP",   "CORP\\alice", ("alice:" HASH)};
    for (size_t i = 0; i < COUNT(names); i++)
        assert_false(creds_table_find(table, names[i], &account));
}

static void entries_are_found_by_their_user_alone(void **state)
{
    (void)state;
    creds_account_t account = {0};
    creds_table_t *table =
        table_of("OTHER\\bob:" HASH2 "\nbob:" HASH "\nzoe:" HASH "\nCORP\\Bob:" HASH1
                 ":[D]\nCORP\\al:" HASH "\nA\\bobby:" HASH "\nA\\bo:" HASH "\n");
    apr_uint32_t where = 0;
    assert_true(creds_table_find_in_domain(table, "BOB", &where, &account));
    assert_string_equal(account.name, "CORP\\Bob");
    assert_key(account.key.nt_hash, HASH1);
    assert_int_equal(account.key.state, NTLM_ACCOUNT_DISABLED);
    assert_true(creds_table_find_in_domain(table, "bob", &where, &account));
    assert_string_equal(account.name, "OTHER\\bob");
    assert_key(account.key.nt_hash, HASH2);
    assert_false(creds_table_find_in_domain(table, "bob", &where, &account));
    static const char *const names[] = {"zoe", "", "b", "bob ", "corp\\bob", "zz"};
    for (size_t i = 0; i < COUNT(names); i++)
        assert_false(creds_table_find_in_domain(table, names[i], &where, &account));
    assert_false(creds_table_find_in_domain(table_of(""), "bob", &where, &account));
    assert_false(creds_table_find_in_domain(table_of("bob:" HASH "\n"), "bob", &where, &account));
}

static void an_empty_file_knows_nobody(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "", "\n", "\r\n", "\n\n\n", "# nobody", "# nobody\n \n", "\xEF\xBB\xBF", "\xEF\xBB\xBF\n"};
    for (size_t i = 0; i < COUNT(texts); i++) {
        creds_account_t account;
        creds_table_t *table = table_of(texts[i]);
        assert_int_equal(creds_table_count(table), 0);
        assert_false(creds_table_find(table, "", &account));
        assert_false(creds_table_find(table, "alice", &account));
    }
}

static void lines_end_as_unix_or_windows_ends_them_or_with_the_file(void **state)
{
    (void)state;
    static const char *const texts[] = {"a:" HASH1 "\nb:" HASH2 "\n",
                                        "a:" HASH1 "\nb:" HASH2,
                                        "a:" HASH1 "\r\nb:" HASH2 "\r\n",
                                        "a:" HASH1 "\r\nb:" HASH2 "\r",
                                        "\n#x\na:" HASH1 " \n\nb:" HASH2,
                                        "\xEF\xBB\xBF"
                                        "a:" HASH1 "\nb:" HASH2 "\n\n"};
    for (size_t i = 0; i < COUNT(texts); i++) {
        creds_account_t account;
        creds_table_t *table = table_of(texts[i]);
        assert_int_equal(creds_table_count(table), 2);
        assert_true(creds_table_find(table, "a", &account));
        assert_key(account.key.nt_hash, HASH1);
        assert_true(creds_table_find(table, "b", &account));
        assert_key(account.key.nt_hash, HASH2);
    }
}

static void a_byte_order_mark_is_skipped_at_the_beginning_only(void **state)
{
    (void)state;
    static const char hidden[] = ": a name holds a character that is not seen (zero-width, "
                                 "bidirectional, a byte order mark or a line separator)";
    char first[256], second[256];
    snprintf(first, sizeof first, "FILE:1%s", hidden);
    snprintf(second, sizeof second, "FILE:2%s", hidden);
    table_of("\xEF\xBB\xBF"
             "a:" HASH "\n");
    assert_refused("a:" HASH "\n\xEF\xBB\xBF"
                   "b:" HASH "\n",
                   second);
    assert_refused("\xEF\xBB\xBF\xEF\xBB\xBF"
                   "a:" HASH "\n",
                   first);
    assert_refused("\xEF\xBB:" HASH, "FILE:1: a name is not UTF-8");
    assert_refused("\xFF\xFE"
                   "a",
                   "FILE:1: there is no colon; write user:NTHASH (ntlmpasswd makes "
                   "such lines)"); /* UTF-16 */
}

static void a_bad_line_is_told_with_its_number(void **state)
{
    (void)state;
    static const char *const before[] = {"", "\n", "# one\n\n", "a:" HASH "\r\n\r\n# x\r\n",
                                         "\xEF\xBB\xBF# one\nb:" HASH "\n\n\n"};
    for (size_t i = 0; i < COUNT(before); i++) {
        const char *text = apr_pstrcat(pool, before[i], "alice\nnot:read\n", NULL);
        assert_refused(text, apr_psprintf(pool,
                                          "FILE:%d: there is no colon; write user:NTHASH "
                                          "(ntlmpasswd makes such lines)",
                                          (int)i + 1));
    }
}

static void two_names_that_differ_in_case_are_refused(void **state)
{
    (void)state;
    assert_refused("alice:" HASH "\nbob:" HASH "\nALICE:" HASH,
                   "FILE:3: 'ALICE' is the same name as in line 1 (case makes no difference); "
                   "remove one of the two");
    assert_refused("#\nALICE:" HASH "\n\nzoe:" HASH "\nalice:" HASH ":[D]\n",
                   "FILE:5: 'alice' is the same name as in line 2 (case makes no difference); "
                   "remove one of the two");
    assert_refused("CORP\\\xC3\xBC:" HASH "\ncorp\\\xC3\x9C:" HASH,
                   "FILE:2: 'corp\\\xC3\x9C' is the same name as in line 1 (case makes no "
                   "difference); remove one of the two");
    assert_refused("alice:" HASH "\nalice:" HASH,
                   "FILE:2: 'alice' is the same name as in line 1 (case makes no difference); "
                   "remove one of the two");
    assert_int_equal(creds_table_count(table_of("a:" HASH "\nCORP\\a:" HASH "\nHOME\\a:" HASH)), 3);
}

static void a_disabled_account_is_found_as_such(void **state)
{
    (void)state;
    creds_account_t account;
    creds_table_t *table = table_of("a:" HASH1 ":[D]\nb:" HASH2 "\n");
    assert_true(creds_table_find(table, "A", &account));
    assert_int_equal(account.key.state, NTLM_ACCOUNT_DISABLED);
    assert_key(account.key.nt_hash, HASH1); /* the proof is checked all the same */
    assert_true(creds_table_find(table, "b", &account));
    assert_int_equal(account.key.state, NTLM_OK);
}

static void ten_thousand_shuffled_entries_are_all_found(void **state)
{
    (void)state;
    enum { ENTRIES = 10000, STEP = 7919 }; /* a prime: i * STEP visits every number once */
    char *text = apr_palloc(pool, ENTRIES * 64 + 1), *at = text;
    for (unsigned i = 0; i < ENTRIES; i++) {
        unsigned n = i * STEP % ENTRIES;
        at += sprintf(at, "%s%u:%032x\n", n % 2 ? "User" : "CORP\\user", n, n);
    }
    creds_table_t *table = table_of(text);
    assert_int_equal(creds_table_count(table), ENTRIES);
    for (unsigned n = 0; n < ENTRIES; n++) {
        creds_account_t account;
        char name[32];
        sprintf(name, "%s%u", n % 2 ? "USER" : "corp\\USER", n);
        assert_true(creds_table_find(table, name, &account));
        const uint8_t *end = account.key.nt_hash + 12;
        assert_int_equal(end[0] << 24 | end[1] << 16 | end[2] << 8 | end[3], n);
        sprintf(name, "%s%u", n % 2 ? "corp\\USER" : "USER", n);
        assert_false(creds_table_find(table, name, &account));
    }
}

static void accounts_that_stay_keep_their_generation(void **state)
{
    (void)state;
    creds_account_t account = {0};
    creds_table_t *before = table_of("a:" HASH1 "\nb:" HASH2 "\nc:" HASH3 "\nd:" HASH1 "\n");
    creds_table_t *after =
        table_of("B:" HASH2 "\na:" HASH1 "\nc:" HASH1 "\nd:" HASH1 ":[D]\ne:" HASH "\n");
    assert_int_equal(creds_table_generation(before), 1);
    creds_table_succeed(after, before);
    assert_int_equal(creds_table_generation(after), 2);
    static const struct {
        const char *name;
        int generation;
    } expected[] = {{"a", 1}, {"b", 2} /* other spelling */, {"c", 2}, {"d", 2}, {"e", 2}};
    for (size_t i = 0; i < COUNT(expected); i++) {
        assert_true(creds_table_find(after, expected[i].name, &account));
        assert_int_equal(account.generation, expected[i].generation);
    }
    creds_table_t *last = table_of("a:" HASH1 "\nc:" HASH1 "\n");
    creds_table_succeed(last, after);
    assert_true(creds_table_find(last, "a", &account));
    assert_int_equal(account.generation, 1);
    assert_true(creds_table_find(last, "c", &account));
    assert_int_equal(account.generation, 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(entries_are_found_without_regard_to_case),
        cmocka_unit_test(only_whole_names_are_found),
        cmocka_unit_test(entries_are_found_by_their_user_alone),
        cmocka_unit_test(an_empty_file_knows_nobody),
        cmocka_unit_test(lines_end_as_unix_or_windows_ends_them_or_with_the_file),
        cmocka_unit_test(a_byte_order_mark_is_skipped_at_the_beginning_only),
        cmocka_unit_test(a_bad_line_is_told_with_its_number),
        cmocka_unit_test(two_names_that_differ_in_case_are_refused),
        cmocka_unit_test(a_disabled_account_is_found_as_such),
        cmocka_unit_test(ten_thousand_shuffled_entries_are_all_found),
        cmocka_unit_test(accounts_that_stay_keep_their_generation),
    };
    return RUN_GROUP_IN_POOL(tests);
}
