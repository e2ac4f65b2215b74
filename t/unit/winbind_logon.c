/* What winbindd is asked about a login, and what becomes of its answer. */
#include "unit.h"

#include "pool.h"

#include <apr_strings.h>

#include "../../lib/winbind/winbind_logon.h"
#include "../lib/wbclient_stubs.h"

static const uint8_t challenge[NTLM_CHALLENGE_LEN] = {1, 2, 3, 4, 5, 6, 7, 8};
static const uint8_t response[] = {0xa1, 0xa2, 0xa3, 0xa4, 0xa5, 0xa6, 0xa7, 0xa8, 0xa9};

/* No more of a context is looked at than whether there is one. */
static char any;
#define CONTEXT ((struct wbcContext *)(void *)&any)

static creds_logon_t a_logon(void)
{
    wbclient_stubs_reset();
    return (creds_logon_t){.user = "alice",
                           .domain = "CORP",
                           .workstation = "PC7",
                           .challenge = challenge,
                           .nt_response = {response, sizeof response}};
}

static creds_verdict_t verdict_on(const creds_logon_t *logon)
{
    creds_verdict_t verdict = {0};
    winbind_logon(CONTEXT, pool, logon, &verdict);
    assert_int_equal(wbclient_stubs.allocated, 0);
    return verdict;
}

static void names_and_response_are_asked_about_as_they_came(void **state)
{
    (void)state;
    creds_logon_t logon = a_logon();
    verdict_on(&logon);
    const struct wbcAuthUserParams *asked = &wbclient_stubs.asked;
    assert_string_equal(asked->account_name, "alice");
    assert_string_equal(asked->domain_name, "CORP");
    assert_string_equal(asked->workstation_name, "PC7");
    assert_int_equal(asked->level, WBC_AUTH_USER_LEVEL_RESPONSE);
    assert_memory_equal(asked->password.response.challenge, challenge, sizeof challenge);
    assert_int_equal(asked->password.response.nt_length, sizeof response);
    assert_memory_equal(wbclient_stubs.response, response, sizeof wbclient_stubs.response);
    assert_int_equal(wbclient_stubs.logons, 1);
}

static void no_lm_response_is_ever_passed_on(void **state)
{
    (void)state;
    creds_logon_t logon = a_logon();
    verdict_on(&logon);
    assert_int_equal(wbclient_stubs.asked.password.response.lm_length, 0);
    assert_null(wbclient_stubs.asked.password.response.lm_data);
}

static void no_guest_is_tried_and_computers_only_where_they_may(void **state)
{
    (void)state;
    creds_logon_t logon = a_logon();
    verdict_on(&logon);
    assert_int_equal(wbclient_stubs.asked.parameter_control, 0x10);
    logon.computers = true;
    verdict_on(&logon);
    assert_int_equal(wbclient_stubs.asked.parameter_control, 0x830);
}

static void who_is_let_in_has_a_key_and_names(void **state)
{
    (void)state;
    creds_logon_t logon = a_logon();
    wbclient_stubs.info.user_flags = 0x120;
    wbclient_stubs.info.acct_flags = 0x10;
    memset(wbclient_stubs.info.user_session_key, 0x5a, 16);
    memset(wbclient_stubs.info.lm_session_key, 0x5b, 8);
    const creds_verdict_t verdict = verdict_on(&logon);
    assert_int_equal(verdict.nt_status, 0);
    assert_false(verdict.is_silent);
    assert_false(verdict.is_not_final);
    assert_null(verdict.why);
    assert_key(verdict.session_base_key, "5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a");
    assert_true(wbclient_stubs.is_wiped);
    assert_string_equal(verdict.name, "alice");
    assert_string_equal(verdict.domain, "CORP");
    assert_int_equal(verdict.user_flags, 0x120);
    assert_int_equal(verdict.account_control, 0x10);
    assert_int_equal(verdict.user_id, 1103);
    assert_int_equal(verdict.group_count, 1);
}

static apr_time_t kick_off_of(uint64_t seconds)
{
    creds_logon_t logon = a_logon();
    wbclient_stubs.info.kickoff_time = seconds;
    return verdict_on(&logon).kick_off;
}

static void a_login_may_have_an_end(void **state)
{
    (void)state;
    assert_int_equal(kick_off_of(0), 0);
    assert_int_equal(kick_off_of(1795996610), apr_time_from_sec(1795996610));
    assert_int_equal(kick_off_of(910692730084), apr_time_from_sec(910692730084));
    assert_int_equal(kick_off_of(910692730085), 0);
    assert_int_equal(kick_off_of(UINT64_MAX), 0);
}

static void a_refusal_is_passed_on(void **state)
{
    (void)state;
    creds_logon_t logon = a_logon();
    wbclient_stubs.verdict = WBC_ERR_AUTH_ERROR;
    wbclient_stubs.refusal.nt_status = 0xC000006A;
    creds_verdict_t verdict = verdict_on(&logon);
    assert_int_equal(verdict.nt_status, 0xC000006A);
    assert_false(verdict.is_silent);
    assert_false(verdict.is_not_final);
    assert_null(verdict.name);
    wbclient_stubs.refusal.authoritative = 0;
    verdict = verdict_on(&logon);
    assert_int_equal(verdict.nt_status, 0xC000006A);
    assert_true(verdict.is_not_final);
}

static void what_is_no_verdict_is_silence_and_lets_nobody_in(void **state)
{
    static const struct {
        wbcErr error;
        const char *why;
    } cases[] = {
        {WBC_ERR_AUTH_ERROR, "winbindd: WBC_ERR_AUTH_ERROR"}, /* without a status */
        {WBC_ERR_INVALID_RESPONSE, "winbindd: WBC_ERR_INVALID_RESPONSE"},
        {WBC_ERR_NO_MEMORY, "winbindd: WBC_ERR_NO_MEMORY"},
        {WBC_ERR_WINBIND_NOT_AVAILABLE,
         "winbindd does not run; start it (Debian: systemctl start winbind)"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        creds_logon_t logon = a_logon();
        wbclient_stubs.verdict = cases[i].error;
        wbclient_stubs.ping = WBC_ERR_WINBIND_NOT_AVAILABLE;
        const creds_verdict_t verdict = verdict_on(&logon);
        assert_true(verdict.is_silent);
        assert_refusal(verdict.why, cases[i].why);
        assert_null(verdict.name);
    }
}

static void without_a_context_nobody_is_asked(void **state)
{
    (void)state;
    creds_logon_t logon = a_logon();
    creds_verdict_t verdict = {0};
    winbind_logon(NULL, pool, &logon, &verdict);
    assert_true(verdict.is_silent);
    assert_int_equal(wbclient_stubs.logons, 0);
}

/* "alice", 250 blanks and an "x" would be cut off behind blanks, and be alice there. */
static const char *long_name(size_t len)
{
    char *name = apr_palloc(pool, len + 1);
    memset(name, ' ', len);
    memcpy(name, "alice", 5);
    name[len - 1] = 'x';
    name[len] = '\0';
    return name;
}

static void a_name_that_would_be_cut_off_is_not_asked_about(void **state)
{
    (void)state;
    creds_logon_t logon = a_logon();
    logon.user = long_name(255);
    verdict_on(&logon);
    assert_int_equal(wbclient_stubs.logons, 1);
    logon.user = long_name(256);
    creds_verdict_t verdict = verdict_on(&logon);
    assert_int_equal(wbclient_stubs.logons, 1);
    assert_int_equal(verdict.nt_status, 0xC0000064);
    assert_true(verdict.is_not_final);
    logon = a_logon();
    logon.domain = long_name(256);
    verdict = verdict_on(&logon);
    assert_int_equal(wbclient_stubs.logons, 0);
    assert_int_equal(verdict.nt_status, 0xC0000064);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_and_response_are_asked_about_as_they_came),
        cmocka_unit_test(no_lm_response_is_ever_passed_on),
        cmocka_unit_test(no_guest_is_tried_and_computers_only_where_they_may),
        cmocka_unit_test(who_is_let_in_has_a_key_and_names),
        cmocka_unit_test(a_login_may_have_an_end),
        cmocka_unit_test(a_refusal_is_passed_on),
        cmocka_unit_test(what_is_no_verdict_is_silence_and_lets_nobody_in),
        cmocka_unit_test(without_a_context_nobody_is_asked),
        cmocka_unit_test(a_name_that_would_be_cut_off_is_not_asked_about),
    };
    return RUN_GROUP_IN_POOL(tests);
}
