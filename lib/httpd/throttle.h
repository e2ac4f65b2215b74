/* throttle.h - refusing those who guess passwords (NTLMThrottle).
 *
 * Failed proofs are counted for each user and address together, for each address (of IPv6, its
 * /64), and for the /56 and the /48 of IPv6. A count is over when its time has passed since the
 * first failure. Nobody is ever locked out for other addresses.
 */
#ifndef NTLM_HTTPD_THROTTLE_H
#define NTLM_HTTPD_THROTTLE_H

#include "attempt.h"

/* Looks whether the claim's user and address have failed too often: NTLM_OK, or
 * NTLM_THROTTLED, and the attempt knows when to come back. A store that does not
 * answer refuses nobody; NTLM_CRYPTO_FAILED: it cannot be counted at all. Who has failed too
 * often while a source was down is told nothing of it: the attempt is exhausted. */
ntlm_status_t throttle_check(request_rec *r, attempt_t *attempt, const dir_config_t *config);

/* Counts what became of the claim, if it has failed; NTLM_BACKEND_DOWN apart, and if it was
 * guessed. */
void throttle_count(request_rec *r, const attempt_t *attempt, ntlm_status_t status);

#endif
