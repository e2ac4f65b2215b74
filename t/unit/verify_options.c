/* The options that each source has whose backend verifies. */
#include "folder.h"

#include "../../lib/creds/verify/verify_options.h"

static verify_options_t options;
static apr_table_t *others;

static const char *read_one(const char *name, const char *value)
{
    apr_table_t *given = apr_table_make(pool, 2);
    apr_table_setn(given, "own", "of the backend");
    if (name) apr_table_setn(given, name, value);
    return verify_options_read(pool, "winbind", given, &options, &others);
}

static void unsaid_they_are_safe(void **state)
{
    (void)state;
    assert_null(read_one(NULL, NULL));
    assert_int_equal(options.lockout.wrong, 3);
    assert_int_equal(options.lockout.window, apr_time_from_sec(1800));
    assert_false(options.computers);
    assert_int_equal(options.basic, apr_time_from_sec(60));
    assert_int_equal(options.timeout, apr_time_from_sec(5));
    assert_int_equal(options.threads, 8);
}

static void what_is_said_is_taken_and_the_backends_own_is_left(void **state)
{
    (void)state;
    assert_null(read_one("lockout", "5/60"));
    assert_int_equal(options.lockout.wrong, 5);
    assert_int_equal(options.lockout.window, apr_time_from_sec(60));
    assert_null(read_one("lockout", "off"));
    assert_int_equal(options.lockout.wrong, 0);
    assert_null(read_one("basic-cache", "off"));
    assert_int_equal(options.basic, 0);
    assert_null(read_one("computers", "on"));
    assert_true(options.computers);
    assert_null(read_one("threads", "64"));
    assert_int_equal(options.threads, 64);
    assert_string_equal(apr_table_get(others, "own"), "of the backend");
    assert_null(apr_table_get(others, "threads"));
}

static void what_is_wrong_is_told_what_to_write(void **state)
{
    (void)state;
    static const struct {
        const char *name, *value;
    } all[] = {{"lockout", "3"},     {"lockout", "0/60"},       {"lockout", "3/0"},
               {"lockout", "3/60x"}, {"lockout", "1000/60"},    {"lockout", "3/604801"},
               {"lockout", ""},      {"lockout", "-1/60"},      {"basic-cache", "3601"},
               {"basic-cache", "0"}, {"basic-cache", "1 "},     {"timeout", "0"},
               {"timeout", "61"},    {"timeout", "five"},       {"threads", "0"},
               {"threads", "65"},    {"threads", "9999999999"}, {"computers", "yes"}};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        const char *why = read_one(all[i].name, all[i].value);
        if (!why) fail_msg("%s=%s is taken", all[i].name, all[i].value);
        assert_memory_equal(why, all[i].name, strlen(all[i].name));
    }
}

int main(void)
{
    int failed;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(unsaid_they_are_safe),
        cmocka_unit_test(what_is_said_is_taken_and_the_backends_own_is_left),
        cmocka_unit_test(what_is_wrong_is_told_what_to_write),
    };
    RUN_GROUP_IN_FOLDER(tests, failed);
    return failed;
}
