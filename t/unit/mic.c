/* Why the MIC or the session key of a proven login is refused. */
#include "replays.h"

#include "../../lib/explain/causes/mic.h"

enum { MIC_AT = 72 };
static uint8_t message[CLIENT_MESSAGE_MAX];

static diagnosis_t of_replay(replay_t *replay)
{
    diagnosis_t diagnosis = {.causes.count = 0};
    const subject_t subject = {.replay = replay};
    mic_causes(&diagnosis, &subject);
    return diagnosis;
}

static diagnosis_t of_login(void)
{
    return of_replay(replay_login(&alice, 0));
}

/* The same login with another MIC, or another byte. */
static replay_t *altered(size_t at, uint8_t change, const uint8_t *mic)
{
    replay_t *replay = replay_login(&alice, 0);
    memcpy(message, replay->type3.data, replay->type3.len);
    if (mic) memcpy(message + MIC_AT, mic, NTLM_MIC_LEN);
    message[at] ^= change;
    replay->type3.data = message;
    assert_null(replay_run(replay));
    return replay;
}

static void assert_cause(diagnosis_t diagnosis, const char *id)
{
    assert_int_equal(diagnosis.causes.count, 1);
    assert_string_equal(diagnosis.causes.list[0].id, id);
}

static void a_right_login_has_no_cause(void **state)
{
    (void)state;
    alice.session_key_len = NTLM_KEY_LEN;
    assert_int_equal(of_login().causes.count, 0);
}

static void a_session_key_that_does_not_fit_is_named(void **state)
{
    (void)state;
    assert_cause(of_login(), "session-key-missing");
    alice.session_key_len = 8;
    assert_cause(of_login(), "session-key-length");
}

static void what_became_of_the_field_is_named(void **state)
{
    static const uint8_t zeros[NTLM_MIC_LEN];
    (void)state;
    alice.session_key_len = NTLM_KEY_LEN;
    assert_cause(of_replay(altered(0, 0, zeros)), "mic-zero");
    alice.no_version = true;
    assert_cause(of_login(), "mic-without-version");
    alice.no_mic = true;
    alice.av_flags = MSV_AV_FLAG_MIC_PRESENT;
    assert_cause(of_login(), "mic-field-missing");
}

static void what_was_changed_later_is_named(void **state)
{
    (void)state;
    alice.session_key_len = NTLM_KEY_LEN;
    assert_cause(of_replay(altered(60, 4, NULL)), "flags-after-mic");
}

static void what_nobody_can_know_is_not_named(void **state)
{
    (void)state;
    alice.session_key_len = NTLM_KEY_LEN;
    replay_t *replay = altered(MIC_AT, 1, NULL);
    assert_int_equal(replay->status, NTLM_BAD_MIC);
    assert_int_equal(of_replay(replay).causes.count, 0);
}

/* The NT hash for the key, and the Type 1 left out. */
static void two_mistakes_are_named_together(void **state)
{
    uint8_t mic[NTLM_MIC_LEN], zeros[NTLM_MIC_LEN] = {0};
    (void)state;
    alice.session_key_len = NTLM_KEY_LEN;
    replay_t *replay = altered(0, 0, zeros);
    const bytes_t parts[] = {replay->type2, replay->type3};
    assert_true(hmac_md5(key.nt_hash, parts, 2, mic));
    memcpy(message + MIC_AT, mic, sizeof mic);
    assert_null(replay_run(replay));
    assert_cause(of_replay(replay), "mic-key-nt-hash+mic-without-type1");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_right_login_has_no_cause),        TEST(a_session_key_that_does_not_fit_is_named),
        TEST(what_became_of_the_field_is_named), TEST(what_was_changed_later_is_named),
        TEST(what_nobody_can_know_is_not_named), TEST(two_mistakes_are_named_together),
    };
    return RUN_GROUP(tests);
}
