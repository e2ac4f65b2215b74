/* The words of directives: what they are read as, and what is said of wrong ones. */
#include "configured.h"
#include "pool.h"

#include "../../lib/config/values.h"

static const char *reading(config_read_t *read, const char *words, void *value)
{
    static const config_member_t none = {.offset = 0};
    return read_words(pool, read, &none, words, value);
}

/* ---- lists ---- */

static const char *reading_list(const char *words, const config_list_t **list)
{
    static const config_member_t domains = {.noun = "domain", .example = "CORP"};
    return read_words(pool, value_list, &domains, words, list);
}

static void domains_are_a_list_or_any(void **state)
{
    (void)state;
    const config_list_t *list = NULL, *again = NULL, *any = NULL;
    assert_null(reading_list("CORP corp.example.com", &list));
    assert_false(list->any);
    assert_string_equal(list->names[0], "CORP");
    assert_string_equal(list->names[1], "corp.example.com");
    assert_null(list->names[2]);
    assert_null(reading_list("CORP corp.example.com", &again));
    assert_ptr_equal(list, again);
    assert_null(reading_list("*", &any));
    assert_true(any->any);
}

static void wrong_domains_are_refused(void **state)
{
    (void)state;
    const config_list_t *list = NULL;
    assert_refusal(reading_list("", &list), "name at least one domain, or *");
    assert_refusal(reading_list("CORP *", &list),
                   "'*' means any domain; leave it out, or write it alone");
    assert_refusal(reading_list("CORP OTHER corp", &list), "'corp' is named twice; once is enough");
    assert_refusal(reading_list("CORP/x", &list),
                   "'CORP/x' is not a domain name; write for example CORP, or *");
    assert_non_null(reading_list("''", &list));
    assert_null(list);
}

static void lists_of_two_kinds_are_two_lists(void **state)
{
    (void)state;
    static const config_member_t clients = {.noun = "workstation", .example = "PC7"};
    const config_list_t *domains = NULL, *list = NULL;
    assert_refusal(read_words(pool, value_list, &clients, "a@b", &list),
                   "'a@b' is not a workstation name; write for example PC7, or *");
    assert_null(read_words(pool, value_list, &clients, "CORP", &list));
    assert_null(reading_list("CORP", &domains));
    assert_ptr_not_equal(domains, list);
}

static void services_are_a_demand_and_hosts(void **state)
{
    (void)state;
    const config_services_t *services = NULL, *again = NULL;
    assert_null(reading(value_services, "Require web.example.com web", &services));
    assert_int_equal(services->demand, CONFIG_DEMAND_REQUIRE);
    assert_string_equal(services->hosts[0], "web.example.com");
    assert_string_equal(services->hosts[1], "web");
    assert_null(services->hosts[2]);
    assert_null(reading(value_services, "require web.example.com web", &again));
    assert_ptr_equal(services, again);
    assert_null(reading(value_services, "allow", &again));
    assert_int_equal(again->demand, CONFIG_DEMAND_ALLOW);
    assert_null(again->hosts[0]);
}

static void wrong_services_are_refused(void **state)
{
    (void)state;
    const config_services_t *services = NULL;
    assert_refusal(reading(value_services, "", &services),
                   "'(nothing)' is none of off, allow and require");
    assert_refusal(reading(value_services, "web", &services),
                   "'web' is none of off, allow and require");
    assert_refusal(reading(value_services, "allow HTTP/web", &services),
                   "'HTTP/web': write the host's name alone, without HTTP/");
    assert_refusal(reading(value_services, "allow w*b", &services),
                   "'w*b' is not a DNS name; write for example web.example.com");
    assert_null(services);
}

/* ---- words ---- */

static void a_word_is_read_in_any_case(void **state)
{
    (void)state;
    static const config_member_t formats = {.words = value_user_format};
    static const config_member_t switches = {.words = value_switch};
    config_user_t format = CONFIG_USER_NOT_SAID;
    config_switch_t said = CONFIG_SWITCH_NOT_SAID;
    assert_null(read_words(pool, value_word, &formats, "User@Domain", &format));
    assert_int_equal(format, CONFIG_USER_USER_AT_DOMAIN);
    assert_refusal(read_words(pool, value_word, &formats, "mail", &format),
                   "'mail' is none of store, user, domain\\user and user@domain");
    assert_refusal(read_words(pool, value_word, &switches, "''", &said),
                   "'' is none of off and on");
    assert_int_equal(said, CONFIG_SWITCH_NOT_SAID);
}

static void every_value_has_its_word(void **state)
{
    (void)state;
    assert_string_equal(value_switch[CONFIG_ON], "on");
    assert_string_equal(value_demand[CONFIG_DEMAND_REQUIRE], "require");
    assert_string_equal(value_proxied[CONFIG_PROXIED_TRUST], "trust");
    assert_string_equal(value_persistence[CONFIG_PERSISTENCE_REQUEST], "request");
    assert_string_equal(value_user_format[CONFIG_USER_DOMAIN_USER], "domain\\user");
    assert_null(value_switch[CONFIG_ON + 1]);
    assert_null(value_demand[CONFIG_DEMAND_REQUIRE + 1]);
    assert_null(value_proxied[CONFIG_PROXIED_TRUST + 1]);
    assert_null(value_persistence[CONFIG_PERSISTENCE_REQUEST + 1]);
    assert_null(value_user_format[CONFIG_USER_USER_AT_DOMAIN + 1]);
}

/* ---- numbers ---- */

static void seconds_are_a_number_within_a_limit(void **state)
{
    (void)state;
    static const config_member_t hour = {.most = 3600};
    static const char *const wrong[] = {"0", "3601", "-1", "1s", "''", "99999999999999999999"};
    apr_interval_time_t interval = 0;
    assert_null(read_words(pool, value_seconds, &hour, "1", &interval));
    assert_int_equal(interval, apr_time_from_sec(1));
    assert_null(read_words(pool, value_seconds, &hour, "3600", &interval));
    assert_int_equal(interval, apr_time_from_sec(3600));
    for (size_t i = 0; i < COUNT(wrong); i++)
        assert_non_null(read_words(pool, value_seconds, &hour, wrong[i], &interval));
    assert_refusal(read_words(pool, value_seconds, &hour, "3601", &interval),
                   "'3601' is not a number of seconds from 1 to 3600");
    assert_int_equal(interval, apr_time_from_sec(3600));
}

static void a_lifetime_may_have_no_end(void **state)
{
    (void)state;
    static const config_member_t hour = {.most = 3600};
    apr_interval_time_t interval = 0;
    assert_null(read_words(pool, value_lifetime, &hour, "Off", &interval));
    assert_int_equal(interval, CONFIG_FOR_EVER);
    assert_null(read_words(pool, value_lifetime, &hour, "60", &interval));
    assert_int_equal(interval, apr_time_from_sec(60));
    assert_refusal(read_words(pool, value_lifetime, &hour, "on", &interval),
                   "'on' is not a number of seconds from 1 to 3600, or off");
}

static const unsigned *failures(const char *words)
{
    static unsigned all[THROTTLE_KINDS];
    const throttle_limits_t *limits = NULL;
    assert_null(reading(value_throttle, words, &limits));
    for (int i = 0; i < THROTTLE_KINDS; i++) all[i] = limits->of[i].failures;
    return all;
}

static void limits_that_are_not_said_follow_from_the_others(void **state)
{
    (void)state;
    static const struct {
        const char *words;
        unsigned failures[THROTTLE_KINDS];
    } all[] = {
        {"10/300", {10, 100, 200, 400}},
        {"10/300 address=50/60", {10, 50, 100, 200}},
        {"10/300 NET56=7/60", {10, 100, 7, 400}},
        {"10/300 net48=9/60 address=50/60", {10, 50, 100, 9}},
        {"off", {0, 0, 0, 0}},
    };
    for (size_t i = 0; i < COUNT(all); i++)
        assert_memory_equal(failures(all[i].words), all[i].failures, sizeof all[i].failures);
}

static void the_same_limits_are_the_same_whichever_are_said(void **state)
{
    (void)state;
    const throttle_limits_t *limits = NULL, *again = NULL;
    assert_null(reading(value_throttle, "10/300", &limits));
    assert_int_equal(limits->of[THROTTLE_NET48].window, apr_time_from_sec(300));
    assert_null(reading(value_throttle, "10/300 address=100/300", &again));
    assert_ptr_equal(limits, again);
}

static void wrong_limits_are_refused(void **state)
{
    (void)state;
    static const char *const wrong[] = {"",
                                        "10",
                                        "10/",
                                        "/300",
                                        "0/300",
                                        "10/0",
                                        "1000001/300",
                                        "10/86401",
                                        "10/300x",
                                        "10/300 off",
                                        "off 10/300",
                                        "10/300 20/300",
                                        "10/300 net64=1/1",
                                        "10/300 net56=1/1 net56=2/1"};
    const throttle_limits_t *limits = NULL;
    for (size_t i = 0; i < COUNT(wrong); i++)
        assert_refusal(reading(value_throttle, wrong[i], &limits),
                       "write failures and seconds (up to 1000000 and 86400), for example 10/300, "
                       "address=100/300, net56=200/300 and net48=400/300 behind it, or off");
    assert_null(limits);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST_WITH_POOL(domains_are_a_list_or_any),
        TEST_WITH_POOL(wrong_domains_are_refused),
        TEST_WITH_POOL(lists_of_two_kinds_are_two_lists),
        TEST_WITH_POOL(services_are_a_demand_and_hosts),
        TEST_WITH_POOL(wrong_services_are_refused),
        TEST_WITH_POOL(a_word_is_read_in_any_case),
        TEST_WITH_POOL(every_value_has_its_word),
        TEST_WITH_POOL(seconds_are_a_number_within_a_limit),
        TEST_WITH_POOL(a_lifetime_may_have_no_end),
        TEST_WITH_POOL(limits_that_are_not_said_follow_from_the_others),
        TEST_WITH_POOL(the_same_limits_are_the_same_whichever_are_said),
        TEST_WITH_POOL(wrong_limits_are_refused),
    };
    apr_initialize();
    int failed = RUN_GROUP(tests);
    apr_terminate();
    return failed;
}
