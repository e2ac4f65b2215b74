#include "page.h"

#include <stdlib.h>
#include <string.h>

#include <apr_strings.h>

#include <http_protocol.h>

static apr_status_t forget(void *data)
{
    page_t *page = data;
    if (page->out) fclose(page->out);
    free(page->text);
    return APR_SUCCESS;
}

page_t *page_open(request_rec *r, const char *type)
{
    page_t *page = apr_pcalloc(r->pool, sizeof *page);
    page->r = r;
    page->out = open_memstream(&page->text, &page->len);
    if (!page->out) return NULL;
    apr_pool_cleanup_register(r->pool, page, forget, apr_pool_cleanup_null);
    ap_set_content_type(r, type);
    apr_table_setn(r->headers_out, "Cache-Control", "no-store");
    page_protect(r->headers_out);
    return page;
}

bool page_close(page_t *page)
{
    const int failed = fclose(page->out);
    page->out = NULL;
    return !failed;
}

int page_send(page_t *page)
{
    request_rec *r = page->r;
    if (!page_close(page)) return HTTP_INTERNAL_SERVER_ERROR;
    ap_set_content_length(r, (apr_off_t)page->len);
    if (page->len > 0) ap_rwrite(page->text, (int)page->len, r);
    return OK;
}

int page_say(request_rec *r, int http, const char *text)
{
    page_t *page = page_open(r, "text/plain; charset=utf-8");
    if (!page) return HTTP_INTERNAL_SERVER_ERROR;
    r->status = http;
    fprintf(page->out, "%s\n", text);
    return page_send(page);
}

void page_protect(apr_table_t *headers)
{
    apr_table_setn(headers, "Content-Security-Policy",
                   "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; "
                   "frame-ancestors 'none'");
    apr_table_setn(headers, "Cross-Origin-Resource-Policy", "same-origin");
    apr_table_setn(headers, "Referrer-Policy", "no-referrer");
    apr_table_setn(headers, "X-Content-Type-Options", "nosniff");
}

bool page_is_for_people(const request_rec *r)
{
    const char *accept = apr_table_get(r->headers_in, "Accept");
    return accept && strstr(accept, "text/html");
}

const char *page_path(const request_rec *r, const char *path)
{
    const char *run = bench_of(r)->place.run;
    return *run ? apr_pstrcat(r->pool, "/r/", ap_escape_path_segment(r->pool, run), path, NULL)
                : path;
}
