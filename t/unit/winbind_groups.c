/* Groups as winbindd says them, and their names. */
#include "unit.h"

#include "pool.h"

#include "../../lib/winbind/winbind_groups.h"
#include "../lib/wbclient_stubs.h"

static char any;
#define CONTEXT ((struct wbcContext *)(void *)&any)
#define SID "S-1-5-21-1-2-3-"

static struct wbcSidWithAttr sids[8];

/* What is said of an account with so many of these SIDs. */
static creds_verdict_t groups_of(uint32_t count)
{
    creds_verdict_t verdict = {0};
    wbclient_stubs.info.num_sids = count;
    wbclient_stubs.info.sids = sids;
    winbind_groups(CONTEXT, pool, &wbclient_stubs.info, &verdict);
    assert_int_equal(wbclient_stubs.allocated, 0);
    return verdict;
}

static int begin(void **state)
{
    (void)state;
    wbclient_stubs_reset();
    sids[0] = (struct wbcSidWithAttr){wbclient_sid(3, 1103), 0};
    sids[1] = (struct wbcSidWithAttr){wbclient_sid(3, 513), 0};
    sids[2] = (struct wbcSidWithAttr){wbclient_sid(3, 513), 0x7};
    sids[3] = (struct wbcSidWithAttr){wbclient_sid(3, 1112), 0x10};
    sids[4] = (struct wbcSidWithAttr){wbclient_sid(4, 2000), 0x20000007};
    return 0;
}

static void assert_group(const creds_verdict_t *verdict, size_t at, const char *sid,
                         const char *name, uint32_t attributes)
{
    assert_true(at < verdict->group_count);
    assert_string_equal(verdict->groups[at].sid, sid);
    assert_int_equal(verdict->groups[at].attributes, attributes);
    if (!name)
        assert_null(verdict->groups[at].name);
    else
        assert_string_equal(verdict->groups[at].name, name);
}

static void all_but_the_account_are_its_groups(void **state)
{
    (void)state;
    const creds_verdict_t verdict = groups_of(5);
    assert_int_equal(verdict.user_id, 1103);
    assert_int_equal(verdict.group_count, 3);
    assert_group(&verdict, 0, SID "513", "CORP\\group 513", 0x7);
    assert_group(&verdict, 1, SID "1112", "CORP\\group 1112", 0x10);
    assert_group(&verdict, 2, "S-1-5-21-1-2-4-2000", "OTHER\\group 2000", 0x20000007);
    assert_null(verdict.why);
    assert_false(verdict.groups_cut);
    assert_int_equal(wbclient_stubs.name_lists, 1);
}

static void the_primary_group_counts_as_enabled_unless_it_is_said_with_attributes(void **state)
{
    (void)state;
    sids[2].attributes = CREDS_GROUP_DENY_ONLY;
    creds_verdict_t verdict = groups_of(3);
    assert_int_equal(verdict.group_count, 1);
    assert_group(&verdict, 0, SID "513", "CORP\\group 513", CREDS_GROUP_DENY_ONLY);
    sids[2].sid = wbclient_sid(3, 514);
    verdict = groups_of(3);
    assert_int_equal(verdict.group_count, 2);
    assert_group(&verdict, 0, SID "513", "CORP\\group 513", 0x7);
    assert_group(&verdict, 1, SID "514", "CORP\\group 514", CREDS_GROUP_DENY_ONLY);
    verdict = groups_of(2);
    assert_int_equal(verdict.group_count, 1);
}

static void an_account_may_come_without_sids(void **state)
{
    (void)state;
    creds_verdict_t verdict = groups_of(0);
    assert_int_equal(verdict.user_id, 0);
    assert_int_equal(verdict.group_count, 0);
    verdict = groups_of(1);
    assert_int_equal(verdict.user_id, 1103);
    assert_int_equal(verdict.group_count, 0);
    assert_int_equal(wbclient_stubs.name_lists, 0);
}

static void domains_need_not_be_counted(void **state)
{
    (void)state;
    wbclient_stubs.counts_domains = false;
    const creds_verdict_t verdict = groups_of(5);
    assert_group(&verdict, 2, "S-1-5-21-1-2-4-2000", "OTHER\\group 2000", 0x20000007);
}

static void what_is_no_group_has_no_name(void **state)
{
    (void)state;
    sids[2].sid = wbclient_sid(3, STUB_RID_OF_A_USER);
    sids[3].sid = wbclient_sid(3, STUB_RID_OF_NOBODY);
    sids[4].sid = wbclient_sid(5, 2000); /* behind the domains that are there */
    const creds_verdict_t verdict = groups_of(5);
    assert_group(&verdict, 0, SID "513", "CORP\\group 513", 0x7);
    assert_group(&verdict, 1, SID "77", NULL, 0x7);
    assert_group(&verdict, 2, SID "78", NULL, 0x10);
    assert_group(&verdict, 3, "S-1-5-21-1-2-5-2000", NULL, 0x20000007);
}

static void a_sid_of_a_domain_that_is_gone_takes_no_other_name_along(void **state)
{
    (void)state;
    sids[5] = (struct wbcSidWithAttr){wbclient_sid(3, 3000), 0x7};
    for (size_t gone = 3; gone < 6; gone++) {
        begin(NULL);
        sids[gone].sid = wbclient_sid(666, 1);
        const creds_verdict_t verdict = groups_of(6);
        assert_int_equal(verdict.group_count, 4);
        for (size_t i = 0; i < 4; i++)
            assert_int_equal(verdict.groups[i].name == NULL, i + 2 == gone);
        assert_null(verdict.why);
    }
}

static void without_winbindd_groups_have_no_names_which_is_said(void **state)
{
    (void)state;
    wbclient_stubs.sids = WBC_ERR_WINBIND_NOT_AVAILABLE;
    wbclient_stubs.ping = WBC_ERR_WINBIND_NOT_AVAILABLE;
    const creds_verdict_t verdict = groups_of(5);
    assert_int_equal(wbclient_stubs.name_lists, 1);
    assert_group(&verdict, 0, SID "513", NULL, 0x7);
    assert_refusal(verdict.why, "groups have no names: winbindd does not run; start it (Debian: "
                                "systemctl start winbind)");
}

/* ---- by its name ---- */

static const char *why;

static const char *sid_of(const char *group)
{
    const char *sid = NULL;
    why = winbind_group_sid(CONTEXT, pool, group, &sid);
    assert_int_equal(wbclient_stubs.allocated, 0);
    return sid;
}

static void a_name_without_a_domain_is_of_our_own(void **state)
{
    (void)state;
    assert_string_equal(sid_of("webusers"), SID "1112");
    assert_null(why);
    assert_string_equal(wbclient_stubs.name_asked, "CORP|webusers");
    sid_of("OTHER\\web users");
    assert_string_equal(wbclient_stubs.name_asked, "OTHER|web users");
}

static void only_groups_are_found(void **state)
{
    static const enum wbcSidType groups[] = {WBC_SID_NAME_DOM_GRP, WBC_SID_NAME_ALIAS,
                                             WBC_SID_NAME_WKN_GRP};
    static const enum wbcSidType others[] = {WBC_SID_NAME_USER, WBC_SID_NAME_COMPUTER,
                                             WBC_SID_NAME_DOMAIN, WBC_SID_NAME_DELETED,
                                             WBC_SID_NAME_UNKNOWN};
    (void)state;
    for (size_t i = 0; i < sizeof groups / sizeof *groups; i++) {
        wbclient_stubs.type = groups[i];
        assert_string_equal(sid_of("name"), SID "1112");
    }
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        wbclient_stubs.type = others[i];
        assert_string_equal(sid_of("name"), "");
        assert_null(why);
    }
}

static void that_there_is_none_is_believed_while_a_controller_is_reached(void **state)
{
    (void)state;
    wbclient_stubs.name = WBC_ERR_DOMAIN_NOT_FOUND;
    assert_string_equal(sid_of("OTHER\\nosuch"), "");
    assert_null(why);
    assert_string_equal(wbclient_stubs.controller_of, "OTHER");
    wbclient_stubs.controller = WBC_ERR_DOMAIN_NOT_FOUND;
    sid_of("nosuch");
    assert_refusal(why, "winbindd reaches no controller of the domain CORP");
}

static void no_answer_is_no_word_about_a_group(void **state)
{
    (void)state;
    wbclient_stubs.name = WBC_ERR_INVALID_RESPONSE;
    sid_of("webusers");
    assert_refusal(why, "winbindd: WBC_ERR_INVALID_RESPONSE");
    wbclient_stubs.details = wbclient_stubs.ping = WBC_ERR_WINBIND_NOT_AVAILABLE;
    sid_of("webusers");
    assert_refusal(why, "winbindd does not run; start it (Debian: systemctl start winbind)");
    const char *sid = NULL;
    assert_non_null(winbind_group_sid(NULL, pool, "webusers", &sid));
}

static void a_name_that_would_be_cut_off_is_no_group(void **state)
{
    char name[257];
    (void)state;
    memset(name, 'g', sizeof name);
    name[256] = '\0';
    assert_string_equal(sid_of(name), "");
    assert_null(why);
    assert_string_equal(wbclient_stubs.name_asked, "");
    name[255] = '\0';
    assert_string_equal(sid_of(name), SID "1112");
}

#define TEST(function) cmocka_unit_test_setup(function, begin)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(all_but_the_account_are_its_groups),
        TEST(the_primary_group_counts_as_enabled_unless_it_is_said_with_attributes),
        TEST(an_account_may_come_without_sids),
        TEST(domains_need_not_be_counted),
        TEST(what_is_no_group_has_no_name),
        TEST(a_sid_of_a_domain_that_is_gone_takes_no_other_name_along),
        TEST(without_winbindd_groups_have_no_names_which_is_said),
        TEST(a_name_without_a_domain_is_of_our_own),
        TEST(only_groups_are_found),
        TEST(that_there_is_none_is_believed_while_a_controller_is_reached),
        TEST(no_answer_is_no_word_about_a_group),
        TEST(a_name_that_would_be_cut_off_is_no_group),
    };
    return RUN_GROUP_IN_POOL(tests);
}
