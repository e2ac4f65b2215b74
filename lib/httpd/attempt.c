#include "attempt.h"

#include "../ntlm/crypto.h"
#include "http.h"

attempt_t *attempt_of(const request_rec *r)
{
    return ap_get_module_config(http_client_request(r)->request_config, &auth_ntlmv2_module);
}

apr_pool_t *attempt_pool(const request_rec *r)
{
    return http_client_request(r)->pool;
}

/* A claim holds the client's proof and, after a login, the session key. */
static apr_status_t wipe_claim(void *data)
{
    secret_wipe(data, sizeof(ntlm_claim_t));
    return APR_SUCCESS;
}

attempt_t *attempt_begin(request_rec *r, const dir_config_t *config)
{
    apr_pool_t *pool = attempt_pool(r);
    attempt_t *attempt = apr_pcalloc(pool, sizeof *attempt);
    attempt->scope = policy_scope(r, config);
    ap_set_module_config(http_client_request(r)->request_config, &auth_ntlmv2_module, attempt);
    return attempt;
}

void attempt_has_token(attempt_t *attempt, request_rec *r, const char *scheme)
{
    apr_pool_t *pool = attempt_pool(r);
    attempt->scheme = scheme;
    attempt->claim = apr_pcalloc(pool, sizeof *attempt->claim);
    apr_pool_cleanup_register(pool, attempt->claim, wipe_claim, apr_pool_cleanup_null);
}
