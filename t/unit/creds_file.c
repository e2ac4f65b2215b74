/* The password file as a backend. */
#include "folder.h"

#include "../../lib/creds/file/creds_file.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define HASH "8846f7eaee8fb117ad06bdd830b7586c"
#define HASH1 "00000000000000000000000000000001"
#define HASH2 "00000000000000000000000000000002"
#define HASH3 "00000000000000000000000000000003"

/* ---- the backend ---- */

/* Opens the file as the backend does; key and value: one option, or NULL. */
static const char *open_backend(const char *path, const char *key, const char *value, void **opened)
{
    apr_table_t *options = apr_table_make(pool, 1);
    if (key) apr_table_add(options, key, value);
    *opened = NULL;
    return creds_file_backend.open(pool, NULL, path, options, opened);
}

static void the_backend_is_called_file_and_takes_a_path(void **state)
{
    (void)state;
    assert_string_equal(creds_file_backend.name, "file");
    assert_int_equal(creds_file_backend.source_word, CREDS_SOURCE_PATH);
    assert_null(creds_file_backend.verify);
}

static void the_backend_knows_one_option(void **state)
{
    (void)state;
    void *opened;
    const char *open = file_with("open", "alice:" HASH "\n", 0644);
    assert_null(open_backend(open, "worldreadable", "on", &opened));
    assert_non_null(opened);
    assert_non_null(open_backend(open, "worldreadable", "off", &opened));
    assert_non_null(open_backend(open, NULL, NULL, &opened));
    static const char *const values[] = {"", "On", "yes", "1", "on "};
    for (size_t i = 0; i < COUNT(values); i++)
        assert_refusal(open_backend(open, "worldreadable", values[i], &opened),
                       "worldreadable takes on or off");
    static const char *const keys[] = {"readable", "world", "worldreadables", ""};
    for (size_t i = 0; i < COUNT(keys); i++)
        assert_refusal(
            open_backend(open, keys[i], "on", &opened),
            apr_psprintf(pool, "file knows no option '%s'; only worldreadable=on|off", keys[i]));
    assert_refusal(open_backend(path_of("missing"), "readable", "on", &opened),
                   "file knows no option 'readable'; only worldreadable=on|off");
}

/* Whom a login finds in that file: the entry's name, or NULL. */
static const char *found(const char *text, const char *user, const char *domain,
                         const char *default_domain, creds_account_t *account)
{
    void *opened = NULL;
    const char *why = NULL;
    const char *const names[] = {default_domain, "corp.example.com", NULL};
    const creds_home_t home = {.domain = default_domain ? names : NULL};
    creds_login_t login = creds_login(pool, user, domain, &home);
    memset(account, 0, sizeof *account);
    assert_null(open_backend(file_with("users", text, 0600), NULL, NULL, &opened));
    ntlm_status_t status = creds_file_backend.find(opened, pool, &login, account, &why);
    assert_null(why);
    assert_true(status == NTLM_OK || status == NTLM_NO_SUCH_USER);
    return status == NTLM_OK ? account->name : NULL;
}

#define ALL "alice:" HASH1 "\nCORP\\alice:" HASH2 "\nalice@corp:" HASH3 "\n"
#define ALICE "alice:" HASH1 "\n"
#define UPN "alice@corp:" HASH3 "\n"
#define DNS "Corp.Example.Com\\alice:" HASH2 "\n"

static void the_more_exact_entry_decides(void **state)
{
    (void)state;
    static const struct {
        const char *text, *user, *domain, *default_domain, *name, *entry_domain, *hash;
    } logins[] = {
        {ALL, "ALICE", "corp", NULL, "CORP\\alice", "CORP", HASH2},
        {ALL, "ALICE", "", "corp", "CORP\\alice", "CORP", HASH2},
        {ALL, "corp\\ALICE", "", NULL, "CORP\\alice", "CORP", HASH2},
        {ALL, "corp\\ALICE", "OTHER", "OTHER", "CORP\\alice", "CORP", HASH2},
        {ALL, "ALICE@CORP", "", NULL, "CORP\\alice", "CORP", HASH2},
        {ALICE UPN, "ALICE@CORP", "", NULL, "alice@corp", NULL, HASH3},
        {ALICE UPN, "CORP\\ALICE", "", NULL, "alice", NULL, HASH1},
        {ALICE, "ALICE@CORP", "", NULL, "alice", NULL, HASH1},
        {ALL, "ALICE", "", NULL, "alice", NULL, HASH1},
        {ALL, "ALICE", "other", NULL, "alice", NULL, HASH1},
        {ALL, "\\ALICE", "", NULL, "alice", NULL, HASH1},
        {ALL, "ALICE@", "", NULL, "alice", NULL, HASH1},
        {ALL, "ALICE@corp", "", "corp", "CORP\\alice", "CORP", HASH2},
        {ALL, "ALICE@corp.example.com", "", "corp", "CORP\\alice", "CORP", HASH2},
        {ALL, "ALICE", "corp.example.com", "corp", "CORP\\alice", "CORP", HASH2},
        {ALL, "ALICE", "corp.example.com", NULL, "alice", NULL, HASH1},
        {DNS UPN, "ALICE@corp", "", "corp", "alice@corp", NULL, HASH3},
        {DNS UPN, "corp\\ALICE", "", "corp", "Corp.Example.Com\\alice", "Corp.Example.Com", HASH2},
    };
    for (size_t i = 0; i < COUNT(logins); i++) {
        creds_account_t account;
        const char *name = found(logins[i].text, logins[i].user, logins[i].domain,
                                 logins[i].default_domain, &account);
        if (!name || strcmp(name, logins[i].name) != 0)
            fail_msg("%zu: %s", i, name ? name : "none");
        assert_key(account.key.nt_hash, logins[i].hash);
        if (logins[i].entry_domain)
            assert_string_equal(account.domain, logins[i].entry_domain);
        else
            assert_null(account.domain);
    }
}

static void an_entry_of_another_domain_is_not_found(void **state)
{
    (void)state;
    static const char only[] = "CORP\\alice:" HASH "\n";
    creds_account_t account;
    assert_null(found(only, "alice", "", NULL, &account));
    assert_null(found(only, "alice", "HOME", NULL, &account));
    assert_null(found(only, "alice", "", "HOME", &account));
    assert_null(found(only, "HOME\\alice", "CORP", NULL, &account));
    assert_null(found(only, "alice@home", "CORP", NULL, &account));
    assert_null(found(only, "", "CORP", NULL, &account));
    assert_null(found(only, "CORP\\", "", NULL, &account));
    assert_null(found(only, "@CORP", "", NULL, &account));
}

static void entries_of_other_domains_are_told_beside(void **state)
{
    (void)state;
    static const char all[] = "CORP\\alice:" HASH1 ":[D]\nHOME\\Alice:" HASH2
                              "\nCORP\\alice@home:" HASH3 "\nCORP\\bob:" HASH "\n";
    creds_account_t account;
    assert_null(found(all, "alice@other", "", NULL, &account));
    const creds_account_t *at = account.others;
    assert_string_equal(at->name, "HOME\\Alice");
    assert_string_equal(at->domain, "HOME");
    assert_key(at->key.nt_hash, HASH2);
    assert_int_equal(at->generation, 1);
    at = at->others;
    assert_string_equal(at->name, "CORP\\alice");
    assert_int_equal(at->key.state, NTLM_ACCOUNT_DISABLED);
    assert_null(at->others);
    assert_string_equal(found(all, "ALICE@home", "", "X", &account), "HOME\\Alice");
    assert_null(account.others); /* who is found is found */
    assert_null(found(all, "x\\alice@HOME", "", NULL, &account));
    assert_string_equal(account.others->name, "CORP\\alice@home"); /* as she is sent */
    assert_null(account.others->others);
    assert_null(found(all, "carol", "CORP", NULL, &account));
    assert_null(account.others);
}

static void an_entry_with_a_domain_is_not_found_behind_another_backslash(void **state)
{
    (void)state;
    static const char *const users[] = {"\\CORP\\alice", "HOME\\CORP\\alice"};
    for (size_t i = 0; i < COUNT(users); i++) {
        creds_account_t account;
        assert_null(found("CORP\\alice:" HASH "\n", users[i], "", "HOME", &account));
    }
}

static void a_disabled_account_decides_too(void **state)
{
    (void)state;
    creds_account_t account;
    assert_non_null(found("CORP\\a:" HASH ":[D]\na:" HASH "\n", "a", "CORP", NULL, &account));
    assert_int_equal(account.key.state, NTLM_ACCOUNT_DISABLED);
}

static void it_says_how_many_accounts_it_has_and_of_when(void **state)
{
    (void)state;
    void *opened;
    creds_stock_t stock;
    struct stat info;
    const char *path = file_with("stock", "# three\na:" HASH "\nb:" HASH "\nC\\c:" HASH "\n", 0600);
    assert_null(open_backend(path, NULL, NULL, &opened));
    assert_int_equal(stat(path, &info), 0);
    creds_file_backend.stock(opened, &stock);
    assert_int_equal(stock.accounts, 3);
    assert_int_equal(apr_time_sec(stock.written), info.st_mtime);
}

int main(void)
{
    int failed;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_backend_is_called_file_and_takes_a_path),
        cmocka_unit_test(the_backend_knows_one_option),
        cmocka_unit_test(the_more_exact_entry_decides),
        cmocka_unit_test(an_entry_of_another_domain_is_not_found),
        cmocka_unit_test(entries_of_other_domains_are_told_beside),
        cmocka_unit_test(an_entry_with_a_domain_is_not_found_behind_another_backslash),
        cmocka_unit_test(a_disabled_account_decides_too),
        cmocka_unit_test(it_says_how_many_accounts_it_has_and_of_when),
    };
    RUN_GROUP_IN_FOLDER(tests, failed);
    return failed;
}
