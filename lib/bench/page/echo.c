#include "echo.h"

#include <http_protocol.h>

#include "page.h"

static int say_header(void *json, const char *name, const char *value)
{
    json_text(json, name, value);
    return 1;
}

int echo_answer(request_rec *r)
{
    const bench_t *bench = bench_of(r);
    const bench_conn_t *conn = bench->conn;
    page_t *page = page_open(r, "application/json");
    if (!page) return HTTP_INTERNAL_SERVER_ERROR;
    json_t json = {.out = page->out};
    json_open(&json, NULL, '{');
    json_text(&json, "method", r->method);
    json_text(&json, "path", r->unparsed_uri);
    json_text(&json, "user", r->user);
    json_number(&json, "connection", conn->number);
    json_number(&json, "request", conn->requests);
    json_open(&json, "headers", '{');
    apr_table_do(say_header, &json, r->headers_in, NULL);
    json_close(&json, '}');
    json_close(&json, '}');
    return page_send(page);
}
