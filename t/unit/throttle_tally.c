/* Failures that wait to be counted: each is counted once, by whoever may change the counter first.
 */
#include "unit.h"

#include "pool.h"

#include <pthread.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../../lib/throttle/throttle_tally.h"

enum { TALLIES = 2, OTHERS = 4, TURNS = 2000 };

static const uint8_t alice[THROTTLE_NAME_LEN] = "alice", bob[THROTTLE_NAME_LEN] = "bob";

static throttle_tally_t *made(void)
{
    throttle_tally_t *tallies = NULL;
    assert_int_equal(throttle_tally_make(pool, TALLIES, &tallies), APR_SUCCESS);
    return tallies;
}

static throttle_ticket_t one_more(throttle_tally_t *tallies, const uint8_t *name)
{
    return throttle_tally_add(tallies, 0, name, THROTTLE_REFUSED);
}

/* How many failures he counts with his own; 0: his is counted already. */
static unsigned taken(throttle_ticket_t *ticket)
{
    throttle_failures_t failures;
    if (!throttle_tally_take(ticket, &failures)) return 0;
    assert_int_equal(failures.of[THROTTLE_HIDDEN], 0);
    assert_int_equal(failures.of[THROTTLE_OUTAGE], 0);
    return failures.of[THROTTLE_REFUSED];
}

static unsigned counted(throttle_ticket_t *ticket)
{
    const unsigned count = taken(ticket);
    if (count > 0) throttle_tally_counted(ticket);
    return count;
}

static void one_counts_for_all_who_wait(void **state)
{
    (void)state;
    throttle_tally_t *tallies = made();
    for (int i = 0; i < 3; i++) {
        throttle_ticket_t a = one_more(tallies, alice), b = one_more(tallies, alice),
                          c = one_more(tallies, alice);
        assert_int_equal(counted(&b), 3);
        assert_int_equal(counted(&c), 0);
        assert_int_equal(counted(&a), 0);
    }
}

static void who_comes_later_counts_himself(void **state)
{
    (void)state;
    throttle_tally_t *tallies = made();
    throttle_ticket_t a = one_more(tallies, alice), b = one_more(tallies, alice);
    assert_int_equal(taken(&a), 2);
    throttle_ticket_t c = one_more(tallies, alice);
    throttle_tally_counted(&a);
    assert_int_equal(counted(&b), 0);
    throttle_ticket_t d = one_more(tallies, alice);
    assert_int_equal(counted(&d), 2);
    assert_int_equal(counted(&c), 0);
}

static void each_way_is_counted_as_such(void **state)
{
    (void)state;
    throttle_tally_t *tallies = made();
    throttle_failures_t failures;
    throttle_ticket_t first = {.number = 1};
    for (int way = 0; way < THROTTLE_WAYS; way++)
        for (int i = 0; i <= way; i++)
            first = throttle_tally_add(tallies, 1, alice, (throttle_way_t)way);
    assert_true(throttle_tally_take(&first, &failures));
    for (unsigned way = 0; way < THROTTLE_WAYS; way++) assert_int_equal(failures.of[way], way + 1);
}

static void another_counters_failures_are_counted_by_themselves(void **state)
{
    (void)state;
    throttle_tally_t *tallies = made();
    throttle_ticket_t a = one_more(tallies, alice), b = one_more(tallies, bob);
    throttle_ticket_t c = one_more(tallies, alice), d = one_more(tallies, bob);
    assert_int_equal(counted(&b), 1);
    assert_int_equal(counted(&a), 2);
    throttle_ticket_t e = one_more(tallies, bob), f = one_more(tallies, alice);
    assert_int_equal(counted(&c), 0);
    assert_int_equal(counted(&d), 1);
    assert_int_equal(counted(&f), 1);
    assert_int_equal(counted(&e), 1);
}

static void other_tallies_have_nothing_to_do_with_it(void **state)
{
    (void)state;
    throttle_tally_t *tallies = made();
    throttle_ticket_t a = one_more(tallies, alice);
    throttle_ticket_t b = throttle_tally_add(tallies, 1, bob, THROTTLE_REFUSED);
    throttle_ticket_t c = throttle_tally_add(tallies, 1, bob, THROTTLE_REFUSED);
    assert_int_equal(counted(&c), 2);
    assert_int_equal(counted(&a), 1);
    assert_int_equal(counted(&b), 0);
}

static void what_is_withdrawn_is_not_counted(void **state)
{
    (void)state;
    throttle_tally_t *tallies = made();
    throttle_ticket_t a = one_more(tallies, alice), b = one_more(tallies, alice),
                      c = one_more(tallies, alice), d = one_more(tallies, bob);
    throttle_tally_withdraw(&b);
    throttle_tally_withdraw(&d);
    assert_int_equal(taken(&a), 2);
    throttle_tally_withdraw(&c); /* too late */
    throttle_tally_counted(&a);
    throttle_ticket_t e = one_more(tallies, bob);
    throttle_tally_withdraw(&e);
    throttle_ticket_t f = one_more(tallies, alice);
    assert_int_equal(counted(&f), 1);
}

/* ---- who dies ---- */

static void die_with(throttle_tally_t *tallies, unsigned expected)
{
    int code = 0;
    const pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        throttle_ticket_t ticket = one_more(tallies, alice);
        _exit(taken(&ticket) == expected ? 0 : 1);
    }
    assert_int_equal(waitpid(child, &code, 0), child);
    assert_int_equal(code, 0);
}

static void what_the_dead_have_taken_is_counted_by_each(void **state)
{
    (void)state;
    throttle_tally_t *tallies = made();
    throttle_ticket_t a = one_more(tallies, alice), b = one_more(tallies, alice);
    die_with(tallies, 3);
    throttle_ticket_t c = one_more(tallies, alice), d = one_more(tallies, alice);
    assert_int_equal(counted(&c), 2);
    assert_int_equal(counted(&a), 1);
    assert_int_equal(counted(&d), 0);
    throttle_ticket_t e = one_more(tallies, alice);
    assert_int_equal(counted(&e), 1);
    assert_int_equal(counted(&b), 1);
    die_with(tallies, 1);
    throttle_ticket_t f = one_more(tallies, bob);
    assert_int_equal(counted(&f), 1);
}

/* ---- many ---- */

typedef struct turns_t {
    throttle_tally_t *tallies;
    pthread_mutex_t lane;
    unsigned sum, writes;
} turns_t;

static void *fail_and_fail(void *data)
{
    turns_t *turns = data;
    for (int i = 0; i < TURNS; i++) {
        throttle_ticket_t ticket = one_more(turns->tallies, i % 8 ? alice : bob);
        throttle_failures_t failures;
        pthread_mutex_lock(&turns->lane);
        if (throttle_tally_take(&ticket, &failures)) {
            turns->sum += failures.of[THROTTLE_REFUSED];
            turns->writes++;
            throttle_tally_counted(&ticket);
        }
        pthread_mutex_unlock(&turns->lane);
    }
    return NULL;
}

static void each_is_counted_once(void **state)
{
    (void)state;
    turns_t turns = {.tallies = made(), .lane = PTHREAD_MUTEX_INITIALIZER};
    pthread_t threads[OTHERS];
    for (int i = 0; i < OTHERS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, fail_and_fail, &turns), 0);
    for (int i = 0; i < OTHERS; i++) assert_int_equal(pthread_join(threads[i], NULL), 0);
    assert_int_equal(turns.sum, OTHERS * TURNS);
    assert_in_range(turns.writes, 1, OTHERS * TURNS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_counts_for_all_who_wait),
        cmocka_unit_test(who_comes_later_counts_himself),
        cmocka_unit_test(each_way_is_counted_as_such),
        cmocka_unit_test(another_counters_failures_are_counted_by_themselves),
        cmocka_unit_test(other_tallies_have_nothing_to_do_with_it),
        cmocka_unit_test(what_is_withdrawn_is_not_counted),
        cmocka_unit_test(what_the_dead_have_taken_is_counted_by_each),
        cmocka_unit_test(each_is_counted_once),
    };
    return RUN_GROUP_IN_POOL(tests);
}
