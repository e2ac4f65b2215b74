#include "login.h"

#include <string.h>

#include <apr_strings.h>

#include <http_core.h>
#include <http_ssl.h>

#include "../../system/clock.h"
#include "../../http/authorization.h"
#include "../fault/delivery.h"
#include "../fault/strike.h"
#include "answer.h"
#include "handshake.h"
#include "../record/judged.h"

static const char auth_type[] = "Testbench";

/* ---- what is remembered ---- */

static void forget_login(bench_conn_t *conn)
{
    conn->user = conn->user_place = NULL;
    conn->since_login = 0;
}

static void remember_login(taken_t *taken, const char *user)
{
    bench_conn_t *conn = taken->conn;
    apr_pool_clear(conn->login_pool);
    conn->asked = NULL;
    conn->user = apr_pstrdup(conn->login_pool, user);
    conn->user_place = apr_pstrdup(conn->login_pool, taken->bench->path);
    conn->login_since = clock_ticks();
    conn->since_login = 1;
}

static bool is_logged_in(const taken_t *taken)
{
    const bench_conn_t *conn = taken->conn;
    return conn->user && strcmp(conn->user_place, taken->bench->path) == 0;
}

static bool login_holds(const taken_t *taken)
{
    const bench_conn_t *conn = taken->conn;
    const settings_t *settings = taken->settings;
    if (settings->login_requests && conn->since_login >= settings->login_requests) return false;
    return !settings->login_ms ||
           clock_ticks() - conn->login_since < (apr_time_t)settings->login_ms * 1000;
}

/* ---- the answer ---- */

/* Asks for NTLM, by a challenge if there is one. */
static int refuse(taken_t *taken)
{
    request_rec *r = taken->r;
    const bool proxy = r->proxyreq == PROXYREQ_PROXY;
    const char *header = proxy ? "Proxy-Authenticate" : "WWW-Authenticate";
    if (!taken->replies[0]) apr_table_setn(r->err_headers_out, header, "NTLM");
    for (size_t i = 0; i < 2 && taken->replies[i]; i++)
        apr_table_addn(r->err_headers_out, header,
                       apr_pstrcat(r->pool, "NTLM ", taken->replies[i], NULL));
    return proxy ? HTTP_PROXY_AUTHENTICATION_REQUIRED : HTTP_UNAUTHORIZED;
}

static int welcome(taken_t *taken, const char *user)
{
    taken->r->user = apr_pstrdup(taken->r->pool, user);
    taken->r->ap_auth_type = apr_pstrdup(taken->r->pool, auth_type);
    taken->bench->record->user = apr_pstrdup(taken->bench->record->pool, user);
    return OK;
}

static void note(taken_t *taken, const char *status, const ntlm_claim_t *claim)
{
    record_t *record = taken->bench->record;
    const char *mic = ntlm_mic_word(claim->mic), *binding = ntlm_binding_word(claim->binding);
    const char *service = ntlm_service_word(claim->service);
    record->status = status;
    if (claim->detail) record->detail = claim->detail;
    if (mic) record->mic = mic;
    if (binding) record->binding = binding;
    if (service) record->service = service;
}

/* A login that production would let in may have earned a warning. */
static bool is_too_lax(taken_t *taken)
{
    record_t *record = taken->bench->record;
    if (!taken->settings->strict) return false;
    const judged_t *judged = judge_record(taken->r->pool, site_of_bench(), record);
    if (judged->diagnosis.warnings.count == 0) return false;
    record->status = "strict";
    record->detail = apr_pstrdup(record->pool, judged->diagnosis.warnings.list[0].text);
    return true;
}

static int take_token(taken_t *taken, bytes_t token)
{
    ntlm_claim_t claim;
    claim_clear(&claim);
    taken->policy = judged_policy(taken->r->pool, site_of_bench(), taken->settings);
    taken->input = (ntlm_input_t){.token = token, .now = apr_time_now(), .ticks = clock_ticks()};
    forget_login(taken->conn);
    const char *status = handshake_take(taken, &claim);
    note(taken, status, &claim);
    if (strcmp(status, ntlm_status_name(NTLM_OK)) != 0 || is_too_lax(taken)) return refuse(taken);
    remember_login(taken, claim.user);
    return welcome(taken, claim.user);
}

static int refuse_as(taken_t *taken, ntlm_status_t status)
{
    taken->bench->record->status = ntlm_status_row(status)->name;
    handshake_forget(taken->conn);
    forget_login(taken->conn);
    return refuse(taken);
}

static int take_nothing(taken_t *taken)
{
    if (!is_logged_in(taken)) return refuse_as(taken, NTLM_NO_CREDENTIALS);
    if (!login_holds(taken)) return refuse_as(taken, NTLM_LOGIN_ENDED);
    taken->conn->since_login++;
    taken->bench->record->status = ntlm_status_row(NTLM_OK)->name;
    return welcome(taken, taken->conn->user);
}

/* A request that is the last one of its connection, the challenge's, too. */
static void limit_requests(const taken_t *taken)
{
    const unsigned most = taken->settings->keepalive_requests;
    if (most && taken->conn->requests >= most) taken->r->connection->keepalive = AP_CONN_CLOSE;
}

/* ---- what goes wrong ---- */

/* The kind of request that it is, for faults. */
static unsigned kind_of(const taken_t *taken, http_credentials_t credentials, bytes_t token)
{
    if (credentials == HTTP_NO_CREDENTIALS)
        return is_logged_in(taken) ? FAULT_AT_LOGIN : FAULT_AT_NOTHING;
    if (credentials != HTTP_TOKEN) return 0;
    switch (message_type(token)) {
    case 1: return FAULT_AT_TYPE1;
    case 3: return FAULT_AT_TYPE3;
    default: return 0;
    }
}

/* False: the query says what is no number. */
static bool meet_fault(taken_t *taken, unsigned kind)
{
    const bench_t *bench = taken->bench;
    request_rec *r = taken->r;
    unsigned nth;
    if (!strike_read_nth(bench_query(bench, r->pool, "nth"), &nth)) return false;
    taken->fault =
        strike(r->pool, &taken->settings->fault, kind, bench->place.run, bench->path, nth);
    if (taken->fault == FAULT_LAST) r->connection->keepalive = AP_CONN_CLOSE;
    if (taken->fault == FAULT_NO_LENGTH) delivery_unsized(r);
    if (taken->fault == FAULT_SLOW) delivery_slow(r);
    return true;
}

/* Whether it is all that there is for an answer. */
static bool fault_answers(fault_kind_t fault)
{
    return fault == FAULT_CLOSE || fault == FAULT_RESET || fault == FAULT_ERROR ||
           fault == FAULT_NO_TOKEN || fault == FAULT_ASK_ONCE;
}

static int answer_by_fault(taken_t *taken)
{
    request_rec *r = taken->r;
    taken->bench->record->status = "fault";
    taken->bench->record->detail = taken->bench->place.row->sentence;
    if (taken->fault == FAULT_ASK_ONCE) return refuse(taken);
    handshake_forget(taken->conn);
    forget_login(taken->conn);
    if (taken->fault == FAULT_NO_TOKEN) return refuse(taken);
    if (taken->fault == FAULT_ERROR) return HTTP_INTERNAL_SERVER_ERROR;
    answer_publish(r, taken->bench, 0);
    delivery_silent(r, taken->fault == FAULT_RESET);
    return HTTP_INTERNAL_SERVER_ERROR;
}

static int refuse_query(request_rec *r)
{
    ap_custom_response(r, HTTP_BAD_REQUEST, "nth is a number, from 1 to 999999\n");
    return HTTP_BAD_REQUEST;
}

int login_leave(request_rec *r)
{
    const bench_t *bench = bench_of(r);
    const unsigned ms = bench ? bench->place.settings.idle_ms : 0;
    if (ms && bench->conn->asked && r->connection->keepalive == AP_CONN_KEEPALIVE)
        delivery_await(r, ms);
    return DECLINED;
}

/* Streams share a connection: the client is told to come back over HTTP/1.1 as production tells it
 * (mod_http2 makes HTTP_1_1_REQUIRED of this note). */
static int send_back(taken_t *taken)
{
    taken->bench->record->status = ntlm_status_row(NTLM_HTTP11_REQUIRED)->name;
    apr_table_setn(taken->r->notes, "ssl-renegotiate-forbidden", "ntlm");
    return HTTP_FORBIDDEN;
}

int login_check(request_rec *r)
{
    const char *type = ap_auth_type(r);
    bench_t *bench = bench_of(r);
    scheme_t scheme;
    bytes_t token;
    if (!type || strcmp(type, auth_type) != 0 || !bench || !bench->record) return DECLINED;
    taken_t taken = {.r = r,
                     .bench = bench,
                     .conn = bench->conn,
                     .settings = &bench->place.settings,
                     .fault = FAULT_NONE};
    if (r->connection->master) return send_back(&taken);
    limit_requests(&taken);
    const char *header = r->proxyreq == PROXYREQ_PROXY ? "Proxy-Authorization" : "Authorization";
    const http_credentials_t credentials =
        authorization_read(r->pool, apr_table_get(r->headers_in, header), &scheme, &token);
    if (!meet_fault(&taken, kind_of(&taken, credentials, token))) return refuse_query(r);
    if (fault_answers(taken.fault)) return answer_by_fault(&taken);
    if (taken.settings->tls_only && !ap_ssl_conn_is_ssl(r->connection))
        return refuse_as(&taken, NTLM_TLS_REQUIRED);
    if (credentials == HTTP_NO_CREDENTIALS) return take_nothing(&taken);
    if (credentials == HTTP_BAD_TOKEN) return refuse_as(&taken, NTLM_MALFORMED);
    if (credentials == HTTP_OTHER_SCHEME || scheme != SCHEME_NTLM)
        return refuse_as(&taken, NTLM_SCHEME_REFUSED);
    return take_token(&taken, token);
}
