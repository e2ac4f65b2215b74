#include "basic.h"

#include <stdint.h>

#include "../http/http.h"
#include "../ntlm/crypto.h"
#include "handshake.h"

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
    uint8_t nonce[NTLM_CHALLENGE_LEN];
    password_login_t login;
    ntlm_claim_t *claim = x->attempt->claim;
    if (apr_generate_random_bytes(nonce, sizeof nonce) != APR_SUCCESS) return NTLM_CRYPTO_FAILED;
    x->input.nonce = nonce;
    x->acceptor = &login.acceptor;
    ntlm_status_t status = password_claim(&login, &x->policy, &x->input, who, claim);
    x->attempt->detail = claim->detail;
    if (status == NTLM_NEED_KEY) status = decide(x);
    x->acceptor = NULL;
    password_forget(&login);
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
