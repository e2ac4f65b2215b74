#include "echo.h"

#include <apr_strings.h>

#include <http_protocol.h>
#include <util_filter.h>

#include "../glue/answer.h"
#include "../fault/buckets.h"
#include "decoded.h"

/* ---- the body ---- */

static apr_status_t take(apr_bucket_brigade *brigade, digest_t *digest, body_t *body, bool *ended)
{
    for (EACH_BUCKET(bucket, brigade)) {
        const char *bytes;
        apr_size_t len;
        if (APR_BUCKET_IS_EOS(bucket)) *ended = true;
        if (APR_BUCKET_IS_METADATA(bucket)) continue;
        const apr_status_t failed = apr_bucket_read(bucket, &bytes, &len, APR_BLOCK_READ);
        if (failed) return failed;
        body->len += len;
        if (!digest_add(digest, (bytes_t){(const uint8_t *)bytes, len})) return APR_EGENERAL;
    }
    return apr_brigade_cleanup(brigade);
}

int body_read(request_rec *r, body_t *body)
{
    digest_t *digest = digest_begin(r->pool);
    apr_bucket_brigade *brigade = apr_brigade_create(r->pool, r->connection->bucket_alloc);
    apr_status_t failed = APR_SUCCESS;
    bool ended = false;
    *body = (body_t){.len = 0};
    if (!digest) return HTTP_INTERNAL_SERVER_ERROR;
    while (!failed && !ended) {
        failed = ap_get_brigade(r->input_filters, brigade, AP_MODE_READBYTES, APR_BLOCK_READ,
                                HUGE_STRING_LEN);
        if (!failed) failed = take(brigade, digest, body, &ended);
    }
    if (failed) return ap_map_http_request_error(failed, HTTP_BAD_REQUEST);
    return digest_end(digest, body->sha256) ? OK : HTTP_INTERNAL_SERVER_ERROR;
}

/* ---- the echo ---- */

static int say_header(void *json, const char *name, const char *value)
{
    json_text(json, name, value);
    return 1;
}

static void say(FILE *out, const request_rec *r, const body_t *body)
{
    const bench_conn_t *conn = bench_of(r)->conn;
    json_t json = {.out = out};
    json_open(&json, NULL, '{');
    json_text(&json, "method", r->method);
    json_text(&json, "path", r->unparsed_uri);
    json_text(&json, "user", r->user);
    json_number(&json, "connection", conn->number);
    json_number(&json, "request", conn->requests);
    json_number(&json, "logins", conn->logins);
    json_open(&json, "body", '{');
    json_number(&json, "length", body->len);
    json_hex(&json, "sha256", (bytes_t){body->sha256, sizeof body->sha256});
    json_close(&json, '}');
    json_open(&json, "headers", '{');
    apr_table_do(say_header, &json, r->headers_in, NULL);
    json_close(&json, '}');
    json_close(&json, '}');
}

/* ---- for people ---- */

static int show(request_rec *r, const body_t *body)
{
    const bench_t *bench = bench_of(r);
    page_t *page = html_open(r, apr_psprintf(r->pool, "Logged in as %s", r->user));
    if (!page) return HTTP_INTERNAL_SERVER_ERROR;
    if (bench->record && bench->record->type3.len > 0)
        decoded_write(page, bench->record);
    else
        html_element(page, "p", "The connection was logged in before: it did not have to ask.");
    html_element(page, "h2", "What came");
    page_t *json = page_open(r, "text/html; charset=utf-8");
    if (json) say(json->out, r, body);
    if (json && page_close(json)) html_element(page, "pre", "%s", json->text);
    fputs("<p>", page->out);
    html_link(page, "/decoded", "The last login");
    html_text(page, ", ");
    html_link(page, "/", "all addresses");
    fputs("</p>\n", page->out);
    html_end(page);
    return page_send(page);
}

int echo_answer(request_rec *r)
{
    body_t body;
    const int failed = body_read(r, &body);
    if (failed) return failed;
    answer_complete(bench_of(r));
    if (page_is_for_people(r)) return show(r, &body);
    page_t *page = page_open(r, "application/json");
    if (!page) return HTTP_INTERNAL_SERVER_ERROR;
    say(page->out, r, &body);
    return page_send(page);
}
