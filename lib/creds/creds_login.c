#include "creds_login.h"

#include <apr_strings.h>

/* ---- what is ours ---- */

const char *const *creds_home_names(const creds_home_t *home, const char *domain)
{
    if (home->domain && name_is_listed(home->domain, domain)) return home->domain;
    return home->computer && name_is_listed(home->computer, domain) ? home->computer : NULL;
}

const char *creds_home_name(const creds_home_t *home, const char *domain)
{
    const char *const *names = creds_home_names(home, domain);
    return names ? names[0] : domain;
}

bool creds_home_is_one(const creds_home_t *home, const char *a, const char *b)
{
    return unicode_casecmp(creds_home_name(home, a), creds_home_name(home, b)) == 0;
}

/* ---- the spellings ---- */

static void add_name(creds_login_t *login, creds_name_t name)
{
    login->names[login->name_count++] = name;
}

static void add_in_domain(apr_pool_t *pool, creds_login_t *login, const char *domain)
{
    add_name(login, (creds_name_t){.text = apr_pstrcat(pool, domain, "\\", login->user, NULL),
                                   .user = login->user,
                                   .domain = domain});
}

static void add_in_other_names(apr_pool_t *pool, creds_login_t *login)
{
    const char *const *names = creds_home_names(&login->home, login->domain);
    for (; names && *names; names++)
        if (unicode_casecmp(*names, login->domain) != 0) add_in_domain(pool, login, *names);
}

/* The more exact one decides. A user that holds a '\' names another domain. */
static void add_names(apr_pool_t *pool, creds_login_t *login)
{
    const bool is_plain = !name_of_account(login->user).apart;
    const bool has_domain = login->domain[0] != '\0';
    if (is_plain && has_domain) add_in_domain(pool, login, login->domain);
    if (login->whole)
        add_name(login,
                 (creds_name_t){.text = login->whole, .user = login->whole, .any_domain = true});
    if (is_plain && has_domain) add_in_other_names(pool, login);
    if (is_plain)
        add_name(login, (creds_name_t){
                            .text = login->user, .user = login->user, .any_domain = !has_domain});
}

creds_login_t creds_login_of_user(const char *user, const creds_home_t *home)
{
    creds_login_t login = {.domain = "", .user = user, .home = *home};
    add_name(&login, (creds_name_t){.text = user, .user = user, .any_domain = true});
    return login;
}

static const char *copy(apr_pool_t *pool, bytes_t text)
{
    return apr_pstrndup(pool, (const char *)text.data, text.len);
}

creds_login_t creds_login(apr_pool_t *pool, const char *user, const char *domain,
                          const creds_home_t *home)
{
    name_parts_t parts = name_of_client(user);
    creds_login_t login = {.domain = domain, .user = user, .home = *home};
    if (parts.apart) {
        login.domain = copy(pool, parts.domain);
        login.user = copy(pool, parts.user);
        login.whole = user;
    }
    if (login.domain[0] == '\0' && home->domain) login.domain = home->domain[0];
    add_names(pool, &login);
    return login;
}
