/* The same text, the same pointer. */
#include "unit.h"
#include "pool.h"

#include "../../lib/config/intern.h"

static void what_was_kept_is_found_under_the_same_text(void **state)
{
    (void)state;
    static const int made = 1, other = 2;
    char text[] = "one";
    assert_null(intern_find(pool, "one"));
    assert_ptr_equal(intern_keep(pool, "one", &made), &made);
    assert_ptr_equal(intern_keep(pool, "other", &other), &other);
    assert_ptr_equal(intern_find(pool, text), &made);
    assert_ptr_equal(intern_find(pool, "other"), &other);
    assert_null(intern_find(pool, "One"));
    assert_null(intern_find(pool, ""));
}

static void another_configuration_begins_with_nothing(void **state)
{
    (void)state;
    static const int made = 1;
    apr_pool_t *next;
    intern_keep(pool, "one", &made);
    assert_int_equal(apr_pool_create(&next, NULL), APR_SUCCESS);
    assert_null(intern_find(next, "one"));
    apr_pool_destroy(next);
    apr_pool_clear(pool);
    assert_null(intern_find(pool, "one"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST_WITH_POOL(what_was_kept_is_found_under_the_same_text),
        TEST_WITH_POOL(another_configuration_begins_with_nothing),
    };
    apr_initialize();
    int failed = RUN_GROUP(tests);
    apr_terminate();
    return failed;
}
