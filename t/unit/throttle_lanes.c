/* Who may talk with the store of NTLMThrottle: one in a lane, and nobody waits for a store that
 * hangs but who is caught in it. */
#include "unit.h"

#include "pool.h"

#include <pthread.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "../../lib/throttle/throttle_lanes.h"

enum { ANY = 2, OWN = 2, LANES = ANY + OWN, OTHERS = 4, TURNS = 2000 };

/* The clock that ages are measured by goes on when a test says so. */
static time_t passed;

int clock_gettime(clockid_t clock, struct timespec *at)
{
    if (clock != CLOCK_BOOTTIME) return (int)syscall(SYS_clock_gettime, clock, at);
    *at = (struct timespec){.tv_sec = 100000 + passed};
    return 0;
}

/* A day old and idle, as a store is at night. */
static throttle_lanes_t *made(unsigned any, unsigned own)
{
    throttle_lanes_t *lanes = NULL;
    assert_int_equal(throttle_lanes_make(pool, any, own, &lanes), APR_SUCCESS);
    throttle_lanes_answered(lanes, throttle_lanes_enter_any(lanes, 0));
    throttle_lanes_leave(lanes, 0);
    passed += 86400;
    return lanes;
}

static void answered_now(throttle_lanes_t *lanes, int lane)
{
    assert_true(lane >= 0);
    throttle_lanes_answered(lanes, lane);
}

/* Somebody who ends in a lane, without leaving it. */
static void die_in(throttle_lanes_t *lanes, int (*enter)(throttle_lanes_t *, unsigned))
{
    int code = 0;
    const pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) _exit(enter(lanes, 1) >= 0 ? 0 : 1);
    assert_int_equal(waitpid(child, &code, 0), child);
    assert_int_equal(code, 0);
}

static void a_number_is_a_lane(void **state)
{
    (void)state;
    throttle_lanes_t *lanes = made(ANY, OWN), *one = made(1, 0);
    for (unsigned i = 0; i < 5; i++) {
        assert_int_equal(throttle_lanes_enter_any(lanes, i), i % ANY);
        throttle_lanes_leave(lanes, (int)(i % ANY));
        assert_int_equal(throttle_lanes_enter_own(lanes, i), ANY + i % OWN);
        throttle_lanes_leave(lanes, (int)(ANY + i % OWN));
        assert_int_equal(throttle_lanes_enter_any(one, i), 0);
        throttle_lanes_leave(one, 0);
        assert_int_equal(throttle_lanes_enter_own(one, i), 0);
        throttle_lanes_leave(one, 0);
    }
}

static void a_store_that_answers_is_asked_side_by_side(void **state)
{
    (void)state;
    throttle_lanes_t *lanes = made(ANY, OWN);
    assert_int_equal(throttle_lanes_enter_any(lanes, 1), 1);
    answered_now(lanes, 1);
    assert_int_equal(throttle_lanes_enter_any(lanes, 1), 0);
    assert_int_equal(throttle_lanes_enter_own(lanes, 0), ANY);
    assert_int_equal(throttle_lanes_enter_own(lanes, 1), ANY + 1);
    throttle_lanes_leave(lanes, 1);
    assert_int_equal(throttle_lanes_enter_any(lanes, 0), 1);
    for (int i = 0; i < LANES; i++) throttle_lanes_leave(lanes, i);
}

/* ---- one at a time ---- */

typedef struct turns_t {
    throttle_lanes_t *lanes;
    unsigned taken; /* no more than one thread may write it */
    int (*enter)(throttle_lanes_t *, unsigned);
    bool answered;
} turns_t;

static void *take_turns(void *data)
{
    turns_t *turns = data;
    for (int i = 0; i < TURNS; i++) {
        const int lane = throttle_lanes_enter_own(turns->lanes, 1);
        if (lane < 0) return data;
        turns->taken++;
        throttle_lanes_answered(turns->lanes, lane);
        throttle_lanes_leave(turns->lanes, lane);
    }
    return NULL;
}

static void who_is_in_a_lane_is_alone(void **state)
{
    (void)state;
    turns_t turns = {.lanes = made(ANY, OWN)};
    pthread_t threads[OTHERS];
    void *failed = NULL;
    for (int i = 0; i < OTHERS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, take_turns, &turns), 0);
    for (int i = 0; i < OTHERS; i++) {
        assert_int_equal(pthread_join(threads[i], &failed), 0);
        assert_null(failed);
    }
    assert_int_equal(turns.taken, OTHERS * TURNS);
}

/* ---- who is waited for ---- */

static void *be_slow(void *data)
{
    turns_t *turns = data;
    const int lane = turns->enter(turns->lanes, 0);
    if (lane < 0) return data;
    turns->taken = 0;
    if (turns->answered) throttle_lanes_answered(turns->lanes, lane);
    apr_sleep(50000);
    turns->taken = 1;
    throttle_lanes_leave(turns->lanes, lane);
    return NULL;
}

static void he_is_waited_for(turns_t turns, int (*enter)(throttle_lanes_t *, unsigned))
{
    pthread_t thread;
    turns.taken = 2;
    assert_int_equal(pthread_create(&thread, NULL, be_slow, &turns), 0);
    while (*(volatile unsigned *)&turns.taken == 2) apr_sleep(1000);
    const int lane = enter(turns.lanes, 0);
    assert_true(lane >= 0);
    assert_int_equal(turns.taken, 1);
    throttle_lanes_leave(turns.lanes, lane);
    assert_int_equal(pthread_join(thread, NULL), 0);
}

static int (*const ways[])(throttle_lanes_t *, unsigned) = {throttle_lanes_enter_any,
                                                            throttle_lanes_enter_own};

static void who_is_in_a_lane_is_waited_for(void **state)
{
    (void)state;
    for (int i = 0; i < 4; i++)
        he_is_waited_for((turns_t){made(1, 0), .enter = ways[i % 2], .answered = true},
                         ways[i / 2]);
    for (int i = 0; i < 2; i++)
        he_is_waited_for((turns_t){made(1, 1), .enter = ways[i], .answered = true}, ways[i]);
}

static void a_store_that_has_not_answered_yet_is_asked_by_one(void **state)
{
    (void)state;
    for (int i = 0; i < 4; i++)
        he_is_waited_for((turns_t){made(ANY, OWN), .enter = ways[i % 2]}, ways[i / 2]);
}

/* ---- a store that hangs ---- */

static void nobody_is_let_in(throttle_lanes_t *lanes)
{
    for (unsigned i = 0; i < LANES; i++) {
        assert_int_equal(throttle_lanes_enter_any(lanes, i), -1);
        assert_int_equal(throttle_lanes_enter_own(lanes, i), -1);
    }
}

static void a_store_that_hangs_catches_nobody_else(void **state)
{
    (void)state;
    throttle_lanes_t *lanes = made(ANY, OWN);
    assert_int_equal(throttle_lanes_enter_any(lanes, 0), 0);
    passed += 3;
    nobody_is_let_in(lanes);
    answered_now(lanes, 0);
    const int own = throttle_lanes_enter_own(lanes, 1);
    assert_true(own >= 0);
    passed += 3600;
    nobody_is_let_in(lanes);
    throttle_lanes_leave(lanes, 0); /* without an answer: the question has ended */
    nobody_is_let_in(lanes);
    throttle_lanes_leave(lanes, own);
    assert_int_equal(throttle_lanes_enter_own(lanes, 1), own);
    throttle_lanes_leave(lanes, own);
}

static void who_waits_alone_makes_nobody_give_up(void **state)
{
    (void)state;
    throttle_lanes_t *lanes = made(ANY, OWN);
    assert_int_equal(throttle_lanes_enter_any(lanes, 0), 0);
    answered_now(lanes, 0);
    assert_int_equal(throttle_lanes_enter_any(lanes, 0), 1);
    passed += 3600;
    answered_now(lanes, 1);
    throttle_lanes_leave(lanes, 1);
    assert_int_equal(throttle_lanes_enter_any(lanes, 0), 1);
    assert_int_equal(throttle_lanes_enter_own(lanes, 0), ANY);
    throttle_lanes_leave(lanes, 0);
    throttle_lanes_leave(lanes, 1);
    throttle_lanes_leave(lanes, ANY);
}

static void who_dies_leaves_his_lane(void **state)
{
    (void)state;
    for (unsigned i = 0; i < 8; i++) {
        throttle_lanes_t *lanes = made(ANY, OWN);
        die_in(lanes, ways[i % 2]);
        if (i / 4) passed += 3600;
        for (unsigned k = 0; k < LANES; k++) {
            const int lane = ways[i / 2 % 2](lanes, k);
            assert_true(lane >= 0);
            answered_now(lanes, lane);
            throttle_lanes_leave(lanes, lane);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_number_is_a_lane),
        cmocka_unit_test(a_store_that_answers_is_asked_side_by_side),
        cmocka_unit_test(who_is_in_a_lane_is_alone),
        cmocka_unit_test(who_is_in_a_lane_is_waited_for),
        cmocka_unit_test(a_store_that_has_not_answered_yet_is_asked_by_one),
        cmocka_unit_test(a_store_that_hangs_catches_nobody_else),
        cmocka_unit_test(who_waits_alone_makes_nobody_give_up),
        cmocka_unit_test(who_dies_leaves_his_lane),
    };
    return RUN_GROUP_IN_POOL(tests);
}
