/* What of layout and flags is let in, and has a warning. */
#include "planted.h"

#include "../../lib/explain/warnings/in_messages.h"

static const char *of(const plant_t *client)
{
    return judged_by(in_messages_warnings, plant(client), NTLM_OK);
}

/* A Type 1 with those names, its payload at 40 if it has a Version. */
static const char *of_type1(uint32_t flags, size_t domain, size_t workstation, size_t at,
                            size_t len)
{
    static uint8_t message[64];
    writer_t out = writer_to(message, sizeof message);
    plant_t client = right();
    write_bytes(&out, (bytes_t){(const uint8_t *)"NTLMSSP", 8});
    write_u32(&out, 1);
    write_u32(&out, flags);
    write_field(&out, domain, at);
    write_field(&out, workstation, at + domain);
    write_u64(&out, 0);
    write_bytes(&out, (bytes_t){(const uint8_t *)"CORPWS1.", 8});
    client.flags = CLIENT_FLAGS & ~(uint32_t)NTLMSSP_NEGOTIATE_VERSION;
    return judged_by(in_messages_warnings, plant_with(&client, (bytes_t){message, len}), NTLM_OK);
}

static void right_messages_have_none(void **state)
{
    (void)state;
    plant_t client = right();
    assert_string_equal(of(&client), "");
    client.header = 88;
    assert_string_equal(of(&client), "");
    assert_string_equal(of_type1(0x0207, 0, 0, 40, 40), "");
    assert_string_equal(of_type1(0x3207, 4, 3, 40, 48), "");
    assert_string_equal(of_type1(0x0207, 0, 0, 0, 16), "");
    assert_string_equal(of_type1(0x0207, 0, 0, 9999, 32), "");
}

static void names_of_a_type1_must_have_their_flags_and_their_bytes(void **state)
{
    (void)state;
    assert_string_equal(of_type1(0x2207, 4, 3, 40, 48), "type1-name-without-flag");
    assert_string_equal(of_type1(0x1207, 4, 3, 40, 48), "type1-name-without-flag");
    assert_string_equal(of_type1(0x3207, 0, 3, 40, 48), "type1-flag-without-name");
    assert_string_equal(of_type1(0x3207, 4, 3, 42, 48), "type1-field-outside");
    assert_string_equal(of_type1(0x3207, 4, 3, 0, 48), "type1-field-outside");
    assert_string_equal(of_type1(0x02000207, 0, 0, 32, 32), "type1-version-missing");
    assert_string_equal(of_type1(0x02000207, 0, 0, 0, 16), "type1-version-missing");
}

static void another_max_len_is_said_of_any_field(void **state)
{
    (void)state;
    plant_t client = right();
    for (size_t at = 14; at < 60; at += 8) {
        replay_t *replay = plant(&client);
        planted_type3[at] ^= 7;
        assert_string_equal(judged_by(in_messages_warnings, replay, NTLM_OK), "maxlen-differs");
    }
    static uint8_t type1[32] = "NTLMSSP\0\1\0\0\0\7\2";
    type1[18] = 1;
    assert_string_equal(
        judged_by(in_messages_warnings, plant_with(&client, (bytes_t){type1, 32}), NTLM_OK),
        "maxlen-differs");
}

static void flags_without_what_they_say_are_said(void **state)
{
    (void)state;
    plant_t client = right();
    client.header = 64;
    assert_string_equal(of(&client), "type3-version-missing");
    client.flags = CLIENT_FLAGS & ~(uint32_t)NTLMSSP_NEGOTIATE_VERSION;
    assert_string_equal(of(&client), "");
    client.flags |= NTLM_NEGOTIATE_OEM;
    assert_string_equal(of(&client), "");
    client.flags &= ~(uint32_t)NTLMSSP_NEGOTIATE_UNICODE;
    assert_string_equal(of(&client), "charset-flags-differ");
    client.flags = __builtin_bswap32(CLIENT_FLAGS);
    assert_string_equal(of(&client), "type3-flags-big-endian");
}

static void a_key_that_nobody_asked_for_is_said(void **state)
{
    (void)state;
    plant_t client = right();
    client.session_key_len = 16;
    assert_string_equal(of(&client), "session-key-unasked");
    const bytes_t type1 = client_type1(CLIENT_FLAGS_SIGNING);
    assert_string_equal(judged_by(in_messages_warnings, plant_with(&client, type1), NTLM_OK), "");
}

static void a_type3_that_proves_nothing_has_none(void **state)
{
    (void)state;
    plant_t client = right();
    client.header = 64;
    replay_t *replay = plant(&client);
    replay->type3.len = 70;
    assert_string_equal(judged_by(in_messages_warnings, replay, NTLM_MALFORMED), "");
    replay = plant(&client);
    replay->key.nt_hash[0] ^= 1;
    assert_string_equal(judged_by(in_messages_warnings, replay, NTLM_WRONG_PASSWORD), "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(right_messages_have_none),
        TEST(names_of_a_type1_must_have_their_flags_and_their_bytes),
        TEST(another_max_len_is_said_of_any_field),
        TEST(flags_without_what_they_say_are_said),
        TEST(a_key_that_nobody_asked_for_is_said),
        TEST(a_type3_that_proves_nothing_has_none),
    };
    return RUN_GROUP(tests);
}
