/* How failures are counted: when a counter refuses, when it is over, and what may not be told. */
#include "unit.h"

#include "../../lib/throttle/throttle_count.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define SECOND ((apr_time_t)1000000)
#define BEGIN (1795000000 * SECOND)

static const throttle_limit_t three = {.failures = 3, .window = 300 * SECOND};

static throttle_count_t after(const throttle_count_t *counter, apr_time_t now, ntlm_status_t status)
{
    return throttle_count_failure(counter, &three, now, status, false);
}

static throttle_said_t says(const throttle_count_t *counter, apr_time_t now)
{
    return throttle_count_says(counter, &three, now);
}

static throttle_count_t counted(unsigned failures)
{
    throttle_count_t counter = {0};
    for (unsigned i = 0; i < failures; i++)
        counter = after(&counter, BEGIN + i * SECOND, NTLM_WRONG_PASSWORD);
    return counter;
}

static void who_has_not_failed_is_let_in(void **state)
{
    (void)state;
    const throttle_count_t none = {0};
    const throttle_said_t said = says(&none, BEGIN);
    assert_false(said.refuses || said.known || said.exhausted);
}

static void as_many_failures_as_the_limit_are_too_many(void **state)
{
    (void)state;
    for (unsigned failures = 0; failures < 5; failures++) {
        const throttle_count_t counter = counted(failures);
        assert_int_equal(says(&counter, BEGIN + 10 * SECOND).refuses, failures >= 3);
        assert_false(says(&counter, BEGIN + 10 * SECOND).known);
        assert_int_equal(counter.count, failures < 3 ? failures : 3);
    }
}

static void the_first_refusal_is_known_to_the_others(void **state)
{
    (void)state;
    const throttle_count_t full = counted(3), marked = throttle_count_refused(&full, &three);
    const throttle_said_t said = says(&marked, BEGIN + 10 * SECOND);
    assert_true(said.refuses && said.known);
    assert_true(marked.since == full.since);
    const throttle_count_t failed = after(&marked, BEGIN + 10 * SECOND, NTLM_WRONG_PASSWORD);
    assert_int_equal(failed.count, marked.count);
}

static void the_time_runs_from_the_first_failure(void **state)
{
    (void)state;
    const throttle_count_t counter = counted(3);
    assert_true(counter.since == BEGIN);
    assert_true(throttle_count_end(&counter, &three) == BEGIN + 300 * SECOND);
    assert_true(says(&counter, BEGIN + 300 * SECOND - 1).refuses);
    assert_false(says(&counter, BEGIN + 300 * SECOND).refuses);
    const throttle_count_t anew = after(&counter, BEGIN + 300 * SECOND, NTLM_WRONG_PASSWORD);
    assert_int_equal(anew.count, 1);
    assert_true(anew.since == BEGIN + 300 * SECOND);
}

static void who_is_refused_hears_of_a_second_at_least(void **state)
{
    (void)state;
    static const struct {
        apr_time_t now;
        int left;
    } all[] = {
        {BEGIN, 301}, {BEGIN + 1, 300}, {BEGIN + 299 * SECOND, 2}, {BEGIN + 300 * SECOND - 1, 1}};
    const throttle_count_t counter = counted(3);
    for (size_t i = 0; i < COUNT(all); i++)
        assert_int_equal(throttle_count_left(&counter, &three, all[i].now), all[i].left);
}

/* Of several hosts one may go before the others; a clock that was set back is another thing. */
static void a_count_from_the_near_future_holds(void **state)
{
    (void)state;
    const throttle_count_t counter = counted(3);
    assert_true(says(&counter, BEGIN - 300 * SECOND + 1).refuses);
    assert_false(says(&counter, BEGIN - 300 * SECOND).refuses);
}

static void all_that_may_be_a_guess_is_a_failure(void **state)
{
    (void)state;
    static const ntlm_status_t none[] = {
        NTLM_OK,         NTLM_CRYPTO_FAILED, NTLM_NAMES_REFUSED,      NTLM_CONTROLLER_REFUSED,
        NTLM_FIREWALLED, NTLM_BLOCKED,       NTLM_LOGON_TYPE_REFUSED, NTLM_ACCOUNT_SPARED};
    for (int status = 0; status < NTLM_STATUS_COUNT; status++) {
        bool is_none = false;
        for (size_t i = 0; i < sizeof none / sizeof *none; i++)
            is_none |= (ntlm_status_t)status == none[i];
        assert_int_equal(throttle_count_is_failure((ntlm_status_t)status), !is_none);
    }
}

/* 429 would tell that the name is known: 503 goes on. */
static void guesses_during_an_outage_are_hidden(void **state)
{
    (void)state;
    throttle_count_t counter = counted(1);
    for (unsigned i = 1; i < 6; i++) {
        counter =
            throttle_count_failure(&counter, &three, BEGIN + 10 * SECOND, NTLM_BACKEND_DOWN, true);
        assert_int_equal(counter.hidden, i < 3 ? i : 3);
        assert_int_equal(counter.count, 1);
        assert_int_equal(says(&counter, BEGIN + 10 * SECOND).exhausted, i >= 3);
        assert_false(says(&counter, BEGIN + 10 * SECOND).refuses);
    }
    assert_false(says(&counter, BEGIN + 300 * SECOND).exhausted);
}

static void an_outage_without_a_guess_counts_for_nobody(void **state)
{
    (void)state;
    const throttle_count_t none = {0}, one = counted(1);
    const throttle_count_t begun = after(&none, BEGIN, NTLM_BACKEND_DOWN);
    assert_true(begun.count == 0 && begun.hidden == 0 && begun.since == BEGIN);
    const throttle_count_t same = after(&one, BEGIN + 10 * SECOND, NTLM_BACKEND_DOWN);
    assert_true(same.count == 1 && same.hidden == 0 && same.since == one.since);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(who_has_not_failed_is_let_in),
        cmocka_unit_test(as_many_failures_as_the_limit_are_too_many),
        cmocka_unit_test(the_first_refusal_is_known_to_the_others),
        cmocka_unit_test(the_time_runs_from_the_first_failure),
        cmocka_unit_test(who_is_refused_hears_of_a_second_at_least),
        cmocka_unit_test(a_count_from_the_near_future_holds),
        cmocka_unit_test(all_that_may_be_a_guess_is_a_failure),
        cmocka_unit_test(guesses_during_an_outage_are_hidden),
        cmocka_unit_test(an_outage_without_a_guess_counts_for_nobody),
    };
    return RUN_GROUP(tests);
}
