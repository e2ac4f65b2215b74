/* Directives by a table: where one may stand, and what becomes of a new one. */
#include "configured.h"
#include "pool.h"

#include "../../lib/config/directives.h"
#include "../../lib/config/values.h"

/* ---- a table with a directive of its own ---- */

typedef struct wider_t {
    dir_config_t known;
    config_demand_t demand; /* NTLMNew */
    const config_list_t *names;
    apr_interval_time_t wait;
} wider_t;

static const config_list_t default_names;

static void settle_names(void *value)
{
    const config_list_t **names = value;
    if (!*names) *names = &default_names;
}

#define NEW_OWNS(member) .offset = offsetof(wider_t, member), .size = sizeof(((wider_t *)0)->member)

static config_member_t demand = {NEW_OWNS(demand), .read = value_word, .words = value_demand,
                                 .otherwise = CONFIG_DEMAND_ALLOW, .names_users = true};
static config_member_t names = {NEW_OWNS(names), .read = value_list, .noun = "domain",
                                .example = "CORP", .settle = settle_names};
static config_member_t patience = {NEW_OWNS(wait), .read = value_seconds, .most = 60,
                                   .otherwise = 5, .is_for_proofs = true};

enum { ANYWHERE = RSRC_CONF | ACCESS_CONF };
static const command_rec new_ones[] = {
    AP_INIT_TAKE1("NTLMNew", config_take1, &demand, ANYWHERE, ""),
    AP_INIT_TAKE_ARGV("NTLMNewNames", config_take_all, &names, ANYWHERE, ""),
    AP_INIT_TAKE1("NTLMNewGlobal", config_take1, &patience, RSRC_CONF, ""),
};

/* All directives that have members, and these. */
static command_rec table[64];

static int a_wider_table(void **state)
{
    size_t count = 0;
    while (config_directives[count].cmd_data) count++;
    assert_true(count + COUNT(new_ones) < COUNT(table));
    memcpy(table, new_ones, sizeof new_ones);
    memcpy(table + COUNT(new_ones), config_directives, (count + 1) * sizeof *table);
    httpd_stubs_reset();
    return a_pool(state);
}

#define WITH_NEW_ONES(test) cmocka_unit_test_setup_teardown(test, a_wider_table, no_pool)

/* ---- reading ---- */

static cmd_parms of_row(const command_rec *row)
{
    return (cmd_parms){.cmd = row, .pool = pool, .temp_pool = pool};
}

static void a_directive_is_read_into_its_member(void **state)
{
    (void)state;
    wider_t config = {.wait = 0};
    char word[] = "CORP";
    char *const words[] = {word};
    cmd_parms one = of_row(&table[0]), list = of_row(&table[1]);
    assert_null(config_take1(&one, &config, "require"));
    assert_int_equal(config.demand, CONFIG_DEMAND_REQUIRE);
    assert_null(config_take_all(&list, &config, 1, words));
    assert_string_equal(config.names->names[0], "CORP");
    assert_int_equal(config.wait, 0);
}

static void a_complaint_begins_with_the_directive(void **state)
{
    (void)state;
    wider_t config = {.wait = 0};
    cmd_parms one = of_row(&table[0]);
    assert_refusal(config_take1(&one, &config, "no"),
                   "NTLMNew: 'no' is none of off, allow and require");
    assert_int_equal(config.demand, CONFIG_DEMAND_NOT_SAID);
}

static void no_directive_is_read_where_it_must_not_stand(void **state)
{
    (void)state;
    wider_t config = {.wait = 0};
    char word[] = "60";
    char *const words[] = {word};
    for (const command_rec *row = table; row->cmd_data; row++) {
        cmd_parms cmd = of_row(row);
        httpd_stubs.misplaced = "not here";
        if (row->args_how == TAKE1)
            assert_string_equal(row->AP_TAKE1(&cmd, &config, word), "not here");
        else if (row->args_how == TAKE12)
            assert_string_equal(row->AP_TAKE2(&cmd, &config, word, NULL), "not here");
        else
            assert_string_equal(row->AP_TAKE_ARGV(&cmd, &config, 1, words), "not here");
        assert_int_equal(httpd_stubs.forbidden, row->req_override == RSRC_CONF
                                                    ? GLOBAL_ONLY
                                                    : NOT_IN_HTACCESS | NOT_IN_LIMIT);
    }
    static const wider_t nothing;
    assert_memory_equal(&config, &nothing, sizeof config);
}

static void a_list_that_httpd_cuts_off_is_refused(void **state)
{
    (void)state;
    wider_t config = {.wait = 0};
    cmd_parms list = of_row(&table[1]);
    char *words[64];
    for (int i = 0; i < 64; i++) words[i] = apr_psprintf(pool, "D%d", i);
    assert_null(config_take_all(&list, &config, 63, words));
    assert_refusal(config_take_all(&list, &config, 64, words),
                   "NTLMNewNames: more than 63 words; httpd would leave out the others");
}

static void places_that_name_users_are_remembered_once(void **state)
{
    (void)state;
    wider_t here = {.wait = 0}, there = {.wait = 0}, wrong = {.wait = 0};
    cmd_parms one = of_row(&table[0]), global = of_row(&table[2]);
    assert_null(config_take1(&one, &here, "off"));
    assert_null(config_take1(&one, &here, "allow"));
    assert_non_null(config_take1(&one, &wrong, "no"));
    assert_null(config_take1(&one, &there, "off"));
    assert_null(config_take1(&global, &wrong, "1"));
    const apr_array_header_t *places = config_places(pool);
    assert_int_equal(places->nelts, 2);
    assert_ptr_equal(APR_ARRAY_IDX(places, 0, config_place_t).config, &here);
    assert_ptr_equal(APR_ARRAY_IDX(places, 1, config_place_t).config, &there);
}

/* ---- by the table ---- */

static void what_is_said_is_merged(void **state)
{
    (void)state;
    static const config_list_t list;
    wider_t merged = {.demand = CONFIG_DEMAND_OFF, .wait = 7, .known.require_tls = CONFIG_ON};
    const wider_t said = {.names = &list, .wait = 9, .known.proxied = CONFIG_PROXIED_TRUST};
    config_add(table, &merged, &said);
    assert_int_equal(merged.demand, CONFIG_DEMAND_OFF);
    assert_ptr_equal(merged.names, &list);
    assert_int_equal(merged.wait, 9);
    assert_int_equal(merged.known.require_tls, CONFIG_ON);
    assert_int_equal(merged.known.proxied, CONFIG_PROXIED_TRUST);
}

static void what_is_not_said_has_its_default(void **state)
{
    (void)state;
    static const config_list_t list;
    wider_t unsaid = {.wait = 0};
    wider_t said = {.demand = CONFIG_DEMAND_OFF, .names = &list, .wait = 1};
    config_settle(table, &unsaid);
    assert_int_equal(unsaid.demand, CONFIG_DEMAND_ALLOW);
    assert_ptr_equal(unsaid.names, &default_names);
    assert_int_equal(unsaid.wait, 5);
    config_settle(table, &said);
    assert_int_equal(said.demand, CONFIG_DEMAND_OFF);
    assert_ptr_equal(said.names, &list);
    assert_int_equal(said.wait, 1);
}

static void what_a_login_depends_on_is_compared(void **state)
{
    (void)state;
    static const config_list_t list;
    const wider_t one = {.demand = CONFIG_DEMAND_ALLOW, .names = &default_names, .wait = 5};
    wider_t other = one;
    assert_true(config_is_same(table, &one, &other));
    other.wait = 6;
    assert_true(config_is_same(table, &one, &other));
    other.demand = CONFIG_DEMAND_OFF;
    assert_false(config_is_same(table, &one, &other));
    other = one;
    other.names = &list;
    assert_false(config_is_same(table, &one, &other));
    other = one;
    other.known.require_mic = CONFIG_ON;
    assert_false(config_is_same(table, &one, &other));
    assert_true(config_is_same(config_directives, &one.known, &one.known));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_NEW_ONES(a_directive_is_read_into_its_member),
        WITH_NEW_ONES(a_complaint_begins_with_the_directive),
        WITH_NEW_ONES(no_directive_is_read_where_it_must_not_stand),
        WITH_NEW_ONES(a_list_that_httpd_cuts_off_is_refused),
        WITH_NEW_ONES(places_that_name_users_are_remembered_once),
        WITH_NEW_ONES(what_is_said_is_merged),
        WITH_NEW_ONES(what_is_not_said_has_its_default),
        WITH_NEW_ONES(what_a_login_depends_on_is_compared),
    };
    apr_initialize();
    int failed = RUN_GROUP(tests);
    apr_terminate();
    return failed;
}
