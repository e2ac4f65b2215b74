/* leg.h - a request and its answer, as they may be shown: lines, headers and bodies.
 */
#ifndef NTLM_BENCH_LEG_H
#define NTLM_BENCH_LEG_H

#include <apr_tables.h>

#include "../../explain/outline.h"
#include "../record/record.h"

/* What stands in front of a body. All in the pool that it was made in. */
typedef struct head_t {
    const char
        *words[3]; /* of the first line: "GET", "/ntlm", "HTTP/1.1"; "" for what is missing */
    apr_table_t *headers; /* in their order, as often as they came */
    size_t len;           /* in bytes, with the empty line behind it; 0: there was none */
} head_t;

/* The request's, with what may be shown of its credentials; and the answer's. */
head_t leg_request(apr_pool_t *pool, const record_t *record, const leg_t *leg);
head_t leg_answer(apr_pool_t *pool, const leg_t *leg);

/* A body as text that ends with a NUL, or NULL: that it is none. */
const char *leg_text(apr_pool_t *pool, bytes_t body);

/* "2026-11-28T20:12:53.123Z", of microseconds since 1970; and how long it took to answer, in
 * milliseconds. */
const char *leg_time(apr_pool_t *pool, int64_t time);
uint64_t leg_ms(const leg_t *leg);

/* Writes all legs of a record into the outline's open item. */
void legs_write(outline_t *out, apr_pool_t *pool, const record_t *record);

#endif
