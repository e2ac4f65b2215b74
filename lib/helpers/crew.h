/* crew.h - the threads of helpers.h that one process has.
 *
 * Everything here is called with the crew's lock held, but for what opens and closes.
 */
#ifndef NTLM_HELPERS_CREW_H
#define NTLM_HELPERS_CREW_H

#include <stdbool.h>

#include "hang.h"
#include "job.h"

/* From so many on nobody is given up any more; idle ones end after a while. */
enum { GIVEN_UP_MAX = 32, IDLE_SECONDS = 30, CLOSING_SECONDS = 2 };

enum { WAITED_FOR, BEGUN, FINISHED, NOT_WAITED_FOR, GIVEN_UP };

/* What one process has of them. It outlives all pools: a thread that is stuck comes back to it. */
typedef struct crew_t {
    pthread_mutex_t lock;
    pthread_cond_t work, left; /* there is a job; a thread has gone */
    helpers_how_t how;
    hang_t *hang;
    helpers_job_t *first, **end;
    int queued;
    int threads, idle, under_way; /* of those that are counted on */
    int given_up;                 /* the others: they are stuck, and go when they come back */
    int in_work;                  /* of both, who is in what may block: nobody waits for those */
    int waiting;                  /* who asks */
    unsigned era;                 /* grows when all that are under way are given up */
    apr_time_t answered;          /* when one finished, in ticks */
    apr_time_t progress;          /* the same, or when the first was begun */
    bool hangs;                   /* nothing has finished since then, for too long */
    apr_time_t judged, resumed;   /* when it was found to, and when others found that it is over */
    bool closed, left_behind;     /* its pool ends; it has, and some are stuck */
    bool has_last;                /* who has left joins who left before him */
    pthread_t last;
} crew_t;

struct helpers_t {
    helpers_how_t how;
    hang_t *hang;
    pthread_mutex_t lock;
    pid_t process;
    crew_t *crew; /* of that process; NULL: nothing was asked yet */
};

/* The one of this process, made when there is none; NULL: there is no memory. */
crew_t *crew_of(helpers_t *helpers);

/* The end of a pool whose helpers_t that is. */
apr_status_t crew_close(void *helpers);

/* One more thread. False: there is none to be had. */
bool crew_start_thread(crew_t *crew);

/* Nobody has that job any more. */
void crew_release(helpers_job_t *job);

/* For a condition that is waited for until a time in ticks. wait: false if that has come. */
void crew_cond_init(pthread_cond_t *cond);
bool crew_wait(pthread_cond_t *cond, pthread_mutex_t *lock, apr_time_t until);

#endif
