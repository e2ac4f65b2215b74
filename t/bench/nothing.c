/* mod_nothing: a login that does nothing, for t/bench/instructions: what httpd alone spends on a
 * protected page, whoever protects it.
 *
 *     AuthType Nothing            the first request of a connection gets 401 and a challenge, the
 *                                 next one is let in if it has a token, unseen, and all that follow
 *     AuthType Nothing-Private    the same, and answers are private
 *
 * A request for /nothing-challenge?TEXT sets the challenge, for all that follow. */
#include <apr_strings.h>

#include <httpd.h>

#include <http_config.h>
#include <http_core.h>
#include <http_protocol.h>
#include <http_request.h>

extern module AP_MODULE_DECLARE_DATA nothing_module;

static const char plain[] = "Nothing", private[] = "Nothing-Private";

static char challenge[2048] = "Nothing";

/* What a connection is remembered by. */
static int asked, logged_in;

static int learn_challenge(request_rec *r)
{
    if (strcmp(r->uri, "/nothing-challenge") != 0) return DECLINED;
    apr_cpystrn(challenge, r->args ? r->args : "", sizeof challenge);
    ap_unescape_url(challenge);
    return HTTP_NO_CONTENT;
}

static int ask(request_rec *r)
{
    ap_set_module_config(r->connection->conn_config, &nothing_module, &asked);
    apr_table_setn(r->err_headers_out, "WWW-Authenticate", challenge);
    return HTTP_UNAUTHORIZED;
}

static int check_user_id(request_rec *r)
{
    static char user[] = "alice", scheme[] = "Nothing";
    const char *type = ap_auth_type(r);
    if (!type || (strcmp(type, plain) != 0 && strcmp(type, private) != 0)) return DECLINED;
    const int *known = ap_get_module_config(r->connection->conn_config, &nothing_module);
    if (known != &logged_in) {
        if (known != &asked || !apr_table_get(r->headers_in, "Authorization")) return ask(r);
        ap_set_module_config(r->connection->conn_config, &nothing_module, &logged_in);
    }
    if (type[sizeof plain - 1]) apr_table_setn(r->err_headers_out, "Cache-Control", "private");
    r->user = user;
    r->ap_auth_type = scheme;
    return OK;
}

static void hooks(apr_pool_t *pool)
{
    (void)pool;
    ap_hook_check_authn(check_user_id, NULL, NULL, APR_HOOK_MIDDLE, AP_AUTH_INTERNAL_PER_CONF);
    ap_hook_handler(learn_challenge, NULL, NULL, APR_HOOK_FIRST);
}

module AP_MODULE_DECLARE_DATA nothing_module = {
    STANDARD20_MODULE_STUFF, NULL, NULL, NULL, NULL, NULL, hooks, 0,
};
