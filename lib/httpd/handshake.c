#include "handshake.h"

#include <apr_strings.h>

#include "../finding/finding.h"
#include "../ntlm/crypto.h"
#include "../throttle/throttle.h"
#include "tls.h"

ntlm_status_t handshake_note(attempt_t *attempt, const login_result_t *result)
{
    attempt->login = result->login;
    attempt->source = result->source;
    attempt->detail = result->detail;
    attempt->notice = result->notice;
    return result->status;
}

/* A Type 1 is answered by a Type 2. */
static ntlm_status_t challenge(const exchange_t *x)
{
    uint8_t nonce[NTLM_CHALLENGE_LEN];
    ntlm_input_t input = x->input;
    if (apr_generate_random_bytes(nonce, sizeof nonce) != APR_SUCCESS) return NTLM_CRYPTO_FAILED;
    input.nonce = nonce;
    input.room = conn_room(x->conn, x->r->connection, x->attempt->scope,
                           ntlm_messages_len(&x->policy, input.token));
    ntlm_acceptor_t *acceptor = &x->conn->acceptor;
    ntlm_status_t status = ntlm_challenge(acceptor, &x->policy, &input, x->attempt->claim);
    secret_wipe(nonce, sizeof nonce);
    conn_gauge(x->conn);
    x->attempt->reply = ntlm_reply(acceptor);
    return status;
}

/* While the message that the words are about is there. A source has said more than that, if it has
 * said anything. */
static ntlm_status_t explained(const exchange_t *x, ntlm_status_t status)
{
    char text[FINDING_TEXT_ROOM];
    attempt_t *attempt = x->attempt;
    const finding_t finding = finding_of(status, attempt->claim, &x->policy);
    const char *said = finding_text(&finding, text);
    if (said) attempt->detail = apr_pstrdup(attempt_pool(x->r), said);
    return status;
}

ntlm_status_t handshake_prove(const exchange_t *x)
{
    request_rec *r = x->r;
    attempt_t *attempt = x->attempt;
    const bytes_t address = {r->useragent_addr->ipaddr_ptr, (size_t)r->useragent_addr->ipaddr_len};
    const throttle_claim_t claim = {attempt->claim->user, address, attempt_has_proxys_address(r)};
    const throttle_verdict_t verdict = throttle_check(r, x->config->throttle, &claim);
    attempt->retry_after = verdict.retry_after;
    attempt->known_throttled = verdict.known;
    if (verdict.status == NTLM_THROTTLED && !verdict.known)
        attempt->detail =
            apr_psprintf(attempt_pool(r), "for %d s more (NTLMThrottle)", verdict.retry_after);
    if (verdict.status != NTLM_OK) return verdict.status;
    const login_result_t result = login_prove(x, verdict.exhausted);
    if (result.status == NTLM_ACCOUNT_SPARED) attempt->retry_after = result.retry_after;
    if (x->uncounted && login_found_nobody(result.status))
        *x->uncounted = verdict;
    else
        throttle_count(r, &verdict, result.status, result.guessed);
    const ntlm_status_t status = handshake_note(attempt, &result);
    return result.is_sources ? status : explained(x, status);
}

ntlm_status_t handshake_take(exchange_t *x)
{
    request_rec *r = x->r;
    ntlm_claim_t *claim = x->attempt->claim;
    x->acceptor = &x->conn->acceptor;
    ntlm_status_t status = ntlm_accept(x->acceptor, &x->policy, &x->input, claim);
    if (status == NTLM_NEED_NONCE) status = challenge(x);
    x->attempt->detail = claim->detail;
    if (status != NTLM_NEED_KEY) return explained(x, status);
    tls_bindings(x);
    policy_services(r->pool, r->server, r->hostname, x->config, &x->policy);
    return handshake_prove(x);
}
