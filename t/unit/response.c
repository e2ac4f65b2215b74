/* What an NTLMv2 response is computed from, by the values of MS-NLMP 4.2. */
#include "unit.h"

#include "../../lib/ntlm/response.h"

/* MS-NLMP 4.2.1, 4.2.4.1 and 4.2.4.2 */
#define PASSWORD "500061007300730077006f0072006400"
#define NAME                                                                                       \
    "55005300450052004400"                                                                         \
    "6f006d00610069006e00"
#define CHALLENGE "0123456789abcdef"
#define NTOWFV1 "a4f49c406510bdcab6824ee7c30fd852"
#define NTOWFV2 "0c868a403bfd7a93a3001ef22ef02e3f"
#define PROOF "68cd0ab851e51c96aabc927bebef6a1c"
#define SESSION_BASE_KEY "8de40ccadbc14a82f15cb0ad0de95ca3"
#define RANDOM_KEY "55555555555555555555555555555555"
#define ENCRYPTED_KEY "c5dad2544fc9799094ce1ce90bc9d03e"
#define TEMP                                                                                       \
    "01010000000000000000000000000000aaaaaaaaaaaaaaaa00000000"                                     \
    "02000c0044006f006d00610069006e0001000c00530065007200760065007200"                             \
    "0000000000000000"
#define ZEROS "00000000000000000000000000000000"

static void the_published_values_are_computed(void **state)
{
    (void)state;
    uint8_t key[16];
    assert_true(ntowfv1(hex(PASSWORD), key));
    assert_key(key, NTOWFV1);
    assert_true(ntowfv2(hex(NTOWFV1).data, hex(NAME), key));
    assert_key(key, NTOWFV2);
    assert_true(nt_proof(hex(NTOWFV2).data, hex(CHALLENGE).data, hex(TEMP), key));
    assert_key(key, PROOF);
    assert_true(session_base_key(hex(NTOWFV2).data, hex(PROOF), key));
    assert_key(key, SESSION_BASE_KEY);
    assert_true(exported_session_key(hex(SESSION_BASE_KEY).data, true, hex(ENCRYPTED_KEY), key));
    assert_key(key, RANDOM_KEY);
}

static void an_empty_password_has_a_hash(void **state)
{
    (void)state;
    uint8_t key[16];
    assert_true(ntowfv1((bytes_t){NULL, 0}, key));
    assert_key(key, "31d6cfe0d16ae931b73c59d7e0c089c0"); /* RFC 1320 A.5 */
}

static void the_proof_depends_on_every_bit_of_challenge_and_temp(void **state)
{
    (void)state;
    uint8_t challenge[8], temp[sizeof TEMP / 2], proof[16];
    bytes_t key = hex(NTOWFV2), right = hex(PROOF);
    memcpy(challenge, hex(CHALLENGE).data, sizeof challenge);
    memcpy(temp, hex(TEMP).data, sizeof temp);
    for (size_t bit = 0; bit < 8 * (sizeof challenge + sizeof temp); bit++) {
        size_t at = bit / 8;
        uint8_t *byte = at < sizeof challenge ? &challenge[at] : &temp[at - sizeof challenge];
        *byte ^= (uint8_t)(1 << bit % 8);
        assert_true(nt_proof(key.data, challenge, (bytes_t){temp, sizeof temp}, proof));
        assert_memory_not_equal(proof, right.data, 16);
        *byte ^= (uint8_t)(1 << bit % 8);
    }
}

static void a_key_that_was_not_exchanged_is_ignored(void **state)
{
    (void)state;
    uint8_t key[16];
    bytes_t base = hex(SESSION_BASE_KEY);
    assert_true(exported_session_key(base.data, false, hex(ENCRYPTED_KEY), key));
    assert_key(key, SESSION_BASE_KEY);
}

static void an_exchanged_key_of_another_length_is_ignored(void **state)
{
    (void)state;
    static const char *const keys[] = {"", "00", "c5dad2544fc9799094ce1ce90bc9d0",
                                       ENCRYPTED_KEY "00"};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        uint8_t key[16];
        assert_true(exported_session_key(hex(SESSION_BASE_KEY).data, true, hex(keys[i]), key));
        assert_key(key, SESSION_BASE_KEY);
    }
}

static void the_session_key_may_replace_the_key_it_comes_from(void **state)
{
    (void)state;
    uint8_t key[16];
    memcpy(key, hex(NTOWFV2).data, 16);
    assert_true(session_base_key(key, hex(PROOF), key));
    assert_key(key, SESSION_BASE_KEY);
    assert_true(exported_session_key(key, true, hex(ENCRYPTED_KEY), key));
    assert_key(key, RANDOM_KEY);
}

/* ---- MIC (MS-NLMP 3.1.5.1.2); the values are those of Python's hmac ---- */

static const char type1[] = "4e544c4d5353500001000000978208e2";
static const char type2[] = "4e544c4d5353500002000000";
static const char type3[] = "000102030405060708090a0b0c0d0e0f1011121314151617"
                            "18191a1b1c1d1e1f2021222324252627";

static void the_mic_covers_three_messages_with_its_own_bytes_zero(void **state)
{
    (void)state;
    uint8_t mic[16];
    bytes_t key = hex(SESSION_BASE_KEY);
    const bytes_t messages[] = {hex(type1), hex(type2), hex(type3)};
    assert_true(message_mic(key.data, messages, 12, mic));
    assert_key(mic, "4ad9868e44eb3f5fdea0d4839c141f31");
    assert_true(message_mic(key.data, messages, 24, mic)); /* nothing behind it */
    assert_key(mic, "9172bf5b794f34a1d5bf78dd1a2c556b");
    assert_bytes(messages[2], type3); /* the message itself is left as it is */
}

static void the_mic_depends_on_every_byte_but_its_own(void **state)
{
    (void)state;
    enum { OFFSET = 12 };
    bytes_t key = hex(SESSION_BASE_KEY), right = hex("4ad9868e44eb3f5fdea0d4839c141f31");
    const bytes_t messages[] = {hex(type1), hex(type2), hex(type3)};
    for (int which = 0; which < 3; which++)
        for (size_t at = 0; at < messages[which].len; at++) {
            uint8_t mic[16], *byte = (uint8_t *)messages[which].data + at;
            bool own = which == 2 && at >= OFFSET && at < OFFSET + 16;
            *byte ^= 0x01;
            assert_true(message_mic(key.data, messages, OFFSET, mic));
            assert_int_equal(memcmp(mic, right.data, 16) == 0, own);
            *byte ^= 0x01;
        }
}

static void the_mic_needs_no_type1_bytes(void **state)
{
    (void)state;
    uint8_t mic[16];
    const bytes_t nothing[] = {{NULL, 0}, {NULL, 0}, hex(ZEROS)};
    const bytes_t one[] = {hex(ZEROS), {NULL, 0}, hex(ZEROS)};
    assert_true(message_mic(hex(SESSION_BASE_KEY).data, nothing, 0, mic));
    uint8_t other[16];
    assert_true(message_mic(hex(SESSION_BASE_KEY).data, one, 0, other));
    assert_memory_not_equal(mic, other, 16);
}

/* ---- channel binding (RFC 2744 3.11, RFC 5929 4) ---- */

static void the_published_channel_binding_is_computed(void **state)
{
    (void)state;
    /* "tls-server-end-point:" and a SHA-256 */
    bytes_t data = hex("746c732d7365727665722d656e642d706f696e743a"
                       "ea05fefecc6b0bd571dbbc5baa3ed45386d0446835f7b74c85621b9983475f95");
    uint8_t binding[16];
    assert_true(channel_binding(data, binding));
    assert_key(binding, "6586e99d81c2fc984e47172fd4dd0310");
}

static void no_application_data_is_a_structure_of_zeros(void **state)
{
    (void)state;
    uint8_t binding[16];
    assert_true(channel_binding((bytes_t){NULL, 0}, binding));
    assert_key(binding, "441018525208457705bf09a8ee3c1093"); /* md5 of 20 zeros */
}

static void application_data_of_256_bytes_is_the_most(void **state)
{
    (void)state;
    uint8_t data[257], binding[16];
    memset(data, 0x5A, sizeof data);
    assert_true(channel_binding((bytes_t){data, 256}, binding));
    assert_key(binding, "06d2702a2a7e191ad1086fcadf01614a"); /* by Python's hashlib */
    assert_false(channel_binding((bytes_t){data, 257}, binding));
}

static void without_crypto_every_result_is_zeros(void **state)
{
    (void)state;
    uint8_t out[5][16];
    bytes_t key = hex(NTOWFV2), in = hex(TEMP);
    const bytes_t messages[] = {in, in, in};
    memset(out, 0xFF, sizeof out);
    crypto_close();
    assert_false(ntowfv1(in, out[0]));
    assert_false(ntowfv2(key.data, in, out[1]));
    assert_false(nt_proof(key.data, in.data, in, out[2]));
    assert_false(message_mic(key.data, messages, 0, out[3]));
    assert_false(exported_session_key(key.data, true, hex(ZEROS), out[4]));
    for (size_t i = 0; i < 5; i++) assert_key(out[i], ZEROS);
    memset(out, 0xFF, sizeof out);
    assert_false(session_base_key(key.data, in, out[0]));
    assert_false(channel_binding(key, out[1]));
    for (size_t i = 0; i < 2; i++) assert_key(out[i], ZEROS);
    assert_null(crypto_open());
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_published_values_are_computed),
        cmocka_unit_test(an_empty_password_has_a_hash),
        cmocka_unit_test(the_proof_depends_on_every_bit_of_challenge_and_temp),
        cmocka_unit_test(a_key_that_was_not_exchanged_is_ignored),
        cmocka_unit_test(an_exchanged_key_of_another_length_is_ignored),
        cmocka_unit_test(the_session_key_may_replace_the_key_it_comes_from),
        cmocka_unit_test(the_mic_covers_three_messages_with_its_own_bytes_zero),
        cmocka_unit_test(the_mic_depends_on_every_byte_but_its_own),
        cmocka_unit_test(the_mic_needs_no_type1_bytes),
        cmocka_unit_test(the_published_channel_binding_is_computed),
        cmocka_unit_test(no_application_data_is_a_structure_of_zeros),
        cmocka_unit_test(application_data_of_256_bytes_is_the_most),
        cmocka_unit_test(without_crypto_every_result_is_zeros),
    };
    return RUN_GROUP(tests);
}
