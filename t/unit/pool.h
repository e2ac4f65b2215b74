/* pool.h - an APR pool for each test of a program. */
#ifndef NTLM_UNIT_POOL_H
#define NTLM_UNIT_POOL_H

#include <apr_general.h>

static apr_pool_t *pool;

static int a_pool(void **state)
{
    (void)state;
    return apr_pool_create(&pool, NULL) != APR_SUCCESS;
}

static int no_pool(void **state)
{
    (void)state;
    apr_pool_destroy(pool);
    return 0;
}

/* Or one for all of them. */
static void begin_pool(void)
{
    apr_initialize();
    apr_pool_create(&pool, NULL);
}

static int end_pool(void **state)
{
    apr_pool_destroy(pool);
    apr_terminate();
    return forget_hex(state);
}

#define RUN_GROUP_IN_POOL(tests) (begin_pool(), RUN_GROUP_AND(tests, end_pool))

#define TEST_WITH_POOL(function) cmocka_unit_test_setup_teardown(function, a_pool, no_pool)

#endif
