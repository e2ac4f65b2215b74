#include "creds_figures.h"

#include <stdatomic.h>

#include <apr_strings.h>

#include "../system/retained.h"

static const apr_interval_time_t bounds[CREDS_FIGURES_BOUNDS] = {100,    1000,    10000,
                                                                 100000, 1000000, 10000000};

typedef _Atomic uint64_t number_t;

struct creds_figures_t {
    number_t remembered, outages, microseconds;
    number_t of[CREDS_FIGURES_BOUNDS + 1]; /* look-ups above the bound before, if there is one */
};

creds_figures_t *creds_figures_open(apr_pool_t *pool, const char *backend, const char *word,
                                    const apr_table_t *given)
{
    void *memory;
    const char *name =
        apr_pstrcat(pool, "figures of a source, 1\n", backend, "\n", word ? word : "", NULL);
    const apr_array_header_t *options = apr_table_elts(given);
    for (int i = 0; i < options->nelts; i++) {
        const apr_table_entry_t *option = &APR_ARRAY_IDX(options, i, apr_table_entry_t);
        name = apr_pstrcat(pool, name, "\n", option->key, "=", option->val, NULL);
    }
    return retained_memory(pool, name, sizeof(creds_figures_t), &memory) == APR_SUCCESS ? memory
                                                                                        : NULL;
}

static void add(number_t *number, uint64_t more)
{
    atomic_fetch_add_explicit(number, more, memory_order_relaxed);
}

static uint64_t value_of(const number_t *number)
{
    return atomic_load_explicit(number, memory_order_relaxed);
}

void creds_figures_add(creds_figures_t *figures, apr_interval_time_t took, bool remembered,
                       bool outage)
{
    size_t i = 0;
    if (!figures) return;
    while (i < CREDS_FIGURES_BOUNDS && took > bounds[i]) i++;
    add(&figures->of[i], 1);
    add(&figures->microseconds, (uint64_t)took);
    if (remembered) add(&figures->remembered, 1);
    if (outage) add(&figures->outages, 1);
}

apr_interval_time_t creds_figures_bound(size_t i)
{
    return bounds[i];
}

/* The look-ups are the sum of what is within each bound, so that they are never less than those. */
creds_asked_t creds_figures_read(const creds_figures_t *figures)
{
    creds_asked_t asked = {0};
    if (!figures) return asked;
    for (size_t i = 0; i <= CREDS_FIGURES_BOUNDS; i++) {
        asked.lookups += value_of(&figures->of[i]);
        if (i < CREDS_FIGURES_BOUNDS) asked.within[i] = asked.lookups;
    }
    asked.remembered = value_of(&figures->remembered);
    asked.outages = value_of(&figures->outages);
    asked.microseconds = value_of(&figures->microseconds);
    return asked;
}
