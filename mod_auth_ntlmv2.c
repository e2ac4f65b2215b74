/* mod_auth_ntlmv2 - NTLMv2 logins for httpd, against NT hashes from a file or a directory.
 *
 * The story: a request is asked for its token once; the token goes through the state machine of its
 * connection; who proves a password is r->user, and stays so on this connection for this scope.
 * What it takes has files of its own: lib/ntlm the protocol, lib/creds the accounts, lib/config
 * the directives, lib/httpd the server, lib/throttle those who guess.
 */
#include <apr_strings.h>
#include <http_protocol.h>
#include <http_log.h>
#include <http_request.h>

#include "lib/config/directives.h"
#include "lib/creds/clock.h"
#include "lib/httpd/attempt.h"
#include "lib/httpd/authz.h"
#include "lib/configtest/configtest.h"
#include "lib/httpd/http.h"
#include "lib/httpd/keepalive.h"
#include "lib/httpd/log.h"
#include "lib/httpd/login.h"
#include "lib/httpd/persistence.h"
#include "lib/httpd/privacy.h"
#include "lib/config/sources.h"
#include "lib/throttle/throttle.h"
#include "lib/throttle/throttle_store.h"
#include "lib/httpd/tls.h"
#include "lib/ntlm/crypto.h"

APLOG_USE_MODULE(auth_ntlmv2);
enum { RETRY_AFTER_SECONDS = 30 };

/* ---- a token ---- */

/* The connection's login, if there is one for this scope that is still good. */
static ntlm_status_t borrow(request_rec *r, attempt_t *attempt, ntlm_conn_t *conn,
                            const dir_config_t *config)
{
    conn_no_token(conn);
    ntlm_login_t *login = persistence_allowed(r, config) ? conn_login(conn, r, config) : NULL;
    if (!login) return NTLM_NO_CREDENTIALS;
    attempt->login = login;
    ntlm_status_t status = login_check(r, attempt, login, config);
    if (status != NTLM_LOGIN_ENDED) return status;
    attempt->login = conn_copy_login(login, attempt_pool(r));
    conn_forget(conn);
    return status;
}

static ntlm_status_t prove(request_rec *r, attempt_t *attempt, ntlm_conn_t *conn,
                           const dir_config_t *config, ntlm_policy_t *policy)
{
    const bytes_t address = {r->useragent_addr->ipaddr_ptr, (size_t)r->useragent_addr->ipaddr_len};
    const throttle_claim_t claim = {attempt->claim->user, address, attempt_has_proxys_address(r)};
    const throttle_verdict_t verdict = throttle_check(r, config->throttle, &claim);
    attempt->retry_after = verdict.retry_after;
    attempt->known_throttled = verdict.known;
    attempt->exhausted = verdict.exhausted;
    if (verdict.status != NTLM_OK) return verdict.status;
    tls_bindings(r, conn, config, policy);
    policy_services(r->pool, r->server, r->hostname, config, policy);
    const ntlm_status_t status = login_prove(r, attempt, conn, config, policy);
    throttle_count(r, &verdict, status, attempt->guessed);
    return status;
}

static ntlm_status_t challenge(request_rec *r, attempt_t *attempt, ntlm_conn_t *conn,
                               const ntlm_policy_t *policy, ntlm_input_t input)
{
    uint8_t nonce[NTLM_CHALLENGE_LEN];
    if (apr_generate_random_bytes(nonce, sizeof nonce) != APR_SUCCESS) return NTLM_CRYPTO_FAILED;
    input.nonce = nonce;
    input.room = conn_room(conn, r->connection, &attempt->scope);
    ntlm_status_t status = ntlm_challenge(&conn->acceptor, policy, &input, attempt->claim);
    secret_wipe(nonce, sizeof nonce);
    return status;
}

static ntlm_status_t take_token(request_rec *r, attempt_t *attempt, ntlm_conn_t *conn,
                                const dir_config_t *config, bytes_t token)
{
    ntlm_policy_t policy = policy_of(config);
    const ntlm_input_t input = {.token = token, .now = apr_time_now(), .ticks = clock_ticks()};
    conn_only_in_scope(conn, r, config);
    ntlm_status_t status = ntlm_accept(&conn->acceptor, &policy, &input, attempt->claim);
    if (status == NTLM_NEED_NONCE) status = challenge(r, attempt, conn, &policy, input);
    if (status == NTLM_NEED_KEY) status = prove(r, attempt, conn, config, &policy);
    attempt->type2 = ntlm_reply(&conn->acceptor);
    attempt->detail = attempt->claim->detail;
    return status;
}

/* A challenge is of use on a connection that stays open until its answer comes. */
static ntlm_status_t check_keepalive(request_rec *r, attempt_t *attempt, ntlm_conn_t *conn,
                                     ntlm_status_t status)
{
    const char *why = NULL;
    if (status == NTLM_CHALLENGE_SENT)
        why = keepalive_prepare(r, &conn->extensions, &attempt->body_error);
    if (status == NTLM_NOT_EXPECTED) why = keepalive_why_not(r->server);
    if (!why) return status;
    attempt->detail = why;
    return NTLM_CONNECTION_WILL_CLOSE;
}

/* Where no login is taken, whoever tries. */
static ntlm_status_t forbids_logins(request_rec *r, const dir_config_t *config)
{
    if (!config->credentials) return NTLM_NOT_CONFIGURED;
    if (config->require_tls == CONFIG_ON && !tls_is_on(r)) return NTLM_TLS_REQUIRED;
    return persistence_refuses(r, config) ? NTLM_PROXIED_REFUSED : NTLM_OK;
}

/* What the credentials come to, if it were for the protocol alone. */
static ntlm_status_t take_credentials(request_rec *r, attempt_t *attempt, ntlm_conn_t *conn,
                                      const dir_config_t *config, http_credentials_t credentials,
                                      bytes_t token)
{
    if (credentials == HTTP_OTHER_SCHEME) return NTLM_SCHEME_REFUSED;
    attempt_has_token(attempt, r, authorization_scheme);
    if (credentials == HTTP_TOKEN) return take_token(r, attempt, conn, config, token);
    attempt->detail = "the header is not the scheme, a blank and base64";
    return NTLM_MALFORMED;
}

/* What the connection keeps of it. */
static ntlm_status_t settle(request_rec *r, attempt_t *attempt, ntlm_conn_t *conn,
                            const dir_config_t *config, ntlm_status_t status)
{
    attempt->persists = status == NTLM_OK && persistence_allowed(r, config);
    if (attempt->persists)
        conn_remember(conn, r->connection, attempt->login);
    else if (status != NTLM_CHALLENGE_SENT)
        conn_forget(conn);
    if (status == NTLM_OK) conn->extensions = 0;
    return check_keepalive(r, attempt, conn, status);
}

/* Processes the credentials of a client request: the only place that moves the
 * connection's state. */
static ntlm_status_t process(request_rec *r, attempt_t *attempt, const dir_config_t *config)
{
    bytes_t token = bytes_none();
    ntlm_conn_t *conn = conn_of(r);
    ntlm_status_t forbidden = forbids_logins(r, config);
    if (forbidden != NTLM_OK) {
        conn_forget(conn);
        return forbidden;
    }
    http_credentials_t credentials = http_read_credentials(r, &token);
    if (credentials == HTTP_NO_CREDENTIALS) return borrow(r, attempt, conn, config);
    ntlm_status_t status = take_credentials(r, attempt, conn, config, credentials, token);
    return settle(r, attempt, conn, config, status);
}

/* ---- the answer ---- */

static int welcome(request_rec *r, attempt_t *attempt)
{
    if (!attempt->user) attempt->user = apr_pstrdup(attempt_pool(r), attempt->login->user);
    r->user = attempt->user;
    r->ap_auth_type = apr_pstrdup(r->pool, authorization_scheme);
    return OK;
}

static int refuse(request_rec *r, const attempt_t *attempt)
{
    int http = ntlm_status_row(attempt->status)->http;
    privacy_demand(r);
    if (attempt->status == NTLM_HTTP11_REQUIRED) return http_require_http11(r);
    if (attempt->body_error != OK) return attempt->body_error;
    if (attempt->type2.len > 0) {
        int error = keepalive_read_body(r);
        if (error != OK) return error;
        http_challenge(r, attempt->type2);
    } else if (http == HTTP_SERVICE_UNAVAILABLE)
        http_retry_after(r, RETRY_AFTER_SECONDS);
    else if (http == HTTP_TOO_MANY_REQUESTS)
        http_retry_after(r, attempt->retry_after);
    else if (http == HTTP_UNAUTHORIZED)
        http_offer(r);
    return http;
}

/* What became of the client request, as far as this request of its chain goes: a
 * login is good in its own scope only. */
static attempt_t *outcome(request_rec *r, const dir_config_t *config)
{
    attempt_t *attempt = attempt_of(r);
    if (!attempt) {
        attempt = attempt_begin(r, config);
        attempt->status =
            http_is_multiplexed(r) ? NTLM_HTTP11_REQUIRED : process(r, attempt, config);
        http_drop_credentials(r);
        log_outcome(r, attempt);
    }
    if (attempt->status != NTLM_OK || policy_scope_covers(&attempt->scope, r->server, config))
        return attempt;
    attempt_t *other = attempt_with(r, attempt, NTLM_OTHER_SCOPE);
    log_outcome(r, other);
    return other;
}

static int check_user_id(request_rec *r)
{
    if (!http_is_for_us(r)) return DECLINED;
    attempt_t *attempt = outcome(r, config_of(r));
    log_environment(r, attempt);
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
    ap_hook_check_authn(check_user_id, NULL, NULL, APR_HOOK_MIDDLE, AP_AUTH_INTERNAL_PER_CONF);
    ap_hook_check_authz(authz_check, NULL, NULL, APR_HOOK_REALLY_FIRST, AP_AUTH_INTERNAL_PER_CONF);
    persistence_register();
    privacy_register();
    log_register();
    ap_hook_note_auth_failure(authz_note_failure, NULL, NULL, APR_HOOK_MIDDLE);
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
