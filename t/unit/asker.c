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

static tries_who_t asker(const char *controller, const char *user, uint8_t address)
{
    const question_to_t to = {.backend = &fake_backend, .controller = controller};
    creds_logon_t logon = logon_of(user, "CORP");
    tries_who_t who;
    logon.address = (bytes_t){&address, 1};
    assert_true(asker_of(&to, &logon, &who));
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

int main(void)
{
    int failed;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_a_backend_is_told_tells_controllers_apart),
        cmocka_unit_test(who_asks_is_an_account_there_and_an_address),
    };
    RUN_GROUP_IN_FOLDER(tests, failed);
    return failed;
}
