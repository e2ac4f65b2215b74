/* The bytes of what was expected and found, beside the words of finding.c. */
#include "replays.h"

#include "../../lib/explain/findings.h"

static void an_accepted_login_has_none(void **state)
{
    (void)state;
    client_t client = signing_alice();
    finding_t finding = replay_finding(replay_login(&client, 0));
    assert_string_equal(finding.wanted, "");
    assert_string_equal(finding.found, "");
}

static void a_wrong_mic_is_shown_beside_the_right_one(void **state)
{
    (void)state;
    client_t client = signing_alice();
    finding_t finding = replay_finding(replay_login(&client, 72 + 15));
    assert_int_equal(strlen(finding.wanted), 32);
    assert_int_equal(strlen(finding.found), 32);
    assert_memory_equal(finding.wanted, finding.found, 30);
    assert_string_not_equal(finding.wanted, finding.found);
}

static void a_wrong_proof_is_shown_beside_the_right_one(void **state)
{
    (void)state;
    client_t client = signing_alice();
    client.nt_hash[0] ^= 1;
    finding_t finding = replay_finding(replay_login(&client, 0));
    assert_int_equal(strlen(finding.wanted), 32);
    assert_string_not_equal(finding.wanted, finding.found);
}

static void a_binding_is_shown_beside_ours(void **state)
{
    (void)state;
    static const uint8_t ours[1][NTLM_BINDING_LEN] = {{1}}, theirs[NTLM_BINDING_LEN] = {2};
    client_t client = signing_alice();
    client.binding = theirs;
    policy.binding = NTLM_REQUIRE;
    policy.bindings = ours;
    policy.bindings_count = 1;
    finding_t finding = replay_finding(replay_login(&client, 0));
    assert_string_equal(finding.wanted, "01000000000000000000000000000000");
    assert_string_equal(finding.found, "02000000000000000000000000000000");
}

static void other_findings_are_those_of_the_log(void **state)
{
    (void)state;
    client_t client = signing_alice();
    policy.binding = NTLM_REQUIRE;
    finding_t finding = replay_finding(replay_login(&client, 0));
    assert_string_equal(finding.found, "no MsvAvChannelBindings");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(an_accepted_login_has_none),
        TEST(a_wrong_mic_is_shown_beside_the_right_one),
        TEST(a_wrong_proof_is_shown_beside_the_right_one),
        TEST(a_binding_is_shown_beside_ours),
        TEST(other_findings_are_those_of_the_log),
    };
    return RUN_GROUP(tests);
}
