/* Which account a login is about, however it is spelled. */
#include "folder.h"

#include "../../lib/creds/verify/account_key.h"

static const uint8_t *key_of(const char *source, const char *user)
{
    uint8_t *key = apr_palloc(pool, TRIES_KEY_LEN);
    assert_true(account_key(source, user, key));
    return key;
}

static void all_spellings_are_one_account(void **state)
{
    (void)state;
    static const char *const all[] = {"alice",       "ALICE",       "alice ",       " alice",
                                      "CORP\\alice", "alice@CORP",  "alice@a.test", "CORP\\alice@x",
                                      "Alice  ",     "X\\Y\\alice "};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        assert_memory_equal(key_of("s", all[i]), key_of("s", "alice"), TRIES_KEY_LEN);
    assert_memory_equal(key_of("s", "a  b"), key_of("s", "A B"), TRIES_KEY_LEN);
    assert_memory_equal(key_of("s", "J\xC3\xBCrgen"), key_of("s", "j\xC3\x9CRGEN"), TRIES_KEY_LEN);
}

static void others_and_those_of_other_sources_are_not(void **state)
{
    (void)state;
    assert_memory_not_equal(key_of("s", "alice"), key_of("s", "bob"), TRIES_KEY_LEN);
    assert_memory_not_equal(key_of("s", "alice"), key_of("s", "alice$"), TRIES_KEY_LEN);
    assert_memory_not_equal(key_of("s", "alice"), key_of("t", "alice"), TRIES_KEY_LEN);
}

static void what_is_no_name_stands_for_itself(void **state)
{
    (void)state;
    const char *none = "\xFF";
    assert_memory_equal(key_of("s", none), key_of("s", none), TRIES_KEY_LEN);
    assert_memory_not_equal(key_of("s", none), key_of("s", "\xFE"), TRIES_KEY_LEN);
}

int main(void)
{
    int failed;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_spellings_are_one_account),
        cmocka_unit_test(others_and_those_of_other_sources_are_not),
        cmocka_unit_test(what_is_no_name_stands_for_itself),
    };
    RUN_GROUP_IN_FOLDER(tests, failed);
    return failed;
}
