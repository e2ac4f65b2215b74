#include "bodies.h"

#include <http_protocol.h>

#include "../page/page.h"

static const char line[] = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcde\n";

enum { LINE_LEN = sizeof line - 1, BLOCK_LEN = 128 * LINE_LEN };

static const char *block(apr_pool_t *pool)
{
    char *lines = apr_palloc(pool, BLOCK_LEN);
    for (size_t at = 0; at < BLOCK_LEN; at += LINE_LEN) memcpy(lines + at, line, LINE_LEN);
    return lines;
}

/* httpd finds the length of a short answer by itself, unless its beginning has left. */
int bodies_answer(request_rec *r)
{
    const settings_t *settings = &bench_of(r)->place.settings;
    const char *lines = block(r->pool);
    ap_set_content_type(r, "text/plain; charset=us-ascii");
    apr_table_setn(r->headers_out, "Cache-Control", "no-store");
    page_protect(r->headers_out);
    if (!settings->chunked) ap_set_content_length(r, (apr_off_t)settings->body);
    if (settings->chunked && ap_rflush(r) < 0) return OK;
    for (uint64_t left = settings->body; left > 0;) {
        const int len = left < BLOCK_LEN ? (int)left : BLOCK_LEN;
        if (ap_rwrite(lines, len, r) < 0) return OK; /* the client has gone */
        left -= (uint64_t)len;
    }
    return OK;
}
