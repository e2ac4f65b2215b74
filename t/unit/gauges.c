/* Connections in a state, over children that come and go. */
#include "unit.h"
#include "pool.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../../lib/system/retained.h"
#include "../../lib/status/gauges.h"

enum { MOST = 3 };

/* Runs a child that dies without a word. */
static pid_t child_that_counts(int logged_in, int challenged)
{
    const pid_t child = fork();
    assert_true(child >= 0);
    if (child != 0) {
        assert_int_equal(waitpid(child, NULL, 0), child);
        return child;
    }
    gauges_child(getpid());
    gauge_add(GAUGE_LOGGED_IN, logged_in);
    gauge_add(GAUGE_CHALLENGED, challenged);
    _exit(0);
}

/* Runs one that goes on until it is ended. */
static pid_t child_that_stays(int logged_in)
{
    int ready[2];
    char byte = 0;
    assert_int_equal(pipe(ready), 0);
    const pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        gauges_child(getpid());
        gauge_add(GAUGE_LOGGED_IN, logged_in);
        if (write(ready[1], &byte, 1) != 1) _exit(1);
        for (;;) pause();
    }
    assert_int_equal(read(ready[0], &byte, 1), 1);
    close(ready[0]);
    close(ready[1]);
    return child;
}

static void end(pid_t child)
{
    kill(child, SIGKILL);
    assert_int_equal(waitpid(child, NULL, 0), child);
}

static int opened(void **state)
{
    (void)state;
    return gauges_open(pool, MOST) != APR_SUCCESS;
}

static int swept(void **state)
{
    (void)state;
    retained_sweep(pool);
    retained_sweep(pool);
    return 0;
}

static void every_gauge_has_names_and_says_what_it_is(void **state)
{
    (void)state;
    for (gauge_id_t id = 0; id < GAUGE_COUNT; id++) {
        assert_ptr_equal(strstr(gauge_row(id)->name, "ntlm_"), gauge_row(id)->name);
        assert_ptr_equal(strstr(gauge_row(id)->key, "NTLM"), gauge_row(id)->key);
        assert_non_null(gauge_row(id)->help);
        assert_int_equal(gauge_value(id), 0);
    }
}

static void it_is_the_sum_of_all_children(void **state)
{
    (void)state;
    child_that_counts(3, 0);
    child_that_counts(4, 1);
    assert_int_equal(gauge_value(GAUGE_LOGGED_IN), 7);
    assert_int_equal(gauge_value(GAUGE_CHALLENGED), 1);
}

static void a_child_that_has_ended_takes_what_it_had(void **state)
{
    (void)state;
    const pid_t dead = child_that_counts(3, 2);
    child_that_counts(4, 0);
    gauges_child_ended(dead);
    assert_int_equal(gauge_value(GAUGE_LOGGED_IN), 4);
    assert_int_equal(gauge_value(GAUGE_CHALLENGED), 0);
}

static void its_place_is_for_the_next_one(void **state)
{
    (void)state;
    for (int i = 0; i < 5 * MOST; i++) gauges_child_ended(child_that_counts(1, 1));
    child_that_counts(2, 0);
    assert_int_equal(gauge_value(GAUGE_LOGGED_IN), 2);
}

static void one_child_too_many_is_not_seen(void **state)
{
    (void)state;
    for (int i = 0; i < MOST + 1; i++) child_that_counts(1, 0);
    assert_int_equal(gauge_value(GAUGE_LOGGED_IN), MOST);
}

static void children_of_before_a_restart_go_on(void **state)
{
    (void)state;
    const pid_t old = child_that_stays(3);
    retained_sweep(pool);
    assert_int_equal(gauges_open(pool, MOST), APR_SUCCESS);
    child_that_counts(2, 0);
    assert_int_equal(gauge_value(GAUGE_LOGGED_IN), 5);
    end(old);
    gauges_child_ended(old);
    assert_int_equal(gauge_value(GAUGE_LOGGED_IN), 2);
}

/* The module was not loaded when it ended. */
static void a_child_whose_end_nobody_saw_is_gone_with_a_restart(void **state)
{
    (void)state;
    for (int i = 0; i < MOST; i++) child_that_counts(3, 1);
    retained_sweep(pool);
    assert_int_equal(gauges_open(pool, MOST), APR_SUCCESS);
    assert_int_equal(gauge_value(GAUGE_LOGGED_IN), 0);
    assert_int_equal(gauge_value(GAUGE_CHALLENGED), 0);
    child_that_counts(2, 0);
    assert_int_equal(gauge_value(GAUGE_LOGGED_IN), 2);
}

static void less_than_nothing_is_nothing(void **state)
{
    (void)state;
    child_that_counts(-1, 0);
    assert_int_equal(gauge_value(GAUGE_LOGGED_IN), 0);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, opened, swept)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(every_gauge_has_names_and_says_what_it_is),
        TEST(it_is_the_sum_of_all_children),
        TEST(a_child_that_has_ended_takes_what_it_had),
        TEST(its_place_is_for_the_next_one),
        TEST(one_child_too_many_is_not_seen),
        TEST(children_of_before_a_restart_go_on),
        TEST(a_child_whose_end_nobody_saw_is_gone_with_a_restart),
        TEST(less_than_nothing_is_nothing),
    };
    return RUN_GROUP_IN_POOL(tests);
}
