#include "authz.h"

#include <http_config.h>
#include <http_core.h>
#include <http_protocol.h>
#include <http_request.h>
#include <mod_auth.h>

#include "environment.h"
#include "exchange.h"
#include "../http/http.h"
#include "../http/offers.h"
#include "../http/parted.h"
#include "log.h"
#include "persistence.h"

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
    if (http != HTTP_UNAUTHORIZED && http != HTTP_FORBIDDEN) return http;
    attempt_t *refused = attempt_with(r, attempt, NTLM_NOT_AUTHORIZED);
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

/* ---- Require ntlm-or-guest ---- */

/* Whether the connection has a login for this place; it is looked at more closely in its turn. */
static bool has_login(request_rec *r)
{
    const dir_config_t *config = config_of(r);
    const ntlm_conn_t *conn = conn_known(r);
    return conn && conn_login(conn, r, config) && persistence_allowed(r, config);
}

/* Whether the request has something to log in by. */
static bool may_log_in(request_rec *r)
{
    scheme_t scheme;
    bytes_t token;
    http_credentials_t credentials = http_read_credentials(r, &scheme, &token);
    if (!http_is_for_us(r)) return ap_auth_type(r) && credentials != HTTP_NO_CREDENTIALS;
    if (credentials == HTTP_NO_CREDENTIALS) return has_login(r);
    return schemes_have(config_of(r)->offer, scheme);
}

/* What the chain has come to is known. A login is used or, with other accounts, refused: httpd may
 * tell a part of a page the user of the whole. After a refusal there is nobody: what is said with
 * it is said to a guest. */
static authz_status check_guest(request_rec *r, const char *words, const void *parsed)
{
    (void)words, (void)parsed;
    if (r->user) return AUTHZ_GRANTED;
    const attempt_t *attempt = attempt_of(r);
    if (attempt ? attempt->status == NTLM_OK : may_log_in(r)) return AUTHZ_DENIED_NO_USER;
    if (!r->main) attempt_set_guest(r);
    return AUTHZ_GRANTED;
}

static const char *take_no_words(cmd_parms *cmd, const char *words, const void **parsed)
{
    (void)cmd, (void)parsed;
    return *words ? "Require ntlm-or-guest takes no words: leave them out" : NULL;
}

static const authz_provider guests = {check_guest, take_no_words};

/* ---- hooks ---- */

/* The check is the first one: one before it would run twice, since it asks the others. */
void authz_register(apr_pool_t *pconf)
{
    ap_hook_check_authz(check, NULL, NULL, APR_HOOK_REALLY_FIRST, AP_AUTH_INTERNAL_PER_CONF);
    ap_hook_note_auth_failure(note_failure, NULL, NULL, APR_HOOK_MIDDLE);
    parted_register();
    ap_register_auth_provider(pconf, AUTHZ_PROVIDER_GROUP, "ntlm-or-guest", AUTHZ_PROVIDER_VERSION,
                              &guests, AP_AUTH_INTERNAL_PER_CONF);
}
