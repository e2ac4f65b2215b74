#include "creds.h"

#include <string.h>

#include <apr_strings.h>

creds_login_t creds_login(apr_pool_t *pool, const char *user, const char *domain,
                          const char *default_domain)
{
    creds_login_t login = {domain, user, NULL};
    const char *backslash = strchr(user, '\\');
    const char *at = strrchr(user, '@');
    if (backslash) {
        login.domain = apr_pstrmemdup(pool, user, (apr_size_t)(backslash - user));
        login.user = backslash + 1;
        login.whole = user;
    } else if (at) {
        login.domain = at + 1;
        login.user = apr_pstrmemdup(pool, user, (apr_size_t)(at - user));
        login.whole = user;
    }
    if (login.domain[0] == '\0' && default_domain) login.domain = default_domain;
    return login;
}

ntlm_status_t creds_find(const apr_array_header_t *sources, apr_pool_t *pool,
                         const creds_login_t *login, creds_account_t *account, const char **why)
{
    ntlm_status_t status = NTLM_NO_SUCH_USER;
    for (int i = 0; i < sources->nelts && status == NTLM_NO_SUCH_USER; i++) {
        const creds_source_t *source = APR_ARRAY_IDX(sources, i, const creds_source_t *);
        memset(account, 0, sizeof *account);
        status = source->backend->find(source->opened, pool, login, account, why);
        account->source = source->backend->name;
    }
    return status;
}
