/* tls_unique.h - the first Finished message of a TLS channel (RFC 5929 3), which clients take for
 * the channel binding that is asked for.
 */
#ifndef NTLM_BENCH_TLS_UNIQUE_H
#define NTLM_BENCH_TLS_UNIQUE_H

#include <httpd.h>

#include "../../ntlm/wire.h"

/* In pool; empty: without TLS, or above TLS 1.2, which has none. */
bytes_t tls_unique_of(conn_rec *c, apr_pool_t *pool);

/* Has mod_ssl tell what it begins. */
void tls_unique_register(void);

#endif
