/* hang.h - what all processes know of a server that does not answer: that it hangs, and who was let
 * through last to see whether it still does.
 *
 * One process finds out, and the others need not wait for as long themselves; where each has one
 * request thread, all of them would. Times are in ticks (system/clock.h).
 */
#ifndef NTLM_HELPERS_HANG_H
#define NTLM_HELPERS_HANG_H

#include <stdbool.h>

#include <apr_time.h>

/* In shared memory; zeros: it answers. */
typedef struct hang_t {
    apr_time_t since;         /* 0: it does not hang */
    apr_time_t probed, ended; /* the last time */
} hang_t;

void hang_begins(hang_t *hang, apr_time_t now);
void hang_ends(hang_t *hang, apr_time_t now);

/* Whether it has ended since then. */
bool hang_has_ended(const hang_t *hang, apr_time_t since);

/* Whether it hangs, for one who has seen it answer at that time. */
bool hang_lasts(const hang_t *hang, apr_time_t answered);

/* True for one, if nobody was let through for that long: it may ask, to see. */
bool hang_probe(hang_t *hang, apr_time_t now, apr_interval_time_t pause);

#endif
