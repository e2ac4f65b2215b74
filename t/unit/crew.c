/* The threads of helpers that one process has: how they end. */
#include "helped.h"

#include <dirent.h>
#include <sys/wait.h>

enum { LONG = 100000 };

/* As the system counts them. */
static int threads_of_process(void)
{
    int n = 0;
    DIR *tasks = opendir("/proc/self/task");
    assert_non_null(tasks);
    for (const struct dirent *task; (task = readdir(tasks)) != NULL;) n += *task->d_name != '.';
    closedir(tasks);
    return n;
}

static helpers_t *after_a_job(int threads)
{
    bool was_begun;
    helpers_t *helpers = some_helpers(threads, 5, 30);
    assert_int_equal(ask_at_once(helpers, &was_begun), HELPERS_DONE);
    return helpers;
}

static void wake(crew_t *crew)
{
    pthread_mutex_lock(&crew->lock);
    pthread_cond_broadcast(&crew->work);
    pthread_mutex_unlock(&crew->lock);
}

static void one_that_is_not_needed_ends(void **state)
{
    (void)state;
    bool was_begun;
    helpers_t *helpers = after_a_job(2);
    __atomic_add_fetch(&passed, IDLE_SECONDS, __ATOMIC_SEQ_CST);
    wake(crew_of(helpers));
    await(helpers_threads(helpers) == 0);
    assert_int_equal(count(&contexts_ended), 1);
    assert_int_equal(ask_at_once(helpers, &was_begun), HELPERS_DONE);
    assert_int_equal(count(&contexts_begun), 2);
}

static void all_that_are_idle_have_gone_when_the_pool_ends(void **state)
{
    (void)state;
    const int before = threads_of_process();
    for (int round = 0; round < 50; round++) {
        (void)after_a_job(2);
        apr_pool_clear(pool);
        assert_int_equal(count(&contexts_ended), 1);
    }
    await(threads_of_process() == before);
}

/* If it were waited for, this would never end: the clock stands still. */
static void one_that_is_stuck_is_not_waited_for(void **state)
{
    (void)state;
    const int before = threads_of_process();
    task_t stuck = a_task(some_helpers(3, LONG, LONG), false);
    bool was_begun;
    assert_true(helpers_send(stuck.helpers, &stuck.job));
    await(count(&begun) == 1);
    assert_int_equal(ask_at_once(stuck.helpers, &was_begun), HELPERS_DONE);
    apr_pool_clear(pool);
    assert_int_equal(count(&contexts_ended), 1);
    await(threads_of_process() == before + 1);
    let_go_on(&stuck);
    await(threads_of_process() == before);
    assert_int_equal(count(&contexts_ended), 1);
    assert_int_equal(count(&came_late), 0);
    assert_int_equal(count(&released), 2);
}

/* As in a child of prefork, which a signal ends wherever it is. */
static void a_lock_that_is_held_is_not_waited_for_long(void **state)
{
    (void)state;
    int code = -1;
    const pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        pthread_mutex_lock(&crew_of(after_a_job(1))->lock);
        __atomic_store_n(&goes_on, true, __ATOMIC_SEQ_CST);
        apr_pool_clear(pool);
        leave(true);
    }
    assert_int_equal(waitpid(child, &code, 0), child);
    assert_int_equal(code, 0);
}

static void a_process_that_forks_keeps_its_own(void **state)
{
    (void)state;
    int code = -1;
    helpers_t *helpers = after_a_job(1);
    const crew_t *crew = crew_of(helpers);
    const pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        const bool is_another = crew_of(helpers) != crew;
        apr_pool_clear(pool);
        leave(is_another);
    }
    assert_int_equal(waitpid(child, &code, 0), child);
    assert_int_equal(code, 0);
    assert_ptr_equal(crew_of(helpers), crew);
}

/* Nothing was asked in it: there is nothing to end. */
static void a_child_that_asks_nothing_leaves_its_parents_alone(void **state)
{
    (void)state;
    int code = -1;
    bool was_begun;
    helpers_t *helpers = after_a_job(1);
    const pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        apr_pool_clear(pool);
        leave(count(&contexts_ended) == 0);
    }
    assert_int_equal(waitpid(child, &code, 0), child);
    assert_int_equal(code, 0);
    assert_int_equal(ask_at_once(helpers, &was_begun), HELPERS_DONE);
    assert_int_equal(helpers_threads(helpers), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST_WITH_POOL(one_that_is_not_needed_ends),
        TEST_WITH_POOL(all_that_are_idle_have_gone_when_the_pool_ends),
        TEST_WITH_POOL(one_that_is_stuck_is_not_waited_for),
        TEST_WITH_POOL(a_lock_that_is_held_is_not_waited_for_long),
        TEST_WITH_POOL(a_process_that_forks_keeps_its_own),
        TEST_WITH_POOL(a_child_that_asks_nothing_leaves_its_parents_alone),
    };
    apr_initialize();
    return RUN_GROUP(tests);
}
