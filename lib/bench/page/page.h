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

/* Ends it: text and len are all of it, and stay as long as the request. False: there was no
 * memory. */
bool page_close(page_t *page);

/* Ends it and sends it; gives what a handler gives. */
int page_send(page_t *page);

/* A page of one line. */
int page_say(request_rec *r, int http, const char *text);

/* What keeps other pages out, and scripts: headers of whatever the bench itself answers. */
void page_protect(apr_table_t *headers);

/* Whether a browser asks, to show the answer to somebody. */
bool page_is_for_people(const request_rec *r);

/* A path of the bench, with the run of this request in front of it. */
const char *page_path(const request_rec *r, const char *path);

#endif
