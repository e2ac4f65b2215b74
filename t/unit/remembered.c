/* What a controller has said about passwords of Basic. The clock is the test's. */
#include "unit.h"

#include <sys/wait.h>
#include <unistd.h>

#include "pool.h"

#include "../../lib/creds/verify/remembered.h"

#define SECOND ((apr_time_t)APR_USEC_PER_SEC)
#define START (1000 * SECOND)
#define LIFETIME (60 * SECOND)

/* Numbers with the same first two bytes are in one bucket. */
typedef struct number_t {
    uint8_t of[CREDS_REMEMBER_LEN];
} number_t;

static number_t number(int which)
{
    number_t made = {{0}};
    memcpy(made.of + 2, &which, sizeof which);
    return made;
}

static remembered_t *opened(void)
{
    remembered_t *remembered = NULL;
    assert_null(remembered_open(pool, LIFETIME, &remembered));
    return remembered;
}

static void store(remembered_t *remembered, int which, apr_time_t now, ntlm_status_t status)
{
    const creds_account_t account = {.name = "Alice", .domain = "CORP"};
    remembered_store(remembered, number(which).of, now, status, &account);
}

static ntlm_status_t found(remembered_t *remembered, int which, apr_time_t now)
{
    creds_account_t account = {0};
    return remembered_find(remembered, number(which).of, now, pool, &account);
}

/* ---- what comes back ---- */

static void an_account_comes_back_whole(void **state)
{
    (void)state;
    remembered_t *remembered = opened();
    static const char *const groups[] = {"CORP\\staff", "CORP\\J\xc3\xbcrgens", NULL};
    const creds_account_t stored = {.name = "Alice",
                                    .domain = "CORP",
                                    .detail = "as it was",
                                    .groups = groups,
                                    .sids = " S-1-5-21-1 S-1-5-21-2 ",
                                    .ends = START + 10 * SECOND};
    creds_account_t account = {0};
    remembered_store(remembered, number(1).of, START, NTLM_OK, &stored);
    assert_int_equal(remembered_find(remembered, number(1).of, START, pool, &account), NTLM_OK);
    assert_string_equal(account.name, "Alice");
    assert_string_equal(account.domain, "CORP");
    assert_string_equal(account.detail, "as it was");
    assert_string_equal(account.groups[0], groups[0]);
    assert_string_equal(account.groups[1], groups[1]);
    assert_null(account.groups[2]);
    assert_false(account.groups_cut);
    assert_string_equal(account.sids, stored.sids);
    assert_true(account.ends == stored.ends);
}

static void what_is_not_there_comes_back_as_nothing(void **state)
{
    (void)state;
    remembered_t *remembered = opened();
    const creds_account_t nothing = {.groups_cut = true}, no_text = {.name = "", .detail = ""};
    creds_account_t account = {.name = "x", .domain = "x", .detail = "x", .sids = "x", .ends = 1};
    account.groups = (const char *const[]){NULL};
    remembered_store(remembered, number(1).of, START, NTLM_OK, &nothing);
    remembered_store(remembered, number(2).of, START, NTLM_OK, &no_text);
    assert_int_equal(remembered_find(remembered, number(1).of, START, pool, &account), NTLM_OK);
    assert_null(account.name);
    assert_null(account.domain);
    assert_null(account.detail);
    assert_null(account.sids);
    assert_null(account.groups);
    assert_true(account.groups_cut);
    assert_true(account.ends == 0);
    assert_int_equal(remembered_find(remembered, number(2).of, START, pool, &account), NTLM_OK);
    assert_string_equal(account.name, "");
    assert_null(account.domain);
    assert_string_equal(account.detail, "");
}

static void neither_a_key_nor_who_has_verified_it_is_touched(void **state)
{
    (void)state;
    remembered_t *remembered = opened();
    creds_account_t account = {.key = {.verified = true}, .cached = true, .generation = 7};
    memset(account.key.session_base_key, 0xA5, NTLM_KEY_LEN);
    remembered_store(remembered, number(1).of, START, NTLM_OK, &account);
    account.key.verified = false;
    memset(account.key.session_base_key, 0, NTLM_KEY_LEN);
    assert_int_equal(remembered_find(remembered, number(1).of, START, pool, &account), NTLM_OK);
    assert_false(account.key.verified);
    assert_true(bytes_are_zero((bytes_t){account.key.session_base_key, NTLM_KEY_LEN}));
    assert_true(account.cached);
    assert_int_equal(account.generation, 7);
}

static void nothing_is_said_of_what_was_not_stored(void **state)
{
    (void)state;
    remembered_t *remembered = opened();
    creds_account_t account = {.name = "mine"};
    assert_int_equal(found(remembered, 1, START), NTLM_NEED_KEY);
    store(remembered, 1, START, NTLM_OK);
    for (int bit = 0; bit < 8 * CREDS_REMEMBER_LEN; bit++) {
        number_t other = number(1);
        other.of[bit / 8] ^= (uint8_t)(1 << bit % 8);
        assert_int_equal(remembered_find(remembered, other.of, START, pool, &account),
                         NTLM_NEED_KEY);
        assert_string_equal(account.name, "mine");
    }
}

/* ---- which verdicts ---- */

static void every_verdict_is_remembered_but_what_decides_nothing(void **state)
{
    (void)state;
    static const ntlm_status_t others[] = {NTLM_NEED_KEY, NTLM_BACKEND_DOWN, NTLM_ACCOUNT_SPARED,
                                           NTLM_CRYPTO_FAILED, NTLM_NAMES_REFUSED};
    static const ntlm_status_t verdicts[] = {NTLM_OK,
                                             NTLM_WRONG_PASSWORD,
                                             NTLM_NO_SUCH_USER,
                                             NTLM_ACCOUNT_DISABLED,
                                             NTLM_ACCOUNT_LOCKED,
                                             NTLM_ACCOUNT_EXPIRED,
                                             NTLM_PASSWORD_EXPIRED,
                                             NTLM_LOGON_HOURS,
                                             NTLM_COMPUTER_ACCOUNT,
                                             NTLM_ANSWER_REFUSED,
                                             NTLM_PASSWORD_MUST_CHANGE,
                                             NTLM_FIREWALLED};
    remembered_t *remembered = opened();
    for (size_t i = 0; i < sizeof verdicts / sizeof *verdicts; i++) {
        store(remembered, (int)i, START, verdicts[i]);
        assert_int_equal(found(remembered, (int)i, START), verdicts[i]);
    }
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        store(remembered, 100 + (int)i, START, others[i]);
        assert_int_equal(found(remembered, 100 + (int)i, START), NTLM_NEED_KEY);
    }
}

static void the_newest_verdict_counts(void **state)
{
    (void)state;
    remembered_t *remembered = opened();
    store(remembered, 1, START, NTLM_OK);
    store(remembered, 1, START + 1, NTLM_ACCOUNT_LOCKED);
    assert_int_equal(found(remembered, 1, START + 1), NTLM_ACCOUNT_LOCKED);
}

/* ---- how long ---- */

static void a_verdict_ends_with_its_time(void **state)
{
    (void)state;
    static const ntlm_status_t verdicts[] = {NTLM_OK, NTLM_WRONG_PASSWORD};
    for (size_t i = 0; i < sizeof verdicts / sizeof *verdicts; i++) {
        remembered_t *remembered = opened();
        store(remembered, 1, START, verdicts[i]);
        assert_int_equal(found(remembered, 1, START + LIFETIME - 1), verdicts[i]);
        assert_int_equal(found(remembered, 1, START + LIFETIME), NTLM_NEED_KEY);
        assert_int_equal(found(remembered, 1, START), NTLM_NEED_KEY); /* it is wiped */
    }
}

static void it_ends_with_the_account_s_logins(void **state)
{
    (void)state;
    remembered_t *remembered = opened();
    const creds_account_t account = {.name = "Alice", .ends = START + SECOND};
    remembered_store(remembered, number(1).of, START, NTLM_OK, &account);
    assert_int_equal(found(remembered, 1, START + SECOND - 1), NTLM_OK);
    assert_int_equal(found(remembered, 1, START + SECOND), NTLM_NEED_KEY);
}

/* Of two children one may look at the clock first, and store second. */
static void a_moment_s_disorder_prolongs_nothing(void **state)
{
    (void)state;
    remembered_t *remembered = opened();
    store(remembered, 1, START + 1, NTLM_OK);
    store(remembered, 2, START, NTLM_OK);
    assert_int_equal(found(remembered, 2, START - 1), NTLM_OK);
    assert_int_equal(found(remembered, 2, START + LIFETIME), NTLM_NEED_KEY);
    assert_int_equal(found(remembered, 1, START + LIFETIME), NTLM_OK);
}

/* ---- how much ---- */

/* Takes that many bytes, roughly. */
static void store_long(remembered_t *remembered, int which, apr_time_t now, size_t len)
{
    char *sids = apr_pcalloc(pool, len + 1);
    memset(sids, 'a' + which % 26, len);
    const creds_account_t account = {.name = "Alice", .sids = sids};
    remembered_store(remembered, number(which).of, now, NTLM_OK, &account);
}

static bool is_long(remembered_t *remembered, int which, apr_time_t now, size_t len)
{
    creds_account_t account = {0};
    if (remembered_find(remembered, number(which).of, now, pool, &account) != NTLM_OK) return false;
    assert_string_equal(account.name, "Alice");
    assert_int_equal(strlen(account.sids), len);
    for (size_t i = 0; i < len; i++) assert_int_equal(account.sids[i], 'a' + which % 26);
    return true;
}

static void what_is_oldest_goes_first(void **state)
{
    (void)state;
    enum { LEN = 10007, MANY = 3 * REMEMBERED_BYTES / LEN };
    remembered_t *remembered = opened();
    for (int i = 0; i < MANY; i++) {
        store_long(remembered, i, START, LEN);
        assert_true(is_long(remembered, i, START, LEN));
    }
    int first = 0;
    while (!is_long(remembered, first, START, LEN)) first++;
    assert_in_range(first, MANY - REMEMBERED_BYTES / LEN, MANY - REMEMBERED_BYTES / LEN + 20);
    for (int i = first; i < MANY; i++) assert_true(is_long(remembered, i, START, LEN));
}

/* Lengths of all remainders, several times around. */
static void any_length_fits(void **state)
{
    (void)state;
    remembered_t *remembered = opened();
    for (int i = 0; i < 2000; i++) {
        const size_t len = (size_t)(i * 7919 % 20011);
        store_long(remembered, i, START + i * SECOND / 10, len);
        assert_true(is_long(remembered, i, START + i * SECOND / 10, len));
        if (i > 0)
            assert_true(is_long(remembered, i - 1, START + i * SECOND / 10,
                                (size_t)((i - 1) * 7919 % 20011)));
    }
}

static void what_is_too_long_is_not_remembered(void **state)
{
    (void)state;
    remembered_t *remembered = opened();
    store_long(remembered, 1, START, REMEMBERED_MAX);
    assert_int_equal(found(remembered, 1, START), NTLM_NEED_KEY);
    store_long(remembered, 1, START, REMEMBERED_MAX - 200);
    assert_true(is_long(remembered, 1, START, REMEMBERED_MAX - 200));
}

/* ---- for all children ---- */

static void what_a_child_was_told_the_others_know(void **state)
{
    (void)state;
    int code = 0;
    remembered_t *remembered = opened();
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        store(remembered, 1, START, NTLM_WRONG_PASSWORD);
        _exit(0);
    }
    assert_int_equal(waitpid(child, &code, 0), child);
    assert_int_equal(code, 0);
    assert_int_equal(found(remembered, 1, START), NTLM_WRONG_PASSWORD);
}

static void each_source_remembers_its_own(void **state)
{
    (void)state;
    remembered_t *one = opened(), *other = opened();
    store(one, 1, START, NTLM_OK);
    assert_int_equal(found(other, 1, START), NTLM_NEED_KEY);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST_WITH_POOL(an_account_comes_back_whole),
        TEST_WITH_POOL(what_is_not_there_comes_back_as_nothing),
        TEST_WITH_POOL(neither_a_key_nor_who_has_verified_it_is_touched),
        TEST_WITH_POOL(nothing_is_said_of_what_was_not_stored),
        TEST_WITH_POOL(every_verdict_is_remembered_but_what_decides_nothing),
        TEST_WITH_POOL(the_newest_verdict_counts),
        TEST_WITH_POOL(a_verdict_ends_with_its_time),
        TEST_WITH_POOL(it_ends_with_the_account_s_logins),
        TEST_WITH_POOL(a_moment_s_disorder_prolongs_nothing),
        TEST_WITH_POOL(what_is_oldest_goes_first),
        TEST_WITH_POOL(any_length_fits),
        TEST_WITH_POOL(what_is_too_long_is_not_remembered),
        TEST_WITH_POOL(what_a_child_was_told_the_others_know),
        TEST_WITH_POOL(each_source_remembers_its_own),
    };
    apr_initialize();
    int failed = RUN_GROUP(tests);
    apr_terminate();
    return failed;
}
