/* helpers.h - threads that ask what may block, so that who needs the answer waits for so long only.
 *
 * A library without a time limit (libwbclient, drivers of databases) blocks as long as its server
 * hangs. Its questions are jobs, which a bounded number of threads of their own do, one after the
 * other. What hangs is judged by progress: when nothing has finished for a while although
 * jobs are under way, all that wait are told so, and so is who comes then, until something finishes
 * again; all processes learn it from one. While it hangs, one job is let through now and then, to
 * see whether it still does, and threads that are stuck are replaced, up to a number, since what is
 * up again may never answer what it was asked before. A job that waits for its turn is no hang, and
 * has a longer limit; so has one that is stuck alone, while others are answered.
 *
 * Nobody ever waits for a thread that is stuck: not a request, not a child that ends, not a
 * restart. So a job's memory is its own (malloc), and belongs to who asks and to the thread both:
 * the last one gives it back. The code that a thread is stuck in is not unloaded.
 */
#ifndef NTLM_HELPERS_H
#define NTLM_HELPERS_H

#include <stdbool.h>

#include "job.h"

/* At configuration time; no thread is there before the first question, in each process. It ends
 * with pool; threads that are stuck then touch neither it nor baton when they come back. */
helpers_t *helpers_open(apr_pool_t *pool, const helpers_how_t *how);

typedef enum helpers_outcome_t {
    HELPERS_DONE,  /* work() has ended; the caller reads the answer, then calls helpers_release() */
    HELPERS_HANGS, /* nothing finishes, or it does not; the job is not the caller's any more */
    HELPERS_QUEUED, /* its turn has not come; it never will */
    HELPERS_FAILED  /* there is no thread to be had; it was never begun */
} helpers_outcome_t;

/* Waits for its answer. If it was begun (*begun), late() is to come. */
helpers_outcome_t helpers_ask(helpers_t *helpers, helpers_job_t *job, bool *begun);

/* Does not wait: late() is what becomes of it. False: it was never begun, and is given back. */
bool helpers_send(helpers_t *helpers, helpers_job_t *job);

void helpers_release(helpers_job_t *job);

/* True while nothing finishes, here or, as far as this process knows, anywhere. */
bool helpers_hang(helpers_t *helpers);

/* Of so many threads that a process has for its own work some are to be left: how->waiting_max is
 * half of them. In each child, when it begins; 1: there is nothing to leave. */
void helpers_leave_some(helpers_t *helpers, int of);

/* So many more (fewer: negative) wait, for what is before their question. */
void helpers_wait(helpers_t *helpers, int more);

/* How many of its threads are there in this process, stuck ones and idle ones too; for tests. */
int helpers_threads(helpers_t *helpers);

#endif
