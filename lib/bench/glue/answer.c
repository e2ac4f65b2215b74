#include "answer.h"

#include <string.h>

#include <apr_escape.h>
#include <apr_strings.h>

#include <http_protocol.h>
#include <util_filter.h>

#include "../../system/clock.h"
#include "../../http/authorization.h"
#include "../../explain/unwrap.h"
#include "../fault/buckets.h"
#include "../fault/offering.h"
#include "../fault/strike.h"
#include "../record/fates.h"
#include "../record/head.h"
#include "../record/history.h"
#include "../site/octets.h"
#include "../site/threads.h"

static const char filter_name[] = "testbench-answer";

/* ---- the record ---- */

static const char *head_of(request_rec *r, apr_pool_t *pool, int http)
{
    const char *line = apr_pstrcat(r->pool, "HTTP/1.1 ", ap_get_status_line(http), NULL);
    return head_text(pool, r->pool, line, r->headers_out, r->err_headers_out);
}

/* A plain place's Type 2 stands in the answer alone. For an answer of its own httpd has changed
 * the two tables about. */
static void read_type2(request_rec *r, record_t *record)
{
    const char *header = record->proxy ? "Proxy-Authenticate" : "WWW-Authenticate";
    const char *value = apr_table_get(r->err_headers_out, header);
    if (!value) value = apr_table_get(r->headers_out, header);
    scheme_t scheme;
    bytes_t token;
    if (record->type3.len > 0 || !value) return;
    if (authorization_read(r->pool, value, &scheme, &token) != HTTP_TOKEN) return;
    const bytes_t message = unwrap(token).message;
    if (message_type(message) == 2) record->type2 = octets_copy(record->pool, message);
}

/* Of a plain place nobody has said so far whose names these are. */
static void find_account(record_t *record)
{
    ntlm_claim_t claim;
    type2_t type2;
    type3_t type3;
    if (record->knows_account || record->type3.len == 0 || type3_parse(record->type3, &type3))
        return;
    claim_clear(&claim);
    const bool challenged = record->type2.len > 0 && !type2_parse(record->type2, &type2);
    const uint32_t flags = challenged ? type2.flags : type3.flags;
    if (claim_open(&claim, record->type3, flags) != NTLM_OK) return;
    const site_account_t *account = site_account(site_of_bench(), claim.user, claim.domain);
    if (!account) return;
    record->account = *account;
    record->knows_account = true;
}

/* The connection keeps the record of its last Type 1, for the Type 3. */
static void keep_opening(bench_conn_t *conn, const record_t *record)
{
    const record_t *before = conn->opening;
    if (record->type1.len == 0 || record->type3.len > 0) {
        history_release(record);
        return;
    }
    conn->opening = record;
    if (before) history_release(before);
}

void answer_publish(request_rec *r, bench_t *bench, int http)
{
    record_t *record = bench->record;
    if (!record) return;
    leg_t *leg = &record->legs[record->legs_count - 1];
    leg->http = http;
    if (http) leg->answer = head_of(r, record->pool, http);
    leg->ended = apr_time_now();
    record->left = clock_ticks();
    record->course.request = bench->said;
    read_type2(r, record);
    find_account(record);
    bench->record = NULL;
    keep_opening(bench->conn, history_append(record));
}

/* ---- the header ---- */

/* Text of anybody as a value of the header. */
static const char *value_of(apr_pool_t *pool, const char *text)
{
    return *text ? apr_pescape_urlencoded(pool, text) : "-";
}

void answer_complete(bench_t *bench)
{
    record_t *record = bench->record;
    if (!record) return;
    find_account(record);
    if (bench->is_counted) return;
    const bool is_new = record->type3.len > 0 || record->authorization.len > 0;
    if (*record->user && is_new) bench->conn->logins++;
    record->login = bench->conn->logins;
    bench->is_counted = true;
}

static void say(request_rec *r, bench_t *bench)
{
    const record_t *record = bench->record;
    /* what is behind the proxy has its own */
    const char *header =
        apr_table_get(r->headers_out, "NTLM-Bench") ? "NTLM-Bench-Proxy" : "NTLM-Bench";
    answer_complete(bench);
    apr_table_setn(r->err_headers_out, header,
                   apr_psprintf(r->pool,
                                "status=%s; conn=%" APR_UINT64_T_FMT
                                "; req=%u; login=%u; user=%s; id=%" APR_UINT64_T_FMT,
                                value_of(r->pool, record->status), record->connection,
                                record->request, record->login, value_of(r->pool, record->user),
                                record->id));
}

void answer_by_hand(request_rec *r, bench_t *bench, int http)
{
    if (!bench->record) return;
    say(r, bench);
    answer_publish(r, bench, http);
}

/* ---- the filter ---- */

/* Of what is not read yet, such as a CGI's, neither length nor bytes are known. */
static void keep_body(leg_t *leg, apr_pool_t *pool, apr_bucket_brigade *brigade, apr_off_t all)
{
    apr_off_t len = -1;
    apr_size_t kept = LEG_BODY_KEPT;
    if (apr_brigade_length(brigade, 0, &len) != APR_SUCCESS || len <= 0) return;
    char *bytes = apr_palloc(pool, kept);
    if (apr_brigade_flatten(brigade, bytes, &kept) != APR_SUCCESS) return;
    leg->got = (bytes_t){(const uint8_t *)bytes, kept};
    leg->got_len = (uint64_t)(all > len ? all : len);
}

/* httpd itself begins another answer then. */
static bool is_given_up(apr_bucket_brigade *brigade)
{
    for (EACH_BUCKET(bucket, brigade))
        if (AP_BUCKET_IS_ERROR(bucket)) return true;
    return false;
}

static apr_status_t on_answer(ap_filter_t *f, apr_bucket_brigade *brigade)
{
    request_rec *r = f->r;
    bench_t *bench = bench_of(r);
    ap_filter_t *next = f->next;
    if (is_given_up(brigade)) return ap_pass_brigade(next, brigade);
    ap_remove_output_filter(f);
    if (bench && bench->record) {
        record_t *record = bench->record;
        say(r, bench);
        keep_body(&record->legs[record->legs_count - 1], record->pool, brigade, r->clength);
        answer_publish(r, bench, r->status);
    }
    return ap_pass_brigade(next, brigade);
}

static void expect_offer(request_rec *r, const bench_t *bench)
{
    unsigned nth;
    if (bench->place.settings.offer == OFFER_USUAL) return;
    const char *key = apr_pstrcat(r->pool, bench->place.run, "\n", bench->path, NULL);
    if (strike_read_nth(bench_query(bench, r->pool, "nth"), &nth))
        offering_expect(r, bench->place.settings.offer, key, nth);
}

void answer_expect(request_rec *r)
{
    const bench_t *bench = bench_of(r);
    if (!bench || !bench->record || r->main) return;
    expect_offer(r, bench);
    ap_add_output_filter(filter_name, NULL, r, r->connection);
}

/* What is forwarded needs a thread here and another one where it goes to. */
int answer_forward(request_rec *r)
{
    bench_t *bench = bench_of(r);
    if (!bench || !bench->forwards) return DECLINED;
    if (!threads_hold(r->pool)) return HTTP_SERVICE_UNAVAILABLE;
    if (r->method_number != M_CONNECT || !bench->record) return DECLINED;
    answer_complete(bench);
    answer_publish(r, bench, HTTP_OK);
    return DECLINED;
}

int answer_log(request_rec *r)
{
    bench_t *bench = bench_of(r);
    if (!bench || r->main) return DECLINED;
    answer_publish(r, bench, 0);
    fates_note_request(bench->conn->number, bench->conn->requests, &bench->said);
    bench->conn->answered = clock_ticks();
    bench->conn->closes = r->connection->keepalive == AP_CONN_CLOSE;
    return DECLINED;
}

void answer_register(void)
{
    ap_register_output_filter(filter_name, on_answer, NULL, AP_FTYPE_CONTENT_SET);
}
