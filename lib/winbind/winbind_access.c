#include "winbind_access.h"

#include <grp.h>
#include <string.h>
#include <unistd.h>

#include <apr_strings.h>
#include <apr_user.h>

/* Debian's name of it, and Fedora's. */
static const char *const group_names[] = {"winbindd_priv", "wbpriv", NULL};

static bool lets_in(const struct group *group)
{
    for (const char *const *name = group_names; *name; name++)
        if (strcmp(group->gr_name, *name) == 0) return true;
    return false;
}

/* Read from the file itself: what else knows groups may be winbindd, which is asked about because
 * it does not answer. */
static const struct group *find_group(apr_pool_t *pool, FILE *groups)
{
    enum { ROOM = 65536 };
    struct group *entry = apr_palloc(pool, sizeof *entry), *found = NULL;
    char *room = apr_palloc(pool, ROOM);
    while (groups && fgetgrent_r(groups, entry, room, ROOM, &found) == 0)
        if (lets_in(found)) return found;
    return NULL;
}

static const char *may_not_ask(apr_pool_t *pool, const char *user, const char *group)
{
    return apr_psprintf(pool,
                        "winbindd decides about no login for %s, who is not in the group %s; write "
                        "as root: usermod -a -G %s %s, then reload httpd",
                        user, group, group, user);
}

/* ---- a process that was not answered ---- */

static bool is_in(apr_pool_t *pool, gid_t group)
{
    int count = getgroups(0, NULL);
    gid_t *all = count > 0 ? apr_palloc(pool, (size_t)count * sizeof *all) : NULL;
    if (getegid() == group) return true;
    count = all ? getgroups(count, all) : 0;
    for (int i = 0; i < count; i++)
        if (all[i] == group) return true;
    return false;
}

static const char *own_name(apr_pool_t *pool)
{
    char *name = NULL;
    if (apr_uid_name_get(&name, geteuid(), pool) == APR_SUCCESS) return name;
    return apr_psprintf(pool, "the user %lu", (unsigned long)geteuid());
}

static const char *why_no_answer(apr_pool_t *pool)
{
    FILE *groups = fopen("/etc/group", "re");
    const struct group *group = find_group(pool, groups);
    if (groups) fclose(groups);
    if (geteuid() != 0 && !(group && is_in(pool, group->gr_gid)))
        return may_not_ask(pool, own_name(pool), group ? group->gr_name : group_names[0]);
    return "winbindd has not answered to the end";
}

const char *winbind_access_why(struct wbcContext *context, apr_pool_t *pool, wbcErr error)
{
    if (error != WBC_ERR_WINBIND_NOT_AVAILABLE)
        return apr_psprintf(pool, "winbindd: %s", wbcErrorString(error));
    if (wbcCtxPing(context) != WBC_ERR_SUCCESS)
        return "winbindd does not run; start it (Debian: systemctl start winbind)";
    return why_no_answer(pool);
}

wbcErr winbind_access_domain(struct wbcContext *context, apr_pool_t *pool, const char **domain)
{
    struct wbcInterfaceDetails *details = NULL;
    wbcErr error = context ? wbcCtxInterfaceDetails(context, &details) : WBC_ERR_NO_MEMORY;
    if (error == WBC_ERR_SUCCESS) *domain = apr_pstrdup(pool, details->netbios_domain);
    wbcFreeMemory(details);
    return error;
}

/* ---- children that will not be answered ---- */

const char *winbind_access_missing(apr_pool_t *pool, FILE *groups, const char *user, gid_t group)
{
    const struct group *entry = find_group(pool, groups);
    if (!entry || entry->gr_gid == group) return NULL;
    for (char **member = entry->gr_mem; *member; member++)
        if (strcmp(*member, user) == 0) return NULL;
    return may_not_ask(pool, user, entry->gr_name);
}
