/* Basic: user and password are taken apart, and become a Type 3 of our own. */
#include "connection.h"

#include "../../lib/ntlm/basic/password.h"

#define PASSWORD "wonder:land" /* of the NT hash that alice has here */
#define NT_HASH "9753cefd8d9965d06596577178b928a7"

static const uint8_t nonce[NTLM_CHALLENGE_LEN] = {3, 1, 4, 1, 5, 9, 2, 6};
static password_login_t login;
static ntlm_claim_t claim;

static int each_begins_anew(void **state)
{
    each_test_begins_anew(state);
    memcpy(key.nt_hash, hex(NT_HASH).data, NTLM_KEY_LEN);
    memset(&login, 0xA5, sizeof login);
    return 0;
}

static ntlm_status_t claims(const char *user, const char *password)
{
    const ntlm_input_t input = {.now = NOW, .ticks = TICKS, .nonce = nonce};
    const password_t who = {bytes_of(user), bytes_of(password)};
    return password_claim(&login, &policy, &input, who, &claim);
}

/* What becomes of a login; nothing of it is left behind. */
static ntlm_status_t becomes(const char *user, const char *password, const ntlm_key_t *account)
{
    ntlm_status_t status = claims(user, password);
    if (status == NTLM_NEED_KEY) status = ntlm_prove(&login.acceptor, &policy, &claim, account);
    password_forget(&login);
    assert_true(bytes_are_zero((bytes_t){login.type3, sizeof login.type3}));
    assert_null(login.acceptor.handshake);
    return status;
}

static void is_malformed(const char *user, const char *password, const char *detail)
{
    assert_int_equal(becomes(user, password, &key), NTLM_MALFORMED);
    assert_refusal(claim.detail, detail);
}

/* ---- the text ---- */

static void the_first_colon_ends_the_user(void **state)
{
    (void)state;
    static const char *const texts[][3] = {
        {"alice:pass", "alice", "pass"},
        {"alice:a:b:", "alice", "a:b:"},
        {"alice:", "alice", ""},
        {":pass", "", "pass"},
        {":", "", ""},
        {"::", "", ":"},
        {"CORP\\bob@x: y", "CORP\\bob@x", " y"},
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        password_t who;
        assert_null(password_read(bytes_of(texts[i][0]), &who));
        assert_true(bytes_equal(who.user, bytes_of(texts[i][1])));
        assert_true(bytes_equal(who.password, bytes_of(texts[i][2])));
    }
}

static void a_text_without_a_colon_is_refused(void **state)
{
    (void)state;
    password_t who;
    assert_refusal(password_read(bytes_of("alice"), &who),
                   "there is no colon between user and password");
    assert_non_null(password_read(bytes_none(), &who));
    assert_non_null(who.password.data);
}

/* ---- who gets in ---- */

static void the_right_password_proves_the_account(void **state)
{
    (void)state;
    assert_int_equal(becomes("alice", PASSWORD, &key), NTLM_OK);
    assert_string_equal(claim.user, "alice");
    assert_string_equal(claim.domain, "");
    assert_string_equal(claim.workstation, "");
    assert_int_equal(claim.mic, NTLM_MIC_ABSENT);
    assert_int_equal(claim.binding, NTLM_BINDING_ABSENT);
    assert_int_equal(claim.service, NTLM_SERVICE_ABSENT);
}

static void any_other_password_does_not(void **state)
{
    (void)state;
    static const char *const others[] = {"wonder:lane", "wonder:lan", "wonder:land ",
                                         "Wonder:land", "",           NT_HASH};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        assert_int_equal(becomes("alice", others[i], &key), NTLM_WRONG_PASSWORD);
    key.nt_hash[15] ^= 1;
    assert_int_equal(becomes("alice", PASSWORD, &key), NTLM_WRONG_PASSWORD);
}

static void nobody_proves_an_unknown_account(void **state)
{
    (void)state;
    assert_int_equal(becomes("alice", PASSWORD, NULL), NTLM_NO_SUCH_USER);
    assert_int_equal(becomes("alice", "", NULL), NTLM_NO_SUCH_USER);
}

static void passwords_are_hashed_as_utf16(void **state)
{
    (void)state;
    static const char *const known[][2] = {
        {"Password", "a4f49c406510bdcab6824ee7c30fd852"}, /* MS-NLMP 4.2.2.1.2 */
        {"Gr\xC3\xBC\xC3\x9F"
         "e \xE2\x82\xAC",
         "04dbed810eb24e45f8ed4f68a420b6ff"},
        {"\xF0\x9F\x98\x80pass", "e467f0eec3fb0be946e7b289d331c110"},
    };
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        memcpy(key.nt_hash, hex(known[i][1]).data, NTLM_KEY_LEN);
        assert_int_equal(becomes("alice", known[i][0], &key), NTLM_OK);
        assert_int_equal(becomes("alice", PASSWORD, &key), NTLM_WRONG_PASSWORD);
    }
}

static void the_state_of_the_account_decides_as_for_a_type3(void **state)
{
    (void)state;
    key.state = NTLM_ACCOUNT_DISABLED;
    assert_int_equal(becomes("alice", PASSWORD, &key), NTLM_ACCOUNT_DISABLED);
    assert_int_equal(becomes("alice", "wrong", &key), NTLM_WRONG_PASSWORD);
}

static void an_empty_password_never_logs_in(void **state)
{
    (void)state;
    memcpy(key.nt_hash, hex("31d6cfe0d16ae931b73c59d7e0c089c0").data, NTLM_KEY_LEN);
    assert_int_equal(becomes("alice", "", &key), NTLM_BLANK_PASSWORD);
}

static void what_was_remembered_is_asked_for_again_before_a_refusal(void **state)
{
    (void)state;
    ntlm_key_t old = {.nt_hash = {9}, .state = NTLM_OK};
    assert_int_equal(claims("alice", PASSWORD), NTLM_NEED_KEY);
    assert_int_equal(ntlm_try(&login.acceptor, &policy, &claim, &old), NTLM_NEED_KEY);
    assert_int_equal(ntlm_prove(&login.acceptor, &policy, &claim, &key), NTLM_OK);
    password_forget(&login);
}

/* ---- names ---- */

static void a_domain_before_the_user_is_sent_as_one(void **state)
{
    (void)state;
    assert_int_equal(becomes("CORP\\alice", PASSWORD, &key), NTLM_OK);
    assert_string_equal(claim.user, "alice");
    assert_string_equal(claim.domain, "CORP");
    assert_int_equal(becomes("alice@corp.example.com", PASSWORD, &key), NTLM_OK);
    assert_string_equal(claim.user, "alice@corp.example.com");
    assert_string_equal(claim.domain, "");
    assert_int_equal(becomes("CORP\\a\\b", PASSWORD, &key), NTLM_OK);
    assert_string_equal(claim.user, "a\\b");
}

static void only_accepted_domains_may_be_named(void **state)
{
    (void)state;
    const char *const accepted[] = {"CORP", NULL};
    policy.accept_domains = accepted;
    assert_int_equal(becomes("alice", PASSWORD, &key), NTLM_OK);
    assert_int_equal(becomes("corp\\alice", PASSWORD, &key), NTLM_OK);
    assert_int_equal(becomes("EVIL\\alice", PASSWORD, &key), NTLM_DOMAIN_REFUSED);
    assert_int_equal(becomes("alice@evil", PASSWORD, &key), NTLM_DOMAIN_REFUSED);
}

static void names_of_any_script_log_in(void **state)
{
    (void)state;
    assert_int_equal(becomes("J\xC3\xBCrgen", PASSWORD, &key), NTLM_OK);
    assert_string_equal(claim.user, "J\xC3\xBCrgen");
    assert_int_equal(becomes("\xCE\xA3\xCE\xB1\xCF\x82", PASSWORD, &key), NTLM_OK);
}

static void a_name_must_be_fit_for_logs(void **state)
{
    (void)state;
    is_malformed("", PASSWORD, "the user name is empty");
    is_malformed("CORP\\", PASSWORD, "the user name is empty");
    is_malformed("al\xE2\x80\x8Bice", PASSWORD,
                 "a name holds a character that is not seen (zero-width, bidirectional, a byte "
                 "order mark or a line separator)");
    is_malformed("al\xC2\x85ice", PASSWORD, "a name holds a control character");
}

static void names_may_be_as_long_as_those_of_ntlm(void **state)
{
    (void)state;
    char user[NTLM_USER_MAX + 2], domain[NTLM_DOMAIN_MAX + NTLM_USER_MAX + 3];
    char longer[8 * PASSWORD_NAME_MAX];
    memset(user, 'u', sizeof user);
    user[NTLM_USER_MAX] = '\0';
    assert_int_equal(becomes(user, PASSWORD, &key), NTLM_OK);
    memset(domain, 'd', NTLM_DOMAIN_MAX);
    domain[NTLM_DOMAIN_MAX] = '\\';
    memcpy(domain + NTLM_DOMAIN_MAX + 1, user, sizeof user);
    assert_int_equal(becomes(domain, PASSWORD, &key), NTLM_OK);
    user[NTLM_USER_MAX] = 'u';
    user[NTLM_USER_MAX + 1] = '\0';
    is_malformed(user, PASSWORD, "the user or domain name is too long");
    memcpy(domain + NTLM_DOMAIN_MAX + 1, user, sizeof user);
    is_malformed(domain, PASSWORD, "the user or domain name is too long");
    memset(longer, 'u', sizeof longer);
    for (size_t len = sizeof longer - 1; len > PASSWORD_NAME_MAX; len--) {
        longer[len] = '\0';
        is_malformed(longer, PASSWORD, "the user or domain name is too long");
    }
}

/* ---- what is malformed ---- */

static void control_characters_are_refused(void **state)
{
    (void)state;
    static const char controls[] = "\1\t\n\r\x1F\x7F";
    for (const char *at = controls; *at; at++) {
        const char text[] = {'a', *at, 'b', '\0'};
        is_malformed(text, PASSWORD, "user and password hold a control character");
        is_malformed("alice", text, "user and password hold a control character");
    }
    const ntlm_input_t input = {.now = NOW, .ticks = TICKS, .nonce = nonce};
    const password_t nul = {bytes_of("alice"), {(const uint8_t *)"wonder:land\0", 12}};
    assert_int_equal(password_claim(&login, &policy, &input, nul, &claim), NTLM_MALFORMED);
    password_forget(&login);
}

static void what_is_no_utf8_is_refused(void **state)
{
    (void)state;
    is_malformed("J\xFCrgen", PASSWORD, "user and password are not UTF-8");
    is_malformed("alice", "P\xE4sswort", "user and password are not UTF-8");
    is_malformed("alice", "\xED\xA0\x80", "user and password are not UTF-8"); /* half a pair */
}

static void a_password_has_256_units_at_the_most(void **state)
{
    (void)state;
    char text[4 * PASSWORD_MAX + 1];
    memset(text, 'x', sizeof text);
    text[PASSWORD_MAX] = '\0';
    memcpy(key.nt_hash, hex("6c5a26717895edf2e532f7d0048acc65").data, NTLM_KEY_LEN);
    assert_int_equal(becomes("alice", text, &key), NTLM_OK);
    text[PASSWORD_MAX] = 'x';
    text[PASSWORD_MAX + 1] = '\0';
    is_malformed("alice", text, "the password is longer than 256 UTF-16 units");
    for (size_t i = 0; i < sizeof text - 1; i += 4) memcpy(text + i, "\xF0\x9F\x98\x80", 4);
    text[sizeof text - 1] = '\0';
    is_malformed("alice", text, "the password is longer than 256 UTF-16 units");
    text[2 * PASSWORD_MAX] = '\0';
    assert_int_equal(becomes("alice", text, &key), NTLM_WRONG_PASSWORD);
}

static void names_of_ours_that_do_not_fit_are_said(void **state)
{
    (void)state;
    static uint8_t name[NTLM_TYPE2_MAX];
    policy.nb_domain = (bytes_t){name, sizeof name};
    is_malformed("alice", PASSWORD, "the configured names do not fit into a challenge");
}

/* ---- what it is not ---- */

static void it_meets_no_demand_for_more_than_a_password(void **state)
{
    (void)state;
    const uint8_t binding[1][NTLM_BINDING_LEN] = {{1}};
    policy.require_mic = true;
    assert_int_equal(becomes("alice", PASSWORD, &key), NTLM_MIC_REQUIRED);
    policy = policy_of_test();
    policy.binding = NTLM_REQUIRE;
    policy.bindings = binding;
    policy.bindings_count = 1;
    assert_int_equal(becomes("alice", PASSWORD, &key), NTLM_BINDING_REQUIRED);
    policy = policy_of_test();
    policy.service = NTLM_REQUIRE;
    assert_int_equal(becomes("alice", PASSWORD, &key), NTLM_SERVICE_REQUIRED);
}

/* A controller sees the nonce, the names and the response. */
static void somebody_who_has_the_hash_can_decide(void **state)
{
    (void)state;
    ntlmv2_response_t response;
    uint8_t user[64], name[128], ntowfv2_key[NTLM_KEY_LEN], proof[NTLM_PROOF_LEN];
    writer_t user_out = writer_to(user, sizeof user), name_out = writer_to(name, sizeof name);
    assert_int_equal(claims("Corp\\Alice", PASSWORD), NTLM_NEED_KEY);
    assert_memory_equal(ntlm_nonce(&login.acceptor), nonce, sizeof nonce);
    assert_true(unicode_write_utf8(&user_out, claim.user));
    unicode_write_upper(&name_out, written(&user_out), UNICODE_UPPER_WINDOWS7);
    assert_true(unicode_write_utf8(&name_out, claim.domain));
    assert_null(ntlmv2_response_parse(claim.type3.nt, &response));
    assert_true(ntowfv2(key.nt_hash, written(&name_out), ntowfv2_key));
    assert_true(nt_proof(ntowfv2_key, nonce, response.temp, proof));
    assert_memory_equal(proof, response.proof.data, sizeof proof);
    ntlm_key_t verdict = {.verified = true};
    assert_int_equal(ntlm_prove(&login.acceptor, &policy, &claim, &verdict), NTLM_OK);
    password_forget(&login);
}

int main(void)
{
#define EACH(function) cmocka_unit_test_setup(function, each_begins_anew)
    const struct CMUnitTest tests[] = {
        EACH(the_first_colon_ends_the_user),
        EACH(a_text_without_a_colon_is_refused),
        EACH(the_right_password_proves_the_account),
        EACH(any_other_password_does_not),
        EACH(nobody_proves_an_unknown_account),
        EACH(passwords_are_hashed_as_utf16),
        EACH(the_state_of_the_account_decides_as_for_a_type3),
        EACH(an_empty_password_never_logs_in),
        EACH(what_was_remembered_is_asked_for_again_before_a_refusal),
        EACH(a_domain_before_the_user_is_sent_as_one),
        EACH(only_accepted_domains_may_be_named),
        EACH(names_of_any_script_log_in),
        EACH(a_name_must_be_fit_for_logs),
        EACH(names_may_be_as_long_as_those_of_ntlm),
        EACH(control_characters_are_refused),
        EACH(what_is_no_utf8_is_refused),
        EACH(a_password_has_256_units_at_the_most),
        EACH(names_of_ours_that_do_not_fit_are_said),
        EACH(it_meets_no_demand_for_more_than_a_password),
        EACH(somebody_who_has_the_hash_can_decide),
    };
    return RUN_GROUP(tests);
}
