/* Numbers for logins and accounts: equal for what is equal, and else not. */
#include "unit.h"

#include "pool.h"

#include "../../lib/creds/creds_digest.h"
#include "../../lib/creds/creds_login.h"

static const creds_home_t nothing = {NULL, NULL};
static const uint8_t key[NTLM_KEY_LEN] = "fifteen letters", other[NTLM_KEY_LEN] = "other letters..";

/* ---- logins ---- */

static const uint8_t *of_login_by(const uint8_t *with, const char *user, const char *domain)
{
    uint8_t *digest = apr_palloc(pool, CREDS_DIGEST_LEN);
    const creds_login_t login = creds_login(pool, user, domain, &nothing);
    assert_true(creds_digest_of_login(with, pool, &login, digest));
    return digest;
}

static bool is_same_login(const char *user, const char *domain, const char *user2,
                          const char *domain2)
{
    return memcmp(of_login_by(key, user, domain), of_login_by(key, user2, domain2),
                  CREDS_DIGEST_LEN) == 0;
}

static void a_login_in_another_case_is_the_same(void **state)
{
    (void)state;
    assert_true(is_same_login("alice", "CORP", "ALICE", "corp"));
    assert_true(is_same_login("J\xc3\xbcrgen", "", "j\xc3\x9cRGEN", ""));
    assert_true(is_same_login("\xff", "", "\xff", ""));
}

static void another_login_has_another_digest(void **state)
{
    (void)state;
    assert_false(is_same_login("alice", "CORP", "alice", "HOME"));
    assert_false(is_same_login("alice", "CORP", "alice", ""));
    assert_false(is_same_login("alice", "", "bob", ""));
    assert_false(is_same_login("\xff", "", "\xfe", ""));
    assert_memory_not_equal(of_login_by(key, "alice", ""), of_login_by(other, "alice", ""),
                            CREDS_DIGEST_LEN);
}

/* ---- accounts ---- */

static const char *const staff[] = {"staff", "readers", NULL}, *const readers[] = {"readers", NULL};
static creds_account_t account;

static void begin(void)
{
    account = (creds_account_t){.name = "alice", .domain = "CORP", .groups = staff};
    account.key.nt_hash[0] = 1;
}

static apr_uint64_t number(void)
{
    creds_account_t numbered = account;
    assert_true(creds_digest_number(key, pool, &numbered));
    return numbered.generation;
}

static void the_same_account_has_the_same_number(void **state)
{
    (void)state;
    const char *const copied[] = {"staff", "readers", NULL};
    begin();
    const apr_uint64_t first = number();
    account.groups = copied;
    account.until = 1;
    assert_true(number() == first);
    assert_true(creds_digest_number(other, pool, &account));
    assert_true(account.generation != first);
}

/* Changes one thing, and sees that it counts. */
#define COUNTS(change)                                                                             \
    do {                                                                                           \
        begin();                                                                                   \
        const apr_uint64_t before = number();                                                      \
        change;                                                                                    \
        assert_true(number() != before);                                                           \
    } while (0)

static void whatever_changes_changes_the_number(void **state)
{
    (void)state;
    COUNTS(account.key.nt_hash[15] = 1);
    COUNTS(account.key.state = NTLM_ACCOUNT_DISABLED);
    COUNTS(account.name = "Alice");
    COUNTS(account.domain = "HOME");
    COUNTS(account.domain = NULL);
    COUNTS(account.groups = readers);
    COUNTS(account.groups = NULL);
    COUNTS((account.groups = NULL, account.groups_cut = true));
    begin();
    account.groups = NULL;
    const apr_uint64_t none = number();
    account.groups_cut = true;
    assert_true(number() != none);
}

static void nobody_has_a_number_too(void **state)
{
    (void)state;
    account = (creds_account_t){0};
    (void)number();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_login_in_another_case_is_the_same),
        cmocka_unit_test(another_login_has_another_digest),
        cmocka_unit_test(the_same_account_has_the_same_number),
        cmocka_unit_test(whatever_changes_changes_the_number),
        cmocka_unit_test(nobody_has_a_number_too),
    };
    return RUN_GROUP_IN_POOL(tests);
}
