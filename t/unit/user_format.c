/* What r->user is made of, and two accounts that would be one. */
#include "configured.h"
#include "pool.h"

#include "../../lib/config/user_format.h"

static void a_format_is_applied_to_what_the_source_says(void **state)
{
    (void)state;
    static const struct {
        config_user_t format;
        const char *account, *domain, *user;
    } all[] = {
        {CONFIG_USER_NOT_SAID, "CORP\\alice", "CORP", "CORP\\alice"},
        {CONFIG_USER_STORE, "CORP\\alice", "CORP", "CORP\\alice"},
        {CONFIG_USER_STORE, "alice", "CORP", "alice"},
        {CONFIG_USER_USER, "CORP\\alice", "CORP", "alice"},
        {CONFIG_USER_USER, "alice", "", "alice"},
        {CONFIG_USER_DOMAIN_USER, "CORP\\alice", "CORP", "CORP\\alice"},
        {CONFIG_USER_DOMAIN_USER, "alice", "CORP", "CORP\\alice"},
        {CONFIG_USER_DOMAIN_USER, "alice", "", "alice"},
        {CONFIG_USER_USER_AT_DOMAIN, "CORP\\alice", "corp.example.com", "alice@corp.example.com"},
        {CONFIG_USER_USER_AT_DOMAIN, "alice", "", "alice"},
    };
    for (size_t i = 0; i < COUNT(all); i++)
        assert_string_equal(user_format_apply(pool, all[i].format, all[i].account, all[i].domain),
                            all[i].user);
    assert_string_equal(user_format_without_domain("CORP\\alice"), "alice");
    assert_string_equal(user_format_without_domain("alice"), "alice");
}

/* A source is its list of accounts. */
static void each(void *opened, void (*visit)(void *baton, const char *name), void *baton)
{
    for (const char *const *name = opened; *name; name++) visit(baton, *name);
}

static const creds_backend_t listed = {.name = "listed", .each = each}, unlisted = {.name = "not"};

static const char *first[4], *second[4];
static creds_source_t sources[2];

static dir_config_t of_format(config_user_t format, const char *domain)
{
    static const char *const names[] = {"CORP", "corp.test", NULL};
    static const config_names_t corp = {.netbios = "CORP", .dns = "corp.test", .all = names};
    apr_array_header_t *all = apr_array_make(pool, 2, sizeof(const creds_source_t *));
    sources[0] = (creds_source_t){.backend = &listed, .opened = (void *)first};
    sources[1] = (creds_source_t){.backend = &listed, .opened = (void *)second};
    APR_ARRAY_PUSH(all, const creds_source_t *) = &sources[0];
    APR_ARRAY_PUSH(all, const creds_source_t *) = &sources[1];
    return (dir_config_t){
        .credentials = all, .user_format = format, .domain = domain ? &corp : NULL};
}

static void two_accounts_with_one_name_are_told(void **state)
{
    (void)state;
    static const char *const a[] = {"CORP\\alice", "bob", NULL}, *const b[] = {"LAB\\Alice", NULL};
    memcpy(first, a, sizeof a);
    memcpy(second, b, sizeof b);
    dir_config_t config = of_format(CONFIG_USER_USER, NULL);
    const char *why = user_format_check(pool, &config);
    assert_non_null(why);
    assert_non_null(strstr(why, "NTLMUserFormat user: the accounts '"));
    assert_non_null(strstr(why, "CORP\\alice"));
    assert_non_null(strstr(why, "LAB\\Alice"));
    config.user_format = CONFIG_USER_STORE;
    assert_null(user_format_check(pool, &config));
    config.user_format = CONFIG_USER_DOMAIN_USER;
    assert_null(user_format_check(pool, &config));
}

static void an_account_without_a_domain_is_of_the_configured_one(void **state)
{
    (void)state;
    static const char *const a[] = {"CORP\\alice", NULL}, *const b[] = {"alice", NULL};
    memcpy(first, a, sizeof a);
    memcpy(second, b, sizeof b);
    dir_config_t config = of_format(CONFIG_USER_DOMAIN_USER, NULL);
    assert_null(user_format_check(pool, &config));
    config = of_format(CONFIG_USER_DOMAIN_USER, "CORP");
    const char *why = user_format_check(pool, &config);
    assert_non_null(why);
    assert_non_null(
        strstr(why, "would both be 'CORP\\alice'; write NTLMUserFormat store, or rename"));
}

static void the_same_account_in_two_sources_is_one(void **state)
{
    (void)state;
    static const char *const a[] = {"CORP\\alice", NULL}, *const b[] = {"corp\\ALICE", NULL};
    memcpy(first, a, sizeof a);
    memcpy(second, b, sizeof b);
    dir_config_t config = of_format(CONFIG_USER_USER, NULL);
    assert_null(user_format_check(pool, &config));
}

static void one_domain_by_two_names_is_one(void **state)
{
    (void)state;
    static const char *const a[] = {"corp.test\\alice", "bob", NULL};
    static const char *const b[] = {"CORP\\Alice", NULL};
    memcpy(first, a, sizeof a);
    memcpy(second, b, sizeof b);
    dir_config_t config = of_format(CONFIG_USER_DOMAIN_USER, "CORP");
    assert_null(user_format_check(pool, &config)); /* the first source decides about her */
    config.user_format = CONFIG_USER_USER;
    assert_null(user_format_check(pool, &config));
    first[1] = "CORP\\ALICE"; /* two in one source, beside that one */
    assert_non_null(user_format_check(pool, &config));
    config.user_format = CONFIG_USER_USER_AT_DOMAIN;
    assert_null(user_format_check(pool, &config));
    config.user_format = CONFIG_USER_STORE;
    assert_null(user_format_check(pool, &config));
    sources[0].backend = sources[1].backend = &unlisted;
    sources[0].domain = "CORP";
    sources[1].domain = "Corp.Test";
    assert_null(user_format_check(pool, &config));
}

static void directories_of_two_domains_are_told(void **state)
{
    (void)state;
    dir_config_t config = of_format(CONFIG_USER_STORE, NULL);
    sources[0].backend = sources[1].backend = &unlisted;
    assert_null(user_format_check(pool, &config));
    sources[0].domain = "CORP";
    assert_null(user_format_check(pool, &config));
    sources[1].domain = "corp";
    assert_null(user_format_check(pool, &config));
    sources[1].domain = "LAB";
    assert_refusal(user_format_check(pool, &config),
                   "NTLMCredentials: users of the domains 'CORP' and 'LAB' may have one name; "
                   "write NTLMUserFormat domain\\user");
    config.user_format = CONFIG_USER_DOMAIN_USER;
    assert_null(user_format_check(pool, &config));
}

static void without_accounts_there_is_nothing_to_tell(void **state)
{
    (void)state;
    const dir_config_t config = {.user_format = CONFIG_USER_USER};
    assert_null(user_format_check(pool, &config));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST_WITH_POOL(a_format_is_applied_to_what_the_source_says),
        TEST_WITH_POOL(two_accounts_with_one_name_are_told),
        TEST_WITH_POOL(an_account_without_a_domain_is_of_the_configured_one),
        TEST_WITH_POOL(the_same_account_in_two_sources_is_one),
        TEST_WITH_POOL(one_domain_by_two_names_is_one),
        TEST_WITH_POOL(directories_of_two_domains_are_told),
        TEST_WITH_POOL(without_accounts_there_is_nothing_to_tell),
    };
    apr_initialize();
    int failed = RUN_GROUP(tests);
    apr_terminate();
    return failed;
}
