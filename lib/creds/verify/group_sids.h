/* group_sids.h - the groups that the configuration names, as their controller numbers them.
 *
 * Accounts come with the SIDs of their groups, and these are compared: a group may be renamed, and
 * another one called as it was. Names are resolved outside requests: in the parent when the
 * configuration is read, and again, by a thread of helpers.h, when what is known is older than ten
 * minutes or nothing is. All children share what is known.
 */
#ifndef NTLM_CREDS_GROUP_SIDS_H
#define NTLM_CREDS_GROUP_SIDS_H

#include "question.h"

enum { GROUP_SID_ROOM = 192 }; /* the longest SID has 15 parts */

/* Notes a name, at configuration time, as Require ntlm-group has it; pool is the configuration's.
 */
void group_sids_want(apr_pool_t *pool, const char *name);

typedef struct group_sids_t group_sids_t;

/* When the configuration is read: asks for all that are wanted. *why (from pool): the first that it
 * was not told; those are asked for again. NULL: nothing is wanted, the backend has no SIDs, or
 * there is no memory that children share. to lives as long as pconf. */
group_sids_t *group_sids_open(apr_pool_t *pconf, apr_pool_t *pool, const question_to_t *to,
                              const char **why);

/* False: it is not known. Else sid, "" if there is no such group. */
bool group_sid(group_sids_t *sids, const char *name, char sid[GROUP_SID_ROOM]);

#endif
