/* The process that waits for a password file to change, and reads it once. */
#include "folder.h"
#include "segments.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include "../../lib/creds/file/creds_reader.h"

#define HASH1 "00000000000000000000000000000001"
#define HASH2 "00000000000000000000000000000002"

static const creds_reader_user_t nobody = {65534, 65534};

static creds_file_t *followed_file(const char *name, const char *text)
{
    creds_file_t *file = NULL;
    assert_null(creds_live_open(pool, file_with(name, text, 0600), false, &file));
    assert_int_equal(creds_shelf_make(pool, 1, &file->shelf), APR_SUCCESS);
    return file;
}

static void rename_over(const char *name, const char *text, mode_t mode)
{
    assert_int_equal(rename(file_with("new", text, mode), path_of(name)), 0);
}

static creds_reader_t started(creds_file_t *files)
{
    creds_reader_t reader;
    assert_true(creds_reader_start(&reader, files, &nobody));
    return reader;
}

static int end_of(const creds_reader_t *reader)
{
    int status = -1;
    assert_int_equal(waitpid(reader->pid, &status, 0), reader->pid);
    return status;
}

static void it_reads_a_file_that_has_changed_into_a_segment(void **state)
{
    (void)state;
    creds_account_t account;
    creds_file_t *file = followed_file("live", "alice:" HASH1 "\nbob:" HASH1 "\n");
    creds_reader_t reader = started(file);
    assert_null(creds_reader_file(&reader, file));
    rename_over("live", "bob:" HASH2 "\n", 0600); /* root's alone, if this is root */
    assert_int_equal(end_of(&reader), 0);
    assert_ptr_equal(creds_reader_file(&reader, file), file);
    assert_int_equal(reader.report->outcome, CREDS_READER_DONE);
    int segment = creds_segment_reader(reader.segment);
    assert_true(creds_live_serve(file, segment, &reader.report->stamp));
    creds_segment_close(&segment);
    assert_true(creds_table_find(file->held.table, "bob", &account));
    assert_key(account.key.nt_hash, HASH2);
    assert_int_equal(account.generation, 2);
    assert_int_equal(creds_table_count(file->held.table), 1);
    assert_false(creds_live_has_changed(file, apr_time_now(), pool, &file->told));
    creds_reader_forget(&reader);
    assert_int_equal(reader.segment, -1);
    apr_pool_clear(pool);
}

static void it_says_what_is_wrong_with_a_file(void **state)
{
    (void)state;
    creds_file_t *one = followed_file("one", "alice:" HASH1 "\n");
    creds_file_t *two = followed_file("two", "alice:" HASH1 "\n");
    static const struct {
        const char *name, *text, *why;
        mode_t mode;
    } broken[] = {
        {"one", "alice:" HASH1, " does not end in a newline: it may be half written", 0600},
        {"two", "", " is empty", 0600},
        {"one", "alice\n", ":1: there is no colon", 0600},
        {"two", "alice:" HASH1 "\n", " can be read by everybody", 0644},
    };
    for (size_t i = 0; i < sizeof broken / sizeof *broken; i++) {
        creds_reader_t reader = started(creds_live_all(pool));
        rename_over(broken[i].name, broken[i].text, broken[i].mode);
        assert_int_equal(end_of(&reader), 0);
        creds_file_t *file = creds_reader_file(&reader, creds_live_all(pool));
        assert_ptr_equal(file, i % 2 ? two : one);
        assert_int_equal(reader.report->outcome, CREDS_READER_REFUSED);
        assert_ptr_equal(strstr(reader.report->why, path_of(broken[i].name)), reader.report->why);
        assert_non_null(strstr(reader.report->why, broken[i].why));
        file->refused = reader.report->stamp;
        assert_false(creds_live_has_changed(file, apr_time_now(), pool, &file->told));
        assert_int_equal(creds_segment_reader(reader.segment), -1);
        creds_reader_forget(&reader);
        rename_over(broken[i].name, "alice:" HASH1 "\n", 0600);
        const apr_time_t at_rest = apr_time_now() + apr_time_from_sec(3); /* an inode may return */
        assert_true(creds_live_has_changed(file, at_rest, pool, &file->told));
        file->served = file->told;
    }
    apr_pool_clear(pool);
}

static void one_that_is_killed_says_nothing(void **state)
{
    (void)state;
    creds_file_t *file = followed_file("live", "alice:" HASH1 "\n");
    creds_reader_t reader = started(file);
    assert_int_equal(kill(reader.pid, SIGKILL), 0);
    assert_true(WIFSIGNALED(end_of(&reader)));
    assert_int_equal(reader.report->outcome, CREDS_READER_ENDED);
    assert_null(creds_reader_file(&reader, file));
    creds_reader_forget(&reader);
    apr_pool_clear(pool);
}

/* What httpd does at a signal is not for it. */
static void ignore(int signal_number)
{
    (void)signal_number;
}

static void it_has_no_handlers_of_its_parents(void **state)
{
    (void)state;
    creds_file_t *file = followed_file("live", "alice:" HASH1 "\n");
    void (*before)(int) = signal(SIGTERM, ignore);
    creds_reader_t reader = started(file);
    signal(SIGTERM, before);
    usleep(200 * 1000);
    assert_int_equal(kill(reader.pid, SIGTERM), 0);
    const int status = end_of(&reader);
    assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGTERM);
    creds_reader_forget(&reader);
    apr_pool_clear(pool);
}

/* Who adopts it sees it end. */
static void it_ends_with_its_parent(void **state)
{
    (void)state;
    pid_t pid = 0;
    int told[2], status;
    creds_file_t *file = followed_file("live", "alice:" HASH1 "\n");
    assert_int_equal(pipe(told), 0);
    assert_int_equal(prctl(PR_SET_CHILD_SUBREAPER, 1), 0);
    pid_t parent = fork();
    if (parent == 0) {
        creds_reader_t reader;
        const bool is_started = creds_reader_start(&reader, file, &nobody);
        _exit(is_started && write(told[1], &reader.pid, sizeof pid) == sizeof pid ? 0 : 1);
    }
    close(told[1]);
    assert_int_equal(read(told[0], &pid, sizeof pid), sizeof pid);
    waitpid(parent, NULL, 0);
    assert_int_equal(waitpid(pid, &status, 0), pid);
    close(told[0]);
    apr_pool_clear(pool);
}

static void it_keeps_nothing_open_of_what_its_parent_has(void **state)
{
    (void)state;
    char byte;
    int port[2];
    creds_file_t *file = followed_file("live", "alice:" HASH1 "\n");
    assert_int_equal(pipe(port), 0);
    creds_reader_t reader = started(file);
    close(port[1]);
    assert_int_equal(read(port[0], &byte, 1), 0); /* nobody has the other end any more */
    close(port[0]);
    rename_over("live", "bob:" HASH1 "\n", 0600);
    assert_int_equal(end_of(&reader), 0);
    assert_int_equal(reader.report->outcome, CREDS_READER_DONE);
    creds_reader_forget(&reader);
    apr_pool_clear(pool);
}

static bool says_that_there_is_no_room(creds_file_t *file)
{
    const struct rlimit limit = {16, 16};
    creds_reader_t reader;
    int status = -1;
    if (setrlimit(RLIMIT_FSIZE, &limit) != 0) return false;
    if (!creds_reader_start(&reader, file, &nobody)) return false;
    return waitpid(reader.pid, &status, 0) == reader.pid && status == 0 &&
           reader.report->outcome == CREDS_READER_REFUSED &&
           strstr(reader.report->why, "cannot hold") && strstr(reader.report->why, "too large");
}

static void it_says_when_there_is_no_room(void **state)
{
    (void)state;
    int status = -1;
    creds_file_t *file = followed_file("live", "alice:" HASH1 "\n");
    rename_over("live", "bob:" HASH1 "\n", 0600);
    pid_t pid = fork();
    if (pid == 0) _exit(says_that_there_is_no_room(file) ? 0 : 1);
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_int_equal(status, 0);
    apr_pool_clear(pool);
}

int main(void)
{
    int failed;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_reads_a_file_that_has_changed_into_a_segment),
        cmocka_unit_test(it_says_what_is_wrong_with_a_file),
        cmocka_unit_test(one_that_is_killed_says_nothing),
        cmocka_unit_test(it_has_no_handlers_of_its_parents),
        cmocka_unit_test(it_ends_with_its_parent),
        cmocka_unit_test(it_keeps_nothing_open_of_what_its_parent_has),
        cmocka_unit_test(it_says_when_there_is_no_room),
    };
    RUN_GROUP_IN_FOLDER(tests, failed);
    return failed;
}
