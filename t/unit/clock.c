/* The clock that ages are measured by. */
#include "unit.h"

#include "../../lib/creds/clock.h"

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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_never_goes_back),
        cmocka_unit_test(it_counts_microseconds),
    };
    return RUN_GROUP(tests);
}
