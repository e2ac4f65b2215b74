/* text.h - a long text, made piece by piece. */
#ifndef NTLM_STATUS_TEXT_H
#define NTLM_STATUS_TEXT_H

#include <apr_pools.h>
#include <apr_tables.h>

typedef struct text_t {
    apr_array_header_t *pieces;
} text_t;

text_t text_begin(apr_pool_t *pool);
void text_add(text_t text, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* All of it, from the pool that it was begun with. */
const char *text_all(text_t text);

#endif
