#include "authz.h"

#include <http_request.h>

#include "environment.h"
#include "exchange.h"
#include "../http/http.h"
#include "../http/offers.h"
#include "log.h"

/* Require refuses a user who has proven who he is: asking him again would only let his
 * browser ask for another password, and again. */
int authz_check(request_rec *r)
{
    bool welcome = r->user && scheme_of_name(r->ap_auth_type) != SCHEME_NONE;
    attempt_t *attempt = welcome ? attempt_of(r) : NULL;
    if (!attempt || attempt->authorizing == r) return DECLINED;
    const request_rec *outer = attempt->authorizing;
    attempt->authorizing = r;
    int http = ap_run_auth_checker(r);
    attempt->authorizing = outer;
    if (http != HTTP_UNAUTHORIZED && http != HTTP_FORBIDDEN) return http;
    attempt_t *refused = attempt_with(r, attempt, NTLM_NOT_AUTHORIZED);
    http_withdraw_offers(r);
    log_outcome(r, refused);
    environment_say(r, refused);
    return HTTP_FORBIDDEN;
}

int authz_note_failure(request_rec *r, const char *auth_type)
{
    if (ap_cstr_casecmp(auth_type, http_auth_type) != 0) return DECLINED;
    const attempt_t *attempt = attempt_of(r);
    if (!attempt || attempt->reply.len == 0) offers_make(r, config_of(r));
    return OK;
}
