/* Which of the answers to several searches a login means. */
#include "unit.h"
#include "pool.h"

#include <apr_strings.h>

#include "../../lib/creds/ldap/ldap_names.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const creds_home_t nothing;

/* An entry of a directory, or a status in its place. */
typedef struct entry_t {
    const char *user, *domain;
    ntlm_status_t says;
} entry_t;

typedef struct directory_t {
    const entry_t *entries; /* up to one without a user */
    int searches;
} directory_t;

static ntlm_status_t search(void *baton, const char *user, const char *const *domains,
                            creds_account_t *account)
{
    static const creds_account_t zeros;
    directory_t *directory = baton;
    assert_memory_equal(account, &zeros, sizeof zeros);
    directory->searches++;
    for (const entry_t *entry = directory->entries; entry->user; entry++) {
        if (strcmp(entry->user, user) != 0) continue;
        account->name = entry->user;
        account->domain = entry->domain;
        account->key.nt_hash[0] = 1;
        if (!domains || !entry->domain || name_is_listed(domains, entry->domain))
            return entry->says;
        creds_account_t *other = apr_pmemdup(pool, account, sizeof *other);
        *account = (creds_account_t){.others = other};
        return NTLM_NO_SUCH_USER;
    }
    return NTLM_NO_SUCH_USER;
}

#define ALICE "alice", NULL, NTLM_OK
#define ALICE_OF_CORP "alice", "CORP", NTLM_OK
#define ALICE_AT_CORP "alice@CORP", NULL, NTLM_OK

static void the_spellings_decide_in_their_order(void **state)
{
    (void)state;
    static const struct {
        entry_t entries[3];
        const char *user, *domain; /* as sent */
        const char *name;          /* of who is found, or NULL */
        ntlm_status_t status;
        bool outage;
    } logins[] = {
        {{{ALICE}}, "alice", "", "alice", NTLM_OK, false},
        {{{ALICE}}, "alice", "CORP", "alice", NTLM_OK, false},
        {{{ALICE}}, "alice@CORP", "", "alice", NTLM_OK, false},
        {{{ALICE_OF_CORP}}, "alice", "", "alice", NTLM_OK, false}, /* nobody names another */
        {{{ALICE_OF_CORP}}, "alice@CORP", "", "alice", NTLM_OK, false},
        {{{ALICE_OF_CORP}}, "alice", "HOME", NULL, NTLM_NO_SUCH_USER, false},
        {{{ALICE_OF_CORP}, {ALICE_AT_CORP}}, "alice@CORP", "", "alice", NTLM_OK, false},
        {{{ALICE}, {ALICE_AT_CORP}}, "alice@CORP", "", "alice@CORP", NTLM_OK, false},
        {{{"alice@CORP", "X", NTLM_OK}}, "alice@CORP", "", "alice@CORP", NTLM_OK, false},
        {{{"alice", NULL, NTLM_AMBIGUOUS_USER}, {ALICE_AT_CORP}},
         "alice@CORP",
         "",
         "alice",
         NTLM_AMBIGUOUS_USER,
         false},
        {{{"alice", NULL, NTLM_BAD_ENTRY}}, "alice", "CORP", "alice", NTLM_BAD_ENTRY, false},
        {{{"alice", NULL, NTLM_BACKEND_DOWN}}, "alice@CORP", "", NULL, NTLM_BACKEND_DOWN, true},
        {{{ALICE_OF_CORP}, {"alice@CORP", NULL, NTLM_BACKEND_DOWN}},
         "alice@CORP",
         "",
         "alice",
         NTLM_OK,
         true},
        {{{ALICE}, {"alice@CORP", NULL, NTLM_BACKEND_DOWN}},
         "alice@CORP",
         "",
         NULL,
         NTLM_BACKEND_DOWN,
         true},
        {{{"alice@CORP", NULL, NTLM_BACKEND_DOWN}},
         "alice@CORP",
         "",
         NULL,
         NTLM_BACKEND_DOWN,
         true},
    };
    for (size_t i = 0; i < COUNT(logins); i++) {
        directory_t directory = {.entries = logins[i].entries};
        creds_login_t login = creds_login(pool, logins[i].user, logins[i].domain, &nothing);
        creds_account_t account = {0};
        ntlm_status_t status = ldap_names_find(&login, search, &directory, &account);
        if (status != logins[i].status || account.outage != logins[i].outage)
            fail_msg("%zu: %s", i, ntlm_status_row(status)->name);
        if (logins[i].name) assert_string_equal(account.name, logins[i].name);
    }
}

/* In the order of a password file, with one search a user. */
static void a_domain_that_is_ours_is_one_by_any_of_its_names(void **state)
{
    (void)state;
    static const char *const names[] = {"CORP", "corp.test", "OLD", NULL};
    static const char *const web[] = {"WEB", ".", NULL};
    static const creds_home_t home = {.domain = names, .computer = web};
    static const struct {
        entry_t entries[3];
        const char *user, *domain;
        const char *name; /* of who is found, or NULL */
    } logins[] = {
        {{{ALICE_OF_CORP}}, "alice", "corp.test", "alice"},
        {{{ALICE_OF_CORP}}, "alice@corp.test", "", "alice"},
        {{{ALICE_OF_CORP}}, "alice@old", "WEB", "alice"},
        {{{ALICE_OF_CORP}}, "alice", "", "alice"},
        {{{ALICE_OF_CORP}}, "alice", "WEB", NULL},
        {{{ALICE_OF_CORP}}, ".\\alice", "CORP", NULL},
        {{{ALICE_OF_CORP}}, "alice", "HOME", NULL},
        {{{"alice", "Corp.Test", NTLM_OK}}, "alice", "CORP", "alice"},
        {{{"alice", "OLD", NTLM_OK}}, "alice@CORP", "", "alice"},
        {{{"alice", "HOME", NTLM_OK}}, "alice@CORP", "", NULL},
        {{{"alice", "WEB", NTLM_OK}}, "alice", ".", "alice"},
        {{{"alice", "WEB", NTLM_OK}}, "alice", "", NULL},
        {{{ALICE}}, "alice", ".", "alice"},
        {{{"alice", "OLD", NTLM_OK}, {ALICE_AT_CORP}}, "alice@CORP", "", "alice@CORP"},
        {{{"alice", "corp", NTLM_OK}, {ALICE_AT_CORP}}, "alice@CORP", "", "alice"},
    };
    for (size_t i = 0; i < COUNT(logins); i++) {
        directory_t directory = {.entries = logins[i].entries};
        creds_login_t login = creds_login(pool, logins[i].user, logins[i].domain, &home);
        creds_account_t account = {0};
        ntlm_status_t status = ldap_names_find(&login, search, &directory, &account);
        if (status != (logins[i].name ? NTLM_OK : NTLM_NO_SUCH_USER))
            fail_msg("%zu: %s", i, ntlm_status_row(status)->name);
        if (logins[i].name) assert_string_equal(account.name, logins[i].name);
        assert_int_equal(directory.searches, login.whole ? 2 : 1);
    }
}

static void who_is_of_another_domain_is_told_beside(void **state)
{
    (void)state;
    static const entry_t entries[] = {{ALICE_OF_CORP}, {0}};
    directory_t directory = {.entries = entries};
    creds_login_t login = creds_login(pool, "alice@HOME", "", &nothing);
    creds_account_t account = {0};
    assert_int_equal(ldap_names_find(&login, search, &directory, &account), NTLM_NO_SUCH_USER);
    assert_string_equal(account.others->domain, "CORP");
    assert_int_equal(account.others->key.nt_hash[0], 1);
}

/* The same for nobody, for somebody, and whatever is wrong with him. */
static void a_login_is_the_same_searches_whoever_is_there(void **state)
{
    (void)state;
    static const entry_t entries[][3] = {
        {{0}},
        {{ALICE}},
        {{ALICE_OF_CORP}},
        {{ALICE_AT_CORP}},
        {{"alice", NULL, NTLM_AMBIGUOUS_USER}},
        {{"alice", NULL, NTLM_HASH_UNREADABLE}},
        {{"alice@CORP", NULL, NTLM_BAD_ENTRY}},
    };
    static const struct {
        const char *user, *domain;
        int searches;
    } logins[] = {
        {"alice", "", 1},       {"alice", "CORP", 1},      {"alice@CORP", "", 2},
        {"CORP\\alice", "", 2}, {"\\CORP\\alice", "X", 1}, {"alice@", "", 2},
    };
    for (size_t i = 0; i < COUNT(logins); i++)
        for (size_t k = 0; k < COUNT(entries); k++) {
            directory_t directory = {.entries = entries[k]};
            creds_login_t login = creds_login(pool, logins[i].user, logins[i].domain, &nothing);
            creds_account_t account = {0};
            (void)ldap_names_find(&login, search, &directory, &account);
            assert_int_equal(directory.searches, logins[i].searches);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_spellings_decide_in_their_order),
        cmocka_unit_test(a_domain_that_is_ours_is_one_by_any_of_its_names),
        cmocka_unit_test(who_is_of_another_domain_is_told_beside),
        cmocka_unit_test(a_login_is_the_same_searches_whoever_is_there),
    };
    return RUN_GROUP_IN_POOL(tests);
}
