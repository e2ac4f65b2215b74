/* challenge.h - the Type 2 of the bench's own places.
 */
#ifndef NTLM_BENCH_CHALLENGE_H
#define NTLM_BENCH_CHALLENGE_H

#include "../place/settings.h"
#include "../site/site.h"

enum { CHALLENGE_MAX = 24 * 1024 }; /* the longest one */

/* Writes a Type 2 of that shape for a client that offers those flags; nonce: NTLM_CHALLENGE_LEN
 * random bytes; now: microseconds since 1970. What does not fit sets out->overflow. */
void challenge_write(writer_t *out, const site_t *site, const shape_t *shape, uint32_t client_flags,
                     const uint8_t *nonce, int64_t now);

#endif
