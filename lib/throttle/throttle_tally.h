/* throttle_tally.h - failures that wait to be counted, so that one who may change the counter
 * counts for all who wait for it.
 *
 * Who has failed adds it to the tally of the counter's lane, and enters that lane
 * (throttle_lanes.h). There he takes all that waits, writes it to the store, and says that it is
 * counted; those who come after him find theirs done. So many failures of one address cost the
 * store as much as a few.
 *
 * Lives in memory that the children share. What somebody had taken who died is not counted: those
 * whose it was count for themselves.
 */
#ifndef NTLM_THROTTLE_TALLY_H
#define NTLM_THROTTLE_TALLY_H

#include <stdbool.h>
#include <stdint.h>

#include <apr_pools.h>

#include "throttle_subject.h"

/* How a login failed, and how many did so. */
typedef enum throttle_way_t {
    THROTTLE_REFUSED,
    THROTTLE_HIDDEN, /* it was guessed, and answered as an outage of a source */
    THROTTLE_OUTAGE, /* and it was not guessed */
    THROTTLE_WAYS
} throttle_way_t;

typedef struct throttle_failures_t {
    unsigned of[THROTTLE_WAYS];
} throttle_failures_t;

typedef struct throttle_tally_t throttle_tally_t;

/* Makes count of them, which live as long as pool. In the parent, before there are children. */
apr_status_t throttle_tally_make(apr_pool_t *pool, unsigned count, throttle_tally_t **tallies);

/* One failure that waits. */
typedef struct throttle_ticket_t {
    throttle_tally_t *tally;
    throttle_way_t way;
    bool alone;          /* it is counted by itself: another counter's are waiting there */
    apr_uint32_t number; /* of those of the tally */
    apr_uint32_t end;    /* the first one that was not taken with it */
} throttle_ticket_t;

/* Adds a failure to one of them. */
throttle_ticket_t throttle_tally_add(throttle_tally_t *tallies, unsigned which,
                                     const uint8_t name[THROTTLE_NAME_LEN], throttle_way_t way);

/* In the lane: takes what waits for the same counter, this one among them. False: somebody else has
 * counted it. */
bool throttle_tally_take(throttle_ticket_t *ticket, throttle_failures_t *failures);

/* In the lane still: what was taken is counted. */
void throttle_tally_counted(const throttle_ticket_t *ticket);

/* Instead: it is not to be counted, since the store does not answer. */
void throttle_tally_withdraw(const throttle_ticket_t *ticket);

#endif
