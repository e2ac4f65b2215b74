#include "negotiate.h"

#include "../http/reason.h"

/* Memory for a reply that has a token of that length in it. */
static writer_t reply_with(const exchange_t *x, size_t len)
{
    const size_t cap = len + SPNEGO_REPLY_OVERHEAD;
    return writer_to(apr_palloc(attempt_pool(x->r), cap), cap);
}

static const char *why(const exchange_t *x)
{
    return reason_word(reason_of(x->negotiation, x->r->hostname, x->r->server->server_hostname,
                                 x->attempt->claim));
}

/* ---- tokens ---- */

ntlm_status_t negotiate_unwrap(exchange_t *x)
{
    attempt_t *attempt = x->attempt;
    if (attempt->scheme != SCHEME_NEGOTIATE) return NTLM_OK;
    spnego_t *negotiation = conn_negotiation(x->conn, x->r->connection, attempt->scope);
    ntlm_status_t status = spnego_accept(negotiation, x->input.token, &x->negotiated);
    writer_t out = reply_with(x, 0);
    attempt->detail = x->negotiated.detail;
    attempt->mechs = reason_mechs(attempt_pool(x->r), negotiation);
    if (!x->negotiated.continues) conn_end(x->conn);
    if (status == NTLM_SPNEGO_CONTINUES) spnego_write_choice(&out, negotiation);
    if (status == NTLM_SPNEGO_NO_NTLM) spnego_write_reject(&out);
    attempt->reply = written(&out);
    x->negotiation = negotiation;
    x->input.token = x->negotiated.ntlm;
    return status;
}

void negotiate_wrap(const exchange_t *x, ntlm_status_t status)
{
    attempt_t *attempt = x->attempt;
    if (!x->negotiation) return;
    attempt->why = why(x);
    if (status == NTLM_OK) return; /* the reply is there: negotiate_check() */
    writer_t out = reply_with(x, attempt->reply.len);
    if (status == NTLM_CHALLENGE_SENT)
        spnego_write_challenge(&out, x->conn->negotiation, attempt->reply);
    attempt->reply = written(&out);
}

/* ---- the proof ---- */

static bool mac_of(const exchange_t *x, bool from_client, uint8_t mac[NTLM_MAC_LEN])
{
    const ntlm_claim_t *claim = x->attempt->claim;
    return message_mac(claim->exported_session_key, claim->flags, from_client,
                       spnego_mech_types(x->negotiation), mac);
}

ntlm_status_t negotiate_check(const exchange_t *x)
{
    uint8_t client[NTLM_MAC_LEN] = {0}, ours[NTLM_MAC_LEN] = {0};
    if (!x->negotiation) return NTLM_OK;
    const bool signs = x->negotiated.mic.len > 0;
    if (signs && !(mac_of(x, true, client) && mac_of(x, false, ours))) return NTLM_CRYPTO_FAILED;
    ntlm_status_t status = spnego_check_mic(x->negotiation, &x->negotiated, client);
    if (status != NTLM_OK) return status;
    writer_t out = reply_with(x, 0);
    spnego_write_completed(&out, x->negotiation, signs ? ours : NULL);
    x->attempt->reply = written(&out);
    x->attempt->why = why(x);
    return NTLM_OK;
}
