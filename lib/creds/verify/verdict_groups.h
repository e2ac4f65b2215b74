/* verdict_groups.h - the groups that a controller tells of an account. */
#ifndef NTLM_CREDS_VERDICT_GROUPS_H
#define NTLM_CREDS_VERDICT_GROUPS_H

#include "../creds_account.h"

enum { CREDS_SIDS_MAX = 64 * 1024 }; /* bytes of a text of SIDs */

/* Gives them to the account: those that are enabled, and not for denying only (MS-PAC 2.2.1). Their
 * names are "DOMAIN\name"; one whose name nobody knows is called by its SID. SIDs are told also
 * where there are too many names; where not all of them are known, none is. */
void verdict_groups(apr_pool_t *pool, const creds_verdict_t *verdict, creds_account_t *account);

#endif
