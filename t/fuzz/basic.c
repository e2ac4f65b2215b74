/* Any text as the credentials of Basic: it is taken apart into what it was made of, and the
 * account of just this password lets it in, unless the text is refused for what it is. */
#include "fuzz.h"

#include "../../lib/ntlm/basic/password.h"
#include "../../lib/ntlm/crypto.h"
#include "../../lib/ntlm/response.h"

static const uint8_t nonce[NTLM_CHALLENGE_LEN] = {1, 2, 3, 4, 5, 6, 7, 8};
static const uint8_t computer[] = {'W', 0, 'E', 0, 'B', 0};
static const ntlm_policy_t policy = {.nb_computer = {computer, sizeof computer},
                                     .nb_domain = {computer, sizeof computer},
                                     .challenge_lifetime = 1};
static password_login_t login;
static ntlm_claim_t claim;

static ntlm_status_t claims(password_t who)
{
    const ntlm_input_t input = {.now = 1, .ticks = 1, .nonce = nonce};
    ntlm_status_t status = password_claim(&login, &policy, &input, who, &claim);
    REQUIRE(status == NTLM_NEED_KEY || status == NTLM_MALFORMED);
    REQUIRE((status == NTLM_MALFORMED) == (claim.detail != NULL));
    REQUIRE((status == NTLM_NEED_KEY) == (login.acceptor.state == NTLM_CLAIMED));
    return status;
}

/* Hashed here by other means: as OEM text, which ASCII is. */
static bool hash_ascii(bytes_t password, ntlm_key_t *key)
{
    uint8_t wide[2 * PASSWORD_MAX];
    writer_t out = writer_to(wide, sizeof wide);
    for (size_t i = 0; i < password.len; i++)
        if (password.data[i] >= 0x80) return false;
    unicode_write_oem(&out, password);
    REQUIRE(!out.overflow && ntowfv1(written(&out), key->nt_hash));
    return true;
}

static void expect_verdicts(password_t who)
{
    ntlm_key_t key = {.state = NTLM_OK};
    ntlm_status_t wanted = who.password.len ? NTLM_OK : NTLM_BLANK_PASSWORD;
    if (hash_ascii(who.password, &key))
        REQUIRE(ntlm_prove(&login.acceptor, &policy, &claim, &key) == wanted);
    key.nt_hash[0] ^= 1;
    REQUIRE(claims(who) == NTLM_NEED_KEY);
    REQUIRE(ntlm_prove(&login.acceptor, &policy, &claim, &key) == NTLM_WRONG_PASSWORD);
    REQUIRE(claims(who) == NTLM_NEED_KEY);
    REQUIRE(ntlm_prove(&login.acceptor, &policy, &claim, NULL) == NTLM_NO_SUCH_USER);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    password_t who;
    uint8_t *copy = malloc(size + 1);
    REQUIRE(copy && !crypto_open());
    if (size) memcpy(copy, data, size);
    const char *why = password_read((bytes_t){copy, size}, &who);
    REQUIRE((why == NULL) == (memchr(copy, ':', size) != NULL));
    if (!why) {
        REQUIRE(who.user.len + 1 + who.password.len == size && who.user.data == copy);
        REQUIRE(!memchr(who.user.data, ':', who.user.len));
        if (claims(who) == NTLM_NEED_KEY) {
            REQUIRE(unicode_is_name(claim.user) && unicode_is_name(claim.domain));
            expect_verdicts(who);
        }
        password_forget(&login);
        REQUIRE(bytes_are_zero((bytes_t){login.type3, sizeof login.type3}));
    }
    free(copy);
    return 0;
}
