/* throttle.h - refusing those who guess passwords (NTLMThrottle).
 *
 * Failed proofs are counted for each user and address together, for each address (of IPv6, its
 * /64), and for the /56 and the /48 of IPv6. A count is over when its time has passed since the
 * first failure. Nobody is ever locked out for other addresses.
 */
#ifndef NTLM_THROTTLE_H
#define NTLM_THROTTLE_H

#include <httpd.h>

#include "../ntlm/status.h"
#include "throttle_subject.h"

/* Who wants to log in. */
typedef struct throttle_claim_t {
    const char *user; /* as the client sent it */
    bytes_t address;  /* as throttle_subjects() takes it */
    bool of_proxy;    /* the address is a proxy's: administrators are told once */
} throttle_claim_t;

typedef struct throttle_verdict_t {
    /* NTLM_OK, NTLM_THROTTLED, or NTLM_CRYPTO_FAILED: it cannot be counted at all. A store that
     * does not answer refuses nobody. */
    ntlm_status_t status;
    int retry_after; /* NTLM_THROTTLED: seconds until it is over */
    bool known;      /* and it was refused before: it is in the log already */
    bool exhausted;  /* too many failed while a source was down, and nobody may be told: good for
                        nothing but a source that answers */
    throttle_subjects_t counted; /* for whom a failure counts; may be none */
} throttle_verdict_t;

/* Looks whether the claim's user and address have failed too often. limits NULL: nothing is
 * counted. r is for the store and the log. */
throttle_verdict_t throttle_check(request_rec *r, const throttle_limits_t *limits,
                                  const throttle_claim_t *claim);

/* Counts what became of the claim that had this verdict, if it has failed; NTLM_BACKEND_DOWN
 * apart, and if it was guessed: a proof was tried and failed. */
void throttle_count(request_rec *r, const throttle_verdict_t *verdict, ntlm_status_t status,
                    bool guessed);

#endif
