/* job.h - what threads of helpers.h do, and how they are told to. */
#ifndef NTLM_HELPERS_JOB_H
#define NTLM_HELPERS_JOB_H

#include <pthread.h>

#include <apr_pools.h>
#include <apr_time.h>

typedef struct helpers_how_t {
    int threads;                         /* in each process, at the most */
    apr_interval_time_t stall;           /* nothing has finished for so long: it hangs */
    apr_interval_time_t queue;           /* how long a job waits for its turn, then for its end */
    int waiting_max;                     /* more wait in a process: a quarter of stall is enough;
                                            0: any may */
    void *(*begin)(void *baton);         /* what a thread has for itself; NULL: nothing */
    void (*end)(void *baton, void *own); /* when it ends, which it does when it is not needed */
    void *baton;                         /* lives as long as pool; begin and end do not block */
    const void *code;                    /* NULL, or a thing of the module whose code jobs run */
} helpers_how_t;

typedef struct helpers_t helpers_t;

typedef struct helpers_job_t helpers_job_t;
struct helpers_job_t {
    /* In a thread of a helper. own: what begin() gave. */
    void (*work)(helpers_job_t *job, void *own);
    /* Then, in the same thread, if who asked has given it up (or never waited); may be NULL. It
     * does not block, and is left out when the pool of helpers_open() has ended. */
    void (*late)(helpers_job_t *job);
    /* At last, by who is the last to have it: gives its memory back. */
    void (*release)(helpers_job_t *job);

    /* The helpers' own. */
    helpers_job_t *next;
    int state;
    unsigned era;
    apr_time_t since; /* when it came, then when it was begun, in ticks */
    pthread_cond_t done;
};

#endif
