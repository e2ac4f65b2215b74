/* httpd's parent sees to it that changes of password files come to its children. */
#include "folder.h"
#include "live.h"
#include "segments.h"

#include <signal.h>
#include <sys/wait.h>

#include <apr_thread_proc.h>

#include "../../lib/creds/file/creds_follow.h"
#include "../../lib/creds/file/creds_keep.h"

#define HASH1 "00000000000000000000000000000001"
#define HASH2 "00000000000000000000000000000002"

static int complaints;
static char complaint[2048];

static void complain(const char *why)
{
    complaints++;
    apr_cpystrn(complaint, why, sizeof complaint);
}

static creds_file_t *followed(const char *text)
{
    const creds_follow_t how = {{65534, 65534}, complain};
    creds_file_t *file = NULL;
    complaints = 0;
    assert_null(creds_live_open(pool, file_with("live", text, 0600), false, &file));
    creds_follow_begin(pool, &how);
    assert_non_null(file->shelf);
    return file;
}

static void rename_over(const char *text)
{
    assert_int_equal(rename(file_with("new", text, 0600), path_of("live")), 0);
}

/* As httpd's parent does once a second: until one that is not a child has ended. */
static void wait_for_a_reader(void)
{
    apr_proc_t proc;
    int code;
    apr_exit_why_e why;
    assert_int_equal(apr_proc_wait_all_procs(&proc, &code, &why, APR_WAIT, pool), APR_CHILD_DONE);
    assert_int_equal(apr_proc_other_child_alert(&proc, APR_OC_REASON_DEATH, code), APR_SUCCESS);
}

static pid_t the_reader(void)
{
    char path[64], text[64] = "";
    pid_t pid = 0;
    snprintf(path, sizeof path, "/proc/self/task/%d/children", (int)getpid());
    FILE *in = fopen(path, "r");
    if (in && fgets(text, sizeof text, in)) pid = atoi(text);
    if (in) fclose(in);
    return pid;
}

/* What a child that was forked before sees within a while, asking as requests do. */
static bool sees_within_a_while(creds_file_t *file, const char *name)
{
    const char *why = NULL;
    for (int turn = 0; turn < 10000 && !knows(file, name); turn++, usleep(1000))
        creds_live_refresh(file, apr_time_now(), apr_time_now(), pool, &why);
    return knows(file, name) && !why;
}

static void the_parent_and_its_children_take_a_change(void **state)
{
    (void)state;
    int status = -1;
    creds_file_t *file = followed("alice:" HASH1 "\n");
    pid_t before = fork();
    if (before == 0) {
        apr_pool_t *child; /* its end stops the thread that takes */
        apr_pool_create(&child, pool);
        creds_follow_child(child);
        bool right = sees_within_a_while(file, "carol") && mapped_segments() == 1;
        right = right && open_segments() == 0;
        apr_pool_destroy(child);
        _exit(right ? 0 : 1);
    }
    rename_over("bob:" HASH1 "\n");
    wait_for_a_reader();
    assert_true(knows(file, "bob"));
    rename_over("carol:" HASH1 "\n"); /* two changes in a row */
    wait_for_a_reader();
    assert_true(knows(file, "carol"));
    assert_int_equal(file->generation, 3);
    assert_int_equal(mapped_segments(), 1);
    assert_int_equal(waitpid(before, &status, 0), before);
    assert_int_equal(status, 0);
    assert_int_equal(complaints, 0);
    apr_pool_clear(pool);
    creds_keep_nothing(pool);
    assert_int_equal(open_segments() + mapped_segments(), 0);
    assert_int_equal(the_reader(), 0);
}

static void what_is_broken_is_told_once(void **state)
{
    (void)state;
    creds_file_t *file = followed("alice:" HASH1 "\n");
    rename_over("bob\n");
    wait_for_a_reader();
    assert_int_equal(complaints, 1);
    assert_string_equal(complaint,
                        apr_pstrcat(pool, path_of("live"),
                                    ":1: there is no colon; write user:NTHASH (ntlmpasswd makes "
                                    "such lines); the accounts that were read before go on serving",
                                    NULL));
    assert_true(knows(file, "alice"));
    rename_over("carol:" HASH1 "\n");
    wait_for_a_reader();
    assert_true(knows(file, "carol"));
    assert_int_equal(complaints, 1);
    apr_pool_clear(pool);
    creds_keep_nothing(pool);
}

/* While it waits nothing is lost; there is another one when the parent looks. */
static void one_that_is_killed_is_followed_by_another(void **state)
{
    (void)state;
    creds_file_t *file = followed("alice:" HASH1 "\n");
    const pid_t first = the_reader();
    assert_int_equal(kill(first, SIGKILL), 0);
    wait_for_a_reader();
    assert_int_equal(the_reader(), 0);
    creds_follow_look();
    assert_true(the_reader() > 0 && the_reader() != first);
    assert_int_equal(complaints, 0);
    rename_over("bob:" HASH1 "\n");
    wait_for_a_reader();
    assert_true(knows(file, "bob"));
    creds_follow_look();
    apr_pool_clear(pool);
    creds_keep_nothing(pool);
}

static void nothing_is_followed_where_nothing_was_opened(void **state)
{
    (void)state;
    const creds_follow_t how = {{65534, 65534}, complain};
    creds_follow_begin(pool, &how);
    creds_follow_look();
    assert_int_equal(the_reader(), 0);
    apr_pool_clear(pool);
    creds_follow_look();
    creds_follow_child(pool);
}

int main(void)
{
    int failed;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_parent_and_its_children_take_a_change),
        cmocka_unit_test(what_is_broken_is_told_once),
        cmocka_unit_test(one_that_is_killed_is_followed_by_another),
        cmocka_unit_test(nothing_is_followed_where_nothing_was_opened),
    };
    RUN_GROUP_IN_FOLDER(tests, failed);
    return failed;
}
