#include "tls.h"

#include <string.h>

#include <http_config.h>
#include <http_ssl.h>

#include "../config/certificates.h"

bool tls_is_on(const request_rec *r)
{
    return ap_ssl_conn_is_ssl(r->connection) != 0;
}

static const uint8_t *binding_of_connection(request_rec *r, ntlm_conn_t *conn)
{
    if (conn->channel == CONN_CHANNEL_UNSEEN) {
        const char *pem = NULL;
        if (tls_is_on(r))
            pem = ap_ssl_var_lookup(r->pool, r->server, r->connection, r, "SSL_SERVER_CERT");
        bool known = pem && certificate_binding(bytes_of(pem), conn->binding);
        conn->channel = known ? CONN_CHANNEL_KNOWN : CONN_CHANNEL_UNKNOWN;
    }
    return conn->channel == CONN_CHANNEL_KNOWN ? conn->binding : NULL;
}

void tls_bindings(exchange_t *x)
{
    const config_bindings_t *listed = x->config->server_certificates;
    const uint8_t *own = binding_of_connection(x->r, x->conn);
    size_t count = (listed ? listed->count : 0) + (own != NULL);
    uint8_t(*all)[NTLM_BINDING_LEN] = apr_palloc(x->r->pool, (count + 1) * sizeof *all);
    if (listed) memcpy(all, listed->values, listed->count * sizeof *all);
    if (own) memcpy(all[count - 1], own, sizeof *all);
    x->policy.bindings = (const uint8_t(*)[NTLM_BINDING_LEN])all;
    x->policy.bindings_count = count;
}
