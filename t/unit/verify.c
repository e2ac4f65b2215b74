/* Whether a controller is asked, and whom he may let in. */
#include "decider.h"

#include "../../lib/creds/creds_login.h"
#include "../../lib/creds/verify/verify.h"

static const char *const own_domain[] = {"HOME", "home.test", NULL};
static const char *const trusted[] = {"TRUSTED", NULL};

/* word: what tells it from others. */
static const creds_source_t *opened_as(const char *word, const char *option, const char *value)
{
    static int count;
    const creds_source_t *source = NULL;
    apr_table_t *given = apr_table_make(pool, 2);
    if (option) apr_table_setn(given, option, value);
    const creds_open_t what = {.backend = &fake_backend,
                               .word = word,
                               .given = given,
                               .text = apr_psprintf(pool, "verify %d", count++)};
    fake = (fake_t){.says = {.name = "Alice", .domain = "CORP", .session_base_key = {7}},
                    .domain = "CORP",
                    .dns = "corp.test"};
    assert_null(verify_open(pool, &what, &source));
    assert_null(verify_learn(source, pool));
    return source;
}

static const creds_source_t *opened(const char *option, const char *value)
{
    static int count;
    return opened_as(apr_psprintf(pool, "controller %d", count++), option, value);
}

static creds_account_t account;
static const char *told;

static ntlm_status_t ask_about(const creds_source_t *source, const creds_logon_t *logon,
                               const char *const *home, const char *const *accepts)
{
    const creds_home_t ours = {.domain = home};
    creds_login_t login = creds_login(pool, logon->user, logon->domain, &ours);
    login.logon = logon;
    login.accepts = accepts;
    account = (creds_account_t){0};
    told = NULL;
    return source->decide(source->decider, pool, &login, &account, &told);
}

static ntlm_status_t ask(const creds_source_t *source, const char *user, const char *domain)
{
    const creds_logon_t logon = logon_of(user, domain);
    return ask_about(source, &logon, own_domain, trusted);
}

static void whom_he_lets_in_is_an_account_with_a_session_key(void **state)
{
    (void)state;
    const creds_source_t *source = opened(NULL, NULL);
    assert_int_equal(ask(source, "alice", "corp"), NTLM_OK);
    assert_string_equal(account.name, "Alice");
    assert_string_equal(account.domain, "CORP");
    assert_int_equal(account.key.session_base_key[0], 7);
    assert_int_equal(account.ends, 0);
    assert_string_equal(fake.named, "corp");
    fake.says.kick_off = apr_time_now() + apr_time_from_sec(60);
    assert_int_equal(ask(source, "alice", "corp"), NTLM_OK);
    assert_true(account.ends > 0);
}

static void what_is_unfit_is_not_put_to_him(void **state)
{
    (void)state;
    const creds_source_t *source = opened(NULL, NULL);
    creds_logon_t logon = logon_of("alice", "CORP");
    logon.unfit = NTLM_BINDING_REQUIRED;
    assert_int_equal(ask_about(source, &logon, own_domain, NULL), NTLM_BINDING_REQUIRED);
    assert_int_equal(fake.asked, 0);
}

static void only_his_domain_ours_and_those_accepted_are_put_to_him(void **state)
{
    (void)state;
    static const struct {
        const char *user, *domain;
        bool asked;
    } all[] = {{"alice", "CORP", true},
               {"alice", "corp.TEST", true},
               {"alice", "", true},
               {"alice", "home.test", true},
               {"alice", "TRUSTED", true},
               {"alice@corp.test", "", true},
               {"TRUSTED\\alice", "", true},
               {"alice", "BUILTIN", false},
               {"alice", "WORKGROUP", false},
               {"alice@evil.test", "", false},
               {"alice@evil.test", "CORP", false},
               {"BUILTIN\\alice", "CORP", false},
               {"CORP\\alice@evil", "", false},
               {"alice", ".", false}};
    const creds_source_t *source = opened("lockout", "off");
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        fake.asked = 0;
        const ntlm_status_t status = ask(source, all[i].user, all[i].domain);
        if (status != (all[i].asked ? NTLM_OK : NTLM_NO_SUCH_USER) || fake.asked != all[i].asked)
            fail_msg("%s, %s: %d, asked %d times", all[i].user, all[i].domain, status, fake.asked);
        assert_int_equal(account.detail != NULL, !all[i].asked);
    }
}

static void an_account_of_a_domain_that_is_not_accepted_is_refused(void **state)
{
    (void)state;
    const creds_source_t *source = opened(NULL, NULL);
    fake.says.domain = "OTHER";
    assert_int_equal(ask(source, "alice", ""), NTLM_DOMAIN_REFUSED);
    assert_refusal(account.detail,
                   "the account's domain is OTHER: NTLMAcceptDomains would have to name it");
    fake.says.domain = "TRUSTED";
    assert_int_equal(ask(source, "alice", ""), NTLM_OK);
}

static void after_some_wrong_ones_he_is_not_asked(void **state)
{
    (void)state;
    const creds_source_t *source = opened(NULL, NULL);
    fake.says = (creds_verdict_t){.nt_status = 0xC000006A};
    static const char *const spellings[] = {"alice", "ALICE ", "alice@corp.test"};
    for (int i = 0; i < 3; i++)
        assert_int_equal(ask(source, spellings[i], ""), NTLM_WRONG_PASSWORD);
    assert_int_equal(ask(source, "alice", "CORP"), NTLM_ACCOUNT_SPARED);
    assert_true(account.retry_after > 1700 && account.retry_after <= 1801);
    assert_int_equal(fake.asked, 3);
    assert_false(verify_may_lock_out(source));
    assert_true(verify_may_lock_out(opened("lockout", "off")));
}

static void one_controller_counts_once_whatever_else_is_set(void **state)
{
    (void)state;
    const creds_source_t *sources[] = {opened_as("one", "timeout", "6"),
                                       opened_as("one", "computers", "on"),
                                       opened_as("one", "lockout", "3/60")};
    fake.says = (creds_verdict_t){.nt_status = 0xC000006A};
    for (int i = 0; i < 3; i++)
        assert_int_equal(ask(sources[i], "alice", "CORP"), NTLM_WRONG_PASSWORD);
    for (int i = 0; i < 3; i++)
        assert_int_equal(ask(sources[i], "alice", "CORP"), NTLM_ACCOUNT_SPARED);
    const creds_source_t *other = opened_as("another", NULL, NULL);
    fake.says = (creds_verdict_t){.nt_status = 0xC000006A};
    assert_int_equal(ask(other, "alice", "CORP"), NTLM_WRONG_PASSWORD);
}

static void one_that_is_away_is_told_of_once_and_so_is_its_return(void **state)
{
    (void)state;
    const creds_source_t *source = opened(NULL, NULL);
    const creds_verdict_t good = fake.says;
    fake.says = (creds_verdict_t){.is_silent = true, .why = "it is away"};
    assert_int_equal(ask(source, "alice", ""), NTLM_BACKEND_DOWN);
    assert_refusal(told, "fake: it is away");
    for (int i = 0; i < 9; i++) assert_int_equal(ask(source, "alice", ""), NTLM_BACKEND_DOWN);
    assert_null(told);
    assert_refusal(account.detail, "it is away");
    fake.says = good;
    assert_int_equal(ask(source, "alice", ""), NTLM_OK);
    assert_refusal(told, "fake: it answers again");
    assert_int_equal(ask(source, "alice", ""), NTLM_OK);
    assert_null(told);
}

static void before_it_is_known_what_we_are_called_nobody_is_put_to_him(void **state)
{
    (void)state;
    const creds_source_t *source = NULL;
    const creds_open_t what = {
        .backend = &fake_backend, .given = apr_table_make(pool, 1), .text = "unknown names"};
    fake = (fake_t){.says = {.name = "alice", .session_base_key = {7}}, .no_names = "it is away"};
    assert_null(verify_open(pool, &what, &source));
    assert_int_equal(ask(source, "alice", ""), NTLM_BACKEND_DOWN);
    fake.no_names = NULL;
    fake.domain = "CORP";
    creds_logon_t logon = logon_of("alice", "");
    logon.challenged = 0; /* when another name was said */
    assert_int_equal(ask_about(source, &logon, own_domain, NULL), NTLM_BACKEND_DOWN);
    assert_int_equal(fake.asked, 0);
    assert_int_equal(ask(source, "alice", ""), NTLM_OK);
}

static void an_option_that_is_wrong_is_told(void **state)
{
    (void)state;
    const creds_source_t *source = NULL;
    apr_table_t *given = apr_table_make(pool, 2);
    apr_table_setn(given, "threads", "none");
    const creds_open_t what = {.backend = &fake_backend, .given = given, .text = "wrong"};
    assert_non_null(verify_open(pool, &what, &source));
}

int main(void)
{
    int failed;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whom_he_lets_in_is_an_account_with_a_session_key),
        cmocka_unit_test(what_is_unfit_is_not_put_to_him),
        cmocka_unit_test(only_his_domain_ours_and_those_accepted_are_put_to_him),
        cmocka_unit_test(an_account_of_a_domain_that_is_not_accepted_is_refused),
        cmocka_unit_test(after_some_wrong_ones_he_is_not_asked),
        cmocka_unit_test(one_controller_counts_once_whatever_else_is_set),
        cmocka_unit_test(one_that_is_away_is_told_of_once_and_so_is_its_return),
        cmocka_unit_test(before_it_is_known_what_we_are_called_nobody_is_put_to_him),
        cmocka_unit_test(an_option_that_is_wrong_is_told),
    };
    RUN_GROUP_IN_FOLDER(tests, failed);
    return failed;
}
