/* The password file: as memory, as a real file with real permissions, and as a backend. */
#include "unit.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <apr_general.h>
#include <apr_strings.h>

#include "../../lib/creds/creds_file.h"

static apr_pool_t *pool;
static char folder[] = "/tmp/unit-creds-XXXXXX";

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define HASH "8846f7eaee8fb117ad06bdd830b7586c"
#define HASH1 "00000000000000000000000000000001"
#define HASH2 "00000000000000000000000000000002"
#define HASH3 "00000000000000000000000000000003"

/* ---- from memory ---- */

/* Parses text in memory of exactly its size, which is gone afterwards. */
static const char *parse(const char *text, creds_table_t **table)
{
    size_t len = strlen(text);
    char *exact = malloc(len ? len : 1);
    memcpy(exact, text, len);
    const char *why = creds_table_parse(pool, "FILE", exact, len, table);
    memset(exact, 'x', len);
    free(exact);
    return why;
}

static creds_table_t *table_of(const char *text)
{
    creds_table_t *table = NULL;
    const char *why = parse(text, &table);
    if (why) fail_msg("%s", why);
    return table;
}

static void assert_refused(const char *text, const char *sentence)
{
    creds_table_t *table = NULL;
    assert_refusal(parse(text, &table), sentence);
}

static void entries_are_found_without_regard_to_case(void **state)
{
    (void)state;
    creds_account_t account = {.source = "kept"};
    creds_table_t *table = table_of("Alice:" HASH1 "\nCORP\\J\xC3\xBCrgen:" HASH2 "\n");
    assert_int_equal(creds_table_count(table), 2);
    assert_true(creds_table_find(table, "aLICE", &account));
    assert_string_equal(account.name, "Alice"); /* as the file spells it */
    assert_key(account.key.nt_hash, HASH1);
    assert_int_equal(account.key.state, NTLM_OK);
    assert_true(creds_table_find(table, "corp\\J\xC3\x9CRGEN", &account));
    assert_string_equal(account.name, "CORP\\J\xC3\xBCrgen");
    assert_key(account.key.nt_hash, HASH2);
}

static void only_whole_names_are_found(void **state)
{
    (void)state;
    creds_account_t account;
    creds_table_t *table = table_of("alice:" HASH "\nCORP\\bob:" HASH "\n");
    static const char *const names[] = {"",       "a",           "alic",         "alicee",
                                        "alice ", "bob",         "\\alice",      "CORP\\",
                                        "CORP",   "CORP\\alice", ("alice:" HASH)};
    for (size_t i = 0; i < COUNT(names); i++)
        assert_false(creds_table_find(table, names[i], &account));
}

static void an_empty_file_knows_nobody(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "", "\n", "\r\n", "\n\n\n", "# nobody", "# nobody\n \n", "\xEF\xBB\xBF", "\xEF\xBB\xBF\n"};
    for (size_t i = 0; i < COUNT(texts); i++) {
        creds_account_t account;
        creds_table_t *table = table_of(texts[i]);
        assert_int_equal(creds_table_count(table), 0);
        assert_false(creds_table_find(table, "", &account));
        assert_false(creds_table_find(table, "alice", &account));
    }
}

static void lines_end_as_unix_or_windows_ends_them_or_with_the_file(void **state)
{
    (void)state;
    static const char *const texts[] = {"a:" HASH1 "\nb:" HASH2 "\n",
                                        "a:" HASH1 "\nb:" HASH2,
                                        "a:" HASH1 "\r\nb:" HASH2 "\r\n",
                                        "a:" HASH1 "\r\nb:" HASH2 "\r",
                                        "\n#x\na:" HASH1 " \n\nb:" HASH2,
                                        "\xEF\xBB\xBF"
                                        "a:" HASH1 "\nb:" HASH2 "\n\n"};
    for (size_t i = 0; i < COUNT(texts); i++) {
        creds_account_t account;
        creds_table_t *table = table_of(texts[i]);
        assert_int_equal(creds_table_count(table), 2);
        assert_true(creds_table_find(table, "a", &account));
        assert_key(account.key.nt_hash, HASH1);
        assert_true(creds_table_find(table, "b", &account));
        assert_key(account.key.nt_hash, HASH2);
    }
}

static void a_byte_order_mark_is_skipped_at_the_beginning_only(void **state)
{
    (void)state;
    creds_account_t account;
    creds_table_t *table = table_of("a:" HASH "\n\xEF\xBB\xBF"
                                    "b:" HASH "\n");
    assert_false(creds_table_find(table, "b", &account)); /* U+FEFF is part of that name */
    assert_true(creds_table_find(table,
                                 "\xEF\xBB\xBF"
                                 "b",
                                 &account));
    assert_refused("\xEF\xBB:" HASH, "FILE:1: the name is not UTF-8, or holds a control character");
    assert_refused("\xFF\xFE"
                   "a",
                   "FILE:1: there is no colon; write user:NTHASH (ntlmpasswd makes "
                   "such lines)"); /* UTF-16 */
}

static void a_bad_line_is_told_with_its_number(void **state)
{
    (void)state;
    static const char *const before[] = {"", "\n", "# one\n\n", "a:" HASH "\r\n\r\n# x\r\n",
                                         "\xEF\xBB\xBF# one\nb:" HASH "\n\n\n"};
    for (size_t i = 0; i < COUNT(before); i++) {
        const char *text = apr_pstrcat(pool, before[i], "alice\nnot:read\n", NULL);
        assert_refused(text, apr_psprintf(pool,
                                          "FILE:%d: there is no colon; write user:NTHASH "
                                          "(ntlmpasswd makes such lines)",
                                          (int)i + 1));
    }
}

static void two_names_that_differ_in_case_are_refused(void **state)
{
    (void)state;
    assert_refused("alice:" HASH "\nbob:" HASH "\nALICE:" HASH,
                   "FILE:3: 'ALICE' is the same name as in line 1 (case makes no difference); "
                   "remove one of the two");
    assert_refused("#\nALICE:" HASH "\n\nzoe:" HASH "\nalice:" HASH ":[D]\n",
                   "FILE:5: 'alice' is the same name as in line 2 (case makes no difference); "
                   "remove one of the two");
    assert_refused("CORP\\\xC3\xBC:" HASH "\ncorp\\\xC3\x9C:" HASH,
                   "FILE:2: 'corp\\\xC3\x9C' is the same name as in line 1 (case makes no "
                   "difference); remove one of the two");
    assert_refused("alice:" HASH "\nalice:" HASH,
                   "FILE:2: 'alice' is the same name as in line 1 (case makes no difference); "
                   "remove one of the two");
    assert_int_equal(creds_table_count(table_of("a:" HASH "\nCORP\\a:" HASH "\nHOME\\a:" HASH)), 3);
}

static void a_disabled_account_is_found_as_such(void **state)
{
    (void)state;
    creds_account_t account;
    creds_table_t *table = table_of("a:" HASH1 ":[D]\nb:" HASH2 "\n");
    assert_true(creds_table_find(table, "A", &account));
    assert_int_equal(account.key.state, NTLM_ACCOUNT_DISABLED);
    assert_key(account.key.nt_hash, HASH1); /* the proof is checked all the same */
    assert_true(creds_table_find(table, "b", &account));
    assert_int_equal(account.key.state, NTLM_OK);
}

static void ten_thousand_shuffled_entries_are_all_found(void **state)
{
    (void)state;
    enum { ENTRIES = 10000, STEP = 7919 }; /* a prime: i * STEP visits every number once */
    char *text = apr_palloc(pool, ENTRIES * 64 + 1), *at = text;
    for (unsigned i = 0; i < ENTRIES; i++) {
        unsigned n = i * STEP % ENTRIES;
        at += sprintf(at, "%s%u:%032x\n", n % 2 ? "User" : "CORP\\user", n, n);
    }
    creds_table_t *table = table_of(text);
    assert_int_equal(creds_table_count(table), ENTRIES);
    for (unsigned n = 0; n < ENTRIES; n++) {
        creds_account_t account;
        char name[32];
        sprintf(name, "%s%u", n % 2 ? "USER" : "corp\\USER", n);
        assert_true(creds_table_find(table, name, &account));
        const uint8_t *end = account.key.nt_hash + 12;
        assert_int_equal(end[0] << 24 | end[1] << 16 | end[2] << 8 | end[3], n);
        sprintf(name, "%s%u", n % 2 ? "corp\\USER" : "USER", n);
        assert_false(creds_table_find(table, name, &account));
    }
}

/* ---- from files ---- */

static const char *path_of(const char *name)
{
    return apr_pstrcat(pool, folder, "/", name, NULL);
}

/* A file of that mode (the umask has no say) with that text. */
static const char *file_with(const char *name, const char *text, mode_t mode)
{
    const char *path = path_of(name);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_int_equal(fwrite(text, 1, strlen(text), file), strlen(text));
    assert_int_equal(fclose(file), 0);
    assert_int_equal(chmod(path, mode), 0);
    return path;
}

static const char *load(const char *path, bool world_readable)
{
    creds_table_t *table = NULL;
    const char *why = creds_table_load(pool, path, world_readable, &table);
    if (!why) assert_int_equal(creds_table_count(table), 1);
    return why;
}

static void a_file_for_owner_and_group_is_read(void **state)
{
    (void)state;
    static const mode_t modes[] = {0400, 0600, 0640, 0440, 0660};
    for (size_t i = 0; i < COUNT(modes); i++) {
        assert_null(load(file_with("good", "alice:" HASH "\n", modes[i]), false));
        assert_int_equal(unlink(path_of("good")), 0);
    }
}

static void an_empty_file_is_read(void **state)
{
    (void)state;
    creds_table_t *table = NULL;
    assert_null(creds_table_load(pool, file_with("empty", "", 0600), false, &table));
    assert_int_equal(creds_table_count(table), 0);
}

static void a_bad_line_in_a_file_is_told_with_its_path(void **state)
{
    (void)state;
    const char *path = file_with("bad", "# one\nalice\n", 0600);
    assert_refusal(load(path, false), apr_pstrcat(pool, path,
                                                  ":2: there is no colon; write user:NTHASH "
                                                  "(ntlmpasswd makes such lines)",
                                                  NULL));
}

static void a_missing_file_is_told_with_the_command_that_makes_it(void **state)
{
    (void)state;
    const char *path = path_of("missing");
    assert_refusal(load(path, false),
                   apr_psprintf(pool,
                                "cannot open %s: No such file or directory; make it with: "
                                "ntlmpasswd -c FILE USER",
                                path));
}

static void a_file_that_may_not_be_read_is_told(void **state)
{
    (void)state;
    if (geteuid() == 0) return; /* root may read everything */
    const char *path = file_with("secret", "alice:" HASH "\n", 0000);
    assert_refusal(
        load(path, false),
        apr_psprintf(pool, "cannot open %s: Permission denied; let httpd's user read it", path));
}

static void a_path_through_a_file_is_told(void **state)
{
    (void)state;
    file_with("plain", "", 0600);
    const char *path = path_of("plain/below");
    const char *why = load(path, false);
    assert_non_null(why);
    assert_non_null(strstr(why, apr_pstrcat(pool, "cannot open ", path, ": ", NULL)));
}

static void a_world_readable_file_is_refused_unless_that_is_meant(void **state)
{
    (void)state;
    static const mode_t modes[] = {0644, 0604, 0444};
    for (size_t i = 0; i < COUNT(modes); i++) {
        const char *path = file_with("open", "alice:" HASH "\n", modes[i]);
        assert_refusal(load(path, false),
                       apr_pstrcat(pool, path,
                                   " can be read by everybody, and an NT hash is worth as much as "
                                   "the password; chmod 640 it (or add worldreadable=on)",
                                   NULL));
        assert_null(load(path, true));
        assert_int_equal(unlink(path), 0);
    }
}

static void a_world_writable_file_is_always_refused(void **state)
{
    (void)state;
    static const mode_t modes[] = {0666, 0602, 0646};
    for (size_t i = 0; i < COUNT(modes); i++) {
        const char *path = file_with("writable", "alice:" HASH "\n", modes[i]);
        const char *why =
            apr_pstrcat(pool, path, " can be written by everybody; chmod 640 it", NULL);
        assert_refusal(load(path, false), why);
        assert_refusal(load(path, true), why);
        assert_int_equal(unlink(path), 0);
    }
}

static void what_is_no_regular_file_is_refused(void **state)
{
    (void)state;
    static const char end[] = " is not a regular file; name a password file";
    assert_refusal(load(folder, false), apr_pstrcat(pool, folder, end, NULL));
    assert_refusal(load("/dev/null", true), apr_pstrcat(pool, "/dev/null", end, NULL));
}

static void a_link_is_judged_by_what_it_points_to(void **state)
{
    (void)state;
    const char *path = path_of("link");
    assert_int_equal(symlink(file_with("target", "alice:" HASH "\n", 0600), path), 0);
    assert_null(load(path, false));
    assert_int_equal(chmod(path_of("target"), 0644), 0);
    assert_non_null(load(path, false));
}

/* ---- the backend ---- */

/* Opens the file as the backend does; key and value: one option, or NULL. */
static const char *open_backend(const char *path, const char *key, const char *value, void **opened)
{
    apr_table_t *options = apr_table_make(pool, 1);
    if (key) apr_table_add(options, key, value);
    *opened = NULL;
    return creds_file_backend.open(pool, path, options, opened);
}

static void the_backend_is_called_file_and_takes_a_path(void **state)
{
    (void)state;
    assert_string_equal(creds_file_backend.name, "file");
    assert_true(creds_file_backend.spec_is_path);
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
    creds_login_t login = creds_login(pool, user, domain, default_domain);
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

/* ---- all of them ---- */

static void remove_folder(void)
{
    static const char *const names[] = {"bad",   "empty",  "good",   "link",  "open",
                                        "plain", "secret", "target", "users", "writable"};
    for (size_t i = 0; i < COUNT(names); i++) unlink(path_of(names[i]));
    if (rmdir(folder) != 0) perror(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(entries_are_found_without_regard_to_case),
        cmocka_unit_test(only_whole_names_are_found),
        cmocka_unit_test(an_empty_file_knows_nobody),
        cmocka_unit_test(lines_end_as_unix_or_windows_ends_them_or_with_the_file),
        cmocka_unit_test(a_byte_order_mark_is_skipped_at_the_beginning_only),
        cmocka_unit_test(a_bad_line_is_told_with_its_number),
        cmocka_unit_test(two_names_that_differ_in_case_are_refused),
        cmocka_unit_test(a_disabled_account_is_found_as_such),
        cmocka_unit_test(ten_thousand_shuffled_entries_are_all_found),
        cmocka_unit_test(a_file_for_owner_and_group_is_read),
        cmocka_unit_test(an_empty_file_is_read),
        cmocka_unit_test(a_bad_line_in_a_file_is_told_with_its_path),
        cmocka_unit_test(a_missing_file_is_told_with_the_command_that_makes_it),
        cmocka_unit_test(a_file_that_may_not_be_read_is_told),
        cmocka_unit_test(a_path_through_a_file_is_told),
        cmocka_unit_test(a_world_readable_file_is_refused_unless_that_is_meant),
        cmocka_unit_test(a_world_writable_file_is_always_refused),
        cmocka_unit_test(what_is_no_regular_file_is_refused),
        cmocka_unit_test(a_link_is_judged_by_what_it_points_to),
        cmocka_unit_test(the_backend_is_called_file_and_takes_a_path),
        cmocka_unit_test(the_backend_knows_one_option),
        cmocka_unit_test(the_more_exact_entry_decides),
        cmocka_unit_test(an_entry_of_another_domain_is_not_found),
        cmocka_unit_test(an_entry_with_a_domain_is_not_found_behind_another_backslash),
        cmocka_unit_test(a_disabled_account_decides_too),
    };
    apr_initialize();
    apr_pool_create(&pool, NULL);
    int failed = mkdtemp(folder) ? RUN_GROUP(tests) : 1;
    remove_folder();
    apr_pool_destroy(pool);
    apr_terminate();
    return failed;
}
