#include "tls_unique.h"

#include <apr_optional_hooks.h>
#include <openssl/ssl.h>

#include "bench.h"

/* mod_ssl's, by its name in mod_ssl_openssl.h, which not every package has. */
typedef int ssl_HOOK_pre_handshake_t(conn_rec *c, SSL *ssl, int is_proxy);

static int keep(conn_rec *c, SSL *ssl, int is_proxy)
{
    if (!is_proxy) bench_conn_of(c)->ssl = ssl;
    return OK;
}

void tls_unique_register(void)
{
    APR_OPTIONAL_HOOK(ssl, pre_handshake, keep, NULL, NULL, APR_HOOK_MIDDLE);
}

/* Of a new session the client's comes first, of an old one the server's. */
bytes_t tls_unique_of(conn_rec *c, apr_pool_t *pool)
{
    enum { FINISHED_MAX = 64 };
    const SSL *ssl = bench_conn_of(c->master ? c->master : c)->ssl;
    if (!ssl || SSL_version(ssl) > TLS1_2_VERSION) return bytes_none();
    uint8_t *finished = apr_palloc(pool, FINISHED_MAX);
    const size_t len = SSL_session_reused(ssl) ? SSL_get_finished(ssl, finished, FINISHED_MAX)
                                               : SSL_get_peer_finished(ssl, finished, FINISHED_MAX);
    return len > 0 && len <= FINISHED_MAX ? (bytes_t){finished, len} : bytes_none();
}
