/* Recorded logins before the acceptor: its verdict, the check that decided, and
 * the values that it wanted to see. */
#include "replays.h"

static void a_right_login_passes_every_check(void **state)
{
    (void)state;
    client_t client = signing_alice();
    replay_t *replay = replay_login(&client, 0);
    uint8_t mic[NTLM_MIC_LEN];
    assert_int_equal(replay->status, NTLM_OK);
    assert_true(replay_passed(replay, "binding"));
    assert_true(replay_mic(replay, mic));
    assert_memory_equal(mic, replay->type3.data + 72, sizeof mic);
}

static void the_expected_proof_is_the_one_of_the_right_password(void **state)
{
    (void)state;
    client_t client = signing_alice();
    replay_name_t names[NTLM_CANDIDATES_MAX];
    replay_t *replay = replay_login(&client, 0);
    assert_int_equal(replay_names(replay, names), 2); /* CORP, and no domain */
    assert_memory_equal(names[0].proof, replay->claim.response.proof.data, NTLM_PROOF_LEN);
    assert_bytes(names[0].user, "41004c00490043004500");
    assert_bytes(names[0].domain, "43004f0052005000");
    assert_int_equal(names[1].domain.len, 0);
}

static void a_wrong_password_fails_the_proof(void **state)
{
    (void)state;
    client_t client = signing_alice();
    client.nt_hash[0] ^= 1;
    replay_t *replay = replay_login(&client, 0);
    assert_int_equal(replay->status, NTLM_WRONG_PASSWORD);
    assert_string_equal(replay->claim.check->name, "proof");
    assert_true(replay_passed(replay, "timestamp"));
    assert_false(replay_passed(replay, "proof"));
}

static void an_altered_mic_fails_the_mic(void **state)
{
    (void)state;
    client_t client = signing_alice();
    uint8_t mic[NTLM_MIC_LEN];
    replay_t *replay = replay_login(&client, 72);
    assert_int_equal(replay->status, NTLM_BAD_MIC);
    assert_string_equal(replay->claim.check->name, "mic");
    assert_true(replay_mic(replay, mic));
    mic[0] ^= 1;
    assert_memory_equal(mic, replay->type3.data + 72, sizeof mic);
}

static void each_malformed_message_fails_the_check_about_its_form(void **state)
{
    (void)state;
    client_t client = signing_alice();
    replay_t *replay = replay_login(&client, 0);
    replay->type3.len = 60;
    assert_null(replay_run(replay));
    assert_int_equal(replay->status, NTLM_MALFORMED);
    assert_string_equal(replay->claim.check->name, "message");
    client.user = "al\x01"
                  "ce";
    assert_string_equal(replay_login(&client, 0)->claim.check->name, "names");
    client = signing_alice();
    replay = replay_login(&client, 0);
    size_t resp_type = (size_t)(replay->claim.response.temp.data - replay->type3.data);
    assert_string_equal(replay_login(&client, resp_type)->claim.check->name, "response");
    assert_int_equal(replay->status, NTLM_MALFORMED);
}

static void the_policy_counts(void **state)
{
    (void)state;
    client_t client = signing_alice();
    client.no_mic = true;
    policy.require_mic = true;
    assert_int_equal(replay_login(&client, 0)->status, NTLM_MIC_REQUIRED);
    policy.require_mic = false;
    policy.binding = NTLM_REQUIRE;
    assert_string_equal(replay_login(&client, 0)->claim.check->name, "binding");
}

static void the_time_that_has_passed_does_not(void **state)
{
    (void)state;
    client_t client = signing_alice();
    policy.challenge_lifetime = 0;
    assert_int_equal(replay_login(&client, 0)->status, NTLM_OK);
}

static void a_type1_in_the_place_of_a_type3_is_refused(void **state)
{
    (void)state;
    client_t client = signing_alice();
    replay_t *replay = replay_login(&client, 0);
    replay->type3 = replay->type1;
    assert_null(replay_run(replay));
    assert_int_equal(replay->status, NTLM_MALFORMED);
    assert_string_equal(replay->claim.check->name, "message");
}

static void a_type2_that_cannot_be_read_runs_nothing(void **state)
{
    (void)state;
    client_t client = signing_alice();
    replay_t *replay = replay_login(&client, 0);
    replay->type2.len = 40;
    assert_non_null(replay_run(replay));
}

static void there_may_be_no_type1(void **state)
{
    (void)state;
    client_t client = signing_alice();
    client.no_mic = true;
    replay_t *replay = replay_login(&client, 0);
    replay->type1 = (bytes_t){NULL, 0};
    assert_null(replay_run(replay));
    assert_int_equal(replay->status, NTLM_OK);
}

static void no_key_stays_behind(void **state)
{
    (void)state;
    static const uint8_t zeros[NTLM_KEY_LEN];
    client_t client = signing_alice();
    replay_t *replay = replay_login(&client, 0);
    assert_memory_equal(replay->claim.ntowfv2, zeros, sizeof zeros);
    assert_memory_equal(replay->claim.session_base_key, zeros, sizeof zeros);
    assert_memory_equal(replay->claim.exported_session_key, zeros, sizeof zeros);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_right_login_passes_every_check),
        TEST(the_expected_proof_is_the_one_of_the_right_password),
        TEST(a_wrong_password_fails_the_proof),
        TEST(an_altered_mic_fails_the_mic),
        TEST(each_malformed_message_fails_the_check_about_its_form),
        TEST(the_policy_counts),
        TEST(the_time_that_has_passed_does_not),
        TEST(a_type1_in_the_place_of_a_type3_is_refused),
        TEST(a_type2_that_cannot_be_read_runs_nothing),
        TEST(there_may_be_no_type1),
        TEST(no_key_stays_behind),
    };
    return RUN_GROUP(tests);
}
