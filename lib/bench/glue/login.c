#include "login.h"

#include <string.h>

#include <apr_encode.h>
#include <apr_strings.h>

#include <http_core.h>
#include <http_ssl.h>

#include "../../creds/clock.h"
#include "../../http/authorization.h"
#include "../fault/delivery.h"
#include "bench.h"
#include "challenge.h"
#include "forward.h"
#include "../record/judged.h"

static const char auth_type[] = "Testbench";

/* One message and all that goes with it. */
typedef struct taken_t {
    request_rec *r;
    bench_t *bench;
    bench_conn_t *conn;
    const settings_t *settings;
    ntlm_policy_t policy;
    ntlm_input_t input;
    bytes_t reply; /* the Type 2 to send; empty: none */
} taken_t;

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

/* ---- the messages ---- */

static ntlm_status_t challenge(taken_t *taken, ntlm_claim_t *claim)
{
    bench_conn_t *conn = taken->conn;
    uint8_t nonce[NTLM_CHALLENGE_LEN], room[NTLM_TYPE2_MAX];
    writer_t type2 = writer_to(room, sizeof room);
    type1_t type1;
    claim->detail = type1_parse(taken->input.token, &type1);
    if (claim->detail) return NTLM_MALFORMED;
    if (apr_generate_random_bytes(nonce, sizeof nonce) != APR_SUCCESS) return NTLM_CRYPTO_FAILED;
    challenge_write(&type2, site_of_bench(), &taken->settings->shape, type1.flags, nonce,
                    taken->input.now);
    conn->handshake =
        (ntlm_handshake_t){.messages = writer_to(conn->messages, sizeof conn->messages)};
    claim->detail = ntlm_resume(&conn->acceptor, &conn->handshake, taken->input.token,
                                written(&type2), taken->input.ticks);
    if (claim->detail) return NTLM_MALFORMED;
    apr_pool_clear(conn->login_pool); /* nobody is logged in: take() has seen to that */
    conn->asked = apr_pstrdup(conn->login_pool, taken->bench->path);
    taken->reply = ntlm_reply(&conn->acceptor);
    return NTLM_CHALLENGE_SENT;
}

/* Whom the place means by these names, or NULL. */
static const site_account_t *account_of(const taken_t *taken, const ntlm_claim_t *claim)
{
    const settings_t *settings = taken->settings;
    const bench_t *bench = taken->bench;
    const bool has_place = bench->forwards && !bench->place_is_named && !bench->place_is_unknown;
    const char *user = has_place ? forward_user(taken->r->pool, claim->user) : claim->user;
    site_t alone;
    if (!settings->user) return site_account(site_of_bench(), user, claim->domain);
    const site_account_t *account =
        site_account_of(taken->r->pool, settings->domain, settings->user, settings->password);
    if (!account) return NULL;
    alone = *site_of_bench();
    alone.accounts = apr_array_make(taken->r->pool, 1, sizeof *account);
    *(site_account_t *)apr_array_push(alone.accounts) = *account;
    return site_account(&alone, user, claim->domain) ? account : NULL;
}

static ntlm_status_t prove(taken_t *taken, ntlm_claim_t *claim)
{
    const site_account_t *account = account_of(taken, claim);
    record_t *record = taken->bench->record;
    ntlm_key_t key = {.state = NTLM_OK};
    if (account) {
        memcpy(key.nt_hash, account->nt_hash, NTLM_KEY_LEN);
        if (account->disabled) key.state = NTLM_ACCOUNT_DISABLED;
        record->account =
            *site_account_of(record->pool, account->domain, account->user, account->password);
        record->account.disabled = account->disabled;
        record->knows_account = true;
    }
    taken->policy.bindings = (const uint8_t(*)[NTLM_BINDING_LEN])record->bindings;
    taken->policy.bindings_count = record->bindings_count;
    return ntlm_prove(&taken->conn->acceptor, &taken->policy, claim, account ? &key : NULL);
}

static ntlm_status_t take(taken_t *taken, ntlm_claim_t *claim)
{
    bench_conn_t *conn = taken->conn;
    if (conn->asked && strcmp(conn->asked, taken->bench->path) != 0) ntlm_forget(&conn->acceptor);
    forget_login(conn);
    ntlm_status_t status = ntlm_accept(&conn->acceptor, &taken->policy, &taken->input, claim);
    if (status == NTLM_NEED_NONCE) return challenge(taken, claim);
    conn->asked = NULL;
    if (status != NTLM_NEED_KEY) return status;
    return prove(taken, claim);
}

/* ---- the answer ---- */

static int refuse(taken_t *taken)
{
    request_rec *r = taken->r;
    const bool proxy = r->proxyreq == PROXYREQ_PROXY;
    const char *header = proxy ? "Proxy-Authenticate" : "WWW-Authenticate", *token;
    if (taken->reply.len > 0) {
        token = apr_pencode_base64_binary(r->pool, taken->reply.data, (apr_ssize_t)taken->reply.len,
                                          APR_ENCODE_NONE, NULL);
        apr_table_setn(r->err_headers_out, header, apr_pstrcat(r->pool, "NTLM ", token, NULL));
    } else {
        apr_table_setn(r->err_headers_out, header, "NTLM");
    }
    return proxy ? HTTP_PROXY_AUTHENTICATION_REQUIRED : HTTP_UNAUTHORIZED;
}

static int welcome(taken_t *taken, const char *user)
{
    taken->r->user = apr_pstrdup(taken->r->pool, user);
    taken->r->ap_auth_type = apr_pstrdup(taken->r->pool, auth_type);
    taken->bench->record->user = apr_pstrdup(taken->bench->record->pool, user);
    return OK;
}

static void note(taken_t *taken, ntlm_status_t status, const ntlm_claim_t *claim)
{
    record_t *record = taken->bench->record;
    const char *mic = ntlm_mic_word(claim->mic), *binding = ntlm_binding_word(claim->binding);
    const char *service = ntlm_service_word(claim->service);
    record->status = ntlm_status_row(status)->name;
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
    const ntlm_status_t status = take(taken, &claim);
    note(taken, status, &claim);
    if (status != NTLM_OK || is_too_lax(taken)) return refuse(taken);
    remember_login(taken, claim.user);
    return welcome(taken, claim.user);
}

static int refuse_as(taken_t *taken, ntlm_status_t status)
{
    taken->bench->record->status = ntlm_status_row(status)->name;
    ntlm_forget(&taken->conn->acceptor);
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
                     .reply = bytes_none()};
    if (r->connection->master) return send_back(&taken);
    limit_requests(&taken);
    const char *header = r->proxyreq == PROXYREQ_PROXY ? "Proxy-Authorization" : "Authorization";
    const http_credentials_t credentials =
        authorization_read(r->pool, apr_table_get(r->headers_in, header), &scheme, &token);
    if (taken.settings->tls_only && !ap_ssl_conn_is_ssl(r->connection))
        return refuse_as(&taken, NTLM_TLS_REQUIRED);
    if (credentials == HTTP_NO_CREDENTIALS) return take_nothing(&taken);
    if (credentials == HTTP_BAD_TOKEN) return refuse_as(&taken, NTLM_MALFORMED);
    if (credentials == HTTP_OTHER_SCHEME || scheme != SCHEME_NTLM)
        return refuse_as(&taken, NTLM_SCHEME_REFUSED);
    return take_token(&taken, token);
}
