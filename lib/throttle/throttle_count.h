/* throttle_count.h - counting failures: what a counter says, and what becomes of it.
 *
 * Pure: a counter, a limit and a reading of the clock go in; a verdict or a new counter comes
 * out. A count is over when its time has passed since the first failure.
 */
#ifndef NTLM_THROTTLE_COUNT_H
#define NTLM_THROTTLE_COUNT_H

#include <stdbool.h>

#include "../ntlm/status.h"
#include "throttle_limits.h"

/* A counter of failures; all zeros when there were none. */
typedef struct throttle_count_t {
    unsigned count;   /* one more than the limit: a refusal is in the log */
    unsigned hidden;  /* others, that were answered as an outage of a source */
    apr_time_t since; /* the first of all of them */
} throttle_count_t;

/* What a counter says of the next login. */
typedef struct throttle_said_t {
    bool refuses;
    bool known;     /* and has refused before */
    bool exhausted; /* too many failures were hidden */
} throttle_said_t;

throttle_said_t throttle_count_says(const throttle_count_t *counter, const throttle_limit_t *limit,
                                    apr_time_t now);

/* The counter after a login that it has refused. */
throttle_count_t throttle_count_refused(const throttle_count_t *counter,
                                        const throttle_limit_t *limit);

/* When it is over: by the clock, and seconds until then, at least one. */
apr_time_t throttle_count_end(const throttle_count_t *counter, const throttle_limit_t *limit);
int throttle_count_left(const throttle_count_t *counter, const throttle_limit_t *limit,
                        apr_time_t now);

/* Whether a login that ended so is one that failed. All that a client cannot tell from a wrong
 * password counts as one: else the count would tell it. */
bool throttle_count_is_failure(ntlm_status_t status);

/* The counter after such a login. guessed: with NTLM_BACKEND_DOWN, a proof was tried and
 * failed. */
throttle_count_t throttle_count_failure(const throttle_count_t *counter,
                                        const throttle_limit_t *limit, apr_time_t now,
                                        ntlm_status_t status, bool guessed);

#endif
