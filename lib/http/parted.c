#include "parted.h"

#include <string.h>

#include <apr_strings.h>

#include <http_request.h>
#include <util_filter.h>

#include "http.h"

static const char between[] = ", ";
enum { BETWEEN = sizeof between - 1 };

/* ---- text ---- */

/* The length of one of these that stands there, up to the next challenge or the end; else 0. */
static size_t asked_at(const apr_array_header_t *asked, const char *text)
{
    for (int i = 0; i < asked->nelts; i++) {
        const char *one = APR_ARRAY_IDX(asked, i, const char *);
        const size_t len = strlen(one);
        if (strncmp(text, one, len) == 0 &&
            (text[len] == '\0' || strncmp(text + len, between, BETWEEN) == 0))
            return len;
    }
    return 0;
}

/* The next separator outside of quotes, or the end. */
static const char *end_of_part(const char *text)
{
    for (bool quoted = false; *text; text++) {
        if (*text == '"') quoted = !quoted;
        if (*text == '\\' && quoted && text[1]) text++;
        if (!quoted && strncmp(text, between, BETWEEN) == 0) break;
    }
    return text;
}

static void add(apr_table_t *headers, apr_pool_t *pool, const char *name, const char *text,
                const char *end)
{
    if (end > text) apr_table_addn(headers, name, apr_pstrndup(pool, text, (size_t)(end - text)));
}

/* What is not ours stays joined: a comma may stand between the parameters of one challenge. */
static void part(apr_table_t *headers, apr_pool_t *pool, const char *name, const char *value,
                 const apr_array_header_t *asked)
{
    const char *others = value, *others_end = value;
    for (const char *at = value; *at;) {
        const size_t len = asked_at(asked, at);
        const char *end = len ? at + len : end_of_part(at);
        const char *next = *end ? end + BETWEEN : end;
        if (len) {
            add(headers, pool, name, others, others_end);
            add(headers, pool, name, at, end);
            others = next;
        }
        others_end = len ? next : end;
        at = next;
    }
    add(headers, pool, name, others, others_end);
}

/* ---- headers ---- */

static void part_headers(request_rec *r, const char *name, const apr_array_header_t *asked)
{
    const apr_array_header_t *old = apr_table_elts(r->err_headers_out);
    apr_table_t *headers = apr_table_make(r->pool, old->nelts + asked->nelts);
    for (int i = 0; i < old->nelts; i++) {
        const apr_table_entry_t *header = &APR_ARRAY_IDX(old, i, apr_table_entry_t);
        if (ap_cstr_casecmp(header->key, name) == 0)
            part(headers, r->pool, name, header->val, asked);
        else
            apr_table_addn(headers, header->key, header->val);
    }
    r->err_headers_out = headers;
}

static apr_status_t filter(ap_filter_t *f, apr_bucket_brigade *bb)
{
    request_rec *r = f->r;
    if (r->status == HTTP_UNAUTHORIZED || r->status == HTTP_PROXY_AUTHENTICATION_REQUIRED)
        part_headers(r, http_challenge_header(r), http_asked(r));
    ap_remove_output_filter(f);
    return ap_pass_brigade(f->next, bb);
}

static ap_filter_rec_t *last_moment;

/* A script answers a refusal by way of a redirect of httpd. */
static void insert(request_rec *r)
{
    if (r->prev && !r->main && http_asked(r)->nelts > 0)
        ap_add_output_filter_handle(last_moment, NULL, r, r->connection);
}

void parted_register(void)
{
    last_moment = ap_register_output_filter("NTLM_PARTED", filter, NULL, AP_FTYPE_PROTOCOL - 1);
    ap_hook_insert_filter(insert, NULL, NULL, APR_HOOK_LAST);
}
