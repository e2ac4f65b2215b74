/* What a client sends as its name means nothing but itself in a filter. */
#include "folder.h"

#include "../../lib/creds/ldap/ldap_filter.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define BYTES(text) (const uint8_t *)(text), sizeof(text) - 1

static void signs_with_a_meaning_are_escaped(void **state)
{
    (void)state;
    static const struct {
        bytes_t value;
        const char *escaped;
    } values[] = {
        {{BYTES("alice")}, "alice"},
        {{BYTES("a.b-c_d@E9")}, "a.b-c_d@E9"},
        {{BYTES("*")}, "\\2a"},
        {{BYTES(")(uid=*")}, "\\29\\28uid\\3d\\2a"},
        {{BYTES("a\0b")}, "a\\00b"},
        {{BYTES("a\\b")}, "a\\5cb"},
        {{BYTES("\\2a")}, "\\5c2a"},
        {{BYTES(" a ")}, "\\20a\\20"},
        {{BYTES("\xc3\xa4")}, "\\c3\\a4"},
        {{BYTES("\x01\x7f\xff")}, "\\01\\7f\\ff"},
        {{BYTES("&|!=~<>#,+\"';")}, "\\26\\7c\\21\\3d\\7e\\3c\\3e\\23\\2c\\2b\\22\\27\\3b"},
        {{BYTES("")}, ""},
    };
    for (size_t i = 0; i < COUNT(values); i++)
        assert_string_equal(ldap_filter_escape(pool, values[i].value), values[i].escaped);
}

static void no_byte_is_left_that_could_end_a_value(void **state)
{
    (void)state;
    for (int byte = 0; byte < 256; byte++) {
        const uint8_t one = (uint8_t)byte;
        const char *text = ldap_filter_escape(pool, (bytes_t){&one, 1});
        assert_null(strpbrk(text, "*()"));
        assert_true(strlen(text) == 3 ? text[0] == '\\' : text[0] == (char)one && one < 128);
    }
}

static void a_question_is_the_filter_and_the_name(void **state)
{
    (void)state;
    assert_string_equal(ldap_filter_for(pool, "(a=b)", "uid", (bytes_t){BYTES("x)(y")}),
                        "(&(a=b)(uid=x\\29\\28y))");
}

static void groups_list_the_user_or_have_his_number(void **state)
{
    (void)state;
    assert_string_equal(ldap_filter_for_groups(pool, "al*ce", (bytes_t){BYTES("10)(")}),
                        "(&(objectClass=posixGroup)(|(memberUid=al\\2ace)(gidNumber=10\\29\\28)))");
}

static void one_filter_that_can_be_read_is_taken(void **state)
{
    (void)state;
    static const char *const good[] = {"(a=b)",         "(&(a=b)(|(c=d)(!(e=f))))",
                                       "(a=\\28)",      "(& (a=*)(b=x*y@z) )",
                                       "(!(a;x-y>=1))", "(1.2.3~=x)",
                                       "(a<=)",         "(cn:dn:2.4.6:=x)",
                                       "(:2.4.6:=x)",   "(&)"};
    static const char *const bad[] = {
        "",           "a=b",     "(a=b",   "a=b)",     "(a=b))",        "(a)(b)",  "(a=b) ",
        ")a=b(",      " (a=b)",  "((a=b)", "()",       "(&()(a))",      "(a)",     "(&(a=b)c)",
        "(&(a=b)(c)", "(=b)",    "(&a=b)", "(!)",      "(!(a=b)(c=d))", "(a b=c)", "(a=\\)",
        "(a=\\2)",    "(a=b(c)", "(:=x)",  "(a:dn=x)", "(a>b)"};
    for (size_t i = 0; i < COUNT(good); i++) assert_null(ldap_filter_check(good[i]));
    for (size_t i = 0; i < COUNT(bad); i++)
        if (!ldap_filter_check(bad[i])) fail_msg("'%s' is taken", bad[i]);
}

static void a_name_that_cannot_be_one_is_worth_no_search(void **state)
{
    (void)state;
    char name[LDAP_FILTER_NAME_MAX + 2];
    memset(name, 'a', sizeof name);
    name[LDAP_FILTER_NAME_MAX + 1] = '\0';
    assert_false(ldap_filter_takes(name));
    name[LDAP_FILTER_NAME_MAX] = '\0';
    assert_true(ldap_filter_takes(name));
    assert_true(ldap_filter_takes("\xc3\xa4*)("));
    assert_false(ldap_filter_takes(""));
    assert_false(ldap_filter_takes("a\nb"));
    assert_false(ldap_filter_takes("a\xff"));
    assert_false(ldap_filter_takes("\xc0\xaa"));
    assert_false(ldap_filter_takes("\xed\xa0\x80"));
}

int main(void)
{
    int failed;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(signs_with_a_meaning_are_escaped),
        cmocka_unit_test(no_byte_is_left_that_could_end_a_value),
        cmocka_unit_test(a_question_is_the_filter_and_the_name),
        cmocka_unit_test(groups_list_the_user_or_have_his_number),
        cmocka_unit_test(one_filter_that_can_be_read_is_taken),
        cmocka_unit_test(a_name_that_cannot_be_one_is_worth_no_search),
    };
    RUN_GROUP_IN_FOLDER(tests, failed);
    return failed;
}
