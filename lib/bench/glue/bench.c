#include "bench.h"

#include <string.h>

#include <apr_escape.h>
#include <apr_strings.h>

#include <http_config.h>

#include "../record/history.h"

extern module AP_MODULE_DECLARE_DATA ntlm_testbench_module;

bench_t *bench_of(const request_rec *r)
{
    while (r->main) r = r->main;
    while (r->prev) r = r->prev;
    return ap_get_module_config(r->request_config, &ntlm_testbench_module);
}

void bench_set(request_rec *r, bench_t *bench)
{
    ap_set_module_config(r->request_config, &ntlm_testbench_module, bench);
}

static apr_status_t forget(void *data)
{
    bench_conn_t *conn = data;
    if (conn->opening) history_release(conn->opening);
    conn->opening = NULL;
    return APR_SUCCESS;
}

bench_conn_t *bench_conn_known(conn_rec *c)
{
    return ap_get_module_config(c->conn_config, &ntlm_testbench_module);
}

/* Threads of their own have the streams, whose connection was begun before them. */
static void begin_stream(bench_conn_t *conn, bench_conn_t *of)
{
    conn->number = of->number;
    conn->requests = __atomic_fetch_add(&of->streams, 1, __ATOMIC_RELAXED);
}

int bench_begin(conn_rec *c, void *socket)
{
    (void)socket;
    if (!c->master) bench_conn_of(c);
    return OK;
}

bench_conn_t *bench_conn_of(conn_rec *c)
{
    bench_conn_t *conn = bench_conn_known(c);
    if (conn) return conn;
    conn = apr_pcalloc(c->pool, sizeof *conn);
    bench_conn_t *of = c->master ? bench_conn_known(c->master) : NULL;
    if (of)
        begin_stream(conn, of);
    else
        conn->number = history_next_connection();
    conn->pool = c->pool;
    conn->second = bytes_none();
    apr_pool_create(&conn->login_pool, c->pool);
    apr_pool_cleanup_register(c->pool, conn, forget, apr_pool_cleanup_null);
    ap_set_module_config(c->conn_config, &ntlm_testbench_module, conn);
    return conn;
}

const char *bench_query(const bench_t *bench, apr_pool_t *pool, const char *name)
{
    const size_t len = strlen(name);
    for (const char *at = bench->query; *at; at += strcspn(at, "&")) {
        while (*at == '&') at++;
        if (strncmp(at, name, len) != 0 || at[len] != '=') continue;
        char *value = apr_pstrndup(pool, at + len + 1, strcspn(at + len + 1, "&"));
        for (char *c = value; *c; c++)
            if (*c == '+') *c = ' ';
        return apr_punescape_url(pool, value, NULL, NULL, 0);
    }
    return NULL;
}
