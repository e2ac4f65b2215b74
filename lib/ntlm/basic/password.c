#include "password.h"

#include <string.h>

#include "../crypto.h"
#include "../response.h"
#include "answer.h"

/* ---- the text ---- */

/* RFC 7617 2: neither may hold one (those of RFC 5234, up to 0x7F). */
static bool holds_control(bytes_t text)
{
    for (size_t i = 0; i < text.len; i++)
        if (text.data[i] < 0x20 || text.data[i] == 0x7F) return true;
    return false;
}

const char *password_read(bytes_t text, password_t *who)
{
    size_t colon = 0;
    while (colon < text.len && text.data[colon] != ':') colon++;
    *who = (password_t){{text.data, colon}, bytes_from(text, colon + 1)};
    return colon < text.len ? NULL : "there is no colon between user and password";
}

/* In UTF-16LE. NULL, or why not. */
static const char *widen(writer_t *out, bytes_t utf8, const char *too_long)
{
    char text[4 * PASSWORD_NAME_MAX + 1];
    if (utf8.len >= sizeof text) return too_long;
    memcpy(text, utf8.data, utf8.len);
    text[utf8.len] = '\0';
    bool whole = unicode_write_utf8(out, text);
    secret_wipe(text, utf8.len);
    if (out->overflow) return too_long;
    return whole ? NULL : "user and password are not UTF-8";
}

/* What was typed, in UTF-16LE. */
typedef struct typed_t {
    uint8_t names[2 * PASSWORD_NAME_MAX], password[2 * PASSWORD_MAX];
    writer_t names_out, password_out;
    size_t domain_len; /* the domain stands before the user */
} typed_t;

static const char *read_names(typed_t *typed, bytes_t user)
{
    static const char too_long[] = "the user or domain name is too long";
    char text[4 * PASSWORD_NAME_MAX + 1];
    if (user.len >= sizeof text) return too_long;
    memcpy(text, user.data, user.len);
    text[user.len] = '\0';
    const name_parts_t parts = name_of_account(text);
    const char *why = widen(&typed->names_out, parts.domain, too_long);
    typed->domain_len = typed->names_out.len;
    return why ? why : widen(&typed->names_out, parts.user, too_long);
}

static const char *read_typed(typed_t *typed, password_t who)
{
    typed->names_out = writer_to(typed->names, sizeof typed->names);
    typed->password_out = writer_to(typed->password, sizeof typed->password);
    if (holds_control(who.user) || holds_control(who.password))
        return "user and password hold a control character";
    const char *why = read_names(typed, who.user);
    if (why) return why;
    return widen(&typed->password_out, who.password,
                 "the password is longer than 256 UTF-16 units");
}

/* ---- what a client makes of it ---- */

static bytes_t domain_of(const typed_t *typed)
{
    return (bytes_t){typed->names, typed->domain_len};
}

static bytes_t user_of(const typed_t *typed)
{
    return bytes_from(written(&typed->names_out), typed->domain_len);
}

static bool find_key(const typed_t *typed, uint8_t key[NTLM_KEY_LEN])
{
    uint8_t nt_hash[NTLM_KEY_LEN];
    bool ok = ntowfv1(written(&typed->password_out), nt_hash) &&
              answer_key(nt_hash, user_of(typed), domain_of(typed), key);
    secret_wipe(nt_hash, sizeof nt_hash);
    return ok;
}

/* With zeros for the client's challenge: ours is new each time. */
static bool write_response(writer_t *out, const type2_t *type2, const typed_t *typed)
{
    uint8_t key[NTLM_KEY_LEN];
    reader_t timestamp = reader_over(type2->said.timestamp);
    const answer_t said = {.timestamp = read_u64(&timestamp), .pairs = type2->target_info};
    bool ok = find_key(typed, key) && answer_write(out, key, type2->challenge, &said);
    secret_wipe(key, sizeof key);
    return ok;
}

/* The Type 3 that answers the login's challenge; empty if the crypto has failed. */
static bytes_t answer(password_login_t *login, const typed_t *typed)
{
    uint8_t nt[PASSWORD_RESPONSE_MAX];
    writer_t response = writer_to(nt, sizeof nt);
    writer_t message = writer_to(login->type3, sizeof login->type3);
    if (!write_response(&response, &login->handshake.type2, typed)) return bytes_none();
    const type3_t type3 = {.nt = written(&response),
                           .domain = domain_of(typed),
                           .user = user_of(typed),
                           .flags = NTLMSSP_NEGOTIATE_UNICODE};
    type3_write(&message, &type3);
    return written(&message);
}

/* ---- the login ---- */

/* It offers nothing but NTLM and Unicode. */
static const uint8_t type1_bytes[] = "NTLMSSP\0\1\0\0\0\1\2\0";

static ntlm_status_t claim_typed(password_login_t *login, const ntlm_policy_t *policy,
                                 const ntlm_input_t *input, const typed_t *typed,
                                 ntlm_claim_t *claim)
{
    ntlm_input_t message = *input;
    message.token = (bytes_t){type1_bytes, sizeof type1_bytes};
    message.room = &login->handshake;
    login->handshake.messages = writer_to(login->messages, sizeof login->messages);
    ntlm_status_t status = ntlm_challenge(&login->acceptor, policy, &message, claim);
    if (status != NTLM_CHALLENGE_SENT) return status;
    message.token = answer(login, typed);
    if (message.token.len == 0) return NTLM_CRYPTO_FAILED;
    return ntlm_accept(&login->acceptor, policy, &message, claim);
}

ntlm_status_t password_claim(password_login_t *login, const ntlm_policy_t *policy,
                             const ntlm_input_t *input, password_t who, ntlm_claim_t *claim)
{
    typed_t typed;
    login->acceptor = (ntlm_acceptor_t){0};
    claim_clear(claim);
    claim->detail = read_typed(&typed, who);
    ntlm_status_t status =
        claim->detail ? NTLM_MALFORMED : claim_typed(login, policy, input, &typed, claim);
    secret_wipe(typed.password, sizeof typed.password);
    return status;
}

void password_forget(password_login_t *login)
{
    ntlm_forget(&login->acceptor);
    secret_wipe(login->type3, sizeof login->type3);
}
