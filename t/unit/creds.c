/* Which source decides about a login. */
#include "unit.h"
#include "pool.h"

#include <apr_strings.h>

#include "../../lib/creds/creds.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* ---- asking the sources ---- */

/* A source that always says the same, and counts how often it is asked. */
typedef struct fake_t {
    ntlm_status_t says;
    const char *name;
    int asked;
    bool cached;
    const char *domain;       /* of the account */
    const char *elsewhere[3]; /* "DOMAIN\\user", which the login did not mean */
    ntlm_status_t state;
    bool outage;
    bool decides_only; /* it is no holder of hashes */
    creds_figures_t *figures;
} fake_t;

enum { FOUND = 0xF0, ELSEWHERE = 0xE0 }; /* the first byte of keys */

static creds_account_t *account_elsewhere(const char *name, ntlm_status_t state)
{
    creds_account_t *account = apr_pcalloc(pool, sizeof *account);
    const char *backslash = strchr(name, '\\');
    account->name = name;
    account->domain = apr_pstrmemdup(pool, name, (apr_size_t)(backslash - name));
    account->key.state = state;
    account->key.nt_hash[0] = ELSEWHERE;
    account->key.verified = true;
    return account;
}

static ntlm_status_t find_fake(void *opened, apr_pool_t *of, const creds_login_t *login,
                               creds_account_t *account, const char **why)
{
    static const creds_account_t zeros;
    fake_t *fake = opened;
    assert_ptr_equal(of, pool);
    assert_string_equal(login->user, "alice");
    assert_memory_equal(account, &zeros, sizeof zeros); /* nothing is left of another source */
    assert_null(*why);
    fake->asked++;
    account->cached = account->remembered = fake->cached;
    account->outage = fake->outage;
    account->name = fake->name;
    account->domain = fake->domain;
    account->key.state = fake->state;
    account->key.nt_hash[0] = FOUND;
    account->source = opened;     /* what a backend writes here is not kept, */
    account->key.verified = true; /* nor this */
    for (int i = 3; i-- > 0;) {
        if (!fake->elsewhere[i]) continue;
        creds_account_t *other = account_elsewhere(fake->elsewhere[i], fake->state);
        other->others = account->others;
        account->others = other;
    }
    if (fake->says == NTLM_BACKEND_DOWN) *why = fake->name;
    return fake->says;
}

static apr_uint64_t count_of_fake(void *opened, apr_pool_t *p, const char **why)
{
    (void)opened;
    (void)p;
    (void)why;
    return 21;
}

static const creds_backend_t fake_backend = {
    .name = "fake", .find = find_fake, .generation = count_of_fake};

/* One that answers as a domain controller does. */
static const uint8_t challenge[] = {1, 2, 3, 4, 5, 6, 7, 8};
static const creds_logon_t logon = {.user = "Alice",
                                    .domain = "corp",
                                    .workstation = "WS1",
                                    .challenge = challenge,
                                    .nt_response = {challenge, sizeof challenge}};

struct creds_decider_t {
    fake_t fake; /* nothing else: a fake is one */
};

static ntlm_status_t decide_fake(creds_decider_t *decider, apr_pool_t *of,
                                 const creds_login_t *login, creds_account_t *account,
                                 const char **why)
{
    static const char *const groups[] = {"CORP\\staff", "CORP\\readers", NULL};
    fake_t *fake = &decider->fake;
    assert_ptr_equal(of, pool);
    assert_ptr_equal(login->logon, &logon);
    fake->asked++;
    if (fake->elsewhere[0]) account->others = account_elsewhere(fake->elsewhere[0], NTLM_OK);
    if (fake->says == NTLM_BACKEND_DOWN) *why = fake->name;
    if (fake->says != NTLM_OK) return fake->says;
    account->name = fake->name;
    account->domain = fake->domain;
    account->groups = groups;
    memset(account->key.session_base_key, FOUND, sizeof account->key.session_base_key);
    return NTLM_OK;
}

static const creds_backend_t controller = {.name = "controller", .generation = count_of_fake};

static creds_source_t *fake_sources[4]; /* the sources of the fakes that were asked last */

static apr_array_header_t *sources_of(fake_t *fakes, int count)
{
    apr_array_header_t *sources = apr_array_make(pool, 1, sizeof(creds_source_t *));
    for (int i = 0; i < count; i++) {
        creds_source_t *source = fake_sources[i] = apr_pcalloc(pool, sizeof *source);
        source->backend = fakes[i].decides_only ? &controller : &fake_backend;
        source->opened = &fakes[i];
        source->decide = fakes[i].decides_only ? decide_fake : NULL;
        source->decider = (creds_decider_t *)&fakes[i];
        source->figures = fakes[i].figures;
        APR_ARRAY_PUSH(sources, creds_source_t *) = source;
    }
    return sources;
}

static ntlm_status_t ask_for(const creds_login_t *login, fake_t *fakes, int count,
                             creds_account_t *account, const char **why)
{
    memset(account, 0xA5, sizeof *account);
    *why = NULL;
    return creds_find(sources_of(fakes, count), pool, login, account, why);
}

static ntlm_status_t ask(fake_t *fakes, int count, creds_account_t *account, const char **why)
{
    const creds_login_t login = {.domain = "", .user = "alice", .logon = &logon};
    return ask_for(&login, fakes, count, account, why);
}

static void the_first_source_that_knows_the_account_decides(void **state)
{
    (void)state;
    creds_account_t account;
    const char *why;
    fake_t fakes[] = {{NTLM_NO_SUCH_USER, .name = "a"},
                      {NTLM_OK, .name = "b", .domain = "CORP", .state = NTLM_ACCOUNT_DISABLED},
                      {NTLM_OK, .name = "c"}};
    assert_int_equal(ask(fakes, 3, &account, &why), NTLM_OK);
    assert_string_equal(account.name, "b");
    assert_string_equal(account.domain, "CORP");
    assert_ptr_equal(account.source, fake_sources[1]);
    assert_int_equal(account.key.state, NTLM_ACCOUNT_DISABLED); /* it too decides */
    assert_int_equal(account.key.nt_hash[0], FOUND);
    assert_false(account.outage);
    assert_null(why);
}

static void the_last_source_may_be_the_one_that_knows(void **state)
{
    (void)state;
    creds_account_t account;
    const char *why;
    fake_t fakes[] = {{NTLM_NO_SUCH_USER, .name = "a"}, {NTLM_OK, .name = "b"}};
    assert_int_equal(ask(fakes, 2, &account, &why), NTLM_OK);
    assert_string_equal(account.name, "b");
    assert_ptr_equal(account.source, fake_sources[1]);
}

static void whoever_decides_all_that_hold_hashes_are_asked_once(void **state)
{
    (void)state;
    static const ntlm_status_t answers[] = {
        NTLM_OK,        NTLM_NO_SUCH_USER, NTLM_HASH_UNREADABLE, NTLM_AMBIGUOUS_USER,
        NTLM_BAD_ENTRY, NTLM_BACKEND_DOWN, NTLM_CRYPTO_FAILED};
    creds_account_t account;
    const char *why;
    for (size_t first = 0; first < COUNT(answers); first++) {
        for (size_t second = 0; second < COUNT(answers); second++) {
            fake_t fakes[] = {{answers[first], .name = "alice"},
                              {answers[second], .name = "alice"},
                              {NTLM_OK, .name = "alice"}};
            ntlm_status_t told = ask(fakes, 3, &account, &why);
            for (int i = 0; i < 3; i++) assert_int_equal(fakes[i].asked, 1);
            assert_int_equal(told, answers[first] != NTLM_NO_SUCH_USER    ? answers[first]
                                   : answers[second] != NTLM_NO_SUCH_USER ? answers[second]
                                                                          : NTLM_OK);
        }
    }
}

static void one_that_asks_somebody_else_is_asked_only_when_it_decides(void **state)
{
    (void)state;
    creds_account_t account;
    const char *why;
    fake_t fakes[] = {{NTLM_OK, .name = "alice"},
                      {NTLM_OK, .name = "alice", .decides_only = true},
                      {NTLM_OK, .name = "alice"}};
    static const ntlm_status_t deciding[] = {NTLM_OK, NTLM_BACKEND_DOWN, NTLM_BAD_ENTRY};
    for (size_t i = 0; i < COUNT(deciding); i++) {
        fakes[0].says = deciding[i];
        assert_int_equal(ask(fakes, 3, &account, &why), deciding[i]);
        assert_int_equal(fakes[1].asked, 0);
        assert_int_equal(fakes[2].asked, i + 1);
    }
    fakes[0].says = NTLM_NO_SUCH_USER;
    assert_int_equal(ask(fakes, 3, &account, &why), NTLM_OK);
    assert_ptr_equal(account.source, fake_sources[1]);
    assert_int_equal(fakes[1].asked, 1);
}

static void who_verifies_gives_a_session_key_and_groups_for_a_hash(void **state)
{
    (void)state;
    creds_account_t account;
    const char *why;
    static const uint8_t nothing[NTLM_KEY_LEN];
    fake_t fakes[] = {{NTLM_NO_SUCH_USER, .name = "bob"},
                      {NTLM_OK, .name = "alice", .domain = "CORP", .decides_only = true}};
    assert_int_equal(ask(fakes, 2, &account, &why), NTLM_OK);
    assert_true(account.key.verified);
    assert_ptr_equal(account.source, fake_sources[1]);
    assert_int_equal(account.key.session_base_key[NTLM_KEY_LEN - 1], FOUND);
    assert_memory_equal(account.key.nt_hash, nothing, sizeof nothing);
    assert_string_equal(account.groups[1], "CORP\\readers");
    assert_null(account.groups[2]);
    creds_wipe(&account);
    assert_memory_equal(account.key.session_base_key, nothing, sizeof nothing);
    fakes[1].says = NTLM_WRONG_PASSWORD;
    assert_int_equal(ask(fakes, 2, &account, &why), NTLM_WRONG_PASSWORD);
    assert_memory_equal(account.key.session_base_key, nothing, sizeof nothing);
    fakes[1].says = NTLM_BACKEND_DOWN;
    assert_int_equal(ask(fakes, 2, &account, &why), NTLM_BACKEND_DOWN);
    assert_string_equal(why, "alice");
    fakes[0].says = NTLM_OK;
    assert_int_equal(ask(fakes, 2, &account, &why), NTLM_OK);
    assert_false(account.key.verified);
}

static void only_who_verifies_can_make_a_proof_needless(void **state)
{
    (void)state;
    creds_account_t account;
    const char *why;
    fake_t lying[] = {{NTLM_NO_SUCH_USER, .elsewhere = {"OTHER\\alice"}},
                      {NTLM_OK, .name = "alice", .domain = NULL}};
    assert_int_equal(ask(lying, 1, &account, &why), NTLM_NO_SUCH_USER);
    assert_int_equal(ask(lying, 2, &account, &why), NTLM_OK);
    assert_int_equal(account.key.nt_hash[0], ELSEWHERE);
    assert_false(account.key.verified);
    fake_t others[] = {{NTLM_NO_SUCH_USER, .decides_only = true, .elsewhere = {"OTHER\\alice"}},
                       {NTLM_OK, .name = "alice", .domain = NULL}};
    assert_int_equal(ask(others, 2, &account, &why), NTLM_OK);
    assert_ptr_equal(account.source, fake_sources[1]);
    assert_int_equal(account.key.nt_hash[0], FOUND);
}

static void who_verifies_is_not_asked_about_an_account_that_is_looked_up_again(void **state)
{
    (void)state;
    creds_account_t account;
    const char *why;
    creds_login_t login = {.domain = "", .user = "alice", .live = true};
    fake_t fakes[] = {{NTLM_OK, .name = "alice", .decides_only = true}, {NTLM_OK, .name = "alice"}};
    assert_int_equal(ask_for(&login, fakes, 2, &account, &why), NTLM_OK);
    assert_ptr_equal(account.source, fake_sources[1]);
    const apr_array_header_t *sources = sources_of(fakes, 2);
    login.verified_by = fake_sources[0];
    assert_int_equal(creds_find(sources, pool, &login, &account, &why), NTLM_NEED_KEY);
    assert_ptr_equal(account.source, fake_sources[0]);
    assert_int_equal(fakes[0].asked, 0);
}

static void who_verifies_is_asked_once_and_not_before_what_is_remembered_is_looked_up(void **state)
{
    (void)state;
    creds_account_t account;
    const char *why;
    creds_login_t login = {.domain = "", .user = "alice", .logon = &logon};
    fake_t fakes[] = {{NTLM_NO_SUCH_USER, .cached = true},
                      {NTLM_WRONG_PASSWORD, .name = "alice", .decides_only = true},
                      {NTLM_OK, .name = "alice", .cached = true}};
    assert_int_equal(ask_for(&login, fakes, 3, &account, &why), NTLM_NEED_KEY);
    assert_true(account.cached);
    assert_int_equal(fakes[1].asked, 0);
    login.fresh = true;
    assert_int_equal(ask_for(&login, fakes, 3, &account, &why), NTLM_WRONG_PASSWORD);
    assert_int_equal(fakes[1].asked, 1);
    fakes[0].cached = login.fresh = false;
    assert_int_equal(ask_for(&login, fakes, 3, &account, &why), NTLM_WRONG_PASSWORD);
    assert_int_equal(fakes[1].asked, 2);
    assert_false(account.cached); /* so that nobody asks a second time */
}

static void for_a_live_login_nobody_is_asked_behind_the_one_that_decides(void **state)
{
    (void)state;
    creds_account_t account;
    const char *why;
    const creds_login_t login = {.domain = "", .user = "alice", .live = true};
    fake_t fakes[] = {{NTLM_NO_SUCH_USER, .name = "a"},
                      {NTLM_OK, .name = "alice"},
                      {NTLM_BACKEND_DOWN, .name = "c"}};
    assert_int_equal(ask_for(&login, fakes, 3, &account, &why), NTLM_OK);
    assert_int_equal(fakes[0].asked, 1);
    assert_int_equal(fakes[2].asked, 0);
    assert_false(account.outage);
}

static void a_source_that_is_down_is_never_skipped(void **state)
{
    (void)state;
    creds_account_t account;
    const char *why;
    fake_t fakes[] = {
        {NTLM_NO_SUCH_USER, .name = "a"}, {NTLM_BACKEND_DOWN, .name = "b"}, {NTLM_OK, .name = "c"}};
    assert_int_equal(ask(fakes, 3, &account, &why), NTLM_BACKEND_DOWN);
    assert_string_equal(why, "b");
    assert_ptr_equal(account.source, fake_sources[1]);
    assert_true(account.outage);
}

static void a_source_that_is_down_behind_the_one_that_decides_is_told_beside(void **state)
{
    (void)state;
    creds_account_t account;
    const char *why;
    fake_t fakes[] = {{NTLM_OK, .name = "a"}, {NTLM_BACKEND_DOWN, .name = "b"}};
    assert_int_equal(ask(fakes, 2, &account, &why), NTLM_OK);
    assert_string_equal(account.name, "a");
    assert_true(account.outage);
    assert_string_equal(why, "b");
    fakes[1] = (fake_t){NTLM_NO_SUCH_USER, .name = "b", .outage = true}; /* a part of it */
    assert_int_equal(ask(fakes, 2, &account, &why), NTLM_OK);
    assert_true(account.outage);
}

static void what_each_source_has_to_say_is_said(void **state)
{
    (void)state;
    creds_account_t account;
    const char *why;
    fake_t fakes[] = {{NTLM_BACKEND_DOWN, .name = "the first is down"},
                      {NTLM_OK, .name = "alice"},
                      {NTLM_BACKEND_DOWN, .name = "so is the third"}};
    assert_int_equal(ask(fakes, 3, &account, &why), NTLM_BACKEND_DOWN);
    assert_string_equal(why, "the first is down; so is the third");
}

/* ---- who is who ---- */

static void who_is_known_in_another_domain_is_who_the_first_source_says(void **state)
{
    (void)state;
    static const struct {
        const char *elsewhere, *name, *domain; /* of the first source, of the second */
        bool same;
    } pairs[] = {
        {"CORP\\alice", "alice", NULL, true},
        {"CORP\\ALICE", "alice", NULL, true},
        {"CORP\\alice", "alice", "corp", true},
        {"CORP\\alice", "corp\\Alice", "corp", true},
        {"CORP\\alice", "alice", "OTHER", false},
        {"CORP\\alice", "OTHER\\alice", "OTHER", false},
        {"CORP\\alice", "alice@corp", NULL, false}, /* another user */
        {"CORP\\alice@corp", "alice@corp", NULL, true},
        {"CORP\\bob", "alice", NULL, false},
    };
    for (size_t i = 0; i < COUNT(pairs); i++) {
        creds_account_t account;
        const char *why;
        fake_t fakes[] = {{NTLM_NO_SUCH_USER, .elsewhere = {pairs[i].elsewhere}},
                          {NTLM_OK, .name = pairs[i].name, .domain = pairs[i].domain}};
        assert_int_equal(ask(fakes, 2, &account, &why), NTLM_OK);
        if (pairs[i].same != (account.source == fake_sources[0]))
            fail_msg("%s and %s", pairs[i].elsewhere, pairs[i].name);
        assert_string_equal(account.name, pairs[i].same ? pairs[i].elsewhere : pairs[i].name);
        assert_int_equal(account.key.nt_hash[0], pairs[i].same ? ELSEWHERE : FOUND);
        assert_null(account.others);
    }
}

static void a_domain_that_is_ours_is_one_whatever_it_is_called(void **state)
{
    (void)state;
    static const char *const names[] = {"CORP", "corp.test", NULL}, *const web[] = {"WEB", ".",
                                                                                    NULL};
    static const struct {
        const char *elsewhere, *domain; /* of the first source, of the second */
        bool same;
    } pairs[] = {
        {"CORP\\alice", "corp.test", true},   {"Corp.Test\\alice", "corp", true},
        {"corp.test\\alice", NULL, true},     {".\\alice", "WEB", true},
        {"CORP\\alice", "WEB", false},        {"corp.test\\alice", "OTHER", false},
        {"OTHER\\alice", "corp.test", false},
    };
    for (size_t i = 0; i < COUNT(pairs); i++) {
        creds_account_t account;
        const char *why;
        creds_login_t login = {.domain = "", .user = "alice", .home = {names, web}};
        fake_t fakes[] = {{NTLM_NO_SUCH_USER, .elsewhere = {pairs[i].elsewhere}},
                          {NTLM_OK, .name = "alice", .domain = pairs[i].domain}};
        assert_int_equal(ask_for(&login, fakes, 2, &account, &why), NTLM_OK);
        if (pairs[i].same != (account.source == fake_sources[0]))
            fail_msg("%s and %s", pairs[i].elsewhere, pairs[i].domain);
    }
    creds_account_t account;
    const char *why;
    const creds_login_t login = {.domain = "", .user = "alice", .home = {names, web}};
    fake_t two[] = {{NTLM_NO_SUCH_USER, .elsewhere = {"CORP\\alice", "corp.test\\alice"}},
                    {NTLM_OK, .name = "alice", .domain = "CORP"}};
    assert_int_equal(ask_for(&login, two, 2, &account, &why), NTLM_AMBIGUOUS_USER);
}

static void who_is_disabled_in_the_first_source_is_so_under_any_domain(void **state)
{
    (void)state;
    creds_account_t account;
    const char *why;
    fake_t fakes[] = {{NTLM_NO_SUCH_USER, .elsewhere = {"CORP\\alice"}, .cached = true,
                       .state = NTLM_ACCOUNT_DISABLED},
                      {NTLM_OK, .name = "alice"}};
    assert_int_equal(ask(fakes, 2, &account, &why), NTLM_OK);
    assert_int_equal(account.key.state, NTLM_ACCOUNT_DISABLED);
    assert_true(account.cached);
    static const ntlm_status_t keyless[] = {NTLM_HASH_UNREADABLE, NTLM_BAD_ENTRY};
    for (size_t i = 0; i < COUNT(keyless); i++) {
        fakes[0].state = keyless[i];
        assert_int_equal(ask(fakes, 2, &account, &why), keyless[i]);
    }
}

static void several_that_might_be_the_person_are_no_choice(void **state)
{
    (void)state;
    creds_account_t account;
    const char *why;
    fake_t fakes[] = {{NTLM_NO_SUCH_USER, .elsewhere = {"CORP\\alice", "HOME\\alice", "X\\bob"}},
                      {NTLM_OK, .name = "alice"}};
    assert_int_equal(ask(fakes, 2, &account, &why), NTLM_AMBIGUOUS_USER);
    fakes[1].domain = "home";
    assert_int_equal(ask(fakes, 2, &account, &why), NTLM_OK);
    assert_string_equal(account.name, "HOME\\alice");
    fakes[1].domain = "OTHER"; /* a third person */
    assert_int_equal(ask(fakes, 2, &account, &why), NTLM_OK);
    assert_string_equal(account.name, "alice");
}

static void the_first_of_several_sources_that_know_the_person_decides(void **state)
{
    (void)state;
    creds_account_t account;
    const char *why;
    fake_t fakes[] = {{NTLM_NO_SUCH_USER, .elsewhere = {"CORP\\bob"}},
                      {NTLM_NO_SUCH_USER, .elsewhere = {"CORP\\alice"}},
                      {NTLM_NO_SUCH_USER, .elsewhere = {"HOME\\alice"}},
                      {NTLM_OK, .name = "alice"}};
    assert_int_equal(ask(fakes, 4, &account, &why), NTLM_OK);
    assert_string_equal(account.name, "CORP\\alice");
    assert_ptr_equal(account.source, fake_sources[1]);
}

static void each_fake(void *opened, void (*visit)(void *baton, const char *name), void *baton)
{
    visit(baton, ((fake_t *)opened)->name);
}

static void who_is_called_so_in_other_domains_is_told_where_accounts_are_listed(void **state)
{
    (void)state;
    static const creds_backend_t listed = {
        .name = "file", .find = find_fake, .generation = count_of_fake, .each = each_fake};
    static const struct {
        const char *first[3], *second[3]; /* of the listed source, and of the other one */
        bool second_is_listed;
        const char *told;
    } all[] = {
        {{NULL}, {NULL}, true, NULL},
        {{"CORP\\alice"}, {NULL}, false, "the file has CORP\\alice"},
        {{NULL}, {"CORP\\alice"}, false, NULL},
        {{"CORP\\alice", "X\\Alice"}, {"Y\\alice"}, false, "the file has CORP\\alice, X\\Alice"},
        {{"A\\alice", "B\\alice", "C\\alice"},
         {NULL},
         true,
         "the file has A\\alice, B\\alice, C\\alice"},
        {{"A\\alice", "B\\alice", "C\\alice"},
         {"D\\alice"},
         true,
         "the file has A\\alice, B\\alice, C\\alice and others"},
    };
    for (size_t i = 0; i < COUNT(all); i++) {
        const creds_login_t login = {.domain = "", .user = "alice", .logon = &logon};
        fake_t fakes[] = {{NTLM_NO_SUCH_USER, .name = NULL}, {NTLM_NO_SUCH_USER, .name = NULL}};
        memcpy(fakes[0].elsewhere, all[i].first, sizeof all[i].first);
        memcpy(fakes[1].elsewhere, all[i].second, sizeof all[i].second);
        const apr_array_header_t *sources = sources_of(fakes, 2);
        creds_account_t account;
        const char *why = NULL;
        fake_sources[0]->backend = &listed;
        if (all[i].second_is_listed) fake_sources[1]->backend = &listed;
        assert_int_equal(creds_find(sources, pool, &login, &account, &why), NTLM_NO_SUCH_USER);
        if (all[i].told)
            assert_string_equal(account.detail, all[i].told);
        else
            assert_null(account.detail);
        fakes[1].says = NTLM_OK;
        fakes[1].name = "alice";
        fakes[1].domain = "OTHER";
        (void)creds_find(sources, pool, &login, &account, &why);
        assert_null(account.detail);
    }
}

static void who_is_known_in_other_domains_alone_is_nobody(void **state)
{
    (void)state;
    creds_account_t account;
    const char *why;
    fake_t fakes[] = {{NTLM_NO_SUCH_USER, .elsewhere = {"CORP\\alice"}},
                      {NTLM_NO_SUCH_USER, .elsewhere = {"HOME\\alice"}}};
    assert_int_equal(ask(fakes, 2, &account, &why), NTLM_NO_SUCH_USER);
    assert_null(account.others);
}

/* ---- all of them ---- */

static void an_account_that_no_source_knows_does_not_exist(void **state)
{
    (void)state;
    creds_account_t account;
    const char *why = NULL;
    fake_t fakes[] = {{NTLM_NO_SUCH_USER, .name = "a"}, {NTLM_NO_SUCH_USER, .name = "b"}};
    assert_int_equal(ask(fakes, 2, &account, &why), NTLM_NO_SUCH_USER);
    assert_int_equal(fakes[0].asked + fakes[1].asked, 2);
    assert_null(why);
}

static void one_answer_from_memory_makes_the_whole_answer_a_remembered_one(void **state)
{
    (void)state;
    creds_account_t account;
    const char *why = NULL;
    fake_t fakes[] = {{NTLM_NO_SUCH_USER, .name = "a", .cached = true}, {NTLM_OK, .name = "b"}};
    assert_int_equal(ask(fakes, 2, &account, &why), NTLM_OK);
    assert_true(account.cached); /* the first one might know her by now */
    fakes[0].cached = false;
    assert_int_equal(ask(fakes, 2, &account, &why), NTLM_OK);
    assert_false(account.cached);
    fakes[1] = (fake_t){NTLM_NO_SUCH_USER, .name = "b", .cached = true};
    assert_int_equal(ask(fakes, 2, &account, &why), NTLM_NO_SUCH_USER);
    assert_true(account.cached);
}

static void without_a_source_no_account_exists(void **state)
{
    (void)state;
    creds_account_t account;
    const char *why = NULL;
    assert_int_equal(ask(NULL, 0, &account, &why), NTLM_NO_SUCH_USER);
}

/* ---- opening and closing ---- */

static int open_sources;

static const char *open_fake(apr_pool_t *p, struct server_rec *server, const char *word,
                             const apr_table_t *given, void **opened)
{
    assert_ptr_equal(server, &open_sources); /* whatever it is, it is handed on */
    *opened = apr_pstrcat(p, word ? word : "no word", NULL);
    if (apr_table_get(given, "wrong")) return "that is wrong";
    open_sources++;
    return NULL;
}

static void close_fake(void *opened)
{
    assert_string_equal(opened, "no word");
    open_sources--;
}

static void a_source_is_open_until_its_pool_ends(void **state)
{
    (void)state;
    static const creds_option_t options[] = {{.name = "wrong"}, {CREDS_DOMAIN_ROW}, {0}};
    static const creds_backend_t backend = {
        .name = "fake", .options = options, .open = open_fake, .close = close_fake};
    creds_source_t *source = NULL;
    apr_pool_t *own;
    apr_pool_create(&own, pool);
    apr_table_t *given = apr_table_make(own, 2);
    const creds_open_t what = {.backend = &backend,
                               .server = (struct server_rec *)&open_sources,
                               .given = given,
                               .text = "fake"};
    apr_table_setn(given, "domain", "CORP");
    assert_null(creds_open(own, &what, &source));
    assert_int_equal(open_sources, 1);
    assert_string_equal(source->opened, "no word");
    assert_string_equal(source->domain, "CORP");
    assert_string_equal(source->text, "fake");
    assert_non_null(source->figures);
    assert_int_equal(creds_all(own)->nelts, 1);
    assert_ptr_equal(APR_ARRAY_IDX(creds_all(own), 0, const creds_source_t *), source);
    source = NULL;
    apr_table_setn(given, "wrong", "");
    assert_refusal(creds_open(own, &what, &source), "that is wrong");
    assert_null(source);
    assert_int_equal(creds_all(own)->nelts, 1);
    apr_pool_destroy(own);
    assert_int_equal(open_sources, 0); /* what was never open is not closed */
}

static creds_asked_t asked_of(const fake_t *fake)
{
    return creds_figures_read(fake->figures);
}

static void each_question_to_a_source_is_counted(void **state)
{
    (void)state;
    creds_account_t account;
    const char *why;
    fake_t fakes[] = {{NTLM_OK, .name = "alice", .decides_only = true},
                      {NTLM_NO_SUCH_USER, .name = "b", .cached = true},
                      {NTLM_BACKEND_DOWN, .name = "c"},
                      {NTLM_OK, .name = "d", .outage = true}};
    for (int i = 0; i < 4; i++)
        fakes[i].figures = creds_figures_open(pool, "fake", NULL, apr_table_make(pool, 1));
    const creds_login_t known = {.domain = "", .user = "alice"};
    ask_for(&known, fakes, 4, &account, &why); /* nobody asks who verifies */
    assert_int_equal(asked_of(&fakes[0]).lookups, 0);
    ask(fakes, 4, &account, &why);
    assert_int_equal(asked_of(&fakes[0]).lookups, 1);
    for (int i = 1; i < 4; i++) assert_int_equal(asked_of(&fakes[i]).lookups, 2);
    assert_int_equal(asked_of(&fakes[1]).remembered, 2);
    assert_int_equal(asked_of(&fakes[1]).outages, 0);
    assert_int_equal(asked_of(&fakes[2]).outages, 2);
    assert_int_equal(asked_of(&fakes[3]).outages, 2);
    assert_int_equal(asked_of(&fakes[3]).remembered, 0);
}

static void the_generation_of_sources_is_their_sum(void **state)
{
    (void)state;
    const char *why = NULL;
    const creds_source_t source = {.backend = &fake_backend};
    apr_array_header_t *sources = apr_array_make(pool, 2, sizeof(const creds_source_t *));
    assert_int_equal(creds_generation(sources, pool, &why), 0);
    APR_ARRAY_PUSH(sources, const creds_source_t *) = &source;
    APR_ARRAY_PUSH(sources, const creds_source_t *) = &source;
    assert_int_equal(creds_generation(sources, pool, &why), 42);
    static const creds_backend_t untold = {.name = "untold"};
    const creds_source_t other = {.backend = &untold};
    APR_ARRAY_PUSH(sources, const creds_source_t *) = &other;
    assert_int_equal(creds_generation(sources, pool, &why), 42);
    assert_null(why);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_source_that_knows_the_account_decides),
        cmocka_unit_test(the_last_source_may_be_the_one_that_knows),
        cmocka_unit_test(whoever_decides_all_that_hold_hashes_are_asked_once),
        cmocka_unit_test(one_that_asks_somebody_else_is_asked_only_when_it_decides),
        cmocka_unit_test(who_verifies_gives_a_session_key_and_groups_for_a_hash),
        cmocka_unit_test(only_who_verifies_can_make_a_proof_needless),
        cmocka_unit_test(who_verifies_is_not_asked_about_an_account_that_is_looked_up_again),
        cmocka_unit_test(who_verifies_is_asked_once_and_not_before_what_is_remembered_is_looked_up),
        cmocka_unit_test(for_a_live_login_nobody_is_asked_behind_the_one_that_decides),
        cmocka_unit_test(a_source_that_is_down_is_never_skipped),
        cmocka_unit_test(a_source_that_is_down_behind_the_one_that_decides_is_told_beside),
        cmocka_unit_test(what_each_source_has_to_say_is_said),
        cmocka_unit_test(who_is_known_in_another_domain_is_who_the_first_source_says),
        cmocka_unit_test(a_domain_that_is_ours_is_one_whatever_it_is_called),
        cmocka_unit_test(who_is_disabled_in_the_first_source_is_so_under_any_domain),
        cmocka_unit_test(several_that_might_be_the_person_are_no_choice),
        cmocka_unit_test(the_first_of_several_sources_that_know_the_person_decides),
        cmocka_unit_test(who_is_called_so_in_other_domains_is_told_where_accounts_are_listed),
        cmocka_unit_test(who_is_known_in_other_domains_alone_is_nobody),
        cmocka_unit_test(an_account_that_no_source_knows_does_not_exist),
        cmocka_unit_test(one_answer_from_memory_makes_the_whole_answer_a_remembered_one),
        cmocka_unit_test(without_a_source_no_account_exists),
        cmocka_unit_test(a_source_is_open_until_its_pool_ends),
        cmocka_unit_test(each_question_to_a_source_is_counted),
        cmocka_unit_test(the_generation_of_sources_is_their_sum),
    };
    return RUN_GROUP_IN_POOL(tests);
}
