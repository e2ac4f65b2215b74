#include "persistence.h"

#include <apr_strings.h>

#include <http_config.h>
#include <http_protocol.h>
#include <http_request.h>
#include <util_filter.h>

#include "../config/conftree.h"
#include "../http/http.h"
#include "../http/keepalive.h"

/* What proxies add; all that begin with X-Forwarded and X-Envoy beside them. Proxy-Support
 * promises that a proxy keeps its clients apart, but promises it to clients; in a request
 * anybody may have written it. */
static const char *const usual_marks[] = {
    "Via",
    "Forwarded",
    "X-Real-IP",
    "X-Client-IP",
    "Client-IP",
    "Proxy-Client-IP",
    "WL-Proxy-Client-IP",
    "X-Cluster-Client-IP",
    "True-Client-IP",
    "X-Original-Forwarded-For",
    "X-Original-URL",
    "X-ARR-LOG-ID",
    "X-Azure-ClientIP",
    "X-BlueCoat-Via",
    "X-Varnish",
    "CF-Connecting-IP",
    "Fastly-Client-IP",
    "Akamai-Origin-Hop",
    "CDN-Loop",
    "Surrogate-Capability",
    "Proxy-Support",
};
enum { USUAL_MARKS = sizeof usual_marks / sizeof usual_marks[0] };

/* These and those of RemoteIPHeader, as keys; written by persistence_learn_marks() before the
 * children exist. */
static const apr_table_t *marks;

void persistence_learn_marks(apr_pool_t *pconf)
{
    apr_table_t *all = apr_table_make(pconf, USUAL_MARKS + 1);
    const ap_directive_t *at = conftree_find(ap_conftree, "RemoteIPHeader");
    for (size_t i = 0; i < USUAL_MARKS; i++) apr_table_addn(all, usual_marks[i], "");
    for (; at; at = conftree_find(conftree_next(at), "RemoteIPHeader")) {
        const char *args = at->args;
        apr_table_addn(all, ap_getword_conf(pconf, &args), "");
    }
    marks = all;
}

/* Every header of every request of the server comes by here: a table tells most apart by their
 * first letter. */
static bool is_mark(const char *header)
{
    if ((*header | 0x20) == 'x' && (ap_cstr_casecmpn(header, "X-Forwarded", 11) == 0 ||
                                    ap_cstr_casecmpn(header, "X-Envoy-", 8) == 0))
        return true;
    return apr_table_get(marks, header) != NULL;
}

static int look(request_rec *r)
{
    const apr_array_header_t *headers = apr_table_elts(r->headers_in);
    conn_look(r);
    for (int i = 0; i < headers->nelts; i++) {
        const char *header = APR_ARRAY_IDX(headers, i, apr_table_entry_t).key;
        if (!is_mark(header)) continue;
        attempt_set_proxied(r, header);
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

const char *persistence_refuses(request_rec *r, const dir_config_t *config)
{
    if (config->proxied != CONFIG_PROXIED_REFUSE || !looks_proxied(r)) return NULL;
    const char *header = attempt_proxied_by(r);
    return header ? apr_psprintf(attempt_pool(r), "by its header %s", header)
                  : "by an address of its own (mod_remoteip)";
}

/* ---- what the client is told ---- */

/* MS-N2HT 2.2.4. Among the headers that survive an error, whose answer settles it anew. One who
 * is asked for a login again is not told of the one that he has. */
static apr_status_t say(ap_filter_t *f, apr_bucket_brigade *bb)
{
    request_rec *r = f->r;
    const attempt_t *attempt = attempt_of(r);
    bool stays = attempt && attempt->persists && keepalive_stays(r, bb);
    apr_table_unset(r->headers_out, "Persistent-Auth");
    if (r->status == HTTP_UNAUTHORIZED)
        apr_table_unset(r->err_headers_out, "Persistent-Auth");
    else
        apr_table_setn(r->err_headers_out, "Persistent-Auth", stays ? "true" : "false");
    ap_remove_output_filter(f);
    return ap_pass_brigade(f->next, bb);
}

static ap_filter_rec_t *last_moment;

static void insert(request_rec *r)
{
    const attempt_t *attempt = r->main ? NULL : attempt_of(r);
    if (attempt && attempt->status == NTLM_OK && attempt->claim && !http_is_to_proxy(r))
        ap_add_output_filter_handle(last_moment, NULL, r, r->connection);
}

/* The marks: before mod_headers and mod_remoteip may take them away. The filter: behind all that
 * change headers or bodies, before the one that writes the header. */
void persistence_register(void)
{
    last_moment =
        ap_register_output_filter("NTLM_PERSISTENT_AUTH", say, NULL, AP_FTYPE_PROTOCOL - 1);
    ap_hook_post_read_request(look, NULL, NULL, APR_HOOK_REALLY_FIRST);
    ap_hook_insert_filter(insert, NULL, NULL, APR_HOOK_LAST);
    ap_hook_insert_error_filter(insert, NULL, NULL, APR_HOOK_LAST);
}
