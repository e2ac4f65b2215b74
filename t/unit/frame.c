/* Frames of the WebSocket protocol: RFC 6455 5.2 and 5.7. */
#include "unit.h"

#include "../../lib/bench/around/frame.h"

static void the_examples_of_the_rfc_are_read(void **state)
{
    (void)state;
    frame_t frame;
    uint8_t payload[] = {0x7f, 0x9f, 0x4d, 0x51, 0x58};
    const bytes_t masked_hello = hex("818537fa213d");
    assert_int_equal(frame_header_len(masked_hello.data), 6);
    assert_int_equal(frame_read(masked_hello, &frame), 0);
    assert_true(frame.fin);
    assert_int_equal(frame.opcode, FRAME_TEXT);
    assert_int_equal(frame.len, 5);
    frame_unmask(&frame, payload);
    assert_memory_equal(payload, "Hello", 5);
    assert_int_equal(frame_read(hex("898537fa213d"), &frame), 0);
    assert_int_equal(frame.opcode, FRAME_PING);
}

static void lengths_are_as_short_as_they_can_be(void **state)
{
    (void)state;
    frame_t frame;
    assert_int_equal(frame_read(hex("82fe007e00000000"), &frame), 0);
    assert_int_equal(frame.len, 126);
    assert_int_equal(frame_header_len(hex("82fe").data), 8);
    assert_int_equal(frame_read(hex("82ff000000000001000000000000"), &frame), 0);
    assert_int_equal(frame.len, 65536);
    assert_int_equal(frame_header_len(hex("82ff").data), 14);
    assert_int_equal(frame_read(hex("82fe007d00000000"), &frame), FRAME_PROTOCOL_ERROR);
    assert_int_equal(frame_read(hex("82ff000000000000ffff00000000"), &frame), FRAME_PROTOCOL_ERROR);
    assert_int_equal(frame_read(hex("82ff800000000001000000000000"), &frame), FRAME_PROTOCOL_ERROR);
    assert_int_equal(frame_read(hex("82ff000000000001000100000000"), &frame), FRAME_TOO_BIG);
}

static void what_breaks_the_rules_is_refused(void **state)
{
    (void)state;
    const char *const wrong[] = {
        "",             /* nothing */
        "81",           /* half of it */
        "8105",         /* not masked */
        "818537fa21",   /* a mask that is cut */
        "c18537fa213d", /* reserved bits */
        "a18537fa213d",
        "918537fa213d",
        "838537fa213d",     /* opcodes that nobody knows */
        "8b8537fa213d",     /**/
        "098537fa213d",     /* a ping in pieces, */
        "89fe007e00000000", /* and one that is long */
    };
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        frame_t frame;
        if (frame_read(hex(wrong[i]), &frame) != FRAME_PROTOCOL_ERROR)
            fail_msg("%s is no frame", wrong[i]);
    }
}

static void assert_written(size_t len, const char *digits)
{
    uint8_t room[FRAME_HEADER_MAX];
    writer_t out = writer_to(room, sizeof room);
    frame_write(&out, &(frame_t){.fin = true, .opcode = FRAME_BINARY, .len = len});
    assert_false(out.overflow);
    assert_bytes(written(&out), digits);
}

static void headers_are_written_without_a_mask(void **state)
{
    (void)state;
    assert_written(0, "8200");
    assert_written(125, "827d");
    assert_written(126, "827e007e");
    assert_written(65535, "827effff");
    assert_written(65536, "827f0000000000010000");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_examples_of_the_rfc_are_read),
        cmocka_unit_test(lengths_are_as_short_as_they_can_be),
        cmocka_unit_test(what_breaks_the_rules_is_refused),
        cmocka_unit_test(headers_are_written_without_a_mask),
    };
    return RUN_GROUP(tests);
}
