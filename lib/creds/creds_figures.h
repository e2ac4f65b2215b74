/* creds_figures.h - what a source was asked and how it has answered, in numbers.
 *
 * All children count together, without a lock. A restart leaves the numbers as they are while the
 * configuration names the source in the same words; else they go (retained.h).
 */
#ifndef NTLM_CREDS_FIGURES_H
#define NTLM_CREDS_FIGURES_H

#include <stdbool.h>
#include <stdint.h>

#include <apr_pools.h>
#include <apr_tables.h>
#include <apr_time.h>

typedef struct creds_figures_t creds_figures_t;

/* Those of a source with that backend, word (or NULL) and options, which is being opened: each call
 * is another source. NULL if there is no memory. */
creds_figures_t *creds_figures_open(apr_pool_t *pool, const char *backend, const char *word,
                                    const apr_table_t *given);

/* A look-up: it took so long, was answered by what is remembered, or not at all. figures may be
 * NULL: nobody counts. */
void creds_figures_add(creds_figures_t *figures, apr_interval_time_t took, bool remembered,
                       bool outage);

/* Look-ups are also counted by how long they took at the most. */
enum { CREDS_FIGURES_BOUNDS = 6 };
apr_interval_time_t creds_figures_bound(size_t i);

typedef struct creds_asked_t {
    uint64_t lookups, remembered, outages;
    uint64_t microseconds;                 /* which all look-ups took together */
    uint64_t within[CREDS_FIGURES_BOUNDS]; /* those that took no longer than that bound */
} creds_asked_t;

creds_asked_t creds_figures_read(const creds_figures_t *figures);

#endif
