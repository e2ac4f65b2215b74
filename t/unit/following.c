/* httpd's hooks by which changes of password files come to the children. */
#include "folder.h"

#include <sys/wait.h>

#include <apr_thread_proc.h>
#include <http_core.h>

#include "../../lib/config/following.h"
#include "../../lib/creds/file/creds_keep.h"
#include "../../lib/creds/file/creds_live.h"
#include "../lib/httpd_stubs.h"

#define HASH "8846f7eaee8fb117ad06bdd830b7586c"

static creds_file_t *begun(int state, const char *defined)
{
    creds_file_t *file = NULL;
    httpd_stubs_reset();
    httpd_stubs.state = state;
    httpd_stubs.defined = defined;
    assert_null(creds_live_open(pool, file_with("live", "alice:" HASH "\n", 0600), false, &file));
    assert_int_equal(following_begin(pool, pool, pool, NULL), OK);
    return file;
}

static void files_are_followed_when_httpd_serves(void **state)
{
    (void)state;
    assert_non_null(begun(AP_SQ_MS_CREATE_CONFIG, NULL)->shelf);
    assert_int_equal(following_look(pool, NULL), OK);
    int status = -1;
    pid_t child = fork();
    if (child == 0) {
        apr_pool_t *pchild;
        apr_pool_create(&pchild, pool);
        following_child(pchild, NULL);
        apr_pool_destroy(pchild);
        _exit(0);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
    apr_pool_clear(pool);
    creds_keep_nothing(pool);
}

static void nothing_is_followed_where_httpd_has_no_children(void **state)
{
    (void)state;
    assert_null(begun(AP_SQ_MS_CREATE_PRE_CONFIG, NULL)->shelf);
    assert_null(begun(AP_SQ_MS_CREATE_CONFIG, "DEBUG")->shelf);
    assert_null(begun(AP_SQ_MS_CREATE_CONFIG, "ONE_PROCESS")->shelf);
    assert_int_equal(following_look(pool, NULL), OK);
    following_child(pool, NULL);
    apr_pool_clear(pool);
}

static void what_is_wrong_is_logged(void **state)
{
    (void)state;
    apr_proc_t proc;
    int code;
    apr_exit_why_e why;
    begun(AP_SQ_MS_CREATE_CONFIG, NULL);
    assert_int_equal(rename(file_with("new", "alice\n", 0600), path_of("live")), 0);
    assert_int_equal(apr_proc_wait_all_procs(&proc, &code, &why, APR_WAIT, pool), APR_CHILD_DONE);
    assert_int_equal(apr_proc_other_child_alert(&proc, APR_OC_REASON_DEATH, code), APR_SUCCESS);
    assert_ptr_equal(strstr(httpd_stubs.logged, "mod_auth_ntlmv2: "), httpd_stubs.logged);
    assert_non_null(strstr(httpd_stubs.logged, ":1: there is no colon"));
    apr_pool_clear(pool);
    creds_keep_nothing(pool);
}

int main(void)
{
    int failed;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(files_are_followed_when_httpd_serves),
        cmocka_unit_test(nothing_is_followed_where_httpd_has_no_children),
        cmocka_unit_test(what_is_wrong_is_logged),
    };
    RUN_GROUP_IN_FOLDER(tests, failed);
    return failed;
}
