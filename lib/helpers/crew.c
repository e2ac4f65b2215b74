#include "crew.h"

#include <dlfcn.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include "../system/clock.h"

/* ---- times ---- */

void crew_cond_init(pthread_cond_t *cond)
{
    pthread_condattr_t how;
    pthread_condattr_init(&how);
    pthread_condattr_setclock(&how, CLOCK_MONOTONIC);
    pthread_cond_init(cond, &how);
    pthread_condattr_destroy(&how);
}

/* False: the time, in ticks, has come. */
bool crew_wait(pthread_cond_t *cond, pthread_mutex_t *lock, apr_time_t until)
{
    struct timespec at;
    apr_interval_time_t more = until - clock_ticks();
    if (more <= 0) return false;
    clock_gettime(CLOCK_MONOTONIC, &at);
    at.tv_sec += apr_time_sec(more);
    at.tv_nsec += (long)apr_time_usec(more) * 1000;
    if (at.tv_nsec >= 1000000000) {
        at.tv_nsec -= 1000000000;
        at.tv_sec++;
    }
    pthread_cond_timedwait(cond, lock, &at);
    return clock_ticks() < until;
}

/* ---- a thread ---- */

static helpers_job_t *take(crew_t *crew)
{
    helpers_job_t *job = crew->first;
    if (!job) return NULL;
    crew->first = job->next;
    crew->queued--;
    if (!crew->first) crew->end = &crew->first;
    job->since = clock_ticks();
    job->era = crew->era;
    if (crew->under_way++ == 0) crew->progress = job->since;
    if (job->state == WAITED_FOR) job->state = BEGUN;
    return job;
}

/* The next job, or NULL: this thread is not needed. */
static helpers_job_t *next_job(crew_t *crew)
{
    const apr_time_t until = clock_ticks() + apr_time_from_sec(IDLE_SECONDS);
    crew->idle++;
    while (!crew->first && !crew->closed && crew_wait(&crew->work, &crew->lock, until)) {
    }
    crew->idle--;
    return crew->closed ? NULL : take(crew);
}

void crew_release(helpers_job_t *job)
{
    pthread_cond_destroy(&job->done);
    job->release(job);
}

/* What is answered shows that it does not hang; unless all that this is about has gone. */
static void finish(crew_t *crew, helpers_job_t *job, bool is_gone)
{
    if (!is_gone) {
        crew->answered = crew->progress = clock_ticks();
        crew->hangs = false;
        hang_ends(crew->hang, crew->answered);
    }
    if (job->state == BEGUN) {
        job->state = FINISHED;
        pthread_cond_signal(&job->done);
        return;
    }
    pthread_mutex_unlock(&crew->lock);
    if (job->late && !is_gone) job->late(job);
    crew_release(job);
    pthread_mutex_lock(&crew->lock);
}

typedef struct hand_t {
    void *own;
    bool is_given_up; /* nobody counts on this thread any more */
    bool is_gone;     /* nor is there anything that its work was about */
} hand_t;

static void do_job(crew_t *crew, hand_t *hand, helpers_job_t *job)
{
    crew->in_work++;
    pthread_mutex_unlock(&crew->lock);
    job->work(job, hand->own);
    pthread_mutex_lock(&crew->lock);
    crew->in_work--;
    hand->is_given_up = job->era != crew->era || job->state == GIVEN_UP;
    hand->is_gone = crew->left_behind;
    if (!hand->is_given_up) crew->under_way--;
    finish(crew, job, hand->is_gone);
}

static bool is_empty(const crew_t *crew)
{
    return crew->threads == 0 && crew->given_up == 0 && crew->waiting == 0;
}

/* Its code may be unloaded once all have gone. So each is waited for by the next one that goes, and
 * the last by who closes; behind those that come back too late for that, the code stays. */
static void leave(crew_t *crew, const hand_t *hand)
{
    const bool must_join = crew->has_last && !hand->is_gone;
    const pthread_t before = crew->last;
    if (hand->is_gone) {
        pthread_detach(pthread_self());
    } else {
        crew->last = pthread_self();
        crew->has_last = true;
    }
    if (hand->is_given_up)
        crew->given_up--;
    else
        crew->threads--;
    const bool is_over = hand->is_gone && is_empty(crew);
    pthread_cond_signal(&crew->left);
    pthread_mutex_unlock(&crew->lock);
    if (must_join) pthread_join(before, NULL);
    if (is_over) free(crew);
}

static void *run(void *data)
{
    crew_t *crew = data;
    hand_t hand = {.own = crew->how.begin ? crew->how.begin(crew->how.baton) : NULL};
    helpers_job_t *job;
    pthread_mutex_lock(&crew->lock);
    while (!hand.is_given_up && !hand.is_gone && (job = next_job(crew)) != NULL)
        do_job(crew, &hand, job);
    if (hand.own && crew->how.end && !hand.is_gone) {
        pthread_mutex_unlock(&crew->lock);
        crew->how.end(crew->how.baton, hand.own);
        pthread_mutex_lock(&crew->lock);
    }
    leave(crew, &hand);
    return NULL;
}

/* No signal of httpd's is for it. */
bool crew_start_thread(crew_t *crew)
{
    pthread_t thread;
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    const bool started = pthread_create(&thread, NULL, run, crew) == 0;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (started) crew->threads++;
    return started;
}

/* ---- a crew ---- */

static crew_t *make_crew(const helpers_t *helpers)
{
    crew_t *crew = calloc(1, sizeof *crew);
    if (!crew) return NULL;
    pthread_mutex_init(&crew->lock, NULL);
    crew_cond_init(&crew->work);
    crew_cond_init(&crew->left);
    crew->how = helpers->how;
    crew->hang = helpers->hang;
    crew->end = &crew->first;
    return crew;
}

/* Threads do not come along when a process forks: each has its own. */
crew_t *crew_of(helpers_t *helpers)
{
    pthread_mutex_lock(&helpers->lock);
    if (!helpers->crew || helpers->process != getpid()) {
        helpers->crew = make_crew(helpers);
        helpers->process = getpid();
    }
    crew_t *crew = helpers->crew;
    pthread_mutex_unlock(&helpers->lock);
    return crew;
}

/* ---- its end ---- */

/* ISO C knows no pointers that are a function's and data's both. */
static const void *code_of(void *(*function)(void *))
{
    union {
        void *(*function)(void *);
        const void *data;
    } same = {.function = function};
    return same.data;
}

/* The code of a thread that is stuck must stay where it is, whoever unloads his modules. */
static void pin(const void *code)
{
    Dl_info info;
    if (code && dladdr(code, &info) && info.dli_fname)
        (void)dlopen(info.dli_fname, RTLD_NOW | RTLD_NOLOAD | RTLD_NODELETE);
}

/* A child of prefork ends in a handler of a signal, whatever it was about to do. */
static bool lock_soon(crew_t *crew, apr_time_t until)
{
    while (pthread_mutex_trylock(&crew->lock) != 0) {
        if (clock_ticks() >= until) return false;
        apr_sleep(1000);
    }
    return true;
}

/* What nobody waits for is never begun. */
static void drop_queue(crew_t *crew)
{
    helpers_job_t **at = &crew->first, *job;
    while ((job = *at) != NULL) {
        if (job->state == WAITED_FOR) {
            at = &job->next;
            continue;
        }
        *at = job->next;
        crew->queued--;
        crew_release(job);
    }
    crew->end = at;
}

/* All go that are not in what may block, and are waited for; the others find what they come back
 * to. */
apr_status_t crew_close(void *data)
{
    helpers_t *helpers = data;
    crew_t *crew = helpers->process == getpid() ? helpers->crew : NULL;
    const apr_time_t until = clock_ticks() + apr_time_from_sec(CLOSING_SECONDS);
    if (!crew || !lock_soon(crew, until)) return APR_SUCCESS;
    crew->closed = true;
    drop_queue(crew);
    pthread_cond_broadcast(&crew->work);
    while (crew->threads + crew->given_up > crew->in_work &&
           crew_wait(&crew->left, &crew->lock, until)) {
    }
    const bool is_over = is_empty(crew), must_join = crew->has_last;
    const pthread_t last = crew->last;
    crew->has_last = false;
    crew->left_behind = !is_over;
    if (!is_over) {
        pin(code_of(run));
        pin(code_of(crew->how.begin));
        pin(crew->how.code);
    }
    pthread_mutex_unlock(&crew->lock);
    if (must_join) pthread_join(last, NULL);
    if (is_over) free(crew);
    return APR_SUCCESS;
}
