#include "facts.h"

#include <string.h>

#include <apr_strings.h>

#include "../../http/authorization.h"

static bool has(const request_rec *r, const char *name)
{
    return apr_table_get(r->headers_in, name) != NULL;
}

static bool announces_body(const request_rec *r)
{
    const char *length = apr_table_get(r->headers_in, "Content-Length");
    return has(r, "Transfer-Encoding") || (length && length[strspn(length, "0")] != '\0');
}

/* A client may log in to an origin before it knows that the proxy asks, too. */
static bool is_for_origin(const request_rec *r, const record_t *record)
{
    const char *value = apr_table_get(r->headers_in, "Authorization");
    return record->proxy && record->request > 1 && !has(r, "Proxy-Authorization") &&
           authorization_scheme(value) != SCHEME_NONE;
}

void facts_read(const request_rec *r, bench_t *bench)
{
    record_t *record = bench->record;
    course_t *course = &record->course;
    const char *connection = apr_table_get(r->headers_in, "Connection");
    course->message = record->type3.len > 0 ? 3 : record->type1.len > 0 ? 1 : 0;
    course->other_side = is_for_origin(r, record);
    bench->said = (course_request_t){
        .method = apr_pstrdup(record->pool, r->method),
        .http10 = r->proto_num < HTTP_VERSION(1, 1),
        .keep_alive = ap_find_token(r->pool, connection, "keep-alive") != 0,
        .closes = ap_find_token(r->pool, connection, "close") != 0,
        .has_length = has(r, "Content-Length") || has(r, "Transfer-Encoding"),
        .knows_body = !announces_body(r),
    };
}
