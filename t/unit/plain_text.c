/* Bytes as text, in pieces. */
#include "unit.h"

#include "../../lib/explain/shape/plain_text.h"

static void parts_end_where_the_text_does(void **state)
{
    (void)state;
    const bytes_t text = bytes_of("abcdef");
    assert_true(bytes_equal(text_part(text, 1, 3), bytes_of("bc")));
    assert_true(bytes_equal(text_part(text, 4, 99), bytes_of("ef")));
    assert_int_equal(text_part(text, 3, 3).len, 0);
    assert_int_equal(text_part(text, 9, 12).len, 0);
    assert_int_equal(text_span(text, 0, "cba"), 3);
    assert_int_equal(text_span(text, 3, "cba"), 0);
    assert_int_equal(text_span(text, 9, "cba"), 0);
    assert_false(text_is_one_of('\0', "abc"));
}

static void words_are_known_in_any_case(void **state)
{
    (void)state;
    assert_true(text_begins(bytes_of("NtLm x"), "ntlm"));
    assert_false(text_begins(bytes_of("NTL"), "ntlm"));
    assert_true(text_is(bytes_of("NTLM"), "ntlm"));
    assert_false(text_is(bytes_of("NTLM2"), "ntlm"));
    assert_false(text_is(bytes_of(""), "ntlm"));
}

static void blanks_around_a_text_are_taken_away(void **state)
{
    (void)state;
    assert_true(bytes_equal(text_trimmed(bytes_of(" \ta b\r\n")), bytes_of("a b")));
    assert_int_equal(text_trimmed(bytes_of("  ")).len, 0);
    assert_int_equal(text_trimmed(bytes_of("")).len, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parts_end_where_the_text_does),
        cmocka_unit_test(words_are_known_in_any_case),
        cmocka_unit_test(blanks_around_a_text_are_taken_away),
    };
    return RUN_GROUP(tests);
}
