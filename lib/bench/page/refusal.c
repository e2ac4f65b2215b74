#include "refusal.h"

#include <http_protocol.h>
#include <util_filter.h>

#include "../fault/buckets.h"
#include "../glue/answer.h"
#include "decoded.h"

static const char filter_name[] = "testbench-refusal";

static page_t *write_page(request_rec *r, bench_t *bench)
{
    const record_t *record = bench->record;
    page_t *page = html_open(r, record->type3.len > 0 ? "Not logged in" : "A login is wanted");
    if (!page) return NULL;
    if (record->type3.len > 0)
        decoded_write(page, record);
    else
        html_element(page, "p", "The browser gave no account: nothing more is known.");
    fputs("<p>", page->out);
    html_link(page, "/", "All addresses and accounts");
    fputs("</p>\n", page->out);
    html_end(page);
    return page_close(page) ? page : NULL;
}

static bool is_whole(apr_bucket_brigade *brigade)
{
    for (EACH_BUCKET(bucket, brigade))
        if (APR_BUCKET_IS_EOS(bucket)) return true;
    return false;
}

static apr_status_t on_refusal(ap_filter_t *f, apr_bucket_brigade *brigade)
{
    request_rec *r = f->r;
    bench_t *bench = bench_of(r);
    ap_filter_t *next = f->next;
    ap_remove_output_filter(f);
    if (!bench || !bench->record || !is_whole(brigade)) return ap_pass_brigade(next, brigade);
    answer_complete(bench);
    page_t *page = write_page(r, bench);
    if (!page) return ap_pass_brigade(next, brigade);
    apr_brigade_cleanup(brigade);
    apr_brigade_write(brigade, NULL, NULL, page->text, page->len);
    buckets_append(brigade, apr_bucket_eos_create(r->connection->bucket_alloc));
    apr_table_unset(r->headers_out, "Content-Length");
    return ap_pass_brigade(next, brigade);
}

void refusal_expect(request_rec *r)
{
    const bench_t *bench = bench_of(r);
    const bool asks =
        r->status == HTTP_UNAUTHORIZED || r->status == HTTP_PROXY_AUTHENTICATION_REQUIRED;
    if (asks && bench && bench->record && !r->main && !r->header_only && page_is_for_people(r))
        ap_add_output_filter(filter_name, NULL, r, r->connection);
}

/* Before the one that keeps the body. */
void refusal_register(void)
{
    ap_register_output_filter(filter_name, on_refusal, NULL, AP_FTYPE_RESOURCE);
}
