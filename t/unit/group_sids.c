/* Groups that the configuration names, as their controller numbers them. */
#include "folder.h"

#include "../../lib/creds/verify/group_sids.h"
#include "../../lib/system/clock.h"

static bool volatile is_away, is_gone;
static int volatile questions;

/* What is said of a group called "odd" is wrong, whatever becomes of others. */
static const char *sid_fake(void *opened, void *own, apr_pool_t *p, const char *group,
                            const char **sid)
{
    (void)opened, (void)own;
    const bool is_there = strcmp(group, "staff") == 0 && !is_gone;
    const char *why = is_away ? "it is away" : strcmp(group, "odd") == 0 ? "it is odd" : NULL;
    *sid = is_there ? apr_pstrdup(p, "S-1-5-21-7") : "";
    __atomic_add_fetch(&questions, 1, __ATOMIC_SEQ_CST);
    return why;
}

static const creds_backend_t with_sids = {.name = "fake", .sid = sid_fake};
static const creds_backend_t without = {.name = "plain"};

static apr_pool_t *pconf;

static question_to_t *asked;

static const group_sids_t *opened(const creds_backend_t *backend, const char **why)
{
    group_sids_t *sids;
    const helpers_how_t how = {
        .threads = 1, .stall = apr_time_from_sec(30), .queue = apr_time_from_sec(30)};
    asked = apr_pcalloc(pconf, sizeof *asked);
    asked->backend = backend;
    asked->helpers = helpers_open(pconf, &how);
    questions = 0;
    *why = group_sids_open(pconf, pool, asked, &sids);
    return sids;
}

static int begin(void **state)
{
    (void)state;
    is_away = is_gone = false;
    return apr_pool_create(&pconf, pool);
}

static int end(void **state)
{
    (void)state;
    apr_pool_destroy(pconf);
    return 0;
}

static apr_time_t later(int seconds)
{
    return clock_ticks() + apr_time_from_sec(seconds);
}

/* There is one thread, so one more question is answered when all before it are. */
static void refresh(const group_sids_t *sids, int seconds, int count)
{
    const int before = questions;
    const char *sid;
    group_sids_refresh(sids, later(seconds));
    (void)question_sid(asked, pool, "the last one", &sid);
    assert_int_equal(questions, before + count + 1);
}

static void each_group_that_is_wanted_is_asked_for_once(void **state)
{
    (void)state;
    const char *why;
    char sid[GROUP_SID_ROOM];
    group_sids_want(pconf, "staff");
    group_sids_want(pconf, "STAFF");
    group_sids_want(pconf, "nobody");
    const group_sids_t *sids = opened(&with_sids, &why);
    assert_null(why);
    assert_int_equal(questions, 2);
    for (int i = 0; i < 3; i++) {
        assert_int_equal(group_sid(sids, "Staff", sid), GROUP_KNOWN);
        assert_string_equal(sid, "S-1-5-21-7");
        assert_int_equal(group_sid(sids, "nobody", sid), GROUP_KNOWN);
        assert_string_equal(sid, "");
    }
    assert_int_equal(group_sid(sids, "another", sid), GROUP_NOT_WANTED);
    refresh(sids, 590, 0);
    refresh(sids, 601, 2);
}

static void what_is_wrong_with_one_name_is_not_wrong_with_others(void **state)
{
    (void)state;
    const char *why;
    char sid[GROUP_SID_ROOM];
    group_sids_want(pconf, "odd");
    group_sids_want(pconf, "staff");
    const group_sids_t *sids = opened(&with_sids, &why);
    assert_string_equal(why, "it is odd");
    assert_int_equal(group_sid(sids, "odd", sid), GROUP_NOT_YET);
    assert_int_equal(group_sid(sids, "staff", sid), GROUP_KNOWN);
}

static void one_that_is_away_is_asked_again_and_nobody_waits(void **state)
{
    (void)state;
    const char *why;
    char sid[GROUP_SID_ROOM];
    is_away = true;
    group_sids_want(pconf, "staff");
    const group_sids_t *sids = opened(&with_sids, &why);
    assert_string_equal(why, "it is away");
    assert_int_equal(group_sid(sids, "staff", sid), GROUP_NOT_YET);
    refresh(sids, 0, 1);
    assert_int_equal(group_sid(sids, "staff", sid), GROUP_NOT_YET);
    is_away = false;
    refresh(sids, 4, 0);
    assert_int_equal(group_sid(sids, "staff", sid), GROUP_NOT_YET);
    refresh(sids, 6, 1);
    assert_int_equal(group_sid(sids, "staff", sid), GROUP_KNOWN);
    assert_string_equal(sid, "S-1-5-21-7");
}

static void what_is_old_is_used_until_it_is_known_anew(void **state)
{
    (void)state;
    const char *why;
    char sid[GROUP_SID_ROOM];
    group_sids_want(pconf, "staff");
    const group_sids_t *sids = opened(&with_sids, &why);
    is_away = true;
    refresh(sids, 601, 1);
    assert_int_equal(group_sid(sids, "staff", sid), GROUP_KNOWN);
    is_away = false;
    is_gone = true;
    refresh(sids, 1300, 1);
    assert_int_equal(group_sid(sids, "staff", sid), GROUP_KNOWN);
    assert_string_equal(sid, "S-1-5-21-7"); /* a name that is nobody's now does not lift a ban */
}

static void a_name_that_comes_too_late_is_not_wanted(void **state)
{
    (void)state;
    const char *why;
    char sid[GROUP_SID_ROOM];
    group_sids_want(pconf, "staff");
    const group_sids_t *sids = opened(&with_sids, &why);
    for (int i = 0; i < 100; i++) group_sids_want(pconf, apr_psprintf(pconf, "late %d", i));
    assert_int_equal(group_sid(sids, "late 99", sid), GROUP_NOT_WANTED);
    refresh(sids, 601, 1);
}

static void where_there_are_no_sids_or_no_groups_nothing_is_asked(void **state)
{
    (void)state;
    const char *why;
    char sid[GROUP_SID_ROOM];
    assert_null(opened(&with_sids, &why));
    assert_null(why);
    group_sids_want(pconf, "staff");
    const group_sids_t *sids = opened(&without, &why);
    assert_null(sids);
    assert_null(why);
    group_sids_refresh(sids, later(0));
    assert_int_equal(group_sid(sids, "staff", sid), GROUP_NOT_WANTED);
    assert_int_equal(questions, 0);
}

static void a_sid_is_told_from_a_name(void **state)
{
    (void)state;
    assert_true(group_is_sid("S-1-5-21-1-2-3-513"));
    assert_true(group_is_sid("S-1-1-0"));
    assert_false(group_is_sid("S-1-5-21 S-1-1-0"));
    assert_false(group_is_sid("S-1-team"));
    assert_false(group_is_sid("CORP\\S-1-5-21"));
    assert_false(group_is_sid(""));
    char text[2 * GROUP_SID_ROOM] = "S-1-";
    memset(text + 4, '1', GROUP_SID_ROOM - 5);
    assert_true(group_is_sid(text));
    memset(text + 4, '1', GROUP_SID_ROOM - 4);
    assert_false(group_is_sid(text));
}

int main(void)
{
    int failed;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(each_group_that_is_wanted_is_asked_for_once, begin, end),
        cmocka_unit_test_setup_teardown(what_is_wrong_with_one_name_is_not_wrong_with_others, begin,
                                        end),
        cmocka_unit_test_setup_teardown(one_that_is_away_is_asked_again_and_nobody_waits, begin,
                                        end),
        cmocka_unit_test_setup_teardown(what_is_old_is_used_until_it_is_known_anew, begin, end),
        cmocka_unit_test_setup_teardown(a_name_that_comes_too_late_is_not_wanted, begin, end),
        cmocka_unit_test_setup_teardown(where_there_are_no_sids_or_no_groups_nothing_is_asked,
                                        begin, end),
        cmocka_unit_test(a_sid_is_told_from_a_name),
    };
    RUN_GROUP_IN_FOLDER(tests, failed);
    return failed;
}
