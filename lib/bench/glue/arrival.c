#include "arrival.h"

#include <string.h>

#include <apr_strings.h>

#include <http_core.h>
#include <http_ssl.h>

#include "../../system/clock.h"
#include "../../explain/unwrap.h"
#include "../../http/authorization.h"
#include "../../ntlm/crypto.h"
#include "../../ntlm/response.h"
#include "../site/octets.h"
#include "../site/pem.h"
#include "bench.h"
#include "facts.h"
#include "forward.h"
#include "guard.h"
#include "intake.h"
#include "tls_unique.h"
#include "../record/head.h"
#include "../record/history.h"

/* ---- what came ---- */

static bytes_t copy_text(apr_pool_t *pool, const char *text)
{
    return text ? octets_copy(pool, bytes_of(text)) : bytes_none();
}

/* Of a Type 3 the Type 1 and Type 2 before it on its connection belong to the record, too. */
static void join_opening(record_t *record, const record_t *opening)
{
    record->type1 = octets_copy(record->pool, opening->type1);
    record->type2 = octets_copy(record->pool, opening->type2);
    leg_t *leg = &record->legs[0];
    *leg = opening->legs[opening->legs_count - 1];
    leg->request = apr_pstrdup(record->pool, leg->request);
    leg->answer = apr_pstrdup(record->pool, leg->answer);
    leg->sent = octets_copy(record->pool, leg->sent);
    leg->got = octets_copy(record->pool, leg->got);
    record->legs_count = 1;
}

/* A header that credentials of our schemes came in, and that nobody reads here. What Authorization
 * has for a server is nothing to its proxy. */
static const char *misplaced(const request_rec *r, bool proxy)
{
    static const char *const names[] = {"Authentication",     "X-Authorization",
                                        "Authorisation",      "WWW-Authenticate",
                                        "Proxy-Authenticate", "Proxy-Authorization"};
    for (size_t i = 0; i < sizeof names / sizeof names[0] - (proxy ? 1 : 0); i++)
        if (authorization_scheme(apr_table_get(r->headers_in, names[i])) != SCHEME_NONE)
            return names[i];
    return NULL;
}

static void read_token(request_rec *r, bench_t *bench)
{
    record_t *record = bench->record;
    const char *header = record->proxy ? "Proxy-Authorization" : "Authorization";
    const char *value = apr_table_get(r->headers_in, header);
    scheme_t scheme;
    bytes_t token;
    record->authorization = copy_text(record->pool, value);
    if (!value) record->misplaced = misplaced(r, record->proxy);
    if (authorization_read(r->pool, value, &scheme, &token) != HTTP_TOKEN) return;
    if (scheme == SCHEME_BASIC) return;
    const bytes_t message = unwrap(token).message;
    if (message_type(message) == 1) record->type1 = octets_copy(record->pool, message);
    if (message_type(message) != 3) return;
    record->type3 = octets_copy(record->pool, message);
    if (bench->conn->opening) join_opening(record, bench->conn->opening);
}

/* ---- the channel ---- */

static void read_channel(request_rec *r, record_t *record)
{
    static const char prefix[] = "tls-server-end-point:";
    uint8_t data[sizeof prefix - 1 + CERTIFICATE_HASH_MAX];
    if (!record->tls) return;
    const char *pem =
        ap_ssl_var_lookup(record->pool, r->server, r->connection, r, "SSL_SERVER_CERT");
    const char *next = pem;
    if (!pem || !*pem) return;
    record->certificate = pem_certificate(record->pool, &next);
    record->tls_unique = tls_unique_of(r->connection, record->pool);
    memcpy(data, prefix, sizeof prefix - 1);
    const size_t len = certificate_hash(bytes_of(pem), data + sizeof prefix - 1);
    if (len > 0 && channel_binding((bytes_t){data, sizeof prefix - 1 + len}, record->bindings[0]))
        record->bindings_count = 1;
}

/* ---- the record ---- */

/* The texts of the settings are the request's. */
static void copy_settings(record_t *record, const settings_t *settings)
{
    settings_t *copy = &record->settings;
    *copy = *settings;
    copy->accept_domain = apr_pstrdup(record->pool, settings->accept_domain);
    copy->domain = apr_pstrdup(record->pool, settings->domain);
    copy->user = apr_pstrdup(record->pool, settings->user);
    copy->password = apr_pstrdup(record->pool, settings->password);
}

static apr_status_t drop_record(void *data)
{
    bench_t *bench = data;
    if (bench->record) record_free(bench->record);
    bench->record = NULL;
    return APR_SUCCESS;
}

static void begin_record(request_rec *r, bench_t *bench)
{
    record_t *record = bench->record = record_new();
    apr_pool_cleanup_register(r->pool, bench, drop_record, apr_pool_cleanup_null);
    record->id = bench->id = history_next_id();
    record->run = apr_pstrdup(record->pool, bench->place.run);
    record->path = apr_pstrdup(record->pool, bench->path);
    record->row = bench->place.row;
    copy_settings(record, &bench->place.settings);
    record->connection = bench->conn->number;
    record->request = bench->conn->requests;
    record->tls = ap_ssl_conn_is_ssl(r->connection) != 0;
    record->proxy = r->proxyreq == PROXYREQ_PROXY;
    record->scheme = record->tls ? "https" : "http";
    record->host = apr_pstrdup(record->pool, r->hostname ? r->hostname : "");
    record->client = apr_pstrdup(record->pool, r->useragent_ip);
    read_channel(r, record);
    read_token(r, bench);
    facts_read(r, bench);
    leg_t *leg = &record->legs[record->legs_count++];
    /* as it came, but for what httpd has joined */
    leg->request = head_text(record->pool, r->pool, r->the_request, r->headers_in, NULL);
    leg->began = r->request_time;
    record->came = clock_ticks();
}

/* ---- where it goes ---- */

/* httpd looks for sections by this path: each plain place has one, all others share two. */
static const char *section_of(const bench_t *bench)
{
    const place_t *place = &bench->place;
    if (bench->forwards && !bench->place_is_named) return "/-own";
    if (!place->row || place->why || place->row->kind == PLACE_PAGE) return "/-page";
    return place->row->kind == PLACE_OWN ? "/-own" : place->row->pattern;
}

static void lead_to_section(request_rec *r, const bench_t *bench)
{
    char *section = apr_pstrdup(r->pool, section_of(bench));
    r->uri = section;
    if (!bench->forwards) r->parsed_uri.path = section;
}

/* The row's part of a path: what stands before the rest, and behind the run. */
static const char *path_of(apr_pool_t *pool, const char *path, const place_t *place)
{
    const char *from = path;
    if (*place->run) {
        from = strchr(path + 3, '/');
        if (!from) return "/";
    }
    const size_t len = strlen(from), rest = strlen(place->rest);
    return apr_pstrndup(pool, from, rest <= len ? len - rest : len);
}

/* The path of the place stands in the request line. */
static void find_place(request_rec *r, bench_t *bench)
{
    const char *path = r->parsed_uri.path ? r->parsed_uri.path : "/";
    bench->place = place_of(r->pool, path);
    bench->path = path_of(r->pool, path, &bench->place);
    bench->query = r->args ? apr_pstrdup(r->pool, r->args) : "";
}

/* To a proxy it says where else to go. What a name means may not be known before the Type 3, so the
 * challenge is that of all names. */
static int find_forward_place(request_rec *r, bench_t *bench)
{
    const forward_t forward = forward_place(r, bench->conn);
    bench->place = place_of(r->pool, forward.place);
    bench->query = forward.query;
    bench->place_is_named = forward.named;
    bench->path = "/ntlm";
    if (forward.named) bench->path = path_of(r->pool, forward.place, &bench->place);
    const bool fits = bench->place.row && !bench->place.why && bench->place.row->kind != PLACE_PAGE;
    if (fits) return OK;
    if (!forward.named) {
        bench->place = place_of(r->pool, "/ntlm");
        bench->place_is_unknown = true;
        return OK;
    }
    ap_custom_response(
        r, HTTP_BAD_REQUEST,
        "NTLM-Bench-Place is the path of an address that asks for a login, such as /mic\n");
    return HTTP_BAD_REQUEST;
}

int arrival_look(request_rec *r)
{
    if (r->main || r->prev) return DECLINED;
    const bool forwards = r->proxyreq == PROXYREQ_PROXY;
    const int refused = forwards ? forward_aim(r) : guard_host(r);
    if (refused) return refused;
    if (r->method_number == M_CONNECT && !forwards) return HTTP_METHOD_NOT_ALLOWED;
    bench_t *bench = apr_pcalloc(r->pool, sizeof *bench);
    bench_set(r, bench);
    bench->conn = bench_conn_of(r->connection);
    bench->conn->requests++;
    bench->forwards = forwards;
    if (!forwards) find_place(r, bench);
    if (forwards && find_forward_place(r, bench) != OK) return HTTP_BAD_REQUEST;
    if (bench->place.row && bench->place.row->kind != PLACE_PAGE) begin_record(r, bench);
    if (bench->record) intake_expect(r);
    lead_to_section(r, bench);
    return DECLINED;
}
