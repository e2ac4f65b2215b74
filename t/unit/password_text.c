/* Texts in place of a password, one by one. */
#include "unit.h"

#include "../../lib/explain/hashed/password_text.h"

static const char *made(int text, const char *password)
{
    static uint8_t room[256];
    writer_t out = writer_to(room, sizeof room - 1);
    if (!password_text(&out, text, bytes_of(password))) return NULL;
    room[out.len] = '\0';
    return (const char *)room;
}

static void each_text_is_what_its_name_says(void **state)
{
    (void)state;
    static const struct {
        int text;
        const char *password, *wanted;
    } rows[] = {
        {PASSWORD_UPPER, "aB1", "AB1"},
        {PASSWORD_LOWER, "aB1", "ab1"},
        {PASSWORD_NEWLINE, "a", "a\n"},
        {PASSWORD_CRLF, "a", "a\r\n"},
        {PASSWORD_BLANK, "a", "a "},
        {PASSWORD_BLANK_BEFORE, "a", " a"},
        {PASSWORD_TRIMMED, " \ta b \n", "a b"},
        {PASSWORD_TRIMMED, "  ", ""},
        {PASSWORD_EMPTY, "a", ""},
        {PASSWORD_URL_ENCODED, "a b%+/", "a%20b%25%2B%2F"},
        {PASSWORD_URL_DECODED, "a+b%41%4", "a bA%4"},
        {PASSWORD_CUT, "0123456789abcdef", "0123456789abcd"},
        {PASSWORD_CUT, "0123456789abcd", NULL},
        {PASSWORD_QUOTED, "a", "\"a\""},
        {PASSWORD_SINGLE_QUOTED, "a", "'a'"},
        {PASSWORD_CUT_AT_COLON, "a:b:c", "a"},
        {PASSWORD_CUT_AT_COLON, "abc", NULL},
        {PASSWORD_CUT_AT_BLANK, "a b", "a"},
        {PASSWORD_ESCAPED, "a\\b\"c", "a\\\\b\\\"c"},
        {PASSWORD_UNESCAPED, "a\\b\\\\c", "ab\\c"},
        {PASSWORD_UTF8_AS_LATIN1, "\xC3\xA4", "\xC3\x83\xC2\xA4"},
        {PASSWORD_ASCII, "a\xC3\xA4z", "a?z"},
        {PASSWORD_ASCII_LEFT_OVER, "a\xC3\xA4z", "az"},
        {PASSWORD_BASE64, "Man", "TWFu"},
        {PASSWORD_NFD, "\xC3\xA4", "a\xCC\x88"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const char *text = made(rows[i].text, rows[i].password);
        if (rows[i].wanted)
            assert_string_equal(text, rows[i].wanted);
        else
            assert_null(text);
    }
}

static void what_does_not_fit_is_none(void **state)
{
    (void)state;
    uint8_t room[2];
    for (int text = 0; text < PASSWORD_TEXTS; text++) {
        writer_t out = writer_to(room, sizeof room);
        const bool ok = password_text(&out, text, bytes_of("0123456789abcdef: \xC3\xA4"));
        assert_true(!ok || out.len <= sizeof room);
        assert_int_equal(ok, text == PASSWORD_EMPTY);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_text_is_what_its_name_says),
        cmocka_unit_test(what_does_not_fit_is_none),
    };
    return RUN_GROUP(tests);
}
