#include "helpers.h"

#include "crew.h"
#include "../system/clock.h"
#include "../system/shared.h"

helpers_t *helpers_open(apr_pool_t *pool, const helpers_how_t *how)
{
    helpers_t *helpers = apr_pcalloc(pool, sizeof *helpers);
    void *memory;
    helpers->how = *how;
    const bool is_shared = shared_memory(pool, sizeof *helpers->hang, &memory) == APR_SUCCESS;
    helpers->hang = is_shared ? memory : apr_pcalloc(pool, sizeof *helpers->hang);
    pthread_mutex_init(&helpers->lock, NULL);
    apr_pool_cleanup_register(pool, helpers, crew_close, apr_pool_cleanup_null);
    return helpers;
}

void helpers_release(helpers_job_t *job)
{
    crew_release(job);
}

/* ---- while it hangs ---- */

/* Those that are stuck are no longer counted on, and come back to nothing: what was down may be up
 * again, and never answer what it was asked before. */
static void give_up(crew_t *crew)
{
    crew->given_up += crew->under_way;
    crew->threads -= crew->under_way;
    crew->under_way = 0;
    crew->era++;
}

/* The more are stuck, the longer: they come back some day, if only since the kernel gives up what
 * nobody acknowledges. */
static apr_interval_time_t pause_of(const crew_t *crew)
{
    return crew->how.stall * (4 + crew->given_up) / 4;
}

static bool is_full(const crew_t *crew)
{
    return crew->threads >= crew->how.threads && crew->idle == 0;
}

/* What others are answered again may be what is stuck here alone: it is tried now and then. */
static void resume(crew_t *crew)
{
    const apr_time_t now = clock_ticks();
    if (crew->resumed && now - crew->resumed < pause_of(crew)) return;
    if (is_full(crew) && crew->given_up >= GIVEN_UP_MAX) return;
    if (is_full(crew)) give_up(crew);
    crew->resumed = crew->progress = now;
    crew->hangs = false;
}

static bool hangs(crew_t *crew)
{
    if (crew->hangs && hang_has_ended(crew->hang, crew->judged)) resume(crew);
    return crew->hangs || hang_lasts(crew->hang, crew->answered);
}

/* One is let through now and then to see whether it still does. */
static bool may_probe(crew_t *crew)
{
    if (is_full(crew) && crew->given_up >= GIVEN_UP_MAX) return false;
    if (!hang_probe(crew->hang, clock_ticks(), pause_of(crew))) return false;
    if (is_full(crew)) give_up(crew);
    return true;
}

/* When many wait, there is nobody left for pages that need no answer; and when others have found
 * out, one needs not find out for oneself. */
static apr_interval_time_t patience(const crew_t *crew)
{
    const bool too_many = crew->how.waiting_max && crew->waiting > crew->how.waiting_max;
    return too_many || hang_lasts(crew->hang, crew->answered) ? crew->how.stall / 4
                                                              : crew->how.stall;
}

/* When nothing has finished for too long; a probe's own time counts. */
static apr_time_t hangs_at(const crew_t *crew, apr_time_t probe)
{
    if (probe > crew->answered) return probe + crew->how.stall;
    if (crew->hangs) return 0;
    return crew->under_way ? crew->progress + patience(crew) : APR_INT64_MAX;
}

/* ---- asking ---- */

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

/* HELPERS_DONE: it has finished. Looks up now and then, since others may find that it hangs, and
 * since it is begun some time. */
static helpers_outcome_t wait_for(crew_t *crew, helpers_job_t *job, apr_time_t probe)
{
    enum { LOOK_SECONDS = 1 };
    while (job->state != FINISHED) {
        const apr_time_t now = clock_ticks(), hang = hangs_at(crew, probe),
                         limit = job->since + crew->how.queue;
        if (now >= hang) {
            if (!crew->hangs) crew->judged = now;
            crew->hangs = true;
            hang_begins(crew->hang, now);
        }
        if (now >= hang || crew->closed) return HELPERS_HANGS;
        if (now >= limit) return job->state == BEGUN ? HELPERS_HANGS : HELPERS_QUEUED;
        const apr_time_t look = now + apr_time_from_sec(LOOK_SECONDS);
        const apr_time_t next = limit < hang ? limit : hang;
        (void)crew_wait(&job->done, &crew->lock, next < look ? next : look);
    }
    return HELPERS_DONE;
}

/* It was not begun, and never will be; or it goes on, and is the thread's now. Where others are
 * answered meanwhile, that thread alone is stuck. */
static bool abandon(crew_t *crew, helpers_job_t *job)
{
    if (job->state == WAITED_FOR) {
        remove_job(crew, job);
        return false;
    }
    job->state = NOT_WAITED_FOR;
    const bool is_counted_on = job->era == crew->era && !crew->hangs;
    if (is_counted_on && crew->given_up < GIVEN_UP_MAX) {
        job->state = GIVEN_UP;
        crew->given_up++;
        crew->threads--;
        crew->under_way--;
    }
    return true;
}

/* False: it was not added. */
static bool admit(crew_t *crew, helpers_job_t *job, helpers_outcome_t *refusal, apr_time_t *probe)
{
    const bool may_hang = hangs(crew);
    *refusal = HELPERS_HANGS;
    *probe = 0;
    if (may_hang && !may_probe(crew)) return false;
    job->since = clock_ticks();
    if (may_hang) *probe = job->since;
    if (add(crew, job)) return true;
    remove_job(crew, job);
    *refusal = HELPERS_FAILED;
    return false;
}

helpers_outcome_t helpers_ask(helpers_t *helpers, helpers_job_t *job, bool *begun)
{
    crew_t *crew = crew_of(helpers);
    helpers_outcome_t outcome = HELPERS_FAILED;
    apr_time_t probe;
    job->state = WAITED_FOR;
    crew_cond_init(&job->done);
    *begun = false;
    if (crew) {
        pthread_mutex_lock(&crew->lock);
        if (admit(crew, job, &outcome, &probe)) {
            crew->waiting++;
            outcome = wait_for(crew, job, probe);
            crew->waiting--;
            if (outcome != HELPERS_DONE) *begun = abandon(crew, job);
        }
        pthread_mutex_unlock(&crew->lock);
    }
    if (outcome != HELPERS_DONE && !*begun) helpers_release(job);
    return outcome;
}

bool helpers_send(helpers_t *helpers, helpers_job_t *job)
{
    crew_t *crew = crew_of(helpers);
    helpers_outcome_t refusal;
    apr_time_t probe;
    bool sent = false;
    job->state = NOT_WAITED_FOR;
    crew_cond_init(&job->done);
    if (crew) {
        pthread_mutex_lock(&crew->lock);
        sent = admit(crew, job, &refusal, &probe);
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
    const bool do_hang = hangs(crew);
    pthread_mutex_unlock(&crew->lock);
    return do_hang;
}

void helpers_leave_some(helpers_t *helpers, int of)
{
    helpers->how.waiting_max = of / 2;
    crew_t *crew = crew_of(helpers);
    if (!crew) return;
    pthread_mutex_lock(&crew->lock);
    crew->how.waiting_max = of / 2;
    pthread_mutex_unlock(&crew->lock);
}

void helpers_wait(helpers_t *helpers, int more)
{
    crew_t *crew = crew_of(helpers);
    if (!crew) return;
    pthread_mutex_lock(&crew->lock);
    crew->waiting += more;
    pthread_mutex_unlock(&crew->lock);
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
