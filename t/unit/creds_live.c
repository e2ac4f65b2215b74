/* A password file that may change while it is served. */
#include "folder.h"
#include "live.h"
#include "segments.h"

#include "../../lib/creds/file/creds_keep.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define HASH1 "00000000000000000000000000000001"
#define HASH2 "00000000000000000000000000000002"
#define HASH3 "00000000000000000000000000000003"

static creds_file_t *opened_file(const char *name, const char *text)
{
    creds_file_t *file = NULL;
    const char *why = creds_live_open(pool, file_with(name, text, 0600), false, &file);
    if (why) fail_msg("%s", why);
    return file;
}

/* A new file under that name, as a rename puts it there. */
static void rename_over(const char *name, const char *text, mode_t mode)
{
    const char *path = file_with("new", text, mode);
    assert_int_equal(rename(path, path_of(name)), 0);
}

/* What looking at that time complains about; NULL for nothing. */
static const char *look_at(creds_file_t *file, apr_time_t now)
{
    const char *why = NULL;
    creds_live_refresh(file, now, now, pool, &why);
    return why;
}

#define GO_ON                                                                                      \
    "; the accounts that were read before go on serving (apachectl graceful reads it as root)"

static void a_file_that_was_renamed_into_place_is_taken_at_once(void **state)
{
    (void)state;
    apr_time_t now = apr_time_now();
    creds_file_t *file = opened_file("live", "alice:" HASH1 "\n");
    assert_null(look_at(file, now));
    rename_over("live", "bob:" HASH2 "\n", 0600);
    assert_null(look_at(file, now + APR_USEC_PER_SEC));
    assert_true(knows(file, "bob"));
    assert_false(knows(file, "alice"));
}

static void nobody_looks_twice_in_a_second(void **state)
{
    (void)state;
    apr_time_t now = apr_time_now();
    creds_file_t *file = opened_file("live", "alice:" HASH1 "\n");
    assert_null(look_at(file, now));
    rename_over("live", "bob:" HASH2 "\n", 0600);
    assert_null(look_at(file, now + APR_USEC_PER_SEC - 1));
    assert_true(knows(file, "alice"));
    assert_null(look_at(file, now + APR_USEC_PER_SEC));
    assert_true(knows(file, "bob"));
}

static void a_file_that_is_written_in_place_must_rest_first(void **state)
{
    (void)state;
    apr_time_t now = apr_time_now();
    creds_file_t *file = opened_file("live", "alice:" HASH1 "\n");
    file_with("live", "alice:" HASH1 "\nbob:" HASH2 "\n", 0600);
    assert_null(look_at(file, now + APR_USEC_PER_SEC));
    assert_false(knows(file, "bob"));
    assert_null(look_at(file, now + 60 * APR_USEC_PER_SEC));
    assert_true(knows(file, "bob"));
}

static void a_broken_file_never_replaces_a_good_one(void **state)
{
    (void)state;
    static const struct {
        const char *text, *complaint;
        mode_t mode;
    } broken[] = {
        {"bob:" HASH2 "\nalice\n",
         ":2: there is no colon; write user:NTHASH (ntlmpasswd makes such lines)" GO_ON, 0600},
        {"", " is empty" GO_ON, 0600},
        {"bob:" HASH2, " does not end in a newline: it may be half written" GO_ON, 0600},
        {"bob:" HASH2 "\nBOB:" HASH2 "\n", NULL, 0600},
        {"bob:" HASH2 "\n", NULL, 0644},
    };
    for (size_t i = 0; i < COUNT(broken); i++) {
        apr_time_t now = apr_time_now();
        creds_file_t *file = opened_file("live", "alice:" HASH1 "\n");
        rename_over("live", broken[i].text, broken[i].mode);
        const char *why = look_at(file, now);
        assert_non_null(why);
        if (broken[i].complaint)
            assert_string_equal(why, apr_pstrcat(pool, path_of("live"), broken[i].complaint, NULL));
        assert_true(knows(file, "alice"));
        assert_false(knows(file, "bob"));
        assert_null(look_at(file, now + 2 * APR_USEC_PER_SEC)); /* said once */
        rename_over("live", "carol:" HASH3 "\n", 0600);
        assert_null(look_at(file, now + 4 * APR_USEC_PER_SEC));
        assert_true(knows(file, "carol"));
    }
}

static void a_file_that_is_gone_leaves_its_accounts(void **state)
{
    (void)state;
    apr_time_t now = apr_time_now();
    creds_file_t *file = opened_file("live", "alice:" HASH1 "\n");
    assert_int_equal(unlink(path_of("live")), 0);
    assert_non_null(strstr(look_at(file, now), "No such file"));
    assert_null(look_at(file, now + 2 * APR_USEC_PER_SEC));
    assert_true(knows(file, "alice"));
    file_with("live", "bob:" HASH2 "\n", 0600);
    assert_null(look_at(file, now + 60 * APR_USEC_PER_SEC));
    assert_true(knows(file, "bob"));
}

static void an_unchanged_file_is_not_read_again(void **state)
{
    (void)state;
    apr_time_t now = apr_time_now();
    creds_file_t *file = opened_file("live", "alice:" HASH1 "\n");
    for (int i = 0; i < 5; i++) assert_null(look_at(file, now + (3 + i) * 2 * APR_USEC_PER_SEC));
    assert_int_equal((int)file->generation, 1);
    rename_over("live", "alice:" HASH2 "\n", 0600);
    assert_null(look_at(file, now + 60 * APR_USEC_PER_SEC));
    assert_int_equal((int)file->generation, 2);
}

static void a_clock_that_is_set_neither_stops_nor_hastens_the_looking(void **state)
{
    (void)state;
    static const apr_time_t hours[] = {-1, 1};
    for (size_t i = 0; i < COUNT(hours); i++) {
        apr_time_t now = apr_time_now(), set = now + hours[i] * 3600 * APR_USEC_PER_SEC;
        const char *why = NULL;
        creds_file_t *file = opened_file("live", "alice:" HASH1 "\n");
        assert_null(look_at(file, now));
        rename_over("live", "bob:" HASH2 "\n", 0600);
        creds_live_refresh(file, set, now + APR_USEC_PER_SEC - 1, pool, &why);
        assert_false(knows(file, "bob"));
        creds_live_refresh(file, set, now + APR_USEC_PER_SEC, pool, &why);
        assert_true(knows(file, "bob"));
        assert_null(why);
    }
}

/* ---- segments ---- */

static int segment_with(const char *text, const creds_file_t *before)
{
    creds_table_t *table = NULL;
    assert_null(creds_table_parse(pool, "FILE", text, strlen(text), &table));
    if (before) creds_table_succeed(table, before->held.table);
    return segment_of(table, creds_table_size(table));
}

static void what_was_read_is_a_segment(void **state)
{
    (void)state;
    creds_file_t *file = opened_file("live", "alice:" HASH1 "\n");
    assert_true(file->segment >= 0);
    assert_int_equal(mapped_segments(), 1);
    assert_null(file->held.pool);
    apr_pool_clear(pool);
    assert_int_equal(open_segments() + mapped_segments(), 0);
}

static void another_segment_takes_its_place(void **state)
{
    (void)state;
    const creds_stamp_t stamp = {.inode = 7};
    creds_file_t *file = opened_file("live", "alice:" HASH1 "\n");
    int segment = segment_with("bob:" HASH2 "\n", file);
    assert_true(creds_live_serve(file, segment, &stamp));
    creds_segment_close(&segment);
    assert_true(knows(file, "bob") && !knows(file, "alice"));
    assert_int_equal(file->generation, 2);
    assert_int_equal(mapped_segments(), 1);
    assert_true(creds_stamp_equal(&file->served, &stamp));
    apr_pool_clear(pool);
}

static void what_is_no_table_is_not_served(void **state)
{
    (void)state;
    const creds_stamp_t stamp = {.inode = 7};
    creds_file_t *file = opened_file("live", "alice:" HASH1 "\n");
    int segment = segment_of("no table, however long it may be", 33);
    assert_false(creds_live_serve(file, segment, &stamp));
    assert_false(creds_live_serve(file, -1, &stamp));
    creds_segment_close(&segment);
    assert_true(knows(file, "alice"));
    assert_int_equal(mapped_segments(), 1);
    apr_pool_clear(pool);
}

/* As a child that was forked before. */
static void what_is_laid_out_is_taken_with_the_next_question(void **state)
{
    (void)state;
    const creds_parcel_t parcel = {2, {.inode = 9}};
    creds_file_t *file = opened_file("live", "alice:" HASH1 "\n");
    assert_int_equal(creds_shelf_make(pool, 1, &file->shelf), APR_SUCCESS);
    rename_over("live", "carol:" HASH3 "\n", 0600);
    assert_null(look_at(file, apr_time_now()));
    assert_true(knows(file, "alice")); /* no file is read */
    int segment = segment_with("bob:" HASH2 "\n", file);
    creds_shelf_put(file->shelf, &parcel, segment);
    creds_segment_close(&segment);
    assert_null(look_at(file, apr_time_now()));
    assert_true(knows(file, "bob"));
    assert_int_equal(file->served.inode, 9);
    apr_pool_clear(pool);
}

static void what_is_kept_is_not_read_again(void **state)
{
    (void)state;
    creds_file_t *file = opened_file("live", "alice:" HASH1 "\n");
    creds_keep_put(pool, file->path, false, file->segment, &file->served);
    const creds_stamp_t served = file->served;
    apr_pool_clear(pool);
    file = opened_file("live", "bob:" HASH2 "\n");
    assert_true(knows(file, "alice"));
    assert_true(creds_stamp_equal(&file->served, &served));
    assert_null(look_at(file, apr_time_now() + 60 * APR_USEC_PER_SEC)); /* nobody follows it */
    assert_true(knows(file, "bob"));
    creds_keep_nothing(pool);
}

static void a_pool_knows_its_files(void **state)
{
    (void)state;
    apr_pool_clear(pool);
    assert_null(creds_live_all(pool));
    creds_file_t *one = opened_file("one", "alice:" HASH1 "\n");
    creds_file_t *two = opened_file("two", "alice:" HASH1 "\n");
    assert_ptr_equal(creds_live_all(pool), two);
    assert_ptr_equal(two->next, one);
    assert_null(one->next);
}

int main(void)
{
    int failed;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_file_that_was_renamed_into_place_is_taken_at_once),
        cmocka_unit_test(nobody_looks_twice_in_a_second),
        cmocka_unit_test(a_file_that_is_written_in_place_must_rest_first),
        cmocka_unit_test(a_broken_file_never_replaces_a_good_one),
        cmocka_unit_test(a_file_that_is_gone_leaves_its_accounts),
        cmocka_unit_test(an_unchanged_file_is_not_read_again),
        cmocka_unit_test(a_clock_that_is_set_neither_stops_nor_hastens_the_looking),
        cmocka_unit_test(what_was_read_is_a_segment),
        cmocka_unit_test(another_segment_takes_its_place),
        cmocka_unit_test(what_is_no_table_is_not_served),
        cmocka_unit_test(what_is_laid_out_is_taken_with_the_next_question),
        cmocka_unit_test(what_is_kept_is_not_read_again),
        cmocka_unit_test(a_pool_knows_its_files),
    };
    RUN_GROUP_IN_FOLDER(tests, failed);
    return failed;
}
