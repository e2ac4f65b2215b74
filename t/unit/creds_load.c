/* A password file on disk: its type, its permissions, its content. */
#include "folder.h"

#include "../../lib/creds/file/creds_load.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define HASH "8846f7eaee8fb117ad06bdd830b7586c"

static const char *load(const char *path, bool world_readable)
{
    creds_table_t *table = NULL;
    creds_stamp_t stamp;
    const char *why = creds_load(pool, path, world_readable, &table, &stamp);
    if (!why) assert_int_equal(creds_table_count(table), 1);
    return why;
}

static void a_file_for_owner_and_group_is_read(void **state)
{
    (void)state;
    static const mode_t modes[] = {0400, 0600, 0640, 0440, 0660};
    for (size_t i = 0; i < COUNT(modes); i++) {
        assert_null(load(file_with("good", "alice:" HASH "\n", modes[i]), false));
        assert_int_equal(unlink(path_of("good")), 0);
    }
}

static void an_empty_file_is_read(void **state)
{
    (void)state;
    creds_table_t *table = NULL;
    creds_stamp_t stamp;
    assert_null(creds_load(pool, file_with("empty", "", 0600), false, &table, &stamp));
    assert_int_equal(creds_table_count(table), 0);
}

static void a_bad_line_in_a_file_is_told_with_its_path(void **state)
{
    (void)state;
    const char *path = file_with("bad", "# one\nalice\n", 0600);
    assert_refusal(load(path, false), apr_pstrcat(pool, path,
                                                  ":2: there is no colon; write user:NTHASH "
                                                  "(ntlmpasswd makes such lines)",
                                                  NULL));
}

static void a_missing_file_is_told_with_the_command_that_makes_it(void **state)
{
    (void)state;
    const char *path = path_of("missing");
    assert_refusal(load(path, false),
                   apr_psprintf(pool,
                                "cannot open %s: No such file or directory; make it with: "
                                "ntlmpasswd -c FILE USER",
                                path));
}

static void a_file_that_may_not_be_read_is_told(void **state)
{
    (void)state;
    if (geteuid() == 0) return; /* root may read everything */
    const char *path = file_with("secret", "alice:" HASH "\n", 0000);
    assert_refusal(
        load(path, false),
        apr_psprintf(pool, "cannot open %s: Permission denied; let httpd's user read it", path));
}

static void a_path_through_a_file_is_told(void **state)
{
    (void)state;
    file_with("plain", "", 0600);
    const char *path = path_of("plain/below");
    const char *why = load(path, false);
    assert_non_null(why);
    assert_non_null(strstr(why, apr_pstrcat(pool, "cannot open ", path, ": ", NULL)));
}

static void a_world_readable_file_is_refused_unless_that_is_meant(void **state)
{
    (void)state;
    static const mode_t modes[] = {0644, 0604, 0444};
    for (size_t i = 0; i < COUNT(modes); i++) {
        const char *path = file_with("open", "alice:" HASH "\n", modes[i]);
        assert_refusal(load(path, false),
                       apr_pstrcat(pool, path,
                                   " can be read by everybody, and an NT hash is worth as much as "
                                   "the password; chmod 640 it (or add worldreadable=on)",
                                   NULL));
        assert_null(load(path, true));
        assert_int_equal(unlink(path), 0);
    }
}

static void a_world_writable_file_is_always_refused(void **state)
{
    (void)state;
    static const mode_t modes[] = {0666, 0602, 0646};
    for (size_t i = 0; i < COUNT(modes); i++) {
        const char *path = file_with("writable", "alice:" HASH "\n", modes[i]);
        const char *why =
            apr_pstrcat(pool, path, " can be written by everybody; chmod 640 it", NULL);
        assert_refusal(load(path, false), why);
        assert_refusal(load(path, true), why);
        assert_int_equal(unlink(path), 0);
    }
}

static void what_is_no_regular_file_is_refused(void **state)
{
    (void)state;
    static const char end[] = " is not a regular file; name a password file";
    assert_refusal(load(folder, false), apr_pstrcat(pool, folder, end, NULL));
    assert_refusal(load("/dev/null", true), apr_pstrcat(pool, "/dev/null", end, NULL));
}

static void a_link_is_judged_by_what_it_points_to(void **state)
{
    (void)state;
    const char *path = path_of("link");
    assert_int_equal(symlink(file_with("target", "alice:" HASH "\n", 0600), path), 0);
    assert_null(load(path, false));
    assert_int_equal(chmod(path_of("target"), 0644), 0);
    assert_non_null(load(path, false));
}

static void a_stamp_is_of_what_was_read(void **state)
{
    (void)state;
    creds_table_t *table = NULL;
    creds_stamp_t before, after;
    const char *path = file_with("good", "alice:" HASH "\n", 0600);
    assert_null(creds_load(pool, path, false, &table, &before));
    assert_null(creds_load(pool, path, false, &table, &after));
    assert_true(creds_stamp_equal(&before, &after));
    file_with("good", "bob:" HASH "\n", 0600);
    assert_null(creds_load(pool, path, false, &table, &after));
    assert_false(creds_stamp_equal(&before, &after));
}

static void what_does_not_end_in_a_newline_is_half_written(void **state)
{
    (void)state;
    assert_null(creds_half_written(pool, file_with("good", "alice:" HASH "\n", 0600)));
    const char *path = file_with("good", "alice:" HASH, 0600);
    assert_refusal(
        creds_half_written(pool, path),
        apr_pstrcat(pool, path, " does not end in a newline: it may be half written", NULL));
    assert_refusal(creds_half_written(pool, file_with("good", "", 0600)),
                   apr_pstrcat(pool, path, " is empty", NULL));
    assert_null(creds_half_written(pool, path_of("missing"))); /* creds_load() tells */
}

int main(void)
{
    int failed;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_file_for_owner_and_group_is_read),
        cmocka_unit_test(an_empty_file_is_read),
        cmocka_unit_test(a_bad_line_in_a_file_is_told_with_its_path),
        cmocka_unit_test(a_missing_file_is_told_with_the_command_that_makes_it),
        cmocka_unit_test(a_file_that_may_not_be_read_is_told),
        cmocka_unit_test(a_path_through_a_file_is_told),
        cmocka_unit_test(a_world_readable_file_is_refused_unless_that_is_meant),
        cmocka_unit_test(a_world_writable_file_is_always_refused),
        cmocka_unit_test(what_is_no_regular_file_is_refused),
        cmocka_unit_test(a_link_is_judged_by_what_it_points_to),
        cmocka_unit_test(a_stamp_is_of_what_was_read),
        cmocka_unit_test(what_does_not_end_in_a_newline_is_half_written),
    };
    RUN_GROUP_IN_FOLDER(tests, failed);
    return failed;
}
