/* Groups that the configuration names, as their controller numbers them. */
#include "decider.h"

#include "../../lib/creds/verify/group_sids.h"

static bool is_away;
static int questions;

static const char *sid_fake(void *opened, void *own, apr_pool_t *p, const char *group,
                            const char **sid)
{
    (void)opened, (void)own;
    __atomic_add_fetch(&questions, 1, __ATOMIC_SEQ_CST);
    if (is_away) return apr_pstrdup(p, "it is away");
    *sid = strcmp(group, "staff") == 0 ? apr_pstrdup(p, "S-1-5-21-7") : "";
    return NULL;
}

static const creds_backend_t with_sids = {.name = "fake", .sid = sid_fake};
static const creds_backend_t without = {.name = "plain"};

static group_sids_t *opened(apr_pool_t *pconf, const creds_backend_t *backend, const char **why)
{
    question_to_t *to = apr_pcalloc(pconf, sizeof *to);
    const helpers_how_t how = {
        .threads = 1, .stall = apr_time_from_sec(30), .queue = apr_time_from_sec(30)};
    to->backend = backend;
    to->helpers = helpers_open(pconf, &how);
    questions = 0;
    return group_sids_open(pconf, pool, to, why);
}

static void each_group_that_is_wanted_is_asked_for_once(void **state)
{
    (void)state;
    apr_pool_t *pconf;
    const char *why;
    char sid[GROUP_SID_ROOM];
    apr_pool_create(&pconf, pool);
    is_away = false;
    group_sids_want(pconf, "staff");
    group_sids_want(pconf, "STAFF");
    group_sids_want(pconf, "nobody");
    group_sids_t *sids = opened(pconf, &with_sids, &why);
    assert_null(why);
    assert_int_equal(questions, 2);
    for (int i = 0; i < 3; i++) {
        assert_true(group_sid(sids, "Staff", sid));
        assert_string_equal(sid, "S-1-5-21-7");
        assert_true(group_sid(sids, "nobody", sid));
        assert_string_equal(sid, "");
    }
    assert_false(group_sid(sids, "another", sid));
    assert_int_equal(questions, 2);
    apr_pool_destroy(pconf);
}

static void one_that_is_away_is_asked_again_and_nobody_waits(void **state)
{
    (void)state;
    apr_pool_t *pconf;
    const char *why;
    char sid[GROUP_SID_ROOM];
    apr_pool_create(&pconf, pool);
    is_away = true;
    group_sids_want(pconf, "staff");
    group_sids_want(pconf, "nobody");
    group_sids_t *sids = opened(pconf, &with_sids, &why);
    assert_refusal(why, "it is away");
    assert_int_equal(questions, 1);
    is_away = false;
    assert_false(group_sid(sids, "staff", sid));
    while (!group_sid(sids, "staff", sid)) apr_sleep(1000);
    assert_string_equal(sid, "S-1-5-21-7");
    apr_pool_destroy(pconf);
}

static void where_there_are_no_sids_or_no_groups_nothing_is_asked(void **state)
{
    (void)state;
    apr_pool_t *pconf;
    const char *why;
    apr_pool_create(&pconf, pool);
    assert_null(opened(pconf, &with_sids, &why));
    group_sids_want(pconf, "staff");
    assert_null(opened(pconf, &without, &why));
    assert_null(why);
    apr_pool_destroy(pconf);
}

int main(void)
{
    int failed;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_group_that_is_wanted_is_asked_for_once),
        cmocka_unit_test(one_that_is_away_is_asked_again_and_nobody_waits),
        cmocka_unit_test(where_there_are_no_sids_or_no_groups_nothing_is_asked),
    };
    RUN_GROUP_IN_FOLDER(tests, failed);
    return failed;
}
