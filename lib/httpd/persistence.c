#include "persistence.h"

#include <http_config.h>

#include "conftree.h"

/* What proxies add. Proxy-Support promises that a proxy keeps its clients apart, but
 * promises it to clients; in a request anybody may have written it. */
static const char *const usual_marks[] = {
    "Via",           "Forwarded",      "X-Forwarded-For",    "X-Forwarded-Host",
    "X-Real-IP",     "X-Client-IP",    "X-Forwarded-Server", "X-Forwarded-Proto",
    "Proxy-Support", "True-Client-IP", "CF-Connecting-IP"};
enum { USUAL_MARKS = sizeof usual_marks / sizeof usual_marks[0] };

/* Those of RemoteIPHeader; written by persistence_learn_marks() before the children exist. */
static const apr_array_header_t *own_marks;

void persistence_learn_marks(apr_pool_t *pconf)
{
    apr_array_header_t *marks = apr_array_make(pconf, 1, sizeof(const char *));
    const ap_directive_t *at = conftree_find(ap_conftree, "RemoteIPHeader");
    for (; at; at = conftree_find(conftree_next(at), "RemoteIPHeader")) {
        const char *args = at->args;
        APR_ARRAY_PUSH(marks, const char *) = ap_getword_conf(pconf, &args);
    }
    own_marks = marks;
}

/* mod_remoteip takes its header away and gives the request an address of its own,
 * which may even read the same. It leaves both alone when it does not trust the address
 * in the header. With the PROXY protocol it gives the connection an address: that
 * connection is a single client's. */
static bool address_is_of_connection(const request_rec *r)
{
    const apr_sockaddr_t *address = r->useragent_addr;
    return address == r->connection->client_addr || address->pool == r->connection->pool;
}

static bool looks_proxied(const request_rec *r)
{
    for (size_t i = 0; i < USUAL_MARKS; i++)
        if (apr_table_get(r->headers_in, usual_marks[i])) return true;
    for (int i = 0; i < own_marks->nelts; i++)
        if (apr_table_get(r->headers_in, APR_ARRAY_IDX(own_marks, i, const char *))) return true;
    return !address_is_of_connection(r);
}

bool persistence_allowed(const request_rec *r, const dir_config_t *config)
{
    if (config->persistence == CONFIG_PERSISTENCE_REQUEST) return false;
    return config->proxied == CONFIG_PROXIED_TRUST || !looks_proxied(r);
}

bool persistence_refuses(const request_rec *r, const dir_config_t *config)
{
    return config->proxied == CONFIG_PROXIED_REFUSE && looks_proxied(r);
}
