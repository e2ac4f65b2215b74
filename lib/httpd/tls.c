#include "tls.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include <http_config.h>
#include <http_ssl.h>

#include "../config/certificates.h"
#include "../http/http.h"

/* ---- what certificates come to ---- */

/* To read a certificate costs ten logins, and a server has few. */
typedef struct certificate_t {
    uint8_t binding[NTLM_BINDING_LEN];
    char pem[];
} certificate_t;

/* Those that this process has met, without a gap; none is forgotten. */
enum { CERTIFICATES = 64 };
static _Atomic(certificate_t *) certificates[CERTIFICATES];

static certificate_t *read_certificate(const char *pem)
{
    const size_t size = strlen(pem) + 1;
    certificate_t *read = malloc(sizeof *read + size);
    if (!read) return NULL;
    memcpy(read->pem, pem, size);
    if (certificate_binding(bytes_of(pem), read->binding)) return read;
    free(read);
    return NULL;
}

/* Two threads may meet one at the same time: then it is there twice. True if there was a place. */
static bool remember(certificate_t *read)
{
    for (size_t i = 0; i < CERTIFICATES; i++) {
        certificate_t *none = NULL;
        if (atomic_compare_exchange_strong(&certificates[i], &none, read)) return true;
    }
    return false;
}

/* False if it cannot be read. */
static bool binding_of_certificate(const char *pem, uint8_t binding[NTLM_BINDING_LEN])
{
    certificate_t *met = NULL;
    for (size_t i = 0; i < CERTIFICATES && (met = atomic_load(&certificates[i])) != NULL; i++) {
        if (strcmp(met->pem, pem) != 0) continue;
        memcpy(binding, met->binding, NTLM_BINDING_LEN);
        return true;
    }
    certificate_t *read = read_certificate(pem);
    if (!read) return false;
    memcpy(binding, read->binding, NTLM_BINDING_LEN);
    if (!remember(read)) free(read);
    return true;
}

/* ---- the connection's ---- */

static const uint8_t *binding_of_connection(request_rec *r, ntlm_conn_t *conn)
{
    if (conn->channel == CONN_CHANNEL_UNSEEN) {
        const char *pem = NULL;
        if (http_has_tls(r))
            pem = ap_ssl_var_lookup(r->pool, r->server, r->connection, r, "SSL_SERVER_CERT");
        bool known = pem && binding_of_certificate(pem, conn->binding);
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
