/* Whom a login means: the names that clients send, and ours among them. */
#include "unit.h"
#include "pool.h"

#include <apr_strings.h>

#include "../../lib/creds/creds_login.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* As in the table of docs/directives.md. */
static const char *const domain_names[] = {"CORP", "corp.example.com", "OLDCORP", NULL};
static const char *const computer_names[] = {"WEB", "web.corp.example.com", ".", NULL};
static const creds_home_t ours = {domain_names, computer_names}, nothing;

/* ---- what is ours ---- */

static void all_names_of_a_domain_that_is_ours_are_one(void **state)
{
    (void)state;
    static const struct {
        const char *domain, *first; /* its name if it is ours */
    } all[] = {
        {"CORP", "CORP"},
        {"corp", "CORP"},
        {"Corp.Example.Com", "CORP"},
        {"oldcorp", "CORP"},
        {"web", "WEB"},
        {"WEB.corp.example.com", "WEB"},
        {".", "WEB"},
        {"OTHER", NULL},
        {"example.com", NULL},
        {"corp.example", NULL},
        {"", NULL},
        {"..", NULL},
        {"sub.corp.example.com", NULL},
    };
    for (size_t i = 0; i < COUNT(all); i++) {
        const char *first = all[i].first ? all[i].first : all[i].domain;
        assert_string_equal(creds_home_name(&ours, all[i].domain), first);
        assert_int_equal(creds_home_names(&ours, all[i].domain) != NULL, all[i].first != NULL);
        assert_null(creds_home_names(&nothing, all[i].domain));
        for (size_t k = 0; k < COUNT(all); k++) {
            const char *other = all[k].first ? all[k].first : all[k].domain;
            assert_int_equal(creds_home_is_one(&ours, all[i].domain, all[k].domain),
                             unicode_casecmp(first, other) == 0);
            assert_int_equal(creds_home_is_one(&nothing, all[i].domain, all[k].domain),
                             unicode_casecmp(all[i].domain, all[k].domain) == 0);
        }
    }
}

static void what_is_called_like_the_domain_is_the_domain(void **state)
{
    (void)state;
    static const char *const same[] = {"WEB", "web.test", NULL};
    const creds_home_t home = {.domain = same, .computer = computer_names};
    assert_ptr_equal(creds_home_names(&home, "web"), same);
    assert_ptr_equal(creds_home_names(&home, "web.corp.example.com"), computer_names);
}

/* ---- taking names apart ---- */

typedef struct split_t {
    const char *user, *domain, *default_domain; /* as sent, and NTLMDomain */
    const char *login_domain, *login_user;
    bool whole; /* the name as sent is kept */
} split_t;

static void check_split(const split_t *it)
{
    const char *const domain[] = {it->default_domain, NULL};
    const creds_home_t home = {.domain = it->default_domain ? domain : NULL};
    creds_login_t login = creds_login(pool, it->user, it->domain, &home);
    if (strcmp(login.domain, it->login_domain) != 0 || strcmp(login.user, it->login_user) != 0)
        fail_msg("'%s' of '%s' is '%s' of '%s'", it->user, it->domain, login.user, login.domain);
    if (it->whole)
        assert_string_equal(login.whole, it->user);
    else
        assert_null(login.whole);
}

static void check_splits(const split_t *splits, size_t count)
{
    for (size_t i = 0; i < count; i++) check_split(&splits[i]);
}

static void a_plain_name_keeps_the_domain_that_was_sent(void **state)
{
    (void)state;
    static const split_t splits[] = {
        {"alice", "CORP", NULL, "CORP", "alice", false},
        {"alice", "CORP", "HOME", "CORP", "alice", false},
        {"alice", "", NULL, "", "alice", false},
        {"alice", "", "HOME", "HOME", "alice", false},
        {"", "", NULL, "", "", false},
        {"a/b", "CORP", NULL, "CORP", "a/b", false},
        {"alice", "corp.example", NULL, "corp.example", "alice", false},
    };
    check_splits(splits, COUNT(splits));
}

static void a_backslash_parts_the_domain_from_the_user(void **state)
{
    (void)state;
    static const split_t splits[] = {
        {"CORP\\alice", "", NULL, "CORP", "alice", true},
        {"CORP\\alice", "OTHER", "HOME", "CORP", "alice", true},
        {"CORP\\alice@corp.example", "", NULL, "CORP", "alice@corp.example", true},
        {"a@b\\alice", "", NULL, "a@b", "alice", true},
        {"J\xC3\x9CRGEN\\alice", "", NULL, "J\xC3\x9CRGEN", "alice", true},
    };
    check_splits(splits, COUNT(splits));
}

static void the_last_at_parts_the_user_from_the_domain(void **state)
{
    (void)state;
    static const split_t splits[] = {
        {"alice@corp.example", "", NULL, "corp.example", "alice", true},
        {"alice@corp.example", "CORP", "HOME", "corp.example", "alice", true},
        {"alice@home@corp.example", "", NULL, "corp.example", "alice@home", true},
        {"alice@@corp", "", NULL, "corp", "alice@", true},
    };
    check_splits(splits, COUNT(splits));
}

static void a_separator_at_an_edge_names_an_empty_half(void **state)
{
    (void)state;
    static const split_t splits[] = {
        {"\\alice", "", NULL, "", "alice", true},
        {"\\alice", "CORP", "HOME", "HOME", "alice", true},
        {"alice@", "", NULL, "", "alice", true},
        {"alice@", "CORP", "HOME", "HOME", "alice", true},
        {"CORP\\", "", NULL, "CORP", "", true},
        {"@corp.example", "", NULL, "corp.example", "", true},
        {"\\", "", NULL, "", "", true},
        {"@", "", "HOME", "HOME", "", true},
        {"\\@", "", NULL, "", "@", true},
        {"@\\", "", NULL, "@", "", true},
    };
    check_splits(splits, COUNT(splits));
}

static const char *spellings(const creds_login_t *login)
{
    const char *list = "";
    for (size_t i = 0; i < login->name_count; i++) {
        const creds_name_t *name = &login->names[i];
        list = apr_pstrcat(pool, list, i ? ", " : "", name->text, name->any_domain ? " of any" : "",
                           NULL);
        const char *text =
            name->domain ? apr_pstrcat(pool, name->domain, "\\", name->user, NULL) : name->user;
        assert_string_equal(name->text, text);
    }
    return list;
}

static void the_more_exact_spelling_stands_before_the_others(void **state)
{
    (void)state;
    static const struct {
        const char *user, *domain, *default_domain, *names;
    } logins[] = {
        {"alice", "", NULL, "alice of any"},
        {"alice", "CORP", NULL, "CORP\\alice, alice"},
        {"alice", "", "HOME", "HOME\\alice, alice"},
        {"CORP\\alice", "X", NULL, "CORP\\alice, CORP\\alice of any, alice"},
        {"alice@corp.example", "", "X", "corp.example\\alice, alice@corp.example of any, alice"},
        {"alice@", "", NULL, "alice@ of any, alice of any"},
        {"\\CORP\\alice", "", "X", "\\CORP\\alice of any"}, /* not X's, nor nobody's */
    };
    for (size_t i = 0; i < COUNT(logins); i++) {
        const char *const domain[] = {logins[i].default_domain, NULL};
        const creds_home_t home = {.domain = logins[i].default_domain ? domain : NULL};
        creds_login_t login = creds_login(pool, logins[i].user, logins[i].domain, &home);
        assert_string_equal(spellings(&login), logins[i].names);
    }
    creds_login_t login = creds_login_of_user("alice@corp", &ours);
    assert_string_equal(spellings(&login), "alice@corp of any");
    assert_string_equal(login.user, "alice@corp");
    assert_string_equal(login.domain, "");
}

/* ---- the table ---- */

/* The names in backticks, each once, with commas between them. */
static const char *names_in(const char *cell, const char *end)
{
    const char *list = "";
    for (const char *at = memchr(cell, '`', (size_t)(end - cell)); at && at < end;) {
        const char *close = strchr(at + 1, '`');
        assert_non_null(close);
        const char *name = apr_pstrndup(pool, at + 1, (apr_size_t)(close - at - 1));
        list = apr_pstrcat(pool, list, *list ? ", " : "", name, NULL);
        at = memchr(close + 1, '`', close < end ? (size_t)(end - close - 1) : 0);
    }
    return list;
}

/* What a backend without domains looks up: each text once. */
static const char *looked_up(const creds_login_t *login)
{
    const char *list = "";
    for (size_t i = 0; i < login->name_count; i++) {
        bool again = false;
        for (size_t k = 0; k < i; k++)
            again |= strcmp(login->names[k].text, login->names[i].text) == 0;
        if (!again) list = apr_pstrcat(pool, list, *list ? ", " : "", login->names[i].text, NULL);
    }
    return list;
}

static void check_row(char *row)
{
    static const char *const any[] = {"", "CORP", "OTHER", ".", "web"};
    const char *cells[4];
    for (size_t i = 0; i < COUNT(cells); i++) {
        cells[i] = row;
        row = strstr(row + 1, " |");
        assert_non_null(row);
    }
    const char *user = names_in(cells[1] + 1, cells[2]), *wanted = names_in(cells[3], row);
    const char *domain = names_in(cells[2], cells[3]);
    const bool is_any = strstr(cells[2], "| any") != NULL;
    const bool alone = strncmp(cells[0], "| without", strlen("| without")) == 0;
    for (size_t i = 0; i < (is_any ? COUNT(any) : 1); i++) {
        const creds_home_t home = {alone ? NULL : domain_names, computer_names};
        const creds_login_t login = creds_login(pool, user, is_any ? any[i] : domain, &home);
        assert_string_equal(looked_up(&login), wanted);
    }
}

static void the_table_of_the_documentation_is_what_is_looked_up(void **state)
{
    (void)state;
    char line[1024];
    int rows = 0;
    FILE *in = fopen("docs/directives.md", "r");
    assert_non_null(in);
    while (fgets(line, sizeof line, in) && strncmp(line, "| `NTLMDomain` | user", 21) != 0) {
    }
    while (fgets(line, sizeof line, in) && line[0] == '|') {
        if (line[2] == '-') continue;
        check_row(line);
        rows++;
    }
    fclose(in);
    assert_in_range(rows, 15, 40);
}

static void as_many_names_as_a_domain_may_have_fit(void **state)
{
    (void)state;
    static const char *const most[CREDS_HOME_MAX + 1] = {"A", "B", "C", "D", "E", "F", "G", "H"};
    const creds_home_t home = {.domain = most};
    const creds_login_t login = creds_login(pool, "bob@h", "", &home);
    assert_int_equal(login.name_count, CREDS_NAMES_MAX);
    assert_string_equal(looked_up(&login), "h\\bob, bob@h, A\\bob, B\\bob, C\\bob, D\\bob, "
                                           "E\\bob, F\\bob, G\\bob, bob");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_names_of_a_domain_that_is_ours_are_one),
        cmocka_unit_test(what_is_called_like_the_domain_is_the_domain),
        cmocka_unit_test(a_plain_name_keeps_the_domain_that_was_sent),
        cmocka_unit_test(a_backslash_parts_the_domain_from_the_user),
        cmocka_unit_test(the_last_at_parts_the_user_from_the_domain),
        cmocka_unit_test(a_separator_at_an_edge_names_an_empty_half),
        cmocka_unit_test(the_more_exact_spelling_stands_before_the_others),
        cmocka_unit_test(the_table_of_the_documentation_is_what_is_looked_up),
        cmocka_unit_test(as_many_names_as_a_domain_may_have_fit),
    };
    return RUN_GROUP_IN_POOL(tests);
}
