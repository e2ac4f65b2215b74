#include "helpers.h"

#include "crew.h"
#include "../system/clock.h"

helpers_t *helpers_open(apr_pool_t *pool, const helpers_how_t *how)
{
    helpers_t *helpers = apr_pcalloc(pool, sizeof *helpers);
    helpers->how = *how;
    pthread_mutex_init(&helpers->lock, NULL);
    apr_pool_cleanup_register(pool, helpers, crew_close, apr_pool_cleanup_null);
    return helpers;
}

void helpers_release(helpers_job_t *job)
{
    crew_release(job);
}

/* Those that are stuck are no longer counted on, and come back to nothing: what was down may be up
 * again, and never answer what it was asked before. */
static void give_up(crew_t *crew)
{
    crew->given_up += crew->under_way;
    crew->threads -= crew->under_way;
    crew->under_way = 0;
    crew->era++;
}

/* While it hangs, one is let through now and then to see whether it still does. */
static bool may_probe(crew_t *crew)
{
    const apr_time_t now = clock_ticks();
    if (now - crew->probed < crew->how.stall) return false;
    if (crew->threads >= crew->how.threads && crew->idle == 0) {
        if (crew->given_up + crew->under_way > GIVEN_UP_MAX) return false;
        give_up(crew);
    }
    crew->probed = now;
    return true;
}

static bool add(crew_t *crew, helpers_job_t *job)
{
    job->next = NULL;
    *crew->end = job;
    crew->end = &job->next;
    const bool must_start = ++crew->queued > crew->idle && crew->threads < crew->how.threads;
    if (must_start && !crew_start_thread(crew) && crew->threads == 0) return false;
    pthread_cond_signal(&crew->work);
    return true;
}

static void remove_job(crew_t *crew, helpers_job_t *job)
{
    helpers_job_t **at = &crew->first;
    while (*at != job) at = &(*at)->next;
    *at = job->next;
    if (!*at) crew->end = at;
    crew->queued--;
}

/* When nothing has finished for too long; a probe's own time counts. */
static apr_time_t hangs_at(const crew_t *crew, apr_time_t probe)
{
    if (probe) return probe + crew->how.stall;
    if (crew->hangs) return 0;
    return crew->under_way ? crew->progress + crew->how.stall : APR_INT64_MAX;
}

/* HELPERS_DONE: it has finished. */
static helpers_outcome_t wait_for(crew_t *crew, helpers_job_t *job, apr_time_t probe)
{
    const apr_time_t turn = clock_ticks() + crew->how.queue;
    while (job->state != FINISHED) {
        const apr_time_t now = clock_ticks(), hang = hangs_at(crew, probe);
        if (now >= hang) {
            if (!crew->hangs) crew->probed = now;
            crew->hangs = true;
            return HELPERS_HANGS;
        }
        if (job->state == WAITED_FOR && now >= turn) return HELPERS_QUEUED;
        const apr_time_t look = now + apr_time_from_sec(1);
        const apr_time_t next = job->state == WAITED_FOR && turn < hang ? turn : hang;
        (void)crew_wait(&job->done, &crew->lock, next < look ? next : look);
    }
    return HELPERS_DONE;
}

/* It was not begun, and never will be; or it goes on, and is the thread's now. */
static bool abandon(crew_t *crew, helpers_job_t *job)
{
    const bool begun = job->state == BEGUN;
    if (begun)
        job->state = NOT_WAITED_FOR;
    else
        remove_job(crew, job);
    return begun;
}

helpers_outcome_t helpers_ask(helpers_t *helpers, helpers_job_t *job, bool *begun)
{
    crew_t *crew = crew_of(helpers);
    helpers_outcome_t outcome = HELPERS_FAILED;
    job->state = WAITED_FOR;
    crew_cond_init(&job->done);
    *begun = false;
    if (crew) {
        pthread_mutex_lock(&crew->lock);
        const bool hangs = crew->hangs;
        if (hangs && !may_probe(crew))
            outcome = HELPERS_HANGS;
        else if (!add(crew, job))
            remove_job(crew, job);
        else if ((outcome = wait_for(crew, job, hangs ? crew->probed : 0)) != HELPERS_DONE)
            *begun = abandon(crew, job);
        pthread_mutex_unlock(&crew->lock);
    }
    if (outcome != HELPERS_DONE && !*begun) helpers_release(job);
    return outcome;
}

bool helpers_send(helpers_t *helpers, helpers_job_t *job)
{
    crew_t *crew = crew_of(helpers);
    bool sent = false;
    job->state = NOT_WAITED_FOR;
    crew_cond_init(&job->done);
    if (crew) {
        pthread_mutex_lock(&crew->lock);
        if (!crew->hangs || may_probe(crew)) {
            sent = add(crew, job);
            if (!sent) remove_job(crew, job);
        }
        pthread_mutex_unlock(&crew->lock);
    }
    if (!sent) helpers_release(job);
    return sent;
}

bool helpers_hang(helpers_t *helpers)
{
    crew_t *crew = crew_of(helpers);
    if (!crew) return true;
    pthread_mutex_lock(&crew->lock);
    const bool hangs = crew->hangs;
    pthread_mutex_unlock(&crew->lock);
    return hangs;
}

int helpers_threads(helpers_t *helpers)
{
    crew_t *crew = crew_of(helpers);
    if (!crew) return 0;
    pthread_mutex_lock(&crew->lock);
    const int threads = crew->threads + crew->given_up;
    pthread_mutex_unlock(&crew->lock);
    return threads;
}
