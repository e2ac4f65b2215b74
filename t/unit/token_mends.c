/* Tokens with one mistake less. */
#include "unit.h"

#include "../../lib/explain/shape/token_mends.h"

typedef bool mend_t(bytes_t text, writer_t *out);

static void mends(mend_t *mend, const char *text, const char *wanted)
{
    uint8_t memory[64];
    writer_t out = writer_to(memory, sizeof memory);
    assert_true(mend(bytes_of(text), &out));
    assert_true(bytes_equal(written(&out), bytes_of(wanted)));
}

static void leaves(mend_t *mend, const char *text)
{
    uint8_t memory[64];
    writer_t out = writer_to(memory, sizeof memory);
    assert_false(mend(bytes_of(text), &out));
}

static void signs_and_blanks(void **state)
{
    (void)state;
    mends(not_url_safe, "A-_B", "A+/B");
    mends(not_url_safe, "A-_", "A+/=");
    leaves(not_url_safe, "A+/B");
    mends(not_wrapped, "AB CD\tEF", "ABCDEF");
    leaves(not_wrapped, "ABCD");
    mends(not_plus_lost, "A BCD E", "A+BCD+E");
    leaves(not_plus_lost, "ABCD EFGH IJ");
    leaves(not_plus_lost, "A BC+D E");
    mends(not_percent, "A%2BB%2f%0A", "A+B/");
    leaves(not_percent, "A%2");
    mends(not_escaped, "A\\/B", "A/B");
    leaves(not_escaped, "A/B");
}

static void what_stands_around(void **state)
{
    (void)state;
    mends(not_quoted, "\"AB\"", "AB");
    leaves(not_quoted, "\"");
    leaves(not_quoted, "AB\"");
    mends(not_python, "b'AB'", "AB");
    leaves(not_python, "'AB'");
    leaves(not_python, "");
    mends(not_comma, "AB ,", "AB");
    leaves(not_comma, "AB");
    leaves(not_comma, "");
    mends(not_parameter, "token=AB", "AB");
    mends(not_parameter, "token=\"AB\"", "AB");
    leaves(not_parameter, "=AB");
    mends(not_a_second, "AB, NTLM AB", "AB");
    leaves(not_a_second, "AB");
    mends(not_a_second_scheme, "NTLM AB", "AB");
    leaves(not_a_second_scheme, "NTLM");
}

static void padding_and_layers(void **state)
{
    (void)state;
    mends(not_more, "ABCD==", "ABCD");
    mends(not_more, "AB===", "AB==");
    leaves(not_more, "AB==");
    mends(not_unpadded, "AB", "AB==");
    leaves(not_unpadded, "ABCD");
    mends(not_twice, "QUJD", "ABC");
    leaves(not_twice, "Q");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(signs_and_blanks),
        cmocka_unit_test(what_stands_around),
        cmocka_unit_test(padding_and_layers),
    };
    return RUN_GROUP(tests);
}
