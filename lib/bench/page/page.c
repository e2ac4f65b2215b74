#include "page.h"

#include <stdlib.h>

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
    return page;
}

int page_send(page_t *page)
{
    request_rec *r = page->r;
    const int failed = fclose(page->out);
    page->out = NULL;
    if (failed) return HTTP_INTERNAL_SERVER_ERROR;
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
