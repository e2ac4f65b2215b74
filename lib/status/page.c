#include "page.h"

#include <inttypes.h>

#include <apr_strings.h>
#include <apr_time.h>

#include "counters.h"
#include "gauges.h"
#include "source_figures.h"
#include "text.h"

/* ---- for programs ---- */

static void auto_counter(text_t text, counter_id_t id)
{
    const counter_t *row = counter_row(id);
    for (size_t place = 0; place < COUNTER_PLACES; place++) {
        const char *label = counter_text(id, place);
        if (label)
            text_add(text, "%s%s%s: %" PRIu64 "\n", row->key, *label ? "-" : "", label,
                     counter_value(id, place));
    }
}

static void auto_source(text_t text, const source_figures_t *source)
{
    const char *key =
        apr_psprintf(text.pieces->pool, "NTLMSource%" APR_SIZE_T_FMT "", source->number);
    text_add(text, "%sBackend: %s\n", key, source->backend);
    text_add(text, "%sLookups: %" PRIu64 "\n", key, source->asked.lookups);
    text_add(text, "%sLookupMicroseconds: %" PRIu64 "\n", key, source->asked.microseconds);
    for (size_t i = 0; i < SOURCE_ROWS; i++)
        if (!source_rows[i].is_of_stock || source->has_stock)
            text_add(text, "%s%s: %" PRIu64 "\n", key, source_rows[i].key,
                     source_rows[i].value(source));
}

const char *page_auto(apr_pool_t *pool)
{
    text_t text = text_begin(pool);
    const apr_array_header_t *sources = source_figures(pool);
    for (gauge_id_t id = 0; id < GAUGE_COUNT; id++)
        text_add(text, "%s: %" PRIu64 "\n", gauge_row(id)->key, gauge_value(id));
    for (counter_id_t id = 0; id < COUNTER_COUNT; id++) auto_counter(text, id);
    text_add(text, "NTLMSources: %d\n", sources->nelts);
    for (int i = 0; i < sources->nelts; i++)
        auto_source(text, &APR_ARRAY_IDX(sources, i, source_figures_t));
    return text_all(text);
}

/* ---- for people ---- */

static const char table[] = "<table border=\"1\" cellpadding=\"3\">\n";

static void row_of(text_t text, const char *what, uint64_t value)
{
    text_add(text,
             "<tr><th scope=\"row\" align=\"left\">%s</th><td align=\"right\">%" PRIu64
             "</td></tr>\n",
             what, value);
}

static void now_and_so_far(text_t text)
{
    text_add(text, "%s", table);
    for (gauge_id_t id = 0; id < GAUGE_COUNT; id++)
        row_of(text, gauge_row(id)->help, gauge_value(id));
    for (counter_id_t id = 0; id < COUNTER_COUNT; id++)
        if (counter_row(id)->label == COUNTER_ALONE)
            row_of(text, counter_row(id)->help, counter_value(id, 0));
    text_add(text, "</table>\n");
}

/* Of all of the first counter's, in the same place. */
static const char *share(apr_pool_t *pool, uint64_t of, uint64_t all)
{
    return all == 0 ? "" : apr_psprintf(pool, " (%.1f %%)", 100.0 * (double)of / (double)all);
}

static void logins(text_t text)
{
    text_add(text, "<h2>Logins</h2>\n%s<tr><th>Scheme</th>", table);
    for (counter_id_t id = 0; id < COUNTER_COUNT; id++)
        if (counter_row(id)->label == COUNTER_BY_SCHEME)
            text_add(text, "<th>%s</th>", counter_row(id)->title);
    for (size_t place = 0; place < COUNTER_PLACES; place++) {
        const char *scheme = counter_text(COUNTER_LOGINS, place);
        if (!scheme) continue;
        text_add(text, "</tr>\n<tr><th scope=\"row\" align=\"left\">%s</th>", scheme);
        for (counter_id_t id = 0; id < COUNTER_COUNT; id++) {
            if (counter_row(id)->label != COUNTER_BY_SCHEME) continue;
            const uint64_t value = counter_value(id, place);
            text_add(text, "<td align=\"right\">%" PRIu64 "%s</td>", value,
                     id == COUNTER_LOGINS
                         ? ""
                         : share(text.pieces->pool, value, counter_value(COUNTER_LOGINS, place)));
        }
    }
    text_add(text, "</tr>\n</table>\n");
}

static void by_status(text_t text, counter_id_t id)
{
    bool any = false;
    text_add(text, "<h2>%s</h2>\n", counter_row(id)->title);
    for (size_t place = 0; place < COUNTER_PLACES; place++) {
        const char *status = counter_text(id, place);
        if (!status || counter_value(id, place) == 0) continue;
        if (!any) text_add(text, "%s", table);
        any = true;
        text_add(text,
                 "<tr><th scope=\"row\" align=\"left\">%s</th><td align=\"right\">%" PRIu64
                 "</td><td>%s</td></tr>\n",
                 status, counter_value(id, place), ntlm_status_row((ntlm_status_t)place)->sentence);
    }
    text_add(text, any ? "</table>\n" : "<p>None so far.</p>\n");
}

/* The largest unit of which there is more than one. */
static const char *age(apr_pool_t *pool, apr_time_t since)
{
    static const struct {
        apr_int64_t seconds;
        const char *word;
    } units[] = {{86400, "days"}, {3600, "hours"}, {60, "minutes"}, {1, "seconds"}};
    const apr_int64_t seconds = apr_time_sec(apr_time_now() - since);
    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++)
        if (seconds >= 2 * units[i].seconds)
            return apr_psprintf(pool, "%" APR_INT64_T_FMT " %s", seconds / units[i].seconds,
                                units[i].word);
    return "new";
}

static void source(text_t text, const source_figures_t *source)
{
    apr_pool_t *pool = text.pieces->pool;
    const creds_asked_t *asked = &source->asked;
    const double mean = asked->lookups ? (double)asked->microseconds / (double)asked->lookups : 0;
    text_add(text,
             "<tr><th scope=\"row\">%" APR_SIZE_T_FMT "</th><td>%s</td><td align=\"right\">%" PRIu64
             "</td><td align=\"right\">%.3f ms</td><td align=\"right\">%" PRIu64
             "%s</td><td align=\"right\">%" PRIu64 "</td>",
             source->number, source->backend, asked->lookups, mean / 1000, asked->remembered,
             share(pool, asked->remembered, asked->lookups), asked->outages);
    if (source->has_stock)
        text_add(text, "<td align=\"right\">%" PRIu64 "</td><td align=\"right\">%s</td></tr>\n",
                 source->stock.accounts, age(pool, source->stock.written));
    else
        text_add(text, "<td></td><td></td></tr>\n");
}

static void sources(text_t text)
{
    const apr_array_header_t *all = source_figures(text.pieces->pool);
    text_add(text, "<h2>Sources of accounts</h2>\n%s", table);
    text_add(text, "<tr><th>Source</th><th>Backend</th><th>Look-ups</th><th>Mean time</th>"
                   "<th>From the cache</th><th>Not answered</th><th>Accounts</th>"
                   "<th>Age of the file</th></tr>\n");
    for (int i = 0; i < all->nelts; i++) source(text, &APR_ARRAY_IDX(all, i, source_figures_t));
    text_add(text, "</table>\n");
}

const char *page_html(apr_pool_t *pool)
{
    text_t text = text_begin(pool);
    text_add(text, "<hr />\n<h1>NTLM logins</h1>\n");
    now_and_so_far(text);
    logins(text);
    for (counter_id_t id = 0; id < COUNTER_COUNT; id++)
        if (counter_row(id)->label == COUNTER_BY_STATUS) by_status(text, id);
    sources(text);
    return text_all(text);
}
