/* Threads that ask what may block. */
#include "helped.h"

#include <sys/wait.h>

enum { LONG = 100000 };

#define assert_asked(helpers, expected)                                                            \
    do {                                                                                           \
        bool was_begun_;                                                                           \
        assert_int_equal(ask_at_once(helpers, &was_begun_), expected);                             \
        assert_false(was_begun_ && (expected) == HELPERS_QUEUED);                                  \
    } while (0)

/* ---- who is answered ---- */

static void what_is_asked_is_done_in_another_thread(void **state)
{
    (void)state;
    task_t task = a_task(some_helpers(2, LONG, LONG), true);
    assert_int_equal(helpers_threads(task.helpers), 0);
    assert_int_equal(helpers_ask(task.helpers, &task.job, &task.was_begun), HELPERS_DONE);
    assert_false(pthread_equal(task.worker, pthread_self()));
    assert_ptr_equal(task.own, baton);
    assert_int_equal(count(&released), 0);
    helpers_release(&task.job);
    assert_int_equal(count(&released), 1);
    assert_int_equal(count(&came_late), 0);
}

static void a_thread_is_used_again(void **state)
{
    (void)state;
    helpers_t *helpers = some_helpers(4, LONG, LONG);
    for (int i = 0; i < 50; i++) assert_asked(helpers, HELPERS_DONE);
    assert_int_equal(helpers_threads(helpers), 1);
    assert_int_equal(count(&contexts_begun), 1);
    assert_int_equal(count(&released), 50);
}

static void there_are_so_many_and_the_others_wait_for_their_turn(void **state)
{
    (void)state;
    helpers_t *helpers = some_helpers(2, LONG, LONG);
    task_t tasks[5];
    for (int i = 0; i < 5; i++) {
        tasks[i] = a_task(helpers, false);
        ask_aside(&tasks[i]);
    }
    await(count(&begun) == 2);
    assert_int_equal(helpers_threads(helpers), 2);
    assert_int_equal(crew_of(helpers)->queued, 3);
    for (int i = 0; i < 5; i++) let_go_on(&tasks[i]);
    for (int i = 0; i < 5; i++) assert_int_equal(outcome_of(&tasks[i]), HELPERS_DONE);
    assert_int_equal(helpers_threads(helpers), 2);
    assert_int_equal(count(&released), 5);
}

/* A burst on a slow server is no hang. */
static void a_slow_one_does_not_hang(void **state)
{
    (void)state;
    helpers_t *helpers = some_helpers(1, 5, 1000);
    task_t tasks[4];
    for (int i = 0; i < 4; i++) {
        tasks[i] = a_task(helpers, false);
        ask_aside(&tasks[i]);
    }
    for (int i = 0; i < 4; i++) {
        await(count(&begun) == i + 1);
        pass(4, tasks, 4);
        let_go_on(&tasks[i]);
        await(count(&worked) == i + 1);
    }
    for (int i = 0; i < 4; i++) assert_int_equal(outcome_of(&tasks[i]), HELPERS_DONE);
    assert_false(helpers_hang(helpers));
}

/* The stack of a thread is more than there can be of memory. */
static void take_threads_away(bool away)
{
    pthread_attr_t how;
    pthread_attr_init(&how);
    static size_t usual;
    if (!usual) pthread_attr_getstacksize(&how, &usual);
    pthread_attr_setstacksize(&how, away ? (size_t)1 << 50 : usual);
    pthread_setattr_default_np(&how);
    pthread_attr_destroy(&how);
}

static void there_may_be_no_thread(void **state)
{
    (void)state;
    helpers_t *helpers = some_helpers(2, LONG, LONG);
    take_threads_away(true);
    assert_asked(helpers, HELPERS_FAILED);
    task_t task = a_task(helpers, true);
    assert_false(helpers_send(helpers, &task.job));
    take_threads_away(false);
    assert_int_equal(count(&begun), 0);
    assert_int_equal(count(&released), 2);
    assert_asked(helpers, HELPERS_DONE);
}

/* ---- what hangs ---- */

/* Its first job, and that it hangs. */
static void hang(task_t *task)
{
    ask_aside(task);
    await(count(&begun) == 1);
    pass(5, task, 1);
    assert_int_equal(outcome_of(task), HELPERS_HANGS);
    assert_true(task->was_begun);
    assert_true(helpers_hang(task->helpers));
}

static void what_hangs_is_given_up_and_what_it_says_comes_late(void **state)
{
    (void)state;
    task_t task = a_task(some_helpers(2, 5, 30), false);
    hang(&task);
    assert_int_equal(count(&came_late), 0);
    assert_int_equal(count(&released), 0);
    let_go_on(&task);
    await(count(&released) == 1);
    assert_int_equal(count(&came_late), 1);
    assert_false(helpers_hang(task.helpers));
    assert_asked(task.helpers, HELPERS_DONE);
}

static void who_waits_for_his_turn_then_is_told_so_and_never_begun(void **state)
{
    (void)state;
    helpers_t *helpers = some_helpers(1, 5, 30);
    task_t tasks[] = {a_task(helpers, false), a_task(helpers, false)};
    ask_aside(&tasks[0]);
    await(count(&begun) == 1);
    ask_aside(&tasks[1]);
    pass(5, tasks, 2);
    assert_int_equal(outcome_of(&tasks[0]), HELPERS_HANGS);
    assert_int_equal(outcome_of(&tasks[1]), HELPERS_HANGS);
    assert_false(tasks[1].was_begun);
    assert_int_equal(count(&released), 1);
    let_go_on(&tasks[0]);
    await(count(&released) == 2);
    assert_int_equal(count(&begun), 1);
}

static void one_a_while_is_let_through_to_see(void **state)
{
    (void)state;
    helpers_t *helpers = some_helpers(4, 5, 30);
    task_t task = a_task(helpers, false), probe = a_task(helpers, false);
    hang(&task);
    ask_aside(&probe);
    await(count(&begun) == 2);
    for (int i = 0; i < 3; i++) assert_asked(helpers, HELPERS_HANGS);
    pass(4, &probe, 1);
    assert_asked(helpers, HELPERS_HANGS);
    pass(1, &probe, 1);
    assert_int_equal(outcome_of(&probe), HELPERS_HANGS);
    assert_int_equal(count(&begun), 2);
    assert_asked(helpers, HELPERS_DONE);
    assert_false(helpers_hang(helpers));
    let_go_on(&task);
    let_go_on(&probe);
    await(count(&released) == 7);
}

/* It has a time of its own, although nothing has finished for longer. */
static void what_a_probe_finds_is_for_all(void **state)
{
    (void)state;
    helpers_t *helpers = some_helpers(4, 5, 30);
    task_t task = a_task(helpers, false), probe = a_task(helpers, false);
    hang(&task);
    ask_aside(&probe);
    pass(4, &probe, 1);
    let_go_on(&probe);
    assert_int_equal(outcome_of(&probe), HELPERS_DONE);
    assert_asked(helpers, HELPERS_DONE);
    assert_asked(helpers, HELPERS_DONE);
    let_go_on(&task);
    await(count(&came_late) == 1);
}

static void who_is_stuck_is_replaced(void **state)
{
    (void)state;
    task_t task = a_task(some_helpers(1, 5, 30), false);
    hang(&task);
    assert_asked(task.helpers, HELPERS_DONE);
    assert_asked(task.helpers, HELPERS_DONE);
    assert_int_equal(helpers_threads(task.helpers), 2);
    let_go_on(&task);
    await(helpers_threads(task.helpers) == 1);
    assert_int_equal(count(&came_late), 1);
    assert_int_equal(count(&contexts_ended), 1);
    assert_asked(task.helpers, HELPERS_DONE);
}

static void so_many_are_replaced_and_no_more(void **state)
{
    (void)state;
    enum { THREADS = 3, ROUNDS = 60 };
    static task_t tasks[ROUNDS];
    helpers_t *helpers = some_helpers(THREADS, 5, LONG);
    const crew_t *crew = crew_of(helpers);
    int refused = 0;
    tasks[0] = a_task(helpers, false);
    hang(&tasks[0]);
    for (int i = 1; i < ROUNDS; i++) {
        tasks[i] = a_task(helpers, false);
        pass(1000, &tasks[i - 1], 1);
        if (crew->given_up >= GIVEN_UP_MAX && crew->threads == THREADS) {
            tasks[i].outcome = helpers_ask(helpers, &tasks[i].job, &tasks[i].was_begun);
        } else {
            ask_aside(&tasks[i]);
            await(count(&begun) == i + 1);
            pass(5, &tasks[i], 1);
            (void)outcome_of(&tasks[i]);
        }
        assert_int_equal(tasks[i].outcome, HELPERS_HANGS);
        refused += !tasks[i].was_begun;
    }
    assert_in_range(helpers_threads(helpers), GIVEN_UP_MAX, GIVEN_UP_MAX + 2 * THREADS);
    assert_int_equal(count(&begun) + refused, ROUNDS);
    assert_true(refused > 0);
    for (int i = 0; i < ROUNDS; i++) let_go_on(&tasks[i]);
    await(count(&released) == ROUNDS);
    assert_asked(helpers, HELPERS_DONE);
    await(helpers_threads(helpers) <= THREADS);
}

/* As one whose question is about another's server. */
static void one_that_is_stuck_alone_has_the_limit_of_the_queue(void **state)
{
    (void)state;
    helpers_t *helpers = some_helpers(1, LONG, 30);
    task_t tasks[] = {a_task(helpers, false), a_task(helpers, false)};
    ask_aside(&tasks[0]);
    await(count(&begun) == 1);
    ask_aside(&tasks[1]);
    pass(29, tasks, 2);
    pass(1, tasks, 2);
    assert_int_equal(outcome_of(&tasks[0]), HELPERS_HANGS);
    assert_true(tasks[0].was_begun);
    assert_int_equal(outcome_of(&tasks[1]), HELPERS_QUEUED);
    assert_false(tasks[1].was_begun);
    assert_false(helpers_hang(helpers));
    assert_asked(helpers, HELPERS_DONE);
    assert_int_equal(helpers_threads(helpers), 2);
    let_go_on(&tasks[0]);
    await(helpers_threads(helpers) == 1);
    assert_int_equal(count(&came_late), 1);
}

/* ---- who else needs the threads that wait ---- */

static void look_again(task_t *tasks, size_t n)
{
    const int before = count(&looked);
    pass(0, tasks, n);
    await(count(&looked) >= before + 2 * (int)n);
}

static void when_many_wait_a_quarter_is_enough(void **state)
{
    (void)state;
    helpers_t *helpers = some_helpers(1, 8, 30);
    helpers_leave_some(helpers, 4);
    task_t tasks[3];
    for (int i = 0; i < 3; i++) tasks[i] = a_task(helpers, false);
    ask_aside(&tasks[0]);
    await(count(&begun) == 1);
    ask_aside(&tasks[1]);
    pass(2, tasks, 2);
    look_again(tasks, 2);
    assert_false(helpers_hang(helpers));
    ask_aside(&tasks[2]);
    for (int i = 0; i < 3; i++) assert_int_equal(outcome_of(&tasks[i]), HELPERS_HANGS);
    let_go_on(&tasks[0]);
    await(count(&released) == 3);
}

static void so_it_is_when_they_wait_for_what_is_before(void **state)
{
    (void)state;
    helpers_t *helpers = some_helpers(1, 8, 30);
    helpers_leave_some(helpers, 4);
    task_t task = a_task(helpers, false);
    ask_aside(&task);
    await(count(&begun) == 1);
    pass(2, &task, 1);
    look_again(&task, 1);
    assert_false(helpers_hang(helpers));
    helpers_wait(helpers, 2);
    pass(0, &task, 1);
    assert_int_equal(outcome_of(&task), HELPERS_HANGS);
    helpers_wait(helpers, -2);
    assert_int_equal(crew_of(helpers)->waiting, 0);
    let_go_on(&task);
    await(count(&released) == 1);
}

/* ---- who does not wait ---- */

static void what_is_sent_comes_late(void **state)
{
    (void)state;
    task_t task = a_task(some_helpers(1, 5, 30), true);
    assert_true(helpers_send(task.helpers, &task.job));
    await(count(&released) == 1);
    assert_int_equal(count(&came_late), 1);
}

static void what_is_not_begun_when_all_ends_is_given_back(void **state)
{
    (void)state;
    helpers_t *helpers = some_helpers(1, 5, 30);
    task_t stuck = a_task(helpers, false), queued = a_task(helpers, true);
    assert_true(helpers_send(helpers, &stuck.job));
    await(count(&begun) == 1);
    assert_true(helpers_send(helpers, &queued.job));
    apr_pool_clear(pool);
    assert_int_equal(count(&released), 1);
    let_go_on(&stuck);
    await(count(&released) == 2);
    assert_int_equal(count(&begun), 1);
    assert_int_equal(count(&came_late), 0);
}

/* ---- processes ---- */

static int in_a_child(helpers_t *helpers, int (*what)(helpers_t *))
{
    int code = -1;
    const pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) leave(what(helpers) == 0);
    assert_int_equal(waitpid(child, &code, 0), child);
    return code;
}

static int asks_there(helpers_t *helpers)
{
    bool was_begun;
    if (helpers_threads(helpers) != 0) return 1;
    if (ask_at_once(helpers, &was_begun) != HELPERS_DONE) return 2;
    return helpers_threads(helpers) == 1 ? 0 : 3;
}

static void each_process_has_threads_of_its_own(void **state)
{
    (void)state;
    helpers_t *helpers = some_helpers(1, 5, 30);
    assert_asked(helpers, HELPERS_DONE);
    assert_int_equal(in_a_child(helpers, asks_there), 0);
    assert_asked(helpers, HELPERS_DONE);
}

static int hangs_there(helpers_t *helpers)
{
    task_t task = a_task(helpers, false);
    hang(&task);
    return 0;
}

static void what_one_finds_the_others_know(void **state)
{
    (void)state;
    helpers_t *helpers = some_helpers(1, 5, 30);
    assert_int_equal(in_a_child(helpers, hangs_there), 0);
    assert_true(helpers_hang(helpers));
    task_t probe = a_task(helpers, false);
    ask_aside(&probe);
    assert_asked(helpers, HELPERS_HANGS);
    let_go_on(&probe);
    assert_int_equal(outcome_of(&probe), HELPERS_DONE);
    assert_false(helpers_hang(helpers));
    assert_asked(helpers, HELPERS_DONE);
}

static int asks_later(helpers_t *helpers)
{
    bool was_begun;
    __atomic_add_fetch(&passed, 1, __ATOMIC_SEQ_CST);
    return ask_at_once(helpers, &was_begun) == HELPERS_DONE ? 0 : 1;
}

/* Each need not find that out, too: where there are many they would take turns in looking. */
static void when_one_is_answered_the_others_go_on(void **state)
{
    (void)state;
    task_t task = a_task(some_helpers(1, 5, 30), false);
    hang(&task);
    assert_int_equal(in_a_child(task.helpers, asks_later), 0);
    assert_false(helpers_hang(task.helpers));
    assert_asked(task.helpers, HELPERS_DONE);
    assert_asked(task.helpers, HELPERS_DONE);
    assert_int_equal(helpers_threads(task.helpers), 2);
    let_go_on(&task);
    await(helpers_threads(task.helpers) == 1);
}

/* Others are answered, this one is not: he is not tried with each that comes. */
static void what_is_stuck_here_alone_is_tried_now_and_then(void **state)
{
    (void)state;
    helpers_t *helpers = some_helpers(1, 5, 30);
    task_t first = a_task(helpers, false), second = a_task(helpers, false);
    hang(&first);
    hang_ends(helpers->hang, clock_ticks() + 1);
    ask_aside(&second);
    await(count(&begun) == 2);
    pass(5, &second, 1);
    assert_int_equal(outcome_of(&second), HELPERS_HANGS);
    hang_ends(helpers->hang, clock_ticks() + 1);
    assert_true(helpers_hang(helpers)); /* a pause is longer when one is stuck */
    pass(2, &second, 0);
    assert_false(helpers_hang(helpers));
    let_go_on(&first);
    let_go_on(&second);
    await(count(&came_late) == 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST_WITH_POOL(what_is_asked_is_done_in_another_thread),
        TEST_WITH_POOL(a_thread_is_used_again),
        TEST_WITH_POOL(there_are_so_many_and_the_others_wait_for_their_turn),
        TEST_WITH_POOL(a_slow_one_does_not_hang),
        TEST_WITH_POOL(there_may_be_no_thread),
        TEST_WITH_POOL(what_hangs_is_given_up_and_what_it_says_comes_late),
        TEST_WITH_POOL(who_waits_for_his_turn_then_is_told_so_and_never_begun),
        TEST_WITH_POOL(one_a_while_is_let_through_to_see),
        TEST_WITH_POOL(what_a_probe_finds_is_for_all),
        TEST_WITH_POOL(who_is_stuck_is_replaced),
        TEST_WITH_POOL(so_many_are_replaced_and_no_more),
        TEST_WITH_POOL(one_that_is_stuck_alone_has_the_limit_of_the_queue),
        TEST_WITH_POOL(when_many_wait_a_quarter_is_enough),
        TEST_WITH_POOL(so_it_is_when_they_wait_for_what_is_before),
        TEST_WITH_POOL(what_is_sent_comes_late),
        TEST_WITH_POOL(what_is_not_begun_when_all_ends_is_given_back),
        TEST_WITH_POOL(each_process_has_threads_of_its_own),
        TEST_WITH_POOL(what_one_finds_the_others_know),
        TEST_WITH_POOL(when_one_is_answered_the_others_go_on),
        TEST_WITH_POOL(what_is_stuck_here_alone_is_tried_now_and_then),
    };
    apr_initialize();
    return RUN_GROUP(tests);
}
