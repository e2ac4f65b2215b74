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

/* The code of threads that may be stuck must stay where it is, whoever unloads his modules. */
static void pin(const void *code)
{
    Dl_info info;
    if (code && dladdr(code, &info) && info.dli_fname)
        (void)dlopen(info.dli_fname, RTLD_NOW | RTLD_NOLOAD | RTLD_NODELETE);
}

static helpers_job_t *take(crew_t *crew)
{
    helpers_job_t *job = crew->first;
    if (!job) return NULL;
    crew->first = job->next;
    crew->queued--;
    if (!crew->first) crew->end = &crew->first;
    if (crew->under_way++ == 0) crew->progress = clock_ticks();
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

/* What is answered shows that it does not hang. */
static void finish(crew_t *crew, helpers_job_t *job, bool given_up)
{
    if (given_up)
        crew->given_up--;
    else
        crew->under_way--;
    crew->progress = clock_ticks();
    crew->hangs = false;
    if (job->state == BEGUN) {
        job->state = FINISHED;
        pthread_cond_signal(&job->done);
        return;
    }
    pthread_mutex_unlock(&crew->lock);
    if (job->late) job->late(job);
    crew_release(job);
    pthread_mutex_lock(&crew->lock);
}

static void *run(void *data)
{
    crew_t *crew = data;
    helpers_job_t *job;
    bool given_up = false, closed_meanwhile = false;
    void *own = crew->how.begin ? crew->how.begin(crew->how.baton) : NULL;
    pthread_mutex_lock(&crew->lock);
    while (!given_up && !closed_meanwhile && (job = next_job(crew)) != NULL) {
        const unsigned era = crew->era;
        pthread_mutex_unlock(&crew->lock);
        job->work(job, own);
        pthread_mutex_lock(&crew->lock);
        given_up = era != crew->era;
        finish(crew, job, given_up);
        closed_meanwhile = crew->closed;
    }
    if (own && crew->how.end && !closed_meanwhile) crew->how.end(crew->how.baton, own);
    if (!given_up) crew->threads--;
    pthread_cond_signal(&crew->left);
    pthread_mutex_unlock(&crew->lock);
    return NULL;
}

/* No signal of httpd's is for it. */
bool crew_start_thread(crew_t *crew)
{
    pthread_t thread;
    pthread_attr_t how;
    sigset_t all, before;
    sigfillset(&all);
    pthread_attr_init(&how);
    pthread_attr_setdetachstate(&how, PTHREAD_CREATE_DETACHED);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    const bool started = pthread_create(&thread, &how, run, crew) == 0;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    pthread_attr_destroy(&how);
    if (started) crew->threads++;
    return started;
}

/* ---- a crew ---- */

/* ISO C knows no pointers that are a function's and data's both. */
static const void *code_of(void *(*begin)(void *))
{
    union {
        void *(*function)(void *);
        const void *data;
    } same = {.function = begin};
    return same.data;
}

static crew_t *make_crew(const helpers_how_t *how)
{
    crew_t *crew = calloc(1, sizeof *crew);
    if (!crew) return NULL;
    pthread_mutex_init(&crew->lock, NULL);
    crew_cond_init(&crew->work);
    crew_cond_init(&crew->left);
    crew->how = *how;
    crew->end = &crew->first;
    pin(code_of(run));
    pin(code_of(how->begin));
    return crew;
}

/* Threads do not come along when a process forks: each has its own. */
crew_t *crew_of(helpers_t *helpers)
{
    pthread_mutex_lock(&helpers->lock);
    if (!helpers->crew || helpers->process != getpid()) {
        helpers->crew = make_crew(&helpers->how);
        helpers->process = getpid();
    }
    crew_t *crew = helpers->crew;
    pthread_mutex_unlock(&helpers->lock);
    return crew;
}

/* Idle threads go, and are waited for; one that is stuck finds what it comes back to. */
apr_status_t crew_close(void *data)
{
    helpers_t *helpers = data;
    crew_t *crew = helpers->process == getpid() ? helpers->crew : NULL;
    if (!crew) return APR_SUCCESS;
    pthread_mutex_lock(&crew->lock);
    const apr_time_t until = clock_ticks() + apr_time_from_sec(CLOSING_SECONDS);
    crew->closed = true;
    pthread_cond_broadcast(&crew->work);
    while (crew->threads > crew->under_way && crew_wait(&crew->left, &crew->lock, until)) {
    }
    const bool is_empty = crew->threads == 0 && crew->given_up == 0;
    pthread_mutex_unlock(&crew->lock);
    if (is_empty) free(crew);
    return APR_SUCCESS;
}
