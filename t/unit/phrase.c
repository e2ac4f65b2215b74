/* Sentences of bounded length, with text of anybody in them. */
#include "unit.h"

#include "../../lib/finding/phrase.h"

static char room[64];

static phrase_t begin(void)
{
    memset(room, 'X', sizeof room);
    return phrase_to(room, 24);
}

static void sentences_are_put_together(void **state)
{
    (void)state;
    phrase_t out = begin();
    phrase_say(&out, "%d of %s", 3, "them");
    phrase_say(&out, ", more");
    assert_string_equal(room, "3 of them, more");
    assert_false(out.cut);
}

static void what_does_not_fit_ends_in_dots(void **state)
{
    (void)state;
    phrase_t out = begin();
    phrase_say(&out, "%s", "12345678901234567890123");
    assert_string_equal(room, "12345678901234567890123");
    phrase_say(&out, "4");
    assert_string_equal(room, "12345678901234567890...");
    phrase_say(&out, "5");
    assert_string_equal(room, "12345678901234567890...");
    assert_int_equal(room[24], 'X');
}

static void characters_are_cut_between_each_other(void **state)
{
    (void)state;
    phrase_t out = begin();
    phrase_say(&out, "%s", "1234567890123456789\xc3\xa4\xc3\xa4\xc3\xa4");
    assert_string_equal(room, "1234567890123456789...");
}

static const char *quoted(const char *text)
{
    static char quoted_room[256];
    phrase_t out = phrase_to(quoted_room, sizeof quoted_room);
    phrase_quote(&out, text);
    return quoted_room;
}

static void text_of_others_cannot_leave_its_quotes(void **state)
{
    (void)state;
    assert_string_equal(quoted("alice"), "\"alice\"");
    assert_string_equal(quoted(""), "\"\"");
    assert_string_equal(quoted("a\"b%c\n\x1b\x7f"), "\"a%22b%25c%0A%1B%7F\"");
    assert_string_equal(quoted("j\xc3\xbcrgen"), "\"j\xc3\xbcrgen\"");
}

static void a_long_name_is_cut(void **state)
{
    (void)state;
    char name[PHRASE_NAME_MAX + 2];
    memset(name, 'x', sizeof name);
    name[PHRASE_NAME_MAX] = '\0';
    assert_int_equal(strlen(quoted(name)), PHRASE_NAME_MAX + 2);
    name[PHRASE_NAME_MAX] = 'x';
    name[PHRASE_NAME_MAX + 1] = '\0';
    assert_int_equal(strlen(quoted(name)), PHRASE_NAME_MAX + 5);
    assert_string_equal(quoted(name) + PHRASE_NAME_MAX, "x...\"");
}

static void names_of_the_wire_are_shown_as_far_as_they_can_be(void **state)
{
    (void)state;
    char text[64];
    phrase_t out = phrase_to(text, sizeof text);
    phrase_quote_utf16(&out, hex("61001b0000d8"));
    assert_string_equal(text, "\"a\xef\xbf\xbd\xef\xbf\xbd\"");
}

static void lists_have_commas(void **state)
{
    (void)state;
    static const char *const two[] = {"a", "b", NULL}, *const none[] = {NULL};
    phrase_t out = begin();
    phrase_list(&out, two, "any");
    assert_string_equal(room, "a, b");
    out = begin();
    phrase_list(&out, NULL, "any");
    assert_string_equal(room, "any");
    out = begin();
    phrase_list(&out, none, "any");
    assert_string_equal(room, "");
}

static void pairs_have_the_names_of_the_specification(void **state)
{
    (void)state;
    assert_string_equal(phrase_av_name(0), "MsvAvEOL");
    assert_string_equal(phrase_av_name(10), "MsvAvChannelBindings");
    assert_string_equal(phrase_av_name(11), "an unknown AvId");
}

static void times_are_utc(void **state)
{
    (void)state;
    char time[PHRASE_TIME_ROOM];
    assert_string_equal(phrase_time(116444736000000000U, time), "1970-01-01T00:00:00.0000000Z");
    assert_string_equal(phrase_time(0, time), "1601-01-01T00:00:00.0000000Z");
    assert_string_equal(phrase_time(134396906529971892U, time), "2026-11-20T23:24:12.9971892Z");
    assert_string_equal(phrase_time(UINT64_MAX, time), "60056-05-28T05:36:10.9551615Z");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sentences_are_put_together),
        cmocka_unit_test(what_does_not_fit_ends_in_dots),
        cmocka_unit_test(characters_are_cut_between_each_other),
        cmocka_unit_test(text_of_others_cannot_leave_its_quotes),
        cmocka_unit_test(a_long_name_is_cut),
        cmocka_unit_test(names_of_the_wire_are_shown_as_far_as_they_can_be),
        cmocka_unit_test(lists_have_commas),
        cmocka_unit_test(pairs_have_the_names_of_the_specification),
        cmocka_unit_test(times_are_utc),
    };
    return RUN_GROUP(tests);
}
