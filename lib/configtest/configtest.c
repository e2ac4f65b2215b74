#include "configtest.h"

#include <stdbool.h>

#include <http_config.h>
#include <http_log.h>

#include "../ntlm/crypto.h"
#include "asks.h"
#include "cleartext.h"
#include "controllers.h"
#include "../config/conftree.h"
#include "../config/directives.h"
#include "../config/names.h"
#include "domains.h"
#include "footguns.h"
#include "groups.h"
#include "../http/keepalive.h"
#include "http2.h"
#include "passwords.h"
#include "places.h"
#include "recorders.h"
#include "remoteip.h"
#include "unused.h"
#include "../config/user_format.h"

APLOG_USE_MODULE(auth_ntlmv2);

/* ---- KeepAlive ---- */

/* NULL, or what is wrong with how long connections to this server stay open, with what
 * that does to logins and what to write instead. */
static const char *keep_alive_problem(const server_rec *s)
{
    const char *why = keepalive_why_not(s);
    if (why && !s->keep_alive)
        return "KeepAlive is Off, and NTLM logs a connection in, so nobody can log in; write "
               "KeepAlive On";
    if (why)
        return "KeepAliveTimeout is 0, and NTLM logs a connection in, so nobody can log in; write "
               "KeepAliveTimeout 60";
    if (s->keep_alive_max == 1 || s->keep_alive_max == 2)
        return "MaxKeepAliveRequests is below 3, and a login takes two requests, so every page "
               "needs a login of its own; write MaxKeepAliveRequests 500";
    return NULL;
}

/* The same of a virtual host as of the main server is not said again: it is one line of theirs. */
static void warn_about_keep_alive(apr_pool_t *pool, server_rec *s, const char **told)
{
    const char *problem = keep_alive_problem(s);
    if (problem == *told) return;
    const ap_directive_t *at = problem ? ap_conftree : NULL;
    while (at && !(asks_by_ntlm(pool, at) && conftree_serves(at, s))) at = conftree_next(at);
    if (!at) return;
    if (!s->is_virtual) *told = problem;
    ap_log_error(APLOG_MARK, APLOG_WARNING, 0, s, "AuthType NTLM (%s:%d): server %s: %s",
                 at->filename, at->line_num, s->server_hostname ? s->server_hostname : "(unnamed)",
                 problem);
}

/* ---- TLS ---- */

/* What a client can never meet, when this server speaks no TLS. */
static bool demands_tls(apr_pool_t *pool, const ap_directive_t *at)
{
    if (conftree_says(pool, at, "NTLMRequireTLS", "on")) return true;
    return conftree_says(pool, at, "NTLMExtendedProtection", "require") &&
           !conftree_find(ap_conftree, "NTLMServerCertificate");
}

static void warn_about_tls(apr_pool_t *pool, server_rec *s)
{
    const ap_directive_t *at = cleartext_alone() ? ap_conftree : NULL;
    while (at && !demands_tls(pool, at)) at = conftree_next(at);
    if (!at) return;
    ap_log_error(APLOG_MARK, APLOG_WARNING, 0, s,
                 "%s %s (%s:%d): no module speaks TLS, so nobody can log in; load mod_ssl (Debian: "
                 "a2enmod ssl)",
                 at->directive, at->args, at->filename, at->line_num);
}

/* ---- Negotiate ---- */

static bool offers_negotiate(apr_pool_t *pool, const ap_directive_t *at)
{
    return conftree_lists(pool, at, "NTLMOffer", "Negotiate");
}

static bool share_an_address(const server_rec *a, const server_rec *b)
{
    for (const server_addr_rec *x = a->addrs; x; x = x->next)
        for (const server_addr_rec *y = b->addrs; y; y = y->next)
            if (x->host_port == y->host_port && apr_sockaddr_equal(x->host_addr, y->host_addr))
                return true;
    return false;
}

/* httpd reads a header before it knows which virtual host is meant: as the first at the address
 * says, with TLS, too. That is the last one in its list. */
static const server_rec *reader_of_headers(const server_rec *s)
{
    const server_rec *first = s;
    for (const server_rec *other = s->next; other; other = other->next)
        if (share_an_address(other, s)) first = other;
    return first;
}

/* A ticket of Kerberos has such a size where its user is in many groups. Once is enough: it is
 * mostly the same for all servers. Beside virtual hosts the main server is asked nothing, as a
 * rule. */
static void warn_about_long_tokens(apr_pool_t *pool, server_rec *main_server)
{
    enum { TOKEN = 16384, HEADER = (int)sizeof "Authorization: Negotiate " + (TOKEN + 2) / 3 * 4 };
    const ap_directive_t *first = ap_conftree;
    while (first && !offers_negotiate(pool, first)) first = conftree_next(first);
    server_rec *s = main_server->next ? main_server->next : main_server;
    for (; first && s; s = s->next) {
        int limit = reader_of_headers(s)->limit_req_fieldsize;
        const ap_directive_t *at = limit < HEADER ? first : NULL;
        while (at && !(offers_negotiate(pool, at) && conftree_serves(at, s)))
            at = conftree_next(at);
        if (!at) continue;
        ap_log_error(APLOG_MARK, APLOG_WARNING, 0, s,
                     "NTLMOffer %s (%s:%d): LimitRequestFieldSize is %d, and a ticket of Kerberos "
                     "has 16 KB and more, so who sends one first is answered 400; write "
                     "LimitRequestFieldSize 65536 outside of all sections",
                     at->args, at->filename, at->line_num, limit);
        return;
    }
}

static void warn_about_gssapi(apr_pool_t *pool, server_rec *s)
{
    const ap_directive_t *at = ap_conftree;
    while (at && !conftree_says(pool, at, "GssapiAllowedMech", "ntlmssp")) at = conftree_next(at);
    if (!at) return;
    ap_log_error(APLOG_MARK, APLOG_WARNING, 0, s,
                 "GssapiAllowedMech ntlmssp (%s:%d): mod_auth_gssapi would take NTLM there, with "
                 "accounts of its own; write GssapiAllowedMech krb5, and NTLMOffer Negotiate NTLM "
                 "in the place with AuthType NTLM",
                 at->filename, at->line_num);
}

/* ---- users ---- */

/* Whether the two meet is for a request to say: it must not keep a server from starting. */
static void warn_about_meeting(server_rec *s, const place_t *place, const char *why)
{
    ap_log_error(APLOG_MARK, APLOG_WARNING, 0, s,
                 "%s (where %s, %s:%d, meets %s, %s:%d; no matter if it does nowhere)", why,
                 place->at->directive, place->at->filename, place->at->line_num,
                 place->within->directive, place->within->filename, place->within->line_num);
}

static bool names_differ(apr_pool_t *pconf, apr_pool_t *pool, server_rec *s)
{
    const apr_array_header_t *places = places_of(pool, pconf);
    for (int i = 0; i < places->nelts; i++) {
        const place_t *place = &APR_ARRAY_IDX(places, i, place_t);
        const char *why = user_format_check(pool, config_settled(pool, place->config));
        if (!why) why = names_check_apart(pool, place->config->domain, place->config->computer);
        if (why && place->within) warn_about_meeting(s, place, why);
        if (!why || place->within) continue;
        ap_log_error(APLOG_MARK, APLOG_CRIT, 0, s, "%s", why);
        return false;
    }
    return true;
}

int configtest(apr_pool_t *pconf, apr_pool_t *pool, server_rec *main_server)
{
    const ap_directive_t *at = asks_first(pool, ap_conftree);
    if (at && !conftree_find(ap_conftree, "NTLMCredentials")) {
        ap_log_error(APLOG_MARK, APLOG_CRIT, 0, main_server,
                     "%s %s (%s:%d): no NTLMCredentials says where the accounts are; "
                     "write for example: NTLMCredentials file conf/ntlm.passwd",
                     at->directive, at->args, at->filename, at->line_num);
        return HTTP_INTERNAL_SERVER_ERROR;
    }
    if (!controllers_fit(pconf, pool, main_server)) return HTTP_INTERNAL_SERVER_ERROR;
    if (!names_differ(pconf, pool, main_server)) return HTTP_INTERNAL_SERVER_ERROR;
    if (!passwords_fit(pool, main_server)) return HTTP_INTERNAL_SERVER_ERROR;
    const char *told = NULL;
    for (server_rec *s = main_server; s; s = s->next) warn_about_keep_alive(pool, s, &told);
    http2_warn(pool, main_server);
    warn_about_tls(pool, main_server);
    warn_about_long_tokens(pool, main_server);
    if (at) warn_about_gssapi(pool, main_server);
    remoteip_configtest(pool, main_server);
    footguns_warn(pool, main_server);
    cleartext_warn(pool, main_server);
    domains_warn(pconf, pool);
    groups_warn(pool, main_server);
    if (at) recorders_warn(pool, main_server);
    unused_warn(pool, main_server);
    return OK;
}

static apr_status_t close_crypto(void *unused)
{
    (void)unused;
    crypto_close();
    return APR_SUCCESS;
}

int configtest_open_crypto(apr_pool_t *pconf, apr_pool_t *plog, apr_pool_t *ptemp)
{
    (void)ptemp;
    const char *why = crypto_open();
    if (why) {
        ap_log_perror(APLOG_MARK, APLOG_CRIT, 0, plog, "mod_auth_ntlmv2: %s", why);
        return HTTP_INTERNAL_SERVER_ERROR;
    }
    apr_pool_cleanup_register(pconf, NULL, close_crypto, apr_pool_cleanup_null);
    return OK;
}
