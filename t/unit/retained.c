/* Shared memory by name, which outlives the configurations that ask for it. */
#include "unit.h"
#include "pool.h"

#include <sys/wait.h>
#include <unistd.h>

#include "../../lib/system/retained.h"

enum { SIZE = 100, LINE = 64 };

static uint8_t *asked_for(const char *name, apr_size_t size)
{
    void *memory = NULL;
    assert_int_equal(retained_memory(pool, name, size, &memory), APR_SUCCESS);
    return memory;
}

/* Of its root, so that the end of the last configuration leaves nothing to the next test. */
static int forget(void **state)
{
    retained_sweep(pool);
    retained_sweep(pool);
    return no_pool(state);
}

static void it_begins_with_zeros_at_a_line_of_the_cache(void **state)
{
    (void)state;
    const uint8_t *memory = asked_for("a", SIZE);
    for (size_t i = 0; i < SIZE; i++) assert_int_equal(memory[i], 0);
    assert_int_equal((uintptr_t)memory % LINE, 0);
}

static void what_a_child_writes_the_others_see(void **state)
{
    (void)state;
    uint8_t *memory = asked_for("a", SIZE);
    const pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        memory[SIZE - 1] = 7;
        _exit(0);
    }
    assert_int_equal(waitpid(child, NULL, 0), child);
    assert_int_equal(memory[SIZE - 1], 7);
}

static void the_next_configuration_finds_it(void **state)
{
    (void)state;
    uint8_t *memory = asked_for("a", SIZE);
    memory[0] = 7;
    retained_sweep(pool);
    apr_pool_t *next;
    assert_int_equal(apr_pool_create(&next, NULL), APR_SUCCESS);
    void *found = NULL;
    assert_int_equal(retained_memory(next, "a", SIZE, &found), APR_SUCCESS);
    assert_ptr_equal(found, memory);
    apr_pool_destroy(next);
}

static void another_name_or_another_size_is_another_piece(void **state)
{
    (void)state;
    const uint8_t *memory = asked_for("a", SIZE);
    retained_sweep(pool);
    assert_ptr_not_equal(asked_for("b", SIZE), memory);
    assert_ptr_not_equal(asked_for("a", SIZE + 1), memory);
    assert_ptr_equal(asked_for("a", SIZE), memory);
}

static void who_asks_twice_gets_two_and_both_again(void **state)
{
    (void)state;
    const uint8_t *first = asked_for("a", SIZE), *second = asked_for("a", SIZE);
    assert_ptr_not_equal(first, second);
    retained_sweep(pool);
    assert_ptr_equal(asked_for("a", SIZE), first);
    assert_ptr_equal(asked_for("a", SIZE), second);
}

static void what_nobody_asks_for_goes(void **state)
{
    (void)state;
    asked_for("a", SIZE)[0] = 7;
    uint8_t *b = asked_for("b", SIZE);
    b[0] = 8;
    retained_sweep(pool);
    asked_for("b", SIZE);
    retained_sweep(pool);
    assert_int_equal(asked_for("a", SIZE)[0], 0);
    assert_ptr_equal(asked_for("b", SIZE), b);
    assert_int_equal(b[0], 8);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, a_pool, forget)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(it_begins_with_zeros_at_a_line_of_the_cache),
        TEST(what_a_child_writes_the_others_see),
        TEST(the_next_configuration_finds_it),
        TEST(another_name_or_another_size_is_another_piece),
        TEST(who_asks_twice_gets_two_and_both_again),
        TEST(what_nobody_asks_for_goes),
    };
    apr_initialize();
    return RUN_GROUP(tests);
}
