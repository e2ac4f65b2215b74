#include "provider.h"

#include <string.h>

#include <apr_strings.h>

#include <http_config.h>
#include <http_protocol.h>
#include <http_request.h>
#include <mod_auth.h>

#include "basic.h"
#include "environment.h"
#include "log.h"
#include "login.h"

/* ---- who was not let in ---- */

/* The last one of a client request: each part of a page may ask for him again. */
typedef struct refusal_t {
    const char *user;      /* as he was sent */
    const request_rec *by; /* which may ask again, with another password (mod_auth_form) */
    attempt_t attempt;
    bool waits; /* for whether another provider lets him in: nothing was said or counted yet */
    throttle_verdict_t verdict;
} refusal_t;

static void say(request_rec *r, attempt_t *attempt)
{
    log_outcome(r, attempt);
    environment_say(r, attempt);
}

/* Nobody has let him in. */
static void conclude(request_rec *r, refusal_t *refusal)
{
    if (!refusal || !refusal->waits) return;
    refusal->waits = false;
    say(r, &refusal->attempt);
    throttle_count(r, &refusal->verdict, refusal->attempt.status, false);
}

static void remember(request_rec *r, const char *user, const attempt_t *attempt,
                     const throttle_verdict_t *verdict)
{
    apr_pool_t *pool = attempt_pool(r);
    refusal_t *refusal = apr_palloc(pool, sizeof *refusal);
    conclude(r, attempt_refusal(r));
    *refusal = (refusal_t){.user = apr_pstrdup(pool, user),
                           .by = r,
                           .attempt = *attempt,
                           .waits = login_found_nobody(attempt->status),
                           .verdict = *verdict};
    attempt_set_refusal(r, refusal);
}

static bool was_refused(const refusal_t *refusal, const exchange_t *x, const char *user)
{
    return refusal && refusal->by != x->r && strcmp(refusal->user, user) == 0 &&
           policy_scope_covers(refusal->attempt.scope, x->r->server, x->config);
}

/* ---- the provider ---- */

static authn_status answer_of(ntlm_status_t status)
{
    if (login_found_nobody(status)) return AUTH_USER_NOT_FOUND;
    switch (status) {
    case NTLM_OK: return AUTH_GRANTED;
    case NTLM_BACKEND_DOWN:
    case NTLM_CRYPTO_FAILED:
    case NTLM_NOT_CONFIGURED: return AUTH_GENERAL_ERROR;
    default: return AUTH_DENIED;
    }
}

/* Whoever was refused before, it was with another password than the parts of this page have. */
static void welcome(request_rec *r, const attempt_t *attempt)
{
    r->user = apr_pstrdup(attempt_pool(r), attempt->login->user);
    attempt_provided(r, attempt->login);
    if (attempt_refusal(r)) attempt_set_refusal(r, NULL);
}

/* The attempt is this place's, and none of the chain, in which there may be one by NTLM. */
static authn_status check_password(request_rec *r, const char *user, const char *password)
{
    attempt_t attempt = {.status = NTLM_OK};
    throttle_verdict_t uncounted = {.status = NTLM_OK};
    exchange_t x = {.r = r, .config = config_of(r), .attempt = &attempt, .uncounted = &uncounted};
    const password_t who = {bytes_of(user), bytes_of(password)};
    const refusal_t *refusal = attempt_refusal(r);
    if (was_refused(refusal, &x, user)) return answer_of(refusal->attempt.status);
    exchange_has_token(&x, SCHEME_BASIC, bytes_none());
    attempt.status = login_forbidden(r, x.config, &attempt.detail);
    if (attempt.status == NTLM_OK) attempt.status = basic_prove(&x, who);
    if (!login_found_nobody(attempt.status)) say(r, &attempt);
    if (attempt.status == NTLM_OK)
        welcome(r, &attempt);
    else
        remember(r, user, &attempt, &uncounted);
    return answer_of(attempt.status);
}

static const authn_provider provider = {check_password, NULL};

/* ---- hooks ---- */

/* Require asks about somebody: one of the providers knew him. */
static int somebody_is_in(request_rec *r)
{
    refusal_t *refusal = attempt_refusal(r);
    if (refusal) refusal->waits = false;
    return DECLINED;
}

/* An answer is about to be made, so nobody did. */
static void answer_comes(request_rec *r)
{
    conclude(r, attempt_refusal(r));
}

/* A part of a page that was left out. */
static int request_ends(request_rec *r)
{
    conclude(r, attempt_refusal(r));
    return DECLINED;
}

/* The check of Require stands behind that of authz, which asks it, too. */
void provider_register(apr_pool_t *pconf)
{
    basic_draw_key();
    ap_register_auth_provider(pconf, AUTHN_PROVIDER_GROUP, "ntlm", AUTHN_PROVIDER_VERSION,
                              &provider, AP_AUTH_INTERNAL_PER_CONF);
    ap_hook_check_authz(somebody_is_in, NULL, NULL, APR_HOOK_REALLY_FIRST + 1,
                        AP_AUTH_INTERNAL_PER_CONF);
    ap_hook_insert_filter(answer_comes, NULL, NULL, APR_HOOK_MIDDLE);
    ap_hook_insert_error_filter(answer_comes, NULL, NULL, APR_HOOK_MIDDLE);
    ap_hook_log_transaction(request_ends, NULL, NULL, APR_HOOK_FIRST);
}
