/* The three messages and the NTLMv2 response, byte by byte (MS-NLMP 2.2). */
#include "unit.h"

#include "../../lib/ntlm/message.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

#define SIGNATURE "4e544c4d53535000"
#define TYPE1 SIGNATURE "01000000"
#define TYPE2 SIGNATURE "02000000"
#define TYPE3 SIGNATURE "03000000"
#define NONE "0000000000000000"
#define UNICODE_FLAG "01000000"
#define VERSION_FLAG "01000002"
#define EOL "00000000"

static const char no_signature[] = "the NTLMSSP signature is missing";
static const char other_type[] = "it is another type of message";
static const char too_short[] = "the message is too short";
static const char outside[] = "a field lies outside the message";
static const char in_header[] = "a field lies inside the header";

/* The first len bytes of a message, with zeros behind it where it is shorter;
 * in memory of exactly that size. The caller frees it. */
static bytes_t resized(bytes_t message, size_t len)
{
    uint8_t *copy = calloc(1, len ? len : 1);
    memcpy(copy, message.data, len < message.len ? len : message.len);
    return (bytes_t){copy, len};
}

static void release(bytes_t bytes)
{
    free((void *)bytes.data);
}

/* ---- any message ---- */

static void messages_are_told_by_signature_and_type(void **state)
{
    (void)state;
    assert_int_equal(message_type(hex(TYPE1)), 1);
    assert_int_equal(message_type(hex(TYPE2)), 2);
    assert_int_equal(message_type(hex(TYPE3 NONE)), 3);
}

static void what_is_no_message_has_no_type(void **state)
{
    (void)state;
    static const char *const others[] = {
        "",
        "4e",
        SIGNATURE,
        SIGNATURE "010000", /* cut */
        SIGNATURE "00000000",
        SIGNATURE "04000000",
        SIGNATURE "ffffffff",
        SIGNATURE "00000001",       /* big-endian */
        "4e544c4d5353500101000000", /* no NUL */
        "6e746c6d7373700001000000", /* lower case */
        "004e544c4d5353500001000000",
        "604806062b06010505020000", /* SPNEGO */
    };
    for (size_t i = 0; i < COUNT(others); i++) assert_int_equal(message_type(hex(others[i])), 0);
    assert_int_equal(message_type((bytes_t){NULL, 0}), 0);
}

/* ---- Type 1 ---- */

static void a_type1_of_16_to_2048_bytes_is_accepted(void **state)
{
    (void)state;
    static const size_t lengths[] = {16, 17, 31, 32, 39, 40, 41, 2047, NTLM_TYPE1_MAX};
    assert_int_equal(NTLM_TYPE1_MAX, 2048);
    for (size_t i = 0; i < COUNT(lengths); i++) {
        type1_t type1;
        bytes_t message = resized(hex(TYPE1 "978208e2"), lengths[i]);
        assert_null(type1_parse(message, &type1));
        assert_true(type1.flags == 0xe2088297);
        release(message);
    }
}

static void a_type1_outside_these_lengths_is_refused(void **state)
{
    (void)state;
    type1_t type1;
    bytes_t message = resized(hex(TYPE1 "978208e2"), NTLM_TYPE1_MAX + 1);
    assert_refusal(type1_parse(message, &type1), "the Type 1 is too long");
    release(message);
    for (size_t len = 0; len < 16; len++) {
        message = resized(hex(TYPE1 "978208e2"), len);
        assert_refusal(type1_parse(message, &type1), too_short);
        release(message);
    }
}

static void another_message_is_no_type1(void **state)
{
    (void)state;
    type1_t type1;
    assert_refusal(type1_parse(hex(TYPE2 "97820802"), &type1), other_type);
    assert_refusal(type1_parse(hex(TYPE3 "97820802"), &type1), other_type);
    assert_refusal(type1_parse(hex(SIGNATURE "0000000097820802"), &type1), other_type);
    assert_refusal(type1_parse(hex("4e544c4d535350010100000097820802"), &type1), no_signature);
}

static void a_type1_must_offer_one_of_the_two_charsets(void **state)
{
    (void)state;
    type1_t type1;
    assert_null(type1_parse(hex(TYPE1 "01000000"), &type1));
    assert_null(type1_parse(hex(TYPE1 "02000000"), &type1)); /* OEM alone: curl */
    assert_refusal(type1_parse(hex(TYPE1 "00000000"), &type1),
                   "the Type 1 offers neither Unicode nor OEM strings");
    assert_refusal(type1_parse(hex(TYPE1 "fcffffff"), &type1),
                   "the Type 1 offers neither Unicode nor OEM strings");
}

static void the_names_in_a_type1_are_not_looked_at(void **state)
{
    (void)state;
    type1_t type1;
    assert_null(type1_parse(hex(TYPE1 "01300000"
                                      "fffffffff0ffffff"
                                      "010001000a000000"),
                            &type1));
    assert_null(type1_parse(hex(TYPE1 "01300000"
                                      "ffff"),
                            &type1));
}

/* ---- Type 2 ---- */

static const char type2_digits[] = TYPE2 "0400040038000000"
                                         "15828ae2"
                                         "0123456789abcdef" NONE "0a000a003c000000"
                                         "0a0000000000000f"
                                         "53005600"
                                         "010002005300" EOL;

static void a_type2_is_written_with_its_payload_at_56(void **state)
{
    (void)state;
    uint8_t room[70];
    writer_t out = writer_to(room, sizeof room);
    type2_t type2 = {.flags = 0xe28a8215,
                     .target_name = hex("53005600"),
                     .target_info = hex("010002005300" EOL)};
    memcpy(type2.challenge, hex("0123456789abcdef").data, 8);
    type2_write(&out, &type2);
    assert_bytes(written(&out), type2_digits);
    out = writer_to(room, sizeof room - 1);
    type2_write(&out, &type2);
    assert_true(out.overflow);
}

static void a_type2_without_the_version_flag_has_zeros_there(void **state)
{
    (void)state;
    uint8_t room[64];
    writer_t out = writer_to(room, sizeof room);
    type2_t type2 = {.flags = 1};
    type2_write(&out, &type2);
    assert_bytes(written(&out), TYPE2 "0000000038000000"
                                      "01000000" NONE NONE "0000000038000000" NONE);
}

static void a_type2_comes_back_as_it_was_written(void **state)
{
    (void)state;
    type2_t type2;
    bytes_t message = hex(type2_digits);
    assert_null(type2_parse(message, &type2));
    assert_true(type2.flags == 0xe28a8215);
    assert_bytes(((bytes_t){type2.challenge, 8}), "0123456789abcdef");
    assert_bytes(type2.target_name, "53005600");
    assert_bytes(type2.target_info, "010002005300" EOL);
    assert_ptr_equal(type2.target_name.data, message.data + 56);
}

static void a_type2_cut_anywhere_is_refused(void **state)
{
    (void)state;
    bytes_t whole = hex(type2_digits);
    for (size_t len = 0; len < whole.len; len++) {
        type2_t type2;
        bytes_t message = resized(whole, len);
        assert_non_null(type2_parse(message, &type2));
        release(message);
    }
}

static void a_type2_that_breaks_the_rules_is_refused(void **state)
{
    (void)state;
    type2_t type2;
    assert_refusal(type2_parse(hex(TYPE1 NONE EOL NONE NONE NONE), &type2), other_type);
    assert_refusal(type2_parse(hex(TYPE2 "01000100f0ffffff" EOL NONE NONE NONE), &type2), outside);
    assert_refusal(type2_parse(hex(TYPE2 NONE EOL NONE NONE "0400040030000000"
                                                            "0100ffff"),
                               &type2),
                   "the list of AV pairs does not end within its bytes");
    assert_null(type2_parse(hex(TYPE2 NONE EOL NONE NONE NONE), &type2)); /* 48 bytes, no target */
    assert_int_equal(type2.target_info.len, 0);
}

/* ---- Type 3 ---- */

static const char *parse3(const char *digits, type3_t *type3)
{
    return type3_parse(hex(digits), type3);
}

static void a_type3_gives_its_fields(void **state)
{
    (void)state;
    type3_t type3;
    bytes_t message = hex(TYPE3 "0100010040000000" /* LM */
                                "0200020041000000" /* NT */
                                "0200020043000000" /* domain */
                                "0200020045000000" /* user */
                                "0200020047000000" /* workstation */
                                "0300030049000000" /* session key */
                                "15828ae2"
                                "01"
                                "0202"
                                "4400"
                                "5500"
                                "5700"
                                "0a0b0c");
    assert_null(type3_parse(message, &type3));
    assert_bytes(type3.lm, "01");
    assert_bytes(type3.nt, "0202");
    assert_bytes(type3.domain, "4400");
    assert_bytes(type3.user, "5500");
    assert_bytes(type3.workstation, "5700");
    assert_bytes(type3.session_key, "0a0b0c");
    assert_true(type3.flags == 0xe28a8215);
    assert_int_equal(type3.payload, 64);
    assert_ptr_equal(type3.message.data, message.data);
    assert_int_equal(type3.message.len, message.len);
}

static void a_type3_has_64_bytes_at_least(void **state)
{
    (void)state;
    bytes_t whole = hex(TYPE3 NONE NONE NONE NONE NONE NONE UNICODE_FLAG);
    type3_t type3;
    assert_int_equal(whole.len, 64);
    assert_null(type3_parse(whole, &type3));
    assert_int_equal(type3.payload, 64);
    for (size_t len = 0; len < whole.len; len++) { /* 52: Windows 9x */
        bytes_t message = resized(whole, len);
        assert_refusal(type3_parse(message, &type3), too_short);
        release(message);
    }
}

static void a_type3_that_is_written_is_read_again(void **state)
{
    (void)state;
    uint8_t message[128];
    writer_t out = writer_to(message, sizeof message);
    const type3_t sent = {.lm = hex("01"),
                          .nt = hex("0202"),
                          .domain = hex("4400"),
                          .user = hex("5500"),
                          .workstation = bytes_none(),
                          .session_key = hex("0a0b0c"),
                          .flags = 0xe28a8215};
    type3_t type3;
    type3_write(&out, &sent);
    assert_null(type3_parse(written(&out), &type3));
    assert_bytes(type3.lm, "01");
    assert_bytes(type3.nt, "0202");
    assert_bytes(type3.domain, "4400");
    assert_bytes(type3.user, "5500");
    assert_bytes(type3.workstation, "");
    assert_bytes(type3.session_key, "0a0b0c");
    assert_true(type3.flags == sent.flags);
    assert_int_equal(type3.payload, 64);
    assert_int_equal(type3_mic_offset(&type3), 0);
    out = writer_to(message, 70);
    type3_write(&out, &sent);
    assert_true(out.overflow);
}

static void another_message_is_no_type3(void **state)
{
    (void)state;
    type3_t type3;
    assert_refusal(parse3(TYPE1 NONE NONE NONE NONE NONE NONE UNICODE_FLAG, &type3), other_type);
    assert_refusal(parse3(SIGNATURE "03000001" NONE NONE NONE NONE NONE NONE UNICODE_FLAG, &type3),
                   other_type);
    assert_refusal(
        parse3("4e544c4d5353502003000000" NONE NONE NONE NONE NONE NONE UNICODE_FLAG, &type3),
        no_signature);
}

/* A Type 3 of 66 bytes whose field number i (0 LM to 5 session key) is these. */
static const char *parse_with_field(int i, const char *field, type3_t *type3)
{
    char digits[160] = TYPE3;
    for (int k = 0; k < 6; k++) strcat(digits, k == i ? field : NONE);
    strcat(digits, UNICODE_FLAG "aabb");
    return parse3(digits, type3);
}

static void no_field_of_a_type3_may_lie_outside_or_in_the_header(void **state)
{
    (void)state;
    for (int i = 0; i < 6; i++) {
        type3_t type3;
        assert_null(parse_with_field(i, "0200020040000000", &type3));
        assert_int_equal(type3.payload, 64);
        assert_null(parse_with_field(i, "0100010041000000", &type3));
        assert_int_equal(type3.payload, 65);
        assert_refusal(parse_with_field(i, "010001003f000000", &type3), in_header);
        assert_refusal(parse_with_field(i, "0100010000000000", &type3), in_header);
        assert_refusal(parse_with_field(i, "4200420000000000", &type3), in_header);
        assert_refusal(parse_with_field(i, "0300030040000000", &type3), outside);
        assert_refusal(parse_with_field(i, "0100010042000000", &type3), outside);
        assert_refusal(parse_with_field(i, "10001000f0ffffff", &type3), outside);
        assert_refusal(parse_with_field(i, "ffffffffffffffff", &type3), outside);
        assert_null(parse_with_field(i, "00000000f0ffffff", &type3)); /* empty: anywhere */
        assert_int_equal(type3.payload, 66);
    }
}

static void fields_of_a_type3_may_overlap(void **state)
{
    (void)state;
    type3_t type3;
    assert_null(parse3(TYPE3 NONE NONE "0200020040000000"
                                       "0200020040000000"
                                       "0100010041000000" NONE UNICODE_FLAG "aabb",
                       &type3));
    assert_bytes(type3.domain, "aabb");
    assert_bytes(type3.user, "aabb");
    assert_bytes(type3.workstation, "bb");
}

static void the_mic_is_where_the_layout_has_room_for_it(void **state)
{
    (void)state;
    static const struct {
        size_t payload, without_version, with_version;
    } layouts[] = {
        {64, 0, 0},   {72, 0, 0},   {79, 0, 0},   {80, 64, 0},
        {81, 64, 0},  {87, 64, 0},  {88, 72, 72}, /* Chromium: no flag, Version all the same */
        {89, 72, 72}, {200, 72, 72}};
    bytes_t whole = hex(TYPE3 NONE NONE NONE NONE NONE NONE UNICODE_FLAG);
    for (size_t i = 0; i < COUNT(layouts); i++) {
        type3_t type3;
        bytes_t message = resized(whole, layouts[i].payload); /* no field: the end counts */
        assert_null(type3_parse(message, &type3));
        assert_int_equal(type3_mic_offset(&type3), layouts[i].without_version);
        type3.flags |= NTLMSSP_NEGOTIATE_VERSION;
        assert_int_equal(type3_mic_offset(&type3), layouts[i].with_version);
        release(message);
    }
}

static void a_field_over_the_place_of_the_mic_leaves_no_room_for_it(void **state)
{
    (void)state;
    for (unsigned offset = 64; offset <= 88; offset++) {
        type3_t type3;
        bytes_t message = resized(hex(TYPE3 NONE NONE NONE NONE NONE NONE VERSION_FLAG), 120);
        uint8_t *user = (uint8_t *)message.data + 36;
        user[0] = 2;
        user[4] = (uint8_t)offset;
        assert_null(type3_parse(message, &type3));
        assert_int_equal(type3_mic_offset(&type3), offset == 88 ? 72 : 0);
        release(message);
    }
}

/* ---- NTLMv2 response (MS-NLMP 2.2.2.7 and 2.2.2.8) ---- */

#define PROOF "68cd0ab851e51c96aabc927bebef6a1c"
#define TEMP_HEAD "0101000000000000" NONE "aaaaaaaaaaaaaaaa" EOL

static void an_ntlmv2_response_gives_its_parts(void **state)
{
    (void)state;
    ntlmv2_response_t response;
    assert_null(ntlmv2_response_parse(hex(PROOF TEMP_HEAD "010002005300" EOL EOL), &response));
    assert_bytes(response.proof, PROOF);
    assert_bytes(response.temp, TEMP_HEAD "010002005300" EOL EOL);
    assert_bytes(response.pairs, "010002005300" EOL EOL);
}

static void an_ntlmv2_response_has_48_bytes_at_least(void **state)
{
    (void)state;
    bytes_t whole = hex(PROOF TEMP_HEAD EOL);
    ntlmv2_response_t response;
    assert_int_equal(whole.len, 48);
    assert_null(ntlmv2_response_parse(whole, &response));
    for (size_t len = 0; len < 48; len++) {
        bytes_t nt = resized(whole, len);
        assert_refusal(ntlmv2_response_parse(nt, &response),
                       len < 44 ? "the NTLMv2 response is too short"
                                : "the list of AV pairs does not end within its bytes");
        release(nt);
    }
}

static void both_response_types_must_be_1(void **state)
{
    (void)state;
    static const char *const types[] = {"0100", "0001", "0000", "0102", "0201", "0202", "ffff"};
    for (size_t i = 0; i < COUNT(types); i++) {
        char digits[128];
        ntlmv2_response_t response;
        sprintf(digits, PROOF "%s000000000000" NONE NONE EOL EOL, types[i]);
        assert_refusal(ntlmv2_response_parse(hex(digits), &response),
                       "RespType or HiRespType of the NTLMv2 response is not 1");
    }
}

static void reserved_bytes_may_hold_anything(void **state)
{
    (void)state;
    ntlmv2_response_t response;
    assert_null(ntlmv2_response_parse(hex(PROOF "0101ffffffffffff"
                                                "ffffffffffffffff"
                                                "ffffffffffffffff"
                                                "ffffffff" EOL),
                                      &response));
}

static void what_follows_the_pairs_is_free_but_the_pairs_are_not(void **state)
{
    (void)state;
    ntlmv2_response_t response;
    assert_null(ntlmv2_response_parse(hex(PROOF TEMP_HEAD EOL "ff"), &response));
    assert_null(ntlmv2_response_parse(hex(PROOF TEMP_HEAD EOL "0600ffff"), &response));
    assert_non_null(ntlmv2_response_parse(hex(PROOF TEMP_HEAD "0100ffff" EOL), &response));
    assert_refusal(ntlmv2_response_parse(hex(PROOF TEMP_HEAD "0600040002000000"
                                                             "0600040000000000" EOL),
                                         &response),
                   "MsvAvFlags stands twice");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(messages_are_told_by_signature_and_type),
        cmocka_unit_test(what_is_no_message_has_no_type),
        cmocka_unit_test(a_type1_of_16_to_2048_bytes_is_accepted),
        cmocka_unit_test(a_type1_outside_these_lengths_is_refused),
        cmocka_unit_test(another_message_is_no_type1),
        cmocka_unit_test(a_type1_must_offer_one_of_the_two_charsets),
        cmocka_unit_test(the_names_in_a_type1_are_not_looked_at),
        cmocka_unit_test(a_type2_is_written_with_its_payload_at_56),
        cmocka_unit_test(a_type2_without_the_version_flag_has_zeros_there),
        cmocka_unit_test(a_type2_comes_back_as_it_was_written),
        cmocka_unit_test(a_type2_cut_anywhere_is_refused),
        cmocka_unit_test(a_type2_that_breaks_the_rules_is_refused),
        cmocka_unit_test(a_type3_gives_its_fields),
        cmocka_unit_test(a_type3_has_64_bytes_at_least),
        cmocka_unit_test(a_type3_that_is_written_is_read_again),
        cmocka_unit_test(another_message_is_no_type3),
        cmocka_unit_test(no_field_of_a_type3_may_lie_outside_or_in_the_header),
        cmocka_unit_test(fields_of_a_type3_may_overlap),
        cmocka_unit_test(the_mic_is_where_the_layout_has_room_for_it),
        cmocka_unit_test(a_field_over_the_place_of_the_mic_leaves_no_room_for_it),
        cmocka_unit_test(an_ntlmv2_response_gives_its_parts),
        cmocka_unit_test(an_ntlmv2_response_has_48_bytes_at_least),
        cmocka_unit_test(both_response_types_must_be_1),
        cmocka_unit_test(reserved_bytes_may_hold_anything),
        cmocka_unit_test(what_follows_the_pairs_is_free_but_the_pairs_are_not),
    };
    return RUN_GROUP(tests);
}
