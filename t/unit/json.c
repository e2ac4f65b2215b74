/* JSON that every parser takes, whatever the strings hold. */
#include "unit.h"

#include "../../lib/explain/json.h"

static char *memory;
static size_t memory_len;
static json_t json;

static int each_test_begins_anew(void **state)
{
    (void)state;
    json = (json_t){.out = open_memstream(&memory, &memory_len)};
    return json.out ? 0 : -1;
}

static int each_test_cleans_up(void **state)
{
    (void)state;
    free(memory);
    return 0;
}

static void assert_written(const char *expected)
{
    fclose(json.out);
    assert_string_equal(memory, expected);
}

static void objects_and_arrays_have_commas_between_their_members(void **state)
{
    (void)state;
    json_open(&json, NULL, '{');
    json_number(&json, "n", 18446744073709551615U);
    json_open(&json, "list", '[');
    json_bool(&json, NULL, true);
    json_text(&json, NULL, NULL);
    json_close(&json, ']');
    json_hex(&json, "h", hex("00ff"));
    json_close(&json, '}');
    assert_written("{\n  \"n\": 18446744073709551615,\n  \"list\": [\n    true,\n    null\n  ],\n"
                   "  \"h\": \"00ff\"\n}\n");
}

static void empty_objects_and_arrays_stand_on_one_line(void **state)
{
    (void)state;
    json_open(&json, NULL, '[');
    json_open(&json, NULL, '{');
    json_close(&json, '}');
    json_open(&json, NULL, '[');
    json_close(&json, ']');
    json_close(&json, ']');
    assert_written("[\n  {},\n  []\n]\n");
}

static void quotes_and_control_characters_are_escaped(void **state)
{
    (void)state;
    json_text(&json, "k\"\n", "\"\\\b\x01\x1f\x7f\xc2\x80\xc2\x9f/");
    assert_written("\"k\\\"\\u000a\": \"\\\"\\\\\\u0008\\u0001\\u001f\\u007f\\u0080\\u009f/\"");
}

static void utf8_is_written_as_it_is(void **state)
{
    (void)state;
    const char *text = "\xc2\xa0\xc3\xa4\xdf\xbf\xe0\xa0\x80\xed\x9f\xbf\xee\x80\x80\xef\xbf\xbf"
                       "\xf0\x90\x80\x80\xf4\x8f\xbf\xbf";
    char expected[64];
    snprintf(expected, sizeof expected, "\"%s\"", text);
    json_text(&json, NULL, text);
    assert_written(expected);
}

static void what_is_not_utf8_becomes_the_replacement_character(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        unsigned replaced;
    } wrong[] = {
        {"\x80", 1},
        {"\xbf", 1},
        {"\xc0\x80", 2},
        {"\xc1\xbf", 2},
        {"\xc3", 1},
        {"\xe0\x9f\xbf", 3},
        {"\xe4\xb8", 2},
        {"\xed\xa0\x80", 3},
        {"\xed\xbf\xbf", 3},
        {"\xf0\x8f\xbf\xbf", 4},
        {"\xf4\x90\x80\x80", 4},
        {"\xf5", 1},
        {"\xf0\x90\x80", 3},
        {"\xff", 1},
    };
    char expected[1024] = "[", *end = expected + 1;
    json_open(&json, NULL, '[');
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        json_text(&json, NULL, wrong[i].text);
        end += sprintf(end, "%s\n  \"", i ? "," : "");
        for (unsigned n = 0; n < wrong[i].replaced; n++) end += sprintf(end, "\\ufffd");
        end += sprintf(end, "\"");
    }
    json_close(&json, ']');
    sprintf(end, "\n]\n");
    assert_written(expected);
}

#define TEST(function)                                                                             \
    cmocka_unit_test_setup_teardown(function, each_test_begins_anew, each_test_cleans_up)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(objects_and_arrays_have_commas_between_their_members),
        TEST(empty_objects_and_arrays_stand_on_one_line),
        TEST(quotes_and_control_characters_are_escaped),
        TEST(utf8_is_written_as_it_is),
        TEST(what_is_not_utf8_becomes_the_replacement_character),
    };
    return RUN_GROUP(tests);
}
