/* What a source was asked, in numbers, and whose they are after a restart. */
#include "unit.h"
#include "pool.h"

#include <sys/wait.h>
#include <unistd.h>

#include "../../lib/creds/creds_figures.h"
#include "../../lib/system/retained.h"

static int forget(void **state)
{
    retained_sweep(pool);
    retained_sweep(pool);
    return no_pool(state);
}

static creds_figures_t *opened(const char *backend, const char *word, const char *key,
                               const char *value)
{
    apr_table_t *given = apr_table_make(pool, 1);
    if (key) apr_table_setn(given, key, value);
    creds_figures_t *figures = creds_figures_open(pool, backend, word, given);
    assert_non_null(figures);
    return figures;
}

static void look_ups_are_counted_by_how_long_they_took(void **state)
{
    (void)state;
    static const apr_interval_time_t took[] = {0, 100, 101, 1000, 60000000};
    creds_figures_t *figures = opened("file", "/users", NULL, NULL);
    for (size_t i = 0; i < sizeof took / sizeof took[0]; i++)
        creds_figures_add(figures, took[i], false, false);
    const creds_asked_t asked = creds_figures_read(figures);
    assert_int_equal(asked.lookups, 5);
    assert_int_equal(asked.microseconds, 60001201);
    assert_int_equal(creds_figures_bound(0), 100);
    assert_int_equal(asked.within[0], 2);
    assert_int_equal(asked.within[1], 4);
    assert_int_equal(asked.within[CREDS_FIGURES_BOUNDS - 1], 4);
    assert_int_equal(asked.remembered + asked.outages, 0);
}

static void the_bounds_grow(void **state)
{
    (void)state;
    for (size_t i = 1; i < CREDS_FIGURES_BOUNDS; i++)
        assert_true(creds_figures_bound(i) > creds_figures_bound(i - 1));
}

static void what_was_remembered_or_not_answered_is_a_look_up_too(void **state)
{
    (void)state;
    creds_figures_t *figures = opened("ldap", "ldap://host", NULL, NULL);
    creds_figures_add(figures, 1, true, false);
    creds_figures_add(figures, 1, false, true);
    creds_figures_add(figures, 1, true, true);
    const creds_asked_t asked = creds_figures_read(figures);
    assert_int_equal(asked.lookups, 3);
    assert_int_equal(asked.remembered, 2);
    assert_int_equal(asked.outages, 2);
}

static void where_nobody_counts_there_is_nothing(void **state)
{
    (void)state;
    creds_figures_add(NULL, 1, true, true);
    assert_int_equal(creds_figures_read(NULL).lookups, 0);
}

static void children_count_together(void **state)
{
    (void)state;
    creds_figures_t *figures = opened("file", "/users", NULL, NULL);
    const pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        creds_figures_add(figures, 1, false, false);
        _exit(0);
    }
    creds_figures_add(figures, 1, false, false);
    assert_int_equal(waitpid(child, NULL, 0), child);
    assert_int_equal(creds_figures_read(figures).lookups, 2);
}

static void the_same_words_are_the_same_source_after_a_restart(void **state)
{
    (void)state;
    creds_figures_add(opened("file", "/users", "worldreadable", "on"), 1, false, false);
    retained_sweep(pool);
    static const char *const others[][4] = {
        {"files", "/users", "worldreadable", "on"}, {"file", "/user", "worldreadable", "on"},
        {"file", NULL, "worldreadable", "on"},      {"file", "/users", NULL, NULL},
        {"file", "/users", "worldreadable", "off"}, {"file", "/users", "world", "on"},
    };
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        const char *const *it = others[i];
        assert_int_equal(creds_figures_read(opened(it[0], it[1], it[2], it[3])).lookups, 0);
    }
    assert_int_equal(creds_figures_read(opened("file", "/users", "worldreadable", "on")).lookups,
                     1);
}

/* The same line in two virtual hosts may be two sources. */
static void what_is_opened_twice_is_two_sources(void **state)
{
    (void)state;
    creds_figures_add(opened("dc", NULL, NULL, NULL), 1, false, false);
    assert_int_equal(creds_figures_read(opened("dc", NULL, NULL, NULL)).lookups, 0);
    retained_sweep(pool);
    assert_int_equal(creds_figures_read(opened("dc", NULL, NULL, NULL)).lookups, 1);
    assert_int_equal(creds_figures_read(opened("dc", NULL, NULL, NULL)).lookups, 0);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, a_pool, forget)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(look_ups_are_counted_by_how_long_they_took),
        TEST(the_bounds_grow),
        TEST(what_was_remembered_or_not_answered_is_a_look_up_too),
        TEST(where_nobody_counts_there_is_nothing),
        TEST(children_count_together),
        TEST(the_same_words_are_the_same_source_after_a_restart),
        TEST(what_is_opened_twice_is_two_sources),
    };
    apr_initialize();
    return RUN_GROUP(tests);
}
