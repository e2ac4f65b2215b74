/* Nothing that lib/ntlm does depends on a secret: no branch, no address. Run under valgrind:
 * the account's NT hash is marked as undefined, and with it all that is computed from it; then
 * memcheck reports every branch and every address that depends on it.
 *
 * What a comparison of secrets says is told to the client anyway: it is marked as defined
 * again. RC4 uses its secret state as an index by its nature (MS-NLMP 3.1.5.2.1 wants it for
 * KEY_EXCH); that is in libcrypto, and left out by openssl.supp.
 */
#include "../unit/connection.h"

#include "../../lib/ntlm/spnego/spnego.h"

#include <valgrind/memcheck.h>

#include "../../lib/ntlm/basic/password.h"

/* The linker puts it in the place of secret_equal(). */
bool __real_secret_equal(const uint8_t *a, const uint8_t *b, size_t len);
bool __wrap_secret_equal(const uint8_t *a, const uint8_t *b, size_t len);

bool __wrap_secret_equal(const uint8_t *a, const uint8_t *b, size_t len)
{
    bool equal = __real_secret_equal(a, b, len);
    VALGRIND_MAKE_MEM_DEFINED(&equal, sizeof equal);
    return equal;
}

/* How often memcheck complains while somebody logs in, whose account has this key and state. */
static unsigned complaints(const client_t *client, const ntlm_key_t *known, uint32_t flags,
                           ntlm_status_t wanted)
{
    ntlm_key_t secret;
    if (known) {
        secret = *known;
        VALGRIND_MAKE_MEM_UNDEFINED(secret.nt_hash, sizeof secret.nt_hash);
    }
    connection_t *c = connect_client();
    assert_int_equal(send_type1(c, flags), NTLM_CHALLENGE_SENT);
    unsigned before = VALGRIND_COUNT_ERRORS;
    ntlm_status_t status = answer(c, client, known ? &secret : NULL);
    unsigned after = VALGRIND_COUNT_ERRORS;
    assert_int_equal(status, wanted);
    return after - before;
}

static void a_login_depends_on_no_secret(void **state)
{
    (void)state;
    assert_int_equal(complaints(&alice, &key, CLIENT_FLAGS, NTLM_OK), 0);
}

static void a_login_without_a_mic_depends_on_none(void **state)
{
    (void)state;
    alice.no_mic = true;
    assert_int_equal(complaints(&alice, &key, CLIENT_FLAGS, NTLM_OK), 0);
}

static void a_login_that_exchanges_a_key_depends_on_none(void **state)
{
    (void)state;
    alice.session_key_len = NTLM_KEY_LEN;
    assert_int_equal(complaints(&alice, &key, CLIENT_FLAGS_SIGNING, NTLM_OK), 0);
}

static void a_wrong_password_depends_on_none(void **state)
{
    (void)state;
    alice.nt_hash[3] ^= 1;
    assert_int_equal(complaints(&alice, &key, CLIENT_FLAGS, NTLM_WRONG_PASSWORD), 0);
}

static void a_disabled_account_depends_on_none(void **state)
{
    (void)state;
    key.state = NTLM_ACCOUNT_DISABLED;
    assert_int_equal(complaints(&alice, &key, CLIENT_FLAGS, NTLM_ACCOUNT_DISABLED), 0);
}

static void an_unknown_user_depends_on_none(void **state)
{
    (void)state;
    assert_int_equal(complaints(&alice, NULL, CLIENT_FLAGS, NTLM_NO_SUCH_USER), 0);
}

/* The mechListMIC, which a login by SPNEGO has beside its proof. */
static void a_signature_depends_on_none(void **state)
{
    (void)state;
    static const uint32_t flags[] = {0, NTLMSSP_NEGOTIATE_KEY_EXCH};
    for (size_t i = 0; i < 2; i++) {
        uint8_t secret[NTLM_KEY_LEN] = {1}, mac[NTLM_MAC_LEN];
        const spnego_token_t read = {.mic = {alice.nt_hash, NTLM_MAC_LEN}};
        const spnego_t negotiation = {.stage = SPNEGO_STAGE_OPEN};
        VALGRIND_MAKE_MEM_UNDEFINED(secret, sizeof secret);
        unsigned before = VALGRIND_COUNT_ERRORS;
        bool ok = message_mac(secret, flags[i], true, spnego_mech_types(&negotiation), mac);
        ntlm_status_t status = spnego_check_mic(&negotiation, &read, mac);
        unsigned after = VALGRIND_COUNT_ERRORS;
        assert_true(ok);
        assert_int_equal(status, NTLM_SPNEGO_BAD_MIC);
        assert_int_equal(after - before, 0);
    }
}

/* The same of a password, which the client says itself: the account's hash is the secret. */
static unsigned complaints_about_password(const char *text, const ntlm_key_t *known,
                                          ntlm_status_t wanted)
{
    static const uint8_t nonce[NTLM_CHALLENGE_LEN] = {1};
    static password_login_t login;
    static ntlm_claim_t claim;
    const ntlm_input_t input = {.now = NOW, .ticks = TICKS, .nonce = nonce};
    ntlm_key_t secret = *known;
    VALGRIND_MAKE_MEM_UNDEFINED(secret.nt_hash, sizeof secret.nt_hash);
    const password_t who = {bytes_of("alice"), bytes_of(text)};
    assert_int_equal(password_claim(&login, &policy, &input, who, &claim), NTLM_NEED_KEY);
    unsigned before = VALGRIND_COUNT_ERRORS;
    ntlm_status_t status = ntlm_prove(&login.acceptor, &policy, &claim, &secret);
    unsigned after = VALGRIND_COUNT_ERRORS;
    password_forget(&login);
    assert_int_equal(status, wanted);
    return after - before;
}

static void a_password_is_compared_without_depending_on_any(void **state)
{
    (void)state;
    assert_true(ntowfv1((bytes_t){(const uint8_t *)"x\0y\0", 4}, key.nt_hash));
    assert_int_equal(complaints_about_password("xy", &key, NTLM_OK), 0);
    assert_int_equal(complaints_about_password("xz", &key, NTLM_WRONG_PASSWORD), 0);
}

/* That the hash taints the login at all: an ordinary comparison of it is a complaint. */
static void a_branch_that_depends_on_one_is_seen(void **state)
{
    (void)state;
    uint8_t secret[NTLM_KEY_LEN] = {1}, digest[NTLM_KEY_LEN];
    volatile int found = 0;
    VALGRIND_MAKE_MEM_UNDEFINED(secret, sizeof secret);
    assert_true(ntowfv2(secret, (bytes_t){(const uint8_t *)"A\0", 2}, digest));
    unsigned before = VALGRIND_COUNT_ERRORS;
    if (bytes_equal((bytes_t){digest, sizeof digest}, (bytes_t){alice.nt_hash, NTLM_KEY_LEN}))
        found = 1;
    unsigned after = VALGRIND_COUNT_ERRORS;
    assert_int_equal(found, 0);
    assert_true(after > before);
}

static void valgrind_watches(void **state)
{
    (void)state;
    if (!RUNNING_ON_VALGRIND) fail_msg("run it under valgrind: make -f Makefile.apxs timing");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(valgrind_watches),
        TEST(a_login_depends_on_no_secret),
        TEST(a_login_without_a_mic_depends_on_none),
        TEST(a_login_that_exchanges_a_key_depends_on_none),
        TEST(a_wrong_password_depends_on_none),
        TEST(a_disabled_account_depends_on_none),
        TEST(an_unknown_user_depends_on_none),
        TEST(a_signature_depends_on_none),
        TEST(a_password_is_compared_without_depending_on_any),
        TEST(a_branch_that_depends_on_one_is_seen),
    };
    return RUN_GROUP(tests);
}
