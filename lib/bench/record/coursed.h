/* coursed.h - what happened around a request's messages, found in the history: the challenge that a
 * Type 3 answers, on whichever connection of its run, and what came before.
 */
#ifndef NTLM_BENCH_COURSED_H
#define NTLM_BENCH_COURSED_H

#include "../../explain/replay.h"
#include "record.h"

/* Of a record that is in the history, or will be; its texts are in pool, or the record's. replay:
 * with it the proof is tried for other challenges, where no time stamp tells; NULL: no password is
 * known. */
course_t course_of_record(apr_pool_t *pool, const record_t *record, const replay_t *replay);

#endif
