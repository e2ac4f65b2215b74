/* A file that the configuration names: what is fit, and what is read of it. */
#include "folder.h"

#include <errno.h>

#include "../../lib/system/own_file.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* With what the caller says in own. */
static own_file_fault_t fault_of(own_file_t *own, const char *path)
{
    own_file_fault_t fault = own_file_read(own, pool, path);
    if (fault != OWN_FILE_FINE) assert_null(own->text);
    return fault;
}

static void all_of_a_file_is_read(void **state)
{
    (void)state;
    own_file_t own = {.max = 0};
    assert_int_equal(fault_of(&own, file_with("good", "one\ntwo\n", 0600)), OWN_FILE_FINE);
    assert_bytes(((bytes_t){own.text, own.len}), "6f6e650a74776f0a");
    assert_int_equal(own.info.size, 8);
    own_file_forget(&own);
    assert_null(own.text);
    own_file_forget(&own);
    assert_int_equal(fault_of(&own, file_with("empty", "", 0600)), OWN_FILE_FINE);
    assert_int_equal(own.len, 0);
    own_file_forget(&own);
}

static void a_file_has_no_more_bytes_than_it_may_have(void **state)
{
    (void)state;
    own_file_t own = {.max = 8};
    assert_int_equal(fault_of(&own, file_with("exact", "12345678", 0600)), OWN_FILE_FINE);
    assert_int_equal(own.len, 8);
    own_file_forget(&own);
    assert_int_equal(fault_of(&own, file_with("larger", "123456789", 0600)), OWN_FILE_TOO_LARGE);
    assert_int_equal(own.status, EFBIG);
}

/* Files of the system have a content, and say that they have none. */
static void what_a_file_says_of_its_size_is_not_believed(void **state)
{
    (void)state;
    own_file_t own = {.max = 4, .everybody_may = APR_FPROT_WREAD};
    assert_int_equal(fault_of(&own, "/proc/self/status"), OWN_FILE_TOO_LARGE);
}

static void what_everybody_may_is_for_the_caller_to_say(void **state)
{
    (void)state;
    static const struct {
        mode_t mode;
        apr_fileperms_t may;
        own_file_fault_t fault;
    } files[] = {
        {0640, 0, OWN_FILE_FINE},
        {0644, 0, OWN_FILE_READABLE},
        {0642, 0, OWN_FILE_WRITABLE},
        {0646, 0, OWN_FILE_WRITABLE},
        {0644, APR_FPROT_WREAD, OWN_FILE_FINE},
        {0646, APR_FPROT_WREAD, OWN_FILE_WRITABLE},
        {0646, APR_FPROT_WREAD | APR_FPROT_WWRITE, OWN_FILE_FINE},
    };
    for (size_t i = 0; i < COUNT(files); i++) {
        own_file_t own = {.everybody_may = files[i].may};
        own_file_fault_t fault = fault_of(&own, file_with("any", "x", files[i].mode));
        assert_int_equal(fault, files[i].fault);
        own_file_forget(&own);
    }
}

static void nothing_but_a_regular_file_is_read(void **state)
{
    (void)state;
    own_file_t own = {.everybody_may = APR_FPROT_WREAD | APR_FPROT_WWRITE};
    assert_int_equal(fault_of(&own, folder), OWN_FILE_NOT_REGULAR);
    assert_int_equal(own.status, EISDIR);
    assert_int_equal(fault_of(&own, "/dev/null"), OWN_FILE_NOT_REGULAR);
    assert_int_equal(own.status, APR_EINVAL);
    const char *pipe = path_of("pipe"); /* nobody writes: it is not waited for */
    assert_int_equal(mkfifo(pipe, 0600), 0);
    assert_int_equal(fault_of(&own, pipe), OWN_FILE_NOT_REGULAR);
    assert_int_equal(own.status, APR_EINVAL);
}

static void what_the_system_refuses_is_said(void **state)
{
    (void)state;
    own_file_t own = {.max = 1};
    const char *path = path_of("missing");
    assert_int_equal(fault_of(&own, path), OWN_FILE_NOT_OPENED);
    assert_true(APR_STATUS_IS_ENOENT(own.status));
    assert_string_equal(own.cannot,
                        apr_psprintf(pool, "cannot open %s: No such file or directory", path));
}

static void a_file_that_is_open_has_been_judged(void **state)
{
    (void)state;
    own_file_t own = {.max = 0};
    apr_file_t *file;
    char byte = 0;
    apr_size_t len = 1;
    assert_int_equal(own_file_open(&own, pool, file_with("good", "x", 0600), &file), OWN_FILE_FINE);
    assert_int_equal(apr_file_read(file, &byte, &len), APR_SUCCESS);
    assert_int_equal(byte, 'x');
    apr_file_close(file);
    assert_int_equal(own_file_open(&own, pool, file_with("open", "x", 0644), &file),
                     OWN_FILE_READABLE);
}

int main(void)
{
    int failed;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_of_a_file_is_read),
        cmocka_unit_test(a_file_has_no_more_bytes_than_it_may_have),
        cmocka_unit_test(what_a_file_says_of_its_size_is_not_believed),
        cmocka_unit_test(what_everybody_may_is_for_the_caller_to_say),
        cmocka_unit_test(nothing_but_a_regular_file_is_read),
        cmocka_unit_test(what_the_system_refuses_is_said),
        cmocka_unit_test(a_file_that_is_open_has_been_judged),
    };
    RUN_GROUP_IN_FOLDER(tests, failed);
    return failed;
}
