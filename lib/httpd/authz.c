#include "authz.h"

#include <http_request.h>

#include "environment.h"
#include "../http/http.h"
#include "log.h"

/* Require refuses a user who has proven who he is: asking him again would only let his
 * browser ask for another password, and again. */
int authz_check(request_rec *r)
{
    bool welcome = r->user && r->ap_auth_type == http_auth_type;
    attempt_t *attempt = welcome ? attempt_of(r) : NULL;
    if (!attempt || attempt->authorizing == r) return DECLINED;
    const request_rec *outer = attempt->authorizing;
    attempt->authorizing = r;
    int http = ap_run_auth_checker(r);
    attempt->authorizing = outer;
    if (http != HTTP_UNAUTHORIZED && http != HTTP_FORBIDDEN) return http;
    attempt_t *refused = attempt_with(r, attempt, NTLM_NOT_AUTHORIZED);
    http_withdraw_offer(r);
    log_outcome(r, refused);
    environment_say(r, refused);
    return HTTP_FORBIDDEN;
}

int authz_note_failure(request_rec *r, const char *auth_type)
{
    if (ap_cstr_casecmp(auth_type, authorization_scheme) != 0) return DECLINED;
    http_offer(r);
    return OK;
}
