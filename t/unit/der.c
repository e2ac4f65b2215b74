/* Elements of DER: whatever their lengths claim, nothing outside of them is read. */
#include "unit.h"

#include "../../lib/ntlm/spnego/der.h"

static void an_element_gives_its_content(void **state)
{
    (void)state;
    reader_t in = reader_over(hex("0403616263"
                                  "0600"
                                  "0a0101"));
    assert_true(der_is_next(&in, DER_OCTET_STRING));
    assert_false(der_is_next(&in, DER_OID));
    assert_bytes(der_read(&in, DER_OCTET_STRING), "616263");
    assert_int_equal(der_read(&in, DER_OID).len, 0);
    assert_bytes(der_read(&in, DER_ENUMERATED), "01");
    assert_null(in.error);
    assert_false(der_is_next(&in, DER_OID));
}

static void lengths_of_up_to_three_octets_are_read_minimal_or_not(void **state)
{
    (void)state;
    static const char *const same[] = {"040161", "04810161", "0482000161", "048300000161"};
    for (size_t i = 0; i < sizeof same / sizeof same[0]; i++) {
        reader_t in = reader_over(hex(same[i]));
        assert_bytes(der_read(&in, DER_OCTET_STRING), "61");
        assert_null(in.error);
    }
}

static void lengths_of_no_use_are_refused(void **state)
{
    (void)state;
    static const char *const wrong[] = {"0480610000",
                                        "048400000001"
                                        "61",
                                        "04ff61", "04fe"};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        reader_t in = reader_over(hex(wrong[i]));
        assert_int_equal(der_read(&in, DER_OCTET_STRING).len, 0);
        assert_refusal(in.error, "its DER has an indefinite or an endless length");
    }
}

static void what_ends_too_early_is_refused(void **state)
{
    (void)state;
    static const char *const wrong[] = {
        "04",       "0401",       "0481",    "048200",
        "04820001", "0483ffffff", "04026100" /* whole: the control */};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        bool whole = i + 1 == sizeof wrong / sizeof wrong[0];
        reader_t in = reader_over(hex(wrong[i]));
        assert_int_equal(der_read(&in, DER_OCTET_STRING).len, whole ? 2 : 0);
        if (whole)
            assert_null(in.error);
        else
            assert_refusal(in.error, "the message is too short");
    }
}

static void another_tag_is_refused_and_stays_refused(void **state)
{
    (void)state;
    reader_t in = reader_over(hex("040161"
                                  "040162"));
    assert_int_equal(der_read(&in, DER_OID).len, 0);
    assert_refusal(in.error, "its DER is not what RFC 4178 says");
    assert_false(der_is_next(&in, DER_OCTET_STRING));
    assert_int_equal(der_read(&in, DER_OCTET_STRING).len, 0);
    reader_t content = der_open(&in, DER_OCTET_STRING);
    assert_refusal(content.error, "its DER is not what RFC 4178 says");
    reader_t nothing = reader_over(bytes_none());
    assert_int_equal(der_read(&nothing, DER_OID).len, 0);
    assert_non_null(nothing.error);
}

static void a_child_ends_where_its_parent_does(void **state)
{
    (void)state;
    reader_t in = reader_over(hex("3003"
                                  "04026162"
                                  "6364"));
    reader_t content = der_open(&in, DER_SEQUENCE);
    assert_int_equal(der_read(&content, DER_OCTET_STRING).len, 0);
    der_close(&in, &content);
    assert_refusal(in.error, "the message is too short");
}

static void what_is_left_in_an_element_is_refused(void **state)
{
    (void)state;
    reader_t in = reader_over(hex("3006"
                                  "040161"
                                  "040162"));
    reader_t content = der_open(&in, DER_SEQUENCE);
    assert_bytes(der_read(&content, DER_OCTET_STRING), "61");
    der_close(&in, &content);
    assert_refusal(in.error, "its DER has more than RFC 4178 says, or in another order");
}

static void an_element_alone_in_another_is_read_at_once(void **state)
{
    (void)state;
    reader_t in = reader_over(hex("a203040161"
                                  "a205"
                                  "040161"
                                  "0500"));
    assert_bytes(der_read_inside(&in, DER_CONTEXT_2, DER_OCTET_STRING), "61");
    assert_null(in.error);
    assert_int_equal(der_read_inside(&in, DER_CONTEXT_2, DER_OCTET_STRING).len, 0);
    assert_non_null(in.error);
}

static void what_is_written_can_be_read(void **state)
{
    (void)state;
    static uint8_t content[UINT16_MAX + 1], room[UINT16_MAX + 8];
    static const size_t lengths[] = {0, 1, 127, 128, 255, 256, 65535};
    static const char *const heads[] = {"0400",   "0401",     "047f",    "048180",
                                        "0481ff", "04820100", "0482ffff"};
    for (size_t i = 0; i < sizeof lengths / sizeof lengths[0]; i++) {
        writer_t out = writer_to(room, sizeof room);
        der_write(&out, DER_OCTET_STRING, (bytes_t){content, lengths[i]});
        assert_int_equal(written(&out).len, der_len(lengths[i]));
        assert_bytes(((bytes_t){room, strlen(heads[i]) / 2}), heads[i]);
        reader_t in = reader_over(written(&out));
        assert_int_equal(der_read(&in, DER_OCTET_STRING).len, lengths[i]);
        assert_true(!in.error && in.at == out.len);
    }
    writer_t out = writer_to(room, sizeof room);
    der_write_head(&out, DER_OCTET_STRING, UINT16_MAX + 1);
    assert_true(out.overflow);
    writer_t narrow = writer_to(room, 2);
    der_write(&narrow, DER_OCTET_STRING, (bytes_t){content, 1});
    assert_true(narrow.overflow);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_element_gives_its_content),
        cmocka_unit_test(lengths_of_up_to_three_octets_are_read_minimal_or_not),
        cmocka_unit_test(lengths_of_no_use_are_refused),
        cmocka_unit_test(what_ends_too_early_is_refused),
        cmocka_unit_test(another_tag_is_refused_and_stays_refused),
        cmocka_unit_test(a_child_ends_where_its_parent_does),
        cmocka_unit_test(what_is_left_in_an_element_is_refused),
        cmocka_unit_test(an_element_alone_in_another_is_read_at_once),
        cmocka_unit_test(what_is_written_can_be_read),
    };
    return RUN_GROUP(tests);
}
