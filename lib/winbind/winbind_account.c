#include "winbind_account.h"

#include <string.h>

#include <apr_strings.h>

#include "winbind_access.h"

static wbcErr look_up(struct wbcContext *context, apr_pool_t *pool, const char *user,
                      struct wbcDomainSid *sid)
{
    const char *domain;
    enum wbcSidType type;
    wbcErr error = winbind_access_domain(context, pool, &domain);
    return error == WBC_ERR_SUCCESS ? wbcCtxLookupName(context, domain, user, sid, &type) : error;
}

static wbcErr name_of(struct wbcContext *context, apr_pool_t *pool, const struct wbcDomainSid *sid,
                      const char **name)
{
    char *domain = NULL, *account = NULL;
    enum wbcSidType type = WBC_SID_NAME_UNKNOWN;
    wbcErr error = wbcCtxLookupSid(context, sid, &domain, &account, &type);
    if (error == WBC_ERR_SUCCESS && (type == WBC_SID_NAME_USER || type == WBC_SID_NAME_COMPUTER))
        *name = apr_pstrdup(pool, account);
    wbcFreeMemory(domain);
    wbcFreeMemory(account);
    return error;
}

/* That there is none is said of what nobody could be asked about, too: then the logon is answered
 * so as well. */
const char *winbind_account(struct wbcContext *context, apr_pool_t *pool, const char *user,
                            const char **name)
{
    struct wbcDomainSid sid;
    *name = "";
    if (strlen(user) > WINBIND_NAME_LEN) return NULL;
    wbcErr error = look_up(context, pool, user, &sid);
    if (error == WBC_ERR_DOMAIN_NOT_FOUND) return NULL;
    if (error == WBC_ERR_SUCCESS) error = name_of(context, pool, &sid, name);
    return error == WBC_ERR_SUCCESS ? NULL : winbind_access_why(context, pool, error);
}
