/* figures.h - two sources of a configuration, one of which knows what it holds. */
#ifndef NTLM_UNIT_FIGURES_H
#define NTLM_UNIT_FIGURES_H

#include "../../lib/system/retained.h"
#include "../../lib/status/source_figures.h"

static const char *open_nothing(apr_pool_t *p, struct server_rec *server, const char *word,
                                const apr_table_t *given, void **opened)
{
    (void)p, (void)server, (void)word, (void)given;
    *opened = NULL;
    return NULL;
}

static apr_time_t stock_written;

static void three_accounts(void *opened, creds_stock_t *stock)
{
    (void)opened;
    *stock = (creds_stock_t){3, stock_written};
}

static const creds_backend_t with_stock = {
    .name = "stocked", .open = open_nothing, .stock = three_accounts};
static const creds_backend_t without_stock = {.name = "plain", .open = open_nothing};

/* Opens both; the second one was asked three times, for 1.5 s in all. */
static void open_two_sources(apr_time_t written)
{
    creds_source_t *source = NULL;
    creds_open_t what = {
        .backend = &with_stock, .word = "/a/path", .given = apr_table_make(pool, 1), .text = "1"};
    stock_written = written;
    assert_null(creds_open(pool, &what, &source));
    what.backend = &without_stock;
    assert_null(creds_open(pool, &what, &source));
    creds_figures_add(source->figures, 50, true, false);
    creds_figures_add(source->figures, 499950, false, false);
    creds_figures_add(source->figures, 1000000, false, true);
    source_figures_open(pool);
}

/* The end of a configuration, whose numbers nobody asks for again. */
static int no_sources(void **state)
{
    (void)state;
    retained_sweep(pool);
    retained_sweep(pool);
    apr_pool_clear(pool);
    return 0;
}

#endif
