/* mod_auth_ntlmv2 - NTLMv2 logins for httpd, against NT hashes from a file or a directory.
 *
 * The story: a request is asked for its token once; the token goes through the state machine of its
 * connection; who proves a password is r->user, and stays so on this connection for this scope.
 * What it takes has files of its own: lib/ntlm the protocol, lib/creds the accounts, lib/config
 * the directives, lib/httpd the server, lib/throttle those who guess, lib/status the figures.
 */
#include <apr_strings.h>

#include <httpd.h>

#include <http_log.h>
#include <http_protocol.h>
#include <http_request.h>
#include <mpm_common.h>

#include "lib/accesslog/accesslog.h"
#include "lib/config/directives.h"
#include "lib/config/sources.h"
#include "lib/configtest/configtest.h"
#include "lib/http/http.h"
#include "lib/http/keepalive.h"
#include "lib/http/offers.h"
#include "lib/httpd/authz.h"
#include "lib/httpd/basic.h"
#include "lib/httpd/environment.h"
#include "lib/httpd/exchange.h"
#include "lib/httpd/handshake.h"
#include "lib/httpd/log.h"
#include "lib/httpd/negotiate.h"
#include "lib/httpd/login.h"
#include "lib/httpd/persistence.h"
#include "lib/httpd/privacy.h"
#include "lib/httpd/provider.h"
#include "lib/status/status_hooks.h"
#include "lib/require/require.h"
#include "lib/throttle/throttle_store.h"

APLOG_USE_MODULE(auth_ntlmv2);

enum { RETRY_AFTER_SECONDS = 30 };

/* ---- the login ---- */

/* The connection's login, if there is one for this scope that is still good. */
static ntlm_status_t borrow(const exchange_t *x)
{
    if (!x->conn) return NTLM_NO_CREDENTIALS;
    conn_no_token(x->conn);
    bool allowed = persistence_allowed(x->r, x->config);
    ntlm_login_t *login = allowed ? conn_login(x->conn, x->r, x->config) : NULL;
    if (!login) return NTLM_NO_CREDENTIALS;
    const login_result_t result = login_check(x, login);
    ntlm_status_t status = handshake_note(x->attempt, &result);
    x->attempt->scope = &login->scope;
    if (status == NTLM_OK) environment_keep(login);
    if (status != NTLM_LOGIN_ENDED) return status;
    x->attempt->login = conn_copy_login(login, attempt_pool(x->r));
    conn_forget(x->conn);
    return status;
}

/* The client was asked for more, and answers on this connection. */
static bool is_midway(ntlm_status_t status)
{
    return status == NTLM_CHALLENGE_SENT || status == NTLM_SPNEGO_CONTINUES;
}

/* What the connection keeps of it. A challenge is of use on one that stays open until its answer
 * comes. */
static ntlm_status_t settle(const exchange_t *x, ntlm_status_t status)
{
    attempt_t *attempt = x->attempt;
    const char *why = NULL;
    if (!x->conn) return status;
    attempt->persists = status == NTLM_OK && attempt->scheme != SCHEME_BASIC &&
                        persistence_allowed(x->r, x->config);
    if (attempt->persists)
        conn_remember(x->conn, x->r->connection, attempt->login);
    else if (!is_midway(status))
        conn_forget(x->conn);
    if (status == NTLM_OK) x->conn->extensions = 0;
    if (is_midway(status))
        why = keepalive_prepare(x->r, &x->conn->extensions, &attempt->body_error);
    if (status == NTLM_NOT_EXPECTED || status == NTLM_REPLAYED)
        attempt->detail =
            gone_words(x->conn->gone, x->r->connection->keepalives == 0, x->conn->acceptor.spent);
    if (status == NTLM_NOT_EXPECTED) why = keepalive_why_not(x->r->server);
    if (!why) return status;
    attempt->detail = why;
    return NTLM_CONNECTION_WILL_CLOSE;
}

/* A login of a connection cannot be made where requests share one. */
static bool needs_http11(const exchange_t *x, scheme_t scheme)
{
    if (x->conn || scheme == SCHEME_BASIC) return false;
    schemes_t schemes = scheme == SCHEME_NONE ? offers_for(x->r, x->config) : x->config->offer;
    return schemes_have(schemes, SCHEME_NTLM) || schemes_have(schemes, SCHEME_NEGOTIATE);
}

/* A token of a scheme that is taken here. */
static ntlm_status_t take(exchange_t *x)
{
    if (x->attempt->scheme == SCHEME_BASIC) return basic_take(x);
    conn_only_in_scope(x->conn, x->r, x->config);
    conn_only_by(x->conn, x->attempt->scheme);
    ntlm_status_t status = negotiate_unwrap(x);
    if (status != NTLM_OK) return status;
    status = handshake_take(x);
    negotiate_wrap(x, status);
    return status;
}

/* What becomes of a client request: the only place that moves the connection's state. */
static ntlm_status_t outcome(exchange_t *x)
{
    bytes_t token;
    scheme_t scheme;
    http_credentials_t credentials = http_read_credentials(x->r, &scheme, &token);
    if (needs_http11(x, scheme)) return NTLM_HTTP11_REQUIRED;
    ntlm_status_t status = login_forbidden(x->r, x->config, &x->attempt->detail);
    if (status != NTLM_OK) return settle(x, status);
    if (credentials == HTTP_NO_CREDENTIALS) {
        status = borrow(x);
        if (status == NTLM_NO_CREDENTIALS)
            x->attempt->detail = http_say_misplaced(x->r, x->config->offer);
        return status;
    }
    if (!schemes_have(x->config->offer, scheme)) return settle(x, basic_unasked(x, scheme, token));
    exchange_has_token(x, scheme, token);
    if (credentials == HTTP_TOKEN) return settle(x, take(x));
    x->attempt->detail = http_say_token(x->r);
    return settle(x, NTLM_MALFORMED);
}

/* ---- the answer ---- */

static int welcome(request_rec *r, attempt_t *attempt)
{
    if (!attempt->user) attempt->user = apr_pstrdup(attempt_pool(r), attempt->login->user);
    r->user = attempt->user;
    r->ap_auth_type = scheme_name(attempt->login->scheme);
    return OK;
}

static int refuse(request_rec *r, const attempt_t *attempt)
{
    int http = ntlm_status_row(attempt->status)->http;
    privacy_demand(r);
    if (attempt->status == NTLM_HTTP11_REQUIRED) return http_require_http11(r);
    if (attempt->body_error != OK) return attempt->body_error;
    const bool asks_for_more = attempt->reply.len > 0 && attempt->status != NTLM_SPNEGO_NO_NTLM;
    const int error = asks_for_more ? keepalive_read_body(r) : OK;
    if (error != OK) return error;
    if (attempt->reply.len > 0) http_answer(r, attempt->scheme, attempt->reply);
    if (asks_for_more) return http;
    if (http == HTTP_SERVICE_UNAVAILABLE)
        http_retry_after(r, RETRY_AFTER_SECONDS);
    else if (http == HTTP_TOO_MANY_REQUESTS)
        http_retry_after(r, attempt->retry_after);
    else if (http == HTTP_UNAUTHORIZED)
        offers_make(r, attempt->offers);
    return http;
}

/* A client request may be a chain of requests: its token is taken at the first one that is for us,
 * and what comes of it holds for all of them, a login in its own scope. */
static int check_user_id(request_rec *r)
{
    if (!http_is_for_us(r)) return DECLINED;
    attempt_t *attempt = attempt_of(r);
    if (!attempt) {
        exchange_t x;
        exchange_begin(&x, r);
        attempt = x.attempt;
        attempt->status = outcome(&x);
        if (attempt->status != NTLM_OK) attempt->offers = offers_for(r, x.config);
        if (attempt->claim || attempt->status != NTLM_OK) http_drop_credentials(r, x.config->offer);
        log_outcome(r, attempt);
    } else if (attempt->status == NTLM_OK &&
               !policy_scope_covers(attempt->scope, r->server, config_of(r))) {
        attempt = attempt_with(r, attempt, NTLM_OTHER_SCOPE);
        attempt->offers = offers_for(r, config_of(r));
        log_outcome(r, attempt);
    }
    environment_say(r, attempt);
    return attempt->status == NTLM_OK ? welcome(r, attempt) : refuse(r, attempt);
}

/* ---- hooks ---- */

static int check_config(apr_pool_t *pconf, apr_pool_t *plog, apr_pool_t *ptemp, server_rec *s)
{
    (void)plog;
    const char *why = throttle_store_open(pconf, ptemp);
    if (why) {
        ap_log_error(APLOG_MARK, APLOG_CRIT, 0, s, "mod_auth_ntlmv2: %s", why);
        return HTTP_INTERNAL_SERVER_ERROR;
    }
    config_learn_host(pconf);
    config_settle_all(pconf);
    persistence_learn_marks(pconf);
    privacy_learn();
    return configtest(pconf, ptemp, s);
}

static void register_hooks(apr_pool_t *pool)
{
    sources_register(pool);
    throttle_store_register();
    ap_hook_pre_config(configtest_open_crypto, NULL, NULL, APR_HOOK_MIDDLE);
    ap_hook_check_config(check_config, NULL, NULL, APR_HOOK_MIDDLE);
    ap_hook_post_config(sources_follow, NULL, NULL, APR_HOOK_REALLY_LAST);
    ap_hook_monitor(sources_look, NULL, NULL, APR_HOOK_MIDDLE);
    ap_hook_child_init(sources_child, NULL, NULL, APR_HOOK_MIDDLE);
    ap_hook_check_authn(check_user_id, NULL, NULL, APR_HOOK_MIDDLE, AP_AUTH_INTERNAL_PER_CONF);
    persistence_register();
    negotiate_register();
    privacy_register();
    provider_register(pool);
    log_register();
    status_register();
    authz_register();
    require_register(pool);
    accesslog_register();
}

module AP_MODULE_DECLARE_DATA __attribute__((visibility("default"))) auth_ntlmv2_module = {
    STANDARD20_MODULE_STUFF,
    config_create,
    config_merge,
    NULL, /* no server configuration: every directive works per directory */
    NULL,
    config_directives,
    register_hooks,
    0,
};
