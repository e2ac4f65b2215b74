/* Which account a user principal name means, as winbindd says it. */
#include "unit.h"

#include "pool.h"

#include "../../lib/winbind/winbind_account.h"
#include "../lib/wbclient_stubs.h"

static char any;
#define CONTEXT ((struct wbcContext *)(void *)&any)

static const char *why;

static const char *account_of(const char *user)
{
    const char *name = NULL;
    why = winbind_account(CONTEXT, pool, user, &name);
    assert_int_equal(wbclient_stubs.allocated, 0);
    return name;
}

static int begin(void **state)
{
    (void)state;
    wbclient_stubs_reset();
    wbclient_stubs.type = WBC_SID_NAME_USER;
    return 0;
}

static void our_own_domain_is_asked_about_the_whole_name(void **state)
{
    (void)state;
    assert_string_equal(account_of("al@corp.example"), "alice");
    assert_null(why);
    assert_string_equal(wbclient_stubs.name_asked, "CORP|al@corp.example");
    wbclient_stubs.type = WBC_SID_NAME_COMPUTER;
    assert_string_equal(account_of("web@corp.example"), "alice");
}

static void what_is_no_account_has_no_name(void **state)
{
    (void)state;
    wbclient_stubs.type = WBC_SID_NAME_DOM_GRP;
    assert_string_equal(account_of("users@corp.example"), "");
    assert_null(why);
    wbclient_stubs.name = WBC_ERR_DOMAIN_NOT_FOUND;
    assert_string_equal(account_of("nobody@corp.example"), "");
    assert_null(why);
}

static void no_answer_is_no_word_about_an_account(void **state)
{
    (void)state;
    wbclient_stubs.name = WBC_ERR_INVALID_RESPONSE;
    account_of("al@corp.example");
    assert_refusal(why, "winbindd: WBC_ERR_INVALID_RESPONSE");
    wbclient_stubs.name = WBC_ERR_SUCCESS;
    wbclient_stubs.sid = WBC_ERR_INVALID_RESPONSE;
    assert_string_equal(account_of("al@corp.example"), "");
    assert_refusal(why, "winbindd: WBC_ERR_INVALID_RESPONSE");
    wbclient_stubs.details = wbclient_stubs.ping = WBC_ERR_WINBIND_NOT_AVAILABLE;
    account_of("al@corp.example");
    assert_refusal(why, "winbindd does not run; start it (Debian: systemctl start winbind)");
    const char *name = NULL;
    assert_non_null(winbind_account(NULL, pool, "al@corp.example", &name));
}

static void a_name_that_would_be_cut_off_is_nobodys(void **state)
{
    char user[257];
    (void)state;
    memset(user, 'u', sizeof user);
    user[256] = '\0';
    assert_string_equal(account_of(user), "");
    assert_null(why);
    assert_string_equal(wbclient_stubs.name_asked, "");
}

#define TEST(function) cmocka_unit_test_setup(function, begin)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(our_own_domain_is_asked_about_the_whole_name),
        TEST(what_is_no_account_has_no_name),
        TEST(no_answer_is_no_word_about_an_account),
        TEST(a_name_that_would_be_cut_off_is_nobodys),
    };
    return RUN_GROUP_IN_POOL(tests);
}
