/* The list of outcomes: names that administrators grep for never change. */
#include "unit.h"

#include "../../lib/ntlm/status.h"

/* The names as they were published; a new outcome adds a line, no line changes. */
static const char *const names[] = {
    [NTLM_OK] = "ok",
    [NTLM_NEED_KEY] = "need-key",
    [NTLM_NEED_NONCE] = "need-nonce",
    [NTLM_CHALLENGE_SENT] = "challenge-sent",
    [NTLM_SPNEGO_CONTINUES] = "spnego-continues",
    [NTLM_NO_CREDENTIALS] = "no-credentials",
    [NTLM_OTHER_SCOPE] = "other-scope",
    [NTLM_HTTP11_REQUIRED] = "http11-required",
    [NTLM_LOGIN_ENDED] = "login-ended",
    [NTLM_SCHEME_REFUSED] = "scheme-refused",
    [NTLM_BASIC_REFUSED] = "basic-refused",
    [NTLM_MALFORMED] = "malformed",
    [NTLM_NOT_EXPECTED] = "not-expected",
    [NTLM_REPLAYED] = "replayed",
    [NTLM_STALE_CHALLENGE] = "stale-challenge",
    [NTLM_CHALLENGE_EXPIRED] = "challenge-expired",
    [NTLM_CHALLENGE_ABANDONED] = "challenge-abandoned",
    [NTLM_NTLMV1] = "ntlmv1",
    [NTLM_NTLM2_SESSION] = "ntlm2-session",
    [NTLM_NO_NT_RESPONSE] = "no-nt-response",
    [NTLM_ANONYMOUS] = "anonymous",
    [NTLM_WRONG_PASSWORD] = "wrong-password",
    [NTLM_NO_SUCH_USER] = "no-such-user",
    [NTLM_ACCOUNT_DISABLED] = "account-disabled",
    [NTLM_ACCOUNT_LOCKED] = "account-locked",
    [NTLM_ACCOUNT_EXPIRED] = "account-expired",
    [NTLM_PASSWORD_EXPIRED] = "password-expired",
    [NTLM_PASSWORD_MUST_CHANGE] = "password-must-change",
    [NTLM_LOGON_HOURS] = "logon-hours",
    [NTLM_WORKSTATION_REFUSED] = "workstation-refused",
    [NTLM_ACCOUNT_RESTRICTED] = "account-restricted",
    [NTLM_FIREWALLED] = "authentication-firewall",
    [NTLM_BLOCKED] = "ntlm-blocked",
    [NTLM_COMPUTER_ACCOUNT] = "computer-account",
    [NTLM_LOGON_TYPE_REFUSED] = "logon-type-refused",
    [NTLM_NAMES_REFUSED] = "names-refused",
    [NTLM_CONTROLLER_REFUSED] = "controller-refused",
    [NTLM_ANSWER_REFUSED] = "answer-refused",
    [NTLM_BLANK_PASSWORD] = "blank-password",
    [NTLM_DOMAIN_REFUSED] = "domain-refused",
    [NTLM_BAD_SESSION_KEY] = "bad-session-key",
    [NTLM_BAD_MIC] = "bad-mic",
    [NTLM_MIC_MISSING] = "mic-missing",
    [NTLM_MIC_REQUIRED] = "mic-required",
    [NTLM_BINDING_MISMATCH] = "binding-mismatch",
    [NTLM_BINDING_REQUIRED] = "binding-required",
    [NTLM_BINDING_UNKNOWN] = "binding-unknown",
    [NTLM_SERVICE_MISMATCH] = "service-mismatch",
    [NTLM_SERVICE_REQUIRED] = "service-required",
    [NTLM_ECHO_MISMATCH] = "echo-mismatch",
    [NTLM_THROTTLED] = "throttled",
    [NTLM_ACCOUNT_SPARED] = "account-spared",
    [NTLM_TLS_REQUIRED] = "tls-required",
    [NTLM_CONNECTION_WILL_CLOSE] = "connection-will-close",
    [NTLM_SPNEGO_MALFORMED] = "spnego-malformed",
    [NTLM_SPNEGO_NO_NTLM] = "spnego-no-ntlm",
    [NTLM_SPNEGO_MIC_REQUIRED] = "spnego-mic-required",
    [NTLM_SPNEGO_BAD_MIC] = "spnego-bad-mic",
    [NTLM_PROXIED_REFUSED] = "proxied-refused",
    [NTLM_NOT_AUTHORIZED] = "not-authorized",
    [NTLM_HASH_UNREADABLE] = "hash-unreadable",
    [NTLM_AMBIGUOUS_USER] = "ambiguous-user",
    [NTLM_BAD_ENTRY] = "bad-entry",
    [NTLM_BACKEND_DOWN] = "backend-down",
    [NTLM_NOT_CONFIGURED] = "not-configured",
    [NTLM_CRYPTO_FAILED] = "crypto-failed",
};
_Static_assert(sizeof names / sizeof names[0] == NTLM_STATUS_COUNT, "one name for each status");

static const ntlm_status_row_t *row(int status)
{
    return ntlm_status_row((ntlm_status_t)status);
}

static void names_are_the_published_ones(void **state)
{
    (void)state;
    for (int i = 0; i < NTLM_STATUS_COUNT; i++) {
        if (!names[i]) fail_msg("names[] has no row %d, and status.c calls it %s", i, row(i)->name);
        assert_string_equal(row(i)->name, names[i]);
        assert_ptr_equal(ntlm_status_name((ntlm_status_t)i), row(i)->name);
    }
}

static void names_are_lower_case_words_with_dashes_between(void **state)
{
    (void)state;
    for (int i = 0; i < NTLM_STATUS_COUNT; i++) {
        const char *name = row(i)->name;
        size_t len = strlen(name);
        assert_true(len > 0 && len < 32);
        assert_int_equal(strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-"), len);
        assert_true(name[0] != '-' && name[len - 1] != '-' && !strstr(name, "--"));
    }
}

static void no_two_statuses_share_a_name_or_a_sentence(void **state)
{
    (void)state;
    for (int i = 0; i < NTLM_STATUS_COUNT; i++)
        for (int j = 0; j < i; j++) {
            assert_string_not_equal(row(i)->name, row(j)->name);
            assert_string_not_equal(row(i)->sentence, row(j)->sentence);
        }
}

static void sentences_have_no_full_stop_and_no_control_characters(void **state)
{
    (void)state;
    for (int i = 0; i < NTLM_STATUS_COUNT; i++) {
        const char *sentence = row(i)->sentence;
        assert_non_null(sentence);
        size_t len = strlen(sentence);
        assert_true(len > 10 && sentence[len - 1] != '.');
        for (size_t k = 0; k < len; k++) assert_in_range(sentence[k], 0x20, 0x7E);
    }
}

static void only_a_proven_login_is_answered_with_success(void **state)
{
    (void)state;
    for (int i = 0; i < NTLM_STATUS_COUNT; i++) {
        int http = row(i)->http;
        assert_int_equal(http == 200, i == NTLM_OK);
        assert_true(http == 200 || http == 401 || http == 403 || http == 429 || http == 500 ||
                    http == 503);
    }
}

static void only_these_statuses_are_not_answered_with_401(void **state)
{
    (void)state;
    int others = 0;
    for (int i = 0; i < NTLM_STATUS_COUNT; i++) others += row(i)->http != 401;
    assert_int_equal(others, 8);
    assert_int_equal(row(NTLM_OK)->http, 200);
    assert_int_equal(row(NTLM_TLS_REQUIRED)->http, 403);
    assert_int_equal(row(NTLM_HTTP11_REQUIRED)->http, 403);
    assert_int_equal(row(NTLM_NOT_AUTHORIZED)->http, 403);
    assert_int_equal(row(NTLM_THROTTLED)->http, 429);
    assert_int_equal(row(NTLM_ACCOUNT_SPARED)->http, 429);
    assert_int_equal(row(NTLM_NOT_CONFIGURED)->http, 500);
    assert_int_equal(row(NTLM_BACKEND_DOWN)->http, 503);
}

static void the_other_worlds_codes_agree_on_success(void **state)
{
    (void)state;
    for (int i = 0; i < NTLM_STATUS_COUNT; i++) {
        const ntlm_status_row_t *it = row(i);
        bool pending = it->nt_status == 0x00000103; /* STATUS_PENDING */
        assert_int_equal(it->nt_status == 0, i == NTLM_OK);
        if (i == NTLM_OK || pending)
            assert_int_equal(it->win32, 0);
        else
            assert_int_equal(it->nt_status >> 28, 0xC); /* MS-ERREF 2.3: an error */
        assert_in_range(it->iis_substatus, 0, 4);
    }
}

static void every_wrong_login_looks_alike_to_the_client(void **state)
{
    (void)state;
    /* What tells a user from no user must not show in the answer. */
    assert_int_equal(row(NTLM_NO_SUCH_USER)->http, row(NTLM_WRONG_PASSWORD)->http);
    for (int i = NTLM_ACCOUNT_DISABLED; i <= NTLM_DOMAIN_REFUSED; i++)
        assert_int_equal(row(i)->http, row(NTLM_WRONG_PASSWORD)->http);
}

static void a_value_outside_the_list_gives_the_refusing_row(void **state)
{
    (void)state;
    static const int outside[] = {
        NTLM_STATUS_COUNT, NTLM_STATUS_COUNT + 1, 255, 65536, INT32_MAX, INT32_MIN, -1};
    for (size_t i = 0; i < sizeof outside / sizeof *outside; i++) {
        assert_ptr_equal(row(outside[i]), row(NTLM_MALFORMED));
        assert_string_equal(ntlm_status_name((ntlm_status_t)outside[i]), "malformed");
        assert_int_equal(row(outside[i])->http, 401);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_are_the_published_ones),
        cmocka_unit_test(names_are_lower_case_words_with_dashes_between),
        cmocka_unit_test(no_two_statuses_share_a_name_or_a_sentence),
        cmocka_unit_test(sentences_have_no_full_stop_and_no_control_characters),
        cmocka_unit_test(only_a_proven_login_is_answered_with_success),
        cmocka_unit_test(only_these_statuses_are_not_answered_with_401),
        cmocka_unit_test(the_other_worlds_codes_agree_on_success),
        cmocka_unit_test(every_wrong_login_looks_alike_to_the_client),
        cmocka_unit_test(a_value_outside_the_list_gives_the_refusing_row),
    };
    return RUN_GROUP(tests);
}
