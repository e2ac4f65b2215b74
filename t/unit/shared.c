/* Memory that several processes see, under a lock that a dead one cannot keep. */
#include "folder.h"

#include <sys/wait.h>

#include "../../lib/system/shared.h"

enum { SIZE = 4096 };

static shared_t *opened(apr_pool_t *in)
{
    shared_t *shared = NULL;
    assert_null(shared_open(in, SIZE, &shared));
    return shared;
}

static uint8_t *locked(shared_t *shared)
{
    uint8_t *memory = shared_lock(shared);
    assert_non_null(memory);
    return memory;
}

/* Runs a function in a child that ends without any cleanup. */
static void in_child(void (*run)(shared_t *shared), shared_t *shared)
{
    int code = 0;
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        run(shared);
        _exit(0);
    }
    assert_int_equal(waitpid(child, &code, 0), child);
    assert_int_equal(code, 0);
}

static void write_one(shared_t *shared)
{
    uint8_t *memory = shared_lock(shared);
    if (memory) memory[SIZE - 1] = 1;
    shared_unlock(shared);
}

static void die_with_the_lock(shared_t *shared)
{
    uint8_t *memory = shared_lock(shared);
    if (memory) memory[0] = 2;
}

static void end_its_pool(shared_t *shared)
{
    (void)shared;
    apr_pool_destroy(pool);
}

static void it_begins_with_zeros(void **state)
{
    (void)state;
    shared_t *shared = opened(pool);
    const uint8_t *memory = locked(shared);
    for (int i = 0; i < SIZE; i++) assert_int_equal(memory[i], 0);
    shared_unlock(shared);
}

static void what_a_child_writes_the_others_see(void **state)
{
    (void)state;
    shared_t *shared = opened(pool);
    in_child(write_one, shared);
    assert_int_equal(locked(shared)[SIZE - 1], 1);
    shared_unlock(shared);
}

static void single_numbers_need_no_lock(void **state)
{
    (void)state;
    void *memory = NULL;
    assert_int_equal(shared_memory(pool, SIZE, &memory), APR_SUCCESS);
    const uint8_t *bytes = memory;
    for (int i = 0; i < SIZE; i++) assert_int_equal(bytes[i], 0);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        *(uint8_t *)memory = 1;
        _exit(0);
    }
    assert_int_equal(waitpid(child, NULL, 0), child);
    assert_int_equal(bytes[0], 1);
}

static void a_process_that_dies_with_the_lock_leaves_zeros_and_the_lock(void **state)
{
    (void)state;
    shared_t *shared = opened(pool);
    in_child(write_one, shared);
    in_child(die_with_the_lock, shared);
    const uint8_t *memory = locked(shared);
    assert_int_equal(memory[0], 0);
    assert_int_equal(memory[SIZE - 1], 0);
    shared_unlock(shared);
    in_child(write_one, shared);
    assert_int_equal(locked(shared)[SIZE - 1], 1);
    shared_unlock(shared);
}

static void a_child_that_ends_takes_nothing_from_the_others(void **state)
{
    (void)state;
    shared_t *shared = opened(pool);
    in_child(write_one, shared);
    in_child(end_its_pool, shared);
    assert_int_equal(locked(shared)[SIZE - 1], 1);
    shared_unlock(shared);
}

int main(void)
{
    int failed;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_begins_with_zeros),
        cmocka_unit_test(what_a_child_writes_the_others_see),
        cmocka_unit_test(single_numbers_need_no_lock),
        cmocka_unit_test(a_process_that_dies_with_the_lock_leaves_zeros_and_the_lock),
        cmocka_unit_test(a_child_that_ends_takes_nothing_from_the_others),
    };
    RUN_GROUP_IN_FOLDER(tests, failed);
    return failed;
}
