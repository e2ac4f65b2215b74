/* outage.h - what an administrator is told of a controller that cannot be asked: once, not with
 * each login, and when it can be asked again; by whichever child sees it first.
 */
#ifndef NTLM_CREDS_OUTAGE_H
#define NTLM_CREDS_OUTAGE_H

#include <stdbool.h>

#include <apr_pools.h>
#include <apr_time.h>

typedef struct outage_t outage_t;

/* At configuration time. NULL: the system refuses memory that children share. */
outage_t *outage_open(apr_pool_t *pool);

/* He was not reached, or did not answer: whether that is news. */
bool outage_begins(outage_t *outage);

/* He has answered: whether that is. */
bool outage_ends(outage_t *outage);

/* He answers that he cannot decide, at that time, in ticks: whether nobody was told so for a
 * minute. It may be one login's own, as of a domain behind his: no outage begins or ends. */
bool outage_grumbles(outage_t *outage, apr_time_t now);

#endif
