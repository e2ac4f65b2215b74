/* Text of anybody as a value in a line that programs read. */
#include "unit.h"
#include "pool.h"
#include "strict.h"

#include "../../lib/accesslog/escaped.h"

static void json_has_quotes_around_it(void **state)
{
    (void)state;
    assert_string_equal(escaped_json(pool, "alice"), "\"alice\"");
    assert_string_equal(escaped_json(pool, ""), "\"\"");
    assert_string_equal(escaped_json(pool, NULL), "null");
}

static void json_escapes_what_would_end_a_string_or_a_line(void **state)
{
    (void)state;
    assert_string_equal(escaped_json(pool, "\"\\\n\r\t\x01\x1f\x7f/'"),
                        "\"\\\"\\\\\\u000a\\u000d\\u0009\\u0001\\u001f\\u007f/'\"");
    assert_string_equal(escaped_json(pool, "\xC2\x85\xC2\x9F\xC2\xA0\xE2\x80\xA8\xE2\x80\xA9"),
                        "\"\\u0085\\u009f\xC2\xA0\\u2028\\u2029\"");
}

static void w3c_has_no_blank_in_it(void **state)
{
    (void)state;
    assert_string_equal(escaped_w3c(pool, "CORP\\alice"), "CORP\\alice");
    assert_string_equal(escaped_w3c(pool, "a b\tc\nd\x7f"), "a+b+c+d+");
    assert_string_equal(escaped_w3c(pool, "\"a\"+%"), "%22a%22+%");
    assert_string_equal(escaped_w3c(pool, "\xC2\xA0\xE3\x80\x80\xE2\x80\x83\xE2\x80\x8B"),
                        "+++\xE2\x80\x8B");
    assert_string_equal(escaped_w3c(pool, ""), "-");
    assert_string_equal(escaped_w3c(pool, NULL), "-");
}

static void what_is_not_utf8_becomes_the_replacement_character(void **state)
{
    (void)state;
    assert_string_equal(escaped_json(pool, "a\xFF\xC3\xA4\xC3"),
                        "\"a\xEF\xBF\xBD\xC3\xA4\xEF\xBF\xBD\"");
    assert_string_equal(escaped_json(pool, "\xED\xA0\x80"),
                        "\"\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\"");
    assert_string_equal(escaped_w3c(pool, "\xC0\xA0"), "\xEF\xBF\xBD\xEF\xBF\xBD");
}

static void a_long_text_is_cut_and_says_so(void **state)
{
    (void)state;
    char text[ESCAPED_MOST + 2];
    memset(text, 1, sizeof text);
    text[ESCAPED_MOST] = '\0';
    assert_int_equal(strlen(escaped_json(pool, text)), 6 * ESCAPED_MOST + 2);
    text[ESCAPED_MOST] = 'x';
    text[ESCAPED_MOST + 1] = '\0';
    const char *cut = escaped_json(pool, text);
    assert_int_equal(strlen(cut), 6 * ESCAPED_MOST + 5);
    assert_string_equal(cut + strlen(cut) - 4, "...\"");
}

static void a_long_value_of_w3c_leaves_room_for_others_in_its_line(void **state)
{
    (void)state;
    char text[ESCAPED_W3C_MOST + 2];
    memset(text, 'x', sizeof text);
    text[ESCAPED_W3C_MOST] = '\0';
    assert_string_equal(escaped_w3c(pool, text), text);
    text[ESCAPED_W3C_MOST] = 'x';
    text[ESCAPED_W3C_MOST + 1] = '\0';
    assert_int_equal(strlen(escaped_w3c(pool, text)), ESCAPED_W3C_MOST + 3);
    memset(text, '"', ESCAPED_W3C_MOST);
    assert_int_equal(strlen(escaped_w3c(pool, text)), ESCAPED_W3C_MOST + 3);
    memset(text, 0xFF, ESCAPED_W3C_MOST);
    assert_true(strlen(escaped_w3c(pool, text)) <= ESCAPED_W3C_MOST + 3);
    assert_true(strict_w3c_value(escaped_w3c(pool, text)));
}

/* ---- for any bytes ---- */

static void assert_holds_for(const char *text)
{
    char read[2048], meant[2048];
    strict_replaced(text, meant);
    assert_true(strict_json_string(escaped_json(pool, text), read));
    assert_string_equal(read, meant);
    assert_true(strict_w3c_value(escaped_w3c(pool, text)));
}

static void a_strict_reader_finds_every_two_bytes(void **state)
{
    (void)state;
    for (unsigned pair = 0x100; pair < 0x10000; pair++) {
        const char text[] = {(char)(pair >> 8), (char)pair, '\0'};
        assert_holds_for(text);
    }
}

/* By a generator of its own: the same texts each time. */
static void a_strict_reader_finds_what_was_written(void **state)
{
    (void)state;
    static const uint8_t likely[] = {'"',  '\\', '\n', 'u',  0x7F, 0x80, 0x85, 0xA0,
                                     0xC2, 0xC3, 0xE0, 0xE2, 0xED, 0xEF, 0xF0, 0xF4,
                                     0xFF, 0xA8, 0x9F, '\r', ' ',  0xBF};
    uint32_t seed = 1;
    for (int i = 0; i < 20000; i++) {
        char text[24];
        size_t len = 0;
        while (len < sizeof text - 1) {
            seed = seed * 1664525 + 1013904223;
            text[len++] =
                (char)((seed >> 8) % 3 ? likely[(seed >> 16) % sizeof likely] : (seed >> 24) | 1);
        }
        text[len] = '\0';
        assert_holds_for(text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST_WITH_POOL(json_has_quotes_around_it),
        TEST_WITH_POOL(json_escapes_what_would_end_a_string_or_a_line),
        TEST_WITH_POOL(w3c_has_no_blank_in_it),
        TEST_WITH_POOL(what_is_not_utf8_becomes_the_replacement_character),
        TEST_WITH_POOL(a_long_text_is_cut_and_says_so),
        TEST_WITH_POOL(a_long_value_of_w3c_leaves_room_for_others_in_its_line),
        TEST_WITH_POOL(a_strict_reader_finds_every_two_bytes),
        TEST_WITH_POOL(a_strict_reader_finds_what_was_written),
    };
    return RUN_GROUP_IN_POOL(tests);
}
