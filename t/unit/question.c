/* A question to a controller, and what becomes of it when nobody waits any more. */
#include "decider.h"

#include "../../lib/creds/verify/question.h"

static question_to_t asked_with(apr_interval_time_t stall)
{
    static int count;
    const helpers_how_t how = {.threads = 1,
                               .stall = stall,
                               .queue = apr_time_from_sec(30),
                               .begin = begin_fake,
                               .end = end_fake,
                               .baton = &fake};
    question_to_t to = {.backend = &fake_backend, .opened = &fake};
    to.helpers = helpers_open(pool, &how);
    assert_null(tries_open(pool, apr_psprintf(pool, "question %d", count++),
                           (tries_limit_t){2, apr_time_from_sec(1800)}, &to.tries));
    return to;
}

static tries_turn_t turn_of(const question_to_t *to, uint8_t address)
{
    const tries_who_t who = {{1}, {address}};
    tries_turn_t turn;
    int retry_after;
    assert_int_equal(question_turn(to, &who, &turn, &retry_after), TRIES_ASK);
    return turn;
}

static void the_verdict_is_the_askers_and_so_is_the_turn(void **state)
{
    (void)state;
    const question_to_t to = asked_with(apr_time_from_sec(30));
    const creds_logon_t logon = logon_of("alice", "CORP");
    const tries_turn_t turn = turn_of(&to, 2);
    creds_verdict_t verdict;
    bool is_late = true;
    fake = (fake_t){.says = {.name = "Alice", .session_base_key = {7}}};
    question_put(&to, pool, &logon, &turn, &verdict, &is_late);
    assert_false(is_late);
    assert_string_equal(verdict.name, "Alice");
    assert_int_equal(verdict.session_base_key[0], 7);
    assert_string_equal(fake.user, "alice");
    assert_string_equal(fake.named, "CORP");
    tries_end(to.tries, &turn, TRIES_RIGHT);
    (void)turn_of(&to, 2);
}

static void one_that_hangs_is_given_up_and_counts_when_it_is_answered(void **state)
{
    (void)state;
    const question_to_t to = asked_with(50000);
    const creds_logon_t logon = logon_of("alice", "CORP");
    const tries_turn_t turn = turn_of(&to, 2);
    creds_verdict_t verdict;
    bool is_late = false;
    fake = (fake_t){.says = {.nt_status = 0xC000006A}, .blocks = true};
    question_put(&to, pool, &logon, &turn, &verdict, &is_late);
    assert_true(is_late && verdict.is_silent);
    assert_non_null(verdict.why);
    const tries_who_t who = {{1}, {2}}, other = {{3}, {2}};
    tries_turn_t next, others;
    int retry_after;
    assert_int_equal(question_turn(&to, &who, &next, &retry_after),
                     TRIES_ASK); /* it is another's */
    assert_int_equal(question_turn(&to, &who, &others, &retry_after), TRIES_TOO_LONG);
    assert_int_equal(question_turn(&to, &other, &others, &retry_after), TRIES_ASK);
    tries_end(to.tries, &next, TRIES_WRONG);
    assert_int_equal(question_turn(&to, &who, &next, &retry_after), TRIES_TOO_LONG);
    fake.blocks = false; /* which was the second one */
    while (question_turn(&to, &who, &next, &retry_after) == TRIES_TOO_LONG) apr_sleep(1000);
    assert_int_equal(question_turn(&to, &who, &next, &retry_after), TRIES_SPENT);
}

static void one_that_hangs_and_has_no_answer_may_have_been_wrong(void **state)
{
    (void)state;
    const creds_verdict_t none[] = {{.is_silent = true}, {.nt_status = 0xC000005E}};
    for (int i = 0; i < 2; i++) {
        const question_to_t to = asked_with(50000);
        const creds_logon_t logon = logon_of("alice", "CORP");
        tries_turn_t turn = turn_of(&to, 2);
        const tries_who_t who = {{1}, {3}};
        creds_verdict_t verdict;
        bool is_late = false;
        int retry_after;
        fake = (fake_t){.says = none[i], .blocks = true};
        question_put(&to, pool, &logon, &turn, &verdict, &is_late);
        assert_true(is_late);
        turn = turn_of(&to, 2);
        tries_end(to.tries, &turn, TRIES_WRONG);
        fake.blocks = false;
        while (question_turn(&to, &who, &turn, &retry_after) == TRIES_TOO_LONG) apr_sleep(1000);
        assert_int_equal(question_turn(&to, &who, &turn, &retry_after), TRIES_SPENT);
    }
}

static void what_an_account_is_called_is_asked_for_likewise(void **state)
{
    (void)state;
    const question_to_t to = asked_with(apr_time_from_sec(30));
    const char *name = NULL;
    fake = (fake_t){.upn = "al@corp.test"};
    assert_null(question_account(&to, pool, "al@corp.test", &name));
    assert_string_equal(name, "Alice");
    assert_null(question_account(&to, pool, "bob@corp.test", &name));
    assert_string_equal(name, "");
    fake.no_account = "it is away";
    assert_refusal(question_account(&to, pool, "al@corp.test", &name), "it is away");
}

static void names_are_asked_for_likewise(void **state)
{
    (void)state;
    const question_to_t to = asked_with(apr_time_from_sec(30));
    creds_names_t names;
    fake = (fake_t){.computer = "WEB", .domain = "CORP", .dns = "corp.test"};
    assert_null(question_names(&to, pool, &names));
    assert_string_equal(names.domain, "CORP");
    fake.no_names = "it is away";
    assert_refusal(question_names(&to, pool, &names), "it is away");
}

int main(void)
{
    int failed;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_verdict_is_the_askers_and_so_is_the_turn),
        cmocka_unit_test(one_that_hangs_is_given_up_and_counts_when_it_is_answered),
        cmocka_unit_test(one_that_hangs_and_has_no_answer_may_have_been_wrong),
        cmocka_unit_test(what_an_account_is_called_is_asked_for_likewise),
        cmocka_unit_test(names_are_asked_for_likewise),
    };
    RUN_GROUP_IN_FOLDER(tests, failed);
    return failed;
}
