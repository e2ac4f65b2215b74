/* What is counted of an outcome, and where; that all processes count together. */
#include "unit.h"
#include "pool.h"

#include <sys/wait.h>
#include <unistd.h>

#include "../../lib/system/retained.h"
#include "../../lib/status/counters.h"

/* ---- the table ---- */

static bool is_name(const char *text, const char *beginning, const char *end)
{
    const size_t len = strlen(text), tail = strlen(end);
    return strncmp(text, beginning, strlen(beginning)) == 0 && len > tail &&
           strcmp(text + len - tail, end) == 0;
}

static void every_counter_has_names_and_says_what_it_is(void **state)
{
    (void)state;
    for (counter_id_t id = 0; id < COUNTER_COUNT; id++) {
        const counter_t *row = counter_row(id);
        assert_true(is_name(row->name, "ntlm_", "_total"));
        assert_true(is_name(row->key, "NTLM", ""));
        assert_non_null(row->help);
        assert_null(counter_text(id, COUNTER_PLACES));
    }
}

static uint64_t all_of(counter_id_t id)
{
    uint64_t sum = 0;
    for (size_t place = 0; place < COUNTER_PLACES; place++)
        if (counter_text(id, place)) sum += counter_value(id, place);
    return sum;
}

/* Those that divide the outcomes among them. */
static uint64_t outcomes(void)
{
    return all_of(COUNTER_HANDSHAKES) + all_of(COUNTER_ABANDONED) + all_of(COUNTER_LOGINS) +
           all_of(COUNTER_REFUSALS) + all_of(COUNTER_ASKED);
}

static void every_status_is_counted_once_under_its_name(void **state)
{
    (void)state;
    for (ntlm_status_t status = 0; status < NTLM_STATUS_COUNT; status++) {
        const bool is_outcome = status != NTLM_NEED_KEY && status != NTLM_NEED_NONCE;
        const uint64_t before = outcomes();
        counters_outcome(&(counters_outcome_t){.status = status, .scheme = SCHEME_NTLM});
        assert_int_equal(outcomes() - before, is_outcome);
    }
    const char *name = counter_text(COUNTER_REFUSALS, NTLM_WRONG_PASSWORD);
    assert_string_equal(name, "wrong-password");
    assert_null(counter_text(COUNTER_REFUSALS, NTLM_OK));
    assert_null(counter_text(COUNTER_REFUSALS, NTLM_CHALLENGE_SENT));
    assert_string_equal(counter_text(COUNTER_ASKED, NTLM_NO_CREDENTIALS), "no-credentials");
    assert_string_equal(counter_text(COUNTER_HANDSHAKES, 0), "");
}

/* ---- logins ---- */

static void logins_are_counted_by_scheme_with_what_they_have(void **state)
{
    (void)state;
    static const counter_id_t with[] = {COUNTER_LOGINS_MIC, COUNTER_LOGINS_BINDING,
                                        COUNTER_LOGINS_SERVICE, COUNTER_LOGINS_KERBEROS};
    const counters_outcome_t has[] = {
        {.mic = NTLM_MIC_OK},
        {.binding = NTLM_BINDING_OK},
        {.service = NTLM_SERVICE_OK},
        {.lists_kerberos = true},
    };
    for (size_t i = 0; i < sizeof with / sizeof with[0]; i++) {
        counters_outcome_t outcome = has[i];
        uint64_t before[sizeof with / sizeof with[0]];
        for (size_t k = 0; k < sizeof with / sizeof with[0]; k++)
            before[k] = counter_value(with[k], SCHEME_NEGOTIATE);
        outcome.scheme = SCHEME_NEGOTIATE;
        counters_outcome(&outcome);
        outcome.status = NTLM_WRONG_PASSWORD;
        counters_outcome(&outcome);
        for (size_t k = 0; k < sizeof with / sizeof with[0]; k++)
            assert_int_equal(counter_value(with[k], SCHEME_NEGOTIATE) - before[k], i == k);
    }
    assert_string_equal(counter_text(COUNTER_LOGINS_MIC, SCHEME_NEGOTIATE), "Negotiate");
    assert_null(counter_text(COUNTER_LOGINS, SCHEME_NONE));
}

static void what_was_not_compared_is_not_counted_as_had(void **state)
{
    (void)state;
    const uint64_t before = all_of(COUNTER_LOGINS_MIC) + all_of(COUNTER_LOGINS_BINDING) +
                            all_of(COUNTER_LOGINS_SERVICE);
    counters_outcome(&(counters_outcome_t){.scheme = SCHEME_NTLM,
                                           .mic = NTLM_MIC_UNCHECKED,
                                           .binding = NTLM_BINDING_UNCHECKED,
                                           .service = NTLM_SERVICE_UNTRUSTED});
    assert_int_equal(all_of(COUNTER_LOGINS_MIC) + all_of(COUNTER_LOGINS_BINDING) +
                         all_of(COUNTER_LOGINS_SERVICE),
                     before);
}

static void basic_that_is_refused_as_a_scheme_came_unasked(void **state)
{
    (void)state;
    const uint64_t before = all_of(COUNTER_BASIC_UNASKED);
    counters_outcome(&(counters_outcome_t){.status = NTLM_SCHEME_REFUSED});
    counters_outcome(&(counters_outcome_t){.status = NTLM_BASIC_REFUSED, .scheme = SCHEME_BASIC});
    assert_int_equal(all_of(COUNTER_BASIC_UNASKED), before);
    counters_outcome(&(counters_outcome_t){.status = NTLM_SCHEME_REFUSED, .scheme = SCHEME_BASIC});
    assert_int_equal(all_of(COUNTER_BASIC_UNASKED), before + 1);
}

/* ---- all processes ---- */

static void children_count_together_and_a_restart_loses_nothing(void **state)
{
    (void)state;
    enum { CHILDREN = 3, TIMES = 10000 };
    pid_t children[CHILDREN];
    assert_int_equal(counters_open(pool), APR_SUCCESS);
    assert_int_equal(all_of(COUNTER_HANDSHAKES), 0);
    for (int i = 0; i < CHILDREN; i++) {
        if ((children[i] = fork()) != 0) continue;
        for (int k = 0; k < TIMES; k++)
            counters_outcome(&(counters_outcome_t){.status = NTLM_CHALLENGE_SENT});
        _exit(0);
    }
    for (int i = 0; i < CHILDREN; i++) assert_int_equal(waitpid(children[i], NULL, 0), children[i]);
    assert_int_equal(all_of(COUNTER_HANDSHAKES), CHILDREN * TIMES);
    retained_sweep(pool);
    assert_int_equal(counters_open(pool), APR_SUCCESS);
    assert_int_equal(all_of(COUNTER_HANDSHAKES), CHILDREN * TIMES);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_counter_has_names_and_says_what_it_is),
        cmocka_unit_test(every_status_is_counted_once_under_its_name),
        cmocka_unit_test(logins_are_counted_by_scheme_with_what_they_have),
        cmocka_unit_test(what_was_not_compared_is_not_counted_as_had),
        cmocka_unit_test(basic_that_is_refused_as_a_scheme_came_unasked),
        cmocka_unit_test(children_count_together_and_a_restart_loses_nothing),
    };
    return RUN_GROUP_IN_POOL(tests);
}
