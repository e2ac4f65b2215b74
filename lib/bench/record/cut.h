/* cut.h - messages of users that the bench does not know, as they may be shown.
 *
 * A browser of Windows logs its real user in to localhost by itself, and whoever reads the response
 * can try passwords until one fits.
 */
#ifndef NTLM_BENCH_CUT_H
#define NTLM_BENCH_CUT_H

#include <apr_pools.h>

#include "../../ntlm/wire.h"

/* A copy of a Type 3, in pool, in which what was computed from the password is zeros: NTProofStr
 * (of other responses all), LmChallengeResponse, EncryptedRandomSessionKey and the MIC. Empty if it
 * cannot be read. */
bytes_t cut_type3(apr_pool_t *pool, bytes_t type3);

#endif
