/* items.h - what a line of the access log can say of a client's request: one table.
 *
 * A client request may be a chain (attempt.h), of which the log has one line: an item is of the
 * request as the client sent it, or of the answer that it got, whatever stands between them.
 */
#ifndef NTLM_ACCESSLOG_ITEMS_H
#define NTLM_ACCESSLOG_ITEMS_H

#include <stdbool.h>

#include <httpd.h>

typedef struct item_t {
    const char *text; /* NULL: there is none, or nothing is known */
    bool is_number;
} item_t;

/* The item of that name: "uri", "header:Accept". One that is not known has no text. The headers
 * that carry credentials have none either. */
item_t item_of(request_rec *r, const char *name);

bool item_is_known(const char *name);

/* The names of all of them, for people. */
const char *item_names(apr_pool_t *pool);

#endif
