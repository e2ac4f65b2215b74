/* The groups that a controller tells of an account. */
#include "folder.h"

#include "../../lib/creds/verify/verdict_groups.h"

static creds_account_t given(const creds_group_t *groups, size_t count, bool cut)
{
    const creds_verdict_t verdict = {.groups = groups, .group_count = count, .groups_cut = cut};
    creds_account_t account = {0};
    verdict_groups(pool, &verdict, &account);
    return account;
}

static void those_that_are_enabled_are_told_by_name_and_by_sid(void **state)
{
    (void)state;
    static const creds_group_t all[] = {{"S-1-5-21-1-513", "CORP\\Users", 7},
                                        {"S-1-5-21-1-600", "CORP\\denied", 0x17},
                                        {"S-1-5-21-1-601", "CORP\\off", 3},
                                        {"S-1-5-21-1-602", "CORP\\Admins", 4},
                                        {"S-1-5-21-1-603", NULL, 7}};
    const creds_account_t account = given(all, 5, false);
    assert_string_equal(account.groups[0], "CORP\\Admins");
    assert_string_equal(account.groups[1], "CORP\\Users");
    assert_string_equal(account.groups[2], "S-1-5-21-1-603");
    assert_null(account.groups[3]);
    assert_string_equal(account.sids, " S-1-5-21-1-513 S-1-5-21-1-602 S-1-5-21-1-603 ");
    assert_false(account.groups_cut);
}

static void of_a_list_that_is_cut_no_name_is_told(void **state)
{
    (void)state;
    static const creds_group_t all[] = {{"S-1-5-21-1-513", "CORP\\Users", 7}};
    const creds_account_t account = given(all, 1, true);
    assert_true(account.groups_cut);
    assert_null(account.groups);
    assert_null(account.sids);
}

/* Who is in hundreds of groups of a domain is not refused where only SIDs are looked at. */
static void sids_are_told_where_there_are_too_many_names(void **state)
{
    (void)state;
    enum { MANY = 1000 };
    static creds_group_t all[MANY];
    for (int i = 0; i < MANY; i++)
        all[i] = (creds_group_t){apr_psprintf(pool, "S-1-5-21-1-2-3-%d", 1000 + i),
                                 apr_psprintf(pool, "CORP\\group number %d", i), 7};
    const creds_account_t account = given(all, MANY, false);
    assert_true(account.groups_cut);
    assert_non_null(strstr(account.sids, " S-1-5-21-1-2-3-1000 "));
    assert_non_null(strstr(account.sids, " S-1-5-21-1-2-3-1999 "));
}

static void too_many_sids_are_not_told(void **state)
{
    (void)state;
    enum { MANY = 5000 };
    static creds_group_t all[MANY];
    for (int i = 0; i < MANY; i++)
        all[i] = (creds_group_t){"S-1-5-21-1-2-3-1000", "CORP\\staff", 7};
    assert_null(given(all, MANY, false).sids);
    assert_non_null(given(all, CREDS_SIDS_MAX / 20, false).sids);
}

static void groups_of_a_source_without_sids_are_told_by_name(void **state)
{
    (void)state;
    static const creds_group_t all[] = {{"S-1-5-21-1-513", "CORP\\Users", 7}, {NULL, "staff", 7}};
    const creds_account_t account = given(all, 2, false);
    assert_string_equal(account.groups[0], "CORP\\Users");
    assert_string_equal(account.groups[1], "staff");
    assert_null(account.sids);
}

static void one_with_neither_name_nor_sid_is_one_that_cannot_be_told(void **state)
{
    (void)state;
    static const creds_group_t all[] = {{"S-1-5-21-1-513", "CORP\\Users", 7}, {NULL, NULL, 7}};
    const creds_account_t account = given(all, 2, false);
    assert_true(account.groups_cut);
    assert_null(account.sids);
}

static void none_are_none(void **state)
{
    (void)state;
    const creds_account_t account = given(NULL, 0, false);
    assert_string_equal(account.sids, " ");
    assert_null(account.groups);
    assert_false(account.groups_cut);
}

int main(void)
{
    int failed;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(those_that_are_enabled_are_told_by_name_and_by_sid),
        cmocka_unit_test(of_a_list_that_is_cut_no_name_is_told),
        cmocka_unit_test(sids_are_told_where_there_are_too_many_names),
        cmocka_unit_test(too_many_sids_are_not_told),
        cmocka_unit_test(groups_of_a_source_without_sids_are_told_by_name),
        cmocka_unit_test(one_with_neither_name_nor_sid_is_one_that_cannot_be_told),
        cmocka_unit_test(none_are_none),
    };
    RUN_GROUP_IN_FOLDER(tests, failed);
    return failed;
}
