/* page.h - writing a page: what all handlers need.
 */
#ifndef NTLM_BENCH_PAGE_H
#define NTLM_BENCH_PAGE_H

#include <httpd.h>

#include "../../explain/json.h"
#include "../glue/bench.h"

/* A page is written into memory as into a file, and sent. */
typedef struct page_t {
    request_rec *r;
    FILE *out;
    char *text;
    size_t len;
} page_t;

/* NULL if there is no memory. */
page_t *page_open(request_rec *r, const char *type);

/* Sends it; gives what a handler gives. */
int page_send(page_t *page);

/* A page of one line. */
int page_say(request_rec *r, int http, const char *text);

#endif
