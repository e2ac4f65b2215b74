/* fates.h - what became of connections, and of the body of each one's last request: behind one
 * lock, a bounded number of them, the oldest forgotten.
 */
#ifndef NTLM_BENCH_FATES_H
#define NTLM_BENCH_FATES_H

#include <apr_pools.h>

#include "../../explain/course.h"

typedef struct fate_t {
    uint64_t connection;               /* 0: nothing is known of it */
    unsigned request;                  /* its last one so far, by number */
    bool body_ended_early, knows_body; /* of that request: course.h */
    uint64_t body_len;
    course_end_t end;
    int64_t ended; /* in ticks (system/clock.h) */
} fate_t;

/* In each child, before requests come. */
apr_status_t fates_open(apr_pool_t *pool);

/* A request is over; said tells of its body. */
void fates_note_request(uint64_t connection, unsigned request, const course_request_t *said);
void fates_note_end(uint64_t connection, course_end_t end, int64_t ticks);

fate_t fates_find(uint64_t connection);

#endif
