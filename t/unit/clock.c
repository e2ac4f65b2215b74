/* The clock that ages are measured by. */
#include "unit.h"

#include "../../lib/system/clock.h"

static void it_never_goes_back(void **state)
{
    (void)state;
    apr_time_t last = clock_ticks();
    assert_true(last > 0);
    for (int i = 0; i < 100000; i++) {
        apr_time_t now = clock_ticks();
        assert_true(now >= last);
        last = now;
    }
}

static void it_counts_microseconds(void **state)
{
    (void)state;
    apr_time_t before = clock_ticks();
    apr_sleep(20000);
    assert_true(clock_ticks() - before >= 20000);
    before = clock_ticks();
    while (clock_ticks() == before) continue;
}

static void milliseconds_go_on_where_they_begin_anew(void **state)
{
    (void)state;
    const apr_uint32_t before = clock_msec();
    apr_sleep(20000);
    assert_in_range(clock_msec_between(before, clock_msec()), 20, 59999);
    assert_int_equal(clock_msec_between(1000, 3000), 2000);
    assert_int_equal(clock_msec_between(0xFFFFFF00U, 0x100), 0x200);
    assert_int_equal(clock_msec_between(0, 0x80000000U), 0x80000000U); /* 24 days */
}

/* An answer of this very moment was 49 days of silence: who waited for the lock did so in vain, and
 * guessed uncounted. */
static void what_another_one_read_a_moment_later_is_no_age(void **state)
{
    (void)state;
    assert_int_equal(clock_msec_between(5001, 5000), 0);
    assert_int_equal(clock_msec_between(0x10, 0xFFFFFFF0U), 0);
    assert_int_equal(clock_msec_between(5000, 5000), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_never_goes_back),
        cmocka_unit_test(it_counts_microseconds),
        cmocka_unit_test(milliseconds_go_on_where_they_begin_anew),
        cmocka_unit_test(what_another_one_read_a_moment_later_is_no_age),
    };
    return RUN_GROUP(tests);
}
