/* Segments that outlive a configuration. */
#include "unit.h"
#include "pool.h"
#include "segments.h"

#include "../../lib/creds/file/creds_keep.h"

static const creds_stamp_t one = {.inode = 1}, two = {.inode = 2};

static void put(const char *path, bool world_readable, const creds_stamp_t *stamp)
{
    int segment = segment_of("x", 2);
    creds_keep_put(pool, path, world_readable, segment, stamp);
    creds_segment_close(&segment);
}

static int inode_of(const char *path, bool world_readable)
{
    creds_stamp_t stamp = {0};
    return creds_keep_find(pool, path, world_readable, &stamp) >= 0 ? (int)stamp.inode : 0;
}

static void what_was_put_is_found_by_its_file(void **state)
{
    (void)state;
    put("/a", false, &one);
    put("/b", true, &two);
    assert_int_equal(inode_of("/a", false), 1);
    assert_int_equal(inode_of("/b", true), 2);
    assert_int_equal(inode_of("/a", true), 0);
    assert_int_equal(inode_of("/c", false), 0);
    creds_keep_nothing(pool);
}

static void a_later_one_takes_its_place(void **state)
{
    (void)state;
    put("/a", false, &one);
    put("/a", false, &two);
    assert_int_equal(inode_of("/a", false), 2);
    assert_int_equal(open_segments(), 1);
    creds_keep_nothing(pool);
    assert_int_equal(open_segments(), 0);
}

/* A configuration is read between two sweeps. */
static void it_outlives_a_pool_but_not_two_sweeps(void **state)
{
    (void)state;
    put("/a", false, &one);
    put("/b", false, &two);
    creds_keep_sweep(pool);
    apr_pool_destroy(pool);
    apr_pool_create(&pool, NULL);
    assert_int_equal(inode_of("/a", false), 1);
    creds_keep_sweep(pool);
    assert_int_equal(open_segments(), 1);
    assert_int_equal(inode_of("/b", false), 0);
    assert_int_equal(inode_of("/a", false), 1);
    creds_keep_sweep(pool);
    creds_keep_sweep(pool);
    assert_int_equal(open_segments(), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_put_is_found_by_its_file),
        cmocka_unit_test(a_later_one_takes_its_place),
        cmocka_unit_test(it_outlives_a_pool_but_not_two_sweeps),
    };
    return RUN_GROUP_IN_POOL(tests);
}
