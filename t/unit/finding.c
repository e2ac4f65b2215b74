/* What decided a refusal, in the words of the log. */
#include "replays.h"

#include "../../lib/finding/finding.h"

static char text[FINDING_TEXT_ROOM];

/* Of that client's login by the policy of the test; alter: a byte of its Type 3. */
static const char *words_altered(const client_t *client, size_t alter)
{
    const replay_t *replay = replay_login(client, alter);
    const finding_t finding = finding_of(replay->status, &replay->claim, &replay->policy);
    return finding_text(&finding, text);
}

static const char *words_of(const client_t *client)
{
    return words_altered(client, 0);
}

static void a_login_and_a_wrong_password_need_no_words(void **state)
{
    (void)state;
    client_t client = signing_alice();
    assert_null(words_of(&client));
    client.nt_hash[0] ^= 1;
    assert_null(words_of(&client));
}

static void a_wrong_mic_says_what_was_computed_over_what(void **state)
{
    (void)state;
    client_t client = signing_alice();
    assert_non_null(words_altered(&client, 72 + 15));
    char expected[256];
    const replay_t *replay = replay_login(&client, 72 + 15);
    snprintf(expected, sizeof expected,
             "the client's at 72 is another one; wanted: HMAC-MD5 by the exchanged key over Type 1 "
             "(%zu bytes), Type 2 (%zu), Type 3 (%zu)",
             replay->type1.len, replay->type2.len, replay->type3.len);
    const finding_t finding = finding_of(replay->status, &replay->claim, &replay->policy);
    assert_string_equal(finding_text(&finding, text), expected);
}

static void a_mic_of_zeros_is_told_from_a_wrong_one(void **state)
{
    (void)state;
    client_t client = signing_alice();
    connection_t *c = connect_client();
    uint8_t message[CLIENT_MESSAGE_MAX];
    assert_int_equal(send_type1(c, CLIENT_FLAGS), NTLM_CHALLENGE_SENT);
    bytes_t type3 = client_type3(&client, (bytes_t){c->type1, c->type1_len},
                                 (bytes_t){c->type2, c->type2_len}, message);
    memset(message + 72, 0, NTLM_MIC_LEN);
    assert_int_equal(send_token(c, type3), NTLM_NEED_KEY);
    assert_int_equal(ntlm_prove(&c->acceptor, &policy, &c->claim, &key), NTLM_BAD_MIC);
    const finding_t finding = finding_of(NTLM_BAD_MIC, &c->claim, &policy);
    assert_non_null(strstr(finding.found, "at 72 is 16 zero bytes"));
    assert_non_null(strstr(finding.wanted, "by the session base key over Type 1 (40 bytes)"));
}

static void the_pair_that_did_not_come_back_is_shown_with_both_values(void **state)
{
    (void)state;
    static const uint8_t changed[] = {MsvAvNbDomainName, 0, 2, 0, 'X', 0};
    client_t client = signing_alice();
    client.pairs = changed;
    client.pairs_len = sizeof changed;
    assert_string_equal(words_of(&client),
                        "MsvAvNbDomainName (2) is changed: ours is \"CORP\", the client's \"X\"; "
                        "MsvAvNbComputerName (1) is missing; MsvAvDnsComputerName (3) is missing; "
                        "MsvAvDnsDomainName (4) is missing; MsvAvTimestamp (7) is missing; "
                        "wanted: every AV pair of the CHALLENGE, unchanged");
}

static void a_pair_that_is_missing_is_shown(void **state)
{
    (void)state;
    client_t client = signing_alice();
    client.pairs = (const uint8_t *)"";
    assert_non_null(
        strstr(words_of(&client), "MsvAvNbDomainName (2) is missing, ours is \"CORP\"; "));
}

static connection_t *last;

/* Of a message that is made by hand, which answers the newest challenge. */
static const char *words_of_message(bytes_t message, ntlm_status_t expected)
{
    connection_t *c = last = connect_client();
    assert_int_equal(send_type1(c, CLIENT_FLAGS), NTLM_CHALLENGE_SENT);
    ntlm_status_t status = send_token(c, message);
    if (status == NTLM_NEED_KEY) status = ntlm_prove(&c->acceptor, &policy, &c->claim, NULL);
    assert_string_equal(ntlm_status_name(status), ntlm_status_name(expected));
    const finding_t finding = finding_of(status, &c->claim, &policy);
    return finding_text(&finding, text);
}

static void an_answer_to_an_older_challenge_shows_both_times(void **state)
{
    (void)state;
    connection_t *c = connect_client();
    uint8_t message[CLIENT_MESSAGE_MAX];
    assert_int_equal(send_type1(c, CLIENT_FLAGS), NTLM_CHALLENGE_SENT);
    bytes_t type3 = client_type3(&alice, (bytes_t){c->type1, c->type1_len},
                                 (bytes_t){c->type2, c->type2_len}, message);
    assert_int_equal(send_type1(c, CLIENT_FLAGS), NTLM_CHALLENGE_SENT);
    assert_int_equal(send_token(c, type3), NTLM_STALE_CHALLENGE);
    const finding_t finding = finding_of(NTLM_STALE_CHALLENGE, &c->claim, &policy);
    assert_string_equal(finding.found, "it answers a challenge of 2026-11-18T11:06:40.0000000Z");
    assert_string_equal(finding.wanted, "MsvAvTimestamp (7) of this connection's challenge, "
                                        "2026-11-18T11:06:40.1000000Z");
}

static void a_challenge_that_has_expired_says_after_how_long(void **state)
{
    (void)state;
    connection_t *c = connect_client();
    assert_int_equal(send_type1(c, CLIENT_FLAGS), NTLM_CHALLENGE_SENT);
    c->ticks += LIFETIME + SECOND / 4;
    assert_int_equal(answer(c, &alice, &key), NTLM_CHALLENGE_EXPIRED);
    finding_t finding = finding_of(NTLM_CHALLENGE_EXPIRED, &c->claim, &policy);
    assert_string_equal(finding_text(&finding, text),
                        "60.350 s after the challenge; wanted: at most 60.000 s "
                        "(NTLMChallengeLifetime)");
    c->claim.age = -1; /* its clock went back, which no clock of ours does */
    finding = finding_of(NTLM_CHALLENGE_EXPIRED, &c->claim, &policy);
    assert_null(finding_text(&finding, text));
}

static void a_session_key_of_the_wrong_length_is_measured(void **state)
{
    (void)state;
    client_t client = signing_alice();
    client.session_key_len = 8;
    assert_string_equal(words_of(&client),
                        "EncryptedRandomSessionKey of 8 bytes; wanted: 16 bytes, as "
                        "NTLMSSP_NEGOTIATE_KEY_EXCH and SIGN or SEAL are negotiated");
}

static void bindings_are_told_by_their_kind(void **state)
{
    (void)state;
    static const uint8_t ours[2][NTLM_BINDING_LEN] = {{1}, {3}};
    static const uint8_t theirs[NTLM_BINDING_LEN] = {2}, zeros[NTLM_BINDING_LEN] = {0};
    client_t client = signing_alice();
    policy.binding = NTLM_REQUIRE;
    assert_string_equal(words_of(&client),
                        "no MsvAvChannelBindings; wanted: a certificate of this server's to "
                        "compare it with: none is known");
    policy.bindings = ours;
    policy.bindings_count = 1;
    client.binding = theirs;
    assert_string_equal(words_of(&client),
                        "MsvAvChannelBindings of another channel; wanted: the MD5 of "
                        "gss_channel_bindings_struct around tls-server-end-point: of 1 "
                        "certificate");
    policy.bindings_count = 2;
    client.binding = zeros;
    assert_string_equal(words_of(&client),
                        "MsvAvChannelBindings of 16 zero bytes: the client knows of no TLS; "
                        "wanted: the MD5 of gss_channel_bindings_struct around "
                        "tls-server-end-point: of one of 2 certificates");
}

static void a_missing_mic_is_told_with_the_reason(void **state)
{
    (void)state;
    client_t client = signing_alice();
    client.no_mic = true;
    policy.require_mic = true;
    assert_string_equal(words_of(&client), "MsvAvFlags is 0x00000000; wanted: MIC_PRESENT (2) in "
                                           "it, and a MIC (NTLMRequireMIC)");
    client.no_mic = false;
    client.no_version = true; /* a MIC at 64, and the flag that says Version is there */
    assert_non_null(strstr(words_of(&client), "a payload that begins at 80; wanted: room for"));
}

static void a_service_of_somebody_else_is_shown_beside_the_hosts_that_are_ours(void **state)
{
    (void)state;
    static const char *const hosts[] = {"intranet", "web.example.com", NULL};
    client_t client = signing_alice();
    policy.service = NTLM_REQUIRE;
    policy.service_hosts = hosts;
    assert_string_equal(words_of(&client), "no MsvAvTargetName; wanted: HTTP or HOST at intranet, "
                                           "web.example.com");
    client.spn = "cifs/intranet";
    assert_string_equal(words_of(&client), "the client signed \"cifs/intranet\"; wanted: HTTP or "
                                           "HOST at intranet, web.example.com");
    client.spn = "HTTP/a\"b";
    assert_non_null(strstr(words_of(&client), "the client signed \"HTTP/a%22b\"; "));
    client.spn = "HTTP/intranet";
    client.av_flags = MSV_AV_FLAG_UNTRUSTED_SPN;
    assert_non_null(strstr(words_of(&client), "the client signed \"HTTP/intranet\", and does not "
                                              "trust where it has that from; "));
    client.av_flags = 0;
    policy.service_hosts = NULL;
    assert_non_null(
        strstr(words_of(&client), "wanted: HTTP or HOST at a host of the server's own"));
}

static void a_domain_is_shown_beside_those_that_are_accepted(void **state)
{
    (void)state;
    static const char *const domains[] = {"EXAMPLE", "OTHER", NULL};
    client_t client = signing_alice();
    policy.accept_domains = domains;
    assert_string_equal(words_of(&client), "domain \"CORP\", user \"alice\"; wanted: no domain, "
                                           "or one of NTLMAcceptDomains: EXAMPLE, OTHER");
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
    (void)words_of(&client);
    const finding_t finding =
        finding_of(NTLM_DOMAIN_REFUSED, &replay_login(&client, 0)->claim, &policy);
    assert_int_equal(strlen(finding.wanted), FINDING_ROOM - 1);
    assert_string_equal(finding.wanted + FINDING_ROOM - 5, "X...");
}

static void old_responses_are_measured_and_their_names_readable(void **state)
{
    (void)state;
    uint8_t message[512];
    const uint8_t response[24] = {1, [23] = 1};
    const type3_t type3 = {.lm = {response, 24},
                           .nt = {response, 24},
                           .domain = bytes_of("CORP"),
                           .user = bytes_of("alice"),
                           .workstation = bytes_of("WS1"),
                           .flags = CLIENT_FLAGS};
    writer_t out = writer_to(message, sizeof message);
    type3_write(&out, &type3);
    assert_string_equal(words_of_message(written(&out), NTLM_NTLMV1),
                        "NtChallengeResponse of 24 bytes, LmChallengeResponse of 24 bytes; "
                        "wanted: an NTLMv2 response: NtChallengeResponse of 48 bytes or more");
    assert_string_equal(last->claim.user, "alice");
    assert_string_equal(last->claim.domain, "CORP");
    assert_string_equal(last->claim.workstation, "WS1");
}

static void a_name_that_looks_like_ascii_says_so(void **state)
{
    (void)state;
    uint8_t message[512], response[NTLM_PROOF_LEN + 32] = {0};
    response[NTLM_PROOF_LEN] = response[NTLM_PROOF_LEN + 1] = 1;
    type3_t type3 = {.lm = bytes_none(),
                     .nt = {response, sizeof response},
                     .domain = bytes_of("CORP"),
                     .user = bytes_of("robert"),
                     .workstation = bytes_none(),
                     .session_key = bytes_none(),
                     .flags = CLIENT_FLAGS};
    writer_t out = writer_to(message, sizeof message);
    type3_write(&out, &type3);
    assert_string_equal(words_of_message(written(&out), NTLM_NO_SUCH_USER),
                        "these look like ASCII bytes, where the CHALLENGE chose Unicode: user "
                        "\"robert\"");
    out = writer_to(message, sizeof message);
    type3.user = bytes_of("alice");
    type3_write(&out, &type3);
    assert_non_null(strstr(words_of_message(written(&out), NTLM_MALFORMED),
                           ": these look like ASCII bytes, where the CHALLENGE chose Unicode: "
                           "user \"alice\""));
    out = writer_to(message, sizeof message);
    type3.user = hex("4100420043");
    type3_write(&out, &type3);
    assert_non_null(strstr(words_of_message(written(&out), NTLM_MALFORMED),
                           ": UserName of 5 bytes, DomainName of 4, Workstation of 0"));
}

static void a_chinese_name_is_none_of_ascii(void **state)
{
    (void)state;
    uint8_t message[512];
    const uint8_t response[24] = {1, [23] = 1};
    const type3_t type3 = {.lm = {response, 24},
                           .nt = {response, 24},
                           .domain = hex("43004f0052005000"),
                           .user = hex("2d4e2d4e"),
                           .flags = CLIENT_FLAGS};
    writer_t out = writer_to(message, sizeof message);
    type3_write(&out, &type3);
    assert_non_null(words_of_message(written(&out), NTLM_NTLMV1));
    assert_string_equal(last->claim.user, "\xe4\xb8\xad\xe4\xb8\xad");
}

static void what_is_no_type_3_has_its_sentence(void **state)
{
    (void)state;
    assert_string_equal(words_of_message(hex("00"), NTLM_MALFORMED),
                        "it does not begin with NTLMSSP");
    assert_string_equal(words_of_message(hex("4e544c4d5353500002000000"), NTLM_MALFORMED),
                        "it is a Type 2, which no client sends");
    assert_string_equal(words_of_message(hex("4e544c4d5353500009000000"), NTLM_MALFORMED),
                        "it is a message of no known type");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_login_and_a_wrong_password_need_no_words),
        TEST(a_wrong_mic_says_what_was_computed_over_what),
        TEST(a_mic_of_zeros_is_told_from_a_wrong_one),
        TEST(the_pair_that_did_not_come_back_is_shown_with_both_values),
        TEST(a_pair_that_is_missing_is_shown),
        TEST(an_answer_to_an_older_challenge_shows_both_times),
        TEST(a_challenge_that_has_expired_says_after_how_long),
        TEST(a_session_key_of_the_wrong_length_is_measured),
        TEST(bindings_are_told_by_their_kind),
        TEST(a_missing_mic_is_told_with_the_reason),
        TEST(a_service_of_somebody_else_is_shown_beside_the_hosts_that_are_ours),
        TEST(a_domain_is_shown_beside_those_that_are_accepted),
        TEST(a_list_ends_where_its_room_does),
        TEST(old_responses_are_measured_and_their_names_readable),
        TEST(a_name_that_looks_like_ascii_says_so),
        TEST(a_chinese_name_is_none_of_ascii),
        TEST(what_is_no_type_3_has_its_sentence),
    };
    return RUN_GROUP(tests);
}
