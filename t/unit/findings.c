/* What the failed check had expected and what it found. */
#include "replays.h"

#include "../../lib/explain/findings.h"

static void an_accepted_login_has_none(void **state)
{
    (void)state;
    client_t client = signing_alice();
    finding_t finding = finding_of(replay_login(&client, 0));
    assert_string_equal(finding.expected, "");
    assert_string_equal(finding.found, "");
}

static void a_wrong_mic_is_shown_beside_the_right_one(void **state)
{
    (void)state;
    client_t client = signing_alice();
    finding_t finding = finding_of(replay_login(&client, 72 + 15));
    assert_int_equal(strlen(finding.expected), 32);
    assert_int_equal(strlen(finding.found), 32);
    assert_memory_equal(finding.expected, finding.found, 30);
    assert_string_not_equal(finding.expected, finding.found);
}

static void a_wrong_proof_is_shown_beside_the_right_one(void **state)
{
    (void)state;
    client_t client = signing_alice();
    client.nt_hash[0] ^= 1;
    finding_t finding = finding_of(replay_login(&client, 0));
    assert_int_equal(strlen(finding.expected), 32);
    assert_string_not_equal(finding.expected, finding.found);
}

static void pairs_that_did_not_come_back_are_named(void **state)
{
    (void)state;
    static const uint8_t changed[] = {MsvAvNbDomainName, 0, 2, 0, 'X', 0};
    client_t client = signing_alice();
    client.pairs = changed;
    client.pairs_len = sizeof changed;
    finding_t finding = finding_of(replay_login(&client, 0));
    assert_string_equal(finding.expected, "every AV pair of the CHALLENGE, unchanged");
    assert_non_null(strstr(finding.found, "MsvAvNbDomainName (2) is changed"));
    assert_non_null(strstr(finding.found, "MsvAvTimestamp (7) is missing"));
}

static void a_session_key_of_the_wrong_length_is_measured(void **state)
{
    (void)state;
    client_t client = signing_alice();
    client.session_key_len = 8;
    finding_t finding = finding_of(replay_login(&client, 0));
    assert_string_equal(finding.expected, "EncryptedRandomSessionKey of 16 bytes");
    assert_string_equal(finding.found, "8 bytes");
}

static void bindings_are_shown_beside_ours(void **state)
{
    (void)state;
    static const uint8_t ours[1][NTLM_BINDING_LEN] = {{1}}, theirs[NTLM_BINDING_LEN] = {2};
    client_t client = signing_alice();
    policy.binding = NTLM_REQUIRE;
    finding_t finding = finding_of(replay_login(&client, 0));
    assert_string_equal(finding.found, "its certificate is not known");
    policy.bindings = ours;
    policy.bindings_count = 1;
    finding = finding_of(replay_login(&client, 0));
    assert_string_equal(finding.expected, "01000000000000000000000000000000");
    assert_string_equal(finding.found, "no MsvAvChannelBindings");
    client.binding = theirs;
    finding = finding_of(replay_login(&client, 0));
    assert_string_equal(finding.found, "02000000000000000000000000000000");
}

static void a_missing_mic_is_told_with_the_reason(void **state)
{
    (void)state;
    client_t client = signing_alice();
    client.no_mic = true;
    policy.require_mic = true;
    assert_string_equal(finding_of(replay_login(&client, 0)).found, "neither");
    client.no_mic = false;
    client.no_version = true; /* a MIC at 64, and the flag that says Version is there */
    finding_t finding = finding_of(replay_login(&client, 0));
    assert_string_equal(finding.found, "a payload that begins at 80");
}

static void a_service_of_somebody_else_is_shown_beside_the_hosts_that_are_ours(void **state)
{
    (void)state;
    static const char *const hosts[] = {"intranet", "web.example.com", NULL};
    client_t client = signing_alice();
    policy.service = NTLM_REQUIRE;
    policy.service_hosts = hosts;
    finding_t finding = finding_of(replay_login(&client, 0));
    assert_string_equal(finding.expected,
                        "MsvAvTargetName of HTTP or HOST at intranet, web.example.com");
    assert_string_equal(finding.found, "no MsvAvTargetName");
    client.spn = "cifs/intranet";
    assert_string_equal(finding_of(replay_login(&client, 0)).found, "cifs/intranet");
    client.spn = "HTTP/intranet";
    client.av_flags = MSV_AV_FLAG_UNTRUSTED_SPN;
    assert_string_equal(finding_of(replay_login(&client, 0)).found,
                        "not trusted by the client: HTTP/intranet");
    client.av_flags = 0;
    policy.service_hosts = NULL;
    assert_string_equal(finding_of(replay_login(&client, 0)).expected,
                        "MsvAvTargetName of HTTP or HOST at a host of the server's own");
}

static void a_domain_is_shown_beside_those_that_are_accepted(void **state)
{
    (void)state;
    static const char *const domains[] = {"EXAMPLE", NULL};
    client_t client = signing_alice();
    policy.accept_domains = domains;
    finding_t finding = finding_of(replay_login(&client, 0));
    assert_string_equal(finding.expected, "no domain, or one of EXAMPLE");
    assert_string_equal(finding.found, "domain \"CORP\", user \"alice\"");
}

static void a_list_ends_where_its_room_does(void **state)
{
    (void)state;
    char name[255 + 1] = "";
    const char *names[20 + 1] = {NULL};
    client_t client = signing_alice();
    memset(name, 'X', sizeof name - 1);
    for (int i = 0; i < 20; i++) names[i] = name;
    policy.accept_domains = names;
    assert_int_equal(strlen(finding_of(replay_login(&client, 0)).expected), FINDING_ROOM - 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(an_accepted_login_has_none),
        TEST(a_wrong_mic_is_shown_beside_the_right_one),
        TEST(a_wrong_proof_is_shown_beside_the_right_one),
        TEST(pairs_that_did_not_come_back_are_named),
        TEST(a_session_key_of_the_wrong_length_is_measured),
        TEST(bindings_are_shown_beside_ours),
        TEST(a_missing_mic_is_told_with_the_reason),
        TEST(a_service_of_somebody_else_is_shown_beside_the_hosts_that_are_ours),
        TEST(a_domain_is_shown_beside_those_that_are_accepted),
        TEST(a_list_ends_where_its_room_does),
    };
    return RUN_GROUP(tests);
}
