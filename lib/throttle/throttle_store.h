/* throttle_store.h - counters that all children share, and other hosts if need be.
 *
 * They live in one of httpd's socache providers: shmcb in shared memory, redis or memcache
 * for several hosts. The providers know no "add one", so a look and a write are made one by
 * keeping others of this host away (throttle_lanes.h); counts of several hosts may be off by what
 * they do at the same moment.
 */
#ifndef NTLM_THROTTLE_STORE_H
#define NTLM_THROTTLE_STORE_H

#include <stdbool.h>
#include <stdint.h>

#include <httpd.h>

#include "throttle_count.h"
#include "throttle_subject.h"
#include "throttle_tally.h"

/* Hooks the store into httpd's life. */
void throttle_store_register(void);

/* Which provider: NAME or NAME:ARGUMENTS. */
void throttle_store_choose(const char *provider);

/* Says that there must be a store. */
void throttle_store_need(void);

/* Makes it, at configuration time, if it is needed. NULL, or what is wrong and what to
 * write instead. */
const char *throttle_store_open(apr_pool_t *pconf, apr_pool_t *ptemp);

/* True once, in one of all the children, until httpd is restarted. */
bool throttle_store_is_first(void);

/* Whether that counter is to be asked for first, if its absence makes other questions needless: an
 * answer takes its time, and the counter was not there when this host saw it last. */
bool throttle_store_may_lack(const uint8_t name[THROTTLE_NAME_LEN]);

/* Somebody who may ask the store. */
typedef struct throttle_visit_t {
    request_rec *r;
    int lane;
} throttle_visit_t;

/* Begins one, to look, or to look at that counter and write it: nobody else of this host writes
 * it until the end. False: the store does not answer, which is logged once a minute, and there is
 * nothing to end. */
bool throttle_store_visit(throttle_visit_t *visit, request_rec *r);
bool throttle_store_visit_one(throttle_visit_t *visit, request_rec *r,
                              const uint8_t name[THROTTLE_NAME_LEN]);
void throttle_store_leave(const throttle_visit_t *visit);

/* Before a visit to one: there is a failure that is to be counted there, by whoever is there next.
 */
throttle_ticket_t throttle_store_announce(const uint8_t name[THROTTLE_NAME_LEN],
                                          throttle_way_t way);

/* The counter of that name; zeros if there is none, or if the store does not answer. */
typedef enum throttle_found_t { THROTTLE_UNKNOWN, THROTTLE_NONE, THROTTLE_FOUND } throttle_found_t;
throttle_found_t throttle_store_get(const throttle_visit_t *visit,
                                    const uint8_t name[THROTTLE_NAME_LEN],
                                    throttle_count_t *counter);

/* Writes one that has just changed; the store keeps it for the window from now on. */
void throttle_store_put(const throttle_visit_t *visit, const throttle_subject_t *subject,
                        const throttle_count_t *counter);

#endif
