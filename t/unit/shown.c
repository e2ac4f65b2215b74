/* Text of anybody in a line of the log. */
#include "unit.h"
#include "pool.h"

#include "../../lib/http/shown.h"

static void a_text_that_fits_stays_as_it_is(void **state)
{
    (void)state;
    assert_string_equal(shown_text(pool, "", 8), "");
    assert_string_equal(shown_text(pool, "12345678", 8), "12345678");
    assert_string_equal(shown_text(pool, "x \"y\" %", 8), "x \"y\" %");
}

static void a_longer_one_is_cut_and_says_so(void **state)
{
    (void)state;
    assert_string_equal(shown_text(pool, "123456789", 8), "12345678...");
    assert_string_equal(shown_text(pool, "12345678...", 8), "12345678...");
}

static void no_character_is_cut_in_two(void **state)
{
    (void)state;
    static const char *const texts[][2] = {{"1234567\xc3\xa4", "1234567..."},
                                           {"123456\xc3\xa4x", "123456\xc3\xa4..."},
                                           {"1234567\xe2\x82\xac", "1234567..."},
                                           {"123456\xe2\x82\xac", "123456..."},
                                           {"12345\xe2\x82\xacx", "12345\xe2\x82\xac..."},
                                           {"12345\xf0\x9f\x98\x80", "12345..."},
                                           {"1234\xf0\x9f\x98\x80x", "1234\xf0\x9f\x98\x80..."},
                                           {"\x80\x80\x80\x80\x80\x80\x80\x80\x80", "..."}};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        assert_string_equal(shown_text(pool, texts[i][0], 8), texts[i][1]);
}

static void escapes_count_where_they_shall(void **state)
{
    (void)state;
    static const char *const texts[][2] = {
        {"12345678", "12345678"},    {"123456789", "12345678..."}, {"1234\\\\", "1234\\\\"},
        {"12345\\\\", "12345\\..."}, {"1234\n", "1234\n"},         {"12345\n", "12345..."},
        {"\xc3\xa4", "\xc3\xa4"},    {"1\xc3\xa4", "1..."},        {"1\xc3\xa4x", "1..."}};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        assert_string_equal(shown_escaped(pool, texts[i][0], 8), texts[i][1]);
}

static void a_value_is_one_word_or_in_quotes(void **state)
{
    (void)state;
    static const char *const values[][2] = {{"", "-"},
                                            {"alice", "alice"},
                                            {"A\\bc", "A\\bc"},
                                            {"a b", "\"a b\""},
                                            {"a=b", "\"a=b\""},
                                            {"(a)", "\"(a)\""},
                                            {"a\"b", "\"a%22b\""},
                                            {"\"\"%", "\"%22%22%25\""},
                                            {"%22", "\"%2522\""},
                                            {"12345678 9", "12345678..."},
                                            {"a \"456789", "\"a %2245678...\""}};
    assert_string_equal(shown_value(pool, NULL, 8), "-");
    for (size_t i = 0; i < sizeof values / sizeof *values; i++)
        assert_string_equal(shown_value(pool, values[i][0], 8), values[i][1]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST_WITH_POOL(a_text_that_fits_stays_as_it_is),
        TEST_WITH_POOL(a_longer_one_is_cut_and_says_so),
        TEST_WITH_POOL(no_character_is_cut_in_two),
        TEST_WITH_POOL(escapes_count_where_they_shall),
        TEST_WITH_POOL(a_value_is_one_word_or_in_quotes),
    };
    apr_initialize();
    int failed = RUN_GROUP(tests);
    apr_terminate();
    return failed;
}
