/* mod_auth_ntlmv2 - NTLMv2 logins for httpd, against NT hashes from a file.
 *
 * The story: a request is asked for its token once; the token goes through the
 * state machine of its connection; who proves a password is r->user, and stays
 * so on this connection for this scope. Everything it takes has a file of its
 * own: lib/ntlm the protocol, lib/creds the accounts, lib/httpd the server.
 */
#include <apr_strings.h>

#include <http_core.h>
#include <http_log.h>
#include <http_protocol.h>
#include <http_request.h>

#include "lib/httpd/attempt.h"
#include "lib/httpd/configtest.h"
#include "lib/httpd/http.h"
#include "lib/httpd/log.h"
#include "lib/httpd/login.h"
#include "lib/httpd/sources.h"
#include "lib/ntlm/crypto.h"

APLOG_USE_MODULE(auth_ntlmv2);

enum { RETRY_AFTER_SECONDS = 30 };

/* ---- a token ---- */

/* Looks the claimed account up and lets the core decide. An unknown account
 * costs what a known one does. */
static ntlm_status_t prove(request_rec *r, attempt_t *attempt, ntlm_conn_t *conn,
                           const dir_config_t *config, const ntlm_policy_t *policy)
{
    ntlm_claim_t *claim = attempt->claim;
    creds_account_t account;
    apr_pool_t *pool = attempt_pool(r); /* a subrequest's own pool ends before the chain does */
    apr_uint64_t sources = creds_generation(config->credentials, pool, &attempt->notice);
    ntlm_status_t status =
        login_find(pool, config, claim->user, claim->domain, &account, &attempt->notice);
    if (status != NTLM_OK && status != NTLM_NO_SUCH_USER) return status;
    attempt->source = status == NTLM_OK ? account.source : NULL;
    status = ntlm_prove(&conn->acceptor, policy, claim, status == NTLM_OK ? &account.key : NULL);
    secret_wipe(&account.key, sizeof account.key);
    secret_wipe(claim->exported_session_key, sizeof claim->exported_session_key);
    if (status == NTLM_OK) attempt->login = login_make(r, attempt, config, &account, sources);
    return status;
}

/* The connection's login, if there is one for this scope that is still good. */
static ntlm_status_t borrow(request_rec *r, attempt_t *attempt, ntlm_conn_t *conn,
                            const dir_config_t *config)
{
    conn_no_token(conn);
    ntlm_login_t *login = http_looks_proxied(r) ? NULL : conn_login(conn, r, config);
    if (!login) return NTLM_NO_CREDENTIALS;
    attempt->login = login;
    attempt->detail = login_ended(r, login, config, &attempt->notice);
    if (!attempt->detail) return NTLM_OK;
    attempt->login = conn_copy_login(login, attempt_pool(r));
    conn_forget(conn);
    return NTLM_LOGIN_ENDED;
}

static ntlm_status_t take_token(request_rec *r, attempt_t *attempt, ntlm_conn_t *conn,
                                const dir_config_t *config, bytes_t token)
{
    uint8_t nonce[NTLM_CHALLENGE_LEN];
    const ntlm_policy_t policy = config_policy(config);
    ntlm_input_t input = {.token = token, .now = apr_time_now(), .nonce = nonce};
    if (message_type(token) == 1) {
        input.room = conn_room(conn, r->connection, &attempt->scope);
        if (apr_generate_random_bytes(nonce, sizeof nonce) != APR_SUCCESS)
            return NTLM_CRYPTO_FAILED;
    }
    conn_only_in_scope(conn, r, config);
    ntlm_status_t status = ntlm_accept(&conn->acceptor, &policy, &input, attempt->claim);
    secret_wipe(nonce, sizeof nonce);
    if (status == NTLM_NEED_KEY) status = prove(r, attempt, conn, config, &policy);
    attempt->type2 = ntlm_reply(&conn->acceptor);
    attempt->detail = attempt->claim->detail;
    return status;
}

/* Processes the credentials of a client request: the only place that moves the
 * connection's state. A request that came through a proxy neither borrows a
 * login nor leaves one behind, since the next one may be another client's. */
static ntlm_status_t process(request_rec *r, attempt_t *attempt, const dir_config_t *config)
{
    bytes_t token = {NULL, 0};
    ntlm_conn_t *conn = conn_of(r);
    http_credentials_t credentials = http_read_credentials(r, &token);
    ntlm_status_t status = NTLM_NO_CREDENTIALS;
    if (!config->credentials) {
        conn_forget(conn);
        return NTLM_NOT_CONFIGURED;
    }
    if (credentials == HTTP_NO_CREDENTIALS) return borrow(r, attempt, conn, config);
    if (credentials == HTTP_OTHER_SCHEME) status = NTLM_SCHEME_REFUSED;
    if (credentials == HTTP_BAD_TOKEN || credentials == HTTP_TOKEN)
        attempt_has_token(attempt, r, "NTLM");
    if (credentials == HTTP_BAD_TOKEN) {
        status = NTLM_MALFORMED;
        attempt->detail = "the header is not the scheme, a blank and base64";
    }
    if (credentials == HTTP_TOKEN) status = take_token(r, attempt, conn, config, token);
    if (status == NTLM_OK && !http_looks_proxied(r))
        conn_remember(conn, r->connection, attempt->login);
    else if (status != NTLM_CHALLENGE_SENT)
        conn_forget(conn);
    return status;
}

/* ---- the answer ---- */

static int welcome(request_rec *r, const attempt_t *attempt)
{
    r->user = apr_pstrdup(attempt_pool(r), attempt->login->user);
    r->ap_auth_type = apr_pstrdup(r->pool, "NTLM");
    return OK;
}

static int refuse(request_rec *r, const attempt_t *attempt)
{
    int http = ntlm_status_row(attempt->status)->http;
    if (attempt->status == NTLM_HTTP11_REQUIRED) return http_require_http11(r);
    if (attempt->status == NTLM_CHALLENGE_SENT)
        http_challenge(r, attempt->type2);
    else if (http == HTTP_SERVICE_UNAVAILABLE)
        http_retry_after(r, RETRY_AFTER_SECONDS);
    else if (http == HTTP_UNAUTHORIZED)
        http_offer(r);
    return http;
}

static bool is_for_us(request_rec *r)
{
    const char *type = ap_auth_type(r);
    return type && ap_cstr_casecmp(type, "NTLM") == 0;
}

/* What became of the client request, as far as this request of its chain goes: a
 * login is good in its own scope only. */
static const attempt_t *outcome(request_rec *r, const dir_config_t *config)
{
    attempt_t *attempt = attempt_of(r);
    if (!attempt) {
        attempt = attempt_begin(r, config);
        attempt->status =
            http_is_multiplexed(r) ? NTLM_HTTP11_REQUIRED : process(r, attempt, config);
        log_outcome(r, attempt);
    }
    if (attempt->status != NTLM_OK || config_scope_covers(&attempt->scope, r, config))
        return attempt;
    attempt_t *other = apr_pmemdup(r->pool, attempt, sizeof *attempt);
    other->status = NTLM_OTHER_SCOPE;
    log_outcome(r, other);
    return other;
}

static int check_user_id(request_rec *r)
{
    if (!is_for_us(r)) return DECLINED;
    const attempt_t *attempt = outcome(r, config_of(r));
    log_environment(r, attempt);
    return attempt->status == NTLM_OK ? welcome(r, attempt) : refuse(r, attempt);
}

/* ---- hooks ---- */

static int note_auth_failure(request_rec *r, const char *auth_type)
{
    if (ap_cstr_casecmp(auth_type, "NTLM") != 0) return DECLINED;
    http_offer(r);
    return OK;
}

static apr_status_t close_crypto(void *unused)
{
    (void)unused;
    crypto_close();
    return APR_SUCCESS;
}

static int check_config(apr_pool_t *pconf, apr_pool_t *plog, apr_pool_t *ptemp, server_rec *s)
{
    (void)plog;
    const char *why = crypto_open();
    if (why) {
        ap_log_error(APLOG_MARK, APLOG_CRIT, 0, s, "mod_auth_ntlmv2: %s", why);
        return HTTP_INTERNAL_SERVER_ERROR;
    }
    apr_pool_cleanup_register(pconf, NULL, close_crypto, apr_pool_cleanup_null);
    config_learn_host(pconf);
    return configtest(pconf, ptemp, s);
}

static void register_hooks(apr_pool_t *pool)
{
    sources_register(pool);
    ap_hook_check_config(check_config, NULL, NULL, APR_HOOK_MIDDLE);
    ap_hook_check_authn(check_user_id, NULL, NULL, APR_HOOK_MIDDLE, AP_AUTH_INTERNAL_PER_CONF);
    ap_hook_note_auth_failure(note_auth_failure, NULL, NULL, APR_HOOK_MIDDLE);
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
