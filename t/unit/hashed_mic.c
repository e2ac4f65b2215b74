/* What clients have computed instead of the MIC: each way is planted, and found by itself alone. */
#include "replays.h"
#include "ways.h"

#include "../../lib/explain/hashed/digests.h"
#include "../../lib/explain/hashed/hashed_mic.h"

enum { MIC_AT = 72 };
static uint8_t message[CLIENT_MESSAGE_MAX], type1[40], wrapped[NTLM_KEY_LEN];
static size_t message_len;
static mic_keys_t keys;
static type3_t type3;

static void begin(void)
{
    const replay_t *replay = replay_login(&alice, 0);
    message_len = replay->type3.len;
    memcpy(message, replay->type3.data, message_len);
    memset(message + MIC_AT, 0, NTLM_MIC_LEN);
    memset(type1, 'T', sizeof type1);
    memset(wrapped, 'w', sizeof wrapped);
    keys =
        (mic_keys_t){.nt_hash = "nt hash", .ntowfv2 = "v2", .base = "base", .exported = "exported"};
    keys.sent = (bytes_t){wrapped, sizeof wrapped};
    keys.response = bytes_of("a proof and what is behind it");
    keys.exchanged = true;
}

static bytes_t whole(void)
{
    return (bytes_t){message, message_len};
}

static void sign(const uint8_t *with)
{
    const bytes_t parts[] = {{type1, sizeof type1}, bytes_of("Type 2"), whole()};
    uint8_t mic[NTLM_MIC_LEN];
    assert_true(hmac_md5(with, parts, 3, mic));
    memcpy(message + MIC_AT, mic, sizeof mic);
}

/* The ids that fit, with blanks between them. */
static const char *found(void)
{
    static char ids[256];
    const remark_row_t *const tables[] = {mic_key_remarks, mic_field_remarks, mic_cover_remarks,
                                          mic_mac_remarks};
    *ids = '\0';
    assert_null(type3_parse(whole(), &type3));
    for (unsigned table = 0; table < 4; table++)
        for (unsigned i = 0; tables[table][i].id; i++) {
            const guessed_mic_t guessed = {.keys = &keys,
                                           .covered = {.type1 = {type1, sizeof type1},
                                                       .type2 = bytes_of("Type 2"),
                                                       .type3 = &type3,
                                                       .mic_at = MIC_AT,
                                                       .field_way = table == 1 ? i + 1 : 0,
                                                       .cover_way = table == 2 ? i + 1 : 0},
                                           .key_way = table == 0 ? i + 1 : 0,
                                           .mac_way = table == 3 ? i + 1 : 0};
            if (!mic_comes_out(&guessed)) continue;
            if (*ids) strcat(ids, " ");
            strcat(ids, tables[table][i].id);
        }
    return ids;
}

static void keys_are_guessed(void **state)
{
    uint8_t unwrapped[NTLM_KEY_LEN];
    static const uint8_t zero[NTLM_KEY_LEN];
    (void)state;
    begin();
    sign(keys.base);
    assert_string_equal(found(), "mic-key-session-base-key");
    begin();
    sign(keys.ntowfv2);
    assert_string_equal(found(), "mic-key-ntowfv2");
    begin();
    sign(keys.nt_hash);
    assert_string_equal(found(), "mic-key-nt-hash");
    begin();
    sign(wrapped);
    assert_string_equal(found(), "mic-key-as-sent");
    begin();
    sign(zero);
    assert_string_equal(found(), "mic-key-zero");
    begin();
    assert_true(rc4(keys.ntowfv2, wrapped, unwrapped));
    sign(unwrapped);
    assert_string_equal(found(), "session-key-under-ntowfv2");
    begin();
    assert_true(rc4(keys.nt_hash, wrapped, unwrapped));
    sign(unwrapped);
    assert_string_equal(found(), "session-key-under-nt-hash");
}

static void sign_exchanged(const uint8_t *base)
{
    uint8_t unwrapped[NTLM_KEY_LEN];
    assert_true(rc4(base, wrapped, unwrapped));
    sign(keys.exchanged ? unwrapped : base);
}

static void other_base_keys_are_guessed(void **state)
{
    (void)state;
    for (int exchanged = 0; exchanged < 2; exchanged++) {
        uint8_t base[NTLM_KEY_LEN];
        begin();
        keys.exchanged = exchanged;
        assert_true(md4((bytes_t){keys.nt_hash, NTLM_KEY_LEN}, base));
        sign_exchanged(base);
        assert_string_equal(found(), "session-base-key-ntlmv1");
        memset(message + MIC_AT, 0, NTLM_MIC_LEN);
        assert_true(hmac_md5(keys.ntowfv2, &keys.response, 1, base));
        sign_exchanged(base);
        assert_string_equal(found(), "session-base-key-over-response");
        memset(message + MIC_AT, 0, NTLM_MIC_LEN);
        assert_true(hmac_md5(keys.nt_hash, &(bytes_t){keys.response.data, 16}, 1, base));
        sign_exchanged(base);
        assert_string_equal(found(), "session-base-key-under-nt-hash");
    }
}

/* MS-NLMP 3.4.5.2 */
static void the_key_for_signing_is_guessed(void **state)
{
    static const char magic[] = "session key to client-to-server signing key magic constant";
    uint8_t digest[DIGEST_MAX];
    (void)state;
    begin();
    const bytes_t parts[] = {{keys.exported, NTLM_KEY_LEN}, {(const uint8_t *)magic, 59}};
    assert_true(digest_of(DIGEST_MD5, parts, 2, digest) > 0);
    sign(digest);
    assert_string_equal(found(), "mic-key-signing-key");
}

static void a_session_key_that_was_filled_in_later_is_guessed(void **state)
{
    (void)state;
    alice.session_key_len = NTLM_KEY_LEN;
    begin();
    uint8_t *sent = message + message_len - NTLM_KEY_LEN;
    memset(sent, 0, NTLM_KEY_LEN);
    sign(keys.exported);
    memset(sent, 's', NTLM_KEY_LEN);
    assert_string_equal(found(), "session-key-after-mic");
}

static void digits_of_the_mic_are_guessed(void **state)
{
    char digits[2 * NTLM_MIC_LEN];
    (void)state;
    begin();
    sign(keys.exported);
    hex_write(digits, (bytes_t){message + MIC_AT, NTLM_MIC_LEN});
    memcpy(message + MIC_AT, digits, NTLM_MIC_LEN);
    assert_string_equal(found(), "mic-hex");
}

static void a_key_that_nobody_has_asked_for_is_guessed(void **state)
{
    uint8_t unwrapped[NTLM_KEY_LEN];
    (void)state;
    begin();
    assert_true(rc4(keys.base, wrapped, unwrapped));
    sign(unwrapped);
    assert_string_equal(found(), "");
    keys.exchanged = false;
    assert_string_equal(found(), "mic-key-unasked");
    keys.sent.len = 8;
    assert_string_equal(found(), "");
}

static void flags_that_were_changed_later_are_guessed(void **state)
{
    (void)state;
    begin();
    sign(keys.exported);
    message[60] ^= 4;
    assert_string_equal(found(), "flags-after-mic");
    begin();
    sign(keys.exported);
    type1[15] ^= 0x40;
    assert_string_equal(found(), "mic-over-other-type1");
}

static void other_hashes_are_guessed(void **state)
{
    const bytes_t all[] = {
        {keys.exported, NTLM_KEY_LEN}, {type1, sizeof type1}, bytes_of("Type 2"), {message, 0}};
    bytes_t parts[4];
    uint8_t mic[DIGEST_MAX];
    (void)state;
    begin();
    memcpy(parts, all, sizeof parts);
    parts[3] = whole();
    assert_int_equal(digest_of(DIGEST_MD5, parts, 4, mic), 16);
    memcpy(message + MIC_AT, mic, NTLM_MIC_LEN);
    assert_string_equal(found(), "mic-md5");
    begin();
    assert_int_equal(digest_of(DIGEST_MD5, parts + 1, 3, mic), 16);
    memcpy(message + MIC_AT, mic, NTLM_MIC_LEN);
    assert_string_equal(found(), "mic-md5-unkeyed");
    begin();
    assert_true(digest_hmac(DIGEST_SHA256, parts[0], parts + 1, 3, mic) > 0);
    memcpy(message + MIC_AT, mic, NTLM_MIC_LEN);
    assert_string_equal(found(), "mic-hmac-sha256");
    begin();
    assert_true(digest_hmac(DIGEST_SHA1, parts[0], parts + 1, 3, mic) > 0);
    memcpy(message + MIC_AT, mic, NTLM_MIC_LEN);
    assert_string_equal(found(), "mic-hmac-sha1");
}

static void a_right_mic_and_a_random_one_are_no_mistake_that_is_known(void **state)
{
    (void)state;
    begin();
    sign(keys.exported);
    assert_string_equal(found(), "");
    message[MIC_AT] ^= 1;
    assert_string_equal(found(), "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(keys_are_guessed),
        TEST(other_base_keys_are_guessed),
        TEST(the_key_for_signing_is_guessed),
        TEST(a_session_key_that_was_filled_in_later_is_guessed),
        TEST(digits_of_the_mic_are_guessed),
        TEST(a_key_that_nobody_has_asked_for_is_guessed),
        TEST(flags_that_were_changed_later_are_guessed),
        TEST(other_hashes_are_guessed),
        TEST(a_right_mic_and_a_random_one_are_no_mistake_that_is_known),
    };
    return RUN_GROUP(tests);
}
