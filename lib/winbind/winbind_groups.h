/* winbind_groups.h - groups of accounts: what winbindd says of a login's, and which one a name
 * means. */
#ifndef NTLM_WINBIND_GROUPS_H
#define NTLM_WINBIND_GROUPS_H

#include "../creds/creds_backend.h"

struct wbcAuthUserInfo;
struct wbcContext;

/* The SIDs of the answer (from pool) as groups, with their names, and the RID of the account. What
 * is no group (it has a SID of another kind, or one that nobody can name) is there without a
 * name. */
void winbind_groups(struct wbcContext *context, apr_pool_t *pool,
                    const struct wbcAuthUserInfo *info, creds_verdict_t *verdict);

/* As creds_backend_t has it. A name with no domain before it is of the domain that this computer
 * has joined. */
const char *winbind_group_sid(struct wbcContext *context, apr_pool_t *pool, const char *group,
                              const char **sid);

#endif
