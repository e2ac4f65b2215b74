/* The signature, the type and the Type 1. */
#include "planted.h"

#include "../../lib/explain/shape/envelope.h"

/* As base64 in a header, which is the only place where messages stand that are no Type 3. */
static const char *of(bytes_t message)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    static char header[8192];
    size_t len = (size_t)snprintf(header, sizeof header, "NTLM ");
    for (size_t i = 0; i < message.len; i += 3) {
        uint32_t bits = 0;
        for (size_t k = 0; k < 3; k++)
            bits = bits << 8 | (i + k < message.len ? message.data[i + k] : 0);
        for (size_t k = 0; k < 4; k++)
            header[len++] = i + k > message.len ? '=' : digits[bits >> (18 - 6 * k) & 63];
    }
    return said_by(envelope_causes, &(subject_t){.header = {(const uint8_t *)header, len}});
}

static bytes_t altered(bytes_t message, size_t at, const char *bytes, size_t len)
{
    static uint8_t copy[4096];
    memcpy(copy, message.data, message.len);
    memcpy(copy + at, bytes, len);
    return (bytes_t){copy, message.len};
}

static void right_messages_have_none(void **state)
{
    (void)state;
    const plant_t client = right();
    assert_string_equal(of(client_type1(CLIENT_FLAGS)), "");
    assert_string_equal(of(client_type1(0x0202)), "");
    assert_string_equal(of(plant(&client)->type3), "");
    assert_string_equal(judged_by(envelope_causes, &planted, NTLM_OK), "");
    assert_string_equal(of(bytes_none()), "");
}

static void a_signature_that_is_none_is_named(void **state)
{
    (void)state;
    const bytes_t type1 = client_type1(CLIENT_FLAGS);
    assert_string_equal(of(altered(type1, 7, " ", 1)), "signature");
    assert_string_equal(of(altered(type1, 0, "ntlmssp", 7)), "signature");
    assert_string_equal(of(altered(type1, 0, "N\0T\0L\0M\0", 8)), "signature");
    assert_string_equal(of(bytes_from(type1, 8)), "signature");
}

static void other_types_are_named(void **state)
{
    (void)state;
    const plant_t client = right();
    const bytes_t type1 = client_type1(CLIENT_FLAGS);
    assert_string_equal(of(altered(type1, 8, "\0\0\0\1", 4)), "type-big-endian");
    assert_string_equal(of(altered(type1, 8, "\4\0\0\0", 4)), "type-unknown");
    assert_string_equal(of(altered(type1, 8, "\0\0\0\0", 4)), "type-unknown");
    (void)plant(&client);
    assert_string_equal(of(altered(planted.type3, 8, "\0\0\0\3", 4)), "type-big-endian");
    assert_string_equal(of(altered(planted.type3, 8, "\1\0\0\0", 4)), "type-wrong");
    assert_string_equal(of(planted.type2), "type2-sent");
}

static void a_type1_that_is_refused_is_named(void **state)
{
    (void)state;
    static uint8_t large[NTLM_TYPE1_MAX + 1];
    memcpy(large, client_type1(CLIENT_FLAGS).data, 40);
    assert_string_equal(of(client_type1(__builtin_bswap32(0x00088207))), "type1-flags-big-endian");
    assert_string_equal(of(client_type1(0x0200)), "type1-without-charset");
    assert_string_equal(of(client_type1(0)), "type1-without-charset");
    assert_string_equal(of((bytes_t){client_type1(CLIENT_FLAGS).data, 15}), "type1-too-short");
    assert_string_equal(of((bytes_t){large, sizeof large}), "type1-too-long");
    assert_string_equal(of((bytes_t){large, NTLM_TYPE1_MAX}), "");
}

static void who_was_let_in_made_none(void **state)
{
    (void)state;
    assert_string_equal(
        said_by(envelope_causes, &(subject_t){.header = bytes_of("NTLM bm9uZQ=="), .let_in = true}),
        "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(right_messages_have_none), TEST(a_signature_that_is_none_is_named),
        TEST(other_types_are_named),    TEST(a_type1_that_is_refused_is_named),
        TEST(who_was_let_in_made_none),
    };
    return RUN_GROUP(tests);
}
