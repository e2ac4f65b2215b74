#include "negotiate.h"

#include <http_protocol.h>
#include <http_request.h>
#include <util_filter.h>

#include "../http/http.h"
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
    attempt->lists_kerberos = reason_lists_kerberos(negotiation);
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
    if (!x->negotiation || status == NTLM_OK) return; /* the reply is there: negotiate_check() */
    attempt->why = why(x);
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

/* ---- the last token ---- */

static ap_filter_rec_t *last_token;

/* What became of the request is known only now: it may have been redirected to where the login is
 * not good, and a 401 asks for another one. */
static apr_status_t say_last(ap_filter_t *f, apr_bucket_brigade *bb)
{
    request_rec *r = f->r;
    const attempt_t *attempt = attempt_of(r);
    if (r->status != HTTP_UNAUTHORIZED && r->status != HTTP_PROXY_AUTHENTICATION_REQUIRED)
        http_answer(r, attempt->scheme, attempt->reply);
    ap_remove_output_filter(f);
    return ap_pass_brigade(f->next, bb);
}

static void insert(request_rec *r)
{
    const attempt_t *attempt = r->main ? NULL : attempt_of(r);
    if (attempt && attempt->status == NTLM_OK && attempt->reply.len > 0)
        ap_add_output_filter_handle(last_token, NULL, r, r->connection);
}

void negotiate_register(void)
{
    last_token =
        ap_register_output_filter("NTLM_LAST_TOKEN", say_last, NULL, AP_FTYPE_PROTOCOL - 1);
    ap_hook_insert_filter(insert, NULL, NULL, APR_HOOK_LAST);
    ap_hook_insert_error_filter(insert, NULL, NULL, APR_HOOK_LAST);
}
