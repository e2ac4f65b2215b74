#include "source_figures.h"

/* ---- the table ---- */

static uint64_t cache_hits(const source_figures_t *figures)
{
    return figures->asked.remembered;
}

static uint64_t outages(const source_figures_t *figures)
{
    return figures->asked.outages;
}

static uint64_t accounts(const source_figures_t *figures)
{
    return figures->stock.accounts;
}

static uint64_t written_at(const source_figures_t *figures)
{
    return (uint64_t)apr_time_sec(figures->stock.written);
}

const source_row_t source_rows[SOURCE_ROWS] = {
    {.name = "ntlm_source_cache_hits_total",
     .key = "CacheHits",
     .help = "Look-ups that were answered by what is remembered",
     .value = cache_hits},
    {.name = "ntlm_source_outages_total",
     .key = "Outages",
     .help = "Look-ups that the source did not answer, or not wholly",
     .value = outages},
    {.name = "ntlm_source_accounts",
     .key = "Accounts",
     .help = "Accounts of a password file",
     .is_gauge = true,
     .is_of_stock = true,
     .value = accounts},
    {.name = "ntlm_source_written_timestamp_seconds",
     .key = "Written",
     .help = "When the password file that is served was written, in seconds since 1970",
     .is_gauge = true,
     .is_of_stock = true,
     .value = written_at},
};

/* ---- the numbers ---- */

static const apr_array_header_t *sources;

void source_figures_open(apr_pool_t *pconf)
{
    sources = creds_all(pconf);
}

const apr_array_header_t *source_figures(apr_pool_t *pool)
{
    const int count = sources ? sources->nelts : 0;
    apr_array_header_t *all = apr_array_make(pool, count + 1, sizeof(source_figures_t));
    for (int i = 0; i < count; i++) {
        const creds_source_t *source = APR_ARRAY_IDX(sources, i, const creds_source_t *);
        source_figures_t *figures = apr_array_push(all);
        *figures = (source_figures_t){.number = (size_t)i,
                                      .backend = source->backend->name,
                                      .asked = creds_figures_read(source->figures),
                                      .has_stock = source->backend->stock != NULL};
        if (figures->has_stock) source->backend->stock(source->opened, &figures->stock);
    }
    return all;
}
