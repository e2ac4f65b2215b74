/* group_sids.h - the groups that the configuration names, as their controller numbers them.
 *
 * Accounts come with the SIDs of their groups, and these are compared: a group may be renamed, and
 * another one called as it was. Names are resolved outside requests: in the parent when the
 * configuration is read, and again, by a thread of helpers.h, when nothing is known, or what is
 * known is older than ten minutes. All children share what is known.
 */
#ifndef NTLM_CREDS_GROUP_SIDS_H
#define NTLM_CREDS_GROUP_SIDS_H

#include "question.h"

enum { GROUP_SID_ROOM = 192 }; /* the longest SID has 15 parts */

/* Whether that is no name, but a SID itself ("S-1-5-21-..."). */
bool group_is_sid(const char *word);

/* Notes a name, at configuration time, as Require ntlm-group has it; pool is the configuration's,
 * and name lives as long. Those that are noted (const char *), each once, whatever its case. */
void group_sids_want(apr_pool_t *pool, const char *name);
const apr_array_header_t *group_sids_wanted(apr_pool_t *pool);

typedef struct group_sids_t group_sids_t;

/* When the configuration is read: asks for all that are wanted. NULL, or (from pool) why one of
 * them is not known; it is asked for again. *sids is NULL if nothing is wanted, the backend has no
 * SIDs, or there is no memory that children share. to lives as long as pconf. */
const char *group_sids_open(apr_pool_t *pconf, apr_pool_t *pool, const question_to_t *to,
                            group_sids_t **sids);

typedef enum group_known_t {
    GROUP_KNOWN,   /* sid is filled; "" if there is no such group */
    GROUP_NOT_YET, /* nobody has said so far */
    GROUP_NOT_WANTED
} group_known_t;

/* Does not wait, and asks for nothing. sids: NULL, if nothing is wanted. */
group_known_t group_sid(const group_sids_t *sids, const char *name, char sid[GROUP_SID_ROOM]);

/* Has those asked for, without waiting, which it is time for. sids: likewise; now: in
 * ticks (clock.h). */
void group_sids_refresh(const group_sids_t *sids, apr_time_t now);

#endif
