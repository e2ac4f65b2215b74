/* source_figures.h - what is known in numbers of each source that the configuration names.
 *
 * A source is called by its number and its backend: its own text holds paths and addresses.
 */
#ifndef NTLM_STATUS_SOURCE_FIGURES_H
#define NTLM_STATUS_SOURCE_FIGURES_H

#include "../creds/creds.h"

typedef struct source_figures_t {
    size_t number; /* in the order of the configuration, from 0 on */
    const char *backend;
    creds_asked_t asked;
    bool has_stock; /* or nobody knows what it holds */
    creds_stock_t stock;
} source_figures_t;

/* Those of all sources that were opened with that pool, for this process and what it forks. */
void source_figures_open(apr_pool_t *pconf);

/* An array of source_figures_t. */
const apr_array_header_t *source_figures(apr_pool_t *pool);

/* A number of each source; its names never change their meaning. How long look-ups took is no
 * number: see creds_asked_t. */
typedef struct source_row_t {
    const char *name; /* Prometheus' */
    const char *key;  /* mod_status' with ?auto: "Outages", behind "NTLMSource0" */
    const char *help; /* a sentence without a full stop */
    bool is_gauge;    /* it may become less */
    bool is_of_stock;
    uint64_t (*value)(const source_figures_t *figures);
} source_row_t;

enum { SOURCE_ROWS = 4 };
extern const source_row_t source_rows[SOURCE_ROWS];

#endif
