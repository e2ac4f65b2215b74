/* Text that should be UTF-16LE, and is not. */
#include "unit.h"

#include "../../lib/explain/shape/wide_text.h"

static void bytes_of_names_are_known(void **state)
{
    (void)state;
    assert_true(wide_is_bytes(bytes_of("alice")));
    assert_true(wide_is_bytes(bytes_of("HTTP/127.0.0.1")));
    assert_true(wide_is_bytes(bytes_of("j\xFCrgen")));
    assert_false(wide_is_bytes(bytes_of("a")));
    assert_false(wide_is_bytes(bytes_none()));
    assert_false(wide_is_bytes(hex("61006c00690063006500")));
    assert_false(wide_is_bytes(bytes_of("\xFC\xFC\xFCr")));
    assert_false(wide_is_bytes(bytes_of("ali\nce")));
}

static void utf8_has_more_than_ascii(void **state)
{
    (void)state;
    assert_true(wide_is_utf8(bytes_of("j\xC3\xBCrgen")));
    assert_false(wide_is_utf8(bytes_of("alice")));
    assert_false(wide_is_utf8(bytes_of("j\xFCrgen")));
}

static void big_endian_is_known_by_latin_letters(void **state)
{
    (void)state;
    assert_true(wide_is_big_endian(hex("0061006c006900630065")));
    assert_true(wide_is_big_endian(hex("006a00fc01110065")));
    assert_false(wide_is_big_endian(hex("61006c00690063006500")));
    assert_false(wide_is_big_endian(hex("674e")));
    assert_false(wide_is_big_endian(hex("0000")));
    assert_false(wide_is_big_endian(hex("006100")));
    assert_false(wide_is_big_endian(bytes_none()));
}

static void a_nul_at_the_end_is_known(void **state)
{
    (void)state;
    assert_true(wide_ends_in_nul(hex("61006c000000")));
    assert_false(wide_ends_in_nul(hex("0000")));
    assert_false(wide_ends_in_nul(hex("61000000000000")));
    assert_false(wide_ends_in_nul(hex("610000006c000000")));
    assert_false(wide_ends_in_nul(hex("61006c00")));
    assert_int_equal(wide_unit(hex("61006c01"), 1), 0x16c);
    assert_int_equal(wide_unit(hex("61006c01"), 2), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bytes_of_names_are_known),
        cmocka_unit_test(utf8_has_more_than_ascii),
        cmocka_unit_test(big_endian_is_known_by_latin_letters),
        cmocka_unit_test(a_nul_at_the_end_is_known),
    };
    return RUN_GROUP(tests);
}
