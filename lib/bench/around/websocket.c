#include "websocket.h"

#include <string.h>

#include <apr_cstr.h>
#include <apr_encode.h>
#include <apr_sha1.h>
#include <apr_strings.h>
#include <apr_uri.h>

#include <http_protocol.h>
#include <util_filter.h>

#include "../glue/answer.h"
#include "../glue/guard.h"
#include "../page/page.h"
#include "../site/threads.h"
#include "frame.h"

/* ---- the handshake ---- */

static const char *accept_of(apr_pool_t *pool, const char *key)
{
    static const char suffix[] = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"; /* RFC 6455 1.3 */
    unsigned char digest[APR_SHA1_DIGESTSIZE];
    apr_sha1_ctx_t context;
    apr_sha1_init(&context);
    apr_sha1_update(&context, key, (unsigned)strlen(key));
    apr_sha1_update(&context, suffix, sizeof suffix - 1);
    apr_sha1_final(digest, &context);
    return apr_pencode_base64_binary(pool, digest, sizeof digest, APR_ENCODE_NONE, NULL);
}

static bool asks(const request_rec *r)
{
    const char *upgrade = apr_table_get(r->headers_in, "Upgrade");
    const char *version = apr_table_get(r->headers_in, "Sec-WebSocket-Version");
    return r->method_number == M_GET && upgrade && apr_cstr_casecmp(upgrade, "websocket") == 0 &&
           ap_find_token(r->pool, apr_table_get(r->headers_in, "Connection"), "upgrade") &&
           version && strcmp(version, "13") == 0 &&
           apr_table_get(r->headers_in, "Sec-WebSocket-Key");
}

/* Any page may open one, and a browser logs in to it by itself; it says whose page it is. */
static bool is_of_somebody_else(const request_rec *r)
{
    const char *origin = apr_table_get(r->headers_in, "Origin");
    apr_uri_t uri;
    if (!origin) return false;
    return apr_uri_parse(r->pool, origin, &uri) != APR_SUCCESS || !uri.hostname ||
           !guard_knows(site_of_bench(), uri.hostname);
}

static int say_upgrade(request_rec *r)
{
    apr_table_setn(r->err_headers_out, "Upgrade", "websocket");
    apr_table_setn(r->err_headers_out, "Connection", "Upgrade");
    apr_table_setn(r->err_headers_out, "Sec-WebSocket-Version", "13");
    return page_say(r, HTTP_UPGRADE_REQUIRED, "here is a WebSocket: GET, and version 13");
}

static void switch_protocols(request_rec *r)
{
    const char *key = apr_table_get(r->headers_in, "Sec-WebSocket-Key");
    r->status = HTTP_SWITCHING_PROTOCOLS;
    apr_table_setn(r->headers_out, "Upgrade", "websocket");
    apr_table_setn(r->headers_out, "Connection", "Upgrade");
    apr_table_setn(r->headers_out, "Sec-WebSocket-Accept", accept_of(r->pool, key));
    answer_by_hand(r, bench_of(r), HTTP_SWITCHING_PROTOCOLS);
    apr_table_overlap(r->headers_out, r->err_headers_out, APR_OVERLAP_TABLES_SET);
    ap_send_interim_response(r, 1);
    r->output_filters = r->proto_output_filters = r->connection->output_filters;
    r->input_filters = r->proto_input_filters = r->connection->input_filters;
    r->connection->keepalive = AP_CONN_CLOSE;
}

/* ---- frames ---- */

typedef struct channel_t {
    request_rec *r;
    apr_bucket_brigade *in, *out;
    uint8_t payload[FRAME_PAYLOAD_MAX];
} channel_t;

static bool take(channel_t *channel, uint8_t *to, size_t len)
{
    while (len > 0) {
        apr_size_t got = len;
        apr_brigade_cleanup(channel->in);
        if (ap_get_brigade(channel->r->connection->input_filters, channel->in, AP_MODE_READBYTES,
                           APR_BLOCK_READ, (apr_off_t)len) != APR_SUCCESS ||
            apr_brigade_flatten(channel->in, (char *)to, &got) != APR_SUCCESS || got == 0)
            return false;
        to += got;
        len -= got;
    }
    return true;
}

static bool put(channel_t *channel, frame_t frame, const uint8_t *payload)
{
    uint8_t header[FRAME_HEADER_MAX];
    writer_t out = writer_to(header, sizeof header);
    ap_filter_t *filters = channel->r->connection->output_filters;
    frame_write(&out, &frame);
    apr_brigade_cleanup(channel->out);
    return ap_fwrite(filters, channel->out, (const char *)header, written(&out).len) ==
               APR_SUCCESS &&
           ap_fwrite(filters, channel->out, (const char *)payload, frame.len) == APR_SUCCESS &&
           ap_fflush(filters, channel->out) == APR_SUCCESS;
}

static void close_with(channel_t *channel, frame_status_t status)
{
    const uint8_t why[2] = {(uint8_t)(status >> 8), (uint8_t)(status & 0xFF)};
    put(channel, (frame_t){.fin = true, .opcode = FRAME_CLOSE, .len = sizeof why}, why);
}

/* False: it was the last one. */
static bool give_back(channel_t *channel)
{
    uint8_t header[FRAME_HEADER_MAX];
    frame_t frame;
    if (!take(channel, header, 2) || !take(channel, header + 2, frame_header_len(header) - 2))
        return false;
    const frame_status_t wrong = frame_read((bytes_t){header, frame_header_len(header)}, &frame);
    if (wrong) close_with(channel, wrong);
    if (wrong || !take(channel, channel->payload, frame.len)) return false;
    frame_unmask(&frame, channel->payload);
    if (frame.opcode == FRAME_CLOSE) close_with(channel, FRAME_NORMAL);
    if (frame.opcode == FRAME_CLOSE) return false;
    if (frame.opcode == FRAME_PONG) return true;
    if (frame.opcode == FRAME_PING) frame.opcode = FRAME_PONG;
    return put(channel, frame, channel->payload);
}

int websocket_answer(request_rec *r)
{
    if (is_of_somebody_else(r))
        return page_say(r, HTTP_FORBIDDEN, "that page is of another site (Origin)");
    if (!asks(r)) return say_upgrade(r);
    if (!threads_hold(r->pool))
        return page_say(r, HTTP_SERVICE_UNAVAILABLE, "too many WebSockets are open");
    channel_t *channel = apr_palloc(r->pool, sizeof *channel);
    channel->r = r;
    channel->in = apr_brigade_create(r->pool, r->connection->bucket_alloc);
    channel->out = apr_brigade_create(r->pool, r->connection->bucket_alloc);
    switch_protocols(r);
    while (give_back(channel)) continue;
    return OK;
}
