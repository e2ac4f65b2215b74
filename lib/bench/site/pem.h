/* pem.h - certificates in PEM (RFC 7468).
 */
#ifndef NTLM_BENCH_PEM_H
#define NTLM_BENCH_PEM_H

#include <apr_pools.h>

#include "../../ntlm/wire.h"

/* The DER of the first certificate in *pem, in pool; *pem moves on behind it. Empty: there is none
 * that can be decoded. */
bytes_t pem_certificate(apr_pool_t *pool, const char **pem);

#endif
