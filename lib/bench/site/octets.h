/* octets.h - bytes in a pool.
 */
#ifndef NTLM_BENCH_OCTETS_H
#define NTLM_BENCH_OCTETS_H

#include <apr_pools.h>

#include "../../ntlm/wire.h"

bytes_t octets_copy(apr_pool_t *pool, bytes_t bytes);

/* In base64 (RFC 4648 4), on one line. */
const char *octets_base64(apr_pool_t *pool, bytes_t bytes);

#endif
