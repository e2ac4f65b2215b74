#include "accepted.h"

#include <apr_strings.h>

#include "../../ntlm/name.h"

bool accepted_domain(const char *const *own, const creds_login_t *login, const char *domain)
{
    const char *const *lists[] = {own, login->home.domain, login->accepts};
    bool nobody_says = true;
    if (*domain == '\0') return true;
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
        if (lists[i] && name_is_listed(lists[i], domain)) return true;
        nobody_says &= !lists[i];
    }
    return nobody_says;
}

const char *accepted_not(apr_pool_t *pool, const char *const *own, const creds_login_t *login)
{
    const creds_logon_t *logon = login->logon;
    if (!accepted_domain(own, login, logon->domain)) return logon->domain;
    for (name_parts_t parts = name_of_client(logon->user); parts.apart;
         parts = name_within(parts.user)) {
        const char *inner = apr_pstrndup(pool, (const char *)parts.domain.data, parts.domain.len);
        if (!accepted_domain(own, login, inner)) return inner;
    }
    return NULL;
}
