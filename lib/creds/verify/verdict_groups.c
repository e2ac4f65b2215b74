#include "verdict_groups.h"

#include <string.h>

#include <apr_strings.h>

#include "../creds_groups.h"

static bool counts(const creds_group_t *group)
{
    return (group->attributes & CREDS_GROUP_ENABLED) &&
           !(group->attributes & CREDS_GROUP_DENY_ONLY);
}

/* "" is a name that cuts the list. */
static bytes_t called(const creds_group_t *group)
{
    const char *name = group->name ? group->name : group->sid;
    return bytes_of(name ? name : "");
}

/* NULL: there is one that has none, or they are more than any token of Windows has room for. */
static const char *all_sids(apr_pool_t *pool, const creds_verdict_t *verdict)
{
    apr_array_header_t *sids = apr_array_make(pool, 16, sizeof(const char *));
    size_t len = 0;
    for (size_t i = 0; i < verdict->group_count; i++) {
        const char *sid = verdict->groups[i].sid;
        if (!counts(&verdict->groups[i])) continue;
        if (!sid || (len += strlen(sid) + 1) > CREDS_SIDS_MAX) return NULL;
        APR_ARRAY_PUSH(sids, const char *) = sid;
    }
    const char *text = apr_array_pstrcat(pool, sids, ' ');
    return *text ? apr_pstrcat(pool, " ", text, " ", NULL) : " ";
}

void verdict_groups(apr_pool_t *pool, const creds_verdict_t *verdict, creds_account_t *account)
{
    creds_groups_t groups = creds_groups_none(pool);
    for (size_t i = 0; i < verdict->group_count; i++)
        if (counts(&verdict->groups[i])) creds_groups_add(&groups, called(&verdict->groups[i]));
    groups.cut |= verdict->groups_cut;
    creds_groups_give(&groups, account);
    account->sids = verdict->groups_cut ? NULL : all_sids(pool, verdict);
}
