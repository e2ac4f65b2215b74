/* The names of an account's groups, as one text. */
#include "unit.h"

#include "pool.h"

#include "../../lib/creds/creds_groups.h"

#define TEXT(...) creds_groups_text(pool, (const char *const[]){__VA_ARGS__, NULL})
#define NAMES_ONE(text, ...)                                                                       \
    creds_groups_name_one(pool, text, (const char *const[]){__VA_ARGS__, NULL})

static void names_stand_in_their_order(void **state)
{
    (void)state;
    assert_string_equal(TEXT("CORP\\staff", "S-1-5-32-545", "a b"), "CORP\\staff,S-1-5-32-545,a b");
    assert_string_equal(TEXT("one"), "one");
    assert_string_equal(creds_groups_text(pool, NULL), "");
    assert_string_equal(creds_groups_text(pool, (const char *const[]){NULL}), "");
}

static void what_would_be_mistaken_is_a_number(void **state)
{
    (void)state;
    assert_string_equal(TEXT("cn=a,dc=b", "100%", "%2C"), "cn=a%2Cdc=b,100%25,%252C");
    assert_string_equal(TEXT("\x01\t\n\r\x1f\x7f"), "%01%09%0A%0D%1F%7F");
    assert_string_equal(TEXT("J\xc3\xbcrgen \"x\" \\2C; ~"), "J\xc3\xbcrgen \"x\" \\2C; ~");
    for (int byte = 1; byte < 256; byte++) {
        const char name[] = {(char)byte, '\0'};
        const char *text = TEXT(name);
        const bool is_coded = byte < 0x20 || byte == 0x7f || byte == ',' || byte == '%';
        assert_int_equal(strlen(text), is_coded ? 3 : 1);
        assert_null(strpbrk(text, ",\n"));
    }
}

/* A name of that many bytes. */
static const char *name_of(size_t len, char letter)
{
    char *name = apr_palloc(pool, len + 1);
    memset(name, letter, len);
    name[len] = '\0';
    return name;
}

static void a_list_is_told_whole_or_not_at_all(void **state)
{
    (void)state;
    const char *most = name_of(CREDS_GROUPS_MAX, 'a'), *less = name_of(CREDS_GROUPS_MAX - 2, 'a');
    assert_string_equal(TEXT(most), most);
    assert_null(TEXT(name_of(CREDS_GROUPS_MAX + 1, 'a')));
    assert_int_equal(strlen(TEXT(less, "b")), CREDS_GROUPS_MAX);
    assert_null(TEXT(less, "bb"));
    assert_null(TEXT(most, "b"));
    assert_null(TEXT("b", most));
    assert_int_equal(strlen(TEXT(name_of(CREDS_GROUPS_MAX / 3, ','))), CREDS_GROUPS_MAX / 3 * 3);
    assert_null(TEXT(name_of(CREDS_GROUPS_MAX / 3 + 1, ',')));
    assert_null(TEXT(name_of(1 << 20, 'a'), name_of(1 << 20, 'b')));
    assert_null(TEXT(""));
    assert_null(TEXT("a", "", "b"));
}

static void a_name_is_found_in_any_case_and_whole(void **state)
{
    (void)state;
    const char *text = TEXT("cn=Staff,dc=x", "J\xc3\xbcrgen", "a b");
    assert_true(NAMES_ONE(text, "CN=STAFF%2cDC=X"));
    assert_true(NAMES_ONE(text, "other", "j\xc3\x9cRGEN"));
    assert_true(NAMES_ONE(text, "a b"));
    assert_false(NAMES_ONE(text, "cn=Staff"));
    assert_false(NAMES_ONE(text, "cn=Staff,dc=x"));
    assert_false(NAMES_ONE(text, "dc=x"));
    assert_false(NAMES_ONE(text, "a"));
    assert_false(NAMES_ONE(text, ""));
    assert_false(creds_groups_name_one(pool, text, (const char *const[]){NULL}));
    assert_false(NAMES_ONE("", "a", ""));
}

/* ---- what a source comes to know ---- */

/* Their text, or "cut". */
static const char *told(const bytes_t *values, size_t count)
{
    creds_groups_t groups = creds_groups_none(pool);
    creds_account_t account = {0};
    for (size_t i = 0; i < count; i++) creds_groups_add(&groups, values[i]);
    creds_groups_give(&groups, &account);
    if (account.groups_cut) assert_null(account.groups);
    return account.groups_cut ? "cut" : creds_groups_text(pool, account.groups);
}

#define TOLD(...)                                                                                  \
    told((const bytes_t[]){__VA_ARGS__}, sizeof(bytes_t[]){__VA_ARGS__} / sizeof(bytes_t))
#define T(text) bytes_of(text)

static void groups_are_told_once_and_in_one_order(void **state)
{
    (void)state;
    assert_string_equal(TOLD(T("b"), T("a"), T("b"), T("J\xc3\xbcrgen"), T("B")),
                        "B,J\xc3\xbcrgen,a,b");
    assert_string_equal(told(NULL, 0), "");
    assert_string_equal(TOLD(T("a\nb")), "a%0Ab");
}

static void what_is_no_text_cuts_the_list(void **state)
{
    (void)state;
    static const char *const bad[] = {"ff", "", "610062", "00", "c3", "eda080", "c0ae", "6100"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        assert_string_equal(TOLD(hex(bad[i])), "cut");
        assert_string_equal(TOLD(T("a"), hex(bad[i]), T("b")), "cut");
    }
}

static void what_is_too_long_cuts_the_list(void **state)
{
    (void)state;
    const char *most = name_of(CREDS_GROUPS_MAX, 'a'), *more = name_of(CREDS_GROUPS_MAX + 1, 'a');
    assert_string_equal(TOLD(T(most)), most);
    assert_string_equal(TOLD(T(most), T(most)), most);
    assert_string_equal(TOLD(T(more)), "cut");
    assert_string_equal(TOLD(T(most), T("b")), "cut");
    assert_string_equal(TOLD(T("b"), T(more)), "cut");
}

static void a_list_that_is_cut_stays_so(void **state)
{
    (void)state;
    creds_groups_t groups = creds_groups_none(pool);
    creds_account_t account = {0};
    groups.cut = true;
    creds_groups_add(&groups, T("a"));
    creds_groups_give(&groups, &account);
    assert_true(account.groups_cut);
    assert_null(account.groups);
}

static void no_number_of_values_is_too_many_to_refuse(void **state)
{
    (void)state;
    creds_groups_t groups = creds_groups_none(pool);
    creds_account_t account = {0};
    for (int i = 0; i < 100000; i++) creds_groups_add(&groups, T("a"));
    creds_groups_give(&groups, &account);
    assert_true(account.groups_cut);
    assert_true(groups.names->nelts <= CREDS_GROUPS_MAX);
}

/* A directory may say of somebody that he is in thousands: it must not cost what they are. */
static void what_cannot_be_told_is_not_kept(void **state)
{
    (void)state;
    creds_groups_t groups = creds_groups_none(pool);
    const size_t len = 1000;
    for (char letter = 'a'; letter <= 'z'; letter++)
        creds_groups_add(&groups, T(name_of(len, letter)));
    assert_true(groups.cut);
    assert_true((size_t)groups.names->nelts <= 2 * CREDS_GROUPS_MAX / len);
    creds_groups_add(&groups, T("a"));
    assert_true((size_t)groups.names->nelts <= 2 * CREDS_GROUPS_MAX / len);
}

/* memberOf and a search of posixGroups may each name them. */
static void what_is_named_twice_counts_once(void **state)
{
    (void)state;
    const char *half = name_of(CREDS_GROUPS_MAX / 2, 'a'), *rest = name_of(4095, 'b');
    assert_string_equal(TOLD(T(half), T(rest), T(half), T(rest)), TEXT(half, rest));
}

static void a_packed_list_comes_back_as_it_was(void **state)
{
    (void)state;
    static const char *const names[] = {"b", "CORP\\a", "J\xc3\xbcrgen, 50%", NULL};
    uint8_t room[64];
    writer_t out = writer_to(room, sizeof room);
    creds_groups_pack(&out, names);
    assert_int_equal(written(&out).len, 2 + 7 + 13);
    const char *const *back = creds_groups_unpack(pool, written(&out));
    memset(room, 0, sizeof room);
    for (int i = 0; i < 3; i++) assert_string_equal(back[i], names[i]);
    assert_null(back[3]);
}

static void no_list_and_an_empty_one_are_packed_as_nothing(void **state)
{
    (void)state;
    uint8_t room[8];
    writer_t out = writer_to(room, sizeof room);
    creds_groups_pack(&out, NULL);
    creds_groups_pack(&out, (const char *const[]){NULL});
    assert_int_equal(out.len, 0);
    assert_null(creds_groups_unpack(pool, written(&out))[0]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_stand_in_their_order),
        cmocka_unit_test(what_would_be_mistaken_is_a_number),
        cmocka_unit_test(a_list_is_told_whole_or_not_at_all),
        cmocka_unit_test(groups_are_told_once_and_in_one_order),
        cmocka_unit_test(what_is_no_text_cuts_the_list),
        cmocka_unit_test(what_is_too_long_cuts_the_list),
        cmocka_unit_test(a_list_that_is_cut_stays_so),
        cmocka_unit_test(no_number_of_values_is_too_many_to_refuse),
        cmocka_unit_test(what_cannot_be_told_is_not_kept),
        cmocka_unit_test(what_is_named_twice_counts_once),
        cmocka_unit_test(a_name_is_found_in_any_case_and_whole),
        cmocka_unit_test(a_packed_list_comes_back_as_it_was),
        cmocka_unit_test(no_list_and_an_empty_one_are_packed_as_nothing),
    };
    return RUN_GROUP_IN_POOL(tests);
}
