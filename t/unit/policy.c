/* What a settled configuration comes to. */
#include "configured.h"
#include "pool.h"

#include "../../lib/config/directives.h"
#include "../../lib/config/policy.h"

static const char *const corp_names[] = {"CORP", "corp.example.com", "OLDCORP", NULL};
static const config_names_t corp = {.netbios = "CORP",
                                    .all = corp_names,
                                    .dns = "corp.example.com",
                                    .netbios_utf16 = {(const uint8_t *)"C\0O\0R\0P", 8},
                                    .dns_utf16 = {(const uint8_t *)"c\0", 2}};

static dir_config_t nothing_said(void)
{
    const dir_config_t nothing = {.credentials = NULL};
    config_learn_host(pool);
    return *config_settled(pool, &nothing);
}

/* ---- scopes ---- */

static void a_scope_is_a_server_and_what_its_configuration_comes_to(void **state)
{
    (void)state;
    const server_rec here = {.port = 80}, there = {.port = 80};
    const dir_config_t config = nothing_said();
    dir_config_t other = config;
    const policy_scope_t scope = policy_scope(&here, &config);
    assert_true(policy_scope_covers(&scope, &here, &other));
    assert_false(policy_scope_covers(&scope, &there, &other));
    other.require_mic = CONFIG_ON;
    assert_false(policy_scope_covers(&scope, &here, &other));
}

/* ---- Basic ---- */

static void a_password_is_taken_over_tls_alone(void **state)
{
    (void)state;
    dir_config_t config = nothing_said();
    assert_true(policy_allows_basic(&config, true));
    assert_false(policy_allows_basic(&config, false));
    config.basic_without_tls = CONFIG_ON;
    assert_true(policy_allows_basic(&config, false));
}

static void a_password_is_no_way_round_what_is_demanded(void **state)
{
    (void)state;
    static const config_services_t allow = {.demand = CONFIG_DEMAND_ALLOW};
    static const config_services_t require = {.demand = CONFIG_DEMAND_REQUIRE};
    dir_config_t config = nothing_said();
    config.require_mic = CONFIG_ON;
    assert_false(policy_allows_basic(&config, true));
    config = nothing_said();
    config.extended_protection = CONFIG_DEMAND_REQUIRE;
    assert_false(policy_allows_basic(&config, true));
    config = nothing_said();
    config.services = &allow;
    assert_true(policy_allows_basic(&config, true));
    config.services = &require;
    assert_false(policy_allows_basic(&config, true));
    config.basic_without_tls = CONFIG_ON;
    assert_false(policy_allows_basic(&config, true));
}

/* ---- for the core ---- */

static void nothing_said_is_a_policy(void **state)
{
    (void)state;
    const dir_config_t config = nothing_said();
    const ntlm_policy_t policy = policy_of(pool, &config);
    assert_ptr_equal(policy.nb_computer.data, config.computer->netbios_utf16.data);
    assert_ptr_equal(policy.nb_domain.data, config.computer->netbios_utf16.data);
    assert_false(policy.domain_joined);
    assert_null(policy.accept_domains);
    assert_int_equal(policy.challenge_lifetime, apr_time_from_sec(60));
    assert_false(policy.require_mic);
    assert_int_equal(policy.binding, NTLM_ALLOW);
    assert_int_equal(policy.service, NTLM_OFF);
    assert_null(policy_home(&config).domain);
    assert_ptr_equal(policy_home(&config).computer, config.computer->all);
}

static void what_is_said_is_in_the_policy(void **state)
{
    (void)state;
    static const config_services_t services = {.demand = CONFIG_DEMAND_REQUIRE};
    dir_config_t config = nothing_said();
    config.domain = &corp;
    config.services = &services;
    config.require_mic = CONFIG_ON;
    config.extended_protection = CONFIG_DEMAND_OFF;
    config.challenge_lifetime = apr_time_from_sec(7);
    const ntlm_policy_t policy = policy_of(pool, &config);
    assert_bytes(policy.nb_domain, "43004f0052005000");
    assert_bytes(policy.dns_domain, "6300");
    assert_ptr_equal(policy.nb_computer.data, config.computer->netbios_utf16.data);
    assert_true(policy.domain_joined);
    assert_int_equal(policy.challenge_lifetime, apr_time_from_sec(7));
    assert_true(policy.require_mic);
    assert_int_equal(policy.binding, NTLM_OFF);
    assert_int_equal(policy.service, NTLM_REQUIRE);
    assert_ptr_equal(policy_home(&config).domain, corp_names);
}

static size_t times(const char *const *list, const char *name)
{
    size_t count = 0;
    for (; *list; list++) count += strcmp(*list, name) == 0;
    return count;
}

static void one_name_of_a_domain_that_is_ours_accepts_them_all(void **state)
{
    (void)state;
    static const char *const of_web[] = {"WEB", "web.corp.example.com", ".", NULL};
    static const config_names_t web = {.netbios = "WEB", .all = of_web};
    static const struct {
        const char *listed, *accepted, *refused;
    } all[] = {
        {"CORP", "corp corp.example.com oldcorp", "WEB . HOME"},
        {"OldCorp", "CORP corp.example.com OLDCORP", "web.corp.example.com example.com"},
        {"HOME", "home", "CORP corp.example.com WEB ."},
        {"web.corp.example.com", "WEB . web.corp.example.com", "CORP corp.example.com"},
        {".", "web .", "CORP"},
        {"HOME CORP WEB", "HOME OLDCORP .", "OTHER"},
    };
    dir_config_t config = nothing_said();
    config.domain = &corp;
    config.computer = &web;
    for (size_t i = 0; i < COUNT(all); i++) {
        char **words;
        config_list_t listed = {.any = false};
        assert_int_equal(apr_tokenize_to_argv(all[i].listed, &words, pool), APR_SUCCESS);
        listed.names = (const char *const *)words;
        config.accept_domains = &listed;
        const ntlm_policy_t policy = policy_of(pool, &config);
        apr_tokenize_to_argv(all[i].accepted, &words, pool);
        for (; *words; words++) assert_true(name_is_listed(policy.accept_domains, *words));
        for (const char *const *at = policy.accept_domains; *at; at++)
            assert_int_equal(times(policy.accept_domains, *at), 1);
        apr_tokenize_to_argv(all[i].refused, &words, pool);
        for (; *words; words++) assert_false(name_is_listed(policy.accept_domains, *words));
    }
}

static void an_account_belongs_to_its_own_domain_or_to_ours(void **state)
{
    (void)state;
    dir_config_t config = nothing_said();
    assert_string_equal(policy_domain_of(&config, NULL), "");
    assert_string_equal(policy_domain_of(&config, "corp.example.com"), "corp.example.com");
    config.domain = &corp;
    assert_string_equal(policy_domain_of(&config, NULL), "CORP");
    assert_string_equal(policy_domain_of(&config, "Corp.Example.Com"), "Corp.Example.Com");
    assert_string_equal(policy_domain_of(&config, "Home"), "Home");
}

/* ---- names of the server ---- */

static apr_array_header_t *names_of(const char *one, const char *other)
{
    apr_array_header_t *names = apr_array_make(pool, 2, sizeof(const char *));
    APR_ARRAY_PUSH(names, const char *) = one;
    if (other) APR_ARRAY_PUSH(names, const char *) = other;
    return names;
}

static const char *services_of(const server_rec *server, const char *host,
                               const dir_config_t *config)
{
    ntlm_policy_t policy = policy_of(pool, config);
    const char *all = "";
    policy_services(pool, server, host, config, &policy);
    for (const char *const *name = policy.service_hosts; *name; name++)
        all = apr_pstrcat(pool, all, *all ? " " : "", *name, NULL);
    return all;
}

static void a_server_goes_by_its_names_and_those_listed(void **state)
{
    (void)state;
    char name[] = "web.example.com";
    static const char *const hosts[] = {"front.example.com", NULL};
    static const config_services_t services = {.demand = CONFIG_DEMAND_ALLOW, .hosts = hosts};
    dir_config_t config = nothing_said();
    const server_rec nameless = {.port = 80};
    const server_rec server = {.server_hostname = name, .names = names_of("www", "web")};
    assert_string_equal(services_of(&nameless, "other", &config), "");
    assert_string_equal(services_of(&server, "other", &config), "web.example.com www web");
    config.services = &services;
    assert_string_equal(services_of(&server, NULL, &config),
                        "web.example.com www web front.example.com");
}

/* The log says of any login whether it was meant for us. */
static void names_are_listed_where_nothing_is_demanded_too(void **state)
{
    (void)state;
    static const char *const hosts[] = {"front.example.com", NULL};
    static const config_services_t services = {.demand = CONFIG_DEMAND_OFF, .hosts = hosts};
    const dir_config_t said = {.services = &services};
    config_learn_host(pool);
    const dir_config_t *config = config_settled(pool, &said);
    const server_rec nameless = {.port = 80};
    assert_string_equal(services_of(&nameless, NULL, config), "front.example.com");
    assert_int_equal(policy_of(pool, config).service, NTLM_OFF);
}

static void an_alias_with_wildcards_stands_for_the_host_that_was_asked_for(void **state)
{
    (void)state;
    const dir_config_t config = nothing_said();
    const server_rec server = {.wild_names = names_of("*.Example.com", "w?b.test")};
    assert_string_equal(services_of(&server, "a.example.COM", &config), "a.example.COM");
    assert_string_equal(services_of(&server, "web.test", &config), "web.test");
    assert_string_equal(services_of(&server, "webb.test", &config), "");
    assert_string_equal(services_of(&server, "example.com", &config), "");
    assert_string_equal(services_of(&server, NULL, &config), "");
}

static void an_alias_that_fits_every_name_stands_for_nobody(void **state)
{
    (void)state;
    const dir_config_t config = nothing_said();
    const server_rec server = {.wild_names = names_of("*", "*.?*")};
    assert_string_equal(services_of(&server, "evil.example.net", &config), "");
}

/* ---- how long ---- */

static void a_login_lasts_as_long_as_is_said(void **state)
{
    (void)state;
    dir_config_t config = nothing_said();
    const apr_time_t proven = apr_time_from_sec(1000), hour = apr_time_from_sec(3600);
    assert_false(policy_login_expired(&config, proven, proven));
    assert_false(policy_login_expired(&config, proven, proven + hour));
    assert_true(policy_login_expired(&config, proven, proven + hour + 1));
    assert_true(policy_login_expired(&config, proven, proven - 1));
    config.identity_lifetime = CONFIG_FOR_EVER;
    assert_false(policy_login_expired(&config, proven, proven + 100 * hour));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST_WITH_POOL(a_scope_is_a_server_and_what_its_configuration_comes_to),
        TEST_WITH_POOL(a_password_is_taken_over_tls_alone),
        TEST_WITH_POOL(a_password_is_no_way_round_what_is_demanded),
        TEST_WITH_POOL(nothing_said_is_a_policy),
        TEST_WITH_POOL(what_is_said_is_in_the_policy),
        TEST_WITH_POOL(one_name_of_a_domain_that_is_ours_accepts_them_all),
        TEST_WITH_POOL(an_account_belongs_to_its_own_domain_or_to_ours),
        TEST_WITH_POOL(a_server_goes_by_its_names_and_those_listed),
        TEST_WITH_POOL(names_are_listed_where_nothing_is_demanded_too),
        TEST_WITH_POOL(an_alias_with_wildcards_stands_for_the_host_that_was_asked_for),
        TEST_WITH_POOL(an_alias_that_fits_every_name_stands_for_nobody),
        TEST_WITH_POOL(a_login_lasts_as_long_as_is_said),
    };
    apr_initialize();
    int failed = RUN_GROUP(tests);
    apr_terminate();
    return failed;
}
