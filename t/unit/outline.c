/* One description, as text for people and as JSON for programs. */
#include "outlines.h"

static void describe(outline_t *out)
{
    char room[8];
    detail_open(out, NULL);
    outline_text(out, "name", "value");
    outline_text(out, "nothing", NULL);
    outline_open(out, "item", "%d words", 2);
    detail_number(out, "count", 2);
    detail_bool(out, "yes", true);
    outline_hex(out, "bytes", hex("00ff"));
    outline_open_list(out, "list");
    outline_words(out, "more", "%s", hex_words(hex("0102030405"), room, sizeof room));
    detail_hex(out, NULL, hex("01"));
    outline_close_list(out);
    outline_close(out);
    detail_close(out);
}

static void text_has_a_line_an_item(void **state)
{
    (void)state;
    describe(open_outline(false));
    assert_string_equal(written_outline(), "name                       value\n"
                                           "nothing                    -\n"
                                           "item                       2 words\n"
                                           "  bytes                    00ff\n"
                                           "  more                     0102...\n");
    forget_outline();
}

static void json_has_an_object_an_item(void **state)
{
    (void)state;
    describe(open_outline(true));
    assert_string_equal(written_outline(),
                        "{\n  \"name\": \"value\",\n  \"nothing\": null,\n  \"item\": {\n"
                        "    \"count\": 2,\n    \"yes\": true,\n    \"bytes\": \"00ff\",\n"
                        "    \"list\": [\n      \"01\"\n    ]\n  }\n}\n");
    forget_outline();
}

static void hex_is_cut_where_its_room_ends(void **state)
{
    (void)state;
    char room[9];
    assert_string_equal(hex_words(hex("01020304"), room, sizeof room), "01020304");
    assert_string_equal(hex_words(hex("0102030405"), room, sizeof room), "0102...");
    assert_string_equal(hex_words(hex(""), room, sizeof room), "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_has_a_line_an_item),
        cmocka_unit_test(json_has_an_object_an_item),
        cmocka_unit_test(hex_is_cut_where_its_room_ends),
    };
    return RUN_GROUP(tests);
}
