/* Whom a login means, and which source decides about it. */
#include "unit.h"

#include <apr_general.h>

#include "../../lib/creds/creds.h"

static apr_pool_t *pool;

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* ---- taking names apart ---- */

typedef struct split_t {
    const char *user, *domain, *default_domain; /* as sent, and NTLMDomain */
    const char *login_domain, *login_user;
    bool whole; /* the name as sent is kept */
} split_t;

static void check_split(const split_t *it)
{
    creds_login_t login = creds_login(pool, it->user, it->domain, it->default_domain);
    if (strcmp(login.domain, it->login_domain) != 0 || strcmp(login.user, it->login_user) != 0)
        fail_msg("'%s' of '%s' is '%s' of '%s'", it->user, it->domain, login.user, login.domain);
    if (it->whole)
        assert_string_equal(login.whole, it->user);
    else
        assert_null(login.whole);
}

static void check_splits(const split_t *splits, size_t count)
{
    for (size_t i = 0; i < count; i++) check_split(&splits[i]);
}

static void a_plain_name_keeps_the_domain_that_was_sent(void **state)
{
    (void)state;
    static const split_t splits[] = {
        {"alice", "CORP", NULL, "CORP", "alice", false},
        {"alice", "CORP", "HOME", "CORP", "alice", false},
        {"alice", "", NULL, "", "alice", false},
        {"alice", "", "HOME", "HOME", "alice", false},
        {"alice", "", "", "", "alice", false},
        {"", "", NULL, "", "", false},
        {"a/b", "CORP", NULL, "CORP", "a/b", false},
        {"alice", "corp.example", NULL, "corp.example", "alice", false},
    };
    check_splits(splits, COUNT(splits));
}

static void a_backslash_parts_the_domain_from_the_user(void **state)
{
    (void)state;
    static const split_t splits[] = {
        {"CORP\\alice", "", NULL, "CORP", "alice", true},
        {"CORP\\alice", "OTHER", "HOME", "CORP", "alice", true},
        {"CORP\\alice@corp.example", "", NULL, "CORP", "alice@corp.example", true},
        {"a@b\\alice", "", NULL, "a@b", "alice", true},
        {"J\xC3\x9CRGEN\\alice", "", NULL, "J\xC3\x9CRGEN", "alice", true},
    };
    check_splits(splits, COUNT(splits));
}

static void the_last_at_parts_the_user_from_the_domain(void **state)
{
    (void)state;
    static const split_t splits[] = {
        {"alice@corp.example", "", NULL, "corp.example", "alice", true},
        {"alice@corp.example", "CORP", "HOME", "corp.example", "alice", true},
        {"alice@home@corp.example", "", NULL, "corp.example", "alice@home", true},
        {"alice@@corp", "", NULL, "corp", "alice@", true},
    };
    check_splits(splits, COUNT(splits));
}

static void a_separator_at_an_edge_names_an_empty_half(void **state)
{
    (void)state;
    static const split_t splits[] = {
        {"\\alice", "", NULL, "", "alice", true},
        {"\\alice", "CORP", "HOME", "HOME", "alice", true},
        {"alice@", "", NULL, "", "alice", true},
        {"alice@", "CORP", "HOME", "HOME", "alice", true},
        {"CORP\\", "", NULL, "CORP", "", true},
        {"@corp.example", "", NULL, "corp.example", "", true},
        {"\\", "", NULL, "", "", true},
        {"@", "", "HOME", "HOME", "", true},
        {"\\@", "", NULL, "", "@", true},
        {"@\\", "", NULL, "@", "", true},
    };
    check_splits(splits, COUNT(splits));
}

/* ---- asking the sources ---- */

/* A source that always says the same, and counts how often it is asked. */
typedef struct fake_t {
    ntlm_status_t says;
    const char *name;
    int asked;
    bool cached;
} fake_t;

static ntlm_status_t find_fake(void *opened, apr_pool_t *of, const creds_login_t *login,
                               creds_account_t *account, const char **why)
{
    fake_t *fake = opened;
    assert_ptr_equal(of, pool);
    assert_string_equal(login->user, "alice");
    assert_null(account->name); /* nothing is left of what another source said */
    assert_null(account->domain);
    assert_int_equal(account->key.state, NTLM_OK);
    fake->asked++;
    account->cached = fake->cached;
    account->name = fake->name;
    account->domain = "LEFT";
    account->key.state = NTLM_ACCOUNT_DISABLED;
    account->source = "what a backend writes here is not kept";
    if (fake->says == NTLM_BACKEND_DOWN) *why = fake->name;
    return fake->says;
}

static apr_uint64_t count_of_fake(void *opened, apr_pool_t *p, const char **why)
{
    (void)opened;
    (void)p;
    (void)why;
    return 21;
}

static const creds_backend_t fake_backend = {"fake", false, NULL, find_fake, count_of_fake, NULL};
static const creds_backend_t other_backend = {"other", false, NULL, find_fake, count_of_fake, NULL};

/* Asks fakes that say these; the last one belongs to the backend "other". */
static ntlm_status_t ask(fake_t *fakes, int count, creds_account_t *account, const char **why)
{
    apr_array_header_t *sources = apr_array_make(pool, 1, sizeof(creds_source_t *));
    creds_login_t login = {"", "alice", NULL, false};
    memset(account, 0xA5, sizeof *account);
    for (int i = 0; i < count; i++) {
        creds_source_t *source = apr_pcalloc(pool, sizeof *source);
        source->backend = i == count - 1 ? &other_backend : &fake_backend;
        source->opened = &fakes[i];
        APR_ARRAY_PUSH(sources, creds_source_t *) = source;
    }
    return creds_find(sources, pool, &login, account, why);
}

static void the_first_source_that_knows_the_account_decides(void **state)
{
    (void)state;
    creds_account_t account;
    const char *why = NULL;
    fake_t fakes[] = {
        {NTLM_NO_SUCH_USER, "a", 0, false}, {NTLM_OK, "b", 0, false}, {NTLM_OK, "c", 0, false}};
    assert_int_equal(ask(fakes, 3, &account, &why), NTLM_OK);
    assert_string_equal(account.name, "b");
    assert_string_equal(account.source, "fake");
    assert_int_equal(account.key.state, NTLM_ACCOUNT_DISABLED); /* it too decides */
    assert_int_equal(fakes[0].asked, 1);
    assert_int_equal(fakes[1].asked, 1);
    assert_int_equal(fakes[2].asked, 0);
    assert_null(why);
}

static void the_last_source_may_be_the_one_that_knows(void **state)
{
    (void)state;
    creds_account_t account;
    const char *why = NULL;
    fake_t fakes[] = {{NTLM_NO_SUCH_USER, "a", 0, false}, {NTLM_OK, "b", 0, false}};
    assert_int_equal(ask(fakes, 2, &account, &why), NTLM_OK);
    assert_string_equal(account.name, "b");
    assert_string_equal(account.source, "other");
}

static void a_source_that_is_down_is_never_skipped(void **state)
{
    (void)state;
    creds_account_t account;
    const char *why = NULL;
    fake_t fakes[] = {{NTLM_NO_SUCH_USER, "a", 0, false},
                      {NTLM_BACKEND_DOWN, "b", 0, false},
                      {NTLM_OK, "c", 0, false}};
    assert_int_equal(ask(fakes, 3, &account, &why), NTLM_BACKEND_DOWN);
    assert_string_equal(why, "b");
    assert_string_equal(account.source, "fake");
    assert_int_equal(fakes[2].asked, 0);
}

static void a_source_that_is_down_behind_the_one_that_decides_does_not_matter(void **state)
{
    (void)state;
    creds_account_t account;
    const char *why = NULL;
    fake_t fakes[] = {{NTLM_OK, "a", 0, false}, {NTLM_BACKEND_DOWN, "b", 0, false}};
    assert_int_equal(ask(fakes, 2, &account, &why), NTLM_OK);
    assert_int_equal(fakes[1].asked, 0);
    assert_null(why);
}

static void an_account_that_no_source_knows_does_not_exist(void **state)
{
    (void)state;
    creds_account_t account;
    const char *why = NULL;
    fake_t fakes[] = {{NTLM_NO_SUCH_USER, "a", 0, false}, {NTLM_NO_SUCH_USER, "b", 0, false}};
    assert_int_equal(ask(fakes, 2, &account, &why), NTLM_NO_SUCH_USER);
    assert_int_equal(fakes[0].asked + fakes[1].asked, 2);
    assert_null(why);
}

static void one_answer_from_memory_makes_the_whole_answer_a_remembered_one(void **state)
{
    (void)state;
    creds_account_t account;
    const char *why = NULL;
    fake_t fakes[] = {{NTLM_NO_SUCH_USER, "a", 0, true}, {NTLM_OK, "b", 0, false}};
    assert_int_equal(ask(fakes, 2, &account, &why), NTLM_OK);
    assert_true(account.cached); /* the first one might know her by now */
    fakes[0].cached = false;
    assert_int_equal(ask(fakes, 2, &account, &why), NTLM_OK);
    assert_false(account.cached);
    fakes[1] = (fake_t){NTLM_NO_SUCH_USER, "b", 0, true};
    assert_int_equal(ask(fakes, 2, &account, &why), NTLM_NO_SUCH_USER);
    assert_true(account.cached);
}

static void without_a_source_no_account_exists(void **state)
{
    (void)state;
    creds_account_t account;
    const char *why = NULL;
    assert_int_equal(ask(NULL, 0, &account, &why), NTLM_NO_SUCH_USER);
}

static void the_generation_of_sources_is_their_sum(void **state)
{
    (void)state;
    const char *why = NULL;
    const creds_source_t source = {.backend = &fake_backend};
    apr_array_header_t *sources = apr_array_make(pool, 2, sizeof(const creds_source_t *));
    assert_int_equal(creds_generation(sources, pool, &why), 0);
    APR_ARRAY_PUSH(sources, const creds_source_t *) = &source;
    APR_ARRAY_PUSH(sources, const creds_source_t *) = &source;
    assert_int_equal(creds_generation(sources, pool, &why), 42);
    assert_null(why);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_plain_name_keeps_the_domain_that_was_sent),
        cmocka_unit_test(a_backslash_parts_the_domain_from_the_user),
        cmocka_unit_test(the_last_at_parts_the_user_from_the_domain),
        cmocka_unit_test(a_separator_at_an_edge_names_an_empty_half),
        cmocka_unit_test(the_first_source_that_knows_the_account_decides),
        cmocka_unit_test(the_last_source_may_be_the_one_that_knows),
        cmocka_unit_test(a_source_that_is_down_is_never_skipped),
        cmocka_unit_test(a_source_that_is_down_behind_the_one_that_decides_does_not_matter),
        cmocka_unit_test(an_account_that_no_source_knows_does_not_exist),
        cmocka_unit_test(one_answer_from_memory_makes_the_whole_answer_a_remembered_one),
        cmocka_unit_test(without_a_source_no_account_exists),
        cmocka_unit_test(the_generation_of_sources_is_their_sum),
    };
    apr_initialize();
    apr_pool_create(&pool, NULL);
    int failed = RUN_GROUP(tests);
    apr_pool_destroy(pool);
    apr_terminate();
    return failed;
}
