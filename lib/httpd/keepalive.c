#include "keepalive.h"

#include <stdbool.h>
#include <string.h>

#include <ap_mpm.h>
#include <http_protocol.h>

const char *keepalive_why_not(const server_rec *s)
{
    if (!s->keep_alive) return "KeepAlive is Off";
    if (s->keep_alive_timeout <= 0) return "KeepAliveTimeout is 0";
    return NULL;
}

/* httpd closes a connection whose client still waits for "100 Continue", since it
 * might send the body or not; and with the connection goes the challenge. So the
 * body is asked for, read and thrown away, within LimitRequestBody and the patience
 * of mod_reqtimeout. An empty one would be waited for in vain. */
static void settle_expectation(request_rec *r)
{
    const char *length = apr_table_get(r->headers_in, "Content-Length");
    if (!r->expecting_100) return;
    if (length && length[strspn(length, "0")] == '\0')
        r->expecting_100 = 0;
    else
        ap_discard_request_body(r);
}

/* MaxKeepAliveRequests ends a connection after this many responses: not between the
 * two halves of a login, and not before one request has been served with it. */
static void make_room_for_a_login(request_rec *r)
{
    conn_rec *c = r->connection;
    int most = r->server->keep_alive_max;
    if (most > 0 && c->keepalives >= most - 1) c->keepalives = most - 2;
}

static bool is_stopping(void)
{
    int state = AP_MPMQ_RUNNING;
    ap_mpm_query(AP_MPMQ_MPM_STATE, &state);
    return state == AP_MPMQ_STOPPING;
}

/* The conditions of httpd's ap_set_keepalive(), as far as they are known before the
 * response is written. */
static const char *why_closing(request_rec *r)
{
    const char *connection = apr_table_get(r->headers_in, "Connection");
    const char *why = keepalive_why_not(r->server);
    bool buggy = apr_table_get(r->subprocess_env, "nokeepalive") != NULL;
    if (why) return why;
    if (r->expecting_100 || r->connection->keepalive == AP_CONN_CLOSE)
        return "the body of the request could not be read";
    if (ap_find_token(r->pool, connection, "close")) return "the client says Connection: close";
    if (buggy && !apr_table_get(r->headers_in, "Via")) return "the variable nokeepalive is set";
    if (r->proto_num < HTTP_VERSION(1, 1) && !ap_find_token(r->pool, connection, "keep-alive"))
        return "the client speaks HTTP/1.0 and does not say Connection: keep-alive";
    return is_stopping() ? "this child of httpd is stopping" : NULL;
}

const char *keepalive_for_type3(request_rec *r)
{
    settle_expectation(r);
    make_room_for_a_login(r);
    return why_closing(r);
}
