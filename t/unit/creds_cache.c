/* What is remembered of a remote source, and for how long. The clock is the test's. */
#include "folder.h"

#include "../../lib/creds/creds_cache.h"
#include "../../lib/creds/creds_groups.h"

#define HASH "d9fe524deb5705ac74ea341ff18afe93"
#define SECOND ((apr_time_t)APR_USEC_PER_SEC)
#define START (1000 * SECOND)

static creds_cache_t *opened(int seconds)
{
    creds_cache_t *cache = NULL;
    assert_null(creds_cache_open(pool, seconds * SECOND, true, &cache));
    return cache;
}

/* Digests with the same first two bytes share a set of slots. */
static creds_cache_at_t at(int login, apr_time_t now)
{
    creds_cache_at_t made = {.now = now};
    memcpy(made.login + 2, &login, sizeof login);
    return made;
}

static creds_account_t alice(const char *name, const char *domain)
{
    creds_account_t account = {.generation = 42, .name = name, .domain = domain};
    memcpy(account.key.nt_hash, hex(HASH).data, NTLM_KEY_LEN);
    account.key.state = NTLM_ACCOUNT_LOCKED;
    return account;
}

static void store(creds_cache_t *cache, int login, apr_time_t now, ntlm_status_t status)
{
    const creds_cache_at_t when = at(login, now);
    const creds_account_t account = alice("alice", "CORP");
    creds_cache_store(cache, &when, status, &account);
}

static ntlm_status_t find(creds_cache_t *cache, int login, apr_time_t now)
{
    const creds_cache_at_t when = at(login, now);
    creds_account_t account = {0};
    return creds_cache_find(cache, &when, pool, &account);
}

static bool may_force(creds_cache_t *cache, int login, apr_time_t now)
{
    const creds_cache_at_t when = at(login, now);
    return creds_cache_may_force(cache, &when);
}

static void an_account_comes_back_whole(void **state)
{
    (void)state;
    creds_cache_t *cache = opened(60);
    const creds_cache_at_t when = at(1, START);
    creds_account_t stored = alice("alice", "CORP"), found = {0};
    assert_int_equal(creds_cache_find(cache, &when, pool, &found), NTLM_NEED_KEY);
    creds_cache_store(cache, &when, NTLM_OK, &stored);
    assert_int_equal(creds_cache_find(cache, &when, pool, &found), NTLM_OK);
    assert_string_equal(found.name, "alice");
    assert_string_equal(found.domain, "CORP");
    assert_key(found.key.nt_hash, HASH);
    assert_int_equal(found.key.state, NTLM_ACCOUNT_LOCKED);
    assert_int_equal(found.generation, 42);
    stored = alice("alice2", NULL);
    creds_cache_store(cache, &when, NTLM_OK, &stored);
    assert_int_equal(creds_cache_find(cache, &when, pool, &found), NTLM_OK);
    assert_string_equal(found.name, "alice2");
    assert_null(found.domain);
}

static void another_login_is_another_entry(void **state)
{
    (void)state;
    creds_cache_t *cache = opened(60);
    store(cache, 1, START, NTLM_OK);
    assert_int_equal(find(cache, 2, START), NTLM_NEED_KEY);
}

static void an_entry_ends_with_its_time(void **state)
{
    (void)state;
    creds_cache_t *cache = opened(60);
    store(cache, 1, START, NTLM_OK);
    assert_int_equal(find(cache, 1, START + 60 * SECOND - 1), NTLM_OK);
    assert_int_equal(find(cache, 1, START + 60 * SECOND), NTLM_NEED_KEY);
    assert_int_equal(find(cache, 1, START + 60 * SECOND - 1), NTLM_NEED_KEY);
}

static void every_answer_ends_at_the_same_time(void **state)
{
    (void)state;
    static const ntlm_status_t answers[] = {NTLM_OK, NTLM_NO_SUCH_USER, NTLM_HASH_UNREADABLE,
                                            NTLM_AMBIGUOUS_USER, NTLM_BAD_ENTRY};
    static const int lifetimes[] = {1, 5, 10, 20, 49, 60, 3600};
    for (size_t i = 0; i < sizeof lifetimes / sizeof *lifetimes; i++) {
        const apr_time_t end = START + lifetimes[i] * SECOND;
        for (size_t k = 0; k < sizeof answers / sizeof *answers; k++) {
            creds_cache_t *cache = opened(lifetimes[i]);
            store(cache, 1, START, answers[k]);
            assert_int_equal(find(cache, 1, end - 1), answers[k]);
            assert_int_equal(find(cache, 1, end), NTLM_NEED_KEY);
        }
    }
}

static void what_is_no_answer_is_not_remembered_and_ends_what_was(void **state)
{
    (void)state;
    static const ntlm_status_t others[] = {NTLM_BACKEND_DOWN, NTLM_CRYPTO_FAILED, NTLM_NEED_KEY};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        creds_cache_t *cache = opened(60);
        store(cache, 1, START, NTLM_OK);
        store(cache, 1, START, others[i]);
        assert_int_equal(find(cache, 1, START), NTLM_NEED_KEY);
    }
}

static void an_answer_without_a_key_brings_none_back(void **state)
{
    (void)state;
    creds_cache_t *cache = opened(60);
    const creds_cache_at_t when = at(1, START);
    creds_account_t found = {0};
    store(cache, 1, START, NTLM_OK);
    store(cache, 1, START, NTLM_HASH_UNREADABLE);
    assert_int_equal(creds_cache_find(cache, &when, pool, &found), NTLM_HASH_UNREADABLE);
    assert_null(found.name);
    assert_null(found.others);
}

static void an_account_of_another_domain_comes_back_as_one(void **state)
{
    (void)state;
    creds_cache_t *cache = opened(60);
    const creds_cache_at_t when = at(1, START), other = at(2, START);
    creds_account_t corp = alice("alice", "CORP"), nobody = {.others = &corp}, found = {0};
    creds_cache_store(cache, &when, NTLM_NO_SUCH_USER, &nobody);
    assert_int_equal(creds_cache_find(cache, &when, pool, &found), NTLM_NO_SUCH_USER);
    assert_null(found.name);
    assert_string_equal(found.others->name, "alice");
    assert_string_equal(found.others->domain, "CORP");
    assert_key(found.others->key.nt_hash, HASH);
    assert_int_equal(found.others->key.state, NTLM_ACCOUNT_LOCKED);
    assert_true(found.others->until == START + 60 * SECOND);
    assert_null(found.others->others);
    corp.generation = 43; /* what is newer counts for it, too */
    creds_cache_store(cache, &other, NTLM_OK, &corp);
    assert_int_equal(creds_cache_find(cache, &when, pool, &found), NTLM_NO_SUCH_USER);
    assert_int_equal(found.others->generation, 43);
}

static void the_longest_name_is_remembered_and_no_longer_one(void **state)
{
    (void)state;
    char name[400];
    creds_cache_t *cache = opened(60);
    const creds_cache_at_t when = at(1, START);
    memset(name, 'a', sizeof name);
    name[3 * NTLM_USER_MAX + 1] = '\0';
    const creds_account_t long_name = alice(name, NULL), long_domain = alice("a", name);
    creds_cache_store(cache, &when, NTLM_OK, &long_name);
    assert_int_equal(find(cache, 1, START), NTLM_NEED_KEY);
    creds_cache_store(cache, &when, NTLM_OK, &long_domain);
    assert_int_equal(find(cache, 1, START), NTLM_NEED_KEY);
    name[3 * NTLM_USER_MAX] = '\0';
    creds_cache_store(cache, &when, NTLM_OK, &long_name);
    assert_int_equal(find(cache, 1, START), NTLM_OK);
}

static void what_was_not_used_for_longest_goes_first(void **state)
{
    (void)state;
    enum { WAYS = 8 };
    creds_cache_t *cache = opened(60);
    for (int i = 0; i < WAYS; i++) store(cache, i, START + i, NTLM_OK);
    assert_int_equal(find(cache, 0, START + 100), NTLM_OK);
    store(cache, 100, START + 101, NTLM_OK);
    assert_int_equal(find(cache, 1, START + 102), NTLM_NEED_KEY);
    assert_int_equal(find(cache, 0, START + 102), NTLM_OK);
    for (int i = 2; i < WAYS; i++) assert_int_equal(find(cache, i, START + 102), NTLM_OK);
    assert_int_equal(find(cache, 100, START + 102), NTLM_OK);
}

/* Of two children one may look at the clock first, and at the cache second. */
static void a_question_that_is_a_moment_older_ends_nothing(void **state)
{
    (void)state;
    creds_cache_t *cache = opened(60);
    store(cache, 1, START, NTLM_OK);
    assert_int_equal(find(cache, 1, START - 1), NTLM_OK);
    for (int i = 0; i < CREDS_CACHE_FORCED; i++) assert_true(may_force(cache, 2, START));
    assert_false(may_force(cache, 2, START - 1));
    assert_false(may_force(cache, 2, START));
}

static void five_searches_in_any_five_seconds_may_be_forced(void **state)
{
    (void)state;
    creds_cache_t *cache = opened(60);
    for (int i = 0; i < 5; i++) assert_true(may_force(cache, 1, START + i * SECOND / 2));
    assert_false(may_force(cache, 1, START + 3 * SECOND));
    assert_false(may_force(cache, 1, START + 5 * SECOND - 1));
    assert_true(may_force(cache, 1, START + 5 * SECOND));
    assert_false(may_force(cache, 1, START + 5 * SECOND));
    assert_true(may_force(cache, 1, START + 5 * SECOND + SECOND / 2));
    assert_true(may_force(cache, 2, START));
}

static void a_search_that_nobody_answered_costs_nothing(void **state)
{
    (void)state;
    creds_cache_t *cache = opened(60);
    for (int i = 0; i < 4; i++) assert_true(may_force(cache, 1, START + i));
    for (int i = 4; i < 20; i++) {
        const creds_cache_at_t when = at(1, START + i);
        assert_true(may_force(cache, 1, START + i));
        assert_false(may_force(cache, 1, START + i));
        creds_cache_unforce(cache, &when);
    }
    const creds_cache_at_t never = at(2, START + 30), other = at(1, START + 30);
    creds_cache_unforce(cache, &never);
    creds_cache_unforce(cache, &other);
    assert_true(may_force(cache, 1, START + 30));
    assert_false(may_force(cache, 1, START + 30));
}

static void the_allowance_survives_what_is_remembered(void **state)
{
    (void)state;
    creds_cache_t *cache = opened(1);
    store(cache, 1, START, NTLM_NO_SUCH_USER);
    for (int i = 0; i < 5; i++) assert_true(may_force(cache, 1, START));
    store(cache, 1, START, NTLM_OK);
    assert_int_equal(find(cache, 1, START + 2 * SECOND), NTLM_NEED_KEY);
    assert_false(may_force(cache, 1, START + 2 * SECOND));
}

/* The generation of the account that a login is answered with. */
static apr_uint64_t generation_of(creds_cache_t *cache, int login)
{
    const creds_cache_at_t when = at(login, START);
    creds_account_t account = {0};
    assert_int_equal(creds_cache_find(cache, &when, pool, &account), NTLM_OK);
    return account.generation;
}

static void a_new_answer_mends_older_ones_about_the_same_account(void **state)
{
    (void)state;
    creds_cache_t *cache = opened(60);
    const creds_cache_at_t one = at(1, START), other = at(2, START + SECOND), third = at(3, START);
    creds_account_t older = alice("alice", "CORP"), newer = older, found = {0},
                    elsewhere = alice("alice", "HOME"), unnamed = alice("alice", NULL);
    newer.generation = 43;
    newer.key.nt_hash[0] = 0;
    newer.key.state = NTLM_OK;
    creds_cache_store(cache, &one, NTLM_OK, &older);
    creds_cache_store(cache, &third, NTLM_OK, &elsewhere);
    creds_cache_store(cache, &other, NTLM_OK, &newer);
    assert_int_equal(creds_cache_find(cache, &one, pool, &found), NTLM_OK);
    assert_int_equal(found.generation, 43);
    assert_int_equal(found.key.nt_hash[0], 0);
    assert_int_equal(found.key.state, NTLM_OK);
    assert_int_equal(generation_of(cache, 3), 42); /* the alice of another domain */
    creds_cache_store(cache, &third, NTLM_OK, &unnamed);
    assert_int_equal(generation_of(cache, 1), 43); /* nor is that of none the same entry */
    assert_int_equal(find(cache, 1, START + 60 * SECOND), NTLM_NEED_KEY); /* none lives longer */
}

static void an_answer_without_a_key_mends_nothing(void **state)
{
    (void)state;
    creds_cache_t *cache = opened(60);
    const creds_cache_at_t one = at(1, START), other = at(2, START);
    creds_account_t whole = alice("alice", "CORP"), hashless = {0}, found = {0};
    hashless.name = "alice";
    hashless.domain = "CORP";
    creds_cache_store(cache, &one, NTLM_OK, &whole);
    creds_cache_store(cache, &other, NTLM_HASH_UNREADABLE, &hashless);
    assert_int_equal(creds_cache_find(cache, &one, pool, &found), NTLM_OK);
    assert_key(found.key.nt_hash, HASH);
}

/* ---- groups ---- */

static creds_account_t with_groups(const char *const *groups)
{
    creds_account_t account = alice("alice", "CORP");
    account.groups = groups;
    return account;
}

/* What comes back of a login, with commas between the names; "cut" and "none". */
static const char *groups_of_login(creds_cache_t *cache, int login)
{
    const creds_cache_at_t when = at(login, START);
    creds_account_t found = {0};
    assert_int_equal(creds_cache_find(cache, &when, pool, &found), NTLM_OK);
    if (found.groups_cut) {
        assert_null(found.groups);
        return "cut";
    }
    const char *text = "";
    for (size_t i = 0; found.groups && found.groups[i]; i++)
        text = apr_pstrcat(pool, text, i ? "," : "", found.groups[i], NULL);
    return found.groups ? text : "none";
}

static void store_groups(creds_cache_t *cache, int login, const char *const *groups)
{
    const creds_cache_at_t when = at(login, START);
    const creds_account_t account = with_groups(groups);
    creds_cache_store(cache, &when, NTLM_OK, &account);
}

static void groups_come_back_in_their_order(void **state)
{
    (void)state;
    creds_cache_t *cache = opened(60);
    store_groups(cache, 1, (const char *const[]){"cn=b,dc=x", "CORP\\a", "J\xc3\xbcrgen", NULL});
    assert_string_equal(groups_of_login(cache, 1), "cn=b,dc=x,CORP\\a,J\xc3\xbcrgen");
    store_groups(cache, 1, (const char *const[]){"c", NULL});
    assert_string_equal(groups_of_login(cache, 1), "c");
    store_groups(cache, 1, NULL);
    assert_string_equal(groups_of_login(cache, 1), "none");
}

static void each_login_has_its_own_groups(void **state)
{
    (void)state;
    enum { SOME = 8 };
    creds_cache_t *cache = opened(60);
    for (int i = 0; i < SOME; i++) {
        const creds_cache_at_t when = at(i, START);
        creds_account_t account = with_groups(
            (const char *const[]){apr_psprintf(pool, "group %d", i), "all of them", NULL});
        account.name = apr_psprintf(pool, "user%d", i);
        creds_cache_store(cache, &when, NTLM_OK, &account);
    }
    for (int i = 0; i < SOME; i++)
        assert_string_equal(groups_of_login(cache, i),
                            apr_psprintf(pool, "group %d,all of them", i));
}

static void groups_without_room_are_cut_and_never_fewer(void **state)
{
    (void)state;
    char *most = apr_pcalloc(pool, CREDS_GROUPS_MAX + 2);
    creds_cache_t *cache = opened(60), *small = NULL;
    memset(most, 'a', CREDS_GROUPS_MAX);
    store_groups(cache, 1, (const char *const[]){most, NULL});
    assert_string_equal(groups_of_login(cache, 1), most);
    store_groups(cache, 1, (const char *const[]){most, "b", NULL});
    assert_string_equal(groups_of_login(cache, 1), "cut");
    most[CREDS_GROUPS_MAX] = 'a';
    store_groups(cache, 1, (const char *const[]){"b", most, NULL});
    assert_string_equal(groups_of_login(cache, 1), "cut");
    assert_null(creds_cache_open(pool, 60 * SECOND, false, &small));
    store_groups(small, 1, (const char *const[]){"b", NULL});
    assert_string_equal(groups_of_login(small, 1), "cut");
    store_groups(small, 1, NULL);
    assert_string_equal(groups_of_login(small, 1), "none");
}

static void a_cut_list_comes_back_as_one(void **state)
{
    (void)state;
    creds_cache_t *cache = opened(60);
    const creds_cache_at_t when = at(1, START);
    creds_account_t account = alice("alice", "CORP");
    account.groups_cut = true;
    creds_cache_store(cache, &when, NTLM_OK, &account);
    assert_string_equal(groups_of_login(cache, 1), "cut");
}

static void newer_groups_count_for_every_spelling(void **state)
{
    (void)state;
    creds_cache_t *cache = opened(60);
    store_groups(cache, 1, (const char *const[]){"old", "older", NULL});
    store_groups(cache, 2, (const char *const[]){"new", NULL});
    assert_string_equal(groups_of_login(cache, 1), "new");
    store_groups(cache, 2, NULL);
    assert_string_equal(groups_of_login(cache, 1), "none");
    store_groups(cache, 1, (const char *const[]){"third", NULL});
    assert_string_equal(groups_of_login(cache, 2), "third");
}

static void groups_of_another_domain_s_account_come_back_with_it(void **state)
{
    (void)state;
    creds_cache_t *cache = opened(60);
    const creds_cache_at_t when = at(1, START);
    creds_account_t corp = with_groups((const char *const[]){"a", "b", NULL}),
                    nobody = {.others = &corp}, found = {0};
    creds_cache_store(cache, &when, NTLM_NO_SUCH_USER, &nobody);
    assert_int_equal(creds_cache_find(cache, &when, pool, &found), NTLM_NO_SUCH_USER);
    assert_null(found.groups);
    assert_string_equal(found.others->groups[1], "b");
    assert_null(found.others->groups[2]);
}

int main(void)
{
    int failed;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_account_comes_back_whole),
        cmocka_unit_test(another_login_is_another_entry),
        cmocka_unit_test(an_entry_ends_with_its_time),
        cmocka_unit_test(every_answer_ends_at_the_same_time),
        cmocka_unit_test(what_is_no_answer_is_not_remembered_and_ends_what_was),
        cmocka_unit_test(an_answer_without_a_key_brings_none_back),
        cmocka_unit_test(an_account_of_another_domain_comes_back_as_one),
        cmocka_unit_test(the_longest_name_is_remembered_and_no_longer_one),
        cmocka_unit_test(what_was_not_used_for_longest_goes_first),
        cmocka_unit_test(a_question_that_is_a_moment_older_ends_nothing),
        cmocka_unit_test(five_searches_in_any_five_seconds_may_be_forced),
        cmocka_unit_test(a_search_that_nobody_answered_costs_nothing),
        cmocka_unit_test(the_allowance_survives_what_is_remembered),
        cmocka_unit_test(a_new_answer_mends_older_ones_about_the_same_account),
        cmocka_unit_test(an_answer_without_a_key_mends_nothing),
        cmocka_unit_test(groups_come_back_in_their_order),
        cmocka_unit_test(each_login_has_its_own_groups),
        cmocka_unit_test(groups_without_room_are_cut_and_never_fewer),
        cmocka_unit_test(a_cut_list_comes_back_as_one),
        cmocka_unit_test(newer_groups_count_for_every_spelling),
        cmocka_unit_test(groups_of_another_domain_s_account_come_back_with_it),
    };
    RUN_GROUP_IN_FOLDER(tests, failed);
    return failed;
}
