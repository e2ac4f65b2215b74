/* The rules that a Type 3 must pass, each with the message that breaks it. */
#include "connection.h"

/* The client's answer to a fresh challenge, changed by hand before it is sent. */
typedef void (*edit_t)(uint8_t *message, bytes_t *type3);

static ntlm_status_t log_in_with(connection_t *c, const client_t *client, uint32_t offered,
                                 edit_t edit)
{
    uint8_t message[CLIENT_MESSAGE_MAX];
    assert_int_equal(send_type1(c, offered), NTLM_CHALLENGE_SENT);
    bytes_t type3 = client_type3(client, (bytes_t){c->type1, c->type1_len},
                                 (bytes_t){c->type2, c->type2_len}, message);
    if (edit) edit(message, &type3);
    ntlm_status_t status = send_token(c, type3);
    if (status == NTLM_NEED_KEY) status = ntlm_prove(&c->acceptor, &policy, &c->claim, &key);
    assert_int_equal(c->acceptor.state, status == NTLM_OK ? NTLM_PROVEN : NTLM_FRESH);
    return status;
}

static void expect(edit_t edit, ntlm_status_t status)
{
    assert_int_equal(log_in_with(connect_client(), &alice, CLIENT_FLAGS, edit), status);
}

/* Fields structures of the Type 3: LM, NT, domain, user, workstation, session key. */
enum { LM = 12, NT = 20, DOMAIN = 28, USER = 36, WORKSTATION = 44 };

static void set_len(uint8_t *message, size_t field, uint16_t len)
{
    message[field] = (uint8_t)len;
    message[field + 1] = (uint8_t)(len >> 8);
}

static uint8_t *content(uint8_t *message, size_t field)
{
    return message + message[field + 4] + 256 * message[field + 5];
}

/* ---- which response ---- */

static void cut_to_24(uint8_t *message, bytes_t *type3)
{
    (void)type3;
    set_len(message, NT, 24);
}

static void nonce_in_lm(uint8_t *message, bytes_t *type3)
{
    cut_to_24(message, type3);
    memset(message + type3->len, 0, 24);
    memset(message + type3->len, 0xAA, 8);
    memcpy(message + LM, message + NT, 8);
    message[LM + 4] = (uint8_t)type3->len;
    message[LM + 5] = (uint8_t)(type3->len >> 8);
    type3->len += 24;
}

static void without_nt(uint8_t *message, bytes_t *type3)
{
    (void)type3;
    set_len(message, NT, 0);
}

static void without_anything(uint8_t *message, bytes_t *type3)
{
    without_nt(message, type3);
    set_len(message, USER, 0);
}

static void anonymous_with_a_zero(uint8_t *message, bytes_t *type3)
{
    without_anything(message, type3);
    memcpy(message + LM, message + DOMAIN, 8);
    set_len(message, LM, 1);
    content(message, LM)[0] = 0;
}

static void lm_that_is_not_anonymous(uint8_t *message, bytes_t *type3)
{
    anonymous_with_a_zero(message, type3);
    content(message, LM)[0] = 1;
}

static void each_kind_of_response_but_ntlmv2_is_refused_by_its_name(void **state)
{
    (void)state;
    expect(cut_to_24, NTLM_NTLMV1);
    expect(nonce_in_lm, NTLM_NTLM2_SESSION);
    expect(without_nt, NTLM_NO_NT_RESPONSE);
    expect(without_anything, NTLM_ANONYMOUS);
    expect(anonymous_with_a_zero, NTLM_ANONYMOUS);
    expect(lm_that_is_not_anonymous, NTLM_NO_NT_RESPONSE);
}

static void a_response_of_any_other_length_is_malformed(void **state)
{
    (void)state;
    for (uint16_t len = 1; len < 48; len++) {
        uint8_t message[CLIENT_MESSAGE_MAX];
        connection_t *c = connect_client();
        if (len == 24) continue;
        assert_int_equal(send_type1(c, CLIENT_FLAGS), NTLM_CHALLENGE_SENT);
        bytes_t type3 = client_type3(&alice, (bytes_t){c->type1, c->type1_len},
                                     (bytes_t){c->type2, c->type2_len}, message);
        set_len(message, NT, len);
        assert_int_equal(send_token(c, type3), NTLM_MALFORMED);
        assert_non_null(c->claim.detail);
    }
}

/* ---- names ---- */

static void odd_user(uint8_t *message, bytes_t *type3)
{
    (void)type3;
    set_len(message, USER, 9);
}

static void nul_in_user(uint8_t *message, bytes_t *type3)
{
    (void)type3;
    content(message, USER)[2] = 0;
}

static void newline_in_domain(uint8_t *message, bytes_t *type3)
{
    (void)type3;
    content(message, DOMAIN)[2] = '\n';
}

static void half_a_surrogate(uint8_t *message, bytes_t *type3)
{
    (void)type3;
    content(message, USER)[1] = 0xD8;
}

static void no_user(uint8_t *message, bytes_t *type3)
{
    (void)type3;
    set_len(message, USER, 0);
}

static void odd_workstation(uint8_t *message, bytes_t *type3)
{
    (void)type3;
    memcpy(message + WORKSTATION, message + DOMAIN, 8);
    set_len(message, WORKSTATION, 7);
}

static void names_that_would_harm_a_log_or_a_lookup_are_malformed(void **state)
{
    (void)state;
    const edit_t edits[] = {odd_user,         nul_in_user, newline_in_domain,
                            half_a_surrogate, no_user,     odd_workstation};
    for (size_t i = 0; i < sizeof edits / sizeof edits[0]; i++) {
        expect(edits[i], NTLM_MALFORMED);
    }
}

static void names_have_limits(void **state)
{
    (void)state;
    char user[NTLM_USER_MAX + 2] = "", domain[NTLM_DOMAIN_MAX + 2] = "";
    alice.user = memset(user, 'u', NTLM_USER_MAX);
    alice.domain = memset(domain, 'd', NTLM_DOMAIN_MAX);
    expect(NULL, NTLM_OK);
    user[NTLM_USER_MAX] = 'u';
    expect(NULL, NTLM_MALFORMED);
    user[NTLM_USER_MAX] = '\0';
    domain[NTLM_DOMAIN_MAX] = 'd';
    expect(NULL, NTLM_MALFORMED);
}

/* ---- the proof's forms ---- */

static void three_forms_of_the_domain_are_tried(void **state)
{
    (void)state;
    static const char *const hashed[] = {"Corp", "CORP", ""};
    alice.domain = "Corp";
    for (size_t i = 0; i < 3; i++) {
        connection_t *c = connect_client();
        alice.hash_domain = hashed[i];
        assert_int_equal(log_in_with(c, &alice, CLIENT_FLAGS, NULL), NTLM_OK);
        assert_int_equal(c->claim.domain_form, (int)i);
    }
    alice.hash_domain = "corp";
    expect(NULL, NTLM_WRONG_PASSWORD);
}

static void a_user_name_that_holds_its_domain_is_hashed_as_it_is(void **state)
{
    (void)state;
    static const char *const users[] = {"CORP\\alice", "alice@corp.example.com"};
    alice.domain = "";
    for (size_t i = 0; i < 2; i++) {
        alice.user = users[i];
        expect(NULL, NTLM_OK);
    }
}

static void other_tables_of_upper_case_are_tried(void **state)
{
    (void)state;
    connection_t *c = connect_client();
    alice.user = "γιώργος"; /* the client of these tests hashes by NT 4's table */
    assert_int_equal(log_in_with(c, &alice, CLIENT_FLAGS, NULL), NTLM_OK);
    assert_int_equal(c->claim.upper_rule, UNICODE_UPPER_NT4);
}

/* ---- the account ---- */

static void the_state_of_an_account_shows_only_to_who_knows_the_password(void **state)
{
    (void)state;
    static const ntlm_status_t states[] = {NTLM_ACCOUNT_DISABLED, NTLM_ACCOUNT_LOCKED,
                                           NTLM_ACCOUNT_EXPIRED, NTLM_PASSWORD_EXPIRED};
    for (size_t i = 0; i < sizeof states / sizeof states[0]; i++) {
        key.state = states[i];
        alice.nt_hash[0] = 1;
        expect(NULL, states[i]);
        alice.nt_hash[0] = 99;
        expect(NULL, NTLM_WRONG_PASSWORD);
    }
}

static void a_blank_password_never_logs_in(void **state)
{
    (void)state;
    memcpy(key.nt_hash, hex("31d6cfe0d16ae931b73c59d7e0c089c0").data, 16);
    memcpy(alice.nt_hash, key.nt_hash, 16);
    expect(NULL, NTLM_BLANK_PASSWORD);
}

static void a_domain_inside_the_user_name_must_be_accepted_too(void **state)
{
    (void)state;
    static const char *const accepted[] = {"CORP", NULL};
    static const struct {
        const char *user, *domain;
        ntlm_status_t status;
    } cases[] = {
        {"CORP\\alice", "", NTLM_OK},
        {"corp\\alice", "CORP", NTLM_OK},
        {"EVIL\\alice", "", NTLM_DOMAIN_REFUSED},
        {"EVIL\\alice", "CORP", NTLM_DOMAIN_REFUSED},
        {"alice@corp", "", NTLM_OK},
        {"alice@evil", "", NTLM_DOMAIN_REFUSED},
        {"CORP\\alice", "EVIL", NTLM_DOMAIN_REFUSED},
        {"CORP\\alice@evil", "", NTLM_DOMAIN_REFUSED},
        {"CORP\\EVIL\\alice", "", NTLM_DOMAIN_REFUSED},
        {"alice@evil@CORP", "", NTLM_DOMAIN_REFUSED},
        {"CORP\\alice@corp", "", NTLM_OK},
        {"CORP\\", "", NTLM_OK},
        {"\\alice@evil", "", NTLM_DOMAIN_REFUSED},
    };
    policy.accept_domains = accepted;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        alice.user = cases[i].user;
        alice.domain = cases[i].domain;
        expect(NULL, cases[i].status);
    }
}

static void only_accepted_domains_log_in(void **state)
{
    (void)state;
    static const char *const accepted[] = {"corp", "Corp.Example.Com", NULL};
    policy.accept_domains = accepted;
    expect(NULL, NTLM_OK);
    alice.domain = "CORP.EXAMPLE.COM";
    expect(NULL, NTLM_OK);
    alice.domain = "";
    expect(NULL, NTLM_OK);
    alice.domain = "OTHER";
    expect(NULL, NTLM_DOMAIN_REFUSED);
    alice.nt_hash[0] = 99;
    expect(NULL, NTLM_WRONG_PASSWORD);
}

/* ---- MIC and session key ---- */

static void flip_mic(uint8_t *message, bytes_t *type3)
{
    (void)type3;
    message[72] ^= 1;
}

static void zero_mic(uint8_t *message, bytes_t *type3)
{
    (void)type3;
    memset(message + 72, 0, 16);
}

static void change_flags(uint8_t *message, bytes_t *type3)
{
    (void)type3;
    message[60] ^= 0x10;
}

/* Cuts Version and MIC out, as the attack of CVE-2019-1040 did. */
static void drop_mic(uint8_t *message, bytes_t *type3)
{
    memmove(message + 64, message + 88, type3->len - 88);
    type3->len -= 24;
    for (size_t field = LM; field < 60; field += 8) message[field + 4] -= 24;
    message[63] &= (uint8_t)~2;
}

static void a_mic_that_is_announced_must_be_right(void **state)
{
    (void)state;
    expect(NULL, NTLM_OK);
    expect(flip_mic, NTLM_BAD_MIC);
    expect(zero_mic, NTLM_BAD_MIC);
    expect(change_flags, NTLM_BAD_MIC);
    expect(drop_mic, NTLM_MIC_MISSING);
}

static void a_mic_may_stand_where_the_version_would(void **state)
{
    (void)state;
    connection_t *c = connect_client();
    alice.no_version = true;
    alice.flags = 0xa0888205;
    assert_int_equal(log_in_with(c, &alice, CLIENT_FLAGS, NULL), NTLM_OK);
    assert_int_equal(c->claim.mic_offset, 64);
}

static void a_mic_is_optional_unless_the_policy_requires_it(void **state)
{
    (void)state;
    connection_t *c = connect_client();
    alice.no_mic = true;
    assert_int_equal(log_in_with(c, &alice, CLIENT_FLAGS, NULL), NTLM_OK);
    assert_int_equal(c->claim.mic, NTLM_MIC_ABSENT);
    policy.require_mic = true;
    expect(NULL, NTLM_MIC_REQUIRED);
    alice.no_mic = false;
    expect(NULL, NTLM_OK);
}

static void a_mic_covers_the_exchanged_key(void **state)
{
    (void)state;
    connection_t *c = connect_client();
    alice.session_key_len = 16;
    assert_int_equal(log_in_with(c, &alice, CLIENT_FLAGS_SIGNING, NULL), NTLM_OK);
    assert_int_equal(c->claim.mic, NTLM_MIC_OK);
}

static void a_key_for_signing_must_be_whole(void **state)
{
    (void)state;
    alice.session_key_len = 15;
    assert_int_equal(log_in_with(connect_client(), &alice, CLIENT_FLAGS_SIGNING, NULL),
                     NTLM_BAD_SESSION_KEY);
    alice.session_key_len = 0;
    assert_int_equal(log_in_with(connect_client(), &alice, CLIENT_FLAGS_SIGNING, NULL),
                     NTLM_BAD_SESSION_KEY);
}

/* ---- target information ---- */

static void the_target_information_must_come_back(void **state)
{
    (void)state;
    static const uint8_t other[] = {2, 0, 8, 0, 'C', 0, 'O', 0, 'R', 0, 'X', 0};
    alice.pairs = other;
    alice.pairs_len = sizeof other;
    expect(NULL, NTLM_ECHO_MISMATCH);
    alice.nt_hash[0] = 99;
    expect(NULL, NTLM_WRONG_PASSWORD);
}

static void pairs_that_could_be_read_in_two_ways_are_malformed(void **state)
{
    (void)state;
    static const uint8_t flags_twice[] = {6, 0, 4, 0, 0, 0, 0, 0};
    static const uint8_t flags_short[] = {6, 0, 2, 0, 2, 0};
    alice.pairs = flags_twice;
    alice.pairs_len = sizeof flags_twice;
    expect(NULL, NTLM_MALFORMED);
    alice.no_mic = true;
    alice.pairs = flags_short;
    alice.pairs_len = sizeof flags_short;
    expect(NULL, NTLM_MALFORMED);
}

/* ---- channel binding ---- */

static void channel_binding_follows_the_policy(void **state)
{
    (void)state;
    static const uint8_t ours[2][NTLM_BINDING_LEN] = {{1}, {2}}, theirs[] = "sixteen bytes...";
    static const uint8_t zeros[NTLM_BINDING_LEN], nearly[NTLM_BINDING_LEN] = {1, [15] = 1};
    static const ntlm_demand_t O = NTLM_OFF, A = NTLM_ALLOW, R = NTLM_REQUIRE;
    const struct {
        ntlm_demand_t demand;
        size_t known;
        const uint8_t *sent;
        ntlm_status_t status;
        ntlm_binding_t binding;
    } cases[] = {
        {O, 2, NULL, NTLM_OK, NTLM_BINDING_ABSENT},
        {O, 2, zeros, NTLM_OK, NTLM_BINDING_ZERO},
        {O, 2, ours[1], NTLM_OK, NTLM_BINDING_OK},
        {O, 2, theirs, NTLM_OK, NTLM_BINDING_WRONG},
        {O, 0, theirs, NTLM_OK, NTLM_BINDING_UNCHECKED},
        {A, 2, NULL, NTLM_OK, NTLM_BINDING_ABSENT},
        {A, 2, zeros, NTLM_OK, NTLM_BINDING_ZERO},
        {A, 2, ours[0], NTLM_OK, NTLM_BINDING_OK},
        {A, 2, ours[1], NTLM_OK, NTLM_BINDING_OK},
        {A, 2, theirs, NTLM_BINDING_MISMATCH, NTLM_BINDING_WRONG},
        {A, 2, nearly, NTLM_BINDING_MISMATCH, NTLM_BINDING_WRONG},
        {A, 0, theirs, NTLM_OK, NTLM_BINDING_UNCHECKED},
        {R, 2, NULL, NTLM_BINDING_REQUIRED, NTLM_BINDING_ABSENT},
        {R, 2, zeros, NTLM_BINDING_REQUIRED, NTLM_BINDING_ZERO},
        {R, 2, ours[1], NTLM_OK, NTLM_BINDING_OK},
        {R, 2, theirs, NTLM_BINDING_MISMATCH, NTLM_BINDING_WRONG},
        {R, 0, theirs, NTLM_BINDING_UNKNOWN, NTLM_BINDING_UNCHECKED},
        {R, 0, NULL, NTLM_BINDING_UNKNOWN, NTLM_BINDING_ABSENT},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        connection_t *c = connect_client();
        policy.binding = cases[i].demand;
        policy.bindings = ours;
        policy.bindings_count = cases[i].known;
        alice.binding = cases[i].sent;
        assert_int_equal(log_in_with(c, &alice, CLIENT_FLAGS, NULL), cases[i].status);
        assert_int_equal(c->claim.binding, cases[i].binding);
    }
}

/* ---- which check spoke ---- */

static const char *spoke(const client_t *client, uint32_t offered, edit_t edit)
{
    connection_t *c = connect_client();
    (void)log_in_with(c, client, offered, edit);
    return c->claim.check->name;
}

static void the_claim_says_which_check_refused_it(void **state)
{
    (void)state;
    static const char *const domains[] = {"ELSEWHERE", NULL};
    static const uint8_t theirs[NTLM_BINDING_LEN] = {1}, ours[1][NTLM_BINDING_LEN] = {{2}};
    assert_string_equal(spoke(&alice, CLIENT_FLAGS, without_anything), "anonymous");
    assert_string_equal(spoke(&alice, CLIENT_FLAGS, cut_to_24), "response");
    assert_string_equal(spoke(&alice, CLIENT_FLAGS, odd_user), "names");
    assert_string_equal(spoke(&alice, CLIENT_FLAGS, flip_mic), "mic");
    alice.session_key_len = 15;
    assert_string_equal(spoke(&alice, CLIENT_FLAGS_SIGNING, NULL), "session-key");
    policy.accept_domains = domains;
    assert_string_equal(spoke(&alice, CLIENT_FLAGS, NULL), "domain");
    policy.service = NTLM_REQUIRE;
    assert_string_equal(spoke(&alice, CLIENT_FLAGS, NULL), "service");
    policy.binding = NTLM_ALLOW;
    policy.bindings = ours;
    policy.bindings_count = 1;
    alice.binding = theirs;
    assert_string_equal(spoke(&alice, CLIENT_FLAGS, NULL), "binding");
    key.state = NTLM_ACCOUNT_LOCKED;
    assert_string_equal(spoke(&alice, CLIENT_FLAGS, NULL), "account");
    alice.nt_hash[0] = 99;
    assert_string_equal(spoke(&alice, CLIENT_FLAGS, NULL), "proof");
}

static void of_a_login_the_last_check_of_all_spoke(void **state)
{
    (void)state;
    connection_t *c = connect_client();
    assert_int_equal(log_in_with(c, &alice, CLIENT_FLAGS, NULL), NTLM_OK);
    assert_null(c->claim.check[1].name);
}

static void without_a_challenge_none_has_spoken(void **state)
{
    (void)state;
    connection_t *c = connect_client();
    assert_int_equal(log_in_with(c, &alice, CLIENT_FLAGS, NULL), NTLM_OK);
    assert_int_equal(answer(c, &alice, &key), NTLM_REPLAYED);
    assert_null(c->claim.check);
}

static void each_check_has_a_name_of_its_own_and_those_with_a_key_come_last(void **state)
{
    (void)state;
    for (const ntlm_check_t *check = ntlm_checks; check->name; check++) {
        assert_true(*check->sentence && check->holds);
        assert_true(check->needs_key || !check->beforehand);
        for (const ntlm_check_t *other = ntlm_checks; other != check; other++) {
            assert_string_not_equal(other->name, check->name);
            assert_true(other->needs_key <= check->needs_key);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(each_kind_of_response_but_ntlmv2_is_refused_by_its_name),
        TEST(a_response_of_any_other_length_is_malformed),
        TEST(names_that_would_harm_a_log_or_a_lookup_are_malformed),
        TEST(names_have_limits),
        TEST(three_forms_of_the_domain_are_tried),
        TEST(a_user_name_that_holds_its_domain_is_hashed_as_it_is),
        TEST(other_tables_of_upper_case_are_tried),
        TEST(the_state_of_an_account_shows_only_to_who_knows_the_password),
        TEST(a_blank_password_never_logs_in),
        TEST(only_accepted_domains_log_in),
        TEST(a_domain_inside_the_user_name_must_be_accepted_too),
        TEST(a_mic_that_is_announced_must_be_right),
        TEST(a_mic_may_stand_where_the_version_would),
        TEST(a_mic_is_optional_unless_the_policy_requires_it),
        TEST(a_mic_covers_the_exchanged_key),
        TEST(a_key_for_signing_must_be_whole),
        TEST(the_target_information_must_come_back),
        TEST(pairs_that_could_be_read_in_two_ways_are_malformed),
        TEST(channel_binding_follows_the_policy),
        TEST(the_claim_says_which_check_refused_it),
        TEST(of_a_login_the_last_check_of_all_spoke),
        TEST(without_a_challenge_none_has_spoken),
        TEST(each_check_has_a_name_of_its_own_and_those_with_a_key_come_last),
    };
    return RUN_GROUP(tests);
}
