/* digest.h - SHA-256 of what comes in pieces: tells whether a body came whole.
 */
#ifndef NTLM_BENCH_DIGEST_H
#define NTLM_BENCH_DIGEST_H

#include <apr_pools.h>

#include "../../ntlm/wire.h"

enum { DIGEST_LEN = 32 };

typedef struct digest_t digest_t;

/* NULL if OpenSSL fails; it ends with the pool. */
digest_t *digest_begin(apr_pool_t *pool);

/* Both give false if OpenSSL fails. */
bool digest_add(digest_t *digest, bytes_t bytes);
bool digest_end(digest_t *digest, uint8_t sum[DIGEST_LEN]);

#endif
