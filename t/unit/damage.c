/* Challenges of the test bench that are none: each is broken as it says, and by nothing else. */
#include "unit.h"

#include "pool.h"

#include <string.h>

#include <apr_encode.h>

#include "../../lib/bench/fault/damage.h"
#include "../../lib/ntlm/message.h"

static bytes_t sound(void)
{
    static uint8_t room[256], info[64];
    writer_t pairs = writer_to(info, sizeof info), out = writer_to(room, sizeof room);
    avpairs_append(&pairs, MsvAvNbDomainName, bytes_of("D\0O\0"));
    avpairs_append(&pairs, MsvAvTimestamp, bytes_of("12345678"));
    avpairs_append(&pairs, MsvAvEOL, bytes_none());
    const type2_t type2 = {.flags = NTLMSSP_NEGOTIATE_UNICODE | NTLMSSP_NEGOTIATE_TARGET_INFO,
                           .target_name = bytes_of("D"),
                           .target_info = written(&pairs)};
    type2_write(&out, &type2);
    return written(&out);
}

static bytes_t broken(damage_t damage)
{
    apr_size_t len = 0;
    const char *text = damage_token(pool, damage, sound());
    const void *bytes =
        apr_pdecode_base64_binary(pool, text, APR_ENCODE_STRING, APR_ENCODE_NONE, &len);
    assert_non_null(bytes);
    return (bytes_t){bytes, len};
}

static void assert_refused(damage_t damage, const char *why)
{
    type2_t type2;
    assert_string_equal(type2_parse(broken(damage), &type2), why);
    assert_non_null(damage_words(damage));
}

static void what_is_broken_is_refused_for_it(void **state)
{
    (void)state;
    type2_t type2;
    assert_null(type2_parse(sound(), &type2));
    assert_refused(DAMAGE_TRUNCATED, "a field lies outside the message");
    assert_refused(DAMAGE_TARGET_INFO, "a field lies outside the message");
    assert_refused(DAMAGE_OFFSET, "a field lies outside the message");
    assert_refused(DAMAGE_SIGNATURE, "the NTLMSSP signature is missing");
    assert_refused(DAMAGE_TYPE, "it is another type of message");
    assert_refused(DAMAGE_NO_EOL, "the list of AV pairs does not end within its bytes");
    assert_refused(DAMAGE_AV_LENGTH, "the list of AV pairs does not end within its bytes");
}

static void the_rest_of_it_is_as_it_was(void **state)
{
    (void)state;
    const bytes_t type = broken(DAMAGE_TYPE), whole = sound();
    assert_int_equal(type.len, whole.len);
    assert_int_equal(message_type(type), 3);
    assert_memory_equal(type.data + 12, whole.data + 12, whole.len - 12);
    assert_memory_equal(broken(DAMAGE_TRUNCATED).data, whole.data, 28);
    assert_int_equal(broken(DAMAGE_TRUNCATED).len, 28);
}

static void garbage_is_no_base64(void **state)
{
    (void)state;
    apr_size_t len;
    const char *text = damage_token(pool, DAMAGE_BASE64, sound());
    assert_non_null(strchr(text, '!'));
    assert_null(apr_pdecode_base64_binary(pool, text, APR_ENCODE_STRING, APR_ENCODE_NONE, &len));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_broken_is_refused_for_it),
        cmocka_unit_test(the_rest_of_it_is_as_it_was),
        cmocka_unit_test(garbage_is_no_base64),
    };
    return RUN_GROUP_IN_POOL(tests);
}
