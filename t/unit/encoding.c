/* Hex and base64 as people paste them, and what is said about wrong ones. */
#include "unit.h"

#include "../../lib/explain/encoding.h"

typedef const char *(*decode_t)(bytes_t text, writer_t *out);

static uint8_t room[64];
static writer_t out;

static const char *decode(decode_t how, const char *text)
{
    out = writer_to(room, sizeof room);
    return how(bytes_of(text), &out);
}

static void hex_digits_may_be_separated(void **state)
{
    (void)state;
    static const char *const texts[] = {"0aFf10", "0a ff 10", "0A:FF:10", " 0aff\r\n10\n",
                                        "0 aff1 0"};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        assert_null(decode(decode_hex, texts[i]));
        assert_bytes(written(&out), "0aff10");
    }
    assert_null(decode(decode_hex, ""));
    assert_int_equal(out.len, 0);
}

static void wrong_hex_is_refused(void **state)
{
    (void)state;
    assert_refusal(decode(decode_hex, "abc"), "it has an odd number of hex digits");
    assert_refusal(decode(decode_hex, "0x41"), "it has a character that is not a hex digit");
}

static void base64_of_every_length_is_decoded(void **state)
{
    (void)state;
    static const char *const pairs[][2] = {
        {"", ""},           {"Zg==", "66"},           {"Zm8=", "666f"},
        {"Zm9v", "666f6f"}, {"Zm9vYg==", "666f6f62"}, {"+/\nA=", "fbf0"}};
    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
        assert_null(decode(decode_base64, pairs[i][0]));
        assert_bytes(written(&out), pairs[i][1]);
    }
}

static void wrong_base64_is_refused(void **state)
{
    (void)state;
    static const char *const wrong[][2] = {
        {"Zg", "the base64 is not padded with '=' to a multiple of 4"},
        {"Zg=", "the base64 is not padded with '=' to a multiple of 4"},
        {"Zm8==", "the base64 is not padded with '=' to a multiple of 4"},
        {"Zm9v=", "the base64 has '=' where none belongs"},
        {"Zm9vY", "the base64 is cut off: one character is left over"},
        {"Zg==Zg==", "the base64 goes on after '='"},
        {"Zh==", "the base64 has stray bits in its end"},
        {"Zm9=", "the base64 has stray bits in its end"},
        {"Zm-v", "it has a character that is not base64"},
    };
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        assert_refusal(decode(decode_base64, wrong[i][0]), wrong[i][1]);
}

static void more_than_there_is_room_for_is_refused(void **state)
{
    (void)state;
    char text[4 * sizeof room];
    memset(text, 'A', sizeof text);
    text[2 * sizeof room + 2] = '\0';
    assert_refusal(decode(decode_hex, text), "the message is larger than 64 KiB");
    memset(text, 'A', sizeof text);
    text[sizeof text - 4] = '\0';
    assert_refusal(decode(decode_base64, text), "the message is larger than 64 KiB");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hex_digits_may_be_separated),
        cmocka_unit_test(wrong_hex_is_refused),
        cmocka_unit_test(base64_of_every_length_is_decoded),
        cmocka_unit_test(wrong_base64_is_refused),
        cmocka_unit_test(more_than_there_is_room_for_is_refused),
    };
    return RUN_GROUP(tests);
}
