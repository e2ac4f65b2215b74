#include "winbind_groups.h"

#include <limits.h>
#include <string.h>

#include <apr_strings.h>
#include <wbclient.h>

#include "winbind_access.h"

/* The account, its primary group, and then the groups that the controller says, the primary one
 * mostly among them: only they have attributes. */
enum { ACCOUNT, PRIMARY, OTHERS };

enum { PRIMARY_ATTRIBUTES = 0x7 }; /* mandatory, enabled by default, enabled: as controllers say */

static const char *text_of(apr_pool_t *pool, const struct wbcDomainSid *sid)
{
    char text[WBC_SID_STRING_BUFLEN];
    wbcSidToStringBuf(sid, text, sizeof text);
    return apr_pstrdup(pool, text);
}

static uint32_t rid_of(const struct wbcDomainSid *sid)
{
    return sid->num_auths > 0 && sid->num_auths <= WBC_MAXSUBAUTHS
               ? sid->sub_auths[sid->num_auths - 1]
               : 0;
}

static bool is_group(enum wbcSidType type)
{
    return type == WBC_SID_NAME_DOM_GRP || type == WBC_SID_NAME_ALIAS ||
           type == WBC_SID_NAME_WKN_GRP;
}

/* ---- of a login ---- */

static const char *name_of(apr_pool_t *pool, const struct wbcTranslatedName *name,
                           const struct wbcDomainInfo *domains, int domain_count)
{
    if (!is_group(name->type) || name->domain_index < 0 || name->domain_index >= domain_count)
        return NULL;
    return apr_pstrcat(pool, domains[name->domain_index].short_name, "\\", name->name, NULL);
}

/* One question for all of them. It fails in whole where a SID is of a domain that is not there any
 * more (Samba 4.17); then what is wrong is found by halves. */
static wbcErr name_them(struct wbcContext *context, apr_pool_t *pool,
                        const struct wbcDomainSid *sids, creds_group_t *groups, size_t count)
{
    struct wbcDomainInfo *domains = NULL;
    struct wbcTranslatedName *names = NULL;
    int domain_count = INT_MAX; /* not every libwbclient says it */
    wbcErr error = wbcCtxLookupSids(context, sids, (int)count, &domains, &domain_count, &names);
    for (size_t i = 0; i < count && error == WBC_ERR_SUCCESS; i++)
        groups[i].name = name_of(pool, &names[i], domains, domain_count);
    wbcFreeMemory(names);
    wbcFreeMemory(domains);
    if (error == WBC_ERR_SUCCESS || error == WBC_ERR_WINBIND_NOT_AVAILABLE) return error;
    const size_t half = count / 2;
    if (half == 0) return WBC_ERR_SUCCESS;
    error = name_them(context, pool, sids, groups, half);
    if (error != WBC_ERR_SUCCESS) return error;
    return name_them(context, pool, sids + half, groups + half, count - half);
}

/* Of the primary group twice the one with attributes. */
static bool is_said_again(const creds_group_t *groups, size_t count)
{
    for (size_t i = 1; i < count; i++)
        if (strcmp(groups[i].sid, groups[0].sid) == 0) return true;
    return false;
}

void winbind_groups(struct wbcContext *context, apr_pool_t *pool,
                    const struct wbcAuthUserInfo *info, creds_verdict_t *verdict)
{
    if (info->num_sids > ACCOUNT) verdict->user_id = rid_of(&info->sids[ACCOUNT].sid);
    if (info->num_sids <= PRIMARY) return;
    const size_t count = info->num_sids - PRIMARY;
    creds_group_t *groups = apr_pcalloc(pool, count * sizeof *groups);
    struct wbcDomainSid *sids = apr_palloc(pool, count * sizeof *sids);
    for (size_t i = 0; i < count; i++) {
        sids[i] = info->sids[i + PRIMARY].sid;
        groups[i].sid = text_of(pool, &sids[i]);
        groups[i].attributes = info->sids[i + PRIMARY].attributes;
    }
    groups[0].attributes = PRIMARY_ATTRIBUTES;
    const size_t from = is_said_again(groups, count) ? 1 : 0;
    verdict->groups = groups + from;
    verdict->group_count = count - from;
    wbcErr error = name_them(context, pool, sids + from, groups + from, count - from);
    if (error != WBC_ERR_SUCCESS)
        verdict->why = apr_pstrcat(
            pool, "groups have no names: ", winbind_access_why(context, pool, error), NULL);
}

/* ---- by its name ---- */

/* An administrator's text, and no name that a client has sent. */
static const char *look_up(struct wbcContext *context, apr_pool_t *pool, const char *own_domain,
                           const char *group, const char **sid)
{
    const size_t len = strcspn(group, "\\");
    const bool has_domain = group[len] != '\0';
    const char *domain = has_domain ? apr_pstrndup(pool, group, len) : own_domain;
    struct wbcDomainSid found;
    enum wbcSidType type = WBC_SID_NAME_USE_NONE;
    wbcErr error =
        wbcCtxLookupName(context, domain, has_domain ? group + len + 1 : group, &found, &type);
    if (error == WBC_ERR_SUCCESS && is_group(type)) *sid = text_of(pool, &found);
    if (error == WBC_ERR_SUCCESS) return NULL;
    if (error != WBC_ERR_DOMAIN_NOT_FOUND) return winbind_access_why(context, pool, error);
    /* So it says of what nobody knows, and of what nobody could be asked about. */
    if (wbcCtxPingDc(context, domain, NULL) == WBC_ERR_SUCCESS) return NULL;
    return apr_psprintf(pool, "winbindd reaches no controller of the domain %s", domain);
}

const char *winbind_group_sid(struct wbcContext *context, apr_pool_t *pool, const char *group,
                              const char **sid)
{
    const char *domain;
    *sid = "";
    if (strlen(group) > WINBIND_NAME_LEN) return NULL;
    wbcErr error = winbind_access_domain(context, pool, &domain);
    return error == WBC_ERR_SUCCESS ? look_up(context, pool, domain, group, sid)
                                    : winbind_access_why(context, pool, error);
}
