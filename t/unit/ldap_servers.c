/* Which server is asked, and what is news. The clock is the test's. */
#include "folder.h"

#include "../../lib/creds/ldap/ldap_servers.h"

enum { SECOND = APR_USEC_PER_SEC, START = 1000 * SECOND, TIMEOUT = 3 };

static ldap_servers_t *opened(int count)
{
    ldap_servers_t *servers = NULL;
    assert_null(ldap_servers_open(pool, count, apr_time_from_sec(TIMEOUT), &servers));
    return servers;
}

static void the_first_that_was_not_tried_is_asked(void **state)
{
    (void)state;
    ldap_servers_t *servers = opened(3);
    assert_int_equal(ldap_servers_pick(servers, 0, START), 0);
    assert_int_equal(ldap_servers_pick(servers, 1, START), 1);
    assert_int_equal(ldap_servers_pick(servers, 5, START), 1);
    assert_int_equal(ldap_servers_pick(servers, 7, START), -1);
}

static void an_outage_is_news_once_and_so_is_its_end(void **state)
{
    (void)state;
    ldap_servers_t *servers = opened(2);
    assert_false(ldap_servers_answered(servers, 0));
    assert_true(ldap_servers_failed(servers, 0, START));
    assert_false(ldap_servers_failed(servers, 0, START));
    assert_true(ldap_servers_failed(servers, 1, START));
    assert_true(ldap_servers_answered(servers, 0));
    assert_false(ldap_servers_answered(servers, 0));
    assert_true(ldap_servers_failed(servers, 0, START));
}

static void a_server_that_failed_is_left_alone_for_a_second(void **state)
{
    (void)state;
    ldap_servers_t *servers = opened(2);
    ldap_servers_failed(servers, 0, START);
    assert_int_equal(ldap_servers_pick(servers, 0, START), 1);
    assert_int_equal(ldap_servers_pick(servers, 0, START + SECOND - 1), 1);
    assert_int_equal(ldap_servers_pick(servers, 0, START + SECOND), 0);
}

static void one_request_tries_it_while_the_others_go_on(void **state)
{
    (void)state;
    ldap_servers_t *servers = opened(2);
    ldap_servers_failed(servers, 0, START);
    assert_int_equal(ldap_servers_pick(servers, 0, START + SECOND), 0);
    assert_int_equal(ldap_servers_pick(servers, 0, START + SECOND), 1);
    assert_int_equal(ldap_servers_pick(servers, 0, START + 3 * SECOND), 1);
    ldap_servers_answered(servers, 0);
    assert_int_equal(ldap_servers_pick(servers, 0, START + 3 * SECOND), 0);
}

static void a_claim_of_a_process_that_died_ends(void **state)
{
    (void)state;
    ldap_servers_t *servers = opened(2);
    ldap_servers_failed(servers, 0, START);
    assert_int_equal(ldap_servers_pick(servers, 0, START + SECOND), 0);
    assert_int_equal(ldap_servers_pick(servers, 0, START + (1 + 2 * TIMEOUT) * SECOND - 1), 1);
    assert_int_equal(ldap_servers_pick(servers, 0, START + (1 + 2 * TIMEOUT) * SECOND), 0);
}

static void the_wait_grows_to_half_a_minute_while_another_answers(void **state)
{
    (void)state;
    static const int waits[] = {1, 2, 4, 8, 16, 30, 30, 30};
    ldap_servers_t *servers = opened(2);
    apr_time_t now = START;
    ldap_servers_failed(servers, 0, now);
    for (size_t i = 0; i < sizeof waits / sizeof *waits; i++) {
        assert_int_equal(ldap_servers_pick(servers, 0, now + waits[i] * SECOND - 1), 1);
        now += waits[i] * SECOND;
        assert_int_equal(ldap_servers_pick(servers, 0, now), 0);
        ldap_servers_failed(servers, 0, now);
    }
}

static void many_that_fail_at_once_count_as_one(void **state)
{
    (void)state;
    ldap_servers_t *servers = opened(2);
    for (int i = 0; i < 20; i++) ldap_servers_failed(servers, 0, START);
    assert_int_equal(ldap_servers_pick(servers, 0, START + SECOND), 0);
}

static void when_none_answers_each_is_tried_once_a_second(void **state)
{
    (void)state;
    ldap_servers_t *servers = opened(2);
    apr_time_t now = START;
    for (int i = 0; i < 10; i++) {
        ldap_servers_failed(servers, 0, now);
        ldap_servers_failed(servers, 1, now);
        assert_int_equal(ldap_servers_pick(servers, 0, now), -1);
        now += SECOND;
        assert_int_equal(ldap_servers_pick(servers, 0, now), 0);
        assert_int_equal(ldap_servers_pick(servers, 1, now), 1);
        assert_int_equal(ldap_servers_pick(servers, 0, now), -1);
    }
}

static void who_sees_the_last_one_fail_tries_the_others_at_once(void **state)
{
    (void)state;
    ldap_servers_t *servers = opened(2);
    ldap_servers_failed(servers, 0, START);
    assert_int_equal(ldap_servers_pick(servers, 0, START), 1);
    assert_int_equal(ldap_servers_pick(servers, 2, START), -1);
    ldap_servers_failed(servers, 1, START);
    assert_int_equal(ldap_servers_pick(servers, 2, START), 0);
    assert_int_equal(ldap_servers_pick(servers, 2, START), 0);
    assert_int_equal(ldap_servers_pick(servers, 3, START), -1);
    assert_int_equal(ldap_servers_pick(servers, 0, START), -1);
}

static void many_that_see_it_fail_do_not_wait_for_one_of_them(void **state)
{
    (void)state;
    ldap_servers_t *servers = opened(3);
    ldap_servers_failed(servers, 0, START - 60 * SECOND);
    ldap_servers_failed(servers, 2, START);
    assert_int_equal(ldap_servers_pick(servers, 0, START), 0); /* claimed by one */
    assert_int_equal(ldap_servers_pick(servers, 0, START), 1);
    assert_int_equal(ldap_servers_pick(servers, 4, START), 1);
    for (int i = 0; i < 16; i++) ldap_servers_failed(servers, 1, START);
    for (int i = 0; i < 16; i++) assert_int_equal(ldap_servers_pick(servers, 2, START), 0);
    assert_int_equal(ldap_servers_pick(servers, 3, START), 2);
}

static void the_last_ones_end_lets_all_look_at_the_others_for_a_second(void **state)
{
    (void)state;
    ldap_servers_t *servers = opened(2);
    ldap_servers_failed(servers, 0, START - 60 * SECOND);
    ldap_servers_failed(servers, 1, START);
    for (int i = 0; i < 16; i++) assert_int_equal(ldap_servers_pick(servers, 0, START), 0);
    assert_int_equal(ldap_servers_pick(servers, 0, START + SECOND - 1), 0);
    assert_int_equal(ldap_servers_pick(servers, 0, START + SECOND), 1);
    assert_int_equal(ldap_servers_pick(servers, 0, START + SECOND), -1);
}

int main(void)
{
    int failed;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_that_was_not_tried_is_asked),
        cmocka_unit_test(an_outage_is_news_once_and_so_is_its_end),
        cmocka_unit_test(a_server_that_failed_is_left_alone_for_a_second),
        cmocka_unit_test(one_request_tries_it_while_the_others_go_on),
        cmocka_unit_test(a_claim_of_a_process_that_died_ends),
        cmocka_unit_test(the_wait_grows_to_half_a_minute_while_another_answers),
        cmocka_unit_test(many_that_fail_at_once_count_as_one),
        cmocka_unit_test(when_none_answers_each_is_tried_once_a_second),
        cmocka_unit_test(who_sees_the_last_one_fail_tries_the_others_at_once),
        cmocka_unit_test(the_last_ones_end_lets_all_look_at_the_others_for_a_second),
        cmocka_unit_test(many_that_see_it_fail_do_not_wait_for_one_of_them),
    };
    RUN_GROUP_IN_FOLDER(tests, failed);
    return failed;
}
