#include "keepalive.h"

#include <string.h>
#include <sys/socket.h>

#include <apr_portable.h>

#include <ap_mpm.h>
#include <http_core.h>
#include <http_protocol.h>

const char *keepalive_why_not(const server_rec *s)
{
    if (!s->keep_alive) return "KeepAlive is Off";
    if (s->keep_alive_timeout <= 0) return "KeepAliveTimeout is 0";
    return NULL;
}

static request_rec *answered(request_rec *r)
{
    while (r->main) r = r->main;
    return r;
}

static bool announces_body(const request_rec *r)
{
    const char *length = apr_table_get(r->headers_in, "Content-Length");
    if (apr_table_get(r->headers_in, "Transfer-Encoding")) return true;
    return length && length[strspn(length, "0")] != '\0';
}

/* httpd closes a connection whose client still waits for "100 Continue", since it
 * might send the body or not; and with the connection goes the challenge. So the
 * body is asked for, read and thrown away, within LimitRequestBody and the patience
 * of mod_reqtimeout. One that is empty would be waited for in vain. A subrequest leaves
 * the body to the request that it belongs to, whose handler may want it. */
int keepalive_read_body(request_rec *r)
{
    request_rec *main = answered(r);
    if (!main->expecting_100) return OK;
    if (!announces_body(main))
        main->expecting_100 = 0;
    else if (main == r)
        return ap_discard_request_body(r);
    return OK;
}

/* MaxKeepAliveRequests ends a connection after this many responses: not between the
 * two halves of a login, and not before one request has been served with it. */
static void extend(request_rec *r, unsigned *extensions)
{
    conn_rec *c = r->connection;
    int most = r->server->keep_alive_max;
    if (most <= 0 || c->keepalives < most - 1 || *extensions >= KEEPALIVE_EXTENSIONS_MAX) return;
    c->keepalives = most - 2;
    ++*extensions;
}

bool keepalive_is_stopping(void)
{
    int state = AP_MPMQ_RUNNING;
    ap_mpm_query(AP_MPMQ_MPM_STATE, &state);
    return state == AP_MPMQ_STOPPING;
}

/* By what httpd will make of it, for clients that the configuration names. */
static bool is_http10(const request_rec *r)
{
    return r->proto_num < HTTP_VERSION(1, 1) || apr_table_get(r->subprocess_env, "downgrade-1.0");
}

/* The conditions of httpd's ap_set_keepalive(), as far as they are known before the
 * response is written. */
const char *keepalive_why_closing(request_rec *r)
{
    const request_rec *main = answered(r);
    const conn_rec *c = r->connection;
    const char *connection = apr_table_get(main->headers_in, "Connection");
    const char *why = keepalive_why_not(r->server);
    bool buggy = apr_table_get(main->subprocess_env, "nokeepalive") != NULL;
    if (why) return why;
    if (c->keepalive == AP_CONN_CLOSE) return "the body of the request could not be read";
    if (r->server->keep_alive_max > 0 && c->keepalives >= r->server->keep_alive_max)
        return "MaxKeepAliveRequests is reached, by one login after the other that fails";
    if (ap_find_token(r->pool, connection, "close")) return "the client says Connection: close";
    if (buggy && !apr_table_get(main->headers_in, "Via")) return "the variable nokeepalive is set";
    if (is_http10(main) && !ap_find_token(r->pool, connection, "keep-alive"))
        return "the client speaks HTTP/1.0 and does not say Connection: keep-alive";
    if (is_http10(main) && apr_table_get(main->subprocess_env, "force-response-1.0"))
        return "the variable force-response-1.0 is set";
    return keepalive_is_stopping() ? "this child of httpd is stopping" : NULL;
}

const char *keepalive_prepare(request_rec *r, unsigned *extensions, int *body_error)
{
    *body_error = keepalive_read_body(r);
    extend(r, extensions);
    const char *why = keepalive_why_closing(r);
    return *body_error == OK ? why : "the body of the request could not be read";
}

static bool says_close(request_rec *r, const apr_table_t *headers)
{
    return ap_find_token(r->pool, apr_table_get(headers, "Connection"), "close");
}

/* HTTP/1.1 sends in chunks what has no length. httpd counts a body that it has as a whole. */
static bool has_length(const request_rec *r, apr_bucket_brigade *body)
{
    apr_off_t len = 0;
    if (!is_http10(r) || r->header_only || AP_STATUS_IS_HEADER_ONLY(r->status)) return true;
    if (apr_table_get(r->headers_out, "Content-Length")) return true;
    if (apr_table_get(r->err_headers_out, "Content-Length")) return true;
    return r->eos_sent && apr_brigade_length(body, 0, &len) == APR_SUCCESS && len >= 0;
}

bool keepalive_stays(request_rec *r, apr_bucket_brigade *body)
{
    if (keepalive_why_closing(r) || r->expecting_100) return false;
    if (ap_status_drops_connection(r->status)) return false;
    if (says_close(r, r->headers_out) || says_close(r, r->err_headers_out)) return false;
    return has_length(r, body);
}

/* What httpd has read is not told: an end of the stream stays readable, and so does what nobody
 * has read so far. */
bool keepalive_is_closed(conn_rec *c)
{
    apr_socket_t *socket = ap_get_conn_socket(c);
    apr_os_sock_t fd;
    char byte;
    if (c->aborted) return true;
    if (!socket || apr_os_sock_get(&fd, socket) != APR_SUCCESS) return false;
    return recv(fd, &byte, sizeof byte, MSG_PEEK | MSG_DONTWAIT) == 0;
}
