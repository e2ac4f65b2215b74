/* Text of anybody: what a terminal sees, and a reader of columns. */
#include "unit.h"

#include "../../lib/audit/audit_text.h"

static void assert_shown(const char *text, audit_source_t source, const char *expected)
{
    char room[64];
    audit_text(room, sizeof room, bytes_of(text), source);
    assert_string_equal(room, expected);
}

static void a_name_is_the_same_out_of_either_log(void **state)
{
    (void)state;
    assert_shown("f\xc3\xbcr", AUDIT_JSON_LOG, "f\\xc3\\xbcr");
    assert_shown("f\\xc3\\xbcr", AUDIT_ERROR_LOG, "f\\xc3\\xbcr");
    assert_shown("a\\b", AUDIT_JSON_LOG, "a\\\\b");
    assert_shown("a\\\\b", AUDIT_ERROR_LOG, "a\\\\b");
    assert_shown("a b\"%c", AUDIT_JSON_LOG, "a b\"%c");
    assert_shown("\"a b%22%25c\"", AUDIT_ERROR_LOG, "a b\"%c");
    assert_shown("50%25", AUDIT_ERROR_LOG, "50%25");
}

static void no_byte_commands_a_terminal(void **state)
{
    (void)state;
    assert_shown("\x1b[2J\x07\x7f\x9b\r\n\t\b\v", AUDIT_JSON_LOG,
                 "\\x1b[2J\\x07\\x7f\\x9b\\r\\n\\t\\b\\v");
    assert_shown("\x1b[2J", AUDIT_ERROR_LOG, "\\x1b[2J");
    assert_shown("\"%1b%0a\"", AUDIT_ERROR_LOG, "\\x1b\\n");
    char room[16];
    audit_text(room, sizeof room, hex("6100"), AUDIT_JSON_LOG);
    assert_string_equal(room, "a\\x00");
}

static void what_is_too_long_is_cut_between_characters(void **state)
{
    (void)state;
    static const struct {
        const char *text, *shown;
    } rows[] = {{"1234567", "1234567"},
                {"12345678", "1234..."},
                {"123\x01", "123\\x01"},
                {"1234\x01", "1234..."},
                {"12\x01\x01", "12..."},
                {"\x01\x01", "\\x01..."},
                {"", ""}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char room[8];
        audit_text(room, sizeof room, bytes_of(rows[i].text), AUDIT_JSON_LOG);
        assert_string_equal(room, rows[i].shown);
    }
}

static void assert_column(const char *text, size_t width, const char *expected)
{
    char *memory;
    size_t len;
    FILE *out = open_memstream(&memory, &len);
    audit_text_write(out, text, width);
    fclose(out);
    assert_string_equal(memory, expected);
    if (width == 0) assert_int_equal(audit_text_width(text), len);
    free(memory);
}

static void a_value_passes_for_one_column(void **state)
{
    (void)state;
    assert_column("WS1", 0, "WS1");
    assert_column("WS1", 5, "WS1  ");
    assert_column("WS1", 2, "WS1");
    assert_column("a b", 0, "\"a b\"");
    assert_column("a\"%", 9, "\"a%22%25\"");
    assert_column("a\"%", 0, "\"a%22%25\"");
    assert_column("50%", 0, "50%");
    assert_column("", 0, "\"\"");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_name_is_the_same_out_of_either_log),
        cmocka_unit_test(no_byte_commands_a_terminal),
        cmocka_unit_test(what_is_too_long_is_cut_between_characters),
        cmocka_unit_test(a_value_passes_for_one_column),
    };
    return RUN_GROUP(tests);
}
