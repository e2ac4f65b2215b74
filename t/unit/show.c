/* The parts of messages, in the words of MS-NLMP. */
#include "outlines.h"

#include "../../lib/explain/show.h"

static void flags_have_the_names_of_their_bits(void **state)
{
    (void)state;
    show_flags(open_outline(false), 0x82000009U);
    const char *text = written_outline();
    assert_shows(text, "NegotiateFlags             0x82000009\n");
    assert_shows(text, "00000001  NTLMSSP_NEGOTIATE_UNICODE\n");
    assert_shows(text, "00000008  r10\n");
    assert_shows(text, "02000000  NTLMSSP_NEGOTIATE_VERSION\n");
    assert_shows(text, "80000000  NTLMSSP_NEGOTIATE_56\n");
    forget_outline();
}

static void versions_have_their_four_numbers(void **state)
{
    (void)state;
    show_version(open_outline(false), hex("0a00634500000000"));
    assert_shows(written_outline(), "10.0 build 17763, NTLMRevisionCurrent 0");
    forget_outline();
}

static void texts_are_shown_without_what_a_terminal_obeys(void **state)
{
    (void)state;
    char room[TEXT_ROOM];
    assert_string_equal(show_words(hex("61001b0000d8"), true, room), "a\xef\xbf\xbd\xef\xbf\xbd");
    assert_string_equal(show_words(hex("61e4"), false, room), "a\xc3\xa4");
}

static void a_long_text_is_cut(void **state)
{
    (void)state;
    static uint8_t text[65535];
    char room[TEXT_ROOM];
    memset(text, 'x', sizeof text);
    assert_int_equal(strlen(show_words((bytes_t){text, sizeof text}, false, room)), TEXT_SHOWN_MAX);
    assert_int_equal(strlen(show_words((bytes_t){text, sizeof text}, true, room)),
                     3 * TEXT_SHOWN_MAX);
}

static void av_pairs_have_names_and_values(void **state)
{
    (void)state;
    show_av_pairs(open_outline(false), "AvPairs",
                  hex("0200080043004f00520050000600040002000000"
                      "07000800003c5b2f6ac5d701630001004100000000aabb"));
    const char *text = written_outline();
    assert_shows(text, "MsvAvNbDomainName        \"CORP\"");
    assert_shows(text, "MIC_PRESENT");
    assert_shows(text, "MsvAvTimestamp           2021-");
    assert_shows(text, "an unknown AvId          1 bytes: 41");
    assert_shows(text, "MsvAvEOL                 2 bytes follow it");
    assert_null(strstr(text, "error"));
    forget_outline();
}

static void broken_av_pairs_are_shown_up_to_the_break(void **state)
{
    (void)state;
    show_av_pairs(open_outline(false), "AvPairs", hex("01000200410002000800"));
    const char *text = written_outline();
    assert_shows(text, "MsvAvNbComputerName      \"A\"");
    assert_shows(text, "the list of AV pairs does not end within its bytes");
    forget_outline();
}

static void a_field_that_lies_outside_is_said_to(void **state)
{
    (void)state;
    reader_t in = reader_over(hex("02000200f0ffffff"));
    assert_int_equal(show_field(open_outline(false), "UserName", &in, FIELD_UNICODE).len, 0);
    assert_shows(written_outline(), "2 bytes at 4294967280: outside of the message");
    assert_null(in.error);
    forget_outline();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(flags_have_the_names_of_their_bits),
        cmocka_unit_test(versions_have_their_four_numbers),
        cmocka_unit_test(texts_are_shown_without_what_a_terminal_obeys),
        cmocka_unit_test(a_long_text_is_cut),
        cmocka_unit_test(av_pairs_have_names_and_values),
        cmocka_unit_test(broken_av_pairs_are_shown_up_to_the_break),
        cmocka_unit_test(a_field_that_lies_outside_is_said_to),
    };
    return RUN_GROUP(tests);
}
