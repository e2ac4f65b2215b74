/* Schemes of HTTP, and lists of them. */
#include "unit.h"

#include <string.h>

#include "../../lib/config/schemes.h"

static scheme_t named(const char *text)
{
    return scheme_of_text(text, strlen(text));
}

static schemes_t list(scheme_t first, scheme_t second, scheme_t third)
{
    schemes_t schemes = 0;
    if (first) schemes = schemes_with(schemes, first);
    if (second) schemes = schemes_with(schemes, second);
    return third ? schemes_with(schemes, third) : schemes;
}

static void a_scheme_has_its_name_in_letters_of_either_case(void **state)
{
    (void)state;
    for (scheme_t scheme = SCHEME_NONE + 1; scheme < SCHEME_COUNT; scheme++)
        assert_int_equal(named(scheme_name(scheme)), scheme);
    assert_int_equal(named("ntlm"), SCHEME_NTLM);
    assert_int_equal(named("NEGOTIATE"), SCHEME_NEGOTIATE);
    assert_int_equal(scheme_of_text("basic xyz", 5), SCHEME_BASIC);
    assert_null(scheme_name(SCHEME_NONE));
}

static void anything_else_is_none(void **state)
{
    (void)state;
    static const char *const others[] = {"",           "N",       "NTL",     "NTLMX",
                                         "Negotiate2", "Negotia", "Kerberos"};
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
        assert_int_equal(named(others[i]), SCHEME_NONE);
    assert_int_equal(scheme_of_text("NTLM", 3), SCHEME_NONE);
    assert_int_equal(scheme_of_text("NTLM xyz", 8), SCHEME_NONE);
}

static void no_other_byte_passes_for_a_letter(void **state)
{
    (void)state;
    char text[] = "NTL?";
    for (int byte = 0; byte < 256; byte++) {
        text[3] = (char)byte;
        assert_int_equal(scheme_of_text(text, 4) == SCHEME_NTLM, byte == 'M' || byte == 'm');
    }
}

static void the_text_of_a_name_says_whose_it_is(void **state)
{
    (void)state;
    static const char alike[] = "NTLM";
    assert_int_equal(scheme_of_name(scheme_name(SCHEME_BASIC)), SCHEME_BASIC);
    assert_int_equal(scheme_of_name(alike), SCHEME_NONE);
    assert_int_equal(scheme_of_name(NULL), SCHEME_NONE);
}

static void a_list_keeps_its_order(void **state)
{
    (void)state;
    const schemes_t all = list(SCHEME_NEGOTIATE, SCHEME_NTLM, SCHEME_BASIC);
    assert_int_equal(schemes_at(all, 0), SCHEME_NEGOTIATE);
    assert_int_equal(schemes_at(all, 1), SCHEME_NTLM);
    assert_int_equal(schemes_at(all, 2), SCHEME_BASIC);
    for (size_t behind = 3; behind < 40; behind++)
        assert_int_equal(schemes_at(all, behind), SCHEME_NONE);
    assert_int_equal(schemes_at(0, 0), SCHEME_NONE);
    assert_int_not_equal(all, list(SCHEME_NTLM, SCHEME_NEGOTIATE, SCHEME_BASIC));
    assert_int_equal(SCHEMES_NTLM_ALONE, list(SCHEME_NTLM, 0, 0));
}

static void a_list_has_what_it_was_given(void **state)
{
    (void)state;
    const schemes_t two = list(SCHEME_BASIC, SCHEME_NTLM, 0);
    assert_true(schemes_have(two, SCHEME_BASIC));
    assert_true(schemes_have(two, SCHEME_NTLM));
    assert_false(schemes_have(two, SCHEME_NEGOTIATE));
    assert_false(schemes_have(two, SCHEME_NONE));
    assert_false(schemes_have(0, SCHEME_NONE));
}

static void what_is_in_both_stands_in_the_order_of_the_first(void **state)
{
    (void)state;
    const schemes_t all = list(SCHEME_NEGOTIATE, SCHEME_NTLM, SCHEME_BASIC);
    const schemes_t two = list(SCHEME_BASIC, SCHEME_NEGOTIATE, 0);
    assert_int_equal(schemes_in_both(all, two), list(SCHEME_NEGOTIATE, SCHEME_BASIC, 0));
    assert_int_equal(schemes_in_both(two, all), two);
    assert_int_equal(schemes_in_both(all, 0), 0);
    assert_int_equal(schemes_in_both(0, all), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_scheme_has_its_name_in_letters_of_either_case),
        cmocka_unit_test(anything_else_is_none),
        cmocka_unit_test(no_other_byte_passes_for_a_letter),
        cmocka_unit_test(the_text_of_a_name_says_whose_it_is),
        cmocka_unit_test(a_list_keeps_its_order),
        cmocka_unit_test(a_list_has_what_it_was_given),
        cmocka_unit_test(what_is_in_both_stands_in_the_order_of_the_first),
    };
    return RUN_GROUP(tests);
}
