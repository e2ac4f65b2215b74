/* damage.h - challenges that are none.
 */
#ifndef NTLM_BENCH_DAMAGE_H
#define NTLM_BENCH_DAMAGE_H

#include <apr_pools.h>

#include "../place/settings.h"

/* What stands behind the scheme instead of the base64 of this Type 2. Its payload begins at 56. */
const char *damage_token(apr_pool_t *pool, damage_t damage, bytes_t type2);

/* What is wrong with it, for people, without a full stop: "it is no base64". */
const char *damage_words(damage_t damage);

#endif
