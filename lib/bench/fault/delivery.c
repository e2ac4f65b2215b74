#include "delivery.h"

#include <apr_poll.h>

#include <http_core.h>

void delivery_await(request_rec *r, unsigned ms)
{
    apr_pollfd_t end = {.p = r->pool,
                        .desc_type = APR_POLL_SOCKET,
                        .reqevents = APR_POLLIN,
                        .desc.s = ap_get_conn_socket(r->connection)};
    apr_int32_t ready;
    if (APR_STATUS_IS_TIMEUP(apr_poll(&end, 1, &ready, (apr_interval_time_t)ms * 1000)))
        r->connection->keepalive = AP_CONN_CLOSE;
}
