#include "forward.h"

#include <string.h>

#include <apr_cstr.h>
#include <apr_strings.h>
#include <apr_uri.h>

#include <http_core.h>

#include "../../explain/unwrap.h"
#include "../../http/authorization.h"
#include "guard.h"

static const char separator = ';';

/* ---- where it goes to ---- */

/* Port and scheme decide; the proxy itself is none of its targets. */
static bool is_ours(request_rec *r, apr_port_t port)
{
    const site_t *site = site_of_bench();
    for (int i = 0; i < site->urls->nelts; i++) {
        const site_url_t *url = &APR_ARRAY_IDX(site->urls, i, site_url_t);
        apr_uri_t uri;
        if (strcmp(url->kind, "proxy") == 0) continue;
        if (apr_uri_parse(r->pool, url->url, &uri) != APR_SUCCESS || uri.port != port) continue;
        if (r->method_number == M_CONNECT || strcmp(uri.scheme, "http") == 0) return true;
    }
    return false;
}

static int refuse(request_rec *r)
{
    ap_custom_response(r, HTTP_FORBIDDEN,
                       "this proxy reaches the ports of its bench, http://localhost:PORT and "
                       "CONNECT localhost:PORT, and nothing else\n");
    return HTTP_FORBIDDEN;
}

int forward_aim(request_rec *r)
{
    const apr_uri_t *uri = &r->parsed_uri;
    const bool tunnel = r->method_number == M_CONNECT;
    const char *address = r->connection->local_ip;
    const apr_port_t port = uri->port_str ? uri->port : APR_URI_HTTP_DEFAULT_PORT;
    if (!tunnel && (!uri->scheme || apr_cstr_casecmp(uri->scheme, "http") != 0)) return refuse(r);
    if (!uri->hostname || !guard_knows(site_of_bench(), uri->hostname)) return refuse(r);
    if (!is_ours(r, port)) return refuse(r);
    const bool brackets = strchr(address, ':') != NULL;
    const char *authority = apr_psprintf(r->pool, "%s%s%s:%u", brackets ? "[" : "", address,
                                         brackets ? "]" : "", (unsigned)port);
    r->filename =
        tunnel ? apr_pstrcat(r->pool, "proxy:", authority, NULL)
               : apr_pstrcat(r->pool, "proxy:http://", authority, uri->path ? uri->path : "/",
                             r->args ? "?" : "", r->args ? r->args : "", NULL);
    return OK;
}

/* ---- which place it means ---- */

/* The user that the token of a request names, or "". */
static const char *user_of(request_rec *r, const bench_conn_t *conn)
{
    ntlm_claim_t claim;
    scheme_t scheme;
    bytes_t token;
    type2_t type2;
    const char *value = apr_table_get(r->headers_in, "Proxy-Authorization");
    if (!value) return conn->user ? conn->user : "";
    if (authorization_read(r->pool, value, &scheme, &token) != HTTP_TOKEN) return "";
    const bytes_t message = unwrap(token).message;
    if (message_type(message) != 3 || !conn->opening) return "";
    if (type2_parse(conn->opening->type2, &type2)) return "";
    claim_clear(&claim);
    if (claim_open(&claim, message, type2.flags) != NTLM_OK) return "";
    return apr_pstrdup(r->pool, claim.user);
}

/* "alice;mic" means /mic. */
static const char *path_of(apr_pool_t *pool, const char *user)
{
    const char *at = strchr(user, separator);
    if (!at) return NULL;
    char *path = apr_pstrdup(pool, at);
    for (char *c = path; *c && *c != '?'; c++)
        if (*c == separator) *c = '/';
    return path;
}

forward_t forward_place(request_rec *r, const bench_conn_t *conn)
{
    const char *header = apr_table_get(r->headers_in, "NTLM-Bench-Place"), *path = header;
    if (!path) path = path_of(r->pool, user_of(r, conn));
    if (!path) path = "/ntlm";
    const char *query = strchr(path, '?');
    return (forward_t){.place = apr_pstrndup(r->pool, path, strcspn(path, "?")),
                       .query = query ? query + 1 : "",
                       .named = header != NULL};
}

const char *forward_user(apr_pool_t *pool, const char *user)
{
    return apr_pstrndup(pool, user, strcspn(user, ";"));
}
