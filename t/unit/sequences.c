/* What each message does in each state. */
#include "connection.h"

/* ---- order ---- */

static void a_type3_without_a_challenge_is_not_expected(void **state)
{
    (void)state;
    connection_t *other = connect_client();
    assert_int_equal(send_type1(other, CLIENT_FLAGS), NTLM_CHALLENGE_SENT);
    ntlm_forget(&other->acceptor);
    assert_int_equal(answer(other, &alice, &key), NTLM_NOT_EXPECTED);
    assert_string_equal(other->claim.user, "alice");
    assert_int_equal(log_in(other, &alice), NTLM_OK);
}

static void a_second_type3_is_a_replay_and_ends_the_login(void **state)
{
    (void)state;
    connection_t *c = connect_client();
    assert_int_equal(log_in(c, &alice), NTLM_OK);
    assert_int_equal(answer(c, &alice, &key), NTLM_REPLAYED);
    assert_int_equal(c->acceptor.state, NTLM_FRESH);
    assert_int_equal(answer(c, &alice, &key), NTLM_REPLAYED);
    assert_int_equal(log_in(c, &alice), NTLM_OK);
}

static void a_wrong_type3_spends_the_challenge_too(void **state)
{
    (void)state;
    connection_t *c = connect_client();
    client_t wrong = alice;
    wrong.nt_hash[0] ^= 1;
    assert_int_equal(log_in(c, &wrong), NTLM_WRONG_PASSWORD);
    assert_int_equal(answer(c, &alice, &key), NTLM_REPLAYED);
}

static void a_malformed_type3_spends_the_challenge_too(void **state)
{
    (void)state;
    connection_t *c = connect_client();
    assert_int_equal(send_type1(c, CLIENT_FLAGS), NTLM_CHALLENGE_SENT);
    assert_int_equal(send_token(c, hex("4e544c4d5353500003000000")), NTLM_MALFORMED);
    assert_int_equal(answer(c, &alice, &key), NTLM_REPLAYED);
}

static void the_answer_to_an_older_challenge_is_stale(void **state)
{
    (void)state;
    uint8_t message[CLIENT_MESSAGE_MAX];
    connection_t *c = connect_client();
    assert_int_equal(send_type1(c, CLIENT_FLAGS), NTLM_CHALLENGE_SENT);
    bytes_t old = client_type3(&alice, (bytes_t){c->type1, c->type1_len},
                               (bytes_t){c->type2, c->type2_len}, message);
    assert_int_equal(send_type1(c, CLIENT_FLAGS), NTLM_CHALLENGE_SENT);
    assert_int_equal(send_token(c, old), NTLM_STALE_CHALLENGE);
    assert_int_equal(c->acceptor.state, NTLM_FRESH);
    assert_int_equal(log_in(c, &alice), NTLM_OK);
}

static void a_late_type3_finds_the_challenge_expired(void **state)
{
    (void)state;
    connection_t *c = connect_client();
    assert_int_equal(send_type1(c, CLIENT_FLAGS), NTLM_CHALLENGE_SENT);
    c->ticks = TICKS + LIFETIME + 1;
    assert_int_equal(answer(c, &alice, &key), NTLM_CHALLENGE_EXPIRED);
    assert_int_equal(answer(c, &alice, &key), NTLM_REPLAYED);
    c->ticks = TICKS;
    assert_int_equal(send_type1(c, CLIENT_FLAGS), NTLM_CHALLENGE_SENT);
    c->ticks = TICKS + LIFETIME;
    assert_int_equal(answer(c, &alice, &key), NTLM_OK);
}

static void a_challenge_that_is_younger_than_nothing_has_expired(void **state)
{
    (void)state;
    connection_t *c = connect_client();
    assert_int_equal(send_type1(c, CLIENT_FLAGS), NTLM_CHALLENGE_SENT);
    c->ticks = TICKS - 1;
    assert_int_equal(answer(c, &alice, &key), NTLM_CHALLENGE_EXPIRED);
}

static void a_wall_clock_that_is_set_makes_no_challenge_older(void **state)
{
    (void)state;
    static const int64_t seconds[] = {-1, 3600, -86400, 10 * 365 * 86400};
    for (size_t i = 0; i < sizeof seconds / sizeof *seconds; i++) {
        connection_t *c = connect_client();
        assert_int_equal(send_type1(c, CLIENT_FLAGS), NTLM_CHALLENGE_SENT);
        c->now += seconds[i] * SECOND;
        assert_int_equal(answer(c, &alice, &key), NTLM_OK);
        assert_int_equal(send_type1(c, CLIENT_FLAGS), NTLM_CHALLENGE_SENT);
        c->now += seconds[i] * SECOND;
        c->ticks += LIFETIME + 1;
        assert_int_equal(answer(c, &alice, &key), NTLM_CHALLENGE_EXPIRED);
    }
}

static void a_type1_forgets_the_login_at_once(void **state)
{
    (void)state;
    connection_t *c = connect_client();
    assert_int_equal(log_in(c, &alice), NTLM_OK);
    assert_int_equal(send_type1(c, CLIENT_FLAGS), NTLM_CHALLENGE_SENT);
    assert_int_equal(c->acceptor.state, NTLM_CHALLENGED);
    client_t bob = {.user = "bob", .domain = "CORP", .nt_hash = {1, 2, 3}};
    assert_int_equal(answer(c, &bob, &key), NTLM_OK);
    assert_string_equal(c->claim.user, "bob");
}

static void a_malformed_type1_forgets_the_login_too(void **state)
{
    (void)state;
    connection_t *c = connect_client();
    assert_int_equal(log_in(c, &alice), NTLM_OK);
    assert_int_equal(send_token(c, hex("4e544c4d53535000010000000000")), NTLM_MALFORMED);
    assert_int_equal(c->acceptor.state, NTLM_FRESH);
}

static void a_type1_that_gets_no_challenge_forgets_what_was(void **state)
{
    (void)state;
    connection_t *c = connect_client();
    const ntlm_input_t input = {.token = client_type1(CLIENT_FLAGS), .now = NOW, .ticks = TICKS};
    assert_int_equal(log_in(c, &alice), NTLM_OK);
    assert_int_equal(ntlm_accept(&c->acceptor, &policy, &input, &c->claim), NTLM_NEED_NONCE);
    assert_int_equal(c->acceptor.state, NTLM_FRESH);
    assert_int_equal(send_type1(c, CLIENT_FLAGS), NTLM_CHALLENGE_SENT);
    assert_int_equal(ntlm_accept(&c->acceptor, &policy, &input, &c->claim), NTLM_NEED_NONCE);
    assert_int_equal(ntlm_reply(&c->acceptor).len, 0);
    assert_int_equal(answer(c, &alice, &key), NTLM_REPLAYED);
}

static void nothing_but_a_type1_gets_a_challenge(void **state)
{
    (void)state;
    static const uint8_t nonce[NTLM_CHALLENGE_LEN] = {1};
    static const char *const others[] = {"", "4e544c4d53535000010000000000",
                                         "4e544c4d535350000300000000000000"};
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        connection_t *c = connect_client();
        const ntlm_input_t input = {hex(others[i]), NOW, TICKS, nonce, &c->room[0]};
        assert_int_equal(log_in(c, &alice), NTLM_OK);
        assert_int_equal(ntlm_challenge(&c->acceptor, &policy, &input, &c->claim), NTLM_MALFORMED);
        assert_int_equal(c->acceptor.state, NTLM_FRESH);
        assert_int_equal(ntlm_reply(&c->acceptor).len, 0);
    }
}

static void a_request_without_a_token_withdraws_the_challenge_and_keeps_a_login(void **state)
{
    (void)state;
    connection_t *c = connect_client();
    assert_int_equal(send_type1(c, CLIENT_FLAGS), NTLM_CHALLENGE_SENT);
    assert_false(ntlm_no_token(&c->acceptor));
    assert_int_equal(answer(c, &alice, &key), NTLM_NOT_EXPECTED);
    assert_int_equal(log_in(c, &alice), NTLM_OK);
    assert_true(ntlm_no_token(&c->acceptor));
    assert_int_equal(c->acceptor.state, NTLM_PROVEN);
}

static void bytes_that_are_no_message_end_the_login(void **state)
{
    (void)state;
    static const char *const garbage[] = {"",
                                          "00",
                                          "4e544c4d53535000",
                                          "4e544c4d5353500002000000",
                                          "4e544c4d5353500004000000",
                                          "6006062b06010505"};
    for (size_t i = 0; i < sizeof garbage / sizeof garbage[0]; i++) {
        connection_t *c = connect_client();
        assert_int_equal(log_in(c, &alice), NTLM_OK);
        assert_int_equal(send_token(c, hex(garbage[i])), NTLM_MALFORMED);
        assert_int_equal(c->acceptor.state, NTLM_FRESH);
    }
}

static void a_claim_is_proven_once(void **state)
{
    (void)state;
    connection_t *c = connect_client();
    assert_int_equal(log_in(c, &alice), NTLM_OK);
    assert_int_equal(ntlm_prove(&c->acceptor, &policy, &c->claim, &key), NTLM_NOT_EXPECTED);
    assert_int_equal(c->acceptor.state, NTLM_PROVEN);
}

static void a_recorded_type2_that_is_broken_is_refused(void **state)
{
    (void)state;
    ntlm_acceptor_t acceptor = {0};
    connection_t *c = connect_client();
    ntlm_handshake_t *room = &c->room[0];
    static const uint8_t huge[NTLM_TYPE2_MAX + 1];
    room->messages = writer_to(c->messages[0], sizeof c->messages[0]);
    assert_non_null(ntlm_resume(&acceptor, room, hex(""), (bytes_t){huge, sizeof huge}, 1));
    assert_non_null(ntlm_resume(&acceptor, room, hex(""), hex("4e544c4d"), 1));
    assert_int_equal(acceptor.state, NTLM_FRESH);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_type3_without_a_challenge_is_not_expected),
        TEST(a_second_type3_is_a_replay_and_ends_the_login),
        TEST(a_wrong_type3_spends_the_challenge_too),
        TEST(a_malformed_type3_spends_the_challenge_too),
        TEST(the_answer_to_an_older_challenge_is_stale),
        TEST(a_late_type3_finds_the_challenge_expired),
        TEST(a_challenge_that_is_younger_than_nothing_has_expired),
        TEST(a_wall_clock_that_is_set_makes_no_challenge_older),
        TEST(a_type1_forgets_the_login_at_once),
        TEST(a_malformed_type1_forgets_the_login_too),
        TEST(a_type1_that_gets_no_challenge_forgets_what_was),
        TEST(nothing_but_a_type1_gets_a_challenge),
        TEST(a_request_without_a_token_withdraws_the_challenge_and_keeps_a_login),
        TEST(bytes_that_are_no_message_end_the_login),
        TEST(a_claim_is_proven_once),
        TEST(a_recorded_type2_that_is_broken_is_refused),
    };
    return RUN_GROUP(tests);
}
