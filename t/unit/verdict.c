/* What becomes of what a controller says. */
#include "folder.h"

#include "../../lib/creds/verify/verdict.h"

static creds_verdict_t good(void)
{
    return (creds_verdict_t){.session_base_key = {1},
                             .name = "alice",
                             .domain = "CORP",
                             .user_id = 1104,
                             .account_control = 0x10};
}

static void assert_judged(const creds_verdict_t *verdict, ntlm_status_t status,
                          tries_outcome_t outcome, const char *why)
{
    tries_outcome_t found;
    const char *said;
    assert_int_equal(verdict_status(pool, verdict, false, &found, &said), status);
    assert_int_equal(found, outcome);
    if (why)
        assert_refusal(said, why);
    else
        assert_null(said);
}

static void each_number_has_its_status_and_only_guesses_stay_counted(void **state)
{
    (void)state;
    static const struct {
        uint32_t nt_status;
        ntlm_status_t status;
    } all[] = {{0xC0000072, NTLM_ACCOUNT_DISABLED},    {0xC0000193, NTLM_ACCOUNT_EXPIRED},
               {0xC0000071, NTLM_PASSWORD_EXPIRED},    {0xC0000224, NTLM_PASSWORD_MUST_CHANGE},
               {0xC0000234, NTLM_ACCOUNT_LOCKED},      {0xC000006F, NTLM_LOGON_HOURS},
               {0xC0000070, NTLM_WORKSTATION_REFUSED}, {0xC000006E, NTLM_ACCOUNT_RESTRICTED},
               {0xC0000413, NTLM_FIREWALLED},          {0xC0000418, NTLM_BLOCKED},
               {0xC0000198, NTLM_COMPUTER_ACCOUNT},    {0xC0000199, NTLM_COMPUTER_ACCOUNT},
               {0xC000019A, NTLM_COMPUTER_ACCOUNT},    {0xC000015B, NTLM_LOGON_TYPE_REFUSED},
               {0xC000006D, NTLM_NAMES_REFUSED}};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        assert_judged(&(creds_verdict_t){.nt_status = all[i].nt_status}, all[i].status,
                      TRIES_UNDECIDED, NULL);
    assert_judged(&(creds_verdict_t){.nt_status = 0xC000006A}, NTLM_WRONG_PASSWORD, TRIES_WRONG,
                  NULL);
    assert_judged(&(creds_verdict_t){.nt_status = 0xC0000064}, NTLM_NO_SUCH_USER, TRIES_WRONG,
                  NULL);
}

static void a_number_without_a_row_is_told_and_is_no_guess(void **state)
{
    (void)state;
    assert_judged(&(creds_verdict_t){.nt_status = 0xC0000022}, NTLM_CONTROLLER_REFUSED,
                  TRIES_UNDECIDED, "the controller says 0xC0000022");
    assert_judged(&(creds_verdict_t){.nt_status = 1, .why = "so it is"}, NTLM_CONTROLLER_REFUSED,
                  TRIES_UNDECIDED, "the controller says 0x00000001, so it is");
}

static void who_cannot_decide_now_is_down_and_has_counted_nothing(void **state)
{
    (void)state;
    static const uint32_t all[] = {0xC000005E, 0xC00000DC, 0xC0000192, 0xC000018A,
                                   0xC000018B, 0xC000018C, 0xC000018D, 0xC0000190,
                                   0xC0000233, 0xC00000B5, 0xC000009A};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        const creds_verdict_t verdict = {.nt_status = all[i], .is_not_final = i % 2 == 0};
        assert_judged(&verdict, NTLM_BACKEND_DOWN, TRIES_UNDECIDED,
                      apr_psprintf(pool, "the controller says 0x%08X", (unsigned)all[i]));
    }
    creds_verdict_t silent = good();
    silent.is_silent = true;
    silent.why = "it is away";
    assert_judged(&silent, NTLM_BACKEND_DOWN, TRIES_UNDECIDED, "it is away");
}

static void what_is_not_final_another_source_may_know(void **state)
{
    (void)state;
    assert_judged(&(creds_verdict_t){.nt_status = 0xC000006A, .is_not_final = true},
                  NTLM_NO_SUCH_USER, TRIES_WRONG, NULL);
    assert_judged(&(creds_verdict_t){.nt_status = 0xC0000072, .is_not_final = true},
                  NTLM_NO_SUCH_USER, TRIES_UNDECIDED, NULL);
}

static void who_is_let_in_is_judged_too(void **state)
{
    (void)state;
    creds_verdict_t verdict = good();
    assert_judged(&verdict, NTLM_OK, TRIES_RIGHT, NULL);
    static const struct {
        uint32_t flags;
        const char *why;
    } all[] = {{0x1, "it is the guest's"},
               {0x2, "its key is made of an LM hash"},
               {0x8, "its key is made of an LM hash"},
               {0x40, "its key is of a subauthentication package"}};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        verdict.user_flags = all[i].flags | 0x20;
        assert_judged(&verdict, NTLM_ANSWER_REFUSED, TRIES_UNDECIDED, all[i].why);
    }
    verdict = good();
    verdict.user_flags = 0x120; /* extra SIDs, and one that says nothing of the proof */
    assert_judged(&verdict, NTLM_OK, TRIES_RIGHT, NULL);
    verdict.user_id = 501;
    assert_judged(&verdict, NTLM_ANSWER_REFUSED, TRIES_UNDECIDED, "it is the guest's");
    verdict = good();
    verdict.session_base_key[0] = 0;
    assert_judged(&verdict, NTLM_ANSWER_REFUSED, TRIES_UNDECIDED, "there is no session key");
    verdict = good();
    verdict.name = "";
    assert_judged(&verdict, NTLM_ANSWER_REFUSED, TRIES_UNDECIDED, "it has no name");
}

static void computers_are_let_in_where_they_may_and_trusts_never(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        uint32_t control;
        ntlm_status_t as_user, as_computer;
    } all[] = {{"WEB$", 0x80, NTLM_COMPUTER_ACCOUNT, NTLM_OK},
               {"DC1$", 0x100, NTLM_COMPUTER_ACCOUNT, NTLM_OK},
               {"WEB", 0x80, NTLM_COMPUTER_ACCOUNT, NTLM_OK},
               {"WEB$", 0x10, NTLM_COMPUTER_ACCOUNT, NTLM_OK},
               {"OTHER$", 0x40, NTLM_COMPUTER_ACCOUNT, NTLM_COMPUTER_ACCOUNT}};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        creds_verdict_t verdict = good();
        tries_outcome_t outcome;
        const char *why;
        verdict.name = all[i].name;
        verdict.account_control = all[i].control;
        assert_int_equal(verdict_status(pool, &verdict, false, &outcome, &why), all[i].as_user);
        assert_int_equal(verdict_status(pool, &verdict, true, &outcome, &why), all[i].as_computer);
        assert_int_equal(outcome, TRIES_RIGHT);
    }
}

int main(void)
{
    int failed;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_number_has_its_status_and_only_guesses_stay_counted),
        cmocka_unit_test(a_number_without_a_row_is_told_and_is_no_guess),
        cmocka_unit_test(who_cannot_decide_now_is_down_and_has_counted_nothing),
        cmocka_unit_test(what_is_not_final_another_source_may_know),
        cmocka_unit_test(who_is_let_in_is_judged_too),
        cmocka_unit_test(computers_are_let_in_where_they_may_and_trusts_never),
    };
    RUN_GROUP_IN_FOLDER(tests, failed);
    return failed;
}
