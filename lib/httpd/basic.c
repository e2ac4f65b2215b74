#include "basic.h"

#include <stdint.h>
#include <string.h>

#include <apr_strings.h>

#include "../finding/phrase.h"
#include "../http/http.h"
#include "../ntlm/crypto.h"
#include "handshake.h"

/* One for all children, of no longer life than theirs. */
static uint8_t remember_key[NTLM_KEY_LEN];
static bool has_remember_key;

void basic_draw_key(void)
{
    has_remember_key = apr_generate_random_bytes(remember_key, sizeof remember_key) == APR_SUCCESS;
}

/* Of what was typed: neither holds a NUL (password_claim() has seen to that). */
static bool number_of(password_t who, uint8_t number[CREDS_REMEMBER_LEN])
{
    const bytes_t parts[] = {who.user, {(const uint8_t *)"", 1}, who.password};
    return has_remember_key && hmac_md5(remember_key, parts, sizeof parts / sizeof *parts, number);
}

/* Whose password went over the line is known by now, and the log has his name. */
static ntlm_status_t decide(exchange_t *x)
{
    const bool has_tls = http_has_tls(x->r);
    if (policy_allows_basic(x->config, has_tls)) return handshake_prove(x);
    x->attempt->detail = has_tls || x->config->basic_without_tls == CONFIG_ON
                             ? "NTLMExtendedProtection, NTLMRequireMIC or NTLMServiceNames demands "
                               "what Basic does not have"
                             : "it came without TLS";
    return NTLM_BASIC_REFUSED;
}

ntlm_status_t basic_prove(exchange_t *x, password_t who)
{
    uint8_t nonce[NTLM_CHALLENGE_LEN], number[CREDS_REMEMBER_LEN];
    password_login_t login;
    ntlm_claim_t *claim = x->attempt->claim;
    if (apr_generate_random_bytes(nonce, sizeof nonce) != APR_SUCCESS) return NTLM_CRYPTO_FAILED;
    x->input.nonce = nonce;
    x->acceptor = &login.acceptor;
    ntlm_status_t status = password_claim(&login, &x->policy, &x->input, who, claim);
    x->attempt->detail = claim->detail;
    if (status == NTLM_NEED_KEY) {
        x->remember = number_of(who, number) ? number : NULL;
        status = decide(x);
    }
    x->acceptor = NULL;
    x->remember = NULL;
    password_forget(&login);
    secret_wipe(number, sizeof number);
    secret_wipe(nonce, sizeof nonce);
    return status;
}

/* The token is memory of the request, which was made for it. */
static void wipe(bytes_t token)
{
    secret_wipe((void *)(uintptr_t)token.data, token.len);
}

ntlm_status_t basic_take(exchange_t *x)
{
    password_t who;
    x->attempt->detail = password_read(x->input.token, &who);
    ntlm_status_t status = x->attempt->detail ? NTLM_MALFORMED : basic_prove(x, who);
    wipe(x->input.token);
    return status;
}

/* ---- where nobody has asked for it ---- */

/* He is shown, and nothing else. */
static void show_user(ntlm_claim_t *claim, bytes_t token)
{
    password_t who;
    const bool is_whole = password_read(token, &who) == NULL && who.user.len < sizeof claim->user;
    if (!is_whole) return;
    memcpy(claim->user, who.user.data, who.user.len);
    claim->user[who.user.len] = '\0';
    if (!unicode_is_name(claim->user)) claim->user[0] = '\0';
}

static const char *agent_and_password(request_rec *r)
{
    char room[256];
    phrase_t out = phrase_to(room, sizeof room);
    const char *agent = apr_table_get(r->headers_in, "User-Agent");
    phrase_say(&out, "Basic came unasked: the password was sent%s, agent ",
               http_has_tls(r) ? "" : " in clear text");
    phrase_quote(&out, agent ? agent : "-");
    return apr_pstrdup(attempt_pool(r), room);
}

static bool has_no_password(bytes_t token)
{
    password_t who;
    return password_read(token, &who) == NULL && who.password.len == 0;
}

ntlm_status_t basic_unasked(exchange_t *x, scheme_t scheme, bytes_t token)
{
    attempt_t *attempt = x->attempt;
    if (scheme != SCHEME_BASIC || has_no_password(token)) {
        attempt->detail = http_say_scheme(x->r);
        return NTLM_SCHEME_REFUSED;
    }
    attempt_has_token(attempt, x->r, x->config, scheme);
    show_user(attempt->claim, token);
    wipe(token);
    attempt->detail = agent_and_password(x->r);
    return NTLM_SCHEME_REFUSED;
}
