/* Where the parent lays out a new segment, and children that run take it. */
#include "unit.h"
#include "pool.h"
#include "segments.h"

#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include "../../lib/creds/file/creds_shelf.h"

static creds_shelf_t *shelf_with(apr_uint32_t number)
{
    creds_shelf_t *shelf = NULL;
    assert_int_equal(creds_shelf_make(pool, number, &shelf), APR_SUCCESS);
    return shelf;
}

static void put(creds_shelf_t *shelf, apr_uint32_t number, const char *text)
{
    const creds_parcel_t parcel = {number, {.inode = 5, .size = (apr_off_t)number}};
    int segment = segment_of(text, strlen(text) + 1);
    creds_shelf_put(shelf, &parcel, segment);
    creds_segment_close(&segment);
}

static bool takes(creds_shelf_t *shelf, apr_uint32_t number, const char *text)
{
    creds_parcel_t parcel = {0};
    apr_size_t size = 0;
    int segment = creds_shelf_take(shelf, &parcel);
    const char *mapped = segment >= 0 ? creds_segment_map(segment, &size) : NULL;
    bool same = mapped && strcmp(mapped, text) == 0 && parcel.number == number &&
                parcel.stamp.inode == 5 && parcel.stamp.size == (apr_off_t)number;
    if (mapped) creds_segment_unmap(mapped, size);
    creds_segment_close(&segment);
    return same;
}

static void nothing_lies_there_at_first(void **state)
{
    (void)state;
    creds_parcel_t parcel;
    creds_shelf_t *shelf = shelf_with(3);
    assert_int_equal(creds_shelf_newest(shelf), 3);
    assert_int_equal(creds_shelf_take(shelf, &parcel), -1);
}

/* Children that were forked before. */
static void each_child_that_runs_takes_one(void **state)
{
    (void)state;
    enum { CHILDREN = 8 };
    pid_t pids[CHILDREN];
    creds_shelf_t *shelf = shelf_with(1);
    for (int i = 0; i < CHILDREN; i++)
        if ((pids[i] = fork()) == 0) {
            creds_shelf_is_childs(shelf);
            while (creds_shelf_newest(shelf) != 2) usleep(1000);
            for (int turn = 0; turn < 5000; turn++, usleep(1000))
                if (takes(shelf, 2, "new")) _exit(0);
            _exit(1);
        }
    put(shelf, 2, "new");
    for (int i = 0; i < CHILDREN; i++) {
        int status = 1;
        assert_int_equal(waitpid(pids[i], &status, 0), pids[i]);
        assert_int_equal(status, 0);
    }
}

static void what_nobody_took_goes_with_the_next(void **state)
{
    (void)state;
    creds_parcel_t parcel;
    creds_shelf_t *shelf = shelf_with(1);
    put(shelf, 2, "old");
    put(shelf, 3, "new");
    assert_true(takes(shelf, 3, "new"));
    int left = 0, segment;
    while ((segment = creds_shelf_take(shelf, &parcel)) >= 0) {
        assert_int_equal(parcel.number, 3);
        creds_segment_close(&segment);
        left++;
    }
    assert_true(left >= CREDS_SHELF_MESSAGES / 2);
    assert_int_equal(open_segments(), 0);
}

static void more_of_the_same_can_be_laid_out(void **state)
{
    (void)state;
    creds_parcel_t parcel;
    creds_shelf_t *shelf = shelf_with(1);
    int segment;
    put(shelf, 2, "new");
    while ((segment = creds_shelf_take(shelf, &parcel)) >= 0) creds_segment_close(&segment);
    put(shelf, 2, "new");
    assert_true(takes(shelf, 2, "new"));
    for (int i = 0; i < 10; i++) put(shelf, 2, "new"); /* a full one is full */
    assert_true(takes(shelf, 2, "new"));
}

static int taken(creds_shelf_t *shelf)
{
    creds_parcel_t parcel;
    int segment, messages = 0;
    for (; (segment = creds_shelf_take(shelf, &parcel)) >= 0; messages++)
        creds_segment_close(&segment);
    return messages;
}

static void of_what_nobody_takes_only_a_few_stay(void **state)
{
    (void)state;
    creds_shelf_t *shelf = shelf_with(1);
    put(shelf, 2, "new");
    put(shelf, 2, "new");
    assert_int_equal(taken(shelf), CREDS_SHELF_FEW);
    put(shelf, 2, "new");
    assert_true(taken(shelf) >= CREDS_SHELF_MESSAGES / 2);
}

/* Of a user who may have 64 descriptors, and so many on their way; nobody else is that user, for
 * whom the kernel counts those of all processes. */
static bool each_of_many_has_some(void)
{
    enum { SHELVES = 4, LOOKS = SHELVES };
    const struct rlimit limit = {64, 64};
    creds_shelf_t *shelves[SHELVES];
    for (int i = 0; i < SHELVES; i++) shelves[i] = shelf_with(1);
    if (geteuid() == 0 && setuid(60000 + (uid_t)getpid() % 5000) != 0) return false;
    if (setrlimit(RLIMIT_NOFILE, &limit) != 0) return false;
    for (int look = 0; look <= LOOKS; look++)
        for (int i = 0; i < SHELVES; i++) put(shelves[i], 2, "new");
    for (int i = 0; i < SHELVES; i++)
        if (!takes(shelves[i], 2, "new")) return false;
    return true;
}

static void none_takes_what_another_one_needs(void **state)
{
    (void)state;
    int status = 1;
    const char *preloaded = getenv("LD_PRELOAD");
    if (preloaded && strstr(preloaded, "vgpreload")) return; /* it has descriptors of its own */
    pid_t pid = fork();
    if (pid == 0) _exit(each_of_many_has_some() ? 0 : 1);
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_int_equal(status, 0);
}

static void the_parents_end_closes_it_for_all(void **state)
{
    (void)state;
    apr_pool_t *own;
    creds_shelf_t *shelf = NULL;
    int ready[2], status = 1;
    apr_pool_create(&own, pool);
    assert_int_equal(creds_shelf_make(own, 1, &shelf), APR_SUCCESS);
    assert_int_equal(pipe(ready), 0);
    pid_t pid = fork();
    if (pid == 0) {
        bool was_open = creds_shelf_newest(shelf) == 1;
        if (write(ready[1], "x", 1) != 1) _exit(1);
        for (int turn = 0; turn < 5000; turn++, usleep(1000))
            if (creds_shelf_newest(shelf) == CREDS_SHELF_CLOSED) _exit(was_open ? 0 : 1);
        _exit(1);
    }
    char byte;
    assert_int_equal(read(ready[0], &byte, 1), 1);
    apr_pool_destroy(own);
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_int_equal(status, 0);
    close(ready[0]);
    close(ready[1]);
}

static void a_childs_end_closes_nothing(void **state)
{
    (void)state;
    apr_pool_t *own;
    creds_shelf_t *shelf = NULL;
    int status = 1;
    apr_pool_create(&own, pool);
    assert_int_equal(creds_shelf_make(own, 1, &shelf), APR_SUCCESS);
    pid_t pid = fork();
    if (pid == 0) {
        apr_pool_destroy(own);
        _exit(0);
    }
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_int_equal(status, 0);
    assert_int_equal(creds_shelf_newest(shelf), 1);
    put(shelf, 2, "new");
    assert_true(takes(shelf, 2, "new"));
    apr_pool_destroy(own);
}

/* A parent that is killed closes nothing, and will lay out nothing any more. */
static void it_is_closed_for_who_is_left_by_the_parent(void **state)
{
    (void)state;
    char byte = 0;
    int told[2];
    assert_int_equal(pipe(told), 0);
    pid_t parent = fork();
    if (parent == 0) {
        creds_shelf_t *shelf = shelf_with(1);
        if (fork() > 0) pause();
        creds_shelf_is_childs(shelf);
        creds_shelf_look(shelf, 1, 1);
        const bool was_open = creds_shelf_newest(shelf) == 1;
        kill(getppid(), SIGKILL);
        for (int turn = 0; turn < 5000 && creds_shelf_newest(shelf) == 1; turn++, usleep(1000))
            creds_shelf_look(shelf, 1, 1);
        const bool is_closed = creds_shelf_newest(shelf) == CREDS_SHELF_CLOSED;
        _exit(was_open && is_closed && write(told[1], "x", 1) == 1 ? 0 : 1);
    }
    close(told[1]);
    assert_int_equal(waitpid(parent, NULL, 0), parent);
    assert_int_equal(read(told[0], &byte, 1), 1);
    close(told[0]);
}

static bool gives_up_after_two_minutes(creds_shelf_t *shelf)
{
    enum { SECOND = 1000 };
    creds_shelf_look(shelf, 2, 1 * SECOND);
    creds_shelf_look(shelf, 3, 100 * SECOND); /* it had one meanwhile */
    creds_shelf_look(shelf, 2, 101 * SECOND);
    creds_shelf_look(shelf, 2, 221 * SECOND);
    const bool was_open = creds_shelf_newest(shelf) == 3;
    creds_shelf_look(shelf, 2, 222 * SECOND);
    return was_open && creds_shelf_newest(shelf) == CREDS_SHELF_CLOSED;
}

static void who_finds_none_for_long_gives_up(void **state)
{
    (void)state;
    int status = 1;
    creds_shelf_t *shelf = shelf_with(3);
    pid_t pid = fork();
    if (pid == 0) _exit(gives_up_after_two_minutes(shelf) ? 0 : 1);
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_int_equal(status, 0);
    assert_int_equal(creds_shelf_newest(shelf), 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST_WITH_POOL(nothing_lies_there_at_first),
        TEST_WITH_POOL(each_child_that_runs_takes_one),
        TEST_WITH_POOL(what_nobody_took_goes_with_the_next),
        TEST_WITH_POOL(more_of_the_same_can_be_laid_out),
        TEST_WITH_POOL(of_what_nobody_takes_only_a_few_stay),
        TEST_WITH_POOL(none_takes_what_another_one_needs),
        TEST_WITH_POOL(the_parents_end_closes_it_for_all),
        TEST_WITH_POOL(a_childs_end_closes_nothing),
        TEST_WITH_POOL(it_is_closed_for_who_is_left_by_the_parent),
        TEST_WITH_POOL(who_finds_none_for_long_gives_up),
    };
    apr_initialize();
    int failed = RUN_GROUP(tests);
    apr_terminate();
    return failed;
}
