/* Whom winbindd answers, and what is said of those whom it does not. */
#include "unit.h"

#include "pool.h"

#include "../../lib/winbind/winbind_access.h"
#include "../lib/wbclient_stubs.h"

enum { GROUP = 994 };

/* The same of a text in place of /etc/group. */
static const char *missing(const char *text, const char *user, gid_t group)
{
    FILE *groups = fmemopen((void *)(uintptr_t)text, strlen(text), "r");
    assert_non_null(groups);
    const char *why = winbind_access_missing(pool, groups, user, group);
    fclose(groups);
    return why;
}

static void a_user_is_in_the_group_or_is_told_how(void **state)
{
    (void)state;
    static const char groups[] = "root:x:0:\nwinbindd_priv:x:994:proxy,www-data\nwww-data:x:33:\n";
    assert_null(missing(groups, "www-data", 33));
    assert_null(missing(groups, "proxy", 33));
    assert_null(missing(groups, "somebody", GROUP));
    assert_refusal(missing(groups, "www", 33),
                   "winbindd decides about no login for www, who is not in the group "
                   "winbindd_priv; write as root: usermod -a -G winbindd_priv www, then reload "
                   "httpd");
}

static void the_group_has_two_names(void **state)
{
    (void)state;
    assert_null(missing("wbpriv:x:88:apache\n", "apache", 48));
    assert_refusal(missing("x:x:1:\nwbpriv:x:88:\n", "apache", 48),
                   "winbindd decides about no login for apache, who is not in the group wbpriv; "
                   "write as root: usermod -a -G wbpriv apache, then reload httpd");
}

static void where_there_is_no_such_group_nothing_is_said(void **state)
{
    (void)state;
    assert_null(missing("root:x:0:\nwinbindd_private:x:994:\n", "www-data", 33));
    assert_null(missing("no group at all", "www-data", 33));
}

/* Of processes that run as root or not, the part that is the same for both. */
static void why_there_is_no_answer(void **state)
{
    (void)state;
    wbclient_stubs_reset();
    assert_refusal(winbind_access_why(NULL, pool, WBC_ERR_NO_MEMORY),
                   "winbindd: WBC_ERR_NO_MEMORY");
    wbclient_stubs.ping = WBC_ERR_WINBIND_NOT_AVAILABLE;
    assert_refusal(winbind_access_why(NULL, pool, WBC_ERR_WINBIND_NOT_AVAILABLE),
                   "winbindd does not run; start it (Debian: systemctl start winbind)");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_user_is_in_the_group_or_is_told_how),
        cmocka_unit_test(the_group_has_two_names),
        cmocka_unit_test(where_there_is_no_such_group_nothing_is_said),
        cmocka_unit_test(why_there_is_no_answer),
    };
    return RUN_GROUP_IN_POOL(tests);
}
