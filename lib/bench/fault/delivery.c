#include "delivery.h"

#include <sys/socket.h>

#include <apr_buckets.h>
#include <apr_poll.h>
#include <apr_portable.h>

#include <http_core.h>
#include <util_filter.h>

#include "../site/threads.h"
#include "buckets.h"

static const char silent[] = "testbench-silent", slow[] = "testbench-slow",
                  unsized[] = "testbench-unsized";
static const char note[] = "testbench-unsized";

/* ---- nothing ---- */

/* httpd closes a connection that is aborted at once, and the kernel resets one that does not
 * linger. */
static void reset(conn_rec *c)
{
    static const struct linger at_once = {.l_onoff = 1, .l_linger = 0};
    apr_os_sock_t fd;
    if (apr_os_sock_get(&fd, ap_get_conn_socket(c)) == APR_SUCCESS)
        setsockopt(fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    c->aborted = 1;
}

static apr_status_t send_nothing(ap_filter_t *f, apr_bucket_brigade *brigade)
{
    const bool is_end = !buckets_are_none(brigade) && APR_BUCKET_IS_EOS(APR_BRIGADE_LAST(brigade));
    apr_brigade_cleanup(brigade);
    if (is_end && f->ctx) reset(f->c);
    return APR_SUCCESS;
}

void delivery_silent(request_rec *r, bool by_reset)
{
    r->connection->keepalive = AP_CONN_CLOSE;
    ap_add_output_filter(silent, by_reset ? r : NULL, r, r->connection);
}

/* ---- slowly ---- */

enum { PIECE = 8, BETWEEN_PIECES = 2000 /* microseconds */ };

static apr_status_t send_piece(ap_filter_t *f, apr_bucket_brigade *piece)
{
    if (f->c->aborted) return APR_ECONNABORTED;
    buckets_append(piece, apr_bucket_flush_create(f->c->bucket_alloc));
    const apr_status_t failed = ap_pass_brigade(f->next, piece);
    apr_brigade_cleanup(piece);
    apr_sleep(BETWEEN_PIECES);
    return failed;
}

static apr_status_t send_slowly(ap_filter_t *f, apr_bucket_brigade *brigade)
{
    apr_bucket_brigade *piece = apr_brigade_create(f->r->pool, f->c->bucket_alloc);
    apr_status_t failed = APR_SUCCESS;
    while (!failed && !buckets_are_none(brigade)) {
        apr_bucket *bucket = APR_BRIGADE_FIRST(brigade);
        const bool has_bytes = !APR_BUCKET_IS_METADATA(bucket);
        const char *bytes;
        apr_size_t len;
        if (has_bytes) failed = apr_bucket_read(bucket, &bytes, &len, APR_BLOCK_READ);
        if (has_bytes && !failed && len > PIECE) apr_bucket_split(bucket, PIECE);
        APR_BUCKET_REMOVE(bucket);
        buckets_append(piece, bucket);
        if (!failed) failed = has_bytes ? send_piece(f, piece) : ap_pass_brigade(f->next, piece);
    }
    return failed;
}

/* When too many wait already, it comes at once. */
void delivery_slow(request_rec *r)
{
    if (threads_hold(r->pool)) ap_add_output_filter(slow, NULL, r, r->connection);
}

/* ---- without a length ---- */

/* httpd knows the length of what comes with its end: the end comes later. */
static apr_status_t send_unsized(ap_filter_t *f, apr_bucket_brigade *brigade)
{
    ap_filter_t *next = f->next;
    apr_table_unset(f->r->headers_out, "Content-Length");
    f->r->connection->keepalive = AP_CONN_CLOSE;
    ap_remove_output_filter(f);
    if (buckets_are_none(brigade)) return ap_pass_brigade(next, brigade);
    apr_bucket_brigade *end = apr_brigade_create(f->r->pool, f->c->bucket_alloc);
    apr_bucket *last = APR_BRIGADE_LAST(brigade);
    if (APR_BUCKET_IS_EOS(last)) {
        APR_BUCKET_REMOVE(last);
        buckets_append(end, last);
    }
    buckets_append(brigade, apr_bucket_flush_create(f->c->bucket_alloc));
    const apr_status_t failed = ap_pass_brigade(next, brigade);
    return failed ? failed : ap_pass_brigade(next, end);
}

void delivery_unsized(request_rec *r)
{
    apr_table_setn(r->notes, note, "yes");
}

/* An error is answered by other filters than those that are there now. */
void delivery_expect(request_rec *r)
{
    if (apr_table_get(r->notes, note)) ap_add_output_filter(unsized, NULL, r, r->connection);
}

/* ---- behind it ---- */

void delivery_await(request_rec *r, unsigned ms)
{
    apr_pollfd_t end = {.p = r->pool,
                        .desc_type = APR_POLL_SOCKET,
                        .reqevents = APR_POLLIN,
                        .desc.s = ap_get_conn_socket(r->connection)};
    apr_int32_t ready;
    if (!threads_hold(r->pool) ||
        APR_STATUS_IS_TIMEUP(apr_poll(&end, 1, &ready, (apr_interval_time_t)ms * 1000)))
        r->connection->keepalive = AP_CONN_CLOSE;
}

void delivery_register(void)
{
    ap_register_output_filter(silent, send_nothing, NULL, AP_FTYPE_TRANSCODE);
    ap_register_output_filter(slow, send_slowly, NULL, AP_FTYPE_TRANSCODE);
    ap_register_output_filter(unsized, send_unsized, NULL, AP_FTYPE_PROTOCOL - 1);
}
