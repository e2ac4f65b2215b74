#include "creds.h"

#include <string.h>

#include <apr_strings.h>

static const char *copy(apr_pool_t *pool, bytes_t text)
{
    return apr_pstrndup(pool, (const char *)text.data, text.len);
}

creds_login_t creds_login(apr_pool_t *pool, const char *user, const char *domain,
                          const char *default_domain)
{
    name_parts_t parts = name_of_client(user);
    creds_login_t login = {.domain = domain, .user = user};
    if (parts.apart) {
        login.domain = copy(pool, parts.domain);
        login.user = copy(pool, parts.user);
        login.whole = user;
    }
    if (login.domain[0] == '\0' && default_domain) login.domain = default_domain;
    return login;
}

ntlm_status_t creds_find(const apr_array_header_t *sources, apr_pool_t *pool,
                         const creds_login_t *login, creds_account_t *account, const char **why)
{
    ntlm_status_t status = NTLM_NO_SUCH_USER;
    bool cached = false;
    memset(account, 0, sizeof *account);
    for (int i = 0; i < sources->nelts && status == NTLM_NO_SUCH_USER; i++) {
        const creds_source_t *source = APR_ARRAY_IDX(sources, i, const creds_source_t *);
        memset(account, 0, sizeof *account);
        status = source->backend->find(source->opened, pool, login, account, why);
        account->source = source->backend->name;
        cached |= account->cached;
    }
    account->cached = cached;
    return status;
}

apr_uint64_t creds_generation(const apr_array_header_t *sources, apr_pool_t *pool, const char **why)
{
    apr_uint64_t sum = 0;
    for (int i = 0; i < sources->nelts; i++) {
        const creds_source_t *source = APR_ARRAY_IDX(sources, i, const creds_source_t *);
        sum += source->backend->generation(source->opened, pool, why);
    }
    return sum;
}
