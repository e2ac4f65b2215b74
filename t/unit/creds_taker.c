/* The thread of a child that takes new tables as they come. */
#include "folder.h"
#include "live.h"
#include "segments.h"

#include <sys/wait.h>

#include "../../lib/creds/file/creds_taker.h"

#define HASH1 "00000000000000000000000000000001"

static creds_word_t bell;

static creds_file_t *followed_file(void)
{
    creds_file_t *file = NULL;
    assert_null(creds_live_open(pool, file_with("live", "alice:" HASH1 "\n", 0600), false, &file));
    assert_int_equal(creds_shelf_make(pool, 1, &file->shelf), APR_SUCCESS);
    return file;
}

static void lay_out(const creds_file_t *file, apr_uint32_t number, const char *text)
{
    const creds_parcel_t parcel = {number, {.inode = number}};
    creds_table_t *table = NULL;
    assert_null(creds_table_parse(pool, "FILE", text, strlen(text), &table));
    while (creds_table_generation(table) < number) creds_table_succeed(table, table);
    int segment = segment_of(table, creds_table_size(table));
    creds_shelf_put(file->shelf, &parcel, segment);
    creds_segment_close(&segment);
    creds_word_set(&bell, creds_word_get(&bell) + 1);
}

/* A child that is asked nothing. */
static int idle_child(creds_file_t *file)
{
    apr_pool_t *own;
    apr_pool_create(&own, pool);
    creds_taker_start(own, file, &bell);
    for (int turn = 0; turn < 10000 && !knows(file, "carol"); turn++) usleep(1000);
    const bool took = knows(file, "carol") && mapped_segments() == 1;
    apr_pool_destroy(own);
    return took && !knows(file, "bob") ? 0 : 1;
}

static void an_idle_child_takes_what_is_new(void **state)
{
    (void)state;
    int status = -1;
    creds_file_t *file = followed_file();
    assert_int_equal(creds_word_make(&bell), APR_SUCCESS);
    pid_t pid = fork();
    if (pid == 0) {
        creds_shelf_is_childs(file->shelf);
        creds_segment_close(&file->segment);
        _exit(idle_child(file));
    }
    lay_out(file, 2, "bob:" HASH1 "\n");
    usleep(20 * 1000);
    lay_out(file, 3, "carol:" HASH1 "\n");
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_int_equal(status, 0);
    creds_word_drop(&bell, true);
    apr_pool_clear(pool);
}

static void it_stops_with_its_pool(void **state)
{
    (void)state;
    creds_file_t *file = followed_file();
    assert_int_equal(creds_word_make(&bell), APR_SUCCESS);
    for (int turn = 0; turn < 20; turn++) {
        apr_pool_t *own;
        apr_pool_create(&own, pool);
        creds_taker_start(own, file, &bell);
        usleep((useconds_t)(turn % 3) * 1000);
        apr_pool_destroy(own); /* waits for it, and not for ever */
    }
    creds_word_drop(&bell, true);
    apr_pool_clear(pool);
}

/* As prefork's signal SIGTERM may find it, which ends the process: here by another signal, so
 * that no leak checker counts the thread that is left. */
static void child_that_is_stopped_while_it_asks(creds_file_t *file)
{
    apr_pool_t *own;
    apr_pool_create(&own, pool);
    (void)creds_live_borrow(file);
    creds_taker_start(own, file, &bell);
    usleep(200 * 1000); /* it has found the new table */
    apr_pool_destroy(own);
    raise(SIGKILL);
}

static void it_does_not_keep_a_child_from_ending(void **state)
{
    (void)state;
    int status = -1;
    creds_file_t *file = followed_file();
    assert_int_equal(creds_word_make(&bell), APR_SUCCESS);
    lay_out(file, 2, "bob:" HASH1 "\n");
    pid_t pid = fork();
    if (pid == 0) {
        alarm(30);
        creds_shelf_is_childs(file->shelf);
        child_that_is_stopped_while_it_asks(file);
    }
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
    creds_word_drop(&bell, true);
    apr_pool_clear(pool);
}

int main(void)
{
    int failed;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_idle_child_takes_what_is_new),
        cmocka_unit_test(it_stops_with_its_pool),
        cmocka_unit_test(it_does_not_keep_a_child_from_ending),
    };
    RUN_GROUP_IN_FOLDER(tests, failed);
    return failed;
}
