#include "attempt.h"

#include <apr_strings.h>

#include "../http/http.h"

/* What is kept with the client's request. */
typedef struct chain_t {
    const char *proxied;        /* NULL, or the header that says so */
    bool private, guest, begun; /* begun: the attempt */
    struct refusal_t *refusal;
    attempt_t attempt;
    const ntlm_login_t *provided; /* by AuthBasicProvider ntlm, */
    const char *provided_user;    /* which is this r->user */
    const char *undecided;
    const attempt_t *refused;
} chain_t;

/* NULL if nothing was kept so far: most requests of a server are none for NTLM. */
static chain_t *find_chain(request_rec *r)
{
    return ap_get_module_config(http_client_request(r)->request_config, &auth_ntlmv2_module);
}

static chain_t *make_chain(request_rec *r)
{
    request_rec *client = http_client_request(r);
    chain_t *chain = find_chain(client);
    if (chain) return chain;
    chain = apr_pcalloc(client->pool, sizeof *chain);
    ap_set_module_config(client->request_config, &auth_ntlmv2_module, chain);
    return chain;
}

attempt_t *attempt_of(request_rec *r)
{
    chain_t *chain = find_chain(r);
    return chain && chain->begun ? &chain->attempt : NULL;
}

apr_pool_t *attempt_pool(request_rec *r)
{
    return http_client_request(r)->pool;
}

void attempt_set_proxied(request_rec *r, const char *header)
{
    make_chain(r)->proxied = header;
}

const char *attempt_proxied_by(request_rec *r)
{
    const chain_t *chain = find_chain(r);
    return chain ? chain->proxied : NULL;
}

bool attempt_is_proxied(request_rec *r)
{
    return attempt_proxied_by(r) != NULL;
}

bool attempt_has_proxys_address(request_rec *r)
{
    return attempt_is_proxied(r) && r->useragent_addr == r->connection->client_addr;
}

void attempt_set_private(request_rec *r)
{
    make_chain(r)->private = true;
}

bool attempt_is_private(request_rec *r)
{
    const chain_t *chain = find_chain(r);
    return chain && chain->private;
}

void attempt_set_guest(request_rec *r)
{
    make_chain(r)->guest = true;
}

bool attempt_is_guest(request_rec *r)
{
    const chain_t *chain = find_chain(r);
    return chain && chain->guest;
}

void attempt_set_refusal(request_rec *r, struct refusal_t *refusal)
{
    make_chain(r)->refusal = refusal;
}

struct refusal_t *attempt_refusal(request_rec *r)
{
    const chain_t *chain = find_chain(r);
    return chain ? chain->refusal : NULL;
}

/* Requests of a chain have the very r->user of each other, or one that is said anew. */
const ntlm_login_t *attempt_login_of_user(request_rec *r)
{
    const chain_t *chain = r->user ? find_chain(r) : NULL;
    if (!chain) return NULL;
    if (chain->provided && r->user == chain->provided_user) return chain->provided;
    const bool ours = chain->begun && chain->attempt.status == NTLM_OK;
    return ours && r->user == chain->attempt.user ? chain->attempt.login : NULL;
}

void attempt_provided(request_rec *r, const ntlm_login_t *login)
{
    chain_t *chain = make_chain(r);
    chain->provided = login;
    chain->provided_user = r->user;
}

void attempt_set_undecided(request_rec *r, const char *why)
{
    make_chain(r)->undecided = why;
}

const char *attempt_undecided(request_rec *r)
{
    const chain_t *chain = find_chain(r);
    return chain ? chain->undecided : NULL;
}

/* A connection's login may end before the request does. */
void attempt_set_refused(request_rec *r, const attempt_t *attempt)
{
    apr_pool_t *pool = attempt_pool(r);
    chain_t *chain = r->main ? NULL : make_chain(r);
    if (!chain || chain->refused) return;
    attempt_t *kept = apr_pmemdup(pool, attempt, sizeof *attempt);
    if (kept->login) kept->login = conn_copy_login(kept->login, pool);
    chain->refused = kept;
}

const attempt_t *attempt_refused(request_rec *r)
{
    const chain_t *chain = find_chain(r);
    return chain ? chain->refused : NULL;
}

attempt_t *attempt_begin(request_rec *r)
{
    chain_t *chain = make_chain(r);
    chain->begun = true;
    return &chain->attempt;
}

attempt_t *attempt_with(request_rec *r, const attempt_t *attempt, ntlm_status_t status)
{
    attempt_t *other = apr_pmemdup(r->pool, attempt, sizeof *attempt);
    other->status = status;
    other->notice = NULL; /* it is in the log already */
    other->reply = bytes_none();
    return other;
}

void attempt_has_token(attempt_t *attempt, request_rec *r, const dir_config_t *config,
                       scheme_t scheme)
{
    apr_pool_t *pool = attempt_pool(r);
    const policy_scope_t scope = policy_scope(r->server, config);
    attempt->scheme = scheme;
    attempt->scope = apr_pmemdup(pool, &scope, sizeof scope);
    attempt->claim = apr_palloc(pool, sizeof *attempt->claim);
    claim_clear(attempt->claim);
}

facts_t attempt_facts(const attempt_t *attempt)
{
    const ntlm_login_t *login = attempt->login;
    const ntlm_claim_t *claim = attempt->claim;
    if (login)
        return (facts_t){login->account,
                         login->domain,
                         login->groups,
                         login->workstation,
                         ntlm_mic_word(login->mic),
                         ntlm_binding_word(login->binding),
                         ntlm_service_word(login->service),
                         login->source->backend->name,
                         scheme_name(login->scheme),
                         login->mechs,
                         login->why};
    if (claim)
        return (facts_t){claim->user,
                         claim->domain,
                         NULL,
                         claim->workstation,
                         ntlm_mic_word(claim->mic),
                         ntlm_binding_word(claim->binding),
                         ntlm_service_word(claim->service),
                         attempt->source,
                         scheme_name(attempt->scheme),
                         attempt->mechs,
                         attempt->why};
    return (facts_t){.scheme = scheme_name(attempt->scheme)};
}
