/* Names that hold domains: their parts are the name's own bytes, however empty. */
#include "unit.h"

#include "../../lib/ntlm/name.h"
#include "../../lib/ntlm/unicode.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* In memory of exactly its size, as a string. */
static char *exactly(const char *text)
{
    char *copy = malloc(strlen(text) + 1);
    if (!copy) abort();
    return memcpy(copy, text, strlen(text) + 1);
}

static void assert_part(bytes_t part, const char *name, const char *expected)
{
    const uint8_t *start = (const uint8_t *)name;
    assert_non_null(part.data);
    assert_true(part.data >= start && part.data + part.len <= start + strlen(name));
    assert_int_equal(part.len, strlen(expected));
    assert_memory_equal(part.data, expected, part.len);
}

typedef struct split_t {
    const char *name, *domain, *user;
    bool apart;
} split_t;

static void assert_split(name_parts_t (*split)(const char *), const split_t *it)
{
    char *name = exactly(it->name);
    name_parts_t parts = split(name);
    assert_part(parts.domain, name, it->domain);
    assert_part(parts.user, name, it->user);
    assert_int_equal(parts.apart, it->apart);
    free(name);
}

static void a_clients_name_is_split_at_its_first_backslash_else_at_its_last_at(void **state)
{
    (void)state;
    static const split_t names[] = {
        {"alice", "", "alice", false},
        {"CORP\\alice", "CORP", "alice", true},
        {"CORP\\SUB\\alice", "CORP", "SUB\\alice", true},
        {"alice@corp.example.com", "corp.example.com", "alice", true},
        {"a@b@c", "c", "a@b", true},
        {"CORP\\alice@home", "CORP", "alice@home", true},
        {"alice@home\\x", "alice@home", "x", true},
        {"J\xC3\xBCrgen@corp", "corp", "J\xC3\xBCrgen", true},
    };
    for (size_t i = 0; i < COUNT(names); i++) assert_split(name_of_client, &names[i]);
}

static void parts_that_are_empty_have_a_place_in_the_name(void **state)
{
    (void)state;
    static const split_t names[] = {
        {"", "", "", false},
        {"CORP\\", "CORP", "", true},
        {"\\", "", "", true},
        {"A\\B\\", "A", "B\\", true},
        {".\\", ".", "", true},
        {"@\\", "@", "", true},
        {"\\alice", "", "alice", true},
        {"@", "", "", true},
        {"@@", "", "@", true},
        {"@CORP", "CORP", "", true},
        {"alice@", "", "alice", true},
        {"\\@", "", "@", true},
        {"\\\\", "", "\\", true},
    };
    for (size_t i = 0; i < COUNT(names); i++) assert_split(name_of_client, &names[i]);
}

static void an_accounts_name_is_split_at_its_first_backslash_only(void **state)
{
    (void)state;
    static const split_t names[] = {
        {"alice", "", "alice", false},
        {"alice@corp", "", "alice@corp", false},
        {"CORP\\alice", "CORP", "alice", true},
        {"CORP\\alice@corp", "CORP", "alice@corp", true},
        {"CORP\\SUB\\alice", "CORP", "SUB\\alice", true},
        {"CORP\\", "CORP", "", true},
        {"\\", "", "", true},
        {"@", "", "@", false},
        {"", "", "", false},
    };
    for (size_t i = 0; i < COUNT(names); i++) {
        assert_split(name_of_account, &names[i]);
        name_parts_t parts = name_of_account(names[i].name);
        assert_string_equal((const char *)parts.user.data, names[i].user);
    }
}

/* ---- what accounts are called ---- */

#define TEN "aaaaaaaaaa"
#define HUNDRED TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN
#define GRIN "\xF0\x9F\x98\x80" /* two units */
#define GRIN26                                                                                     \
    GRIN GRIN GRIN GRIN GRIN GRIN GRIN GRIN GRIN GRIN GRIN GRIN GRIN GRIN GRIN GRIN GRIN GRIN GRIN \
        GRIN GRIN GRIN GRIN GRIN GRIN GRIN
#define GRIN52 GRIN26 GRIN26

static void an_account_is_called_user_or_domain_and_user(void **state)
{
    (void)state;
    static const char *const names[] = {
        "alice",        "CORP\\alice",
        "a b",          "alice@corp",
        "a:b",          "#a",
        HUNDRED "aaaa", "CORP\\" HUNDRED "aaaa",
        GRIN52,         HUNDRED HUNDRED TEN TEN TEN TEN TEN "aaaaa\\alice"};
    for (size_t i = 0; i < COUNT(names); i++) {
        const char *why = name_check(names[i]);
        if (why) fail_msg("%s: %s", names[i], why);
    }
}

static void no_account_is_called_otherwise(void **state)
{
    (void)state;
    static const char missing[] = "a name is missing; write user or DOMAIN\\user";
    static const char two[] = "a name holds one '\\' at the most: DOMAIN\\user";
    static const char blank[] = "a name cannot begin or end with a blank";
    static const char is_long[] =
        "the name is longer than NTLM allows (user 104, domain 255 characters)";
    static const char hidden[] = "a name holds a character that is not seen (zero-width, "
                                 "bidirectional, a byte order mark or a line separator)";
    static const char *const names[][2] = {
        {"", missing},
        {"\\", missing},
        {"CORP\\", missing},
        {"\\alice", missing},
        {"A\\B\\c", two},
        {"A\\b\\", two},
        {"\\\\", missing},
        {" alice", blank},
        {"alice ", blank},
        {"CORP \\alice", blank},
        {" CORP\\alice", blank},
        {"CORP\\ alice", blank},
        {" ", blank},
        {HUNDRED "aaaaa", is_long},
        {"CORP\\" HUNDRED "aaaaa", is_long},
        {GRIN52 "a", is_long},
        {HUNDRED HUNDRED TEN TEN TEN TEN TEN "aaaaaa\\alice", is_long},
        {"a\xFF", "a name is not UTF-8"},
        {"a\n", "a name holds a control character"},
        {"\xEF\xBB\xBF"
         "alice",
         hidden},
        {"CORP\xE2\x80\x8B\\alice", hidden},
    };
    for (size_t i = 0; i < COUNT(names); i++) assert_refusal(name_check(names[i][0]), names[i][1]);
}

/* ---- what is counted ---- */

static void assert_counted(const char *name, const char *digits)
{
    uint8_t room[NAME_KEY_MAX];
    writer_t out = writer_to(room, sizeof room);
    char *exact = exactly(name);
    assert_true(name_write_key(&out, exact));
    assert_bytes(written(&out), digits);
    free(exact);
}

#define ALICE "41004c00490043004500"

static void one_name_in_any_domain_is_counted_once(void **state)
{
    (void)state;
    static const char *const names[] = {
        "alice",         "ALICE",   "Alice@corp", "alice@a@b",      "CORP\\alice",  "A\\B\\alice",
        "CORP\\alice@b", "\\alice", "alice@",     "\\\\\\alice@@@", "x@y\\alice@z", ".\\alice"};
    for (size_t i = 0; i < COUNT(names); i++) assert_counted(names[i], ALICE);
}

static void blanks_at_the_ends_are_none_and_within_a_name_one(void **state)
{
    (void)state;
    static const char *const names[] = {"alice ",       " alice",      "   Alice   ",
                                        "CORP\\ alice", "alice @home", " CORP \\alice "};
    for (size_t i = 0; i < COUNT(names); i++) assert_counted(names[i], ALICE);
    assert_counted("a b", "410020004200");
    assert_counted("  a   b  ", "410020004200");
    assert_counted("ab", "41004200");
    assert_counted("   ", "");
    assert_counted("\xC2\xA0"
                   "a",
                   "a0004100"); /* another blank is another sign */
}

static void a_name_of_domains_only_is_nobodys(void **state)
{
    (void)state;
    static const char *const names[] = {"",  "CORP\\", "\\",  "A\\B\\", ".\\",    "@\\",
                                        "@", "@@",     "\\@", "@CORP",  "\\\\\\", "A\\@B@"};
    for (size_t i = 0; i < COUNT(names); i++) assert_counted(names[i], "");
}

static void capitals_are_those_of_both_tables(void **state)
{
    (void)state;
    assert_counted("j\xC3\xBCrgen", "4a00dc005200470045004e00");
    assert_counted("\xCF\x83\xCF\x82", "a303a303"); /* both forms of sigma */
    assert_counted("\xC9\xAB", "622c");             /* Windows 7's table alone maps this one */
    assert_counted("\xF0\x9F\x98\x80", "3dd800de");
}

static void a_name_that_does_not_fit_has_no_key(void **state)
{
    (void)state;
    uint8_t room[NAME_KEY_MAX];
    char name[3 * NTLM_USER_MAX + 2] = "";
    memset(name, 'a', sizeof name - 2);
    writer_t out = writer_to(room, sizeof room);
    assert_true(name_write_key(&out, name));
    assert_int_equal(written(&out).len, sizeof room);
    name[sizeof name - 2] = 'a';
    out = writer_to(room, sizeof room);
    assert_false(name_write_key(&out, name));
    out = writer_to(room, 3);
    assert_false(name_write_key(&out, "ab"));
    out = writer_to(room, sizeof room);
    assert_false(name_write_key(&out, "a\xFF"));
}

static void a_name_is_listed_in_any_case_and_as_a_whole(void **state)
{
    (void)state;
    static const char *const list[] = {"CORP", "corp.test", NULL}, *const none[] = {NULL};
    assert_true(name_is_listed(list, "corp"));
    assert_true(name_is_listed(list, "CORP.test"));
    assert_false(name_is_listed(list, "COR"));
    assert_false(name_is_listed(list, "CORP.test.example"));
    assert_false(name_is_listed(list, ""));
    assert_false(name_is_listed(none, "CORP"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_clients_name_is_split_at_its_first_backslash_else_at_its_last_at),
        cmocka_unit_test(parts_that_are_empty_have_a_place_in_the_name),
        cmocka_unit_test(an_accounts_name_is_split_at_its_first_backslash_only),
        cmocka_unit_test(an_account_is_called_user_or_domain_and_user),
        cmocka_unit_test(no_account_is_called_otherwise),
        cmocka_unit_test(a_name_is_listed_in_any_case_and_as_a_whole),
        cmocka_unit_test(one_name_in_any_domain_is_counted_once),
        cmocka_unit_test(blanks_at_the_ends_are_none_and_within_a_name_one),
        cmocka_unit_test(a_name_of_domains_only_is_nobodys),
        cmocka_unit_test(capitals_are_those_of_both_tables),
        cmocka_unit_test(a_name_that_does_not_fit_has_no_key),
    };
    return RUN_GROUP(tests);
}
