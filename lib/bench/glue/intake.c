#include "intake.h"

#include <string.h>

#include <util_filter.h>

#include "../fault/buckets.h"
#include "bench.h"

static const char filter_name[] = "testbench-intake";

/* One room for all pieces: a body may come byte by byte. */
static void keep(bench_t *bench, const char *bytes, size_t len)
{
    record_t *record = bench->record;
    leg_t *leg = &record->legs[record->legs_count - 1];
    const size_t room = LEG_BODY_KEPT - leg->sent.len, taken = len < room ? len : room;
    leg->sent_len += len;
    if (taken == 0) return;
    if (!bench->sent) bench->sent = apr_palloc(record->pool, LEG_BODY_KEPT);
    memcpy(bench->sent + leg->sent.len, bytes, taken);
    leg->sent = (bytes_t){bench->sent, leg->sent.len + taken};
}

/* What ends a body before its end, not what is wrong with it. */
static bool is_end(apr_status_t failed)
{
    return APR_STATUS_IS_EOF(failed) || APR_STATUS_IS_INCOMPLETE(failed) ||
           APR_STATUS_IS_TIMEUP(failed) || APR_STATUS_IS_ECONNRESET(failed) ||
           APR_STATUS_IS_ECONNABORTED(failed);
}

static apr_status_t on_body(ap_filter_t *f, apr_bucket_brigade *brigade, ap_input_mode_t mode,
                            apr_read_type_e block, apr_off_t most)
{
    const apr_status_t failed = ap_get_brigade(f->next, brigade, mode, block, most);
    bench_t *bench = bench_of(f->r);
    if (!bench || mode == AP_MODE_SPECULATIVE) return failed;
    if (is_end(failed) && !bench->said.knows_body) bench->said.body_ended_early = true;
    if (failed) return failed;
    for (EACH_BUCKET(bucket, brigade)) {
        const char *bytes;
        apr_size_t len;
        if (APR_BUCKET_IS_EOS(bucket)) bench->said.knows_body = true;
        if (APR_BUCKET_IS_METADATA(bucket)) continue;
        if (apr_bucket_read(bucket, &bytes, &len, APR_BLOCK_READ) != APR_SUCCESS) break;
        bench->said.body_len += len;
        if (bench->record) keep(bench, bytes, len);
    }
    return failed;
}

void intake_expect(request_rec *r)
{
    ap_add_input_filter(filter_name, NULL, r, r->connection);
}

void intake_register(void)
{
    ap_register_input_filter(filter_name, on_body, NULL, AP_FTYPE_CONTENT_SET);
}
