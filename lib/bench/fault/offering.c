#include "offering.h"

#include <string.h>

#include <apr_lib.h>
#include <apr_strings.h>

#include <util_filter.h>

#include "../record/history.h"

static const char filter_name[] = "testbench-offering";

typedef struct offering_t {
    offer_t offer;
    const char *name; /* of the header */
    const char *key;
    unsigned nth;
} offering_t;

/* ---- headers ---- */

static int collect(void *values, const char *name, const char *value)
{
    (void)name;
    APR_ARRAY_PUSH((apr_array_header_t *)values, const char *) = value;
    return 1;
}

/* "NTLM" by itself, and not with a token. */
static bool is_bare(const char *value)
{
    return !strchr(value, ' ');
}

static const char *in_lower_case(apr_pool_t *pool, const char *value)
{
    char *text = apr_pstrdup(pool, value);
    for (char *c = text; *c && *c != ' '; c++) *c = (char)apr_tolower(*c);
    return text;
}

static void write_again(request_rec *r, apr_table_t *headers, const offering_t *offering)
{
    apr_array_header_t *values = apr_array_make(r->pool, 2, sizeof(const char *));
    apr_table_do(collect, values, headers, offering->name, NULL);
    apr_table_unset(headers, offering->name);
    if (offering->offer == OFFER_ONE_LINE && values->nelts > 0) {
        apr_table_t *joined = apr_table_make(r->pool, 1);
        for (int i = 0; i < values->nelts; i++)
            apr_table_merge(joined, offering->name, APR_ARRAY_IDX(values, i, const char *));
        apr_table_setn(headers, offering->name, apr_table_get(joined, offering->name));
        return;
    }
    for (int i = 0; i < values->nelts; i++) {
        const char *value = APR_ARRAY_IDX(values, i, const char *);
        if (offering->offer == OFFER_LOWER_CASE) value = in_lower_case(r->pool, value);
        if (offering->offer != OFFER_NONE || !is_bare(value))
            apr_table_addn(headers, offering->name, value);
    }
}

/* ---- the filter ---- */

static bool has_come(const request_rec *r, const offering_t *offering)
{
    const char *value = apr_table_get(r->headers_out, offering->name);
    if (!value) value = apr_table_get(r->err_headers_out, offering->name);
    if (offering->nth == 0) return true;
    return value && is_bare(value) && history_count_visit(offering->key) == offering->nth;
}

static apr_status_t on_answer(ap_filter_t *f, apr_bucket_brigade *brigade)
{
    request_rec *r = f->r;
    const offering_t *offering = f->ctx;
    ap_filter_t *next = f->next;
    ap_remove_output_filter(f);
    if (has_come(r, offering)) {
        write_again(r, r->headers_out, offering);
        write_again(r, r->err_headers_out, offering);
    }
    return ap_pass_brigade(next, brigade);
}

void offering_expect(request_rec *r, offer_t offer, const char *key, unsigned nth)
{
    offering_t *offering = apr_palloc(r->pool, sizeof *offering);
    *offering = (offering_t){.offer = offer,
                             .name = r->proxyreq == PROXYREQ_PROXY ? "Proxy-Authenticate"
                                                                   : "WWW-Authenticate",
                             .key = key,
                             .nth = nth};
    ap_add_output_filter(filter_name, offering, r, r->connection);
}

/* In front of what remembers the answer. */
void offering_register(void)
{
    ap_register_output_filter(filter_name, on_answer, NULL, AP_FTYPE_CONTENT_SET - 1);
}
