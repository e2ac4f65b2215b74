#include "authz.h"

#include <httpd.h>

#include <http_config.h>
#include <http_core.h>
#include <http_protocol.h>
#include <http_request.h>

#include "environment.h"
#include "exchange.h"
#include "../http/http.h"
#include "../http/offers.h"
#include "../http/parted.h"
#include "log.h"

/* ---- who is refused ---- */

/* Require refuses a user who has proven who he is: asking him again would only let his
 * browser ask for another password, and again. */
static int check(request_rec *r)
{
    bool welcome = r->user && scheme_of_name(r->ap_auth_type) != SCHEME_NONE;
    attempt_t *attempt = welcome ? attempt_of(r) : NULL;
    if (!attempt || attempt->authorizing == r) return DECLINED;
    const request_rec *outer = attempt->authorizing;
    attempt->authorizing = r;
    int http = ap_run_auth_checker(r);
    attempt->authorizing = outer;
    const char *undecided = attempt_undecided(r);
    if (undecided) attempt_set_undecided(r, NULL);
    if (undecided && http == HTTP_INTERNAL_SERVER_ERROR) http = HTTP_FORBIDDEN;
    if (http != HTTP_UNAUTHORIZED && http != HTTP_FORBIDDEN) return http;
    attempt_t *refused = attempt_with(r, attempt, NTLM_NOT_AUTHORIZED);
    refused->detail = undecided;
    http_withdraw_offers(r);
    log_outcome(r, refused);
    environment_say(r, refused);
    return HTTP_FORBIDDEN;
}

/* httpd asks for a login in our name. */
static int note_failure(request_rec *r, const char *auth_type)
{
    if (ap_cstr_casecmp(auth_type, http_auth_type) != 0) return DECLINED;
    const attempt_t *attempt = attempt_of(r);
    if (!attempt || attempt->status == NTLM_OK)
        offers_make(r, offers_for(r, config_of(r)));
    else if (attempt->reply.len == 0)
        offers_make(r, attempt->offers);
    return OK;
}

/* ---- hooks ---- */

/* The check is the first one: one before it would run twice, since it asks the others. */
void authz_register(void)
{
    ap_hook_check_authz(check, NULL, NULL, APR_HOOK_REALLY_FIRST, AP_AUTH_INTERNAL_PER_CONF);
    ap_hook_note_auth_failure(note_failure, NULL, NULL, APR_HOOK_MIDDLE);
    parted_register();
}
