#include "closing.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <apr_portable.h>

#include <http_core.h>
#include <http_ssl.h>

#include "../../system/clock.h"
#include "../record/fates.h"
#include "bench.h"

/* The state of the client's end. That which the kernel has, since httpd has read what came. */
static int state_of(conn_rec *c)
{
    apr_socket_t *socket = ap_get_conn_socket(c);
    apr_os_sock_t fd;
    struct tcp_info info;
    socklen_t len = sizeof info;
    if (!socket || apr_os_sock_get(&fd, socket) != APR_SUCCESS) return TCP_CLOSE;
    if (getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &len) != 0) return TCP_CLOSE;
    return info.tcpi_state;
}

/* A client that has said over TLS that it closes may not have closed so far. */
static bool is_idle(conn_rec *c, const bench_conn_t *conn)
{
    const apr_time_t fudge = apr_time_from_msec(500); /* of MPMs that look now and then */
    return !ap_ssl_conn_is_ssl(c) ||
           clock_ticks() - conn->answered + fudge >= c->base_server->keep_alive_timeout;
}

static course_end_t end_of(conn_rec *c, const bench_conn_t *conn)
{
    if (conn->closes) return COURSE_BY_SERVER;
    const int state = state_of(c);
    if (state == TCP_CLOSE) return COURSE_RESET;
    if (state != TCP_ESTABLISHED) return COURSE_CLOSED;
    return is_idle(c, conn) ? COURSE_IDLE : COURSE_CLOSED;
}

int closing_look(conn_rec *c)
{
    const bench_conn_t *conn = c->master ? NULL : bench_conn_known(c);
    if (conn) fates_note_end(conn->number, end_of(c, conn), clock_ticks());
    return DECLINED;
}
