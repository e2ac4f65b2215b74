#include "metrics.h"

#include <inttypes.h>

#include <apr_strings.h>

#include "counters.h"
#include "gauges.h"
#include "source_figures.h"
#include "text.h"

static void head(text_t text, const char *name, const char *type, const char *help)
{
    text_add(text, "# HELP %s %s.\n# TYPE %s %s\n", name, help, name, type);
}

/* ---- counters and gauges ---- */

static const char *const label_names[] = {
    [COUNTER_ALONE] = "", [COUNTER_BY_SCHEME] = "scheme", [COUNTER_BY_STATUS] = "status"};

static void counter(text_t text, counter_id_t id)
{
    const counter_t *row = counter_row(id);
    head(text, row->name, "counter", row->help);
    for (size_t place = 0; place < COUNTER_PLACES; place++) {
        const char *label = counter_text(id, place);
        if (!label) continue;
        text_add(text, "%s", row->name);
        if (row->label != COUNTER_ALONE)
            text_add(text, "{%s=\"%s\"}", label_names[row->label], label);
        text_add(text, " %" PRIu64 "\n", counter_value(id, place));
    }
}

static void gauge(text_t text, gauge_id_t id)
{
    const gauge_t *row = gauge_row(id);
    head(text, row->name, "gauge", row->help);
    text_add(text, "%s %" PRIu64 "\n", row->name, gauge_value(id));
}

/* ---- sources ---- */

static void source_row(text_t text, const source_row_t *row, const apr_array_header_t *all)
{
    head(text, row->name, row->is_gauge ? "gauge" : "counter", row->help);
    for (int i = 0; i < all->nelts; i++) {
        const source_figures_t *source = &APR_ARRAY_IDX(all, i, source_figures_t);
        if (row->is_of_stock && !source->has_stock) continue;
        text_add(text, "%s{source=\"%" APR_SIZE_T_FMT "\",backend=\"%s\"} %" PRIu64 "\n", row->name,
                 source->number, source->backend, row->value(source));
    }
}

static const char lookups[] = "ntlm_source_lookup_duration_seconds";

static void bucket(text_t text, const source_figures_t *source, const char *bound, uint64_t count)
{
    text_add(text,
             "%s_bucket{source=\"%" APR_SIZE_T_FMT "\",backend=\"%s\",le=\"%s\"} %" PRIu64 "\n",
             lookups, source->number, source->backend, bound, count);
}

/* APR leaves out a zero before the point. */
static const char *seconds(apr_pool_t *pool, apr_interval_time_t time)
{
    return apr_psprintf(pool, "%s%g", time < APR_USEC_PER_SEC ? "0" : "",
                        (double)time / APR_USEC_PER_SEC);
}

static void histogram(text_t text, const source_figures_t *source)
{
    const creds_asked_t *asked = &source->asked;
    for (size_t i = 0; i < CREDS_FIGURES_BOUNDS; i++)
        bucket(text, source, seconds(text.pieces->pool, creds_figures_bound(i)), asked->within[i]);
    bucket(text, source, "+Inf", asked->lookups);
    text_add(text,
             "%s_sum{source=\"%" APR_SIZE_T_FMT "\",backend=\"%s\"} %" PRIu64 ".%06" PRIu64 "\n",
             lookups, source->number, source->backend, asked->microseconds / APR_USEC_PER_SEC,
             asked->microseconds % APR_USEC_PER_SEC);
    text_add(text, "%s_count{source=\"%" APR_SIZE_T_FMT "\",backend=\"%s\"} %" PRIu64 "\n", lookups,
             source->number, source->backend, asked->lookups);
}

const char *metrics_text(apr_pool_t *pool)
{
    text_t text = text_begin(pool);
    const apr_array_header_t *sources = source_figures(pool);
    for (counter_id_t id = 0; id < COUNTER_COUNT; id++) counter(text, id);
    for (gauge_id_t id = 0; id < GAUGE_COUNT; id++) gauge(text, id);
    head(text, lookups, "histogram", "How long the sources of accounts took for look-ups");
    for (int i = 0; i < sources->nelts; i++)
        histogram(text, &APR_ARRAY_IDX(sources, i, source_figures_t));
    for (size_t i = 0; i < SOURCE_ROWS; i++) source_row(text, &source_rows[i], sources);
    return text_all(text);
}
