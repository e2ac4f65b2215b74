/* The key=value words of a source. */
#include "unit.h"

#include <apr_general.h>

#include "../../lib/creds/creds_options.h"

static apr_pool_t *pool;
static apr_table_t *given;

static const creds_option_t one[] = {
    {.name = "loud", .kind = CREDS_SWITCH, .fallback = "off", .help = "loud takes on or off"}, {0}};
static const creds_option_t none[] = {{0}};
static const creds_option_t some[] = {
    {.name = "loud", .kind = CREDS_SWITCH, .fallback = "on", .help = "loud= takes on or off"},
    {.name = "wait", .kind = CREDS_SECONDS, .most = 60, .fallback = "3", .help = "up to 60"},
    {.name = "word"},
    {CREDS_DOMAIN_ROW},
    {0},
};

static const char *check(const char *name, const char *value)
{
    return creds_option_check(pool, "fake", some, name, value);
}

static void what_is_not_written_has_its_default(void **state)
{
    (void)state;
    apr_table_clear(given);
    assert_true(creds_option_is_on(some, given, "loud"));
    assert_false(creds_option_is_on(one, given, "loud"));
    assert_int_equal(creds_option_time(some, given, "wait"), apr_time_from_sec(3));
    assert_null(creds_option(some, given, "word"));
    assert_int_equal(creds_option_time(some, given, "word"), 0);
    assert_false(creds_option_is_on(some, given, "word"));
    assert_null(creds_option(NULL, given, "word"));
}

static void what_is_written_counts(void **state)
{
    (void)state;
    apr_table_clear(given);
    apr_table_setn(given, "loud", "off");
    apr_table_setn(given, "wait", "60");
    apr_table_setn(given, "word", "a=b");
    apr_table_setn(given, "other", "x");
    assert_false(creds_option_is_on(some, given, "loud"));
    assert_int_equal(creds_option_time(some, given, "wait"), apr_time_from_sec(60));
    assert_string_equal(creds_option(some, given, "word"), "a=b");
    assert_null(creds_option(some, given, "other")); /* it is no option of this backend */
}

static void a_value_that_is_not_of_its_kind_is_told_what_it_takes(void **state)
{
    (void)state;
    assert_refusal(check("loud", "yes"), "loud= takes on or off");
    assert_refusal(check("wait", "61"), "up to 60");
    assert_refusal(check("wait", ""), "up to 60");
    assert_refusal(check("wait", "1.5"), "up to 60");
    assert_refusal(check("wait", "-1"), "up to 60");
    assert_refusal(check("wait", "000001"), "up to 60");
    assert_null(check("wait", "0"));
    assert_null(check("word", ""));
    assert_null(check("domain", "CORP"));
    assert_non_null(check("domain", ""));
    assert_non_null(check("domain", "CORP\\x"));
    assert_non_null(check("domain", "corp@x"));
}

static void an_option_that_is_unknown_is_told_those_that_are(void **state)
{
    (void)state;
    assert_refusal(check("color", "red"),
                   "fake knows no option 'color'; known: loud=, wait=, word=, domain=");
    assert_refusal(creds_option_check(pool, "fake", one, "color", "red"),
                   "fake knows no option 'color'; only loud=on|off");
    assert_refusal(creds_option_check(pool, "fake", NULL, "color", "red"),
                   "fake knows no option 'color'; known: none");
    assert_refusal(creds_option_check(pool, "fake", none, "color", "red"),
                   "fake knows no option 'color'; known: none");
}

static void the_first_of_several_mistakes_is_said(void **state)
{
    (void)state;
    apr_table_clear(given);
    assert_null(creds_options_check(pool, "fake", some, given));
    apr_table_setn(given, "word", "x");
    apr_table_setn(given, "loud", "no");
    apr_table_setn(given, "wait", "no");
    assert_refusal(creds_options_check(pool, "fake", some, given), "loud= takes on or off");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_not_written_has_its_default),
        cmocka_unit_test(what_is_written_counts),
        cmocka_unit_test(a_value_that_is_not_of_its_kind_is_told_what_it_takes),
        cmocka_unit_test(an_option_that_is_unknown_is_told_those_that_are),
        cmocka_unit_test(the_first_of_several_mistakes_is_said),
    };
    apr_initialize();
    apr_pool_create(&pool, NULL);
    given = apr_table_make(pool, 4);
    int failed = RUN_GROUP(tests);
    apr_pool_destroy(pool);
    apr_terminate();
    return failed;
}
