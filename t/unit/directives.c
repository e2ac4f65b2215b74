/* The table of directives: its rows, and what holds where nothing is said. */
#include "configured.h"
#include "pool.h"

#include "../../lib/config/directives.h"

static const command_rec *row_of(const char *name)
{
    const command_rec *row = config_directives;
    while (row->name && strcmp(row->name, name) != 0) row++;
    assert_non_null(row->name);
    return row;
}

/* A configuration that says only that, of one word or of a list. */
static dir_config_t saying(const char *name, const char *words)
{
    dir_config_t config = {.credentials = NULL};
    const command_rec *row = row_of(name);
    const config_member_t *member = row->cmd_data;
    assert_null(read_words(pool, member->read, member, words, (char *)&config + member->offset));
    return config;
}

static bool comes_to_the_same(const dir_config_t *a, const dir_config_t *b)
{
    return config_is_same(config_directives, config_settled(pool, a), config_settled(pool, b));
}

static void no_two_directives_own_one_byte(void **state)
{
    (void)state;
    char owned[sizeof(dir_config_t)] = {0};
    for (const command_rec *row = config_directives; row->cmd_data; row++) {
        const config_member_t *member = row->cmd_data;
        assert_true(member->read || member->read_for);
        assert_true(member->offset + member->size <= sizeof owned);
        for (apr_size_t i = 0; i < member->size; i++)
            assert_int_equal(owned[member->offset + i]++, 0);
    }
}

/* Members are read, merged and compared as numbers of these sizes. */
static void members_have_four_bytes_or_eight(void **state)
{
    (void)state;
    for (const command_rec *row = config_directives; row->cmd_data; row++) {
        const config_member_t *member = row->cmd_data;
        if (row->req_override == RSRC_CONF)
            assert_int_equal(member->size, 0);
        else
            assert_true(member->size == 4 || member->size == 8);
    }
}

static void what_says_the_default_comes_to_nothing_said(void **state)
{
    (void)state;
    static const struct {
        const char *directive, *words, *other;
    } all[] = {
        {"NTLMAcceptDomains", "*", "CORP"},
        {"NTLMIdentityLifetime", "3600", "off"},
        {"NTLMUserFormat", "store", "user"},
        {"NTLMProxied", "request", "trust"},
        {"NTLMPersistence", "connection", "request"},
        {"NTLMRequireTLS", "off", "on"},
        {"NTLMExtendedProtection", "allow", "off"},
        {"NTLMRequireMIC", "off", "on"},
        {"NTLMServiceNames", "off web.example.com", "allow"},
        {"NTLMOffer", "NTLM", "Negotiate NTLM"},
        {"NTLMBasicWithoutTLS", "off", "on"},
    };
    const dir_config_t nothing = {.credentials = NULL};
    for (const command_rec *row = config_directives; row->cmd_data; row++) {
        size_t i = 0;
        while (i < COUNT(all) && strcmp(all[i].directive, row->name) != 0) i++;
        if (i == COUNT(all) && ((const config_member_t *)row->cmd_data)->words)
            fail_msg("%s has a default, which is not said here", row->name);
    }
    for (size_t i = 0; i < COUNT(all); i++) {
        const dir_config_t said = saying(all[i].directive, all[i].words);
        const dir_config_t other = saying(all[i].directive, all[i].other);
        assert_true(comes_to_the_same(&nothing, &said));
        assert_false(comes_to_the_same(&nothing, &other));
    }
}

static void what_is_for_proofs_makes_no_other_scope(void **state)
{
    (void)state;
    const dir_config_t nothing = {.credentials = NULL};
    const dir_config_t lifetime = saying("NTLMChallengeLifetime", "7");
    const dir_config_t throttle = saying("NTLMThrottle", "7/7");
    assert_true(comes_to_the_same(&nothing, &lifetime));
    assert_true(comes_to_the_same(&nothing, &throttle));
}

static void this_host_is_the_computer_unless_one_is_said(void **state)
{
    (void)state;
    config_learn_host(pool);
    const dir_config_t nothing = {.credentials = NULL}, said = saying("NTLMComputer", "OTHER");
    const dir_config_t *settled = config_settled(pool, &nothing);
    assert_non_null(settled->computer);
    assert_string_equal(config_settled(pool, &said)->computer->netbios, "OTHER");
    const dir_config_t same =
        saying("NTLMComputer",
               apr_pstrcat(pool, settled->computer->netbios, " ", settled->computer->dns, NULL));
    assert_true(comes_to_the_same(&nothing, &same));
}

static void the_inner_place_speaks_where_it_says_something(void **state)
{
    (void)state;
    dir_config_t *outer = config_create(pool, NULL), *inner = config_create(pool, NULL);
    static const dir_config_t nothing;
    assert_memory_equal(outer, &nothing, sizeof nothing);
    outer->require_tls = outer->require_mic = CONFIG_ON;
    inner->require_tls = CONFIG_OFF;
    const dir_config_t *merged = config_merge(pool, outer, inner);
    assert_int_equal(merged->require_tls, CONFIG_OFF);
    assert_int_equal(merged->require_mic, CONFIG_ON);
    assert_int_equal(outer->require_tls, CONFIG_ON);
}

static void of_two_places_the_one_that_speaks_is_taken_as_it_is(void **state)
{
    (void)state;
    dir_config_t *silent = config_create(pool, NULL), *speaks = config_create(pool, NULL);
    speaks->require_tls = CONFIG_ON;
    config_settle_all(pool);
    assert_ptr_equal(config_merge(pool, silent, speaks), speaks);
    assert_ptr_equal(config_merge(pool, speaks, silent), speaks);
    assert_ptr_equal(config_merge(pool, silent, silent), silent);
    const dir_config_t *merged = config_merge(pool, speaks, speaks);
    assert_ptr_not_equal(merged, speaks);
    assert_null(merged->settled);
}

static void what_was_read_is_settled_once(void **state)
{
    (void)state;
    dir_config_t *one = config_create(pool, NULL), *other = config_create(pool, NULL);
    config_learn_host(pool);
    other->require_mic = CONFIG_ON;
    config_settle_all(pool);
    const dir_config_t *settled = config_settled(pool, one);
    assert_ptr_equal(settled, one->settled);
    assert_non_null(settled->computer);
    assert_null(one->computer);
    assert_int_equal(config_settled(pool, other)->require_mic, CONFIG_ON);
}

static void a_throttle_needs_a_store_unless_it_is_off(void **state)
{
    (void)state;
    httpd_stubs_reset();
    saying("NTLMThrottle", "off");
    assert_false(httpd_stubs.store_needed);
    saying("NTLMThrottle", "10/300");
    assert_true(httpd_stubs.store_needed);
    saying("NTLMThrottleStore", "shmcb");
    assert_string_equal(httpd_stubs.store, "shmcb");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST_WITH_POOL(no_two_directives_own_one_byte),
        TEST_WITH_POOL(members_have_four_bytes_or_eight),
        TEST_WITH_POOL(what_says_the_default_comes_to_nothing_said),
        TEST_WITH_POOL(what_is_for_proofs_makes_no_other_scope),
        TEST_WITH_POOL(this_host_is_the_computer_unless_one_is_said),
        TEST_WITH_POOL(the_inner_place_speaks_where_it_says_something),
        TEST_WITH_POOL(of_two_places_the_one_that_speaks_is_taken_as_it_is),
        TEST_WITH_POOL(what_was_read_is_settled_once),
        TEST_WITH_POOL(a_throttle_needs_a_store_unless_it_is_off),
    };
    apr_initialize();
    int failed = RUN_GROUP(tests);
    apr_terminate();
    return failed;
}
