/* Who asks a controller, and about whom. */
#include "decider.h"

#include "../../lib/creds/verify/asker.h"

static const creds_option_t options[] = {{.name = "user", .fallback = "x"}, {.name = "log"}, {0}};
static const creds_backend_t some_backend = {.name = "fake", .options = options};

static const char *controller(const char *word, const char *name, const char *value)
{
    apr_table_t *given = apr_table_make(pool, 2);
    if (name) apr_table_setn(given, name, value);
    const creds_open_t what = {.backend = &some_backend, .word = word, .given = given};
    return asker_controller(pool, &what);
}

static void what_a_backend_is_told_tells_controllers_apart(void **state)
{
    (void)state;
    assert_string_equal(controller(NULL, NULL, NULL), controller(NULL, "user", "x"));
    assert_string_equal(controller("a", NULL, NULL), controller("a", "timeout", "6"));
    assert_string_not_equal(controller("a", NULL, NULL), controller("b", NULL, NULL));
    assert_string_not_equal(controller("a", NULL, NULL), controller("a", "user", "y"));
    assert_string_not_equal(controller("a", "user", "y"), controller("a", "log", "y"));
}

static question_to_t to;

static tries_who_t asker(const char *controller, const char *user, uint8_t address)
{
    creds_logon_t logon = logon_of(user, "CORP");
    tries_who_t who;
    const char *why = "unset";
    to.controller = controller;
    logon.address = (bytes_t){&address, 1};
    assert_int_equal(asker_of(&to, pool, &logon, &who, &why), NTLM_OK);
    assert_null(why);
    return who;
}

static void who_asks_is_an_account_there_and_an_address(void **state)
{
    (void)state;
    const tries_who_t alice = asker("c", "alice", 1), same = asker("c", "CORP\\ALICE ", 2),
                      other = asker("d", "alice", 1);
    assert_memory_equal(alice.account, same.account, TRIES_KEY_LEN);
    assert_memory_not_equal(alice.address, same.address, TRIES_KEY_LEN);
    assert_memory_not_equal(alice.account, other.account, TRIES_KEY_LEN);
    assert_memory_equal(alice.address, other.address, TRIES_KEY_LEN);
}

static void both_names_of_an_account_are_one(void **state)
{
    (void)state;
    const tries_who_t alice = asker("c", "alice", 1);
    const tries_who_t before = asker("c", "al@corp.test", 1);
    assert_memory_not_equal(alice.account, before.account, TRIES_KEY_LEN);
    fake.upn = "al@corp.test";
    const tries_who_t upn = asker("c", "al@corp.test", 1), al = asker("c", "al", 1);
    assert_memory_equal(alice.account, upn.account, TRIES_KEY_LEN);
    assert_memory_equal(al.account, before.account, TRIES_KEY_LEN);
}

static void nobody_is_asked_about_whose_name_is_not_said(void **state)
{
    (void)state;
    const creds_logon_t logon = logon_of("al@corp.test", "");
    tries_who_t who;
    const char *why = NULL;
    fake.no_account = "it is away";
    assert_int_equal(asker_of(&to, pool, &logon, &who, &why), NTLM_BACKEND_DOWN);
    assert_refusal(why, "it is away");
    (void)asker("c", "alice", 1);
}

static int begin(void **state)
{
    static const helpers_how_t how = {.threads = 1,
                                      .stall = APR_USEC_PER_SEC * 30,
                                      .queue = APR_USEC_PER_SEC * 30,
                                      .begin = begin_fake,
                                      .end = end_fake,
                                      .baton = &fake};
    (void)state;
    fake = (fake_t){0};
    to = (question_to_t){
        .backend = &fake_backend, .opened = &fake, .helpers = helpers_open(pool, &how)};
    return 0;
}

int main(void)
{
    int failed;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_a_backend_is_told_tells_controllers_apart),
        cmocka_unit_test_setup(who_asks_is_an_account_there_and_an_address, begin),
        cmocka_unit_test_setup(both_names_of_an_account_are_one, begin),
        cmocka_unit_test_setup(nobody_is_asked_about_whose_name_is_not_said, begin),
    };
    RUN_GROUP_IN_FOLDER(tests, failed);
    return failed;
}
