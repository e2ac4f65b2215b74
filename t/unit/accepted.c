/* Domains whose accounts a controller may be asked about. */
#include "folder.h"

#include "../../lib/creds/creds_login.h"
#include "../../lib/creds/verify/accepted.h"

static const char *const own[] = {"CORP", "corp.test", NULL};
static const char *const home[] = {"HOME", NULL};
static const char *const listed[] = {"TRUSTED", NULL};

static const char *not_accepted(const char *user, const char *domain, bool all)
{
    const creds_home_t ours = {.domain = all ? home : NULL};
    const creds_logon_t logon = {.user = user, .domain = domain};
    creds_login_t login = creds_login(pool, user, domain, &ours);
    login.logon = &logon;
    login.accepts = all ? listed : NULL;
    return accepted_not(pool, all ? own : NULL, &login);
}

static void his_own_ours_and_those_listed_are_and_no_others(void **state)
{
    (void)state;
    static const struct {
        const char *user, *domain, *not_accepted;
    } all[] = {{"alice", "corp", NULL},          {"alice", "", NULL},
               {"alice@CORP.TEST", "", NULL},    {"home\\alice", "trusted", NULL},
               {"alice", "EVIL", "EVIL"},        {"alice@evil", "CORP", "evil"},
               {"CORP\\alice@evil", "", "evil"}, {"EVIL\\alice", "", "EVIL"}};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        const char *found = not_accepted(all[i].user, all[i].domain, true);
        if (all[i].not_accepted)
            assert_refusal(found, all[i].not_accepted);
        else
            assert_null(found);
    }
}

static void where_nobody_says_any_may_be_his(void **state)
{
    (void)state;
    assert_null(not_accepted("alice@evil", "EVIL", false));
}

int main(void)
{
    int failed;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(his_own_ours_and_those_listed_are_and_no_others),
        cmocka_unit_test(where_nobody_says_any_may_be_his),
    };
    RUN_GROUP_IN_FOLDER(tests, failed);
    return failed;
}
