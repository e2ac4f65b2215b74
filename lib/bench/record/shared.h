/* shared.h - challenges of all connections, for servers that tell each other of theirs.
 */
#ifndef NTLM_BENCH_SHARED_H
#define NTLM_BENCH_SHARED_H

#include "record.h"

typedef struct shared_t {
    bytes_t type1, type2;
    apr_time_t left; /* when the challenge was sent, in ticks (system/clock.h) */
} shared_t;

/* Finds the challenge that a record's Type 3 answers by its MsvAvTimestamp, among those of its run
 * and address, on whichever connection. False: none is known, or it was answered before. */
bool shared_find(apr_pool_t *pool, const record_t *answer, shared_t *found);

#endif
