/* helped.h - jobs for helpers that are stuck until a test lets them go on, who asks for them in
 * threads of their own, and a clock that a test moves. */
#ifndef NTLM_UNIT_HELPED_H
#define NTLM_UNIT_HELPED_H

#include "unit.h"

#include "pool.h"

#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "../../lib/helpers/crew.h"
#include "../../lib/helpers/helpers.h"
#include "../../lib/system/clock.h"

/* ---- the clock ---- */

static int passed;   /* seconds */
static int looked;   /* how often somebody has asked what time it is */
static bool goes_on; /* a second each time */

int clock_gettime(clockid_t clock, struct timespec *at)
{
    if (clock != CLOCK_BOOTTIME) return (int)syscall(SYS_clock_gettime, clock, at);
    __atomic_add_fetch(&looked, 1, __ATOMIC_SEQ_CST);
    if (__atomic_load_n(&goes_on, __ATOMIC_SEQ_CST))
        __atomic_add_fetch(&passed, 1, __ATOMIC_SEQ_CST);
    *at = (struct timespec){.tv_sec = 100000 + __atomic_load_n(&passed, __ATOMIC_SEQ_CST)};
    return 0;
}

/* What is only a matter of time; of a minute, on the busiest machine. */
#define await(condition)                                                                           \
    do {                                                                                           \
        for (int tries_ = 0; !(condition); tries_++) {                                             \
            if (tries_ == 60000) fail_msg("never: %s", #condition);                                \
            apr_sleep(1000);                                                                       \
        }                                                                                          \
    } while (0)

/* ---- jobs ---- */

static int begun, worked, came_late, released, contexts_begun, contexts_ended;

static int count(const int *counter)
{
    return __atomic_load_n(counter, __ATOMIC_SEQ_CST);
}

static void one_more(int *counter)
{
    __atomic_add_fetch(counter, 1, __ATOMIC_SEQ_CST);
}

typedef struct task_t {
    helpers_job_t job;
    bool may_end;
    pthread_t worker;
    void *own;
    /* of who asks */
    helpers_t *helpers;
    pthread_t asker;
    bool was_begun, has_asked;
    helpers_outcome_t outcome;
} task_t;

static task_t *task_of(helpers_job_t *job)
{
    return (task_t *)(void *)job;
}

static void work(helpers_job_t *job, void *own)
{
    task_t *task = task_of(job);
    task->worker = pthread_self();
    task->own = own;
    one_more(&begun);
    while (!__atomic_load_n(&task->may_end, __ATOMIC_SEQ_CST)) apr_sleep(1000);
    one_more(&worked);
}

static void late(helpers_job_t *job)
{
    (void)job;
    one_more(&came_late);
}

static void release(helpers_job_t *job)
{
    (void)job;
    one_more(&released);
}

static void let_go_on(task_t *task)
{
    __atomic_store_n(&task->may_end, true, __ATOMIC_SEQ_CST);
}

static task_t a_task(helpers_t *helpers, bool may_end)
{
    return (task_t){.job = {.work = work, .late = late, .release = release},
                    .may_end = may_end,
                    .helpers = helpers};
}

/* ---- who asks ---- */

static void *ask(void *data)
{
    task_t *task = data;
    task->outcome = helpers_ask(task->helpers, &task->job, &task->was_begun);
    if (task->outcome == HELPERS_DONE) helpers_release(&task->job);
    __atomic_store_n(&task->has_asked, true, __ATOMIC_SEQ_CST);
    return NULL;
}

/* In a thread of the test's; back when it waits, if it has to wait. */
static void ask_aside(task_t *task)
{
    crew_t *crew = crew_of(task->helpers);
    pthread_mutex_lock(&crew->lock);
    const int before = crew->waiting;
    pthread_mutex_unlock(&crew->lock);
    assert_int_equal(pthread_create(&task->asker, NULL, ask, task), 0);
    for (bool waits = false; !waits; apr_sleep(1000)) {
        pthread_mutex_lock(&crew->lock);
        waits = crew->waiting > before || __atomic_load_n(&task->has_asked, __ATOMIC_SEQ_CST);
        pthread_mutex_unlock(&crew->lock);
    }
}

/* Whoever waits looks at the clock again. */
static void pass(int seconds, task_t *tasks, size_t n)
{
    crew_t *crew = crew_of(tasks->helpers);
    __atomic_add_fetch(&passed, seconds, __ATOMIC_SEQ_CST);
    pthread_mutex_lock(&crew->lock);
    for (size_t i = 0; i < n; i++)
        if (tasks[i].job.state <= BEGUN) pthread_cond_broadcast(&tasks[i].job.done);
    pthread_mutex_unlock(&crew->lock);
}

static helpers_outcome_t outcome_of(task_t *task)
{
    pthread_join(task->asker, NULL);
    return task->outcome;
}

static helpers_outcome_t ask_at_once(helpers_t *helpers, bool *was_begun)
{
    task_t task = a_task(helpers, true);
    ask(&task);
    *was_begun = task.was_begun;
    return task.outcome;
}

/* ---- helpers ---- */

static void *begin_context(void *baton)
{
    one_more(&contexts_begun);
    return baton;
}

static void end_context(void *baton, void *own)
{
    assert_ptr_equal(baton, own);
    one_more(&contexts_ended);
}

static char baton[] = "a baton";

static helpers_t *some_helpers(int threads, int stall, int queue)
{
    const helpers_how_t how = {.threads = threads,
                               .stall = apr_time_from_sec(stall),
                               .queue = apr_time_from_sec(queue),
                               .begin = begin_context,
                               .end = end_context,
                               .baton = baton};
    begun = worked = came_late = released = contexts_begun = contexts_ended = 0;
    return helpers_open(pool, &how);
}

#endif
