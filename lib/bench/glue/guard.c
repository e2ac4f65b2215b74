#include "guard.h"

#include <apr_cstr.h>
#include <apr_strings.h>

#include <http_core.h>

#include "../site/host.h"

bool guard_knows(const site_t *site, const char *host)
{
    if (host_is_loopback(host)) return true;
    for (int i = 0; i < site->hosts->nelts; i++)
        if (apr_cstr_casecmp(host, APR_ARRAY_IDX(site->hosts, i, const char *)) == 0) return true;
    return false;
}

/* Programs of before HTTP/1.1 name no host; browsers always do. */
int guard_host(request_rec *r)
{
    if (!r->hostname && !apr_table_get(r->headers_in, "Host")) return OK;
    if (r->hostname && guard_knows(site_of_bench(), r->hostname)) return OK;
    ap_custom_response(r, HTTP_MISDIRECTED_REQUEST,
                       "the bench answers for localhost, loopback addresses and the names that it "
                       "was started with (--hostname): any other name may be one that somebody "
                       "else lets point here\n");
    return HTTP_MISDIRECTED_REQUEST;
}
