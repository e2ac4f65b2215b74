#include "persistence.h"

#include <http_config.h>

#include "conftree.h"

/* What proxies add; all that begin with X-Forwarded and X-Envoy beside them. Proxy-Support
 * promises that a proxy keeps its clients apart, but promises it to clients; in a request
 * anybody may have written it. */
static const char *const usual_marks[] = {
    "Via",           "Forwarded",           "X-Real-IP",        "X-Client-IP",
    "Proxy-Support", "X-Cluster-Client-IP", "True-Client-IP",   "X-Original-Forwarded-For",
    "X-Varnish",     "CF-Connecting-IP",    "Fastly-Client-IP", "CDN-Loop"};
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

/* Every header of every request of the server comes by here: most are told apart by
 * their first letter, before a function is called. */
static bool begins_alike(const char *header, const char *mark)
{
    return (*header | 0x20) == (*mark | 0x20);
}

static bool is_mark(const char *header)
{
    if (begins_alike(header, "X") && (ap_cstr_casecmpn(header, "X-Forwarded", 11) == 0 ||
                                      ap_cstr_casecmpn(header, "X-Envoy-", 8) == 0))
        return true;
    for (size_t i = 0; i < USUAL_MARKS; i++)
        if (begins_alike(header, usual_marks[i]) && ap_cstr_casecmp(header, usual_marks[i]) == 0)
            return true;
    for (int i = 0; i < own_marks->nelts; i++)
        if (ap_cstr_casecmp(header, APR_ARRAY_IDX(own_marks, i, const char *)) == 0) return true;
    return false;
}

int persistence_look(request_rec *r)
{
    const apr_array_header_t *headers = apr_table_elts(r->headers_in);
    for (int i = 0; i < headers->nelts; i++) {
        if (!is_mark(APR_ARRAY_IDX(headers, i, apr_table_entry_t).key)) continue;
        attempt_set_proxied(r);
        break;
    }
    return DECLINED;
}

/* mod_remoteip gives the request an address of its own, which may even read the same.
 * With the PROXY protocol it gives the connection one: that connection is a single client's. */
static bool address_is_of_connection(const request_rec *r)
{
    const apr_sockaddr_t *address = r->useragent_addr;
    return address == r->connection->client_addr || address->pool == r->connection->pool;
}

static bool looks_proxied(request_rec *r)
{
    return attempt_is_proxied(r) || !address_is_of_connection(r);
}

bool persistence_allowed(request_rec *r, const dir_config_t *config)
{
    if (config->persistence == CONFIG_PERSISTENCE_REQUEST) return false;
    return config->proxied == CONFIG_PROXIED_TRUST || !looks_proxied(r);
}

bool persistence_refuses(request_rec *r, const dir_config_t *config)
{
    return config->proxied == CONFIG_PROXIED_REFUSE && looks_proxied(r);
}
