/* What is known of each source, in numbers. */
#include "unit.h"
#include "pool.h"

#include "figures.h"

static const source_figures_t *nth(int i)
{
    return &APR_ARRAY_IDX(source_figures(pool), i, source_figures_t);
}

static void sources_have_the_order_of_the_configuration(void **state)
{
    (void)state;
    open_two_sources(apr_time_from_sec(1234567890));
    assert_int_equal(source_figures(pool)->nelts, 2);
    assert_int_equal(nth(0)->number, 0);
    assert_string_equal(nth(0)->backend, "stocked");
    assert_int_equal(nth(1)->number, 1);
    assert_string_equal(nth(1)->backend, "plain");
    assert_int_equal(nth(0)->asked.lookups, 0);
    assert_int_equal(nth(1)->asked.lookups, 3);
    assert_true(nth(0)->has_stock);
    assert_false(nth(1)->has_stock);
}

static uint64_t value_of(const char *key, int i)
{
    for (size_t row = 0; row < SOURCE_ROWS; row++)
        if (strcmp(source_rows[row].key, key) == 0) return source_rows[row].value(nth(i));
    fail_msg("no row %s", key);
    return 0;
}

static void rows_say_what_they_are_called(void **state)
{
    (void)state;
    open_two_sources(apr_time_from_sec(1234567890));
    assert_int_equal(value_of("CacheHits", 1), 1);
    assert_int_equal(value_of("Outages", 1), 1);
    assert_int_equal(value_of("Accounts", 0), 3);
    assert_int_equal(value_of("Written", 0), 1234567890);
}

static void a_configuration_without_sources_has_none(void **state)
{
    (void)state;
    source_figures_open(pool);
    assert_int_equal(source_figures(pool)->nelts, 0);
}

#define TEST(function) cmocka_unit_test_teardown(function, no_sources)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(sources_have_the_order_of_the_configuration),
        TEST(rows_say_what_they_are_called),
        TEST(a_configuration_without_sources_has_none),
    };
    return RUN_GROUP_IN_POOL(tests);
}
