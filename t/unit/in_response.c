/* What of an NTLMv2 response is let in, and has a warning. */
#include "planted.h"

#include "../../lib/explain/warnings/in_response.h"

static const uint8_t mic_flag[4] = {2};
static uint64_t challenge_time(void)
{
    return (uint64_t)NOW * 10 + UINT64_C(116444736000000000);
}

/* With what every client should have: a MIC. */
static const char *of(plant_t client)
{
    client.mic = true;
    client.av_flags = client.av_flags ? client.av_flags : mic_flag;
    return judged_by(in_response_warnings, plant(&client), NTLM_OK);
}

static const char *of_time(uint64_t time)
{
    plant_t client = right();
    client.own_time = true;
    client.time = time;
    return of(client);
}

static void a_right_response_has_none(void **state)
{
    (void)state;
    assert_string_equal(of(right()), "");
    assert_string_equal(of_time(challenge_time()), "");
}

static void another_time_than_the_challenges_is_said(void **state)
{
    (void)state;
    const uint64_t now = challenge_time(), second = 10000000;
    assert_string_equal(of_time(now + 1), "timestamp-own-clock");
    assert_string_equal(of_time(now - 1800 * second), "timestamp-own-clock");
    assert_string_equal(of_time(now - 1801 * second), "timestamp-far-off");
    assert_string_equal(of_time(now + 7200 * second), "timestamp-far-off");
    assert_string_equal(of_time(0), "timestamp-far-off");
}

static void other_units_of_time_are_known(void **state)
{
    (void)state;
    assert_string_equal(of_time(NOW / SECOND), "timestamp-since-1970");
    assert_string_equal(of_time(NOW / 1000), "timestamp-since-1970");
    assert_string_equal(of_time((uint64_t)NOW * 10), "timestamp-since-1970");
    assert_string_equal(of_time(__builtin_bswap64(challenge_time())), "timestamp-big-endian");
    assert_string_equal(of_time(__builtin_bswap64(challenge_time() + 1)), "timestamp-big-endian");
}

static void a_wrong_password_has_none(void **state)
{
    (void)state;
    plant_t client = right();
    replay_t *replay = plant(&client);
    replay->key.nt_hash[0] ^= 1;
    assert_string_equal(judged_by(in_response_warnings, replay, NTLM_WRONG_PASSWORD), "");
}

static void pairs_that_are_refused_have_none(void **state)
{
    (void)state;
    plant_t client = right();
    client.pairs = (const uint8_t *)"";
    assert_string_equal(judged_by(in_response_warnings, plant(&client), NTLM_ECHO_MISMATCH), "");
}

static void no_timestamp_no_opinion(void **state)
{
    (void)state;
    uint8_t pairs[2048] = {0}, type2[NTLM_TYPE2_MAX];
    plant_t client = right();
    const bytes_t type1 = client_type1(CLIENT_FLAGS);
    (void)plant_with(&client, type1);
    type2_t challenge, other;
    assert_null(type2_parse(planted.type2, &challenge));
    other = challenge;
    other.target_info = (bytes_t){pairs, 4};
    writer_t out = writer_to(type2, sizeof type2);
    type2_write(&out, &other);
    planted.type2 = written(&out);
    client.own_time = true;
    client.lm = (const uint8_t *)"lmlmlmlmlmlmlmlmlmlmlmlm";
    client.lm_len = 24;
    plant_type3(&client);
    planted.type3 = (bytes_t){planted_type3, planted_len};
    assert_string_equal(judged_by(in_response_warnings, &planted, NTLM_OK), "");
}

static void an_lm_response_beside_a_timestamp_is_said(void **state)
{
    (void)state;
    plant_t client = right();
    client.lm = (const uint8_t *)"lmlmlmlmlmlmlmlmlmlmlmlm";
    client.lm_len = 24;
    assert_string_equal(of(client), "lmv2-beside-timestamp");
    client.lm_len = 0;
    assert_string_equal(of(client), "");
}

static void a_mic_that_is_not_there_or_not_announced_is_said(void **state)
{
    (void)state;
    static const uint8_t nothing[4] = {0}, big_endian[4] = {0, 0, 0, 2},
                         reserved[4] = {0, 0, 0, 64};
    plant_t client = right();
    assert_string_equal(judged_by(in_response_warnings, plant(&client), NTLM_OK), "mic-left-out");
    client.av_flags = big_endian;
    assert_string_equal(judged_by(in_response_warnings, plant(&client), NTLM_OK),
                        "av-flags-big-endian");
    client.av_flags = reserved;
    assert_string_equal(judged_by(in_response_warnings, plant(&client), NTLM_OK), "mic-left-out");
    client.av_flags = nothing;
    assert_string_equal(of(client), "mic-unannounced");
}

static void an_end_that_is_too_short_is_said(void **state)
{
    (void)state;
    plant_t client = right();
    client.no_tail = true;
    assert_string_equal(of(client), "response-tail-missing");
    client.no_tail = false;
    client.no_end = true;
    assert_string_equal(of(client), "response-tail-missing");
}

static void zeros_for_a_binding_are_said_over_tls_only(void **state)
{
    (void)state;
    static const uint8_t zeros[NTLM_BINDING_LEN] = {0}, ours[NTLM_BINDING_LEN] = {1};
    plant_t client = right();
    client.binding = zeros;
    assert_string_equal(of(client), "");
    assert_string_equal(
        said_by(in_response_warnings, &(subject_t){.replay = &planted, .tls = true}),
        "binding-zero-over-tls");
    client.binding = ours;
    assert_string_equal(of(client), "");
    assert_string_equal(
        said_by(in_response_warnings, &(subject_t){.replay = &planted, .tls = true}), "");
}

static void pairs_that_nobody_reads_are_said(void **state)
{
    (void)state;
    static const uint8_t flags[12] = {6, 0, 4, 0, 2}, other[12] = "trailing";
    plant_t client = right();
    client.behind = flags;
    assert_string_equal(of(client), "pairs-behind-end");
    client.behind = other;
    assert_string_equal(of(client), "");
}

static void a_nonce_of_zeros_is_said(void **state)
{
    (void)state;
    plant_t client = right();
    client.no_nonce = true;
    assert_string_equal(of(client), "client-challenge-zero");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_right_response_has_none),
        TEST(another_time_than_the_challenges_is_said),
        TEST(other_units_of_time_are_known),
        TEST(a_wrong_password_has_none),
        TEST(pairs_that_are_refused_have_none),
        TEST(no_timestamp_no_opinion),
        TEST(an_lm_response_beside_a_timestamp_is_said),
        TEST(a_mic_that_is_not_there_or_not_announced_is_said),
        TEST(an_end_that_is_too_short_is_said),
        TEST(pairs_that_nobody_reads_are_said),
        TEST(a_nonce_of_zeros_is_said),
        TEST(zeros_for_a_binding_are_said_over_tls_only),
    };
    return RUN_GROUP(tests);
}
