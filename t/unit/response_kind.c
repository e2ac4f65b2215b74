/* Responses of another kind than NTLMv2, and without our target information. */
#include "planted.h"

#include "../../lib/explain/shape/response_kind.h"

enum { NT_LEN_AT = 20 };

/* A login whose NT response is cut to that length. */
static const char *of_nt(size_t len, const uint8_t *lm, ntlm_status_t status)
{
    plant_t client = right();
    client.lm = lm;
    client.lm_len = lm ? 24 : 0;
    const bytes_t type1 = client_type1(CLIENT_FLAGS | NTLMSSP_NEGOTIATE_EXTENDED_SESSIONSECURITY);
    replay_t *replay = plant_with(&client, type1);
    planted_type3[NT_LEN_AT] = (uint8_t)len;
    planted_type3[NT_LEN_AT + 1] = 0;
    return judged_by(response_kind_causes, replay, status);
}

static void older_responses_are_named(void **state)
{
    (void)state;
    static const uint8_t nonce[24] = {1, 2, 3}, lm[24] = "lmlmlmlmlmlmlmlmlmlmlml";
    assert_string_equal(of_nt(24, lm, NTLM_NTLMV1), "ntlmv1");
    assert_string_equal(of_nt(24, nonce, NTLM_NTLM2_SESSION), "ntlm2-session");
    assert_string_equal(of_nt(0, lm, NTLM_NO_NT_RESPONSE), "lm-only");
}

static void an_lmv2_response_is_known_by_the_password(void **state)
{
    (void)state;
    uint8_t lm[24] = {0}, name[64], v2[NTLM_KEY_LEN];
    plant_t client = right();
    writer_t out = writer_to(name, sizeof name);
    type2_t challenge;
    unicode_write_utf8(&out, "ALICECORP");
    replay_t *replay = plant(&client);
    assert_null(type2_parse(replay->type2, &challenge));
    memset(lm + 16, 7, 8);
    assert_true(ntowfv2(key.nt_hash, written(&out), v2));
    assert_true(nt_proof(v2, challenge.challenge, (bytes_t){lm + 16, 8}, lm));
    client.lm = lm;
    client.lm_len = 24;
    plant_type3(&client);
    planted_type3[NT_LEN_AT] = planted_type3[NT_LEN_AT + 1] = 0;
    assert_string_equal(judged_by(response_kind_causes, replay, NTLM_NO_NT_RESPONSE), "lm-only");
    assert_string_equal(
        said_by(response_kind_causes, &(subject_t){.replay = replay, .has_password = true}),
        "lmv2-only");
    planted.key.nt_hash[0] ^= 1;
    assert_string_equal(
        said_by(response_kind_causes, &(subject_t){.replay = replay, .has_password = true}),
        "lm-only");
}

/* The pairs of the challenge, each in the hands of change: false leaves it out. */
static const char *of_pairs(bool (*change)(uint16_t av_id, uint8_t *value), ntlm_status_t status)
{
    static uint8_t pairs[1024];
    writer_t out = writer_to(pairs, sizeof pairs);
    plant_t client = right();
    type2_t challenge;
    replay_t *replay = plant(&client);
    assert_null(type2_parse(replay->type2, &challenge));
    reader_t in = reader_over(challenge.target_info);
    av_pair_t pair;
    while (avpairs_next(&in, &pair)) {
        uint8_t value[256];
        memcpy(value, pair.value.data, pair.value.len);
        if (change(pair.av_id, value))
            avpairs_append(&out, pair.av_id, (bytes_t){value, pair.value.len});
    }
    client.pairs = pairs;
    client.pairs_len = out.len;
    plant_type3(&client);
    replay->type3 = (bytes_t){planted_type3, planted_len};
    return judged_by(response_kind_causes, replay, status);
}

static bool all(uint16_t av_id, uint8_t *value)
{
    (void)value;
    return av_id != 0;
}

static bool none(uint16_t av_id, uint8_t *value)
{
    (void)value;
    return av_id == 0;
}

static bool without_time(uint16_t av_id, uint8_t *value)
{
    (void)value;
    return av_id != MsvAvTimestamp;
}

static bool with_another_time(uint16_t av_id, uint8_t *value)
{
    if (av_id == MsvAvTimestamp) value[0] ^= 1;
    return true;
}

static bool without_computers(uint16_t av_id, uint8_t *value)
{
    (void)value;
    return av_id != MsvAvNbComputerName && av_id != MsvAvDnsComputerName;
}

static bool in_lower_case(uint16_t av_id, uint8_t *value)
{
    if (av_id == MsvAvNbDomainName) value[0] |= 0x20;
    return true;
}

static bool of_another_computer(uint16_t av_id, uint8_t *value)
{
    if (av_id == MsvAvNbComputerName) value[0] = 'x';
    return av_id != MsvAvTimestamp;
}

static void pairs_that_did_not_come_back_are_named(void **state)
{
    (void)state;
    assert_string_equal(of_pairs(all, NTLM_OK), "");
    assert_string_equal(of_pairs(none, NTLM_ECHO_MISMATCH), "pairs-dropped");
    assert_string_equal(of_pairs(without_time, NTLM_ECHO_MISMATCH), "timestamp-dropped");
    assert_string_equal(of_pairs(without_computers, NTLM_ECHO_MISMATCH), "pairs-missing");
    assert_string_equal(of_pairs(in_lower_case, NTLM_ECHO_MISMATCH), "pairs-changed");
    assert_string_equal(of_pairs(of_another_computer, NTLM_ECHO_MISMATCH), "pairs-invented");
}

static void another_time_is_told_from_another_challenge(void **state)
{
    (void)state;
    assert_string_equal(of_pairs(with_another_time, NTLM_STALE_CHALLENGE),
                        "timestamp-pair-changed");
    planted.key.nt_hash[0] ^= 1;
    assert_string_equal(judged_by(response_kind_causes, &planted, NTLM_STALE_CHALLENGE), "");
}

static void pairs_behind_zeros_are_named(void **state)
{
    (void)state;
    uint8_t pairs[1024] = {0};
    plant_t client = right();
    type2_t challenge;
    replay_t *replay = plant(&client);
    assert_null(type2_parse(replay->type2, &challenge));
    memcpy(pairs + 4, challenge.target_info.data, challenge.target_info.len);
    client.pairs = pairs;
    client.pairs_len = challenge.target_info.len;
    plant_type3(&client);
    replay->type3 = (bytes_t){planted_type3, planted_len};
    assert_string_equal(judged_by(response_kind_causes, replay, NTLM_ECHO_MISMATCH),
                        "pairs-end-in-front");
}

static void which_pairs_is_said(void **state)
{
    (void)state;
    diagnosis_t diagnosis = {.causes.count = 0};
    (void)of_pairs(without_computers, NTLM_ECHO_MISMATCH);
    response_kind_causes(&diagnosis, &(subject_t){.replay = &planted});
    assert_non_null(strstr(diagnosis.causes.list[0].text,
                           ": MsvAvNbComputerName (1), MsvAvDnsComputerName (3)"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(older_responses_are_named),
        TEST(an_lmv2_response_is_known_by_the_password),
        TEST(pairs_that_did_not_come_back_are_named),
        TEST(another_time_is_told_from_another_challenge),
        TEST(pairs_behind_zeros_are_named),
        TEST(which_pairs_is_said),
    };
    return RUN_GROUP(tests);
}
