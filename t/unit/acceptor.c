/* The challenge that goes out, and what an answer to it proves. */
#include "connection.h"

/* ---- the challenge ---- */

static void parse_challenge(connection_t *c, uint32_t offered, type2_t *type2)
{
    assert_int_equal(send_type1(c, offered), NTLM_CHALLENGE_SENT);
    assert_null(type2_parse((bytes_t){c->type2, c->type2_len}, type2));
}

static void the_challenge_always_has_what_makes_clients_answer_with_ntlmv2(void **state)
{
    (void)state;
    static const uint32_t offers[] = {0x00000202, 0x00088206, 0x00088207, 0xe288b032,
                                      0xe2088297, 0x00000001, 0x62880205};
    for (size_t i = 0; i < sizeof offers / sizeof offers[0]; i++) {
        type2_t type2;
        parse_challenge(connect_client(), offers[i], &type2);
        const uint32_t always = NTLMSSP_NEGOTIATE_UNICODE | NTLMSSP_NEGOTIATE_NTLM |
                                NTLMSSP_NEGOTIATE_EXTENDED_SESSIONSECURITY |
                                NTLMSSP_NEGOTIATE_TARGET_INFO | NTLMSSP_REQUEST_TARGET;
        assert_int_equal(type2.flags & always, always);
        assert_int_equal(type2.flags & NTLM_NEGOTIATE_OEM, 0);
    }
}

static void the_challenge_echoes_what_real_clients_expect(void **state)
{
    (void)state;
    static const struct {
        uint32_t offered, joined;
    } known[] = {{0xe2088297, 0xe2898215}, {0x00088207, 0x02898205}, {0x00088206, 0x02898205}};
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        type2_t type2;
        parse_challenge(connect_client(), known[i].offered, &type2);
        assert_int_equal(type2.flags, known[i].joined);
        policy.domain_joined = false;
        parse_challenge(connect_client(), known[i].offered, &type2);
        assert_int_equal(type2.flags, known[i].joined ^ 0x30000);
        policy.domain_joined = true;
    }
}

static void the_target_information_is_complete_and_in_windows_order(void **state)
{
    (void)state;
    type2_t type2;
    connection_t *c = connect_client();
    parse_challenge(c, CLIENT_FLAGS, &type2);
    assert_bytes(type2.target_name, "43004f0052005000");
    assert_int_equal(type2.target_name.data - c->type2, 56);
    /* NOW is 2026-11-18 11:06:40 UTC */
    assert_bytes(type2.target_info, "0200080043004f0052005000"
                                    "01000600570045004200"
                                    "0400080043004f0052005000"
                                    "03000600570045004200"
                                    "070008000060f6e24c77dd01"
                                    "00000000");
}

static void a_computer_without_a_domain_names_itself(void **state)
{
    (void)state;
    type2_t type2;
    policy.domain_joined = false;
    parse_challenge(connect_client(), CLIENT_FLAGS, &type2);
    assert_bytes(type2.target_name, "570045004200");
}

static void each_challenge_has_its_own_nonce(void **state)
{
    (void)state;
    type2_t first, second;
    connection_t *c = connect_client();
    parse_challenge(c, CLIENT_FLAGS, &first);
    parse_challenge(c, CLIENT_FLAGS, &second);
    assert_memory_not_equal(first.challenge, second.challenge, 8);
}

static void names_that_do_not_fit_are_refused_not_cut(void **state)
{
    (void)state;
    static const uint8_t huge[NTLM_TYPE2_MAX];
    policy.dns_domain = (bytes_t){huge, sizeof huge};
    assert_int_equal(send_token(connect_client(), client_type1(CLIENT_FLAGS)), NTLM_MALFORMED);
}

static void the_messages_take_as_many_bytes_as_the_acceptor_says(void **state)
{
    (void)state;
    connection_t *c = connect_client();
    bytes_t type1 = client_type1(CLIENT_FLAGS);
    for (int joined = 0; joined < 2; joined++) {
        policy.domain_joined = joined == 1;
        assert_int_equal(send_token(c, type1), NTLM_CHALLENGE_SENT);
        assert_int_equal(type1.len + ntlm_reply(&c->acceptor).len,
                         ntlm_messages_len(&policy, type1));
    }
}

/* ---- logging in ---- */

static void the_right_password_logs_in(void **state)
{
    (void)state;
    connection_t *c = connect_client();
    assert_int_equal(log_in(c, &alice), NTLM_OK);
    assert_int_equal(c->acceptor.state, NTLM_PROVEN);
    assert_string_equal(c->claim.user, "alice");
    assert_string_equal(c->claim.domain, "CORP");
    assert_int_equal(c->claim.mic, NTLM_MIC_OK);
    assert_null(c->acceptor.handshake);
}

static void a_wrong_password_does_not(void **state)
{
    (void)state;
    connection_t *c = connect_client();
    alice.nt_hash[15] ^= 1;
    assert_int_equal(log_in(c, &alice), NTLM_WRONG_PASSWORD);
    assert_int_equal(c->acceptor.state, NTLM_FRESH);
}

/* MS-NLMP 2.2.2.2 has 48 bytes; Windows 11 24H2 sends 80. */
static void a_single_host_of_any_length_is_the_clients_own(void **state)
{
    (void)state;
    static const size_t lengths[] = {48, 80, 16};
    for (size_t i = 0; i < sizeof lengths / sizeof lengths[0]; i++) {
        connection_t *c = connect_client();
        uint8_t message[CLIENT_MESSAGE_MAX];
        bytes_t value;
        alice.single_host_len = lengths[i];
        assert_int_equal(send_type1(c, CLIENT_FLAGS), NTLM_CHALLENGE_SENT);
        bytes_t type3 = client_type3(&alice, (bytes_t){c->type1, c->type1_len},
                                     (bytes_t){c->type2, c->type2_len}, message);
        assert_int_equal(send_token(c, type3), NTLM_NEED_KEY);
        assert_int_equal(ntlm_prove(&c->acceptor, &policy, &c->claim, &key), NTLM_OK);
        assert_int_equal(c->claim.mic, NTLM_MIC_OK);
        assert_true(avpairs_find(c->claim.response.pairs, MsvAvSingleHost, &value));
        assert_int_equal(value.len, lengths[i]);
    }
}

static void an_unknown_user_does_not_even_with_the_decoy_as_hash(void **state)
{
    (void)state;
    connection_t *c = connect_client();
    assert_int_equal(send_type1(c, CLIENT_FLAGS), NTLM_CHALLENGE_SENT);
    assert_int_equal(answer(c, &alice, NULL), NTLM_NO_SUCH_USER);
    memset(alice.nt_hash, 0, sizeof alice.nt_hash);
    assert_int_equal(send_type1(c, CLIENT_FLAGS), NTLM_CHALLENGE_SENT);
    assert_int_equal(answer(c, &alice, NULL), NTLM_NO_SUCH_USER);
    assert_int_equal(c->acceptor.state, NTLM_FRESH);
}

static void the_handshake_and_the_keys_are_wiped_after_it(void **state)
{
    (void)state;
    static const ntlm_handshake_t zeros;
    static const uint8_t no_key[NTLM_KEY_LEN];
    connection_t *c = connect_client();
    alice.nt_hash[0] ^= 1;
    assert_int_equal(log_in(c, &alice), NTLM_WRONG_PASSWORD);
    assert_memory_equal(&c->room[1], &zeros, sizeof zeros);
    assert_memory_equal(c->claim.ntowfv2, no_key, sizeof no_key);
    assert_memory_equal(c->claim.session_base_key, no_key, sizeof no_key);
    assert_memory_equal(c->claim.exported_session_key, no_key, sizeof no_key);
}

static void no_key_is_left_of_a_login_that_is_refused_after_its_proof(void **state)
{
    (void)state;
    static const uint8_t no_key[NTLM_KEY_LEN];
    connection_t *c = connect_client();
    policy.require_mic = alice.no_mic = true;
    assert_int_equal(log_in(c, &alice), NTLM_MIC_REQUIRED);
    assert_memory_equal(c->claim.ntowfv2, no_key, sizeof no_key);
    assert_memory_equal(c->claim.session_base_key, no_key, sizeof no_key);
    assert_memory_equal(c->claim.exported_session_key, no_key, sizeof no_key);
}

/* ---- a key from memory ---- */

/* Up to the point where the key is asked for. */
static void claim_alice(connection_t *c)
{
    static uint8_t message[CLIENT_MESSAGE_MAX]; /* the claim borrows its bytes */
    assert_int_equal(send_type1(c, CLIENT_FLAGS), NTLM_CHALLENGE_SENT);
    bytes_t type3 = client_type3(&alice, (bytes_t){c->type1, c->type1_len},
                                 (bytes_t){c->type2, c->type2_len}, message);
    assert_int_equal(send_token(c, type3), NTLM_NEED_KEY);
}

static void a_remembered_key_that_fits_logs_in(void **state)
{
    (void)state;
    connection_t *c = connect_client();
    claim_alice(c);
    assert_int_equal(ntlm_try(&c->acceptor, &policy, &c->claim, &key), NTLM_OK);
    assert_int_equal(c->acceptor.state, NTLM_PROVEN);
}

static void a_remembered_key_that_fails_may_be_followed_by_a_newer_one(void **state)
{
    (void)state;
    ntlm_key_t older = {.nt_hash = {9}, .state = NTLM_OK};
    ntlm_key_t disabled = {.nt_hash = {1, 2, 3}, .state = NTLM_ACCOUNT_DISABLED};
    const ntlm_key_t *const remembered[] = {&older, &disabled, NULL};
    for (size_t i = 0; i < sizeof remembered / sizeof remembered[0]; i++) {
        connection_t *c = connect_client();
        claim_alice(c);
        assert_int_equal(ntlm_try(&c->acceptor, &policy, &c->claim, remembered[i]), NTLM_NEED_KEY);
        assert_int_equal(ntlm_prove(&c->acceptor, &policy, &c->claim, &key), NTLM_OK);
        assert_int_equal(c->acceptor.state, NTLM_PROVEN);
    }
}

static void the_newer_key_decides_at_last(void **state)
{
    (void)state;
    connection_t *c = connect_client();
    ntlm_key_t other = {.nt_hash = {9}, .state = NTLM_OK};
    claim_alice(c);
    assert_int_equal(ntlm_try(&c->acceptor, &policy, &c->claim, &other), NTLM_NEED_KEY);
    assert_int_equal(ntlm_prove(&c->acceptor, &policy, &c->claim, &other), NTLM_WRONG_PASSWORD);
    assert_int_equal(c->acceptor.state, NTLM_FRESH);
    assert_int_equal(ntlm_try(&c->acceptor, &policy, &c->claim, &key), NTLM_NOT_EXPECTED);
    assert_int_equal(ntlm_prove(&c->acceptor, &policy, &c->claim, &key), NTLM_NOT_EXPECTED);
}

/* What a domain controller says to whom it has found right: no hash, and the session base key. */
static ntlm_key_t verdict_about(const connection_t *c)
{
    ntlm_key_t verdict = {.verified = true, .state = NTLM_OK};
    uint8_t name[32], v2[NTLM_KEY_LEN];
    writer_t out = writer_to(name, sizeof name);
    unicode_write_utf8(&out, "ALICECORP");
    assert_true(ntowfv2(alice.nt_hash, written(&out), v2));
    assert_true(session_base_key(v2, c->claim.response.proof, verdict.session_base_key));
    return verdict;
}

static void a_verdict_of_who_has_the_hash_is_a_proof(void **state)
{
    (void)state;
    connection_t *c = connect_client();
    claim_alice(c);
    const ntlm_key_t verdict = verdict_about(c);
    assert_memory_equal(ntlm_nonce(&c->acceptor), c->acceptor.handshake->type2.challenge, 8);
    assert_int_equal(ntlm_prove(&c->acceptor, &policy, &c->claim, &verdict), NTLM_OK);
    assert_int_equal(c->claim.mic, NTLM_MIC_OK);
    assert_int_equal(c->acceptor.state, NTLM_PROVEN);
}

static void what_needs_no_key_is_found_before_a_verdict(void **state)
{
    (void)state;
    static const uint8_t blank[NTLM_KEY_LEN] = {0x31, 0xD6, 0xCF, 0xE0, 0xD1, 0x6A, 0xE9, 0x31,
                                                0xB7, 0x3C, 0x59, 0xD7, 0xE0, 0xC0, 0x89, 0xC0};
    static const char *const domains[] = {"OTHER", NULL};
    connection_t *c = connect_client();
    assert_int_equal(ntlm_fitness(&c->acceptor, &policy, &c->claim), NTLM_NOT_EXPECTED);
    claim_alice(c);
    assert_int_equal(ntlm_fitness(&c->acceptor, &policy, &c->claim), NTLM_OK);
    policy.service = NTLM_REQUIRE;
    assert_int_equal(ntlm_fitness(&c->acceptor, &policy, &c->claim), NTLM_SERVICE_REQUIRED);
    policy.binding = NTLM_REQUIRE;
    assert_int_equal(ntlm_fitness(&c->acceptor, &policy, &c->claim), NTLM_BINDING_UNKNOWN);
    policy.service = NTLM_OFF;
    policy.binding = NTLM_OFF;
    policy.accept_domains = domains;
    assert_int_equal(ntlm_fitness(&c->acceptor, &policy, &c->claim), NTLM_DOMAIN_REFUSED);
    policy.accept_domains = NULL;
    assert_int_equal(ntlm_prove(&c->acceptor, &policy, &c->claim, &key), NTLM_OK);
    memcpy(alice.nt_hash, blank, sizeof blank);
    c = connect_client();
    claim_alice(c);
    assert_int_equal(ntlm_fitness(&c->acceptor, &policy, &c->claim), NTLM_BLANK_PASSWORD);
}

static void a_verdict_leaves_all_other_checks_to_be_passed(void **state)
{
    (void)state;
    connection_t *c = connect_client();
    claim_alice(c);
    ntlm_key_t verdict = verdict_about(c);
    verdict.session_base_key[3] ^= 1;
    assert_int_equal(ntlm_prove(&c->acceptor, &policy, &c->claim, &verdict), NTLM_BAD_MIC);
    c = connect_client();
    claim_alice(c);
    verdict = verdict_about(c);
    verdict.state = NTLM_ACCOUNT_DISABLED;
    assert_int_equal(ntlm_prove(&c->acceptor, &policy, &c->claim, &verdict), NTLM_ACCOUNT_DISABLED);
    static const char *const domains[] = {"OTHER", NULL};
    policy.accept_domains = domains;
    c = connect_client();
    claim_alice(c);
    verdict = verdict_about(c);
    assert_int_equal(ntlm_prove(&c->acceptor, &policy, &c->claim, &verdict), NTLM_DOMAIN_REFUSED);
}

static void no_newer_key_mends_a_wrong_mic(void **state)
{
    (void)state;
    connection_t *c = connect_client();
    claim_alice(c);
    c->acceptor.handshake->messages.data[20] ^= 1;
    assert_int_equal(ntlm_try(&c->acceptor, &policy, &c->claim, &key), NTLM_BAD_MIC);
    assert_int_equal(c->acceptor.state, NTLM_FRESH);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_challenge_always_has_what_makes_clients_answer_with_ntlmv2),
        TEST(the_challenge_echoes_what_real_clients_expect),
        TEST(the_target_information_is_complete_and_in_windows_order),
        TEST(a_computer_without_a_domain_names_itself),
        TEST(each_challenge_has_its_own_nonce),
        TEST(the_messages_take_as_many_bytes_as_the_acceptor_says),
        TEST(names_that_do_not_fit_are_refused_not_cut),
        TEST(the_right_password_logs_in),
        TEST(a_wrong_password_does_not),
        TEST(a_single_host_of_any_length_is_the_clients_own),
        TEST(an_unknown_user_does_not_even_with_the_decoy_as_hash),
        TEST(the_handshake_and_the_keys_are_wiped_after_it),
        TEST(no_key_is_left_of_a_login_that_is_refused_after_its_proof),
        TEST(a_remembered_key_that_fits_logs_in),
        TEST(a_remembered_key_that_fails_may_be_followed_by_a_newer_one),
        TEST(the_newer_key_decides_at_last),
        TEST(a_verdict_of_who_has_the_hash_is_a_proof),
        TEST(what_needs_no_key_is_found_before_a_verdict),
        TEST(a_verdict_leaves_all_other_checks_to_be_passed),
        TEST(no_newer_key_mends_a_wrong_mic),
    };
    return RUN_GROUP(tests);
}
