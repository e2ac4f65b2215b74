#include "verdict_groups.h"

#include <string.h>

#include <apr_strings.h>

#include "../creds_groups.h"

static bool counts(const creds_group_t *group)
{
    return (group->attributes & CREDS_GROUP_ENABLED) &&
           !(group->attributes & CREDS_GROUP_DENY_ONLY) && group->sid;
}

static bytes_t called(const creds_group_t *group)
{
    const char *name = group->name ? group->name : group->sid;
    return (bytes_t){(const uint8_t *)name, strlen(name)};
}

void verdict_groups(apr_pool_t *pool, const creds_verdict_t *verdict, creds_account_t *account)
{
    creds_groups_t groups = creds_groups_none(pool);
    apr_array_header_t *sids = apr_array_make(pool, 16, sizeof(const char *));
    for (size_t i = 0; i < verdict->group_count; i++) {
        if (!counts(&verdict->groups[i])) continue;
        creds_groups_add(&groups, called(&verdict->groups[i]));
        APR_ARRAY_PUSH(sids, const char *) = verdict->groups[i].sid;
    }
    groups.cut |= verdict->groups_cut;
    creds_groups_give(&groups, account);
    if (sids->nelts > 0)
        account->sids = apr_pstrcat(pool, " ", apr_array_pstrcat(pool, sids, ' '), " ", NULL);
}
